"""The documentation says what the code does: names, links, examples and outputs."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from doctest import ELLIPSIS, OutputChecker
from importlib import import_module
from itertools import chain, pairwise
from pathlib import Path
from pkgutil import resolve_name, walk_packages
from types import ModuleType
from typing import Any, get_args, get_type_hints

import httpx
import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import adapters
from adapters import (
    base,
    conditions,
    klantinteracties_words,
    maildir,
    oauth2,
    objecten_words,
    rest,
    sql_dialects,
    sql_settings,
    zgw_token,
    zgw_words,
)
from adapters.base import Adapter, Match, Operator, Query
from adapters.conditions import Condition, Record, matches
from adapters.graph import settings as graph
from adapters.imap import settings as imap
from adapters.mail import options as mail_options
from adapters.mail import records as mail_records
from adapters.stuf import words as stuf_words
from adapters.stuf.questions import Party
from adapters.tls import Tls
from demo import source as sample
from gateway import audit, cli, conform, doctor, installation, remarks
from gateway.api import guard, outermost, status
from gateway.api.management import create_management
from gateway.api.metrics import Metrics
from gateway.audit import kinds as audit_kinds
from gateway.config import Config, Limits
from gateway.coverage import Fares, Lacks, Shows
from gateway.doctor import kinds as doctor_kinds
from gateway.exits import Exit
from gateway.kit import BEHAVIOURS, AdapterKit
from gateway.mapping import words
from gateway.mapping.formats import FORMATS
from gateway.sources.outcome import Outcome
from gateway.standard import errors
from gateway.writing.recipe import LeftEvent, StepEvent
from tests.helpers import ROOT, client_of, log_lines, mini_config
from tests.support.order import answer, place

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
EXAMPLE = ROOT / "config.example.yaml"


# --- reading pages ------------------------------------------------------------------------------


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: language and content."""
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield match[1], match[2]


def sections(text: str) -> dict[str, dict[str, str]]:
    """Per heading the rows of its tables, by the name in their first cell."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip().replace("`", "")
            assert heading not in found, heading
            found[heading] = {}
        elif match := re.match(r"\| `([^`]+)` \|", line):
            assert match[1] not in found[heading], f"{heading}: {match[1]} stands there twice"
            found[heading][match[1]] = line
    return found


REFERENCE = sections((DOCS / "reference.md").read_text())


# --- what the code knows ------------------------------------------------------------------------


def model_words(model: type[BaseModel]) -> set[str]:
    """The words of a model as they are written in a file."""
    return {field.alias or name for name, field in model.model_fields.items()}


def settings(model: type[BaseModel] = Config, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted path (``*`` for a free name), with its default."""
    for name, field in model.model_fields.items():
        path = prefix + (field.alias or name)
        inner = next((m for m in _models(field.annotation)), None)
        if inner is None:
            yield path, field.get_default(call_default_factory=True)
        else:
            free = getattr(field.annotation, "__origin__", None) is dict
            yield from settings(inner, path + (".*." if free else "."))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def commands() -> Iterator[str]:
    """Every command, option and argument."""
    parser = cli._parser()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield name
                yield from (f"{name} {option}" for option in _arguments(command))
    yield from _arguments(parser)


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            yield action.option_strings[0] if action.option_strings else action.dest


def names(dataclass: Any) -> set[str]:
    """The fields of a dataclass."""
    return {field.name for field in dataclasses.fields(dataclass)}


def metrics() -> dict[str, str]:
    """The type of every metric of the gateway's own."""
    text = Metrics().text().decode()
    return dict(re.findall(r"^# TYPE (gateway_\w+) (\w+)$", text, re.MULTILINE))


def logged() -> dict[str, Any]:
    """The line of a log that the gemeente's page shows; below it is compared with a real one."""
    page = (DOCS / "gemeente.md").read_text()
    shown = (json.loads(text) for language, text in blocks(page) if language == "json")
    return next(shown)


