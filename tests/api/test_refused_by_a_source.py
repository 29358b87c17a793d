"""A source that does not let the gateway in: an error of the gateway's own, and what is told to
whoever runs it."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.http_adapter import HttpAdapter
from demo.v1.service import Service
from gateway import installation
from gateway.cli import main
from gateway.exits import Exit
from gateway.installation import Installation
from tests.helpers import (
    BSN,
    KCC_MAPPING,
    ROOT,
    LogLines,
    client_of,
    free_port,
    problem,
    write_config,
)
from tests.support.register import source as register_source
from tests.support.v1 import SYSTEMS, ESuite, config, gateway, source

LISTS = (
    "klantcontacten?hadBetrokkene__wasPartij__partijIdentificator__objectId=" + BSN,
    f"partijen?partijIdentificator__objectId={BSN}",
)


# --- over HTTP ---


class Gate(httpx.AsyncBaseTransport):
    """A source that lets nobody in; ``ahead``: by so many seconds its clock is."""

    def __init__(self, status: int, ahead: int = 0) -> None:
        self._status = status
        self._ahead = ahead

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = {
            "Date": formatdate(time.time() + self._ahead, usegmt=True),
            "WWW-Authenticate": "Bearer",
        }
        return httpx.Response(self._status, headers=headers, stream=_Empty())


class _Empty(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{}"


def rest(_: Path) -> dict[str, Any]:
    return {
        "number": 1,
        "adapter": "adapters.rest:RestAdapter",
        "mapping": str(KCC_MAPPING),
        "collections": "rest",
        "options": {"base_url": "http://bron.example"},
    }


def zgw(_: Path) -> dict[str, Any]:
    secret = ROOT / "demo" / SYSTEMS["open-klant-1"][1] / "gateway.secret"
    return {
        "number": 1,
        "adapter": "adapters.zgw:ZgwAdapter",
        "mapping": str(ROOT / "mappings" / "open-klant-1"),
        "collections": "zgw",
        "options": {
            "apis": {
                "klanten": "http://bron.example/klanten/api/v1",
                "contactmomenten": "http://bron.example/contactmomenten/api/v1",
            },
            "urls": {"zaken": "http://zaken.example/zaken/api/v1/zaken"},
            "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
        },
    }


def klantinteracties(folder: Path) -> dict[str, Any]:
    found = register_source(folder)
    return {**found, "adapter": "adapters.klantinteracties:KlantinteractiesAdapter"}


KINDS: Mapping[str, Callable[[Path], dict[str, Any]]] = {
    "rest": rest,
    "zgw": zgw,
    "klantinteracties": klantinteracties,
}


def before(gate: Gate, kind: str, folder: Path) -> Installation:
    """An installation with one source of a kind, behind this gate."""
    built = installation.build(write_config(folder, {"bron": KINDS[kind](folder)}))
    adapter = built.adapters["bron"]
    assert isinstance(adapter, HttpAdapter)
    adapter._transport = gate
    return built


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("kind", list(KINDS))
async def test_its_refusal_is_not_passed_on(tmp_path: Path, kind: str, status: int) -> None:
    """A desk that gets a 401 logs its worker out, who did nothing wrong."""
    built = before(Gate(status), kind, tmp_path)
    async with client_of(built.app()) as client:
        for url in LISTS:
            answer = await client.get(url)
            assert problem(answer, 502, "bron-weigert")["detail"].startswith("Bron: bron.")
            assert "www-authenticate" not in answer.headers
            assert answer.headers["Bronnen"] == "bron;staat=refused"
    await built.close()


@pytest.mark.parametrize("kind", list(KINDS))
async def test_that_its_clock_is_off_is_in_the_log(
    tmp_path: Path, kind: str, log: LogLines
) -> None:
    built = before(Gate(403, ahead=-3600), kind, tmp_path)
    async with client_of(built.app()) as client:
        await client.get(LISTS[1])
    await built.close()
    assert re.search("its clock differs by -360[01] seconds", str(log))
    assert BSN not in str(log)


# --- the e-Suite, which looks at the time in a token ---


class Ahead(ESuite):
    """An e-Suite whose clock is two hours ahead."""

    seconds = 7200

    @classmethod
    def make(cls) -> Service:  # type: ignore[override]
        service = ESuite.make()
        service.tokens = replace(service.tokens, now=lambda: time.time() + cls.seconds)
        return service


class Behind(Ahead):
    """An e-Suite whose clock is two hours behind."""

    seconds = -7200


def with_clock(folder: Path, adapter: type[Ahead]) -> Path:
    """The configuration of a gateway before it."""
    path = config(folder, "e-suite")
    path.write_text(
        path.read_text().replace("tests.support.v1:ESuite", f"{__name__}:{adapter.__name__}")
    )
    return path


@pytest.mark.parametrize(("adapter", "told"), [(Ahead, "voor"), (Behind, "achter")])
def test_the_check_says_that_a_clock_is_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], adapter: type[Ahead], told: str
) -> None:
    assert main(["check", "--live", "--config", str(with_clock(tmp_path, adapter))]) == Exit.ERRORS
    said = " ".join(capsys.readouterr().out.split())
    assert " e-suite: weigert, en haar klok loopt 7" in said
    assert f" seconden {told}. " in said
    assert "Zet beide klokken gelijk" in said


@pytest.mark.parametrize("adapter", [Ahead, Behind])
async def test_a_token_of_another_time_is_no_401(tmp_path: Path, adapter: type[Ahead]) -> None:
    async with gateway(with_clock(tmp_path, adapter)) as client:
        for url in LISTS:
            problem(await client.get(url), 502, "bron-weigert")


# --- the check of others ---


def test_the_check_asks_sources_that_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--live", "--config", str(config(tmp_path, "e-suite"))]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["De bronnen:", "  e-suite: antwoordt."]


def test_the_check_of_a_source_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {"base_url": f"http://127.0.0.1:{free_port()}"}
    sources = {"weg": rest(tmp_path) | {"options": nowhere}, "e-suite": source("e-suite", 2)}
    assert (
        main(["check", "--live", "--config", str(write_config(tmp_path, sources))]) == Exit.ERRORS
    )
    said = " ".join(capsys.readouterr().out.split())
    assert " weg: is niet bereikbaar. " in said
    assert said.endswith(" e-suite: antwoordt.")
