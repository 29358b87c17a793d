"""The SQL adapter writes on SQLite: whole batches or nothing, and it says which."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.base import Change, Create, Delete, Failure, Generated, SourceError, Update, Writes
from adapters.sql import SqlAdapter
from tests.helpers import sqlite_ended

SCHEMA = """
CREATE TABLE PERSON (
    ID INTEGER PRIMARY KEY, CODE TEXT UNIQUE, NAME CHAR(10), AGE INTEGER CHECK (AGE < 200),
    MADE TEXT DEFAULT 'now', VERSION INTEGER
);
CREATE TABLE PHONE (
    PERSON_ID INTEGER REFERENCES PERSON (ID), NR INTEGER, WORD TEXT NOT NULL, STAMP INTEGER,
    PRIMARY KEY (PERSON_ID, NR)
);
CREATE TRIGGER STAMPED AFTER UPDATE OF WORD ON PHONE WHEN NEW.WORD <> 'still' BEGIN
    UPDATE PHONE SET STAMP = coalesce(OLD.STAMP, 0) + 1
    WHERE PERSON_ID = NEW.PERSON_ID AND NR = NEW.NR;
END;
CREATE TRIGGER NEVER BEFORE INSERT ON PHONE WHEN NEW.WORD = 'never' BEGIN
    SELECT RAISE(ABORT, 'never');