KNOWN: Mapping[str, Iterable[str]] = {
    "Settings": [path for path, _ in settings()],
    "Commands": list(commands()),
    "Exit codes": [str(code.value) for code in Exit],
    "Words of coverage": [*Shows, *Fares, *Lacks],
    "Findings of doctor": [kind.id for kind in doctor.KINDS],
    "Findings of audit": [kind.id for kind in audit.KINDS],
    "Statements of conform": [statement.id for statement in conform.STATEMENTS],
    "Behaviours": BEHAVIOURS,
    "What a test of the kit says": [*get_type_hints(AdapterKit)],
    "The file": model_words(words.MappingFile),
    "A stream": model_words(words.StreamWord),
    "Writing": model_words(words.Writing),
    "Values of a new record": model_words(words.Filling),
    "A key field": model_words(words.KeyPart),
    "A test": model_words(words.FieldTest),
    "A value": model_words(words.Value),
    "A join": model_words(words.Join),
    "A split": model_words(words.Split),
    "A format word": model_words(words.FormatWord),
    "A rule": model_words(words.Rule) - model_words(words.Value),
    "Names of a zaak": model_words(words.ZaakWord),
    "Formats": FORMATS,
    "A collection": names(base.Collection),
    "What can be asked of linked records": names(base.Linked),
    "What can be written": names(base.Writes),
    "A change": [kind.__name__ for kind in (*get_args(base.Change), base.Generated)],
    "Operators": list(Operator),
    "Guarantees": list(Match),
    "Paging styles": list(base.Paging),
    "A question": names(Query),
    "A page": names(base.Page),
    "Conditions": [kind.__name__ for kind in get_args(Condition)],
    "Failures": list(base.Failure),
    "Options of sql": model_words(sql_settings.Options),
    "A table of sql": model_words(sql_settings.Table),
    "Writing in a table": model_words(sql_settings.Writing),
    "Types of a column": get_args(sql_dialects.ColumnType),
    "Databases": sql_dialects.DIALECTS,
    "Options of rest": model_words(rest.Options),
    "A collection of rest": model_words(rest.Resource),
    "Options of klantinteracties": model_words(klantinteracties_words.Options),
    "A collection of klantinteracties": model_words(klantinteracties_words.Resource),
    "Forms of a field in klantinteracties": set(klantinteracties_words.Form),
    "A filter of klantinteracties": model_words(klantinteracties_words.Filter),
    "What is found within another collection in klantinteracties": model_words(
        klantinteracties_words.Within
    ),
    "What comes along in klantinteracties": model_words(klantinteracties_words.Brought),
    "Options of maildir": model_words(maildir.Options),
    "Options of graph": model_words(graph.Options) - model_words(mail_options.MailOptions),
    "The credentials of graph and imap": model_words(oauth2.ClientCredentials),
    "Options of imap": model_words(imap.Options) - model_words(mail_options.MailOptions),
    "A mailbox in an archive of mail": model_words(mail_options.Mailbox),
    "Collections of an archive of mail": mail_records.FIELDS,
    "Options of objecten": model_words(objecten_words.Options),
    "A collection of objecten": model_words(objecten_words.Resource),
    "What is picked out of a list in objecten": model_words(objecten_words.Picked),
    "What stands inside in objecten": model_words(objecten_words.Inside),
    "A place in objecten": model_words(objecten_words.Place),
    "Options of stuf": model_words(stuf_words.Options),
    "A party of stuf": model_words(Party),
    "An account of stuf": model_words(stuf_words.Account),
    "Certificates of a source": model_words(Tls),
    "A collection of stuf": model_words(stuf_words.Resource),
    "What a collection of stuf writes": model_words(stuf_words.WritesWord),
    "A field of stuf": model_words(stuf_words.FieldWord),
    "A filter of stuf": model_words(stuf_words.FilterWord),
    "Options of zgw": model_words(zgw_words.Options),
    "The credentials of zgw": model_words(zgw_token.ZgwCredentials),
    "A collection of zgw": model_words(zgw_words.Resource),
    "Writing in a collection of zgw": model_words(zgw_words.Writing),
    "Making a zaak in zgw": model_words(zgw_words.Making),
    "A filter of zgw": model_words(zgw_words.FilterWord),
    "What comes along in zgw": model_words(zgw_words.Brought),
    "What stands inside in zgw": model_words(zgw_words.Inside),
    "What goes with a record in zgw": model_words(zgw_words.Joined),
    "What counts once in zgw": model_words(zgw_words.Distinct),
    "Options of the sample sources": model_words(sample.Options),
    "Management port": [route.path for route in create_management(Metrics(), bool).routes],
    "Metrics": metrics(),
    "Outcomes": list(Outcome),
    "Log of a request": list(logged())[4:],  # after what every line has
    "Log of a write": {**get_type_hints(StepEvent), **get_type_hints(LeftEvent)},
    "Headers of an answer": [
        outermost.REQUEST_ID,
        status.BRONNEN,
        status.SERVER_TIMING,
        "ETag",
        guard.IDEMPOTENCY_STATUS,
    ],
    "Kinds of errors": [kind.code for kind in errors.KINDS],
    "Codes of a parameter": errors.PARAM_CODES,
}


