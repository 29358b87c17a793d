"""``gateway doctor``: nothing is said of a source that does what it says; each lie is found."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters import objecten_words, zgw_words
from adapters.base import Adapter, Collection, Failure, Page, Paging, Query, SourceError
from adapters.conditions import Contains, In, Record
from adapters.settings import called
from adapters.stuf import words as stuf_words
from gateway import doctor
from gateway.cli import main
from gateway.doctor import collection, network
from gateway.doctor.network import Place
from gateway.doctor.timed import Timed
from gateway.exits import Exit
from gateway.installation import Installation
from gateway.narrow import WIDTH
from tests.helpers import BSN, KCC_MAPPING, free_port, mini_config, rest_config, write_config

Lie = Callable[[Query, Page], Page]


class Liar:
    """A source that answers otherwise, or declares more than it does."""

    def __init__(self, honest: Adapter, lie: Lie = lambda _, page: page, **declared: Any) -> None:
        self._honest = honest
        self._lie = lie
        self.collections: Mapping[str, Collection] = {
            name: replace(one, **declared) for name, one in honest.collections.items()
        }

    async def find(self, name: str, query: Query) -> Page:
        return self._lie(query, await self._honest.find(name, query))

    async def get(self, name: str, key: Mapping[str, Any]) -> Record | None:
        return await self._honest.get(name, key)


async def said(liar: Liar, name: str = "KLANT") -> set[str]:
    """The ids of what is said of one collection of a source."""
    timed = Timed(liar, 5)  # type: ignore[arg-type]
    found = collection.looked_at("bron", timed, name, liar.collections[name])
    return {remark.kind.id async for remark in found}


async def test_of_an_honest_source_there_is_nothing_to_say(
    kcc: Installation, make: Callable[[Path], Installation], tmp_path: Path
) -> None:
    for built in (kcc, make(rest_config(tmp_path))):
        found = [remark async for remark in doctor.examine(built)]
        # Tables that are filled by writing only are empty here, and a busy machine is slow.
        fine = {"collectie-leeg", "collectie-niet-nagekeken", "bron-traag"}
        assert {remark.kind.id for remark in found} <= fine


def _few(query: Query, page: Page) -> Page:
    return replace(page, records=[], next=None) if isinstance(query.where, In) else page


def _all(query: Query, page: Page) -> Page:
    extra = [{**page.records[0], "KLANT_ID": -1, "SRT": "?"}] if page.records else []
    return replace(page, records=[*page.records, *extra]) if isinstance(query.where, In) else page


def _parts(query: Query, page: Page) -> Page:
    return replace(page, records=[], next=None) if isinstance(query.where, Contains) else page


def _turned(query: Query, page: Page) -> Page:
    return replace(page, records=page.records[::-1]) if query.order else page


def _counted(query: Query, page: Page) -> Page:
    return replace(page, total=1) if query.count else page


def _again(query: Query, page: Page) -> Page:
    others = [{**one, "KLANT_ID": -1} for one in page.records]
    return replace(page, records=others) if query.skip else page


def _refusing(query: Query, page: Page) -> Page:
    if isinstance(query.where, In):
        raise SourceError(Failure.REFUSED)
    return page


def _silent(query: Query, page: Page) -> Page:
    raise SourceError(Failure.BAD_DATA)


def _bare(query: Query, page: Page) -> Page:
    return replace(page, records=[{**one, "KLANT_ID": None} for one in page.records])


@pytest.mark.parametrize(
    ("lie", "id"),
    [
        (_few, "filter-mist"),
        (_all, "filter-ruimer"),
        (_parts, "filter-mist"),
        (_turned, "volgorde-onjuist"),
        (_counted, "aantal-onjuist"),
        (_again, "bladeren-onjuist"),
        (_refusing, "filter-geweigerd"),
        (_silent, "collectie-antwoordt-niet"),
        (_bare, "veld-ontbreekt"),
        (lambda _, page: replace(page, records=[], next=None), "collectie-leeg"),
    ],
)
async def test_a_lie_is_found(kcc: Installation, lie: Lie, id: str) -> None:
    honest = kcc.adapters["kcc"]
    table = honest.collections["KLANT"]
    assert table.total and table.sortable and table.paging is Paging.OFFSET
    assert id not in await said(Liar(honest))
    assert id in await said(Liar(honest, lie))


async def test_a_key_that_finds_another_is_found(kcc: Installation) -> None:
    class Other(Liar):
        async def get(self, name: str, key: Mapping[str, Any]) -> Record | None:
            return None

    assert "sleutel-vindt-niet" in await said(Other(kcc.adapters["kcc"]))


async def test_what_cannot_be_had_without_a_value_is_left(kcc: Installation) -> None:
    asked_by = frozenset({"KLANT_ID"})
    assert await said(Liar(kcc.adapters["kcc"], asked_by=asked_by)) == {"collectie-niet-nagekeken"}


KEY = ec.generate_private_key(ec.SECP256R1())


def _certificate(until: datetime, key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bron.example")])
    begun = until - timedelta(days=400)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    made = made.public_key(key.public_key()).not_valid_before(begun).not_valid_after(until)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "ids"),
    [(-1, ["certificaat-verlopen"]), (10, ["certificaat-verloopt"]), (100, [])],
)
async def test_a_certificate_has_its_time(tmp_path: Path, days: int, ids: list[str]) -> None:
    shown = tmp_path / "gateway.pem"
    shown.write_bytes(_certificate(datetime.now(UTC) + timedelta(days=days)))
    options = {"tls": {"certificate": f"file:{shown}"}}
    found = [remark async for remark in network.on_the_way("bron", options)]
    assert [remark.kind.id for remark in found] == ids


@asynccontextmanager
async def _web(folder: Path, until: datetime, hours: int) -> AsyncIterator[str]:
    """A server whose certificate ends then, whose clock is so many hours off, and which refuses."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown = folder / "server.pem"
    shown.write_bytes(_certificate(until, key) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(shown)
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    answer = f"HTTP/1.1 401 Unauthorized\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer.encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"


@pytest.mark.parametrize(
    ("days", "hours", "ids"),
    [(-1, 0, ["certificaat-verlopen"]), (100, -2, ["klok-wijkt-af"]), (100, 0, [])],
)
async def test_a_server_shows_its_certificate_and_its_clock(
    tmp_path: Path, days: int, hours: int, ids: list[str]
) -> None:
    async with _web(tmp_path, datetime.now(UTC) + timedelta(days=days), hours) as url:
        found = [one async for one in network.on_the_way("bron", {"base_url": url})]
    assert [remark.kind.id for remark in found] == ids


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        (
            {"base_url": "https://crm.example/api"},
            [Place("crm.example", 443, "https://crm.example")],
        ),
        ({"url": "postgresql+asyncpg://lezer@db.example:5432/kcc"}, [Place("db.example")]),
        ({"host": "mail.example"}, [Place("mail.example", 993)]),
        ({"host": "mail.example", "port": 1993}, [Place("mail.example", 1993)]),
        ({"host": "mail.example", "security": "starttls"}, [Place("mail.example")]),
        (
            {
                "parties": [
                    {"url": "https://stuf.example:8443/x"},
                    {"url": "http://u:geheim@stuf.example/y"},
                ]
            },
            [
                Place("stuf.example", 8443, "https://stuf.example:8443"),
                Place("stuf.example", None, "http://stuf.example"),
            ],
        ),
        ({"url": "https://[kapot"}, []),
    ],
)
def test_where_a_source_is(options: Mapping[str, Any], hosts: list[Place]) -> None:
    assert list(network._places(options)) == hosts


