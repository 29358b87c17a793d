"""Every command can be read on a terminal of 80 columns, and is JSON where that is asked."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from gateway import cli
from gateway import conform as conforming
from gateway.conform import command
from gateway.coverage import report
from gateway.exits import Exit
from gateway.narrow import WIDTH, narrow
from tests.helpers import BSN, KCC_MAPPING, ORIGIN, ROOT, TOKEN

EXPLAINED = "/betrokkenen?verstrektedigitaalAdres__adres=0612345699"
TOLD = {
    "audit": ["--live"],
    "check": ["--live"],
    "coverage": [],
    "doctor": [],
    "explain": [EXPLAINED],
    "learn": [str(KCC_MAPPING / "samples" / "KLANT.yaml")],
    "token": [],
    "conform": [ORIGIN, "--token", "env:CONFORM_TOKEN", "--resource", "bijlagen"],
}
AS_JSON = {"audit", "check", "conform", "coverage", "doctor"}
OTHERWISE = {
    "capabilities": "one line for a shell",
    "demo": "serves; what it says is tried where it is started",
    "mapping": "a program",
    "new": "writes a package; what it says is tried where it is made",
    "record": "writes a file; what it says is tried where it records",
    "schema": "JSON",
    "serve": "writes a log",
}
"""What does not write text for people, and what it does."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, kcc_path: Path) -> list[str]:
    """The configuration; what is conformed is no server at all."""
    monkeypatch.setenv("CONFORM_TOKEN", TOKEN)
    nothing = httpx.MockTransport(lambda _: httpx.Response(200, text=f"<p>{BSN} " * 50))

    def conform(*given: object, **more: object) -> object:
        return conforming.conform(*given, **more, transport=nothing)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "conform", conform)
    return ["--config", str(kcc_path)]


def commands() -> set[str]:
    for action in cli._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {*action.choices}
    raise AssertionError


def test_every_command_is_here() -> None:
    # What others add is looked at here too, or it is said why not.
    assert commands() == {*TOLD} | {*OTHERWISE}


@pytest.mark.parametrize("name", TOLD)
def test_text_fits(asked: list[str], capsys: pytest.CaptureFixture[str], name: str) -> None:
    cli.main([name, *TOLD[name], *(asked if name not in ("token", "conform", "learn") else [])])
    told = capsys.readouterr()
    lines = told.out.splitlines()
    # Only a word that cannot be broken goes further, such as a path.
    assert [line for line in lines if len(line) > WIDTH and len(line.split()) > 1] == []
    assert lines and not told.err
    assert BSN not in told.out


@pytest.mark.parametrize("name", sorted(AS_JSON))
def test_json_is_json(asked: list[str], capsys: pytest.CaptureFixture[str], name: str) -> None:
    cli.main([name, *TOLD[name], "--json", *(asked if name != "conform" else [])])
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", sorted([*TOLD, *OTHERWISE]))
def test_help_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= WIDTH


def test_who_stops_reading_is_told_nothing() -> None:
    command = [sys.executable, "-m", "gateway.cli", "schema", "config"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == Exit.NOT_READ


def test_who_interrupts_is_told_nothing(
    asked: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "text", interrupted)
    assert cli.main(["coverage", *asked]) == Exit.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_a_line_is_made_narrow() -> None:
    words = "  partijen: " + ", ".join(["een-bron:partijen.klant"] * 9)
    lines = list(narrow(words))
    assert max(map(len, lines)) <= WIDTH
    assert " ".join(line.strip() for line in lines) == words.strip()
    assert [re.match(" *", line)[0] for line in lines[:2]] == ["  ", "      "]  # type: ignore[index]
    assert list(narrow("")) == [""]
    assert list(narrow("x" * 100)) == ["x" * 100]
