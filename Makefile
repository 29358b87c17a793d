# The set-up lives in .venv and is remembered in stamp files: .run (what the
# gateway needs) and .test (that, and the tools). A second run needs no network.

SHELL  := /bin/sh
PYTHON ?= python3
PORT   ?= 8000
ARGS   ?=

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" --extra sql --extra postgresql --extra mail --extra stuf \
	--group build

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format soak lock clean

help: ## show this list
	@echo "make TARGET [PYTHON=$(PYTHON)] [PORT=$(PORT)] [ARGS=...]"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "%-10s %s\n", $$1, $$2}'

demo: $(VENV)/.run ## start the sample municipality with the gateway before it
	$(BIN)/gateway demo --port $(PORT)

# Random tests ask the same in every run, so sets are in the same order too; the soak is for others.
test: export PYTHONHASHSEED = 0
test: lint ## lint, then all tests; ARGS go to pytest
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/.test ## ruff, mypy and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.test ## put the code in its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: $(VENV)/.test ## the tests that run for minutes; ARGS go to pytest
	$(BIN)/python -m pytest -m soak $(ARGS)
	$(BIN)/python -m tests.e2e gemeente demo-read open-klant-1-writes e-suite-writes mail

lock: $(VENV)/.python ## renew requirements/*.lock (UPGRADE=1: with newer versions)
	$(PIP) install "uv>=0.9"
	$(LOCK) $(if $(UPGRADE),--upgrade) --output-file requirements/run.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --group test --constraints requirements/run.lock \
		--output-file requirements/test.lock
	$(BIN)/uv pip compile requirements/client.in --quiet --no-config --universal \
		--python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
		--output-file requirements/client.lock

clean: ## remove what was made here, .venv too
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache .coverage .coverage.* coverage.xml htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A venv whose Python is gone, or that was made in another folder, is made anew.
ifneq ($(shell $(BIN)/python -c 'print(open("$(VENV)/.python").read())' 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.python
endif

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "The gateway needs Python 3.11 or newer; '$(PYTHON)' is" \
			"$$($(PYTHON) -c 'import sys; print("Python %d.%d" % sys.version_info[:2])' \
				2>/dev/null || echo 'no Python that runs here')." \
			"Name another one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' lacks venv or ensurepip (on Debian: the package python3-venv)." >&2; \
		exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $@

$(VENV)/.run: requirements/run.lock pyproject.toml $(VENV)/.python
	@echo "Installing what the gateway needs (once)"
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# test.lock holds all of run.lock: after this, .run is met as well.
$(VENV)/.test: requirements/test.lock requirements/run.lock pyproject.toml $(VENV)/.python
	@echo "Installing what the gateway and its tests need (once)"
	@$(PIP) install --require-hashes -r requirements/test.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@
