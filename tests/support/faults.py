"""A network that fails on order: a TCP proxy between a client and a real server.

It listens on a port of its own within this process. What goes wrong is told with
``FaultProxy.use`` and may change at any moment: a connection that is open already fails at its next
question, as a new one does. It knows nothing of what passes, but for the head of an HTTP answer.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Final, Self

_CHUNK: Final = 65_536
_TICK: Final = 0.02
_LENGTH: Final = re.compile(rb"(?i)(?<=\r\ncontent-length:)\s*(\d+)(?=\r\n)")


class Link:
    """One connection of a client, with the one to the server once something was sent on it."""

    def __init__(self, number: int, client: StreamWriter) -> None:
        self.number = number
        self.client = client
        self.server: StreamWriter | None = None
        self.fault = PASS
        """What happens to the question under way, and its answer."""
        self.passed = 0
        """Bytes of the answer under way that the client has got."""
        self.budget: int | None = None
        """Bytes of it that the client will get, once that is known."""

    def close(self) -> None:
        """End both connections in an orderly way."""
        for writer in (self.client, self.server):
            if writer is not None:
                writer.close()

    def reset(self) -> None:
        """End the client's connection with a RST; what it has not read yet may be lost."""
        own: socket.socket = self.client.get_extra_info("socket")
        # The client may have ended it a moment ago: then there is nothing to reset.
        if own.fileno() >= 0:
            # Closing without lingering is a reset (socket(7), SO_LINGER).
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.transport.abort()
        if self.server is not None:
            self.server.transport.abort()


class Fault:
    """What happens to what passes; this one lets everything pass."""

    async def connected(self, link: Link) -> None:
        """A client connected."""

    async def asked(self, link: Link, data: bytes) -> bytes:
        """What goes to the server of what the client sent."""
        return data

    async def answered(self, link: Link, data: bytes) -> None:
        """Send to the client (something of) what came from the server."""
        await send(link, data)

    def __repr__(self) -> str:
        return type(self).__name__.lower()


async def send(link: Link, data: bytes) -> None:
    """These bytes, to the client."""
    link.client.write(data)
    await link.client.drain()
    link.passed += len(data)


@dataclass(frozen=True, repr=False)
class Latency(Fault):
    """Every question reaches the server so many seconds late."""

    seconds: float

    async def asked(self, link: Link, data: bytes) -> bytes:
        await asyncio.sleep(self.seconds)
        return data


@dataclass(frozen=True, repr=False)
class Drip(Fault):
    """The answer comes at so many bytes a second."""

    bytes_per_second: float

    async def answered(self, link: Link, data: bytes) -> None:
        size = max(1, round(self.bytes_per_second * _TICK))
        for at in range(0, len(data), size):
            piece = data[at : at + size]
            await send(link, piece)
            await asyncio.sleep(len(piece) / self.bytes_per_second)


class ResetAtOnce(Fault):
    """A connection is reset as soon as it is there; an open one at its next question."""

    async def connected(self, link: Link) -> None:
        link.reset()

    async def asked(self, link: Link, data: bytes) -> bytes:
        link.reset()
        return b""


@dataclass(frozen=True, repr=False)
class Cut(Fault):
    """The client gets this share of the body of an HTTP answer (of another answer: of the first
    bytes that come), then an orderly close, or a reset."""

    share: float = 0.5
    reset: bool = False

    async def answered(self, link: Link, data: bytes) -> None:
        if link.budget is None:
            link.budget = _budget(data, self.share)
        await send(link, data[: link.budget - link.passed])
        if link.passed >= link.budget:
            if not self.reset:
                return link.close()
            await asyncio.sleep(_TICK)  # A reset overtakes what was not read yet.
            link.reset()

    def __repr__(self) -> str:
        return "resetmidway" if self.reset else "cut"


def _budget(start: bytes, share: float) -> int:
    length = _LENGTH.search(start)
    if length is None:
        return int(len(start) * share)
    return start.index(b"\r\n\r\n") + 4 + int(int(length[1]) * share)


@dataclass(frozen=True, repr=False)
class Lost(Fault):
    """A question with these bytes in it comes to nothing, and the connection is reset: before it
    is passed on, or after, with the answer."""

    to: bytes = b""
    asked_for: bool = True

    async def asked(self, link: Link, data: bytes) -> bytes:
        if self.to not in data:
            return data
        if self.asked_for:
            link.budget = 0
            return data
        link.reset()
        return b""

    async def answered(self, link: Link, data: bytes) -> None:
        if link.budget == 0:
            return link.reset()
        await send(link, data)


