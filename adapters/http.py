"""The one seam to HTTP: a client per source, bounded, that follows nothing and trusts nothing.

httpx runs on the aiohttp transport: its own pool scans all connections on every request, and
loses a slot for every call that a deadline cancels. What a client of httpx does beside its
transport (cookies, redirects, proxies, authentication) is not wanted here, and costs as much as the
rest: so the transport is asked itself.
"""

from __future__ import annotations

import codecs
import logging
import math
import re
import ssl
import time
from collections.abc import AsyncIterator, Callable, Container, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic_core import from_json

from adapters import tracing
from adapters.base import Failure, SourceError
from adapters.revalidation import Revalidation
from adapters.wiring import Wiring, as_usual

# Its INFO line holds the whole url, and with it the BSN that was asked for.
logging.getLogger("httpx").setLevel(logging.WARNING)

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ITEMS: Final = 500_000
"""Members of all objects and lists of one answer together. Ten megabytes of empty lists would be
three hundred of memory."""
CONNECT_SECONDS: Final[float] = 2
READ_SECONDS: Final[float] = 5

_HEADERS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "klantinteracties-gateway",
}
_RETRY_AFTER: Final = "Retry-After"
_CLOCKS_APART: Final = 30

# RFC 3986, section 5.2.4; written out they are the same to many, the client below among them.
_DOTS: Final = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)

# What may be a number beyond all floats, of which the parser makes infinity: an exponent of three
# digits, or hundreds of digits. All digits are made the same, so that these can be looked for as
# they are: that takes a fortieth of what a pattern does.
_SHAPE: Final = (
    bytes(
        ord("0") if chr(byte).isdecimal() else ord("e") if chr(byte) in "eE" else ord(" ")
        for byte in range(128)
    )
    + b" " * 128
)
_HUGE: Final = (b"0e000", b"0" * 200)


Params = Mapping[str, str | Sequence[str]]
"""Parameters of a url; a list of texts is the same parameter several times."""


