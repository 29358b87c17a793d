"""The SQL adapter keeps what it declares, on SQLite, and can only read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.base import Failure, Operator, Paging, Query, SourceError
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
    matches,
)
from adapters.sql import SqlAdapter
from tests.helpers import BSN, sqlite_ended
from tests.support.order import answer, walked

COLLECTIONS = {
    "ITEM": {
        "key": "ID",
        "columns": {"ID": "integer", "NAME": "char", "CODE": "text", "NR": "integer"},
    },
    "LABEL": {
        "key": ["ITEM_ID", "SEQ"],
        "columns": {"ITEM_ID": "integer", "SEQ": "integer", "WORD": "text"},
    },
    "renamed": {"table": "ITEM", "key": "ID", "columns": {"ID": "integer"}},
    "GONE": {"key": "ID", "columns": {"ID": "integer", "NAME": "text"}},
}
ITEMS = [
    # ID, NAME (padded), CODE, NR
    (1, "Ada       ", "A", 5),
    (2, "ÉÉN 100%  ", "b", 10),
    (3, "een_twee  ", "", None),
    (4, "          ", None, 0),
    (5, None, "  ", -3),
]
LABELS = [(1, 1, "red"), (1, 2, "blue"), (2, 1, "red"), (9, 1, "red")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "items.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE ITEM (ID INTEGER, NAME CHAR(10), CODE TEXT, NR INTEGER)")
        connection.execute("CREATE TABLE LABEL (ITEM_ID INTEGER, SEQ INTEGER, WORD TEXT)")
        connection.executemany("INSERT INTO ITEM VALUES (?, ?, ?, ?)", ITEMS)
        connection.executemany("INSERT INTO LABEL VALUES (?, ?, ?)", LABELS)
    return path


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def content(file: Path) -> bytes:
    return file.read_bytes()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def move(file: Path, to: Path) -> None:
    file.rename(to)


@asynccontextmanager
async def opened(url: str, **options: str) -> AsyncIterator[SqlAdapter]:
    adapter = SqlAdapter.create({"url": url, **options}, COLLECTIONS)
    async with sqlite_ended():
        try:
            yield adapter
        finally:
            await adapter.close()


@pytest.fixture
async def adapter(file: Path) -> AsyncIterator[SqlAdapter]:
    async with opened(url_of(file)) as adapter:
        yield adapter


async def ids(adapter: SqlAdapter, where: Condition, **more: Any) -> list[int]:
    """The items that meet a condition; sorted, unless an order is asked for."""
    page = await adapter.find("ITEM", Query(where, **more))
    found = [record["ID"] for record in page.records]
    return found if more.get("order") else sorted(found)


CONDITIONS: dict[str, tuple[Condition, list[int]]] = {
    "always": (ALWAYS, [1, 2, 3, 4, 5]),
    "never": (NEVER, []),
    "in": (In("CODE", ("A", "x")), [1]),
    "in respects case": (In("CODE", ("B",)), []),
    "in, of an integer": (In("NR", (5, 10)), [1, 2]),
    "in, of an integer as text": (In("NR", ("5", "-3")), [1, 5]),
    "in, of text that is no integer": (In("NR", ("5.0", "05", "five", "", "٥")), []),
    "in, beyond 64 bits": (In("NR", ("99999999999999999999",)), []),
    "in, without values": (In("CODE", ()), []),
    "in, padded": (In("NAME", ("Ada",)), [1]),
    "in, an injection": (In("CODE", ("' OR 1=1 --",)), []),
    "not in": (NotIn("CODE", ("A",)), [2, 3, 4, 5]),
    "not in, of an integer": (NotIn("NR", ("5", "five")), [2, 3, 4, 5]),
    "not in, padded": (NotIn("NAME", ("Ada",)), [2, 3, 4, 5]),
    "present": (Present("CODE"), [1, 2]),
    "present, of an integer": (Present("NR"), [1, 2, 4, 5]),
    "present, padded": (Present("NAME"), [1, 2, 3]),
    "absent": (Absent("CODE"), [3, 4, 5]),
    "absent, of an integer": (Absent("NR"), [3]),
    "absent, padded": (Absent("NAME"), [4, 5]),
    "higher": (Compare("NR", ">", 0), [1, 2]),
    "not lower": (Compare("NR", ">=", 0), [1, 2, 4]),
    "lower": (Compare("NR", "<", 5), [4, 5]),
    "not higher": (Compare("NR", "<=", 5), [1, 4, 5]),
    "lower, of text": (Compare("CODE", "<", "b"), [1]),
    "contains, in any case": (Contains("NAME", "ADA"), [1]),
    "contains, in any case beyond ASCII": (Contains("NAME", "één"), [2]),
    "contains a percent sign": (Contains("NAME", "0%"), [2]),
    "contains an underscore": (Contains("NAME", "n_t"), [3]),
    "contains a slash": (Contains("NAME", "/"), []),
    "contains nothing": (Contains("NAME", ""), [1, 2, 3]),
    "does not contain the padding": (Contains("NAME", "Ada "), []),
    "pattern": (Pattern("NAME", ("é", "1", "%")), [2]),
    "pattern in another order": (Pattern("NAME", ("1", "é")), []),
    "all": (All((In("CODE", ("A", "b")), Compare("NR", ">", 5))), [2]),
    "any": (AnyOf((In("CODE", ("A",)), Absent("NR"))), [1, 3]),
    "any within all": (All((Present("NAME"), AnyOf((In("ID", (1, 4)), In("ID", (3,)))))), [1, 3]),
}
EXISTS: dict[str, tuple[Condition, list[int]]] = {
    "there is one": (Exists("ID", "LABEL", "ITEM_ID", ALWAYS), [1, 2]),
    "there is one that": (Exists("ID", "LABEL", "ITEM_ID", In("WORD", ("blue",))), [1]),
    "there is none": (Exists("ID", "LABEL", "ITEM_ID", ALWAYS, negated=True), [3, 4, 5]),
    "there is none that": (
        Exists("ID", "LABEL", "ITEM_ID", In("WORD", ("blue",)), negated=True),
        [2, 3, 4, 5],
    ),
    "there is one with the same value, null apart": (
        Exists("NR", "renamed", "ID", ALWAYS),
        [1],
    ),
    "one in the other": (
        Exists("ID", "LABEL", "ITEM_ID", Exists("SEQ", "ITEM", "ID", In("CODE", ("b",)))),
        [1],
    ),
}


@pytest.mark.parametrize(("where", "found"), CONDITIONS.values(), ids=CONDITIONS)
async def test_a_condition_finds_what_it_says(
    adapter: SqlAdapter, where: Condition, found: list[int]
) -> None:
    assert await ids(adapter, where) == found


@pytest.mark.parametrize("where", [c for c, _ in CONDITIONS.values()], ids=CONDITIONS)
async def test_the_database_and_the_gateway_agree(adapter: SqlAdapter, where: Condition) -> None:
    everything = (await adapter.find("ITEM", Query())).records
    assert await ids(adapter, where) == sorted(r["ID"] for r in everything if matches(where, r))


@pytest.mark.parametrize(("where", "found"), EXISTS.values(), ids=EXISTS)
async def test_a_condition_on_another_table_finds_what_it_says(
    adapter: SqlAdapter, where: Condition, found: list[int]
) -> None:
    assert await ids(adapter, where) == found


@pytest.mark.parametrize("value", ["--5", "9" * 5000], ids=["two dashes", "very long"])
async def test_text_that_hardly_looks_like_an_integer_equals_none(
    adapter: SqlAdapter, value: str
) -> None:
    assert await ids(adapter, In("NR", (value,))) == []


async def test_padding_is_taken_away(adapter: SqlAdapter) -> None:
    page = await adapter.find("ITEM", Query(In("ID", (1,))))
    assert page.records == [{"ID": 1, "NAME": "Ada", "CODE": "A", "NR": 5}]


async def test_spaces_in_other_text_are_kept(adapter: SqlAdapter) -> None:
    page = await adapter.find("ITEM", Query(In("ID", (5,))))
    assert page.records[0]["CODE"] == "  "


async def test_only_the_fields_that_are_needed_come(adapter: SqlAdapter) -> None:
    query = Query(In("ID", (1,)), fields=frozenset({"ID", "NAME"}))
    assert (await adapter.find("ITEM", query)).records == [{"ID": 1, "NAME": "Ada"}]


async def test_the_order_is_descending_with_nulls_last(adapter: SqlAdapter) -> None:
    assert await ids(adapter, ALWAYS, order=("NR",)) == [2, 1, 4, 5, 3]


async def test_a_second_field_decides_where_the_first_is_equal(adapter: SqlAdapter) -> None:
    page = await adapter.find("LABEL", Query(order=("WORD", "ITEM_ID")))
    assert [tuple(r.values()) for r in page.records] == [
        (9, 1, "red"),
        (2, 1, "red"),
        (1, 1, "red"),
        (1, 2, "blue"),
    ]


async def test_a_part_of_the_list(adapter: SqlAdapter) -> None:
    assert await ids(adapter, ALWAYS, order=("ID",), skip=1, limit=2) == [4, 3]


async def test_beyond_the_list_is_nothing(adapter: SqlAdapter) -> None:
    assert await ids(adapter, ALWAYS, order=("ID",), skip=5) == []


async def test_the_total_counts_all_that_match(adapter: SqlAdapter) -> None:
    page = await adapter.find("ITEM", Query(Present("NR"), limit=1, count=True))
    assert (len(page.records), page.total) == (1, 4)


async def test_the_total_can_be_asked_alone(adapter: SqlAdapter) -> None:
    page = await adapter.find("ITEM", Query(limit=0, count=True))
    assert (list(page.records), page.total) == ([], 5)


async def test_the_total_is_known_beyond_the_list(adapter: SqlAdapter) -> None:
    page = await adapter.find("ITEM", Query(order=("ID",), skip=99, count=True))
    assert (list(page.records), page.total) == ([], 5)


async def test_without_asking_there_is_no_total(adapter: SqlAdapter) -> None:
    assert (await adapter.find("ITEM", Query())).total is None


async def test_tokens_walk_all_records_once(adapter: SqlAdapter) -> None:
    found: list[int] = []
    token: str | None = None
    for _ in range(10):
        page = await adapter.find("ITEM", Query(order=("ID",), limit=2, token=token))
        found += [record["ID"] for record in page.records]
        token = page.next
        if token is None:
            break
    assert found == [5, 4, 3, 2, 1]


TEXTS = (None, "", "  ", "\t", "a", "ab", "B")
"""Absent in three ways, and a character that orders before a space."""


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    "order",
    [("ID",), ("CODE", "NAME", "NR", "ID"), ("NR", "CODE", "ID"), ("NAME", "ID", "CODE")],
)
async def test_each_page_begins_where_the_one_before_ended(
    adapter: SqlAdapter, file: Path, order: tuple[str, ...], backwards: bool
) -> None:
    combinations = enumerate(product(TEXTS, TEXTS, (None, 0, 5)), start=10)
    rows = [(n, code and code.ljust(10), name, nr) for n, (code, name, nr) in combinations]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany("INSERT INTO ITEM VALUES (?, ?, ?, ?)", rows)
    query = Query(order=order, backwards=backwards)
    everything = (await adapter.find("ITEM", Query(limit=1000))).records
    assert len(everything) == len(ITEMS) + len(rows)
    found = await walked(lambda q: adapter.find("ITEM", q), query, [11] * len(everything))
    assert found == answer(everything, query)


async def test_pages_by_position_go_on_behind_the_last_value(adapter: SqlAdapter) -> None:
    wanted = [2, 1, 5, 4, 3]
    for count in (False, True):
        for skip in range(6):
            page = await adapter.find(
                "ITEM", Query(order=("CODE",), skip=skip, limit=2, count=count)
            )
            assert [r["ID"] for r in page.records] == wanted[skip : skip + 2]


async def test_a_record_by_its_key(adapter: SqlAdapter) -> None:
    assert await adapter.get("ITEM", {"ID": 3}) == {
        "ID": 3,
        "NAME": "een_twee",
        "CODE": "",
        "NR": None,
    }


async def test_a_record_by_a_key_of_two_fields(adapter: SqlAdapter) -> None:
    found = await adapter.get("LABEL", {"ITEM_ID": 1, "SEQ": 2})
    assert found == {"ITEM_ID": 1, "SEQ": 2, "WORD": "blue"}


@pytest.mark.parametrize("key", [{"ID": 6}, {"ID": "x"}, {"ID": 2**63}])
async def test_no_record_with_that_key(adapter: SqlAdapter, key: dict[str, Any]) -> None:
    assert await adapter.get("ITEM", key) is None


async def test_half_of_a_key_finds_nothing_else(adapter: SqlAdapter) -> None:
    assert await adapter.get("LABEL", {"ITEM_ID": 2, "SEQ": 2}) is None


async def test_a_collection_may_have_another_name_than_its_table(adapter: SqlAdapter) -> None:
    assert await adapter.get("renamed", {"ID": 1}) == {"ID": 1}


def test_everything_is_declared() -> None:
    declared = SqlAdapter.create({"url": "sqlite+aiosqlite://"}, COLLECTIONS).collections["LABEL"]
    assert declared.fields == {"ITEM_ID", "SEQ", "WORD"}
    assert declared.key == ("ITEM_ID", "SEQ")
    assert set(declared.filters["WORD"]) == set(Operator)
    assert declared.sortable == declared.fields
    assert declared.exists == set(COLLECTIONS)
    assert (declared.paging, declared.total, declared.disjunctions) == (Paging.OFFSET, True, True)
    assert declared.places(("WORD", "SEQ", "ITEM_ID")) and not declared.places(("WORD", "SEQ"))


async def test_as_many_values_as_are_declared_fit_in_one_question(adapter: SqlAdapter) -> None:
    most = adapter.collections["ITEM"].max_in
    assert await ids(adapter, In("ID", tuple(range(5, 5 + most)))) == [5]


# --- read only, and what goes wrong ---


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM ITEM", "UPDATE ITEM SET NR = 1", "CREATE TABLE NEW (X)", "DROP TABLE ITEM"],
)
async def test_the_connection_cannot_write(adapter: SqlAdapter, file: Path, statement: str) -> None:
    before = content(file)
    engine = await adapter._connected()
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="readonly"):
            await connection.execute(text(statement))
    assert content(file) == before


async def test_a_missing_file_is_a_source_that_is_down(tmp_path: Path) -> None:
    async with opened(url_of(tmp_path / "weg.sqlite")) as adapter:
        with pytest.raises(SourceError) as caught:
            await adapter.check()
    assert caught.value.failure is Failure.UNAVAILABLE


async def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    async with opened(url_of(tmp_path / "weg.sqlite")) as adapter:
        with pytest.raises(SourceError):
            await adapter.find("ITEM", Query())
    assert names(tmp_path) == []


async def test_a_file_that_is_no_database_gives_no_records(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("no database, but long enough to look like one " * 99)
    async with opened(url_of(tmp_path / "text.sqlite")) as adapter:
        with pytest.raises(SourceError) as caught:
            await adapter.find("ITEM", Query())
    assert caught.value.failure in (Failure.UNAVAILABLE, Failure.BAD_DATA)


async def test_a_file_that_comes_back_is_found_again(tmp_path: Path, file: Path) -> None:
    away = tmp_path / "away.sqlite"
    move(file, away)
    async with opened(url_of(file)) as adapter:
        with pytest.raises(SourceError):
            await adapter.check()
        move(away, file)
        assert await ids(adapter, In("ID", (1,))) == [1]


async def test_the_error_of_a_question_holds_none_of_its_values(adapter: SqlAdapter) -> None:
    with pytest.raises(SourceError) as caught:
        await adapter.find("GONE", Query(Contains("NAME", BSN)))
    error = caught.value
    assert BSN not in f"{error!r} {error} {error.args} {error.note}"
    assert error.__cause__ is None and error.__suppress_context__


async def test_an_unknown_table_is_a_failure_of_the_source(adapter: SqlAdapter) -> None:
    with pytest.raises(SourceError) as caught:
        await adapter.find("GONE", Query())
    assert caught.value.failure is Failure.UNAVAILABLE


async def test_a_question_that_failed_leaves_nothing_under_way(adapter: SqlAdapter) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(SourceError):
        await adapter.find("GONE", Query(count=True))
    assert asyncio.all_tasks() == before


async def test_a_question_that_is_given_up_leaves_nothing_under_way(adapter: SqlAdapter) -> None:
    before = asyncio.all_tasks()
    asked = asyncio.ensure_future(adapter.find("ITEM", Query(count=True)))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("url", ["postgresql+asyncpg://kcc:hunter2@db/kcc", "x", ""])
def test_a_url_with_a_password_or_without_sense_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        SqlAdapter.create({"url": url}, COLLECTIONS)


async def test_a_url_can_stand_elsewhere(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCC_URL", url_of(file))
    async with opened("env:KCC_URL", dialect="sqlite") as adapter:
        assert await ids(adapter, In("ID", (1,))) == [1]


async def test_a_url_that_stands_nowhere_is_a_source_that_is_down() -> None:
    async with opened("env:DAT_IS_ER_NIET", dialect="sqlite") as adapter:
        with pytest.raises(SourceError) as caught:
            await adapter.check()
    assert caught.value.failure is Failure.UNAVAILABLE