def test_a_url_that_only_names_is_not_looked_at() -> None:
    options = {
        "apis": {"zaken": "https://zaken.example/v1"},
        "urls": {"contactmomenten": ["https://weg.example/c"]},
    }
    assert list(network._places(called(zgw_words.Options, options))) == [
        Place("zaken.example", 443, "https://zaken.example")
    ]
    types = {"base_url": "https://o.example", "types": {"t": "https://t.example"}, "urls": {}}
    assert called(objecten_words.Options, types) == {"base_url": "https://o.example"}
    services = {"urls": {"beantwoord_vraag": "https://stuf.example/x"}}
    assert called(stuf_words.Options, services) == services


async def test_a_name_that_is_unknown_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    options = {"base_url": "https://nergens.example"}
    (remark,) = [one async for one in network.on_the_way("bron", options)]
    assert (remark.kind.id, remark.seen) == ("naam-onbekend", "nergens.example")


def test_a_source_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = {
        "number": 1,
        "adapter": "adapters.rest:RestAdapter",
        "mapping": str(KCC_MAPPING),
        "collections": "rest",
        "options": {"base_url": f"http://127.0.0.1:{free_port()}"},
    }
    path = write_config(tmp_path, {"weg": source})
    assert main(["doctor", "--config", str(path), "--json"]) == Exit.ERRORS
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["id"], told["severity"], told["about"]) == ("bron-antwoordt-niet", "error", "weg")


def test_the_report_names_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = mini_config(tmp_path)
    assert main(["doctor", "--config", str(path)]) in (Exit.WELL, Exit.WARNINGS)
    told = capsys.readouterr().out
    assert BSN not in told
    assert "Kooyman" not in told
    assert max(map(len, told.splitlines())) <= WIDTH
