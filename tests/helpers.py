"""What tests share: small installations in a folder of their own, and ways to look at them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import httpx
import respx
import yaml
from starlette.types import ASGIApp

from adapters.base import Page, Query
from adapters.conditions import Record
from adapters.rest import RestAdapter
from adapters.sql import SqlAdapter
from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from demo.kcc.values import stamp
from demo.rest.app import create_app as plain_service
from gateway.api.access import hashed
from gateway.api.log import JsonFormatter
from gateway.standard.table import BASE_PATH

ROOT: Final = Path(__file__).resolve().parent.parent
KCC_MAPPING: Final = ROOT / "mappings" / "kcc"
TOKEN: Final = "tests-only"
ORIGIN: Final = "http://gateway.example"
API: Final = BASE_PATH + "/"
BSN: Final = "999993653"


def shared_folder() -> Path | None:
    """The shared folder (``$SHARED``, or beside the project), ``None`` when it is not there."""
    folder = Path(os.environ.get("SHARED") or ROOT.parent / "shared")
    return folder if folder.is_dir() else None


# --- a source that does as it is told ---


class Trapped(SqlAdapter):
    """The SQL adapter, with a hook before every call and one over every record."""

    before: Callable[[], Awaitable[None]] | None = None
    alter: Callable[[str, Record], Record] | None = None

    async def find(self, collection: str, query: Query) -> Page:
        if self.before is not None:
            await self.before()
        page = await super().find(collection, query)
        if self.alter is None:
            return page
        return replace(page, records=[self.alter(collection, r) for r in page.records])


@asynccontextmanager
async def sqlite_ended() -> AsyncIterator[None]:
    """Waits, at the end, for the threads in which connections to SQLite were made meanwhile.

    One that could not connect still speaks to its event loop after all that can be closed is.
    """
    before = set(threading.enumerate())
    try:
        yield
    finally:
        for _ in range(1000):
            made = set(threading.enumerate()) - before
            if not any("_connection_worker_thread" in thread.name for thread in made):
                break
            await asyncio.sleep(0.005)


class SampleRest(RestAdapter):
    """The REST adapter on the sample municipality's plain service, with few rows."""

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        made = super().create({"base_url": "http://kcc.example", **options}, collections)
        made._transport = httpx.ASGITransport(plain_service(generate(SMALL)))
        return made


# --- configurations ---

CLIENT: Final = {"tokens": [hashed(TOKEN)], "scopes": ["*:read"]}

_LIMITS: Final = {
    # What a source holds, and what it does, changes between two questions of a test.
    "burst_seconds": 0,
    # A machine that does much else at once may need seconds for what takes milliseconds. Which
    # bound holds is tried where a test sets it.
    "request_seconds": 60,
    "source_seconds": 30,
}