END;
CREATE TABLE LATE (ID INTEGER PRIMARY KEY, OTHER INTEGER REFERENCES PERSON (ID)
    DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE NUMBERED (ID INTEGER, WORD TEXT);
INSERT INTO PERSON VALUES (1, 'a', 'Ada       ', 36, 'then', 7), (2, '', '', NULL, NULL, NULL);
INSERT INTO PHONE VALUES (1, 1, 'red', NULL);
INSERT INTO NUMBERED VALUES (5, 'one'), (5, 'two');
"""
ALL = {"create": True, "update": True, "delete": True}
COLLECTIONS: dict[str, Any] = {
    "PERSON": {
        "key": "ID",
        "columns": {
            "ID": "integer",
            "CODE": "text",
            "NAME": "char",
            "AGE": "integer",
            "MADE": "text",
            "VERSION": "integer",
        },
        "write": {
            **ALL,
            "generated": "ID",
            "natural": "CODE",
            "version": "VERSION",
            "counts": True,
            "lengths": {"NAME": 10},
        },
    },
    "phones": {
        "table": "PHONE",
        "key": ["PERSON_ID", "NR"],
        "columns": {"PERSON_ID": "integer", "NR": "integer", "WORD": "text", "STAMP": "integer"},
        "write": {**ALL, "version": "STAMP"},
    },
    "LATE": {
        "key": "ID",
        "columns": {"ID": "integer", "OTHER": "integer"},
        "write": {"create": True, "generated": "ID"},
    },
    "NUMBERED": {
        "key": "ID",
        "columns": {"ID": "integer", "WORD": "text"},
        "write": {**ALL, "generated": "ID"},
    },
    "READ": {"table": "PHONE", "key": "NR", "columns": {"NR": "integer", "WORD": "text"}},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "persons.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
    return path


@pytest.fixture
async def adapter(file: Path) -> AsyncIterator[SqlAdapter]:
    options = {"url": f"sqlite+aiosqlite:///{file}", "statement_seconds": 1}
    made = SqlAdapter.create(options, COLLECTIONS)
    async with sqlite_ended():
        yield made
        await made.close()


def content(file: Path) -> list[str]:
    """Everything that is in the database."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def remove(file: Path) -> None:
    file.unlink()


async def failure(adapter: SqlAdapter, *changes: Change) -> Failure:
    with pytest.raises(SourceError) as caught:
        await adapter.write(changes)
    return caught.value.failure


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else is writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def test_a_new_record_comes_back_with_what_the_database_gave_it(adapter: SqlAdapter) -> None:
    (made,) = await adapter.write([Create("PERSON", {"NAME": "Bo", "CODE": "b", "AGE": None})])
    assert made == {
        "ID": 3,
        "CODE": "b",
        "NAME": "Bo",
        "AGE": None,
        "MADE": "now",
        "VERSION": None,
    }
    assert await adapter.get("PERSON", {"ID": 3}) == made


async def test_a_key_that_was_just_made_can_be_used(adapter: SqlAdapter) -> None:
    key = Generated(0, "ID")
    made = await adapter.write(
        [
            Create("PERSON", {"NAME": "Bo"}),
            Create("phones", {"PERSON_ID": key, "NR": 1, "WORD": "blue"}),
            Update("PERSON", {"ID": key}, {"AGE": 4, "CODE": Generated(1, "WORD")}),
        ]
    )
    assert [record.get("PERSON_ID", record.get("ID")) for record in made] == [3, 3, 3]
    assert (made[2]["AGE"], made[2]["CODE"]) == (4, "blue")


async def test_an_update_leaves_the_other_fields_alone(adapter: SqlAdapter) -> None:
    before = await adapter.get("PERSON", {"ID": 1})
    assert before is not None
    (after,) = await adapter.write([Update("PERSON", {"ID": 1}, {"AGE": 37}, {"VERSION": 7})])
    assert after == {**before, "AGE": 37, "VERSION": 8}


async def test_of_a_deletion_the_record_comes_back_as_it_was(adapter: SqlAdapter) -> None:
    before = await adapter.get("phones", {"PERSON_ID": 1, "NR": 1})
    (gone,) = await adapter.write([Delete("phones", {"PERSON_ID": 1, "NR": 1})])
    assert gone == before
    assert await adapter.get("phones", {"PERSON_ID": 1, "NR": 1}) is None


async def test_what_a_trigger_does_is_in_the_answer(adapter: SqlAdapter) -> None:
    (after,) = await adapter.write([Update("phones", {"PERSON_ID": 1, "NR": 1}, {"WORD": "x"})])
    assert after["STAMP"] == 1


EXPECTED: dict[str, tuple[int, dict[str, Any], bool]] = {
    "as it is": (1, {"NAME": "Ada", "CODE": "a", "AGE": 36, "MADE": "then", "VERSION": 7}, True),
    "without the padding, or with it": (1, {"NAME": "Ada"}, True),
    "a number as text": (1, {"AGE": "36"}, True),
    "another number": (1, {"AGE": 37}, False),
    "another case": (1, {"CODE": "A"}, False),
    "another version": (1, {"VERSION": 6}, False),
    "absent, where there is a value": (1, {"MADE": None}, False),
    "a value, where it is absent": (2, {"VERSION": 1}, False),
    "null": (2, {"AGE": None, "VERSION": None, "MADE": None}, True),
    "empty text for null": (2, {"MADE": ""}, True),
    "null for empty text": (2, {"CODE": None, "NAME": None}, True),
}


@pytest.mark.parametrize("values", [{"AGE": 40}, {}], ids=["values", "nothing to change"])
@pytest.mark.parametrize(("number", "expected", "met"), EXPECTED.values(), ids=EXPECTED)
async def test_a_record_is_changed_only_if_it_is_as_expected(
    adapter: SqlAdapter, file: Path, number: int, expected: Any, met: bool, values: Any
) -> None:
    before, change = content(file), Update("PERSON", {"ID": number}, values, expected)
    if met:
        (after,) = await adapter.write([change])
        assert values.items() <= after.items()
    else:
        assert await failure(adapter, change) is Failure.CONFLICT
        assert content(file) == before


async def test_a_record_is_deleted_only_if_it_is_as_expected(adapter: SqlAdapter) -> None:
    change = Delete("PERSON", {"ID": 2}, {"VERSION": 1})
    assert await failure(adapter, change) is Failure.CONFLICT
    await adapter.write([Delete("PERSON", {"ID": 2}, {"VERSION": None})])


FAILING: dict[str, tuple[Change, Failure]] = {
    "no such record to change": (Update("PERSON", {"ID": 9}, {"AGE": 1}), Failure.GONE),
    "no such record, nothing to change": (Update("PERSON", {"ID": 9}, {}), Failure.GONE),
    "no such record to change, as expected": (
        Update("PERSON", {"ID": 9}, {"AGE": 1}, {"VERSION": 1}),
        Failure.GONE,
    ),
    "no such record to delete": (Delete("PERSON", {"ID": 9}), Failure.GONE),
    "a double": (Create("PERSON", {"CODE": "a"}), Failure.CONFLICT),
    "a double after a change": (Update("PERSON", {"ID": 2}, {"CODE": "a"}), Failure.CONFLICT),
    "a double key": (
        Create("phones", {"PERSON_ID": 1, "NR": 1, "WORD": "x"}),
        Failure.CONFLICT,
    ),
    "a reference to nothing": (
        Create("phones", {"PERSON_ID": 9, "NR": 1, "WORD": "x"}),
        Failure.CONFLICT,
    ),
    "something refers to it": (Delete("PERSON", {"ID": 1}), Failure.CONFLICT),
    "a reference that is looked at in the end": (Create("LATE", {"OTHER": 9}), Failure.CONFLICT),
    "no value": (Create("phones", {"PERSON_ID": 1, "NR": 2, "WORD": None}), Failure.REFUSED),
    "a value that a check refuses": (Create("PERSON", {"AGE": 300}), Failure.REFUSED),
    "a trigger says no": (
        Create("phones", {"PERSON_ID": 1, "NR": 2, "WORD": "never"}),
        Failure.REFUSED,
    ),
    "text in a number": (Create("PERSON", {"AGE": "old"}), Failure.REFUSED),
    "a number beyond 64 bits": (Create("PERSON", {"AGE": 2**63}), Failure.REFUSED),
    "text that is too long": (Create("PERSON", {"NAME": "x" * 11}), Failure.REFUSED),
    "too long, in a change": (Update("PERSON", {"ID": 1}, {"NAME": "x" * 11}), Failure.REFUSED),
    "a version that stays": (
        Update("phones", {"PERSON_ID": 1, "NR": 1}, {"WORD": "still"}, {"STAMP": None}),
        Failure.BAD_DATA,
    ),
    "a key of several records": (Update("NUMBERED", {"ID": 5}, {"WORD": "x"}), Failure.BAD_DATA),
    "a key that the database does not make": (
        Create("NUMBERED", {"WORD": "x"}),
        Failure.BAD_DATA,
    ),
    "a collection for reading": (Create("READ", {"WORD": "x"}), Failure.REFUSED),
    "a verb that is not declared": (Update("LATE", {"ID": 1}, {"OTHER": 1}), Failure.REFUSED),
    "another key": (Update("phones", {"PERSON_ID": 1, "NR": 1}, {"NR": 2}), Failure.REFUSED),
    "a version of one's own": (Update("PERSON", {"ID": 1}, {"VERSION": 1}), Failure.REFUSED),
}


@pytest.mark.parametrize(("change", "why"), FAILING.values(), ids=FAILING)
async def test_what_fails_leaves_nothing_of_the_batch(
    adapter: SqlAdapter, file: Path, change: Change, why: Failure
) -> None:
    before = content(file)
    assert await failure(adapter, Create("PERSON", {"NAME": "Bo"}), change) is why
    assert content(file) == before
    await adapter.write([Create("PERSON", {"NAME": "Bo"})])


async def test_who_waits_too_long_for_another_writer_may_come_back(
    adapter: SqlAdapter, file: Path
) -> None:
    with locked(file):
        assert await failure(adapter, Create("PERSON", {"CODE": "b"})) is Failure.THROTTLED
    await adapter.write([Create("PERSON", {"CODE": "b"})])


async def test_writers_take_turns(adapter: SqlAdapter) -> None:
    batches = [adapter.write([Create("PERSON", {"CODE": str(n)})]) for n in range(5)]
    made = await asyncio.gather(*batches)
    assert {record["ID"] for (record,) in made} == set(range(3, 8))


async def test_of_those_who_saw_the_same_version_one_changes_it(adapter: SqlAdapter) -> None:
    changes = [Update("PERSON", {"ID": 1}, {"AGE": n}, {"VERSION": 7}) for n in range(5)]
    ended = await asyncio.gather(*(adapter.write([c]) for c in changes), return_exceptions=True)
    failures = [e.failure for e in ended if isinstance(e, SourceError)]
    assert failures == [Failure.CONFLICT] * 4
    after = await adapter.get("PERSON", {"ID": 1})
    assert after is not None
    assert after["VERSION"] == 8


async def test_a_database_that_cannot_be_written_refuses(adapter: SqlAdapter, file: Path) -> None:
    await adapter.check()
    remove(file)
    assert await failure(adapter, Create("PERSON", {})) is Failure.UNAVAILABLE


# --- given up, or without an answer ---------------------------------------------------------------


async def test_who_gives_up_before_the_commit_knows_that_nothing_was_done(
    adapter: SqlAdapter, file: Path
) -> None:
    before = content(file)
    with locked(file):
        with pytest.raises(SourceError) as caught:
            async with asyncio.timeout(0.1):
                await adapter.write([Create("PERSON", {"CODE": "b"})])
        assert caught.value.failure is Failure.TIMEOUT
    await adapter.write([Delete("phones", {"PERSON_ID": 1, "NR": 1})])
    assert len(content(file)) == len(before) - 1


async def given_up(adapter: SqlAdapter, reached: asyncio.Event) -> Failure:
    """What is said of a new record that is given up once something is reached."""
    writing = asyncio.create_task(adapter.write([Create("PERSON", {"CODE": "b"})]))
    await reached.wait()
    writing.cancel()
    with pytest.raises(SourceError) as caught:
        await writing
    return caught.value.failure


async def test_what_is_given_up_is_not_committed_later(
    adapter: SqlAdapter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if a driver swallows that it was given up."""
    before, execute, reached = content(file), AsyncConnection.execute, asyncio.Event()

    async def deaf(*arguments: Any) -> Any:
        result = await execute(*arguments)
        reached.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0.1)
        return result

    monkeypatch.setattr(AsyncConnection, "execute", deaf)
    assert await given_up(adapter, reached) is Failure.TIMEOUT
    await adapter.close()
    assert content(file) == before


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
async def test_who_gives_up_during_the_commit_does_not_know(
    adapter: SqlAdapter, file: Path, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    before, commit, reached = len(content(file)), AsyncConnection.commit, asyncio.Event()

    async def hanging(connection: AsyncConnection) -> None:
        if done:
            await commit(connection)
        reached.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(AsyncConnection, "commit", hanging)
    assert await given_up(adapter, reached) is Failure.UNKNOWN
    monkeypatch.undo()
    await adapter.write([Create("PERSON", {"CODE": "c"})])
    assert len(content(file)) == before + 1 + done


LOST: Sequence[Exception] = (
    ConnectionResetError(),
    TimeoutError(),
    DBAPIError.instance("COMMIT", None, sqlite3.OperationalError("gone"), sqlite3.Error),
)


@pytest.mark.parametrize("error", LOST, ids=lambda e: type(e).__name__)
async def test_a_commit_without_an_answer_is_unknown(
    adapter: SqlAdapter, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def lost(_: AsyncConnection) -> None:
        raise error

    monkeypatch.setattr(AsyncConnection, "commit", lost)
    assert await failure(adapter, Create("PERSON", {"CODE": "b"})) is Failure.UNKNOWN


@pytest.mark.parametrize("error", LOST, ids=lambda e: type(e).__name__)
async def test_what_is_lost_before_the_commit_was_not_done(
    adapter: SqlAdapter, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def lost(*_: Any) -> None:
        raise error

    monkeypatch.setattr(AsyncConnection, "execute", lost)
    found = await failure(adapter, Create("PERSON", {"CODE": "b"}))
    assert found in (Failure.UNAVAILABLE, Failure.TIMEOUT)


# --- what is declared -----------------------------------------------------------------------------


def test_what_is_described_is_declared(adapter: SqlAdapter) -> None:
    assert adapter.atomic
    assert adapter.collections["READ"].writes is None
    assert adapter.collections["PERSON"].writes == Writes(
        create=True,
        update=True,
        delete=True,
        generated=frozenset({"ID"}),
        natural=("CODE",),
        version="VERSION",
        fields=frozenset({"CODE", "NAME", "AGE", "MADE"}),
        lengths={"NAME": 10},
        numbers=frozenset({"ID", "AGE", "VERSION"}),
    )
    phones = adapter.collections["phones"].writes
    assert phones is not None
    assert phones.fields == {"PERSON_ID", "NR", "WORD"}


def test_a_key_that_the_database_does_not_make_is_natural(adapter: SqlAdapter) -> None:
    declared = {name: c.writes for name, c in adapter.collections.items()}
    found = {name: writes.natural for name, writes in declared.items() if writes is not None}
    assert found == {"PERSON": ("CODE",), "phones": ("PERSON_ID", "NR"), "LATE": (), "NUMBERED": ()}


@pytest.mark.parametrize(
    ("write", "said"),
    [
        ({"generated": "NR", **ALL}, "`NR` onder `generated` staat niet onder `key`"),
        ({"natural": ["X"], **ALL}, "`X` onder `natural` staat niet onder `columns`"),
        ({"version": "ID", **ALL}, "`ID` onder `version` staat onder `key`"),
        ({"version": "X", **ALL}, "`X` onder `version` staat niet onder `columns`"),
        ({"version": "WORD", "counts": True, **ALL}, "alleen met een `version` van type integer"),
        ({"counts": True, **ALL}, "`counts` zegt iets over `version`"),
        ({"lengths": {"NR": 3}, **ALL}, "`NR` onder `lengths` is een getal"),
        ({"lengths": {"WORD": 0}, **ALL}, "greater than or equal to 1"),
        ({"generated": "ID", "update": True}, "horen bij `create: true`"),
        ({"natural": "ID", "generated": "ID", **ALL}, "onder `generated` en onder `natural`"),
        ({"creates": True}, "Extra inputs are not permitted"),
    ],
)
def test_a_description_that_cannot_be_is_refused(write: dict[str, Any], said: str) -> None:
    columns = {"ID": "integer", "NR": "integer", "WORD": "text"}
    with pytest.raises(ValidationError, match=said):
        SqlAdapter.create(
            {"url": "sqlite+aiosqlite://"},
            {"T": {"key": "ID", "columns": columns, "write": write}},
        )


def test_nothing_is_written_in_a_query() -> None:
    with pytest.raises(ValidationError, match="in een `query`"):
        SqlAdapter.create(
            {"url": "sqlite+aiosqlite://"},
            {
                "T": {
                    "query": "SELECT 1 AS ID",
                    "key": "ID",
                    "columns": {"ID": "integer"},
                    "write": {"delete": True},
                }
            },
        )
