"""The SQL adapter: a database finds the records that meet a condition, no more and no fewer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Query
from adapters.conditions import ALWAYS, Condition, Record
from adapters.sql import SqlAdapter
from tests.support.conditions import atoms, conditions, records
from tests.support.honest import holds
from tests.support.installations import Loop
from tests.support.order import answer, place, walked

TABLES = {
    name: {"key": "K", "columns": {"K": "integer", "A": "text", "P": "char", "N": "integer"}}
    for name in ("NEAR", "FAR")
}
WIDTH = 8
"""Of the padded column."""

tables = st.lists(records(), min_size=1, max_size=8)
orders = st.lists(st.sampled_from(["A", "P", "N"]), max_size=3, unique=True).map(
    lambda fields: (*fields, "K")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases of these tests are made, one after the other."""
    return tmp_path_factory.mktemp("sql")


@contextmanager
def database(
    loop: Loop, folder: Path, rows: Mapping[str, Sequence[Record]]
) -> Iterator[SqlAdapter]:
    """An SQLite database with these rows, in an order that means nothing."""
    file = folder / "rows.sqlite"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        for name, table in rows.items():
            connection.execute(
                f"CREATE TABLE {name} (K INTEGER PRIMARY KEY, A TEXT, P CHAR({WIDTH}), N INTEGER)"
            )
            stored = [
                {**r, "K": r["K"], "P": None if r["P"] is None else r["P"].ljust(WIDTH)}
                for r in table
            ]
            connection.executemany(f"INSERT INTO {name} VALUES (:K, :A, :P, :N)", stored)  # noqa: S608
    adapter = SqlAdapter.create({"url": f"sqlite+aiosqlite:///{file}"}, TABLES)
    try:
        yield adapter
    finally:
        loop.run(adapter.close())


def numbered(table: Sequence[Record]) -> list[Record]:
    """Records with a key."""
    return [{**record, "K": n} for n, record in enumerate(table, start=1)]


def keys(found: Sequence[Record]) -> list[int]:
    return [record["K"] for record in found]


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(near=tables, data=st.data())
def test_a_database_means_the_same_by_each_word(
    near: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """One condition on one field: whatever the letters, wildcards, blanks, padding and types."""
    rows = {"NEAR": numbered(near), "FAR": []}
    asked = data.draw(st.lists(atoms(rows["NEAR"]), min_size=10, max_size=30), label="asked")
    finds_what_meets(loop, folder, rows, asked)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(near=tables, far=tables, data=st.data())
def test_a_database_finds_what_meets_a_condition(
    near: list[Record], far: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """Conditions put together, and those on records of another table."""
    rows = {"NEAR": numbered(near), "FAR": numbered(far)}
    asked = conditions([*rows["NEAR"], *rows["FAR"]], exists=True)
    some = data.draw(st.lists(asked, min_size=4, max_size=10), label="asked")
    finds_what_meets(loop, folder, rows, some)


def finds_what_meets(
    loop: Loop, folder: Path, rows: Mapping[str, Sequence[Record]], asked: Sequence[Condition]
) -> None:
    """For each condition the very records that meet it come, and are counted."""
    with database(loop, folder, rows) as adapter:
        for where in asked:
            page = loop.run(adapter.find("NEAR", Query(where, count=True)))
            expected = [r for r in rows["NEAR"] if holds(where, r, rows)]
            assert sorted(keys(page.records)) == keys(expected), where
            assert page.total == len(expected)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(near=tables, data=st.data())
def test_a_database_pages_in_order(
    near: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """Highest first, absent last, ties by key; pages by number or by token are slices of that."""
    rows = numbered(near)
    with database(loop, folder, {"NEAR": rows, "FAR": []}) as adapter:
        query = Query(
            order=data.draw(orders, label="order"),
            limit=data.draw(st.integers(1, 4), label="size"),
            backwards=data.draw(st.booleans(), label="backwards"),
        )
        expected = keys(answer(rows, query))
        asked = [replace(query, skip=n) for n in range(0, len(rows) + 3, query.limit)]
        by_skip = [loop.run(adapter.find("NEAR", q)) for q in asked]
        assert [k for page in by_skip for k in keys(page.records)] == expected
        assert list(_walked(loop, adapter, query)) == expected
        for q, page in zip(asked, by_skip, strict=True):
            counted = loop.run(adapter.find("NEAR", replace(q, count=True)))
            assert (counted.records, counted.total) == (page.records, len(rows))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(near=tables, data=st.data())
def test_a_database_goes_on_from_a_place(
    near: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """Page after page from either end gives the list; a place need not be that of a record."""
    rows = numbered(near)
    with database(loop, folder, {"NEAR": rows, "FAR": []}) as adapter:
        where = data.draw(st.one_of(st.just(ALWAYS), atoms(rows)), label="where")
        met = [r for r in rows if holds(where, r, {})]
        size = st.lists(st.integers(1, 4), min_size=len(rows) + 2, max_size=len(rows) + 2)
        for backwards in (False, True):
            query = Query(where, data.draw(orders, label="order"), backwards=backwards)
            sizes = data.draw(size, label="sizes")
            found = loop.run(walked(lambda q: adapter.find("NEAR", q), query, sizes))
            assert keys(found) == keys(answer(met, query))
            somewhere = {**data.draw(records()), "K": data.draw(st.integers(0, len(rows) + 1))}
            query = replace(query, after=place(somewhere, query.order), count=True)
            page = loop.run(adapter.find("NEAR", query))
            assert (keys(page.records), page.total) == (keys(answer(met, query)), len(met))
            token = loop.run(adapter.find("NEAR", replace(query, limit=1))).next
            if token is not None:
                rest = loop.run(adapter.find("NEAR", replace(query, token=token)))
                assert keys(rest.records) == keys(answer(met, query))[1:]


def _walked(loop: Loop, adapter: SqlAdapter, query: Query) -> Iterator[int]:
    token: str | None = None
    while True:
        page = loop.run(adapter.find("NEAR", replace(query, token=token)))
        yield from keys(page.records)
        token = page.next
        if token is None:
            return


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(near=tables, data=st.data())
def test_a_record_is_got_by_its_key(
    near: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """As it was stored, but for the padding; a key that is not there gives nothing."""
    rows = numbered(near)
    with database(loop, folder, {"NEAR": rows, "FAR": []}) as adapter:
        key = data.draw(st.integers(-1, len(rows) + 1), label="key")
        expected = next((r for r in rows if r["K"] == key), None)
        assert loop.run(adapter.get("NEAR", {"K": key})) == expected
        assert loop.run(adapter.get("NEAR", {"K": str(key)})) == expected


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(near=tables, data=st.data())
def test_only_what_is_needed_is_read(
    near: list[Record], data: st.DataObject, loop: Loop, folder: Path
) -> None:
    """Fields that are asked for come, with the values that they have."""
    rows = numbered(near)
    with database(loop, folder, {"NEAR": rows, "FAR": []}) as adapter:
        fields = data.draw(st.sets(st.sampled_from(["A", "P", "N"]), min_size=1))
        page = loop.run(adapter.find("NEAR", Query(fields=frozenset([*fields, "K"]))))
        found = {r["K"]: r for r in page.records}
        for row in rows:
            assert {f: found[row["K"]][f] for f in fields} == {f: row[f] for f in fields}
