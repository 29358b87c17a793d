"""A source that answers at once, or after a fixed time: ``/<milliseconds>/<records>/<collection>``.

``python -m benchmarks.servers.stub PORT``. Bodies are made once; an answer is one write of bytes
that were ready before the request came, so that the stub is never what is measured.
"""

from __future__ import annotations

import asyncio
import sys
from functools import lru_cache
from typing import cast

import httptools
import uvloop

from benchmarks.data import page, records

_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Stub(asyncio.Protocol):
    """One connection; requests without a body, pipelining allowed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own transport, which is registered under no base class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_message_complete(self) -> None:
        milliseconds, answer = _answer(self._url.partition(b"?")[0])
        if milliseconds:
            self._loop.call_later(milliseconds / 1000, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


@lru_cache(maxsize=64)
def _answer(path: bytes) -> tuple[int, bytes]:
    """The milliseconds to wait, and the whole answer."""
    parts = path.decode("ascii", "replace").strip("/").split("/")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return 0, _NOT_FOUND
    body = page(records(int(parts[1])))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return int(parts[0]), head % len(body) + body


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
