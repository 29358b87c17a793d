"""A server of bytes on a real connection."""

from __future__ import annotations

import asyncio
from typing import Self

from adapters.http import HttpSource

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: 2\r\n\r\n{}"


class Wire:
    """A server that answers every question with these bytes, and may be slow or rude about it."""

    def __init__(self) -> None:
        self.answer = WHOLE
        self.pause = 0.0
        self.ends = False
        self.asked = 0
        self._server: asyncio.Server | None = None
        self._sources: list[HttpSource] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4096)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()
        for source in self._sources:
            await source.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def stop(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()

    def source(self, **options: float) -> HttpSource:
        """A client of it with three connections."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        self._sources.append(HttpSource(f"http://127.0.0.1:{port}", {}, 3, **options))
        return self._sources[-1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            ended = False
            while not ended:
                await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                ended = self.ends
                step = 1 if self.pause else len(self.answer)
                for start in range(0, len(self.answer), step or 1):
                    await asyncio.sleep(self.pause)
                    writer.write(self.answer[start : start + step])
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return  # The client went.
        finally:
            writer.close()
