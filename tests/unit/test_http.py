"""The seam to HTTP: bounded, following nothing, trusting nothing, telling nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import respx

from adapters import tracing
from adapters.base import Failure, SourceError
from adapters.http import MAX_BYTES, MAX_ITEMS, HttpSource
from tests.helpers import BSN, FromRouter, LogLines
from tests.support.wire import HEAD, WHOLE, Wire

BASE = "http://bron.example/api"
SECRET = "s3cr3t-of-the-gateway"


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


@pytest.fixture
async def source(router: respx.MockRouter) -> AsyncIterator[HttpSource]:
    source = HttpSource(BASE + "/", {"X-Api-Key": SECRET}, 10, FromRouter(router))
    yield source
    await source.close()


async def failure(source: HttpSource) -> SourceError:
    """The error of a question with a BSN in it, after a look at what it tells."""
    with pytest.raises(SourceError) as caught:
        await source.get("KLANT", {"BSN": BSN})
    error = caught.value
    told = f"{error!r} {error} {error.args} {error.note}"
    for private in (BSN, SECRET, "bron.example", "KLANT"):
        assert private not in told
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return error


def answering(router: respx.MockRouter, *responses: Any) -> respx.Route:
    return router.get(f"{BASE}/KLANT").mock(side_effect=responses)


async def test_an_answer_is_json(router: respx.MockRouter, source: HttpSource) -> None:
    answering(router, httpx.Response(200, json={"items": [1]}))
    assert await source.get("KLANT", {}) == {"items": [1]}


async def test_parameters_go_along(router: respx.MockRouter, source: HttpSource) -> None:
    route = answering(router, httpx.Response(200, json={}))
    await source.get("KLANT", {"NAAM": "a&b=c d", "page": "2"})
    assert dict(route.calls.last.request.url.params) == {"NAAM": "a&b=c d", "page": "2"}


async def test_what_is_not_found_is_none(router: respx.MockRouter, source: HttpSource) -> None:
    answering(router, httpx.Response(404, text="<html>nee</html>"))
    assert await source.get("KLANT", {}) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Failure.REFUSED),
        (401, Failure.REFUSED),
        (403, Failure.REFUSED),
        (410, Failure.REFUSED),
        (429, Failure.THROTTLED),
        (503, Failure.THROTTLED),
        (500, Failure.UNAVAILABLE),
        (502, Failure.UNAVAILABLE),
        (504, Failure.UNAVAILABLE),
        (201, Failure.BAD_DATA),
        (204, Failure.BAD_DATA),
        (206, Failure.BAD_DATA),
        (304, Failure.BAD_DATA),
    ],
)
async def test_a_status_is_a_kind_of_failure(
    router: respx.MockRouter, source: HttpSource, status: int, kind: Failure
) -> None:
    answering(router, httpx.Response(status, text=BSN))
    error = await failure(source)
    assert (error.failure, error.note) == (kind, f"status {status}")


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("0", 0), ("", None), ("soon", None), ("-1", None)]
)
@pytest.mark.parametrize("status", [429, 503])
async def test_when_to_come_back_is_passed_on(
    router: respx.MockRouter,
    source: HttpSource,
    status: int,
    header: str,
    seconds: float | None,
) -> None:
    answering(router, httpx.Response(status, headers={"Retry-After": header}))
    assert (await failure(source)).retry_after == seconds


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectTimeout, Failure.UNAVAILABLE),
        (httpx.ReadTimeout, Failure.TIMEOUT),
        (httpx.PoolTimeout, Failure.TIMEOUT),
        (httpx.ConnectError, Failure.UNAVAILABLE),
        (httpx.ReadError, Failure.UNAVAILABLE),
        (httpx.RemoteProtocolError, Failure.UNAVAILABLE),
        (OSError, Failure.UNAVAILABLE),
    ],
)
async def test_what_goes_wrong_on_the_way_is_a_kind_of_failure(
    router: respx.MockRouter, source: HttpSource, cause: type[Exception], kind: Failure
) -> None:
    answering(router, cause(f"GET {BASE}/KLANT?BSN={BSN}"))
    error = await failure(source)
    assert (error.failure, error.note) == (kind, cause.__name__)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    router: respx.MockRouter, source: HttpSource, status: int
) -> None:
    elsewhere = router.get("http://elsewhere.example/").respond(200, json={})
    answering(router, httpx.Response(status, headers={"Location": "http://elsewhere.example/"}))
    assert (await failure(source)).failure is Failure.BAD_DATA
    assert not elsewhere.called


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<html>{BSN}</html>".encode(), id="html"),
        pytest.param(b"", id="empty"),
        pytest.param(b'{"items": [', id="cut off"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", id="long number"),
    ],
)
async def test_what_is_no_json_is_bad_data(
    router: respx.MockRouter, source: HttpSource, body: bytes
) -> None:
    answering(router, httpx.Response(200, content=body))
    assert (await failure(source)).failure is Failure.BAD_DATA


async def test_what_is_too_large_is_bad_data(router: respx.MockRouter, source: HttpSource) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1024 * 1024

    answering(router, httpx.Response(200, content=endless()))
    error = await failure(source)
    assert (error.failure, error.note) == (Failure.BAD_DATA, "answer too large")
    assert read <= MAX_BYTES // (1024 * 1024) + 1


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_an_encoding_that_was_not_asked_for_is_bad_data(
    router: respx.MockRouter, source: HttpSource, encoding: str
) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)

    async def content() -> AsyncIterator[bytes]:
        yield bomb

    headers = {"Content-Encoding": encoding}
    answering(router, httpx.Response(200, content=content(), headers=headers))
    assert (await failure(source)).failure is Failure.BAD_DATA


async def test_no_encoding_is_asked_for(router: respx.MockRouter, source: HttpSource) -> None:
    route = answering(router, httpx.Response(200, json={}))
    await source.get("KLANT", {})
    assert route.calls.last.request.headers["Accept-Encoding"] == "identity"


async def test_secrets_go_in_headers(router: respx.MockRouter, source: HttpSource) -> None:
    route = answering(router, httpx.Response(200, json={}))
    await source.get("KLANT", {})
    assert route.calls.last.request.headers["X-Api-Key"] == SECRET


async def test_cookies_are_not_kept(router: respx.MockRouter, source: HttpSource) -> None:
    first = httpx.Response(200, json={}, headers={"Set-Cookie": "session=1; Path=/"})
    route = answering(router, first, httpx.Response(200, json={}))
    await source.get("KLANT", {})
    await source.get("KLANT", {})
    assert "Cookie" not in route.calls.last.request.headers


async def test_the_environment_names_no_proxy(
    router: respx.MockRouter, source: HttpSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    route = answering(router, httpx.Response(200, json={}))
    await source.get("KLANT", {})
    assert route.calls.last.request.url.host == "bron.example"


async def test_nothing_of_a_question_is_logged(
    router: respx.MockRouter, source: HttpSource, log: LogLines
) -> None:
    answering(router, httpx.Response(500, text=BSN))
    await failure(source)
    assert BSN not in str(log)


async def test_a_question_tells_which_trace_it_belongs_to(
    router: respx.MockRouter, source: HttpSource
) -> None:
    route = answering(router, *[httpx.Response(200, json={}) for _ in range(2)])
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with tracing.traced({"traceparent": trace}):
        await source.get("KLANT", {})
    await source.get("KLANT", {})
    sent = [call.request.headers.get("traceparent") for call in route.calls]
    assert sent == [trace, None]


@pytest.mark.parametrize("path", ["..", "a/../b", "%2E%2e", "a/.", "./a", "a/%2e/b"])
async def test_a_path_does_not_lead_elsewhere(
    router: respx.MockRouter, source: HttpSource, path: str
) -> None:
    elsewhere = router.route().respond(200, json={})
    with pytest.raises(SourceError) as caught:
        await source.get(path)
    assert (caught.value.failure, elsewhere.called) == (Failure.REFUSED, False)


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/x", "@elsewhere.example", "http://x.example"]
)
async def test_a_path_stays_on_its_origin(
    router: respx.MockRouter, source: HttpSource, path: str
) -> None:
    route = router.route().respond(200, json={})
    await source.get(path)
    asked = route.calls.last.request.url
    assert (asked.host, asked.path.startswith("/api/")) == ("bron.example", True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte order mark"),
        pytest.param(b"[" * 100 + b"]" * 100, id="deep"),
        pytest.param(b"[1e10, 1e-400, 1E+300]", id="floats"),
        pytest.param(b'["1e400", "NaN"]', id="text"),
    ],
)
async def test_json_that_is_unusual(
    router: respx.MockRouter, source: HttpSource, body: bytes
) -> None:
    answering(router, httpx.Response(200, content=body))
    assert await source.get("KLANT") == json.loads(body)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        pytest.param(b"[" + b"[]," * MAX_ITEMS + b"1]", "too many items", id="items"),
        pytest.param(b"[" * 300 + b"]" * 300, "no JSON", id="depth"),
        pytest.param(b'{"a": NaN}', "no JSON", id="NaN"),
        pytest.param(b"[-Infinity]", "no JSON", id="Infinity"),
        pytest.param(b'{"a": [{"b": 1e999}]}', "without end", id="huge"),
        pytest.param(b"[" + b"9" * 400 + b".0]", "without end", id="long and huge"),
        pytest.param(b"[1" + b"0" * 250 + b".0e99]", "without end", id="long with an exponent"),
        pytest.param(b"[-1.E+1000]", "no JSON", id="no number"),
        pytest.param(b'["\\ud800"]', "no JSON", id="half a character"),
    ],
)
async def test_json_that_could_do_harm_is_bad_data(
    router: respx.MockRouter, source: HttpSource, body: bytes, note: str
) -> None:
    answering(router, httpx.Response(200, content=body))
    with pytest.raises(SourceError) as caught:
        await source.get("KLANT")
    assert caught.value.failure is Failure.BAD_DATA
    assert note in caught.value.note


# --- over a real connection ---------------------------------------------------------------------


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(HEAD + b"Content-Length: 9\r\n\r\n{}", Failure.UNAVAILABLE, id="half"),
        pytest.param(HEAD + b'Content-Length: 5\r\n\r\n{"a": 1}', Failure.UNAVAILABLE, id="short"),
        pytest.param(HEAD + b'Connection: close\r\n\r\n{"a": ', Failure.BAD_DATA, id="no length"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", Failure.UNAVAILABLE, id="chunk"
        ),
        pytest.param(b"\x00\xff garbage \r\n\r\n" * 9, Failure.UNAVAILABLE, id="garbage"),
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n{}", Failure.UNAVAILABLE, id="length"),
        pytest.param(HEAD + b"X: " + b"x" * 99_999, Failure.UNAVAILABLE, id="long header"),
        pytest.param(b"", Failure.UNAVAILABLE, id="nothing"),
    ],
)
async def test_an_answer_that_is_broken_is_a_failure(
    wire: Wire, answer: bytes, kind: Failure
) -> None:
    wire.answer, wire.ends = answer, True
    source = wire.source()
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            await source.get("KLANT")
        assert caught.value.failure is kind
    wire.answer, wire.ends = WHOLE, False
    assert await source.get("KLANT") == {}


async def test_what_stands_after_an_answer_is_not_the_next_one(wire: Wire) -> None:
    source = wire.source()
    wire.answer = WHOLE + HEAD + b'Content-Length: 10\r\n\r\n{"not": 1}'
    assert await source.get("KLANT") == {}
    wire.answer = WHOLE
    with suppress(SourceError):
        assert await source.get("CONTACT") == {}


async def test_a_source_that_is_silent_is_too_late(wire: Wire) -> None:
    wire.pause = 60
    source = wire.source(read_seconds=0.05)
    with pytest.raises(SourceError) as caught:
        await source.get("KLANT")
    assert caught.value.failure is Failure.TIMEOUT


async def test_a_drip_ends_with_the_time_of_the_call(wire: Wire) -> None:
    wire.pause = 0.02
    source = wire.source(read_seconds=1)
    began = time.perf_counter()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await source.get("KLANT")
    assert time.perf_counter() - began < 0.3
    wire.pause = 0
    assert await source.get("KLANT") == {}


async def test_nobody_listening_is_unavailable(wire: Wire) -> None:
    source = wire.source()
    wire.stop()
    with pytest.raises(SourceError) as caught:
        await source.get("KLANT")
    assert caught.value.failure is Failure.UNAVAILABLE


async def test_connections_survive_calls_that_were_given_up(wire: Wire) -> None:
    source = wire.source()
    wire.pause = 60

    async def given_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.005):
                await source.get("KLANT")

    for _ in range(20):
        await asyncio.gather(*(given_up() for _ in range(100)))
    wire.pause, wire.asked = 0, 0
    assert await asyncio.gather(*(source.get("KLANT") for _ in range(100))) == [{}] * 100
    assert wire.asked == 100


# --- protocols of which the answer decides ---


async def test_bytes_are_posted_to_the_address_itself(router: respx.MockRouter) -> None:
    source = HttpSource(
        BASE + "/dienst/",
        {"X-Api-Key": SECRET},
        10,
        FromRouter(router),
        credentials=lambda: {"X-Once": "1"},
    )
    route = router.post(BASE + "/dienst/").mock(return_value=httpx.Response(200, content=b"<b/>"))
    with tracing.traced({"traceparent": "00-1-2-01"}):
        came = await source.exchange(b"<a/>", {"Content-Type": "text/xml", "Accept": "text/xml"})
    assert (came.body, came.failure) == (b"<b/>", None)
    sent = route.calls.last.request
    assert sent.content == b"<a/>"
    for name, value in (("X-Api-Key", SECRET), ("X-Once", "1"), ("traceparent", "00-1-2-01")):
        assert sent.headers[name] == value
    assert (sent.headers["Content-Type"], sent.headers["Accept"]) == ("text/xml", "text/xml")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, Failure.BAD_DATA),
        (302, Failure.BAD_DATA),
        (400, Failure.REFUSED),
        (404, Failure.REFUSED),
        (500, Failure.UNAVAILABLE),
        (503, Failure.THROTTLED),
    ],
)
async def test_what_came_is_given_with_what_its_status_says(
    router: respx.MockRouter, source: HttpSource, status: int, kind: Failure
) -> None:
    router.post(BASE + "/").mock(return_value=httpx.Response(status, content=b"<fout/>"))
    came = await source.exchange(b"<a/>", {})
    assert came.body == b"<fout/>"
    assert came.failure is not None
    assert (came.failure.failure, came.failure.status) == (kind, status)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectError("x"), Failure.UNAVAILABLE),
        (httpx.ConnectTimeout("x"), Failure.UNAVAILABLE),
        (httpx.ReadTimeout("x"), Failure.TIMEOUT),
        (httpx.RemoteProtocolError("x"), Failure.UNAVAILABLE),
        (httpx.Response(200, content=b"a" * (MAX_BYTES + 1)), Failure.BAD_DATA),
        (
            httpx.Response(
                200, content=gzip.compress(b"<a/>"), headers={"Content-Encoding": "gzip"}
            ),
            Failure.BAD_DATA,
        ),
    ],
)
async def test_what_is_exchanged_is_bounded_as_all_else(
    router: respx.MockRouter, source: HttpSource, cause: Any, kind: Failure
) -> None:
    router.post(BASE + "/").mock(side_effect=[cause])
    with pytest.raises(SourceError) as caught:
        await source.exchange(f"<a>{BSN}</a>".encode(), {})
    assert caught.value.failure is kind
    assert BSN not in f"{caught.value!r} {caught.value.note}"
    assert caught.value.__cause__ is None