@pytest.mark.parametrize("section", KNOWN)
def test_reference_names_everything_and_nothing_else(section: str) -> None:
    assert set(REFERENCE[section]) == set(KNOWN[section])


def test_every_table_of_the_reference_is_compared() -> None:
    assert {heading for heading, rows in REFERENCE.items() if rows} == set(KNOWN)


def installed() -> dict[str, str]:
    """The adapters that come with the project: the class of each by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: dict[str, str] = project["entry-points"]["klantinteracties_gateway.adapters"]
    return found


def test_every_adapter_has_its_options_in_the_reference() -> None:
    assert {f"Options of {name}" for name in installed()} <= set(KNOWN)


def written_in_files() -> Iterator[type[BaseModel]]:
    """Every model of what is written in a mapping, or in a description of an adapter."""
    for module in walk_packages(adapters.__path__, "adapters."):
        import_module(module.name)
    pending = [BaseModel]
    while pending:
        model = pending.pop()
        pending += model.__subclasses__()
        if model.__module__.startswith("adapters.") or model.__module__ == words.__name__:
            yield model


def test_no_model_is_forgotten() -> None:
    # The words of a small one may stand together in a line about what it is in.
    lines = (DOCS / "reference.md").read_text().splitlines()
    together = [set(rows) for rows in REFERENCE.values()]
    together += [set(re.findall(r"`([^`]+)`", line)) for line in lines]
    for model in written_in_files():
        own = {f.alias or n for n, f in model.model_fields.items() if n in model.__annotations__}
        assert any(own <= told for told in together), model


@pytest.mark.parametrize("module", [errors, audit_kinds, doctor_kinds])
def test_no_kind_is_forgotten(module: ModuleType) -> None:
    made = {one for one in vars(module).values() if isinstance(one, errors.Kind | remarks.Kind)}
    assert made == set(module.KINDS)


def test_defaults_in_the_reference() -> None:
    stated = [("Settings", *setting) for setting in settings()]
    stated += [("Options of sql", *option) for option in settings(sql_settings.Options)]
    stated += [("Options of rest", *option) for option in settings(rest.Options)]
    stated += [
        ("Options of maildir", *option)
        for option in settings(maildir.Options)
        if not option[0].startswith("mailboxes.")
    ]
    shared = set(mail_options.MailOptions.model_fields)
    stated += [
        (section, *option)
        for section, model in (
            ("Options of imap", imap.Options),
            ("Options of graph", graph.Options),
        )
        for option in settings(model)
        if option[0].partition(".")[0] not in shared | {"credentials"}
    ]
    for section, path, default in stated:
        cell = REFERENCE[section][path].split("|")[2].strip(" `")
        if default is PydanticUndefined:
            assert cell == "required", path
        elif default is not None:
            shown = json.dumps(default) if isinstance(default, bool | list | dict) else str(default)
            assert cell == shown, path
        else:
            assert cell in ("none", "from the url"), path


def test_exit_codes_in_the_reference() -> None:
    for code in Exit:
        assert REFERENCE["Exit codes"][str(code.value)].split("|")[2].strip(" `") == code.name


def test_formats_in_the_reference() -> None:
    for name, kind in FORMATS.items():
        *_, options, _, _, ordered = (c.strip() for c in REFERENCE["Formats"][name].split("|")[:-1])
        assert set(re.findall(r"`(\w+)` \(", options)) == set(kind.model_fields), name
        if not any(field.is_required() for field in kind.model_fields.values()):
            assert (ordered != "no") == kind().monotone, name


def test_errors_in_the_reference() -> None:
    for kind in errors.KINDS:
        _, _, status, name, *_ = (
            c.strip() for c in REFERENCE["Kinds of errors"][kind.code].split("|")
        )
        assert (status, name) == (str(kind.status), kind.name)


def test_metrics_in_the_reference() -> None:
    for name, kind in metrics().items():
        assert REFERENCE["Metrics"][name].split("|")[2].strip() == kind


def test_databases_in_the_reference() -> None:
    for name, rules in sql_dialects.DIALECTS.items():
        assert f"`{rules.contains}`" in REFERENCE["Databases"][name]


@pytest.mark.parametrize("kind", ["config", "mapping"])
def test_json_schemas_are_those_of_the_models(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(
        (DOCS / f"{kind}.schema.json").read_text()
    )


# --- links --------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(there), target


def test_every_page_can_be_found_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for page in DOCS.glob("*.md"):
        assert f"(docs/{page.name})" in readme


@pytest.mark.parametrize("page", [p for p in PAGES if p.stem != "tutorial"], ids=lambda p: p.name)
def test_code_that_a_page_names_is_there(page: Path) -> None:
    """The tutorial names files that it has the reader write."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for file in re.findall(r"`((?:\w+/)+\w+\.py)`", text):
        assert (ROOT / file).exists() or (ROOT / "gateway" / file).exists(), file
    for name in re.findall(r"`((?:gateway|adapters|demo)(?:\.\w+)+)(?::\w+)?`", text):
        assert resolve_name(name)


