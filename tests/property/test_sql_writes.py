"""The SQL adapter writes what a few lines of Python write: the same records, or the same failure
and nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from adapters.base import Change, Create, Delete, Failure, Generated, Query, SourceError, Update
from adapters.conditions import Absent, In, Record, is_absent, matches
from adapters.sql import SqlAdapter
from tests.support.installations import Loop

TABLES: Final = {
    "T": {
        "key": "K",
        "columns": dict.fromkeys("KNV", "integer") | {"A": "text", "P": "char"},
        "write": {
            **dict.fromkeys(("create", "update", "delete"), True),
            "generated": "K",
            "version": "V",
            "counts": True,
            "lengths": {"P": 8},
        },
    }
}
SCHEMA: Final = (
    "CREATE TABLE T (K INTEGER PRIMARY KEY, N INTEGER UNIQUE, V INTEGER, A TEXT, P TEXT)"
)
Row = dict[str, Any]

texts = st.sampled_from(
    [None, "", "  ", "a", "A", "a ", " a", "é", "'; --", ":x", "x" * 8, "x" * 9]
)
numbers = st.sampled_from([None, -1, 0, 1, 2, 3, 2**63 - 1])
fields = {"A": texts, "P": texts, "N": numbers}
values = st.fixed_dictionaries({}, optional=fields)
expected = st.fixed_dictionaries({}, optional={**fields, "V": numbers})


@st.composite
def batches(draw: st.DrawFn) -> list[Change]:
    """Changes of some of the first records, and of those that were just made."""
    made: list[Change] = []
    for _ in range(draw(st.integers(1, 4))):
        creates = [i for i, change in enumerate(made) if isinstance(change, Create)]
        known = st.integers(1, 3) | st.sampled_from([Generated(i, "K") for i in creates] or [1])
        kind = draw(st.sampled_from([Create, Create, Update, Update, Delete]))
        if kind is Create:
            made.append(Create("T", draw(values)))
        elif kind is Update:
            made.append(Update("T", {"K": draw(known)}, draw(values), draw(expected)))
        else:
            made.append(Delete("T", {"K": draw(known)}, draw(expected)))
    return made


class Model:
    """The same table in memory."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}

    def write(self, changes: Sequence[Change]) -> list[Row]:
        """The records afterwards. Raises ``SourceError``, and then nothing is done."""
        if any(len(str(c.values.get("P") or "")) > 8 for c in changes if not isinstance(c, Delete)):
            raise SourceError(Failure.REFUSED)
        before, made = self.rows, list[Row]()
        self.rows = {key: dict(row) for key, row in before.items()}
        try:
            for change in changes:
                made.append(self._make(change, made))
        except SourceError:
            self.rows = before
            raise
        return made

    def _make(self, change: Change, made: Sequence[Row]) -> Row:
        if isinstance(change, Create):
            key = max(self.rows, default=0) + 1
            self.rows[key] = dict.fromkeys("NVAP") | {"K": key}
            return self._set(key, change.values)
        named = change.key["K"]
        key = made[named.change]["K"] if isinstance(named, Generated) else named
        row = self.rows.get(key)
        if row is None:
            raise SourceError(Failure.GONE)
        if not all(_has(row, name, value) for name, value in change.expected.items()):
            raise SourceError(Failure.CONFLICT)
        if isinstance(change, Delete):
            return self.rows.pop(key)
        return self._set(key, change.values | {"V": (row["V"] or 0) + 1} if change.values else {})

    def _set(self, key: int, values: Mapping[str, Any]) -> Row:
        number = values.get("N")
        if number is not None and number in [r["N"] for k, r in self.rows.items() if k != key]:
            raise SourceError(Failure.CONFLICT)
        row = self.rows[key]
        row.update(values)
        row["P"] = row["P"] and row["P"].rstrip(" ")
        return dict(row)


def _has(row: Record, name: str, value: Any) -> bool:
    return matches(Absent(name) if is_absent(value) else In(name, (value,)), row)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sql") / "written.sqlite"


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(several=st.lists(batches(), min_size=1, max_size=6))
def test_a_database_holds_what_was_acknowledged_and_no_more(
    several: list[list[Change]], loop: Loop, file: Path
) -> None:
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(SCHEMA)
    adapter = SqlAdapter.create({"url": f"sqlite+aiosqlite:///{file}"}, TABLES)
    model = Model()
    try:
        for batch in several:
            wanted = _ended(lambda batch=batch: model.write(batch))
            event(wanted if isinstance(wanted, Failure) else "written")
            assert _ended(lambda batch=batch: loop.run(adapter.write(batch))) == wanted
            there = loop.run(adapter.find("T", Query(order=("K",), backwards=True)))
            assert there.records == [model.rows[key] for key in sorted(model.rows)]
    finally:
        loop.run(adapter.close())


def _ended(write: Any) -> Any:
    try:
        return list(write())
    except SourceError as error:
        return error.failure
