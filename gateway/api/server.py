"""The HTTP server: uvicorn, with the bounds on incoming requests that it lacks.

A request head has to be complete within a number of seconds and bytes, and what is no HTTP is
answered in the contract's problem shape. The management port is a second server on the same event
loop: it says how this process is, so it has to stop answering when the loop does.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway.api.problems import body_of
from gateway.standard.errors import HEAD_TIMEOUT, HEADERS_TOO_LARGE, MALFORMED, Kind, Problem

MAX_HEAD_BYTES: Final = 65_536
HEAD_SECONDS: Final = 10.0


class GuardedProtocol(HttpToolsProtocol):
    """One connection. The head of each request is bounded in time and size."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only of the characters in a value: a browser or proxy that names itself oddly is answered.
        self.parser.set_dangerous_leniencies(lenient_headers=True)

    def on_header(self, name: bytes, value: bytes) -> None:
        # CR and LF the parser refuses anyway; other control characters may stay (RFC 9110, 5.5).
        if b"\0" in value:
            raise ValueError("NUL in a header")
        super().on_header(name, value)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HEADERS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._in_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(MALFORMED)

    def _expect_head(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._stop_timer()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._refuse, HEAD_TIMEOUT)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, kind: Kind) -> None:
        """Answer and close; nothing of the request reaches the application."""
        if self.transport.is_closing():
            return
        body = body_of(Problem(kind), "")
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[kind.status] + head % len(body) + body)
        self.transport.close()


def server(app: ASGIApp, host: str, port: int, trusted_proxies: list[str]) -> uvicorn.Config:
    """The settings of uvicorn. Its access log is off: it prints urls, and so BSNs."""
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "http": GuardedProtocol,
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(trusted_proxies),
        "forwarded_allow_ips": trusted_proxies,
    }
    return uvicorn.Config(app, **options)


class ApiServer(uvicorn.Server):
    """The API, with the management port beside it while it runs."""

    def __init__(self, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self._beside: uvicorn.Server | None = None
        self._turning: asyncio.Task[None] | None = None

    def beside(self, management: uvicorn.Config) -> None:
        """Have these settings served as well, before the API opens and until it is closed."""
        self._beside = uvicorn.Server(management)

    @property
    def management_port(self) -> int | None:
        """The port beside that of the API, if there is one."""
        return self._beside.config.port if self._beside else None

    @property
    def serving(self) -> bool:
        """Whether requests are taken: no longer as soon as the process is told to stop."""
        return self.started and not self.should_exit

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the ports. Ends the process, with a line in the log, when one is taken."""
        if self._beside is not None:
            # What ``serve`` does, without its signal handlers: there is one process to stop.
            self._beside.config.load()
            self._beside.lifespan = self._beside.config.lifespan_class(self._beside.config)
            await self._beside.startup()
            self._turning = asyncio.create_task(self._beside.main_loop())
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the API once its requests have ended, then the management port."""
        await super().shutdown(sockets)
        if self._beside is not None and self._turning is not None:
            self._beside.should_exit = True
            await self._turning
            await self._beside.shutdown()
