"""``gateway new adapter``: a package of every kind that passes the kit as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from gateway import cli
from gateway.adapting import ADAPTERS
from gateway.narrow import WIDTH
from gateway.scaffold import KINDS, files
from tests.helpers import ROOT


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A module of Python in a folder, with what is in it at hand as if it were installed."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{folder}:{ROOT}",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_package_passes_the_kit_at_once(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # As long as can be, for the lines of what is written.
    name = f"zilver_{kind}".ljust(30, "x")
    assert cli.main(["new", "adapter", name, "--kind", kind, "--folder", str(tmp_path)]) == 0
    assert "README.md" in capsys.readouterr().out
    folder = tmp_path / name
    kit = run(folder, "pytest", "-q", "-p", "no:cacheprovider")
    assert kit.returncode == 0, kit.stdout
    assert " passed" in kit.stdout
    # Not the order of imports: that hangs on the name, and on what is installed.
    rules = ("--isolated", "--line-length", "100", "--select", "E,F,W,UP,B,SIM,RUF")
    linted = run(folder, "ruff", "check", *rules, ".")
    assert linted.returncode == 0, linted.stdout
    assert not [path for path in folder.rglob("*") if "$" in path.name or "__name__" in path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_configuration_of_a_package_is_right(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = f"zilver_checked_{kind}"
    cli.main(["new", "adapter", name, "--kind", kind, "--folder", str(tmp_path)])
    monkeypatch.syspath_prepend(tmp_path / name)
    path = tmp_path / name / "config.yaml"
    config = yaml.safe_load(path.read_text())
    (source,) = config["sources"].values()
    # By class, so that it also works where the project itself is not installed.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    shipped = project["entry-points"][ADAPTERS]
    source["adapter"] = shipped.get(source["adapter"], source["adapter"])
    path.write_text(yaml.safe_dump(config))
    assert cli.main(["check", "--config", str(path)]) == 0
    assert f" klantcontacten: {name}:klantcontacten." in " ".join(capsys.readouterr().out.split())


def test_every_file_that_is_not_of_python_names_the_package_and_no_template() -> None:
    for kind in KINDS:
        made = files("zilvercrm", kind)
        assert {"pyproject.toml", "README.md", "config.yaml"} <= {str(path) for path in made}
        assert not [path for path, text in made.items() if "$name" in text or "${" in text]


def test_identity_key_is_another_for_each_package(tmp_path: Path) -> None:
    for folder in ("een", "twee"):
        assert (
            cli.main(["new", "adapter", "crm", "--kind", "sql", "--folder", str(tmp_path / folder)])
            == 0
        )
    keys = [(tmp_path / folder / "crm" / "identity.key").read_text() for folder in ("een", "twee")]
    assert keys[0] != keys[1]
    assert min(map(len, keys)) > 32


@pytest.mark.parametrize(
    "name",
    ["Crm", "1crm", "mijn-crm", "", "_crm", "../crm", "ünic", "a" * 31, "class", "json", "gateway"],
)
def test_name_that_cannot_be_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", "adapter", name, "--kind", "rest", "--folder", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []
    assert max(map(len, capsys.readouterr().err.splitlines())) <= 80


def test_folder_that_is_there_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crm").mkdir()
    assert cli.main(["new", "adapter", "crm", "--kind", "rest", "--folder", str(tmp_path)]) == 1
    assert "is er al" in " ".join(capsys.readouterr().err.split())
    assert list((tmp_path / "crm").iterdir()) == []


def test_help_fits(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    with pytest.raises(SystemExit):
        cli.main(["new", "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= WIDTH


def test_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert (
        cli.main(["new", "adapter", "crm", "--kind", "sql", "--folder", str(tmp_path / "file")])
        == 1
    )
    assert "niet te schrijven" in " ".join(capsys.readouterr().err.split())
