"""A transport that remembers what went over it, to be written with persons replaced."""

from __future__ import annotations

import secrets
from base64 import b64decode
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.recording.bodies import body, changed
from adapters.recording.exchange import Exchange, RecordingError, media_type, written
from adapters.recording.fields import Fields, Kind
from adapters.recording.safe import remains
from adapters.recording.scrubbing import Scrubber
from adapters.wiring import Usual

_HEADERS: Final = ("etag", "location", "retry-after")
"""What of the headers of an answer is recorded, beside its media type."""
_CREDENTIALS: Final = ("auth", "cookie", "key", "token", "secret", "user")
_SHORT: Final = 8
"""Shorter than this, a credential cannot be told from any other text."""


class Recorder:
    """Everything that goes over the transports that it is put around, until it is written.

    ``keep``: names of fields in which no person stands, beside those that are known. ``kept``:
    texts that are nobody's, as those in the description of a source.
    """

    def __init__(self, keep: Iterable[str] = (), kept: Collection[str] = ()) -> None:
        self._fields = Fields(keep)
        self._kept = kept
        self._exchanges: list[Exchange] = []
        self._secrets: set[str] = set()

    def __len__(self) -> int:
        return len(self._exchanges)

    def over(self, usual: Usual) -> httpx.AsyncBaseTransport:
        """A ``Wiring``: the usual transport, listened to."""
        return _Listening(usual(), self)

    def heard(self, request: httpx.Request, sent: bytes, response: httpx.Response) -> None:
        """Remember one exchange, of which both bodies were read."""
        for name, value in (*request.headers.multi_items(), *response.headers.multi_items()):
            if name != "user-agent" and any(word in name for word in _CREDENTIALS):
                self._secret(value)
                scheme, _, given = value.rpartition(" ")
                self._secret(given)
                if scheme.lower() == "basic":
                    with suppress(ValueError):
                        for part in b64decode(given).decode().partition(":")[::2]:
                            self._secret(part)
        exchange = Exchange(
            method=request.method,
            url=str(request.url.copy_with(query=None)),
            params=request.url.params.multi_items(),
            sent=body(sent, media_type(request.headers)),
            status=response.status_code,
            headers={k: response.headers[k] for k in _HEADERS if k in response.headers},
            answer=body(response.content, media_type(response.headers)),
        )
        changed(exchange.sent, self._look)
        changed(exchange.answer, self._look)
        for name, value in exchange.params:
            self._look((name,), value)
        self._exchanges.append(exchange)

    def _look(self, path: tuple[str, ...], value: Any) -> Any:
        if isinstance(value, str) and self._fields.kind(path) is Kind.SECRET:
            self._secret(value)
        return value

    def _secret(self, value: str) -> None:
        if len(value) >= _SHORT:
            self._secrets.add(value)

    def save(self, path: Path) -> None:
        """Write what was recorded, with other persons. The key by which they were chosen is gone
        after it, so that two files never share one.

        Raises ``RecordingError``, and writes nothing, when something still looks personal.
        """
        scrubber = Scrubber(secrets.token_bytes(32), self._fields, self._kept)
        try:
            exchanges = scrubber.all(self._exchanges)
            left = list(remains(exchanges, scrubber.originals, self._secrets))
            if left:
                raise RecordingError("\n".join(left))
            written(path, exchanges)
        except RecursionError:
            raise RecordingError("a body that is nested too deeply") from None


class _Listening(httpx.AsyncBaseTransport):
    def __init__(self, usual: httpx.AsyncBaseTransport, recorder: Recorder) -> None:
        self._usual = usual
        self._recorder = recorder

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = await request.aread()
        # An answer that something has not changed says nothing to who asks later.
        request.headers.pop("If-None-Match", None)
        response = await self._usual.handle_async_request(request)
        try:
            content = await response.aread()
        finally:
            await response.aclose()
        self._recorder.heard(request, sent, response)
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name not in ("content-encoding", "content-length", "transfer-encoding")
        ]
        stream = httpx.ByteStream(content)
        return httpx.Response(response.status_code, headers=headers, stream=stream)

    async def aclose(self) -> None:
        await self._usual.aclose()
