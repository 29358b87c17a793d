"""A closed loop of clients: each asks again as soon as it has its answer.

``python -m benchmarks.client PORT TARGET CONNECTIONS SECONDS`` prints one line of JSON. It is a
process of its own, so that what it costs is not counted as the server's.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from typing import Final, cast

import uvloop

TOKEN: Final = "benchmark"  # noqa: S105 - opens nothing
_LENGTH: Final = b"content-length: "


class _Client(asyncio.Protocol):
    """One connection. ``done`` is set when it has no more to ask."""

    def __init__(self, request: bytes, end: float) -> None:
        self._request, self._end = request, end
        self._head = b""
        self._left = -1
        self.times: list[float] = []
        self.errors = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own transport, which is registered under no base class.
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.errors += 1
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self._left < 0:
            self._head += data
            head, found, rest = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            self.errors += not head.startswith(b"HTTP/1.1 200")
            length = head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0]
            self._left = int(length) - len(rest)
        else:
            self._left -= len(data)
        if self._left == 0:
            self.times.append(time.perf_counter() - self._started)
            self._ask()

    def _ask(self) -> None:
        self._head, self._left = b"", -1
        self._started = time.perf_counter()
        if self._started < self._end:
            self._transport.write(self._request)
        else:
            self.done.set_result(None)
            self._transport.close()


async def _load(port: int, target: str, connections: int, seconds: float) -> dict[str, float]:
    """Requests per second, how many failed, and the median and 99th percentile in ms."""
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Token {TOKEN}"
    started = time.perf_counter()
    loop = asyncio.get_running_loop()

    def client() -> _Client:
        return _Client(f"{head}\r\n\r\n".encode(), started + seconds)

    made = [await loop.create_connection(client, "127.0.0.1", port) for _ in range(connections)]
    clients = [protocol for _, protocol in made]
    await asyncio.gather(*(c.done for c in clients))
    taken = time.perf_counter() - started
    times = sorted(t for c in clients for t in c.times)
    return {
        "requests": len(times),
        "errors": sum(c.errors for c in clients),
        "rate": len(times) / taken,
        "p50": statistics.median(times) * 1000 if times else 0,
        "p99": times[len(times) * 99 // 100] * 1000 if times else 0,
    }


if __name__ == "__main__":
    _, port, target, connections, seconds = sys.argv
    print(json.dumps(uvloop.run(_load(int(port), target, int(connections), float(seconds)))))
