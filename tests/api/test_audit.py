"""``gateway audit``: each finding can be had, and of sound settings there is nothing to say."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway import audit, documents
from gateway.audit.settings import encryption
from gateway.cli import main
from gateway.exits import Exit
from gateway.narrow import WIDTH
from tests.helpers import ROOT, kcc_config, mini_config

SOUND: Mapping[str, Any] = {
    "clients": {
        "balie": {
            "tokens": ["sha256:" + "a" * 64],
            "scopes": ["partijen:read", "partij-identificatoren:read"],
            "user_header": "X-Medewerker",
        }
    }
}


def written(folder: Path, change: Callable[[dict[str, Any]], Any] = lambda _: None) -> Path:
    """A configuration without anything to say of it, but for what is changed in it."""
    path = mini_config(folder, **SOUND)
    key = folder / "identity.key"
    key.write_text("an identity secret for tests only, and long")
    key.chmod(0o600)
    document = yaml.safe_load(path.read_text())
    change(document)
    path.write_text(yaml.safe_dump(document))
    return path


def said(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, str]]:
    main(["audit", "--config", str(path), "--json", *more])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def test_of_sound_settings_there_is_nothing_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert said(path, capsys) == []
    assert main(["audit", "--config", str(path)]) == 0
    assert capsys.readouterr().out == "Niets op te merken.\n"


def client(**other: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["clients"]["balie"].update(other)


def source(**other: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["sources"]["mini"].update(other)


def section(name: str, **other: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document.setdefault(name, {}).update(other)


def second_client(document: dict[str, Any]) -> None:
    document["clients"]["kcc"] = document["clients"]["balie"]


def key(content: str = "x" * 40, mode: int = 0o600, years: int = 0) -> Callable[[Any], Any]:
    def change(document: dict[str, Any]) -> None:
        path = Path(document["sources"]["mini"]["mapping"]).parent / "identity.key"
        path.write_text(content)
        path.chmod(mode)
        made = time.time() - years * 366 * 24 * 3600
        os.utime(path, (made, made))

    return change


def optional_first(document: dict[str, Any]) -> None:
    document["sources"]["extra"] = {**document["sources"]["mini"], "number": 2, "required": False}
    document["partijen"] = {"precedence": ["mini"], "fields": {"nummer": ["extra", "mini"]}}


DEMO = "sha256:2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea"
CASES: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "geheim-letterlijk": source(options={"url": "postgresql://lezer:zomer2026@db.example/kcc"}),
    "geheim-leesbaar": key(mode=0o644),
    "sleutel-kort": key("x" * 20),
    "sleutel-oud": key(years=3),
    "token-openbaar": client(tokens=[DEMO]),
    "token-gedeeld": second_client,
    "afnemer-mag-alles": client(scopes=["*:read"]),
    "persoon-zonder-scope": client(scopes=["*:read"]),
    "persoon-zonder-gebruiker": client(user_header=None),
    "afnemer-mag-niets": client(scopes=[]),
    "geen-bron-verplicht": source(required=False),
    "gezag-niet-verplicht": optional_first,
    "logt-veel": section("logging", level="debug"),
    "tijd-van-een-bron": section("limits", request_seconds=10, source_seconds=10),
    "tijd-van-stappen": section("limits", request_seconds=10, source_seconds=6),
    "beheer-open": section("management", host="0.0.0.0", port=9191),  # noqa: S104
    "proxy-iedereen": section("server", trusted_proxies=["*"]),
    "antwoord-oud": source(stale_seconds=300),
}
ELSEWHERE = {"bron-onversleuteld", "filter-doorzoekt", "filter-te-groot"}
"""Tried below: for these a source of another kind is needed."""


def test_every_finding_is_tried() -> None:
    assert {*CASES} | ELSEWHERE == {kind.id for kind in audit.KINDS}


@pytest.mark.parametrize("id", CASES)
def test_what_is_wrong_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], id: str
) -> None:
    assert id in {one["id"] for one in said(written(tmp_path, CASES[id]), capsys)}


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://crm.example/api", True),
        ("https://crm.example/api", False),
        ("http://127.0.0.1:8001/api", False),
        ("http://localhost/api", False),
        ("imap://mail.example", True),
    ],
)
def test_a_source_without_encryption(url: str, found: bool) -> None:
    ids = [one.kind.id for one in encryption("bron", {"base_url": url})]
    assert ids == (["bron-onversleuteld"] if found else [])


@pytest.mark.parametrize(("option", "found"), [("apis", True), ("urls", False)])
def test_a_url_that_only_names_needs_no_encryption(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, found: bool
) -> None:
    options = {
        "apis": {"klanten": "https://oud.example/k", "contactmomenten": "https://oud.example/c"},
        "urls": {"zaken": "https://weg.example/zaken"},
        "credentials": {"client_id": "gateway", "secret": "env:NERGENS_GEZET"},
    }
    options[option] = {n: u.replace("https:", "http:") for n, u in options[option].items()}
    old = {
        "number": 1,
        "adapter": "adapters.zgw:ZgwAdapter",
        "mapping": str(ROOT / "mappings" / "open-klant-1"),
        "collections": "zgw",
        "options": options,
    }
    path = written(tmp_path, lambda document: document["sources"].update(mini=old))
    places = [one["about"] for one in said(path, capsys) if one["id"] == "bron-onversleuteld"]
    assert (places != []) is found


def test_a_secret_is_told_by_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(document: dict[str, Any]) -> None:
        document["sources"]["mini"]["options"] = {
            "headers": {"X-Api-Key": "zomer2026"},
            "credentials": {"client_secret": "zomer2026", "password": "env:WACHTWOORD"},
        }

    path = written(tmp_path, change)
    assert main(["audit", "--config", str(path)]) == Exit.ERRORS
    told = capsys.readouterr().out
    assert "sources.mini.options.headers.X-Api-Key" in told
    assert "sources.mini.options.credentials.client_secret" in told
    assert "password" not in told
    assert "zomer2026" not in told


@pytest.mark.parametrize("name", ["config.example.yaml", *map(str, ROOT.glob("demo/*.yaml"))])
def test_what_is_shipped_holds_no_secret(name: str) -> None:
    assert list(audit.literals(documents.load(ROOT / name).data)) == []


def test_filters_that_search_are_told_and_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kcc_config(tmp_path, **SOUND)
    assert "filter-doorzoekt" in {one["id"] for one in said(path, capsys)}
    assert {one["id"] for one in said(path, capsys, "--live")} == {"geheim-leesbaar"}
    path = kcc_config(tmp_path / "klein", **SOUND, limits={"scan_records": 10})
    large = [one for one in said(path, capsys, "--live") if one["id"] == "filter-te-groot"]
    assert large
    assert all("adres__icontains" in one["seen"] for one in large)


def test_a_report_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--config", str(ROOT / "demo" / "config.yaml")]) == Exit.ERRORS
    assert max(map(len, capsys.readouterr().out.splitlines())) <= WIDTH