class HttpError(SourceError):
    """An answer that is no answer; ``status``: of HTTP. ``invalid``: what is wrong with a change,
    the names and codes of its ``invalidParams``, as ZGW and Klantinteracties APIs answer them."""

    def __init__(
        self,
        failure: Failure,
        status: int,
        note: str,
        retry_after: float | None = None,
        ahead: int | None = None,
        invalid: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(failure, note, retry_after, ahead)
        self.status = status
        self.invalid = tuple(invalid)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of what is wrong."""
        return frozenset(code for _, code in self.invalid)


class NotSent(SourceError):
    """A call of which nothing was sent."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came back. ``failure``: what the status says went wrong, where what was answered says
    nothing else; ``None`` after 200."""

    body: bytes
    failure: HttpError | None


class HttpSource:
    """JSON to and from one origin. Every failure is a ``SourceError`` without url or content.

    ``connections``: how many at once. ``connect_seconds`` bounds making one, ``read_seconds`` each
    wait for the next bytes of an answer; the whole call is bounded by who makes it.
    ``credentials`` gives the headers of one call that are made for that call only. ``tls``: other
    certificates than those that everybody trusts. ``wiring``: see ``adapters.wiring``.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        connections: int,
        transport: httpx.AsyncBaseTransport | None = None,
        wiring: Wiring = as_usual,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        credentials: Callable[[], Mapping[str, str]] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._credentials = credentials
        self._address = base_url
        self._base = base_url.rstrip("/")
        self._transport = wiring(lambda: transport or _transport(connections, tls))
        self._headers = {**headers, **_HEADERS}
        timeout = httpx.Timeout(read_seconds, connect=connect_seconds, pool=None)
        self._extensions = {"timeout": timeout.as_dict()}

    async def get(
        self, path: str, params: Params | None = None, known: Revalidation | None = None
    ) -> Any | None:
        """The JSON at a path below the base; ``None`` when the answer is 404. ``known``: what was
        answered moments ago, which the service is asked whether it still holds.

        Raises ``SourceError``, ``HttpError`` for an answer with another status.
        """
        return await self._ask("GET", path, params, known=known)

    async def content(self, path: str, most: int) -> bytes | None:
        """The first ``most`` bytes of a file at a path below the base, whatever it is; ``None``
        when the answer is 404. Raises as ``get``."""
        url = httpx.URL(f"{self._base}/{path}")
        headers = {**self._headers, "Accept": "*/*", **tracing.headers(), **self._made_out()}
        async with self._answer("GET", url, headers=headers) as response:
            if response.status_code == 404:
                return None
            _check(response)
            return await _body(response, most, whole=False)

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make a change, with a JSON body if there is one; the JSON that is answered, ``None``
        where there is none.

        Raises ``SourceError``: ``UNKNOWN`` when the change may have been made, ``HttpError`` for
        an answer that says that it was not (503 says so, by RFC 9110, section 15.6.4).
        """
        try:
            return await self._ask(method, path, None, body)
        except HttpError as error:
            raise _not_done(error) from None
        except NotSent as error:
            raise SourceError(error.failure, error.note) from None
        except SourceError as error:
            raise SourceError(Failure.UNKNOWN, error.note) from None

    async def exchange(self, body: bytes, headers: Mapping[str, str]) -> Exchanged:
        """Post bytes to the address itself, with ``headers`` over the usual ones.

        For protocols of which the answer, and not the status, says what happened, as SOAP. Raises
        ``SourceError`` when no answer came.
        """
        given = {**self._headers, **tracing.headers(), **self._made_out(), **headers}
        async with self._answer("POST", self._address, headers=given, content=body) as response:
            failure = None
            try:
                _check(response)
            except HttpError as error:
                failure = error
            return Exchanged(await _body(response), failure)

    async def _ask(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: Mapping[str, Any] | None = None,
        known: Revalidation | None = None,
    ) -> Any | None:
        if _DOTS.search(path):
            raise NotSent(Failure.REFUSED, "a path that leads elsewhere")
        headers = {**self._headers, **tracing.headers(), **self._made_out()}
        url = httpx.URL(f"{self._base}/{path}", params=dict(params or {}))
        seen = known.seen(str(url)) if known is not None else None
        if seen is not None:
            headers["If-None-Match"] = seen.etag
        async with self._answer(method, url, headers=headers, json=body) as response:
            if method == "GET" and response.status_code == 404:
                return None
            if method != "GET" and response.status_code == 400:
                raise await _refused(response)
            if seen is not None and response.status_code == _NOT_MODIFIED:
                return _json(seen.body)
            _check(response, () if method == "GET" else _DONE)
            if response.status_code == 204:
                return None
            content = await _body(response)
            if known is not None:
                known.keep(str(url), response.headers.get("ETag"), content)
            return _json(content)

    @asynccontextmanager
    async def _answer(
        self, method: str, url: httpx.URL | str, **sent: Any
    ) -> AsyncIterator[httpx.Response]:
        """An answer while it is read; ``sent``: what a request is made of besides."""
        request = httpx.Request(method, url, extensions=self._extensions, **sent)
        try:
            response = await self._transport.handle_async_request(request)
            async with aclosing(response):
                yield response
        except httpx.ConnectTimeout as error:
            # Also what the aiohttp transport makes of a connection that was lost.
            before = isinstance(error.__cause__, _BEFORE) or error.__cause__ is None
            failed = NotSent if before else SourceError
            raise failed(Failure.UNAVAILABLE, type(error).__name__) from None
        except httpx.ConnectError as error:
            raise NotSent(Failure.UNAVAILABLE, type(error).__name__) from None
        except httpx.TimeoutException as error:
            raise SourceError(Failure.TIMEOUT, type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError) as error:
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None

    def _made_out(self) -> Mapping[str, str]:
        return self._credentials() if self._credentials is not None else {}

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


def _transport(connections: int, tls: ssl.SSLContext | None) -> httpx.AsyncBaseTransport:
    # Called on first use, because aiohttp wants a running event loop.
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, ssl=tls or True),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    # The session brings its own TLS; the transport would read all certificates for another.
    return AiohttpTransport(client=session, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


_BEFORE: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What the transport meets before anything is sent."""

_DONE: Final = (201, 204)
_NOT_MODIFIED: Final = 304
_CODE: Final = re.compile("[a-z][a-z_-]{0,39}")
_OTHERWISE: Final = {404: Failure.GONE, 409: Failure.CONFLICT, 412: Failure.CONFLICT}


def _not_done(error: HttpError) -> SourceError:
    """What an answer with an error says of a change."""
    status = error.status
    if status in (408, 500, 502, 504) or status < 400 or status > 504:
        return SourceError(Failure.UNKNOWN, error.note)
    failure = _OTHERWISE.get(status, error.failure)
    return HttpError(failure, status, error.note, error.retry_after, error.ahead, error.invalid)


async def _refused(response: httpx.Response) -> HttpError:
    """A 400, with the names and codes that it gives; nothing else of it is for us to tell."""
    try:
        told = _json(await _body(response))
    except (SourceError, httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError):
        told = None
    params = told.get("invalidParams") if isinstance(told, dict) else None
    named = params if isinstance(params, list) else ()
    given = [(one.get("name"), one.get("code")) for one in named if isinstance(one, dict)]
    invalid = [
        (name if isinstance(name, str) else "", code)
        for name, code in given
        if isinstance(code, str) and _CODE.fullmatch(code)
    ]
    said = "".join(f", {code}" for code in sorted({code for _, code in invalid}))
    return HttpError(Failure.REFUSED, 400, f"status 400{said}", invalid=invalid)


def _check(response: httpx.Response, others: Container[int] = ()) -> None:
    """``others``: statuses besides 200 that are no failure."""
    status = response.status_code
    note = f"status {status}"
    if status == 200 or status in others:
        return
    if status in (429, 503):
        wait = _seconds(response.headers.get(_RETRY_AFTER))
        raise HttpError(Failure.THROTTLED, status, note, wait)
    # A source often does not say that a token is too old, or of the future, by its clock. Open
    # Klant 1 falls over one, with a 500.
    ahead = clock_ahead(response.headers.get("Date")) if status in (401, 403, 500) else None
    if ahead is not None:
        note += f", its clock differs by {ahead} seconds"
    if status >= 500:
        raise HttpError(Failure.UNAVAILABLE, status, note, ahead=ahead)
    if status in (401, 403):
        raise HttpError(Failure.REFUSED, status, note, ahead=ahead)
    if status >= 400:
        raise HttpError(Failure.REFUSED, status, note)
    raise HttpError(Failure.BAD_DATA, status, note)


def clock_ahead(date: str | None) -> int | None:
    """By how many seconds the clock of the source is ahead, by the ``Date`` of an answer (RFC 9110,
    section 6.6.1), where that is more than half a minute; negative: behind. ``None`` also where
    the date is none."""
    try:
        moment = parsedate_to_datetime(date or "")
        ahead = round(moment.timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
    return ahead if abs(ahead) > _CLOCKS_APART else None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None


async def _body(response: httpx.Response, most: int = MAX_BYTES, *, whole: bool = True) -> bytes:
    """The body, which is an error where it is larger than ``most``; or no more of it than that."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise SourceError(Failure.BAD_DATA, "an encoding that was not asked for")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.stream:
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            if whole:
                raise SourceError(Failure.BAD_DATA, "answer too large")
            break
    return b"".join(chunks)[:most]


def _json(body: bytes) -> Any:
    """The value of a JSON text (RFC 8259), which may begin with a byte order mark.

    The parser refuses what is nested deeper than two hundred, halves of characters, and NaN.
    """
    # Before parsing, because it is then that memory is taken. Commas within texts count as well:
    # a bound, not a number.
    if len(body) > MAX_ITEMS and sum(map(body.count, (b",", b"[", b"{"))) > MAX_ITEMS:
        raise SourceError(Failure.BAD_DATA, "answer with too many items")
    try:
        value = from_json(
            body.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False, cache_strings="keys"
        )
    except ValueError:
        raise SourceError(Failure.BAD_DATA, "no JSON") from None
    shape = body.translate(_SHAPE, b"+")
    if any(huge in shape for huge in _HUGE) and not _finite(value):
        raise SourceError(Failure.BAD_DATA, "a number without end")
    return value


def _finite(value: Any) -> bool:
    """Whether no number in it is infinite."""
    match value:
        case float():
            return math.isfinite(value)
        case dict():
            return all(map(_finite, value.values()))
        case list():
            return all(map(_finite, value))
        case _:
            return True