class ShortLength(Fault):
    """The head of an HTTP answer says half the length that the body has; all of it is sent."""

    async def answered(self, link: Link, data: bytes) -> None:
        if link.passed == 0:
            data = _LENGTH.sub(lambda found: b" %d" % (int(found[1]) // 2), data, count=1)
        await send(link, data)


@dataclass(frozen=True, repr=False)
class Garbage(Fault):
    """Random bytes instead of an answer, then a close. ``head`` comes before them."""

    seed: int = 0
    head: bytes = b""
    size: int = 512

    async def asked(self, link: Link, data: bytes) -> bytes:
        await send(link, self.head + Random(self.seed).randbytes(self.size))
        link.close()
        return b""


@dataclass(frozen=True, repr=False)
class Hang(Fault):
    """Connections are accepted and questions read, and that is all: for all questions, or for
    those with these bytes in them."""

    on: bytes = b""

    async def asked(self, link: Link, data: bytes) -> bytes:
        return b"" if self.on in data else data


class Refuse(ResetAtOnce):
    """Nobody listens: a connection is refused, and open ones are reset. A listener has no choice
    by connection, so out of a plan this is a reset at once."""


PASS: Final = Fault()
Plan = Callable[[int, int], Fault]
"""What happens on a connection, by its number, to a question, by its number: both from 0, over all
connections. When a connection is made, the question is the next one."""


def mixed(faults: Sequence[Fault], seed: int) -> Plan:
    """For each connection a fault drawn from these; the same for a seed."""
    return lambda connection, _: Random(seed * 1_000_003 + connection).choice(faults)


def after(questions: int, fault: Fault) -> Plan:
    """All is well for so many questions."""
    return lambda _, question: fault if question >= questions else PASS


def _reusable_socket() -> socket.socket:
    """A socket for a port on which connections may still be open."""
    # Named, for asyncio turns off Nagle's algorithm only on what says that it is TCP.
    made = socket.socket(proto=socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


class FaultProxy:
    """A port of this machine behind which a server seems to be. An async context manager.

    ``use`` tells what happens, to all that passes or by a plan. ``greets``: the server speaks
    before it is asked anything, as a mail server does; what it says then passes.
    """

    def __init__(self, port: int, host: str = "127.0.0.1", *, greets: bool = False) -> None:
        self._upstream = (host, port)
        self._greets = greets
        self._fault: Fault | Plan = PASS
        self._own = _reusable_socket()
        self._server: asyncio.Server | None = None
        self._links: dict[Link, asyncio.Task[None]] = {}
        self.connections = 0
        """How many were made."""
        self.questions = 0
        """How often a client sent something."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._own.getsockname()[1])

    @property
    def origin(self) -> str:
        """Where it listens, as the start of a url."""
        return f"http://127.0.0.1:{self.port}"

    async def use(self, fault: Fault | Plan) -> None:
        """From now on this happens; connections and questions are counted anew."""
        self._fault = fault
        self.connections = self.questions = 0
        if isinstance(fault, Refuse):
            self._stop_listening()
            for link in list(self._links):
                link.reset()
        elif self._server is None:
            await self._listen()

    async def __aenter__(self) -> Self:
        self._own.bind(("127.0.0.1", 0))
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self._own.close()
        tasks = list(self._links.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, sock=self._own)

    def _stop_listening(self) -> None:
        """Keep the port, so that nobody else gets it, without listening on it."""
        if self._server is None:
            return
        port = self.port
        self._server.close()
        self._server = None
        self._own = _reusable_socket()
        self._own.bind(("127.0.0.1", port))

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        link = Link(self.connections, writer)
        self.connections += 1
        self._links[link] = asyncio.create_task(self._keep(link, reader))

    async def _keep(self, link: Link, reader: StreamReader) -> None:
        try:
            # A lost connection ends here: that is what this is for.
            with suppress(OSError):
                await self._serve(link, reader)
        finally:
            del self._links[link]
            link.close()

    def _fault_of(self, link: Link) -> Fault:
        if isinstance(self._fault, Fault):
            return self._fault
        return self._fault(link.number, self.questions)

    async def _serve(self, link: Link, reader: StreamReader) -> None:
        """Pass on what the client sends until it is gone; answers come back meanwhile."""
        await self._fault_of(link).connected(link)
        back: asyncio.Task[None] | None = None
        try:
            if self._greets:
                back = await self._onward(link)
            while data := await reader.read(_CHUNK):
                link.fault, link.passed, link.budget = self._fault_of(link), 0, None
                self.questions += 1
                onward = await link.fault.asked(link, data)
                if not onward:
                    continue
                back = back or await self._onward(link)
                assert link.server is not None
                link.server.write(onward)
                await link.server.drain()
        finally:
            if back is not None:
                back.cancel()
                await asyncio.gather(back, return_exceptions=True)

    async def _onward(self, link: Link) -> asyncio.Task[None]:
        answers, link.server = await asyncio.open_connection(*self._upstream)
        return asyncio.create_task(self._answers(link, answers))

    async def _answers(self, link: Link, reader: StreamReader) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                await link.fault.answered(link, data)
        link.close()
