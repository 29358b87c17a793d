"""Sources over HTTP whose moods the test sets: slow, failing, and counting what they are asked."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.kcc.data import SMALL, Tables, generate
from demo.rest.app import create_app


@dataclass(frozen=True)
class Mood:
    """How a source answers: after so many seconds; with this status instead of what was asked,
    for each path only the first ``times``, if that is given."""

    seconds: float = 0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int | None = None


WELL = Mood()


class FakeSource:
    """An application with a mood. ``mood`` holds for every path, ``moods`` for some."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.mood = WELL
        self.moods: dict[str, Mood] = {}
        self.origin = ""
        """Where it is served."""
        self.forget()

    def forget(self) -> None:
        """Start counting anew."""
        self.asked: Counter[str] = Counter()
        """How often each path was asked."""
        self.most_at_once = 0
        self._at_once = 0
        self._failed: Counter[str] = Counter()

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return self.asked.total()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        mood = self.moods.get(path, self.mood)
        self.asked[path] += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(mood.seconds)
            await self._answer(path, mood)(scope, receive, send)
        finally:
            self._at_once -= 1

    def _answer(self, path: str, mood: Mood) -> ASGIApp:
        if mood.status is None or (mood.times is not None and self._failed[path] >= mood.times):
            return self._app
        self._failed[path] += 1
        return PlainTextResponse("no", mood.status, dict(mood.headers))


class _Server(uvicorn.Server):
    """Leaves the signals of the process alone, and says when it listens."""

    def __init__(self, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, **tls: Any) -> AsyncIterator[str]:
    """The origin at which a real server on this event loop serves an application; ``tls``: its
    certificates, as uvicorn names them."""
    # Named, for asyncio turns off Nagle's algorithm only on what says that it is TCP.
    with socket.socket(proto=socket.IPPROTO_TCP) as own:
        own.bind(("127.0.0.1", 0))
        settings = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            timeout_keep_alive=60,
            **tls,
        )
        server = _Server(settings)
        running = asyncio.create_task(server.serve(sockets=[own]))
        try:
            await server.listening.wait()
            yield f"http{'s' if tls else ''}://127.0.0.1:{own.getsockname()[1]}"
        finally:
            # Who is still being answered is not waited for.
            server.should_exit = server.force_exit = True
            await running
            left = list(server.server_state.tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


def plain_service(rows: Tables | None = None, page_size: int = 100) -> Starlette:
    """The plain REST service on these rows; by default on few rows of the KCC."""
    return create_app(generate(SMALL) if rows is None else rows, page_size=page_size)


@asynccontextmanager
async def fake_source(app: ASGIApp | None = None) -> AsyncIterator[FakeSource]:
    """A source that is served; by default the plain service on few rows of the KCC."""
    fake = FakeSource(app or plain_service())
    async with serving(fake) as fake.origin:
        yield fake