def write_config(folder: Path, sources: Mapping[str, Any], **sections: Any) -> Path:
    """A configuration with one client that may read all; ``sections`` come on top of that."""
    (folder / "identity.key").write_text("an identity secret for tests only")
    document = {
        "identity": {"current": 1, "keys": {1: "file:identity.key"}},
        "clients": {"tests": CLIENT},
        # Tests run side by side, and this port would be the same one.
        "management": {"port": None},
        "sources": dict(sources),
        **sections,
        "limits": {**_LIMITS, **sections.get("limits", {})},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    return path


def sql_source(mapping: Path, file: Path, number: int = 1) -> dict[str, Any]:
    """The settings of a trapped SQL source on an SQLite file."""
    return {
        "number": number,
        "adapter": "tests.helpers:Trapped",
        "mapping": str(mapping),
        "collections": "sql",
        "options": {"url": f"sqlite+aiosqlite:///{file}"},
    }


def kcc_config(folder: Path, **sections: Any) -> Path:
    """The sample municipality, with few rows."""
    file = folder / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    return write_config(folder, {"kcc": sql_source(KCC_MAPPING, file)}, **sections)


def rest_config(folder: Path, **sections: Any) -> Path:
    """The sample municipality behind a plain service."""
    source = {
        "number": 1,
        "adapter": "tests.helpers:SampleRest",
        "mapping": str(KCC_MAPPING),
        "collections": "rest",
        "options": {"separator": ",", "max_values": 20},
    }
    return write_config(folder, {"kcc": source}, **sections)


# A source of one table, for tests that build many installations or break one.
MINI: Final[Mapping[str, str]] = {
    "collections.sql.yaml": """\
KLANT:
  key: ID
  columns: {ID: integer, SRT: text, NAAM: text, BSN: text, HUISNR: integer, AANMAAK: text}
""",
    "partijen.yaml": """\
resource: partijen
streams:
  klant:
    slot: 0
    collection: KLANT
    key: {ID: integer}
    where: {SRT: {not: V}}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: nummer, from: ID}
      - {to: soortPartij, from: SRT, values: {P: persoon, B: organisatie}}
      - {to: indicatieActief, const: true}
      - {to: bezoekadres.huisnummer, from: HUISNR}
      - {to: partijIdentificatie.contactnaam.achternaam, from: NAAM, when: {SRT: P}}
      - {to: partijIdentificatie.naam, from: NAAM, when: {SRT: B}}
""",
    "partij-identificatoren.yaml": """\
resource: partij-identificatoren
streams:
  bsn:
    slot: 0
    collection: KLANT
    key: {ID: integer}
    where: {SRT: P, BSN: {present: true}}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: identificeerdePartij, ref: partijen.klant, key: ID}
      - {to: partijIdentificator.codeObjecttype, const: natuurlijk_persoon}
      - {to: partijIdentificator.codeSoortObjectId, const: bsn}
      - {to: partijIdentificator.objectId, from: BSN, format: bsn}
      - {to: partijIdentificator.codeRegister, const: brp}
""",
    "samples/KLANT.yaml": """\
- {ID: 1, SRT: P, NAAM: Kooyman, BSN: '999993653', HUISNR: 17, AANMAAK: '20260102030405'}
- {ID: 2, SRT: B, NAAM: Fietsenfabriek, BSN: '', HUISNR: null, AANMAAK: '20260202030405'}
""",
}


def write_mini(folder: Path, files: Mapping[str, str] = MINI) -> Path:
    """The folder with these mapping files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


_START: Final = datetime(2026, 1, 1)


def mini_config(folder: Path, persons: int = 3, **sections: Any) -> Path:
    """An installation on the mini mapping, with this many persons in its table."""
    file = folder / "mini.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE KLANT (ID INTEGER PRIMARY KEY, SRT TEXT, NAAM TEXT, BSN TEXT,"
            " HUISNR INTEGER, AANMAAK TEXT)"
        )
        connection.executemany(
            "INSERT INTO KLANT VALUES (?, 'P', 'Kooyman', ?, 17, ?)",
            [(n, f"{n:09}", stamp(_START + timedelta(minutes=n))) for n in range(1, persons + 1)],
        )
    mapping = write_mini(folder / "mapping")
    return write_config(folder, {"mini": sql_source(mapping, file)}, **sections)


# --- asking ---


def client_of(app: ASGIApp, token: str | None = TOKEN, origin: str = ORIGIN) -> httpx.AsyncClient:
    """A client of an application in this process; an exception that escapes it, escapes here."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=origin + API,
        headers={"Authorization": f"Token {token}"} if token else {},
        timeout=20,
    )


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a problem answer, after a look at its shape."""
    body: dict[str, Any] = response.json()
    assert (response.status_code, body.get("code")) == (status, code), response.text
    assert list(body)[:6] == ["type", "code", "title", "status", "detail", "instance"]
    assert body["status"] == status
    assert response.headers["content-type"] == "application/json"
    return body


def values(body: Any) -> Iterator[Any]:
    """Every plain value in a JSON body, however deep."""
    if isinstance(body, dict):
        for value in body.values():
            yield from values(value)
    elif isinstance(body, list):
        for value in body:
            yield from values(value)
    else:
        yield body


class FromRouter(httpx.MockTransport):
    """The answers of a respx router as a network gives them: a stream that is yet to be read."""

    def __init__(self, router: respx.MockRouter) -> None:
        super().__init__(router.async_handler)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = await super().handle_async_request(request)
        if found.is_stream_consumed:
            return httpx.Response(found.status_code, headers=found.headers, stream=_Body(found))
        return found


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpx.Response) -> None:
        self._content = response.content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


# --- logs ---


@contextmanager
def log_lines(name: str = "") -> Iterator[LogLines]:
    """What a logger is told meanwhile, the root by default, in the form of production."""
    lines, logger = LogLines(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        logger.removeHandler(lines)
        logger.setLevel(level)


class LogLines(logging.Handler):
    """Everything that is logged, as it would have been written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events with this name."""
        return list(events(self.lines, name))


def events(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    """The events with this name in the lines of a log."""
    for line in lines:
        if line.startswith("{"):
            found = json.loads(line)
            if found["event"] == name:
                yield found


# --- processes ---


@dataclass(frozen=True)
class Server:
    """The command ``gateway`` as a process of its own, listening on ``origin``."""

    origin: str
    log: Path
    process: subprocess.Popen[bytes]

    def output(self) -> str:
        """All that it wrote so far."""
        return self.log.read_text()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gateway(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *arguments],
        cwd=cwd,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def serving(
    arguments: Iterable[str], port: int, log: Path, seconds: float = 60, cwd: Path = ROOT
) -> Iterator[Server]:
    """A gateway process that is ready; it is stopped at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", *arguments],
            cwd=cwd,
            env=_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", log, process)
    try:
        _wait_until_ready(server, seconds)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def sent(server: Server, raw: bytes, *, more: bool = False) -> str:
    """What a server answers to these bytes, until it closes; ``more``: as if more would come."""
    host, _, port = server.origin.removeprefix("http://").partition(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        try:
            connection.sendall(raw)
            if not more:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except OSError:
            pass  # It closed before all was sent.
    return answer.decode("latin-1")


def comes_true(wanted: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while not wanted():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _wait_until_ready(server: Server, seconds: float) -> None:
    def ready() -> bool:
        return server.process.poll() is not None or any(
            events(server.output().splitlines(), "ready")
        )

    if not comes_true(ready, seconds) or server.process.poll() is not None:
        raise AssertionError(f"the gateway did not start:\n{server.output()}")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
