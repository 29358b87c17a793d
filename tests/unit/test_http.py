"""The seam to HTTP: bounded, following nothing, trusting nothing, telling nothing."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import respx

from adapters.base import Failure, SourceError
from adapters.http import MAX_BYTES, HttpSource
from tests.helpers import BSN, FromRouter, LogLines

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
