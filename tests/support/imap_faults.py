"""Ways in which a mail server answers a command other than as it should."""

from __future__ import annotations

import asyncio

from adapters.imap.wire import MAX_LINE, MAX_LITERAL
from tests.support.imap import Connection, fetched


async def says_nothing(connection: Connection, tag: bytes) -> None:
    await asyncio.sleep(60)


async def hangs_up(connection: Connection, tag: bytes) -> None:
    connection.writer.transport.abort()


async def stops_halfway(connection: Connection, tag: bytes) -> None:
    connection.writer.write(fetched(connection.server.told[-1], 1)[:40])
    await connection.writer.drain()
    connection.writer.transport.abort()


async def hangs_halfway(connection: Connection, tag: bytes) -> None:
    connection.writer.write(fetched(connection.server.told[-1], 1)[:40])
    await asyncio.sleep(60)


async def says_no(connection: Connection, tag: bytes) -> None:
    await connection.say(tag + b" NO [CANNOT] jan@voorbeeld.example is not to be found")


async def says_bad(connection: Connection, tag: bytes) -> None:
    await connection.say(tag + b" BAD jan@voorbeeld.example")


async def is_busy(connection: Connection, tag: bytes) -> None:
    await connection.say(tag + b" NO [UNAVAILABLE] later")


async def says_goodbye(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* BYE shutting down", tag + b" OK")


async def answers_something_else(connection: Connection, tag: bytes) -> None:
    await connection.say(b"Z99 OK done")


async def asks(connection: Connection, tag: bytes) -> None:
    await connection.say(b"+ and what now?")


async def opens_too_much(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* ESEARCH UID ALL 1:4294967295", tag + b" OK")


async def nests_wrong(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* 1 FETCH (UID 1))", tag + b" OK")


async def is_too_long(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* " + b"x" * (MAX_LINE + 10), tag + b" OK")


async def is_too_large(connection: Connection, tag: bytes) -> None:
    await connection.say(b"* 1 FETCH (UID 1 BODY[1] {%d}" % (MAX_LITERAL + 1))
