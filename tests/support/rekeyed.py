"""A gateway as another Klantinteracties register: with keys as an Open Klant makes them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Self

import httpx

from adapters.klantinteracties import KlantinteractiesAdapter
from gateway.standard.table import RESOURCES

# Where a key stands: in a member or a parameter of that name, and in a url of the register. Other
# uuids, such as that of a zaak, are what they are.
_KEY: Final = re.compile(
    rf"""(?P<at>uuid":\ ?"|uuid=|(?:^|/|%2F)(?:{"|".join(RESOURCES)})(?:/|%2F))"""
    r"(?P<head>[0-9a-f]{8}-[0-9a-f]{4}-)(?P<version>[48])(?P<tail>[0-9a-f]{3}-)"
)


def random_keys(text: str) -> str:
    """A text with keys of version 4, as those of an Open Klant, instead of 8."""
    return _of_version(text, "8", "4")


def as_there(text: str) -> str:
    """The opposite of ``random_keys``."""
    return _of_version(text, "4", "8")


def _of_version(text: str, old: str, new: str) -> str:
    def other(found: re.Match[str]) -> str:
        version = new if found["version"] == old else found["version"]
        return f"{found['at']}{found['head']}{version}{found['tail']}"

    return _KEY.sub(other, text)


class Rekeyed(httpx.AsyncBaseTransport):
    """What leads to a register that is a gateway."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpx.Request(
            request.method,
            as_there(str(request.url)),
            headers={k: v for k, v in request.headers.items() if k != "content-length"},
            content=as_there(request.content.decode()),
            extensions=request.extensions,
        )
        answer = await self._inner.handle_async_request(asked)
        try:
            text = (await answer.aread()).decode()
        finally:
            await answer.aclose()
        return httpx.Response(answer.status_code, stream=_Body(random_keys(text).encode()))

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


class ServedRegister(KlantinteractiesAdapter):
    """The adapter before a gateway that is served elsewhere."""

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        made = super().create(options, collections)
        made._transport = Rekeyed(httpx.AsyncHTTPTransport())
        return made
