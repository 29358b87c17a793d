"""Changes over HTTP: done, certainly not done, or nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import httpx
import pytest
import respx

from adapters.base import Failure, SourceError
from adapters.http import HttpError, HttpSource
from tests.helpers import BSN, FromRouter
from tests.support.wire import Wire

BASE: Final = "http://bron.example/api"
BODY: Final = {"BSN": BSN}


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


@pytest.fixture
async def source(router: respx.MockRouter) -> AsyncIterator[HttpSource]:
    source = HttpSource(BASE, {}, 10, FromRouter(router))
    yield source
    await source.close()


async def failure(source: HttpSource, path: str = "KLANT") -> SourceError:
    """The error of a change, after a look at what it tells."""
    with pytest.raises(SourceError) as caught:
        await source.send("POST", path, BODY)
    error = caught.value
    told = f"{error!r} {error} {error.args} {error.note} {error.objections}"
    for private in (BSN, "bron.example", "KLANT"):
        assert private not in told
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return error


def answering(router: respx.MockRouter, *answers: Any) -> respx.Route:
    return router.post(f"{BASE}/KLANT").mock(side_effect=answers)


@pytest.mark.parametrize("status", [200, 201])
async def test_what_is_answered_is_what_there_is_now(
    router: respx.MockRouter, source: HttpSource, status: int
) -> None:
    route = answering(router, httpx.Response(status, json={"uuid": "1"}))
    assert await source.send("POST", "KLANT", BODY) == {"uuid": "1"}
    sent = route.calls.last.request
    assert sent.content == b'{"BSN":"999993653"}'
    assert sent.headers["Content-Type"] == "application/json"


async def test_a_deletion_needs_no_body_and_gets_none(
    router: respx.MockRouter, source: HttpSource
) -> None:
    route = router.delete(f"{BASE}/KLANT/1").mock(return_value=httpx.Response(204))
    assert await source.send("DELETE", "KLANT/1") is None
    assert route.calls.last.request.content == b""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Failure.REFUSED),
        (401, Failure.REFUSED),
        (403, Failure.REFUSED),
        (404, Failure.GONE),
        (405, Failure.REFUSED),
        (409, Failure.CONFLICT),
        (412, Failure.CONFLICT),
        (413, Failure.REFUSED),
        (415, Failure.REFUSED),
        (422, Failure.REFUSED),
        (429, Failure.THROTTLED),
        (501, Failure.UNAVAILABLE),
        (503, Failure.THROTTLED),
    ],
)
async def test_these_say_that_nothing_was_done(
    router: respx.MockRouter, source: HttpSource, status: int, kind: Failure
) -> None:
    route = answering(router, httpx.Response(status, text=BSN))
    error = await failure(source)
    assert isinstance(error, HttpError)
    assert (error.failure, error.status, error.note) == (kind, status, f"status {status}")
    assert route.call_count == 1


@pytest.mark.parametrize("status", [202, 206, 302, 304, 408, 500, 502, 504, 507, 520, 599])
async def test_these_say_nothing_of_what_was_done(
    router: respx.MockRouter, source: HttpSource, status: int
) -> None:
    route = answering(router, httpx.Response(status, text=BSN))
    error = await failure(source)
    assert (error.failure, error.note) == (Failure.UNKNOWN, f"status {status}")
    assert route.call_count == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_when_to_come_back_is_passed_on(
    router: respx.MockRouter, source: HttpSource, status: int
) -> None:
    answering(router, httpx.Response(status, headers={"Retry-After": "7"}))
    assert (await failure(source)).retry_after == 7


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff", b'{"a": NaN}'])
async def test_what_became_of_it_cannot_be_read(
    router: respx.MockRouter, source: HttpSource, body: bytes
) -> None:
    answering(router, httpx.Response(201, content=body))
    assert (await failure(source)).failure is Failure.UNKNOWN


class Meets(httpx.AsyncBaseTransport):
    """A transport that meets something; respx would give it another cause."""

    def __init__(self, error: Exception, cause: Exception | None = None) -> None:
        self._error = error
        self._cause = cause
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        raise self._error from self._cause


async def met(transport: Meets) -> Failure:
    error = await failure(HttpSource(BASE, {}, 10, transport))
    assert transport.asked == 1
    return error.failure


@pytest.mark.parametrize(
    "transport",
    [
        Meets(httpx.ConnectError("KLANT")),
        Meets(httpx.ConnectTimeout("KLANT")),
        Meets(httpx.ConnectTimeout("KLANT"), aiohttp.ConnectionTimeoutError()),
    ],
    ids=["refused", "not in time", "not in time, as aiohttp has it"],
)
async def test_without_a_connection_nothing_is_done(transport: Meets) -> None:
    assert await met(transport) is Failure.UNAVAILABLE


@pytest.mark.parametrize(
    "transport",
    [
        Meets(httpx.ReadTimeout("KLANT")),
        Meets(httpx.WriteTimeout("KLANT")),
        Meets(httpx.PoolTimeout("KLANT")),
        Meets(httpx.ReadError("KLANT")),
        Meets(httpx.WriteError("KLANT")),
        Meets(httpx.RemoteProtocolError("KLANT")),
        # What the aiohttp transport makes of a connection that was lost.
        Meets(httpx.ConnectTimeout("KLANT"), aiohttp.ServerDisconnectedError()),
        Meets(aiohttp.ClientOSError("KLANT")),
        Meets(ConnectionResetError("KLANT")),
    ],
    ids=[
        "read timeout",
        "write timeout",
        "pool timeout",
        "read",
        "write",
        "protocol",
        "lost",
        "client",
        "reset",
    ],
)
async def test_once_it_may_be_sent_nobody_knows(transport: Meets) -> None:
    assert await met(transport) is Failure.UNKNOWN


async def test_a_path_that_leads_elsewhere_is_not_sent(
    router: respx.MockRouter, source: HttpSource
) -> None:
    assert (await failure(source, "KLANT/../x")).failure is Failure.REFUSED
    assert not router.calls


async def test_names_and_codes_of_a_400_are_told_and_nothing_else(
    router: respx.MockRouter, source: HttpSource
) -> None:
    told: list[Any] = [
        {"name": "adres", "code": "invalid", "reason": f"{BSN} is geen adres"},
        {"name": None, "code": "unique", "reason": BSN},
        {"name": "naam", "code": BSN},
        {"name": "naam"},
        BSN,
    ]
    answering(router, httpx.Response(400, json={"detail": BSN, "invalidParams": told}))
    error = await failure(source)
    assert isinstance(error, HttpError)
    assert error.invalid == (("adres", "invalid"), ("", "unique"))
    assert error.note == "status 400, invalid, unique"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"invalidParams": 1}', b'{"invalidParams": {"a": 1}}']
)
async def test_a_400_that_says_nothing_is_a_refusal_all_the_same(
    router: respx.MockRouter, source: HttpSource, body: bytes
) -> None:
    answering(router, httpx.Response(400, content=body))
    error = await failure(source)
    assert (error.failure, error.note) == (Failure.REFUSED, "status 400")


# --- over a real connection ----------------------------------------------------------------------


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


async def outcome(source: HttpSource) -> Failure:
    with pytest.raises(SourceError) as caught:
        await source.send("POST", "KLANT", BODY)
    return caught.value.failure


async def test_nobody_listening(wire: Wire) -> None:
    source = wire.source()
    wire.stop()
    assert await outcome(source) is Failure.UNAVAILABLE


async def test_a_connection_that_is_lost_before_the_answer(wire: Wire) -> None:
    wire.answer, wire.ends = b"", True
    assert await outcome(wire.source()) is Failure.UNKNOWN
    assert wire.asked == 1


async def test_a_connection_that_is_lost_within_the_answer(wire: Wire) -> None:
    wire.answer, wire.ends = b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{}", True
    assert await outcome(wire.source()) is Failure.UNKNOWN


async def test_no_answer_in_time(wire: Wire) -> None:
    wire.pause = 60
    assert await outcome(wire.source(read_seconds=0.05)) is Failure.UNKNOWN
    assert wire.asked == 1


async def test_who_gives_up_is_not_told_that_it_was_not_done(wire: Wire) -> None:
    wire.pause = 60
    source = wire.source()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await source.send("POST", "KLANT", BODY)
    assert wire.asked == 1
