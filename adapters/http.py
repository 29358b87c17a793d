"""The one seam to HTTP: a client per source, bounded, that follows nothing and trusts nothing.

httpx runs on the aiohttp transport: its own pool scans all connections on every request, and
loses a slot for every call that a deadline cancels.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from adapters.base import Failure, SourceError

# Its INFO line holds the whole url, and with it the BSN that was asked for.
logging.getLogger("httpx").setLevel(logging.WARNING)

MAX_BYTES: Final = 10 * 1024 * 1024
_RETRY_AFTER: Final = "Retry-After"


class HttpSource:
    """GETs of JSON from one origin. Every failure is a ``SourceError`` without url or content."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        connections: int,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._client = httpx.AsyncClient(
            transport=transport or _transport(connections),
            headers={**headers, "Accept": "application/json", "Accept-Encoding": "identity"},
            # The cookies of one answer are not for the next question.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(None),
        )

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any | None:
        """The JSON at a path below the base; ``None`` when the answer is 404."""
        try:
            async with self._client.stream(
                "GET", f"{self._base}/{path}", params=dict(params or {})
            ) as response:
                if response.status_code == 404:
                    return None
                _check(response)
                return _json(await _body(response))
        except httpx.ConnectTimeout as error:
            # What the aiohttp transport makes of a connection that was refused or lost; time is
            # bounded by the caller.
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None
        except httpx.TimeoutException as error:
            raise SourceError(Failure.TIMEOUT, type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError) as error:
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _transport(connections: int) -> httpx.AsyncBaseTransport:
    # Called on first use, because aiohttp wants a running event loop. Deadlines are the caller's.
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    return AiohttpTransport(client=session)


def _check(response: httpx.Response) -> None:
    status = response.status_code
    note = f"status {status}"
    if status == 200:
        return
    if status in (429, 503):
        raise SourceError(Failure.THROTTLED, note, _seconds(response.headers.get(_RETRY_AFTER)))
    if status >= 500:
        raise SourceError(Failure.UNAVAILABLE, note)
    if status >= 400:
        raise SourceError(Failure.REFUSED, note)
    raise SourceError(Failure.BAD_DATA, note)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise SourceError(Failure.BAD_DATA, "an encoding that was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_BYTES:
            raise SourceError(Failure.BAD_DATA, "answer too large")
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise SourceError(Failure.BAD_DATA, "no JSON") from None