# --- the example configuration ------------------------------------------------------------------


def test_example_configuration_loads() -> None:
    built = installation.build(EXAMPLE)
    assert all(built.catalogue.of(path) for path in built.catalogue.streams)


def test_example_configuration_names_every_setting() -> None:
    given = set(paths_in(EXAMPLE.read_text()))
    missing = {path for path, _ in settings()} - given
    assert not missing


def test_example_configuration_names_every_option_of_the_adapters() -> None:
    keys = set(re.findall(r"^[\s#]*(\w+):", EXAMPLE.read_text(), re.MULTILINE))
    assert keys >= model_words(sql_settings.Options) | model_words(rest.Options)


def test_example_configuration_shows_the_defaults() -> None:
    data = yaml.safe_load(EXAMPLE.read_text())
    for path, default in settings():
        value: Any = data
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        section = path.partition(".")[0]
        if value is None or default is PydanticUndefined:
            continue
        if section in ("server", "limits", "management", "logging"):
            assert value == default, path


def paths_in(text: str) -> Iterator[str]:
    """The dotted path of every key of a YAML file, keys in comments included."""
    free = {path.split(".")[0] for path, _ in settings() if ".*." in path}
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = re.match(r"(\s*)(?:# *)?(\w+):", line)
        if match is None:
            continue
        indent = len(match[1])
        above = [(depth, name) for depth, name in above if depth < indent]
        above.append((indent, match[2]))
        steps = [name for _, name in above]
        if len(steps) > 1 and steps[0] in free:
            steps[1] = "*"
        yield ".".join(steps)


