"""PostgreSQL finds the records that ``adapters.conditions`` says, whatever is in a column."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import asyncpg
import pytest

from adapters.base import Query
from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
)
from adapters.sql import SqlAdapter
from adapters.sql_dialects import dialect
from adapters.sql_order import Stretch
from adapters.sql_settings import Table
from adapters.sql_statements import Statements
from tests.postgres.server import sqlalchemy
from tests.support.honest import holds
from tests.support.order import answer, place, walked

COLLECTIONS = {
    "ITEM": {
        "key": "ID",
        "columns": {
            "ID": "integer",
            "PADDED": "char",  # CHAR(12)
            "WORD": "text",  # VARCHAR(40)
            "LONG": "text",  # TEXT
            "KIND": "text",  # CHAR(2), always filled or blank
            "NR": "integer",  # INTEGER
            "BIG": "integer",  # NUMERIC(12)
        },
    },
    "LABEL": {
        "key": ["ID"],
        "columns": {"ID": "integer", "ITEM_PADDED": "char", "ITEM_WORD": "text", "TEXT_NR": "text"},
    },
}
# Case in and beyond ASCII, with letters that become others; what means something in a pattern;
# space of every kind; numbers as text. The last of them needs four bytes.
WORDS = [
    *("", " ", "   ", "a", "A", "b", "B", "ab", "a b", " a", "a ", "ab  ", "a\tb", "a\nb", "\t"),
    *("é", "É", "e\u0301", "één", "ÉÉN", "ß", "ẞ", "ss", "K", "\u212a", "k", "İ", "i\u0307", "ı"),
    *("I", "i", "Σ", "ας", "ΑΣ", "ασ", "ΑΣ Β", "ĳ", "Ĳ", "ij", "Å", "\u212b", "å", "ﬁ"),
    *("%", "_", "/", "\\", "[a]", "100%", "a_b", "a/b", "a\\b", "//", "'", '"', ":a", "$1", "?"),
    *("0", "5", "05", "10", "-3", "5.0", "٥", "😀"),
]
NUMBERS = [None, 0, 5, 10, -3, 2**31 - 1, 100]
KINDS = [None, "  ", "NL", "nl", "DE"]


def rows() -> list[Sequence[Any]]:
    """A row for each word, and one of nulls."""
    number, kind = itertools.cycle(NUMBERS), itertools.cycle(KINDS)
    words = [None, *WORDS]
    return [
        (n, w, w, words[-n], next(kind), next(number), None if n % 5 == 0 else n * 10**9)
        for n, w in enumerate(words, 1)
    ]


async def fill(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            'CREATE TABLE "ITEM" ("ID" INTEGER PRIMARY KEY, "PADDED" CHAR(12), "WORD" VARCHAR(40),'
            ' "LONG" TEXT, "KIND" CHAR(2), "NR" INTEGER, "BIG" NUMERIC(12));'
            'CREATE TABLE "LABEL" ("ID" INTEGER, "ITEM_PADDED" CHAR(20), "ITEM_WORD" TEXT,'
            ' "TEXT_NR" VARCHAR(10))'
        )
        await connection.copy_records_to_table("ITEM", records=rows())
        words = [None, *WORDS][::2]
        labels = [(n, w, w, (None, "5", "05", "-3", "")[n % 5]) for n, w in enumerate(words)]
        await connection.copy_records_to_table("LABEL", records=labels)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def filled(dsn: str) -> str:
    """The address of a database with odd rows."""
    asyncio.run(fill(dsn))
    return dsn


@pytest.fixture
async def adapter(filled: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqlAdapter]:
    monkeypatch.setenv("ODD_URL", sqlalchemy(filled))
    made = SqlAdapter.create({"url": "env:ODD_URL", "dialect": "postgresql"}, COLLECTIONS)
    yield made
    await made.close()


async def everything(adapter: SqlAdapter) -> dict[str, Sequence[Record]]:
    return {name: (await adapter.find(name, Query())).records for name in COLLECTIONS}


async def agree(adapter: SqlAdapter, conditions: Iterator[Condition]) -> None:
    """The database finds, and counts, what looking at every record finds."""
    all_records = await everything(adapter)
    wrong = []
    for where in conditions:
        page = await adapter.find("ITEM", Query(where, count=True))
        have = {r["ID"] for r in page.records}
        want = {r["ID"] for r in all_records["ITEM"] if holds(where, r, all_records)}
        if have != want or page.total != len(want):
            wrong.append((where, have - want, want - have))
    assert wrong == []


TEXTS = ["PADDED", "WORD", "LONG", "KIND"]
INTEGERS = ["ID", "NR", "BIG"]
FIELDS = [*TEXTS, *INTEGERS]
each_field = pytest.mark.parametrize("field", FIELDS)
VALUES = [*WORDS, *KINDS[1:], 5, -3, 2**40, 2**63, "99999999999999999999", "x" * 5000]


@each_field
async def test_equal(adapter: SqlAdapter, field: str) -> None:
    await agree(adapter, (In(field, (v,)) for v in VALUES))


@each_field
async def test_equal_to_one_of_many(adapter: SqlAdapter, field: str) -> None:
    lists = [(), tuple(VALUES), tuple(VALUES[::2]), tuple(range(500)), (5, 2**40, "x")]
    await agree(adapter, (In(field, values) for values in lists))


@each_field
async def test_not_equal(adapter: SqlAdapter, field: str) -> None:
    lists = [(), *((v,) for v in VALUES), tuple(VALUES), tuple(VALUES[::2])]
    await agree(adapter, (NotIn(field, values) for values in lists))


@each_field
async def test_present_and_absent(adapter: SqlAdapter, field: str) -> None:
    await agree(adapter, iter([Present(field), Absent(field)]))


@each_field
@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
async def test_before_and_after(adapter: SqlAdapter, field: str, op: str) -> None:
    numbers = NUMBERS[1:] if field in INTEGERS else []
    await agree(adapter, (Compare(field, op, v) for v in [*WORDS, *numbers]))


@each_field
async def test_contains(adapter: SqlAdapter, field: str) -> None:
    await agree(adapter, (Contains(field, w) for w in WORDS))


@each_field
async def test_pattern(adapter: SqlAdapter, field: str) -> None:
    # Not with letters that grow in lower case.
    short = [w for w in WORDS if len(w.lower()) == len(w)]
    pairs = itertools.islice(itertools.product(short, short), 0, None, 29)
    await agree(adapter, (Pattern(field, pair) for pair in [(), *pairs]))


async def test_together(adapter: SqlAdapter) -> None:
    parts = [
        In("PADDED", ("a", "ab")),
        NotIn("KIND", ("NL",)),
        Absent("NR"),
        Compare("WORD", ">", "b"),
        Contains("LONG", "É"),
        Exists("WORD", "LABEL", "ITEM_WORD", ALWAYS),
        ALWAYS,
        NEVER,
    ]
    pairs = list(itertools.product(parts, parts))
    await agree(adapter, (All(pair) for pair in pairs))
    await agree(adapter, (AnyOf(pair) for pair in pairs))
    await agree(adapter, (All((a, AnyOf((b, NEVER)))) for a, b in pairs))


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("far", ["ITEM_PADDED", "ITEM_WORD", "TEXT_NR", "ID"])
@each_field
async def test_exists(adapter: SqlAdapter, field: str, far: str, negated: bool) -> None:
    wheres = [ALWAYS, NEVER, Present("TEXT_NR"), In("TEXT_NR", ("5",))]
    await agree(adapter, (Exists(field, "LABEL", far, where, negated) for where in wheres))


ORDERS = [("ID",), *(pair for f in FIELDS for pair in [(f, "ID"), (f, "KIND", "NR", "ID")])]
each_order = pytest.mark.parametrize(
    ("order", "backwards"),
    [(tuple(dict.fromkeys(order)), b) for order in ORDERS for b in (False, True)],
)


@each_order
async def test_the_order_is_by_character_descending_absent_last(
    adapter: SqlAdapter, order: tuple[str, ...], backwards: bool
) -> None:
    query = Query(order=order, backwards=backwards)
    rows = await everything(adapter)
    assert (await adapter.find("ITEM", query)).records == answer(rows["ITEM"], query)


@each_order
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_pages_go_on_from_a_place(
    adapter: SqlAdapter, order: tuple[str, ...], backwards: bool, size: int
) -> None:
    rows = await everything(adapter)
    for where in (ALWAYS, Present("WORD"), Absent("KIND")):
        query = Query(where, order, backwards=backwards)
        met = [r for r in rows["ITEM"] if holds(where, r, rows)]
        sizes = [size] * (len(met) + 1)
        found = await walked(lambda q: adapter.find("ITEM", q), query, sizes)
        assert found == answer(met, query)


@each_order
async def test_a_place_need_not_be_that_of_a_record(
    adapter: SqlAdapter, order: tuple[str, ...], backwards: bool
) -> None:
    rows = await everything(adapter)
    for record in rows["ITEM"][::9]:
        for key in (record["ID"], 0, 10**6):
            after = place({**record, "ID": key}, order)
            query = Query(order=order, after=after, backwards=backwards, count=True)
            page = await adapter.find("ITEM", query)
            assert page.records == answer(rows["ITEM"], query)
            assert page.total == len(rows["ITEM"])


@each_field
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_pages_hold_every_record_once(adapter: SqlAdapter, field: str, size: int) -> None:
    whole = (await adapter.find("ITEM", Query(order=(field,)))).records
    found: list[Record] = []
    token = None
    while True:
        page = await adapter.find("ITEM", Query(order=(field,), limit=size, token=token))
        found += page.records
        token = page.next
        if token is None:
            break
    assert found == whole
    assert len({r["ID"] for r in found}) == len(WORDS) + 1
    skipped = await adapter.find("ITEM", Query(order=(field,), limit=size, skip=5))
    assert skipped.records == whole[5 : 5 + size]


@pytest.mark.parametrize("skip", [10**6, 2**31, 2**63, 10**21])
async def test_far_beyond_the_list_is_nothing(adapter: SqlAdapter, skip: int) -> None:
    page = await adapter.find("ITEM", Query(order=("ID",), skip=skip, count=True))
    assert (page.records, page.total) == ([], len(WORDS) + 1)


async def test_a_record_by_its_key(adapter: SqlAdapter) -> None:
    found = await adapter.get("ITEM", {"ID": 4})
    assert found is not None
    assert (found["PADDED"], found["WORD"]) == ("", "   ")
    assert await adapter.get("ITEM", {"ID": 10**15}) is None
    assert await adapter.get("ITEM", {"ID": "x"}) is None


async def test_numeric_columns_give_integers(adapter: SqlAdapter) -> None:
    found = await adapter.get("ITEM", {"ID": 4})
    assert found is not None
    assert type(found["BIG"]) is int


@pytest.mark.parametrize("field", ["PADDED", "WORD", "KIND", "NR", "BIG"])
async def test_equality_can_use_an_index(adapter: SqlAdapter, filled: str, field: str) -> None:
    """The plan that the server makes for the statement that is sent, with full scans forbidden."""
    tables = {name: Table.model_validate(spec) for name, spec in COLLECTIONS.items()}
    value = 5 if field in INTEGERS else "ab"
    statement = Statements(tables, dialect("postgresql")).count(
        "ITEM", Stretch(In(field, (value, 7)))
    )
    engine = await adapter._connected()
    compiled = statement.compile(engine.sync_engine, compile_kwargs={"render_postcompile": True})
    connection = await asyncpg.connect(filled)
    try:
        async with connection.transaction():
            await connection.execute(f'CREATE INDEX "IX" ON "ITEM" ("{field}")')
            await connection.execute("SET LOCAL enable_seqscan = off")
            values = [compiled.params[name] for name in compiled.positiontup or ()]
            plan = await connection.fetch(f"EXPLAIN {compiled}", *values)
            await connection.execute('DROP INDEX "IX"')
    finally:
        await connection.close()
    assert any("Index Cond" in line[0] for line in plan), plan
