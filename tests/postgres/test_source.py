"""PostgreSQL as a source: read only, bounded in time and connections, honest when it fails."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.base import Failure, Query, SourceError
from adapters.conditions import In
from adapters.sql import SqlAdapter
from tests.helpers import BSN, free_port
from tests.postgres.server import sqlalchemy

SLOW = 'SELECT 1 AS "ID", pg_sleep(%s)::text AS "WORD"'
COLLECTIONS = {
    "THING": {"key": "ID", "columns": {"ID": "integer", "WORD": "text"}},
    "elsewhere": {
        "table": "THING",
        "schema": "Else where",
        "key": "ID",
        "columns": {"ID": "integer"},
    },
    "SECRET": {"key": "ID", "columns": {"ID": "integer", "WORD": "text"}},
    "GONE": {"key": "ID", "columns": {"ID": "integer", "WORD": "text"}},
    "named": {
        "query": """SELECT "ID", ':x %s \\:' || "WORD" || '::' AS "W", now()::date::text AS "DAY"
                    FROM "THING" WHERE "WORD" LIKE 'a%'""",
        "key": "ID",
        "columns": {"ID": "integer", "W": "text", "DAY": "text"},
    },
    "writing": {
        "query": """WITH new AS (INSERT INTO "THING" VALUES (9, 'new') RETURNING "ID")
                    SELECT "ID" FROM new""",
        "key": "ID",
        "columns": {"ID": "integer"},
    },
    "slow": {"query": SLOW % 30, "key": "ID", "columns": {"ID": "integer", "WORD": "text"}},
    "brief": {"query": SLOW % 0.3, "key": "ID", "columns": {"ID": "integer", "WORD": "text"}},
}
READER = "gateway_reader_of_tests"


@pytest.fixture(scope="module")
def filled(dsn: str) -> str:
    """The address of a database with a few tables, one of them not for the reader."""

    async def fill() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(
                'CREATE TABLE "THING" ("ID" INTEGER PRIMARY KEY, "WORD" TEXT);'
                """INSERT INTO "THING" VALUES (1, 'aa'), (2, 'ab'), (3, 'b');"""
                'CREATE SCHEMA "Else where"; CREATE TABLE "Else where"."THING" ("ID" INTEGER);'
                'INSERT INTO "Else where"."THING" VALUES (7);'
                'CREATE TABLE "SECRET" ("ID" INTEGER, "WORD" TEXT);'
                # The connections of the gateway under test.
                "CREATE VIEW ours AS SELECT pid, state FROM pg_stat_activity WHERE"
                " application_name = 'klantinteracties-gateway' AND datname = current_database()"
            )
        finally:
            await connection.close()

    asyncio.run(fill())
    return dsn


Opened = Callable[..., SqlAdapter]


@pytest.fixture
async def opened(filled: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Opened]:
    """Makes adapters on the database, or on the address given."""
    made: list[SqlAdapter] = []

    def make(dsn: str = filled, **options: Any) -> SqlAdapter:
        monkeypatch.setenv("THING_URL", sqlalchemy(dsn))
        given = {"url": "env:THING_URL", "dialect": "postgresql", **options}
        made.append(SqlAdapter.create(given, COLLECTIONS))
        return made[-1]

    yield make
    for adapter in made:
        await adapter.close()


@asynccontextmanager
async def administrator(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def failure(adapter: SqlAdapter, collection: str = "THING", **query: Any) -> SourceError:
    """How a question fails."""
    with pytest.raises(SourceError) as caught:
        await adapter.find(collection, Query(**query))
    return caught.value


def other(dsn: str, **parts: str) -> str:
    return urlsplit(dsn)._replace(**parts).geturl()


async def test_a_source_that_is_well_says_so(opened: Opened) -> None:
    await opened().check()


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO "THING" VALUES (9, 'new')""",
        """UPDATE "THING" SET "WORD" = 'x'""",
        'DELETE FROM "THING"',
        'TRUNCATE "THING"',
        'DROP TABLE "THING"',
        'CREATE TABLE "NEW" ("X" INTEGER)',
    ],
)
async def test_the_connection_cannot_write(opened: Opened, filled: str, statement: str) -> None:
    engine = await opened()._connected()
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(text(statement))
    async with administrator(filled) as connection:
        assert await connection.fetchval('SELECT count(*) FROM "THING"') == 3


async def test_a_named_query_cannot_write(opened: Opened, filled: str) -> None:
    assert (await failure(opened(), "writing")).failure is Failure.BAD_DATA
    async with administrator(filled) as connection:
        assert await connection.fetchval('SELECT count(*) FROM "THING"') == 3


async def test_a_named_query_is_a_collection_like_any_other(opened: Opened) -> None:
    page = await opened().find("named", Query(In("W", (r":x %s \:ab::",)), count=True))
    assert [(r["ID"], r["W"]) for r in page.records] == [(2, r":x %s \:ab::")]
    assert page.total == 1
    assert len(page.records[0]["DAY"]) == 10


async def test_a_table_in_another_schema(opened: Opened) -> None:
    assert (await opened().find("elsewhere", Query())).records == [{"ID": 7}]