# --- pages as they are read: files are written, commands are run --------------------------------


class Reader:
    """Does what a page says, in a folder of its own."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def read(self, page: Path) -> int:
        """Write each file, run each command and compare its output; how many of both."""
        done = 0
        for language, content in blocks(page.read_text()):
            first, _, rest_ = content.partition("\n")
            if first.startswith("# file: "):
                self._write(first.removeprefix("# file: "), content)
            elif language == "console":
                self._run(first.removeprefix("$ "), rest_)
            else:
                continue
            done += 1
        return done

    def _write(self, name: str, content: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def _run(self, command: str, wanted: str) -> None:
        program, *arguments = shlex.split(command)
        said = getattr(self, f"_run_{program}")(*arguments)
        assert OutputChecker().check_output(wanted, said, ELLIPSIS), f"$ {command}\n{said}"

    def _run_gateway(self, *arguments: str) -> str:
        cli.main(arguments)
        streams = self._capsys.readouterr()
        return streams.out + streams.err

    def _run_pytest(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=self._folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "COLUMNS": "80",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        ).stdout

    def _run_rm(self, *patterns: str) -> str:
        for pattern in patterns:
            for path in self._folder.glob(pattern):
                path.unlink()
        return ""

    def _run_cd(self, name: str) -> str:
        """A package in which somebody stands is installed as well."""
        self._folder /= name
        self._monkeypatch.chdir(self._folder)
        self._monkeypatch.syspath_prepend(self._folder)
        return ""


@pytest.fixture
def reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Reader:
    for name in ("config.example.yaml", "demo", "mappings"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    for module in ("in_memory", "zilvercrm", "zilvercrm.adapter"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return Reader(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_print_what_the_page_shows(page: Path, reader: Reader) -> None:
    shown = sum(language == "console" for language, _ in blocks(page.read_text()))
    assert reader.read(page) >= shown


def test_tutorial_says_how_much_was_written_by_hand() -> None:
    page = (DOCS / "tutorial.md").read_text()
    # A file that is written again counts as it is then.
    files = dict(text.split("\n", 1) for _, text in blocks(page) if text.startswith("# file: "))
    lines = {name: text.count("\n") for name, text in files.items()}
    fake = lines["# file: tests/fake.py"]
    assert f"{sum(lines.values())} lines, of which {fake} are the fake" in page


def test_the_kit_finds_the_adapter_of_the_page_right(reader: Reader, tmp_path: Path) -> None:
    reader.read(DOCS / "supplier.md")
    # The page leaves a code in it that its mapping does not know.
    (tmp_path / "mapping" / "samples" / "MELDING.yaml").unlink()
    (tmp_path / "pytest.ini").write_text("[pytest]")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_meldingen.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_sources_in_the_pages_can_be_built(tmp_path: Path) -> None:
    found = [
        yaml.safe_load(content)["sources"]
        for page in PAGES
        for language, content in blocks(page.read_text())
        if language == "yaml" and content.startswith("sources:")
    ]
    assert found
    (tmp_path / "identity.key").write_text("an identity secret for tests only")
    for sources in found:
        for source in sources.values():
            source.setdefault("collections", source["adapter"])
            # By class, so that it also works where the project itself is not installed.
            source["adapter"] = installed()[source["adapter"]]
            source["mapping"] = str(ROOT / source["mapping"])
        identity = {"current": 1, "keys": {1: "file:identity.key"}}
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump({"identity": identity, "sources": sources}))
        catalogue = installation.build(path).catalogue
        assert any(catalogue.of(resource) for resource in catalogue.streams)


# --- the adapter of the supplier's page ---------------------------------------------------------

RECORDS: list[Record] = [
    {"NR": 1, "VIA": "T", "TITEL": "Losse stoeptegel", "GEMELD": "20260102093000"},
    {"NR": 2, "VIA": "B", "TITEL": "Volle container", "GEMELD": "20260103140000"},
    {"NR": 3, "VIA": None, "TITEL": "  ", "GEMELD": "20260101080000"},
    {"NR": 4, "VIA": "t", "TITEL": "Ééntje", "GEMELD": ""},
]
ASKED: list[Condition] = [
    conditions.ALWAYS,
    conditions.NEVER,
    conditions.In("VIA", ("T", "X")),
    conditions.In("NR", ("2", 3)),
    conditions.NotIn("VIA", ("T",)),
    conditions.Present("TITEL"),
    conditions.Absent("GEMELD"),
    conditions.Compare("GEMELD", ">=", "20260102"),
    conditions.Contains("TITEL", "éÉN"),
    conditions.Pattern("TITEL", ("l", "tegel")),
    conditions.All((conditions.Present("VIA"), conditions.NotIn("NR", (1,)))),
    conditions.AnyOf((conditions.In("NR", (1,)), conditions.Absent("VIA"))),
]


@pytest.fixture
def in_memory(reader: Reader) -> Adapter:
    reader.read(DOCS / "supplier.md")
    made: Adapter = import_module("in_memory").InMemory.create(
        {"records": {"MELDING": RECORDS}},
        {"MELDING": {"key": ["NR"], "fields": ["NR", "VIA", "TITEL", "GEMELD"]}},
    )
    return made


@pytest.mark.parametrize("where", ASKED, ids=str)
async def test_adapter_of_the_page_finds_what_matches(in_memory: Adapter, where: Condition) -> None:
    wanted = [r for r in RECORDS if matches(where, r)]
    page = await in_memory.find("MELDING", Query(where=where, count=True))
    assert (list(page.records), page.next, page.total) == (wanted, None, len(wanted))
    walked: list[Record] = []
    token: str | None = None
    while token or not walked:
        one = await in_memory.find("MELDING", Query(where=where, limit=1, token=token))
        walked += one.records
        token = one.next
        if token is None:
            break
    assert walked == wanted


@pytest.mark.parametrize("backwards", [False, True])
async def test_adapter_of_the_page_goes_on_from_a_place(
    in_memory: Adapter, backwards: bool
) -> None:
    order = ("GEMELD", "NR")
    for after in [(), ("20260102", 9), *(place(r, order) for r in RECORDS)]:
        query = Query(order=order, after=after, backwards=backwards, count=True)
        page = await in_memory.find("MELDING", query)
        assert (page.records, page.total) == (answer(RECORDS, query), len(RECORDS))


async def test_adapter_of_the_page_orders_skips_and_counts(in_memory: Adapter) -> None:
    newest = await in_memory.find("MELDING", Query(order=("GEMELD", "NR")))
    moments = [str(r["GEMELD"]) for r in newest.records]
    assert all(a >= b for a, b in pairwise(moments))
    assert moments[-1] == ""
    second = await in_memory.find("MELDING", Query(order=("GEMELD", "NR"), skip=1, limit=2))
    assert second.records == newest.records[1:3]
    total = await in_memory.find("MELDING", Query(limit=0, count=True))
    assert (list(total.records), total.total) == ([], len(RECORDS))


async def test_adapter_of_the_page_gets_by_key(in_memory: Adapter) -> None:
    for record in RECORDS:
        assert await in_memory.get("MELDING", {"NR": record["NR"]}) == record
    assert await in_memory.get("MELDING", {"NR": 5}) is None
    await in_memory.check()
    await in_memory.close()


async def test_installation_of_the_page_answers(reader: Reader, tmp_path: Path) -> None:
    reader.read(DOCS / "supplier.md")
    # The last sample of the page is wrong on purpose.
    (tmp_path / "mapping" / "samples" / "MELDING.yaml").unlink()
    app = installation.build(tmp_path / "config.yaml").app()
    async with client_of(app, token="demo") as client:
        answer = (await client.get("klantcontacten?kanaal=balie")).json()
        assert [one["onderwerp"] for one in answer["results"]] == ["Volle container"]
        all_of_them = (await client.get("klantcontacten")).json()
        assert [one["nummer"] for one in all_of_them["results"]] == ["2", "1"]


# --- answers that pages show --------------------------------------------------------------------


def exchanges(page: Path) -> Iterator[tuple[str, Any]]:
    """Each request line in a page with the JSON that stands after it."""
    for (first, request), (second, body) in pairwise(blocks(page.read_text())):
        if (first, second) == ("http", "json"):
            yield request.strip().removeprefix("GET "), json.loads(body)


async def test_errors_in_the_portals_page_are_real(tmp_path: Path) -> None:
    shown = list(exchanges(DOCS / "portal.md"))
    assert shown
    app = installation.build(mini_config(tmp_path)).app()
    async with client_of(app, origin="https://gateway.example") as client:
        for target, wanted in shown:
            answer = (await client.get(f"https://gateway.example{target}")).json()
            assert list(answer) == list(wanted)
            assert answer | {"instance": wanted["instance"]} == wanted


def test_the_gemeentes_page_names_each_part_of_a_configuration() -> None:
    steps = re.findall(r"^\d+\. (.+?):", (DOCS / "gemeente.md").read_text(), re.MULTILINE)
    named = {name for step in steps for name in re.findall(r"\*\*`(\w+)`\*\*", step)}
    assert named == model_words(Config)


def test_limits_in_the_gemeentes_page_are_the_defaults() -> None:
    _, _, after = (DOCS / "gemeente.md").read_text().partition("\n## Grenzen\n")
    rows = re.findall(
        r"^\| (`[\w`, ]+`) \| ([\d, ]+) \|", after.partition("\n## ")[0], re.MULTILINE
    )
    assert rows
    for names, defaults in rows:
        for name, default in zip(names.split(", "), defaults.split(", "), strict=True):
            assert Limits.model_fields[name.strip("`")].default == int(default), name


async def test_log_line_in_the_gemeentes_page_is_real(tmp_path: Path) -> None:
    with log_lines("gateway") as lines:
        built = installation.build(mini_config(tmp_path))
        async with client_of(built.app()) as client:
            await client.get("partijen?pageSize=1")
        await built.close()
    (event,) = lines.events("request")
    assert list(event) == list(logged())
    assert list(event["sources"]["mini"]) == list(logged()["sources"]["kcc"])


@pytest.mark.slow
async def test_first_request_in_the_readme_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text()
    listed, header = (
        next(content for language, content in blocks(text) if language == of)
        for of in ("text", "http")
    )
    origin = "http://127.0.0.1:8000"
    target = re.search(rf"'{origin}(/\S+)' \| python3 -c '\n(.+?)'\n", text, re.DOTALL)
    assert target is not None
    monkeypatch.chdir(ROOT)  # The sample municipality is made below the working directory.
    built = installation.build(ROOT / "demo" / "gemeente.yaml")
    await asyncio.gather(*(adapter.check() for adapter in built.adapters.values()))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=built.app()),
        base_url=origin,
        headers={"Authorization": "Token demo"},
    ) as client:
        answer = await client.get(target[1])
        mails = await client.get(f"{target[1].partition('?')[0]}?kanaal=e-mail&pageSize=1")
    await built.close()
    # Of these the KCC and the social domain have 2,500; the archive has the rest.
    assert mails.json()["count"] > 8_000
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", target[2]],
        input=answer.text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == listed
    assert f"Bronnen: {answer.headers['Bronnen']}\n" == header


def test_readme_gives_a_reason_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    table = (ROOT / "README.md").read_text().partition("## Dependencies")[2].partition("##")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`([\w-]+)`", cell)}
    assert named == {re.split(r"[\[>=<]", requirement)[0] for requirement in needed}
