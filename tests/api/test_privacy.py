"""The canary: a BSN, wherever it comes in, stands in no log, error, header or metric."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from adapters.conditions import Record
from gateway.installation import Installation
from tests.helpers import (
    API,
    BSN,
    ORIGIN,
    TOKEN,
    LogLines,
    Server,
    Trapped,
    client_of,
    comes_true,
    events,
    free_port,
    kcc_config,
    sent,
    serving,
    sql_source,
    write_config,
    write_mini,
)

UUID = "5d6f0000-0000-4000-8000-000000000001"
PARTIJ = "hadBetrokkene__wasPartij__partijIdentificator__objectId"


@pytest.fixture(autouse=True)
def metrics(kcc: Installation) -> Iterator[None]:
    """Whatever a test does, the metrics do not tell of it."""
    yield
    assert BSN not in kcc.metrics.text().decode()


# --- in a request ---

QUERIES = {
    "a value that is right": f"partijen?partijIdentificator__objectId={BSN}",
    "a value over relations": f"klantcontacten?{PARTIJ}={BSN}",
    "a value of text": f"klantcontacten?onderwerp={BSN}",
    "a choice": f"partijen?soortPartij={BSN}",
    "a boolean": f"partijen?indicatieActief={BSN}",
    "a uuid": f"betrokkenen?wasPartij__uuid={BSN}",
    "a url": f"betrokkenen?wasPartij__url={BSN}",
    "a url that is right": f"betrokkenen?wasPartij__url=https://host/{BSN}",
    "a date": f"digitaleadressen?verificatieDatum={BSN}",
    "a moment": f"klantcontacten?plaatsgevondenOp={BSN}",
    "a list": f"partijen?categorierelatie__categorie__naam=x,{BSN}",
    "a page": f"partijen?page={BSN}",
    "a page size": f"partijen?pageSize={BSN}",
    "an expansion": f"partijen?expand={BSN}",
    "an expansion below another": f"partijen?expand=digitaleAdressen.{BSN}",
    "a name": f"partijen?{BSN}=x",
    "a name with more": f"partijen?bsn{BSN}=x",
    "a name that is coded": "partijen?" + "".join(f"%{ord(c):02x}" for c in BSN) + "=x",
    "a name on a detail": f"partijen/{UUID}?{BSN}",
    "a NUL beside it": f"partijen?nummer={BSN}%00",
    "bytes beside it": f"partijen?nummer={BSN}%ff",
}
PATHS = {
    "an id": f"{API}partijen/{BSN}",
    "below an id": f"{API}partijen/{UUID}/{BSN}",
    "a resource": f"{API}{BSN}",
    "a version": f"/klantinteracties/api/{BSN}/partijen",
    "elsewhere": f"/{BSN}",
    "a kind of problem": f"/ref/fouten/{BSN}/",
    "health": f"/_healthz/{BSN}/",
}
HEADERS = {
    "referer": {"Referer": f"https://portaal.example/?bsn={BSN}"},
    "user agent": {"User-Agent": BSN},
    "token": {"Authorization": f"Token {BSN}"},
    "two tokens": {"Authorization": f"Token {TOKEN} {BSN}"},
    "scheme": {"Authorization": BSN},
    "accept": {"Accept": BSN},
    "cookie": {"Cookie": f"bsn={BSN}"},
    "forwarded for": {"X-Forwarded-For": BSN},
    "request id": {"X-Request-ID": BSN, "X-Correlation-ID": BSN, "traceparent": BSN},
    "content type": {"Content-Type": BSN},
    "state of a trace": {
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "tracestate": f"portaal={BSN}",
    },
}


def silent(log: LogLines, response: httpx.Response) -> None:
    """Nothing was told: the log does not have it, nor does an error."""
    assert log.events("request")
    assert BSN not in str(log)
    if response.status_code != 200:
        assert BSN not in response.text
    assert BSN not in str(response.headers)


@pytest.mark.parametrize("url", QUERIES.values(), ids=QUERIES)
async def test_a_bsn_in_a_query(client: httpx.AsyncClient, log: LogLines, url: str) -> None:
    silent(log, await client.get(url))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
async def test_a_bsn_in_a_path(client: httpx.AsyncClient, log: LogLines, path: str) -> None:
    silent(log, await client.get(ORIGIN + path))


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
async def test_a_bsn_in_a_header(
    client: httpx.AsyncClient, log: LogLines, headers: dict[str, str]
) -> None:
    silent(log, await client.get("partijen?pageSize=1", headers=headers))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("content", [f'{{"bsn": "{BSN}"}}', f"{{{BSN}", BSN])
async def test_a_bsn_in_a_body(
    client: httpx.AsyncClient, log: LogLines, method: str, content: str
) -> None:
    silent(log, await client.request(method, f"partijen/{UUID}", content=content))


async def test_a_bsn_as_a_method(client: httpx.AsyncClient, log: LogLines) -> None:
    silent(log, await client.request(BSN, "partijen"))


@pytest.mark.parametrize("name", ["999.993.653", "9999 93 653", "bsn-999-993-653"])
async def test_a_bsn_in_pieces_as_a_name(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get("partijen", params={name: "x"})
    assert name not in response.text


async def test_the_log_names_parameters_but_no_values(
    client: httpx.AsyncClient, log: LogLines
) -> None:
    await client.get(f"partijen?nummer=1&{BSN}=x&expand=x&page=1")
    (event,) = log.events("request")
    assert event["params"] == ["nummer", "?", "expand", "page"]


async def test_the_log_has_the_route_but_no_target(
    client: httpx.AsyncClient, log: LogLines
) -> None:
    await client.get(f"partijen/{BSN}?x={BSN}")
    (event,) = log.events("request")
    assert event["route"] == API + "partijen/{uuid}"


# --- in a source ---


def altering(collection: str, field: str, value: object) -> Callable[[str, Record], Record]:
    def alter(name: str, record: Record) -> Record:
        return {**record, field: value} if name == collection else record

    return alter


@pytest.mark.parametrize(
    ("url", "collection", "field", "value"),
    [
        pytest.param("partijen", "KLANT", "STATUS", BSN, id="code"),
        pytest.param("partijen", "KLANT", "AANMAAK", BSN, id="moment"),
        pytest.param("partijen", "KLANT", "AANMAAK", f"{BSN}00000", id="moment that is none"),
        pytest.param("partijen", "KLANT", "HUISNR", f"x{BSN}", id="number"),
        pytest.param("partijen", "KLANT", "KLANT_ID", f"x{BSN}", id="key"),
        pytest.param("partijen", "KLANT", "KLANT_ID", f"-{BSN}", id="key below zero"),
        pytest.param("klantcontacten", "CONTACT", "TIJD", BSN, id="part of another width"),
        pytest.param("klantcontacten", "CONTACT", "DATUM", BSN[:8], id="day that is none"),
        pytest.param("klantcontacten", "CONTACT", "VERTR", BSN, id="boolean"),
        pytest.param("bijlagen", "CONTACT_BIJLAGE", "DOC_GUID", BSN, id="uuid"),
        pytest.param("actoren", "MEDEWERKER", "MDW_CODE", f"Ω{BSN}", id="key of other letters"),
        pytest.param("actoren", "MEDEWERKER", "MDW_CODE", BSN * 3, id="key that is too long"),
        pytest.param(
            "digitaleadressen?verificatieDatum__gt=2026-01-01",
            "KLANT",
            "EMAIL_CTRL",
            BSN,
            id="date",
        ),
    ],
)
async def test_a_bsn_in_a_record_that_cannot_be_read(
    client: httpx.AsyncClient,
    trap: Trapped,
    log: LogLines,
    url: str,
    collection: str,
    field: str,
    value: str,
) -> None:
    trap.alter = altering(collection, field, value)
    response = await client.get(url)
    assert response.status_code == 502
    assert BSN[:8] not in response.text
    assert BSN[:8] not in str(log)


class Told(Exception):
    """An error of a library, which tells what was asked."""


@pytest.mark.parametrize("text", [BSN, f"no such bsn: '{BSN}'"])
async def test_a_bsn_in_an_error_that_nobody_expected(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines, text: str
) -> None:
    async def fail() -> None:
        try:
            raise Told(text)
        except Told:
            raise ExceptionGroup(text, [Told(text)]) from None

    trap.before = fail
    response = await client.get(f"partijen?partijIdentificator__objectId={BSN}")
    assert response.status_code == 500
    silent(log, response)
    assert "Told" in str(log)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A configuration whose database lacks a column."""
    file = tmp_path / "broken.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE KLANT (ID INTEGER, SRT TEXT, NAAM TEXT, AANMAAK TEXT)")
    mapping = write_mini(tmp_path / "mapping")
    return write_config(
        tmp_path,
        {"mini": sql_source(mapping, file)},
        server={"port": free_port()},
        logging={"level": "debug"},
    )


