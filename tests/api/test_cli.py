"""The command ``gateway``."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import httpx
import pytest

from gateway.api.access import hashed
from gateway.cli import main
from gateway.exits import Exit
from gateway.narrow import WIDTH
from tests.helpers import (
    API,
    BSN,
    ROOT,
    free_port,
    gateway,
    mini_config,
    serving,
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return mini_config(tmp_path)


def break_mapping(config: Path) -> None:
    mapping = config.parent / "mapping" / "partijen.yaml"
    mapping.write_text(mapping.read_text().replace("from: HUISNR", "from: HUISNUMMER"))


# --- check ---


def test_check_says_that_all_is_well(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(config)]) == 0
    told = capsys.readouterr().out
    lines = told.splitlines()
    # The path may be so long that it stands on a line of its own.
    assert " ".join(told.split()).startswith(f"{config}: in orde.")
    assert "  partijen: mini:partijen.klant" in lines
    assert "  actoren: geen bron" in lines


def test_check_says_what_is_wrong(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_mapping(config)
    assert main(["check", "--config", str(config)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    # On lines of 80 columns, however long the path is.
    assert " ".join(told.err.split()) == (
        f"{config.parent}/mapping/partijen.yaml:13: de collectie heeft geen veld `HUISNUMMER`. "
        "Bedoelde u `HUISNR`? 1 fout(en)."
    )


def test_check_tells_a_machine_what_is_wrong(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", "--config", str(config)]) == Exit.WELL
    told = json.loads(capsys.readouterr().out)
    assert told["wrong"] == [] and "sources" not in told
    assert told["resources"]["partijen"] == ["mini:partijen.klant"]
    assert told["resources"]["actoren"] == []
    assert main(["check", "--live", "--json", "--config", str(config)]) == Exit.WELL
    assert json.loads(capsys.readouterr().out)["sources"] == {"mini": None}
    break_mapping(config)
    assert main(["check", "--json", "--config", str(config)]) == Exit.FAILED
    (wrong,) = json.loads(capsys.readouterr().out)["wrong"]
    assert wrong["file"] == f"{config.parent}/mapping/partijen.yaml"
    assert wrong["line"] == 13
    assert "`HUISNUMMER`" in wrong["message"]


def test_check_asks_no_source(config: Path) -> None:
    (config.parent / "mini.sqlite").unlink()
    assert main(["check", "--config", str(config)]) == 0


def test_check_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--config", str(tmp_path / "weg.yaml")]) == Exit.FAILED
    told = capsys.readouterr().err
    assert str(tmp_path / "weg.yaml") in told
    assert "`--config`" in told


def test_the_exit_code_reaches_the_shell(config: Path) -> None:
    break_mapping(config)
    done = gateway("check", "--config", str(config))
    assert (done.returncode, done.stdout) == (1, "")
    assert "HUISNUMMER" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "command"),
        (["onzin"], "invalid choice: 'onzin'"),
        (["check", "--x"], "usage: gateway check"),
        (["explain"], "usage: gateway explain"),
        (["demo", "--port", "99999"], "a port is a number from 1 to 65535"),
        (["demo", "--port", "0"], "a port is a number from 1 to 65535"),
        (["demo", "--port", "http"], "a port is a number from 1 to 65535"),
    ],
)
def test_a_wrong_call_is_explained(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == Exit.USAGE
    said = capsys.readouterr().err
    assert "usage: gateway" in said
    assert told in said
    assert max(map(len, said.splitlines())) <= WIDTH


# --- capabilities ---


def test_what_can_be_done_is_told_in_a_line(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["capabilities", "--config", str(config)]) == 0
    told = capsys.readouterr().out
    assert told == "CAPABILITIES=*=-,partijen=r,partij-identificatoren=r\n"


def test_what_the_demo_can_do_is_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    """When it can do something else: gateway capabilities --config demo/config.yaml, into there."""
    main(["capabilities", "--config", str(ROOT / "demo" / "config.yaml")])
    assert (ROOT / "demo" / "conformance.env").read_text() == capsys.readouterr().out


# --- token ---


def test_a_token_comes_with_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token"]) == 0
    told = capsys.readouterr().out
    (token,) = re.findall(r"token: +([A-Za-z0-9]{40})$", told, re.MULTILINE)
    (in_config,) = re.findall(r"(sha256:[0-9a-f]{64})", told)
    assert in_config == hashed(token)


def test_tokens_differ(capsys: pytest.CaptureFixture[str]) -> None:
    main(["token"])
    first = capsys.readouterr().out
    main(["token"])
    assert capsys.readouterr().out != first


# --- explain ---


@pytest.mark.parametrize(
    "url",
    [
        "/partijen?nummer=7",
        "partijen?nummer=7",
        f"{API}partijen?nummer=7",
        f"https://host{API}partijen?nummer=7&page=2&pageSize=3",
    ],
)
def test_explain_takes_any_form_of_a_url(
    config: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert main(["explain", "--config", str(config), url]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "mini:partijen.klant",
        "  gevraagd: SRT is niet · en ID is ·",
    ]


def test_explain_repeats_no_value(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "--config", str(config), f"/partijen?partijIdentificator__objectId={BSN}"])
    assert BSN not in capsys.readouterr().out


def test_explain_tells_what_is_refused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--config", str(config), f"/partijen?{BSN}=1"]) == 0
    told = capsys.readouterr().out
    assert "400 invalid" in told
    assert "unknown-parameters" in told
    assert BSN not in told


def test_explain_of_no_list(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--config", str(config), "/partijn"]) == 2
    assert "`partijn` is geen lijst van het register." in capsys.readouterr().err


# --- what editors and the curious are shown ---


@pytest.mark.parametrize("about", ["config", "mapping"])
def test_a_schema_is_json(capsys: pytest.CaptureFixture[str], about: str) -> None:
    assert main(["schema", about]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_a_mapping_is_shown_as_python(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "--config", str(config), "show", "partijen.klant"]) == 0
    told = capsys.readouterr().out
    compile(told, "shown", "exec")
    assert "'HUISNR'" in told


def test_a_stream_that_is_not_there(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "--config", str(config), "show", "partijen.klnt"]) == 2
    assert "Bedoelde u `partijen.klant`?" in " ".join(capsys.readouterr().err.split())


# --- serve and demo ---


def test_serve_does_not_start_with_a_mistake(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_mapping(config)
    assert main(["serve", "--config", str(config)]) == 1
    assert "HUISNUMMER" in capsys.readouterr().err


def test_serve_does_not_start_on_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path = mini_config(tmp_path, server={"port": port}, management={"port": None})
        done = gateway("serve", "--config", str(path))
    assert done.returncode == Exit.FAILED
    assert "address already in use" in done.stdout


@pytest.mark.slow
def test_the_demo_says_what_to_try(tmp_path: Path) -> None:
    port = free_port()
    # The first time everything that it holds is made.
    with serving(["demo", "--port", str(port)], port, tmp_path / "log", 120) as running:
        assert f"Klaar: de gateway draait op {running.origin}" in running.output()
        (url,) = re.findall(r"curl .* '(http[^']+)'", running.output())
        response = httpx.get(url, headers={"Authorization": "Token demo"})
        contacts = response.json()["results"]
        assert {"telefoon", "balie", "e-mail"} <= {one["kanaal"] for one in contacts}