async def test_a_statement_that_takes_too_long_is_cut_short(opened: Opened, filled: str) -> None:
    began = time.monotonic()
    error = await failure(opened(statement_seconds=0.5), "slow")
    assert error.failure is Failure.TIMEOUT
    assert time.monotonic() - began < 3
    async with administrator(filled) as connection:
        running = await connection.fetchval("SELECT count(*) FROM ours WHERE state = 'active'")
    assert running == 0


async def test_a_call_that_is_given_up_takes_no_connection_along(opened: Opened) -> None:
    adapter = opened(connections=1, statement_seconds=20)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await adapter.find("slow", Query())
    async with asyncio.timeout(5):
        assert len((await adapter.find("THING", Query())).records) == 3


async def test_calls_wait_for_a_connection_and_there_are_no_more(
    opened: Opened, filled: str
) -> None:
    adapter = opened(connections=2)
    began = time.monotonic()
    calls = [asyncio.create_task(adapter.find("brief", Query())) for _ in range(6)]
    most = 0
    async with administrator(filled) as connection:
        while not all(c.done() for c in calls):
            most = max(most, await connection.fetchval("SELECT count(*) FROM ours"))
            await asyncio.sleep(0.02)
    assert [len(c.result().records) for c in calls] == [1] * 6
    assert most == 2
    assert time.monotonic() - began > 0.8


async def test_a_call_does_not_wait_for_a_connection_for_ever(opened: Opened) -> None:
    adapter = opened(connections=1, statement_seconds=0.5)
    engine = await adapter._connected()
    began = time.monotonic()
    async with engine.connect():
        error = await failure(adapter)
    assert error.failure is Failure.TIMEOUT
    assert time.monotonic() - began < 3
    assert len((await adapter.find("THING", Query())).records) == 3


async def test_connections_that_the_server_closed_are_made_anew(
    opened: Opened, filled: str
) -> None:
    adapter = opened()
    await adapter.find("THING", Query(count=True))
    async with administrator(filled) as connection:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM ours")
    assert (await adapter.find("THING", Query(count=True))).total == 3


async def test_a_server_that_goes_away_meanwhile_is_unavailable(
    opened: Opened, filled: str
) -> None:
    adapter = opened(statement_seconds=20)
    call = asyncio.create_task(failure(adapter, "slow"))
    async with administrator(filled) as connection:
        ended = 0
        for _ in range(500):
            ended = ended or await connection.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM ours WHERE state = 'active'"
            )
            await asyncio.sleep(0 if ended else 0.02)
    assert (await call).failure is Failure.UNAVAILABLE


async def test_nothing_listens(opened: Opened) -> None:
    error = await failure(opened(f"postgresql://x:{BSN}@127.0.0.1:{free_port()}/x"))
    assert error.failure is Failure.UNAVAILABLE
    assert BSN not in f"{error!r} {error.note} {error.args}"


async def test_a_server_that_says_nothing_is_given_up(opened: Opened) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        adapter = opened(f"postgresql://x:x@{address}/x", statement_seconds=0.5)
        began = time.monotonic()
        error = await failure(adapter)
    assert error.failure is Failure.TIMEOUT
    assert time.monotonic() - began < 3


async def test_there_is_no_such_database(opened: Opened, filled: str) -> None:
    error = await failure(opened(other(filled, path="/there_is_none")))
    assert error.failure is Failure.UNAVAILABLE


async def test_there_is_no_such_account(opened: Opened, filled: str) -> None:
    address = urlsplit(filled).netloc.rpartition("@")[2]
    error = await failure(opened(other(filled, netloc=f"nobody:{BSN}@{address}")))
    assert error.failure is Failure.REFUSED
    assert BSN not in f"{error!r} {error.note} {error.args}"


async def test_a_table_that_may_not_be_read(opened: Opened, filled: str) -> None:
    address = urlsplit(filled).netloc.rpartition("@")[2]
    async with administrator(filled) as connection:
        await connection.execute(f"DROP ROLE IF EXISTS {READER}")
        await connection.execute(f"CREATE ROLE {READER} LOGIN PASSWORD 'reads'")
        await connection.execute(f'GRANT SELECT ON "THING" TO {READER}')
        try:
            adapter = opened(other(filled, netloc=f"{READER}:reads@{address}"))
            assert len((await adapter.find("THING", Query())).records) == 3
            error = await failure(adapter, "SECRET", where=In("WORD", (BSN,)))
            await adapter.close()
        finally:
            await connection.execute(f'REVOKE ALL ON "THING" FROM {READER}; DROP ROLE {READER}')
    assert error.failure is Failure.REFUSED
    assert BSN not in f"{error!r} {error.note} {error.args}"


async def test_there_is_no_such_table(opened: Opened) -> None:
    error = await failure(opened(), "GONE", where=In("WORD", (BSN,)))
    assert error.failure is Failure.BAD_DATA
    assert "42P01" in error.note
    assert BSN not in f"{error!r} {error.note} {error.args}"


async def test_text_that_no_database_can_hold(opened: Opened) -> None:
    error = await failure(opened(), where=In("WORD", ("a\0b",)))
    assert error.failure is Failure.BAD_DATA
