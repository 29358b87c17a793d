"""What can go wrong between an adapter and a service over HTTP, made to happen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import httpx

from adapters.base import Failure

PLANTED: Final = "kit-canary-in-an-answer"
"""Text in the answers that go wrong: it may stand in no message."""


class _Cut(httpx.AsyncByteStream):
    """An answer that breaks off."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"results": [{"' + PLANTED.encode()
        raise httpx.ReadError(PLANTED)


def _answer(status: int, text: str = "", **headers: str) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(
        status,
        content=(text or f'{{"detail": "{PLANTED}"}}').encode(),
        headers={"Content-Type": "application/json", **headers},
    )


def _raise(error: type[httpx.TransportError]) -> Callable[[], httpx.Response]:
    def raised() -> httpx.Response:
        raise error(PLANTED)

    return raised


@dataclass(frozen=True)
class Storm:
    """One thing that goes wrong on every call. ``expected``: the failures that may come of it.
    ``sent``: the service may have got the call."""

    name: str
    answer: Callable[[], httpx.Response]
    expected: frozenset[Failure]
    sent: bool = True


def _storm(
    name: str, answer: Callable[[], httpx.Response], *expected: Failure, sent: bool = True
) -> Storm:
    return Storm(name, answer, frozenset(expected), sent)


_DOWN: Final = (Failure.UNAVAILABLE, Failure.TIMEOUT)
RETRY_AFTER: Final = 7

STORMS: Final = (
    _storm("refused connection", _raise(httpx.ConnectError), Failure.UNAVAILABLE, sent=False),
    _storm("no answer in time", _raise(httpx.ReadTimeout), Failure.TIMEOUT),
    _storm("connection lost", _raise(httpx.RemoteProtocolError), Failure.UNAVAILABLE),
    _storm("401", _answer(401), Failure.REFUSED),
    _storm("403", _answer(403), Failure.REFUSED),
    _storm("429", _answer(429, **{"Retry-After": str(RETRY_AFTER)}), Failure.THROTTLED),
    _storm("500", _answer(500), *_DOWN),
    _storm("502", _answer(502, "<html>bad gateway</html>"), *_DOWN),
    _storm("503", _answer(503), Failure.THROTTLED, *_DOWN),
    _storm("504", _answer(504), *_DOWN),
    _storm("redirect", _answer(302, Location="https://elsewhere.example/"), Failure.BAD_DATA),
    _storm("a page of HTML", _answer(200, f"<html>{PLANTED}</html>"), Failure.BAD_DATA),
    _storm("nothing", _answer(200, " "), Failure.BAD_DATA),
    _storm("half an answer", _answer(200, '{"results": [{"uuid": "'), Failure.BAD_DATA),
    _storm("a number", _answer(200, "7"), Failure.BAD_DATA),
    _storm(
        "an answer that breaks off",
        lambda: httpx.Response(200, stream=_Cut()),
        Failure.UNAVAILABLE,
        Failure.BAD_DATA,
    ),
)
"""What every adapter over HTTP has to tell apart."""


@dataclass
class Weather:
    """Counts the calls of an adapter, and lets a storm loose on them.

    ``lost``: calls reach the service, and the answers to writes do not come back. ``writes``: how
    many calls were no mere question.
    """

    storm: Storm | None = None
    lost: bool = False
    calls: int = 0
    writes: int = 0

    def over(self, inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """A transport in this weather."""
        return _Exposed(self, inner)


class _Exposed(httpx.AsyncBaseTransport):
    def __init__(self, weather: Weather, inner: httpx.AsyncBaseTransport) -> None:
        self._weather = weather
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        weather = self._weather
        weather.calls += 1
        weather.writes += request.method not in _SAFE
        if weather.storm is not None:
            return weather.storm.answer()
        response = await self._inner.handle_async_request(request)
        if weather.lost and request.method not in _SAFE:
            await response.aclose()
            raise httpx.ReadError(PLANTED)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


_SAFE: Final = frozenset({"GET", "HEAD"})
