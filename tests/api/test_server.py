"""The gateway as a process that listens: what it starts, bounds and says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.api.server import server as settings
from gateway.installation import Installation
from tests.helpers import (
    API,
    TOKEN,
    Server,
    client_of,
    comes_true,
    events,
    free_port,
    gateway,
    mini_config,
    sent,
    serving,
)

HEADERS = {"Authorization": f"Token {TOKEN}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A gateway that logs all it can and waits for nobody."""
    folder, port, management = tmp_path_factory.mktemp("serve"), free_port(), free_port()
    config = mini_config(
        folder,
        server={"port": port},
        management={"port": management},
        logging={"level": "debug"},
        limits={"request_seconds": 1},
    )
    with serving(["serve", "--config", str(config)], port, folder / "log") as running:
        yield running


@pytest.fixture(scope="module")
def management(server: Server) -> str:
    """The origin of its management port."""
    (ready,) = events(server.output().splitlines(), "ready")
    return f"http://127.0.0.1:{ready['management']}"


def asked(server: Server, method: str, path: str) -> httpx.Response:
    return httpx.request(method, server.origin + path, headers=HEADERS)


def status_and_body(answer: str) -> tuple[int, dict[str, Any]]:
    """The parts of an answer that was read as bytes."""
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_it_says_when_it_is_ready(server: Server) -> None:
    (ready,) = events(server.output().splitlines(), "ready")
    assert server.origin == f"http://{ready['host']}:{ready['port']}"


def test_it_answers(server: Server) -> None:
    assert asked(server, "GET", API + "partijen").json()["count"] == 3


def test_a_head_has_no_body(server: Server) -> None:
    head, get = (asked(server, method, API + "partijen") for method in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["content-length"] == str(len(get.content))


def test_an_answer_does_not_say_what_serves_it(server: Server) -> None:
    assert "server" not in asked(server, "GET", "/_healthz/").headers


def test_every_line_of_the_log_is_json(server: Server) -> None:
    for path in ("/", "/_healthz/", API + "partijen", "/iets"):
        asked(server, "GET", path)
    assert comes_true(lambda: len(list(events(server.output().splitlines(), "request"))) >= 4)
    # The last line may be half written.
    *lines, _ = server.output().split("\n")
    assert [line for line in lines if not line.startswith('{"time": ')] == []


def test_a_port_that_is_taken(server: Server, tmp_path: Path) -> None:
    port = int(server.origin.rpartition(":")[2])
    config = mini_config(tmp_path, server={"port": port})
    assert gateway("serve", "--config", str(config)).returncode != 0


def test_a_management_port_that_is_taken(server: Server, tmp_path: Path) -> None:
    taken = int(server.origin.rpartition(":")[2])
    config = mini_config(tmp_path, server={"port": free_port()}, management={"port": taken})
    ended = gateway("serve", "--config", str(config))
    assert ended.returncode != 0
    assert f"'127.0.0.1', {taken}" in ended.stdout


def test_the_management_port_tells_how_it_is(server: Server, management: str) -> None:
    asked(server, "GET", API + "partijen")
    answers = {p: httpx.get(f"{management}/{p}") for p in ("livez", "readyz", "metrics")}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["readyz"].json()["ready"] is True
    assert f'route="{API}partijen"' in answers["metrics"].text


def test_the_management_port_has_no_register(management: str) -> None:
    assert httpx.get(f"{management}{API}partijen", headers=HEADERS).status_code == 404


def test_it_stops_well(tmp_path: Path) -> None:
    port = free_port()
    config = mini_config(tmp_path, server={"port": port}, management={"port": free_port()})
    with serving(["serve", "--config", str(config)], port, tmp_path / "log") as running:
        asked(running, "GET", API + "partijen")
    assert running.process.returncode in (0, -15)
    assert "Traceback" not in running.output()


# --- what comes in ---


@pytest.mark.parametrize(
    "raw",
    [
        b"hallo\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=[
        "words",
        "no version",
        "no header",
        "no length",
        "two lengths",
        "NUL in a value",
        "bare CR",
        "odd encoding",
        "TLS",
    ],
)
def test_what_is_no_http_is_a_problem(server: Server, raw: bytes) -> None:
    status, body = status_and_body(sent(server, raw))
    assert (status, body["status"]) == (400, 400)


def test_an_odd_name_of_a_browser_is_answered_and_not_logged(server: Server) -> None:
    lines = [
        f"GET {API}partijen?pageSize=1 HTTP/1.1",
        "Host: a",
        f"Authorization: Token {TOKEN}",
        'User-Agent: x\x1b[2J","level":"critical',
        "Connection: close",
    ]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n"
    status, _ = status_and_body(sent(server, raw, more=True))
    assert status == 200
    assert "\x1b" not in server.output() and "critical" not in server.output()


def test_a_head_that_is_too_large_is_refused(server: Server) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"x" * 100_000
    status, body = status_and_body(sent(server, raw, more=True))
    assert (status, body["status"]) == (431, 431)


def test_a_body_that_does_not_end_is_not_waited_for(server: Server) -> None:
    lines = [
        f"POST {API}partijen HTTP/1.1",
        "Host: a",
        f"Authorization: Token {TOKEN}",
        "Content-Length: 10",
    ]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\nhalf"
    status, body = status_and_body(sent(server, raw, more=True))
    assert (status, body["status"]) == (408, 408)


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    response = httpx.post(
        f"{server.origin}{API}partijen", headers=HEADERS, content=b" " * (11 * 1024 * 1024)
    )
    assert response.status_code == 413


def test_two_requests_after_each_other(server: Server) -> None:
    one = f"GET /_healthz/ HTTP/1.1\r\nHost: a\r\n{{}}Authorization: Token {TOKEN}\r\n\r\n"
    both = one.format("") + one.format("Connection: close\r\n")
    answer = sent(server, both.encode(), more=True)
    assert answer.count("HTTP/1.1 200 OK") == 2


# --- proxies ---


@pytest.fixture
def behind(mini: Callable[..., Installation]) -> Callable[[list[str]], httpx.AsyncClient]:
    """Makes a client that asks through a proxy on 127.0.0.1; the addresses are believed."""

    def made(trusted: list[str]) -> httpx.AsyncClient:
        loaded = settings(mini().app(), "127.0.0.1", 1, trusted)
        loaded.load()
        client = client_of(loaded.loaded_app)
        client.headers["X-Forwarded-Proto"] = "https"
        return client

    return made


async def scheme(client: httpx.AsyncClient) -> str:
    async with client:
        (one, *_) = (await client.get("partijen")).json()["results"]
    return str(one["url"]).partition(":")[0]


async def test_a_proxy_that_is_known_is_believed(
    behind: Callable[[list[str]], httpx.AsyncClient],
) -> None:
    assert await scheme(behind(["127.0.0.1"])) == "https"


@pytest.mark.parametrize("trusted", [[], ["10.0.0.1"]])
async def test_another_is_not(
    behind: Callable[[list[str]], httpx.AsyncClient], trusted: list[str]
) -> None:
    assert await scheme(behind(trusted)) == "http"
