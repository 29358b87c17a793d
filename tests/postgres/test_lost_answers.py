"""Writing over a link that loses connections and answers: nothing double, nothing missing, and
what nobody knows is said to be unknown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.base import Create, Query, Update
from adapters.sql import SqlAdapter
from gateway.bounds import Bounds
from gateway.sources.call import now
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.errors import OUTCOME_UNKNOWN, Problem
from tests.support.faults import PASS, Cut, Fault, FaultProxy, Hang, Lost, Plan, Refuse, ResetAtOnce

COMMIT = b"COMMIT"
COLUMNS = {"ID": "integer", "REF": "text", "WORD": "text"}
WRITE = {"create": True, "update": True, "generated": "ID"}
# The second has no constraint, so that it would keep doubles.
COLLECTIONS = {
    "NATURAL": {"key": "ID", "columns": COLUMNS, "write": {**WRITE, "natural": "REF"}},
    "PLAIN": {"key": "ID", "columns": COLUMNS, "write": WRITE},
}
SCHEMA = """
DROP TABLE IF EXISTS "NATURAL", "PLAIN";
CREATE TABLE "NATURAL" ("ID" SERIAL PRIMARY KEY, "REF" TEXT UNIQUE, "WORD" TEXT);
CREATE TABLE "PLAIN" ("ID" SERIAL PRIMARY KEY, "REF" TEXT, "WORD" TEXT);
INSERT INTO "PLAIN" VALUES (0, 'seen', 'before');
"""


@dataclass(frozen=True)
class World:
    """A source behind a network, and its database without it."""

    source: Source
    network: FaultProxy
    database: asyncpg.Connection

    async def write(self, *changes: Any, seconds: float = 10) -> str | Any:
        """The record, or the code of the problem."""
        meter = Meter(Bounds(1, 1, 1, 1, 1), now() + seconds)
        try:
            return (await Caller({"db": self.source}, meter).write("db", changes))[0]
        except Problem as problem:
            return problem.kind.code

    async def refs(self, table: str) -> Counter[str]:
        """How often each is there."""
        rows = await self.database.fetch(f'SELECT "REF" FROM "{table}"')  # noqa: S608
        return Counter(row["REF"] for row in rows)


@pytest.fixture
async def world(dsn: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    port, user = urlsplit(dsn).port, urlsplit(dsn).netloc.rpartition("@")[0]
    assert port is not None
    database = await asyncpg.connect(dsn)
    await database.execute(SCHEMA)
    async with FaultProxy(port) as network:
        url = urlsplit(dsn)._replace(
            scheme="postgresql+asyncpg", netloc=f"{user}@127.0.0.1:{network.port}"
        )
        monkeypatch.setenv("THROUGH_PROXY", url.geturl())
        options = {"url": "env:THROUGH_PROXY", "dialect": "postgresql", "connections": 3}
        adapter = SqlAdapter.create(options, COLLECTIONS)
        yield World(Source("db", adapter, 10, 5), network, database)
        await network.use(PASS)
        await adapter.close()
    await database.close()


def create(table: str, ref: str) -> Create:
    return Create(table, {"REF": ref, "WORD": f"for {ref}"})


def at_first(fault: Fault, passes: int = 0) -> Plan:
    """It goes wrong on one connection only, after so many before it."""
    return lambda connection, _: fault if connection == passes else PASS


ON_COMMIT = {
    "the answer is lost": (Lost(COMMIT), 1),
    "the question is lost": (Lost(COMMIT, asked_for=False), 0),
}


@pytest.mark.parametrize(("fault", "there"), ON_COMMIT.values(), ids=ON_COMMIT)
async def test_a_commit_that_got_lost_is_unknown(world: World, fault: Fault, there: int) -> None:
    await world.network.use(fault)
    assert await world.write(create("PLAIN", "x")) == "uitkomst-onbekend"
    await world.network.use(PASS)
    assert (await world.refs("PLAIN"))["x"] == there
    assert (await world.write(create("PLAIN", "y")))["REF"] == "y"


@pytest.mark.parametrize(("fault", "there"), ON_COMMIT.values(), ids=ON_COMMIT)
async def test_where_it_can_be_found_out_it_is(world: World, fault: Fault, there: int) -> None:
    await world.network.use(at_first(fault))
    made = await world.write(create("NATURAL", "x"))
    assert (await world.source.adapter.find("NATURAL", Query())).records == [made]
    assert made["ID"] == 2 - there  # A number that was given once is not given again.


@pytest.mark.parametrize(("fault", "there"), ON_COMMIT.values(), ids=ON_COMMIT)
async def test_an_update_that_got_lost_is_unknown(world: World, fault: Fault, there: int) -> None:
    await world.network.use(at_first(fault))
    update = Update("PLAIN", {"ID": 0}, {"WORD": "after"}, {"WORD": "before"})
    assert await world.write(update) == "uitkomst-onbekend"
    word = await world.database.fetchval('SELECT "WORD" FROM "PLAIN" WHERE "ID" = 0')
    assert word == ("after" if there else "before")


BEFORE_THE_COMMIT: dict[str, Fault] = {
    "reset on connect": ResetAtOnce(),
    "refused": Refuse(),
    "closed": Cut(0),
    "the answer to the insert is lost": Lost(b"INSERT"),
    "the insert is lost": Lost(b"INSERT", asked_for=False),
}


@pytest.mark.parametrize("fault", BEFORE_THE_COMMIT.values(), ids=BEFORE_THE_COMMIT)
async def test_what_breaks_before_the_commit_was_not_done(world: World, fault: Fault) -> None:
    await world.network.use(fault)
    assert await world.write(create("PLAIN", "x")) == "bron-niet-beschikbaar"
    await world.network.use(PASS)
    assert "x" not in await world.refs("PLAIN")


@pytest.mark.parametrize("fault", BEFORE_THE_COMMIT.values(), ids=BEFORE_THE_COMMIT)
async def test_and_is_tried_again(world: World, fault: Fault) -> None:
    await world.network.use(at_first(fault))
    made = await world.write(create("PLAIN", "x"))
    assert made["REF"] == "x"
    assert (await world.refs("PLAIN"))["x"] == 1


async def test_a_link_that_falls_silent_before_the_commit(world: World) -> None:
    await world.write(create("PLAIN", "w"))
    await world.network.use(Hang())
    assert await world.write(create("PLAIN", "x"), seconds=0.5) == "bron-te-laat"
    await world.network.use(PASS)
    assert "x" not in await world.refs("PLAIN")


async def test_commits_that_nobody_answers_take_no_connection_along(world: World) -> None:
    await world.network.use(Hang(COMMIT))
    for n in range(4):  # more than there are connections
        began = now()
        assert await world.write(create("PLAIN", f"x{n}"), seconds=1.5) == "uitkomst-onbekend"
        assert now() - began < 3
    await world.network.use(PASS)
    assert (await world.write(create("PLAIN", "y")))["REF"] == "y"
    async with world.database.transaction():
        await world.database.execute('LOCK TABLE "PLAIN"')  # nobody holds it any more
    assert set(await world.refs("PLAIN")) == {"seen", "y"}


# --- many -----------------------------------------------------------------------------------------


def weather(seed: int) -> Plan:
    """Of the connections 5 % are reset as they are made, of the commits 10 % get lost: their
    answers, for one in ten themselves; and of anything else that is asked 1 %."""

    def plan(connection: int, question: int) -> Fault:
        if Random(seed + connection).random() < 0.05:
            return ResetAtOnce()
        luck = Random(seed * 1_000_003 + question).random()
        if luck < 0.01:
            return Lost()
        return Lost(COMMIT, asked_for=luck > 0.02) if luck < 0.11 else PASS

    return plan


@pytest.mark.parametrize("table", ["NATURAL", "PLAIN"])
@pytest.mark.parametrize(
    "size", [100, pytest.param(1000, marks=pytest.mark.soak)], ids=["few", "thousand"]
)
async def test_many_over_a_bad_link(world: World, table: str, size: int) -> None:
    await world.network.use(weather(seed=size))
    ended: dict[str, str | Any] = {}
    left = [f"r{n}" for n in range(size)]

    async def desk() -> None:
        while left:
            ref = left.pop()
            ended[ref] = await world.write(create(table, ref), seconds=20)

    await asyncio.gather(*(desk() for _ in range(4)))
    there = await world.refs(table)
    codes = Counter(e if isinstance(e, str) else "created" for e in ended.values())
    print(f"\n{table}: {dict(codes)}, {world.network.connections} connections")

    assert len(ended) == size
    assert max(there.values()) == 1, "a double"
    for ref, answer in ended.items():
        if isinstance(answer, str):
            assert answer in (OUTCOME_UNKNOWN.code, "bron-niet-beschikbaar"), answer
            assert answer == OUTCOME_UNKNOWN.code or ref not in there, "done, and denied"
        else:
            assert answer["REF"] == ref
            assert ref in there, "acknowledged, and missing"
    assert codes["created"] > size / 2
    assert (codes[OUTCOME_UNKNOWN.code] == 0) is (table == "NATURAL")