async def test_a_bsn_in_an_error_of_the_database(
    make: Callable[[Path], Installation], broken: Path, log: LogLines
) -> None:
    async with client_of(make(broken).app()) as client:
        response = await client.get(f"partijen?partijIdentificator__objectId={BSN}")
    assert response.status_code == 503
    silent(log, response)


# --- in a process of its own, that logs all it can -----------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample municipality as a process, with few rows and everything logged."""
    folder, port, management = tmp_path_factory.mktemp("canary"), free_port(), free_port()
    path = kcc_config(
        folder,
        server={"port": port},
        management={"port": management},
        logging={"level": "debug"},
    )
    with serving(["serve", "--config", str(path)], port, folder / "log") as running:
        yield running
        for asked in ("metrics", "readyz", "livez", BSN):
            assert BSN not in httpx.get(f"http://127.0.0.1:{management}/{asked}").text
    # What was written too late for the test that caused it.
    assert BSN not in running.output()


def said(server: Server, raw: bytes) -> str:
    """What the server answers to these bytes, and writes in its log meanwhile."""
    before = len(server.output())
    answer = sent(server, raw)
    assert answer
    return answer + server.output()[before:]


def head(server: Server, target: str, *headers: str, method: str = "GET") -> bytes:
    """The head of a request."""
    host = server.origin.removeprefix("http://")
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Token {TOKEN}",
        "Connection: close",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        pytest.param(f"{API}partijen?soortPartij={BSN}", (), id="value"),
        pytest.param(f"{API}partijen?{BSN}", (), id="name"),
        pytest.param(f"{API}partijen/{BSN}", (), id="path"),
        pytest.param(f"{API}{BSN}", (), id="unknown path"),
        pytest.param(f"{API}partijen?x", (f"Referer: http://x/{BSN}",), id="referer"),
        pytest.param(f"{API}partijen?x", (f"User-Agent: {BSN}",), id="user agent"),
        pytest.param(f"{API}partijen?x", (f"Content-Length: {BSN}",), id="length"),
        pytest.param(f"{API}partijen?x", (f"Transfer-Encoding: {BSN}",), id="encoding"),
        pytest.param(f"{API}partijen?x", (f"Upgrade: {BSN}",), id="upgrade"),
        pytest.param(f"{API}partijen?x", (f"X {BSN}: 1",), id="header that is none"),
        pytest.param(f"{API}partijen?nummer=\xff{BSN}", (), id="bytes"),
        pytest.param(f"{API}part\xffijen/{BSN}", (), id="bytes in a path"),
        pytest.param(f"http://x/{BSN}", (), id="whole url"),
        pytest.param(f"{BSN}", (), id="no path"),
    ],
)
def test_a_process_tells_nothing(server: Server, target: str, headers: tuple[str, ...]) -> None:
    assert BSN not in said(server, head(server, target, *headers))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(f"GET /{BSN}\r\n\r\n".encode(), id="no version"),
        pytest.param(f"{BSN}\r\n\r\n".encode(), id="no request"),
        pytest.param(f"GET /{BSN} HTTP/9.9\r\n\r\n".encode(), id="other version"),
        pytest.param(f"GET /{BSN} HTTP/1.1\r\nHost: {BSN}\r\n\r\n".encode(), id="host"),
        pytest.param(f"GET /{BSN} HTTP/1.1\r\n\r\n".encode(), id="no host"),
        pytest.param(f"GET / HTTP/1.1\r\nHost: a\r\n {BSN}\r\n\r\n".encode(), id="folded"),
    ],
)
def test_a_process_tells_nothing_of_what_is_no_http(server: Server, raw: bytes) -> None:
    assert BSN not in said(server, raw).replace(f"http://{BSN}/ref", "")


def test_a_process_tells_nothing_of_what_it_finds(server: Server) -> None:
    before = len(server.output())
    url = f"{server.origin}{API}klantcontacten?{PARTIJ}={BSN}"
    response = httpx.get(url, headers={"Authorization": f"Token {TOKEN}"})
    assert (response.status_code, response.json()["count"] > 0) == (200, True)
    assert comes_true(lambda: any(events(server.output()[before:].splitlines(), "request")))
    assert BSN not in server.output()[before:]


def test_a_process_tells_nothing_of_an_error_of_its_database(broken: Path) -> None:
    port = _port(broken)
    with serving(["serve", "--config", str(broken)], port, broken.parent / "log") as running:
        url = f"{running.origin}{API}partijen?partijIdentificator__objectId={BSN}"
        response = httpx.get(url, headers={"Authorization": f"Token {TOKEN}"})
        assert response.status_code == 503
    assert BSN not in response.text
    assert BSN not in running.output()


def _port(path: Path) -> int:
    return int(re.findall(r"port: (\d+)", path.read_text())[0])
