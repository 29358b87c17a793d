"""A mail server that answers as a test tells it to, and remembers what it was told."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, Final

from tests.support.mails import mail

CAPABILITIES: Final = "IMAP4rev1 LITERAL+ ESEARCH"
HEADER_ITEM: Final = re.compile(rb"BODY\.PEEK(\[HEADER\.FIELDS \([^)]*\)\])")

Answer = Callable[["Connection", bytes], Awaitable[None]]


class Connection:
    """One client. ``told``: its commands, each with the literals in it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: Scripted
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.server = server

    async def say(self, *lines: bytes) -> None:
        for line in lines:
            self.writer.write(line + b"\r\n")
        await self.writer.drain()

    async def serve(self) -> None:
        await self.say(b"* OK ready")
        while line := await self.reader.readline():
            command = line.rstrip(b"\r\n")
            while found := re.search(rb"\{(\d+)(\+?)\}$", command):
                if not found[2]:
                    await self.say(b"+ go on")
                command += b"\n" + await self.reader.readexactly(int(found[1]))
                command += (await self.reader.readline()).rstrip(b"\r\n")
            self.server.told.append(command)
            tag, _, rest = command.partition(b" ")
            verb = rest.split(b" ")[0].upper()
            if verb == b"UID":
                verb = rest.split(b" ")[1].upper()
            await (self.server.answers.get(verb.decode()) or _ANSWERS[verb])(self, tag)


class Scripted:
    """``answers``: how it answers, by command, other than as it should. ``able``: what it names.
    ``messages``: what is in its folders, from uid 1 on."""

    def __init__(self) -> None:
        self.port = 0
        self.answers: dict[str, Answer] = {}
        self.able = CAPABILITIES
        self.told: list[bytes] = []
        self.messages = [mail(1), mail(2)]
        self.connections = 0

    def options(self, folder: Path, **given: Any) -> dict[str, Any]:
        if "credentials" not in given:
            (folder / "password").write_text("geheim")
            given["password"] = f"file:{folder / 'password'}"
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "username": "kcc",
            "read_seconds": 1,
            **given,
        }


async def _ok(connection: Connection, tag: bytes) -> None:
    await connection.say(tag + b" OK done")


async def _capability(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* CAPABILITY " + connection.server.able.encode(), tag + b" OK")


async def _examine(connection: Connection, tag: bytes) -> None:
    number = len(connection.server.messages)
    await connection.say(
        b"* %d EXISTS" % number,
        b"* OK [UIDVALIDITY 7] ok",
        b"* OK [UIDNEXT %d] ok" % (number + 1),
        tag + b" OK [READ-ONLY]",
    )


async def _search(connection: Connection, tag: bytes) -> None:
    """All messages, whatever is asked: a server may find too much."""
    number = len(connection.server.messages)
    extended = b"RETURN" in connection.server.told[-1]
    every = b" ".join(b"%d" % uid for uid in range(number, 0, -1))
    found = b'* ESEARCH (TAG "%s") UID ALL 1:%d' % (tag, number)
    await connection.say(found if extended else b"* SEARCH " + every, tag + b" OK")


async def fetch(connection: Connection, tag: bytes) -> None:
    """Those that are asked for, in one part."""
    command = connection.server.told[-1]
    for uid in _uids(command):
        await connection.say(fetched(command, uid, connection.server.messages[uid - 1]))
    await connection.say(tag + b" OK")


def _uids(command: bytes) -> list[int]:
    """The uids in a command (RFC 9051: ``sequence-set``)."""
    ranges = [part.partition(b":") for part in command.split(b" ")[3].split(b",")]
    return [n for a, _, b in ranges for n in range(int(a), int(b or a) + 1)]


def fetched(command: bytes, uid: int, message: EmailMessage | None = None) -> bytes:
    """What is asked of one message."""
    head, _, body = bytes(message or mail(uid)).partition(b"\n\n")
    parts = [b"UID %d" % uid]
    if b"INTERNALDATE" in command:
        parts.append(b'INTERNALDATE " 1-Jan-2025 12:00:00 +0000"')
    if item := HEADER_ITEM.search(command):
        parts.append(b"BODY" + item[1] + b" {%d}\r\n" % len(head) + head)
    if b"BODYSTRUCTURE" in command:
        plain = b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" %d 3 NIL NIL NIL NIL)'
        parts.append(b"BODYSTRUCTURE " + plain % len(body))
    if b"BODY.PEEK[1]" in command:
        parts.append(b"BODY[1]<0> {%d}\r\n" % len(body) + body)
    return b"* %d FETCH (" % uid + b" ".join(parts) + b")"


_ANSWERS: Final[Mapping[bytes, Answer]] = {
    b"CAPABILITY": _capability,
    b"LOGIN": _ok,
    b"AUTHENTICATE": _ok,
    b"EXAMINE": _examine,
    b"SEARCH": _search,
    b"FETCH": fetch,
    b"NOOP": _ok,
    b"LOGOUT": _ok,
}


@asynccontextmanager
async def scripted(tls: ssl.SSLContext | None = None) -> AsyncIterator[Scripted]:
    """A server on a port of this machine, gone at the end. ``tls``: from the first byte on."""
    script = Scripted()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script.connections += 1
        try:
            await Connection(reader, writer, script).serve()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # The client is gone: that is what most of these tests are about.
        finally:
            writer.transport.abort()

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        # The end of the server; asyncio would make a noise about it.
        with suppress(asyncio.CancelledError):
            await serve(reader, writer)

    server = await asyncio.start_server(begin, "127.0.0.1", 0, ssl=tls)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def served(messages: Sequence[EmailMessage]) -> Iterator[Scripted]:
    """A server with these messages, in a thread: for who makes an event loop for each question."""
    begun: Queue[tuple[Scripted, asyncio.AbstractEventLoop, asyncio.Event]] = Queue()

    async def serve() -> None:
        async with scripted() as script:
            script.messages = list(messages)
            over = asyncio.Event()
            begun.put((script, asyncio.get_running_loop(), over))
            await over.wait()

    thread = Thread(target=asyncio.run, args=[serve()])
    thread.start()
    script, loop, over = begun.get()
    try:
        yield script
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
