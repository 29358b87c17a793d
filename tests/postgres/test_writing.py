"""Writing to PostgreSQL: generated keys, locks, and transactions that nobody finishes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.base import Change, Create, Delete, Failure, Generated, Query, SourceError, Update
from adapters.sql import SqlAdapter
from tests.postgres.server import sqlalchemy

SCHEMA = """
DROP SCHEMA IF EXISTS writing CASCADE;
CREATE SCHEMA writing;
CREATE TABLE writing."PERSON" (
    "ID" INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "CODE" VARCHAR(5) UNIQUE,
    "NAME" CHAR(10),
    "AGE" SMALLINT CHECK ("AGE" < 200),
    "MADE" TEXT DEFAULT 'now',
    "VERSION" INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE writing."PHONE" (
    "ID" TEXT PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "PERSON_ID" INTEGER REFERENCES writing."PERSON" DEFERRABLE INITIALLY DEFERRED,
    "WORD" TEXT NOT NULL
);
CREATE FUNCTION writing.next_version() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW."VERSION" := OLD."VERSION" + 1; RETURN NEW; END $$;
CREATE TRIGGER next_version BEFORE UPDATE ON writing."PERSON"
    FOR EACH ROW EXECUTE FUNCTION writing.next_version();
INSERT INTO writing."PERSON" ("CODE", "NAME", "AGE", "MADE") VALUES ('a', 'Ada', 36, 'then');
"""
ALL = {"create": True, "update": True, "delete": True}
COLLECTIONS: dict[str, Any] = {
    "PERSON": {
        "schema": "writing",
        "key": "ID",
        "columns": {
            "ID": "integer",
            "CODE": "text",
            "NAME": "char",
            "AGE": "integer",
            "MADE": "text",
            "VERSION": "integer",
        },
        "write": {**ALL, "generated": "ID", "version": "VERSION"},
    },
    "PHONE": {
        "schema": "writing",
        "key": "ID",
        "columns": {"ID": "text", "PERSON_ID": "integer", "WORD": "text"},
        "write": {**ALL, "generated": "ID"},
    },
}


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else, to a database as it was at first."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(SCHEMA)
    yield connection
    await connection.close()


@pytest.fixture
async def adapter(
    dsn: str, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SqlAdapter]:
    monkeypatch.setenv("WRITING_URL", sqlalchemy(dsn))
    options = {"url": "env:WRITING_URL", "dialect": "postgresql", "statement_seconds": 1}
    made = SqlAdapter.create({**options, "connections": 3}, COLLECTIONS)
    yield made
    await made.close()


async def failure(adapter: SqlAdapter, *changes: Change) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await adapter.write(changes)
    return caught.value


async def content(database: asyncpg.Connection) -> list[Any]:
    """Everything that is in the database."""
    return [
        *await database.fetch('SELECT * FROM writing."PERSON" ORDER BY 1'),
        *await database.fetch('SELECT * FROM writing."PHONE" ORDER BY 1'),
    ]


async def transactions(database: asyncpg.Connection) -> int:
    """How many transactions of the gateway are open, once what has ended is gone."""
    for _ in range(100):
        found = await database.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND"
            " application_name = 'klantinteracties-gateway' AND datname = current_database()"
        )
        if not found:
            break
        await asyncio.sleep(0.02)
    return int(found)


async def until_waiting(database: asyncpg.Connection, count: int) -> None:
    """So many of the gateway's transactions wait for a lock."""
    for _ in range(1000):
        await database.execute("SELECT pg_stat_clear_snapshot()")
        found = await database.fetchval(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        if found == count:
            return
        await asyncio.sleep(0)
    raise AssertionError("nobody waits")


async def test_keys_that_the_database_makes_come_back_and_can_be_used(adapter: SqlAdapter) -> None:
    person, phone, changed = await adapter.write(
        [
            Create("PERSON", {"NAME": "Bo", "CODE": "b"}),
            Create("PHONE", {"PERSON_ID": Generated(0, "ID"), "WORD": "red"}),
            Update("PHONE", {"ID": Generated(1, "ID")}, {"WORD": "blue"}),
        ]
    )
    assert person == {
        "ID": 2,
        "CODE": "b",
        "NAME": "Bo",
        "AGE": None,
        "MADE": "now",
        "VERSION": 1,
    }
    assert re.fullmatch(r"[0-9a-f-]{36}", phone["ID"])
    assert changed == {"ID": phone["ID"], "PERSON_ID": 2, "WORD": "blue"}
    assert (await adapter.find("PHONE", Query())).records == [changed]


async def test_a_change_of_what_was_seen(adapter: SqlAdapter) -> None:
    seen = await adapter.get("PERSON", {"ID": 1})
    assert seen is not None
    (after,) = await adapter.write([Update("PERSON", {"ID": 1}, {"AGE": 37}, seen)])
    assert after == {**seen, "AGE": 37, "VERSION": 2}
    late = Update("PERSON", {"ID": 1}, {"AGE": 38}, {"VERSION": seen["VERSION"]})
    assert (await failure(adapter, late)).failure is Failure.CONFLICT
    (gone,) = await adapter.write([Delete("PERSON", {"ID": 1}, {"NAME": "Ada", "AGE": 37})])
    assert gone == after
    assert (await failure(adapter, Delete("PERSON", {"ID": 1}))).failure is Failure.GONE


FAILING: dict[str, tuple[Change, Failure]] = {
    "a double": (Create("PERSON", {"CODE": "a"}), Failure.CONFLICT),
    "a reference that is looked at in the end": (
        Create("PHONE", {"PERSON_ID": 9, "WORD": "x"}),
        Failure.CONFLICT,
    ),
    "no value": (Create("PHONE", {"WORD": None}), Failure.REFUSED),
    "a value that a check refuses": (Create("PERSON", {"AGE": 300}), Failure.REFUSED),
    "a number that does not fit": (Create("PERSON", {"AGE": 70_000}), Failure.REFUSED),
    "text that does not fit": (Create("PERSON", {"CODE": "abcdef"}), Failure.REFUSED),
    "text that no database can hold": (Create("PERSON", {"CODE": "a\0b"}), Failure.REFUSED),
}


@pytest.mark.parametrize(("change", "why"), FAILING.values(), ids=FAILING)
async def test_what_fails_leaves_nothing_of_the_batch(
    adapter: SqlAdapter, database: asyncpg.Connection, change: Change, why: Failure
) -> None:
    before = await content(database)
    error = await failure(adapter, Create("PERSON", {"CODE": "b"}), change)
    assert error.failure is why, error.note
    assert await content(database) == before
    assert await transactions(database) == 0
    await adapter.write([Create("PERSON", {"CODE": "b"})])


async def test_of_those_who_saw_the_same_version_one_changes_it(adapter: SqlAdapter) -> None:
    changes = [Update("PERSON", {"ID": 1}, {"AGE": n}, {"VERSION": 1}) for n in range(10)]
    ended = await asyncio.gather(*(adapter.write([c]) for c in changes), return_exceptions=True)
    failures = [e.failure for e in ended if isinstance(e, SourceError)]
    assert failures == [Failure.CONFLICT] * 9


async def test_of_two_in_each_others_way_one_may_come_back(
    adapter: SqlAdapter, database: asyncpg.Connection
) -> None:
    await adapter.write([Create("PERSON", {"CODE": "b"})])
    there = [Update("PERSON", {"ID": n}, {"AGE": 1}) for n in (1, 2)]
    async with database.transaction():
        await database.execute('UPDATE writing."PERSON" SET "AGE" = 5')
        both = [asyncio.create_task(adapter.write(c)) for c in (there, there[::-1])]
        await until_waiting(database, 2)
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert {e.failure for e in ended if isinstance(e, SourceError)} == {Failure.THROTTLED}
    await adapter.write(there)


async def test_who_waits_too_long_for_a_lock_did_nothing(
    adapter: SqlAdapter, database: asyncpg.Connection
) -> None:
    async with database.transaction():
        await database.execute('UPDATE writing."PERSON" SET "AGE" = 5')
        error = await failure(adapter, Update("PERSON", {"ID": 1}, {"AGE": 6}))
        assert error.failure is Failure.THROTTLED
    (after,) = await adapter.write([Update("PERSON", {"ID": 1}, {"MADE": "x"}, {"AGE": 5})])
    assert after["VERSION"] == 3


async def test_what_is_given_up_leaves_no_transaction_and_takes_no_connection_along(
    adapter: SqlAdapter, database: asyncpg.Connection
) -> None:
    before = await content(database)
    async with database.transaction():
        await database.execute('LOCK TABLE writing."PERSON"')
        for _ in range(5):
            with pytest.raises(SourceError) as caught:
                async with asyncio.timeout(0.2):
                    await adapter.write([Create("PERSON", {"CODE": "b"})])
            assert caught.value.failure is Failure.TIMEOUT
    assert await transactions(database) == 0
    assert await content(database) == before
    await asyncio.gather(*(adapter.write([Create("PERSON", {})]) for _ in range(10)))


async def test_a_connection_that_is_ended_before_the_commit(
    adapter: SqlAdapter, database: asyncpg.Connection
) -> None:
    async with database.transaction():
        await database.execute('LOCK TABLE writing."PHONE"')
        batch = [Create("PERSON", {"CODE": "b"}), Create("PHONE", {"WORD": "x"})]
        writing = asyncio.create_task(failure(adapter, *batch))
        await until_waiting(database, 1)
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        assert (await writing).failure is Failure.UNAVAILABLE
    assert len(await content(database)) == 1


async def test_an_account_that_may_only_read(
    dsn: str, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.execute("DROP ROLE IF EXISTS gateway_writes_not")
    await database.execute("CREATE ROLE gateway_writes_not LOGIN PASSWORD 'x'")
    await database.execute("GRANT USAGE ON SCHEMA writing TO gateway_writes_not")
    await database.execute('GRANT SELECT ON writing."PERSON" TO gateway_writes_not')
    address = urlsplit(dsn).netloc.rpartition("@")[2]
    url = urlsplit(sqlalchemy(dsn))._replace(netloc=f"gateway_writes_not:x@{address}")
    monkeypatch.setenv("READING_URL", url.geturl())
    reading = SqlAdapter.create({"url": "env:READING_URL", "dialect": "postgresql"}, COLLECTIONS)
    try:
        error = await failure(reading, Create("PERSON", {}))
        assert error.failure is Failure.REFUSED
    finally:
        await reading.close()
        await database.execute("DROP OWNED BY gateway_writes_not; DROP ROLE gateway_writes_not")
