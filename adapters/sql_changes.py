"""Changes of records, as SQL expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Insert,
    MetaData,
    Select,
    Update,
    delete,
    func,
    insert,
    update,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.schema import FetchedValue

from adapters import base
from adapters.base import Change, Failure, SourceError, Value, Writes
from adapters.conditions import Absent, Condition, In, Record, Scalar, all_of, is_absent
from adapters.sql_dialects import TYPES, ColumnType, Dialect
from adapters.sql_order import Stretch
from adapters.sql_settings import Table
from adapters.sql_statements import Statements, as_integer, record_of

Values = Mapping[str, Scalar | None]


def writes_of(spec: Table) -> Writes | None:
    """What a description of a table says of writing, as an adapter declares it."""
    if spec.write is None:
        return None
    filled = {*spec.write.generated, spec.write.version}
    # A key that comes from the gateway is as good as any: the database takes it once.
    own = spec.key if spec.write.create and not spec.write.generated else []
    return Writes(
        create=spec.write.create,
        update=spec.write.update,
        delete=spec.write.delete,
        generated=frozenset(spec.write.generated),
        natural=tuple(spec.write.natural or own),
        version=spec.write.version,
        fields=frozenset(spec.columns) - filled,
        lengths=spec.write.lengths,
        numbers=frozenset(name for name, kind in spec.columns.items() if kind == "integer"),
    )


class Changes:
    """Changes as SQL. Every value is a bound parameter."""

    def __init__(self, tables: Mapping[str, Table], rules: Dialect) -> None:
        self._tables = tables
        self._rules = rules
        self._declared = {name: writes_of(spec) for name, spec in tables.items()}
        self._written = {
            name: _written(name, spec, rules)
            for name, spec in tables.items()
            if spec.write is not None
        }

    def check(self, change: Change) -> None:
        """Raises ``SourceError`` for what cannot be written, before anything is."""
        declared = self._declared[change.collection]
        values: Mapping[str, Value] = {}
        match change:
            case base.Create():
                allowed, values = declared is not None and declared.create, change.values
            case base.Update():
                allowed, values = declared is not None and declared.update, change.values
                allowed = allowed and values.keys().isdisjoint(self.key(change.collection))
            case base.Delete():
                allowed = declared is not None and declared.delete
        if declared is None or not allowed or not declared.fields.issuperset(values):
            raise SourceError(Failure.REFUSED, "a change that was not declared")
        for name, value in values.items():
            if isinstance(value, str) and len(value) > declared.lengths.get(name, len(value)):
                raise SourceError(Failure.REFUSED, f"a text too long for {name}")

    def key(self, collection: str) -> Sequence[str]:
        """The fields of the key."""
        return self._tables[collection].key

    def version(self, collection: str) -> str | None:
        """The field that changes with every update."""
        write = self._tables[collection].write
        return None if write is None else write.version

    def record(self, collection: str, row: Mapping[str, Any]) -> Record:
        """A record out of a row."""
        return record_of(row, self._tables[collection])

    def insert(self, collection: str, values: Values) -> Insert:
        """Make a record."""
        return insert(self._written[collection]).values(self._bound(collection, values))

    def update(self, collection: str, key: Values, values: Values, expected: Values) -> Update:
        """Change the record with this key, if it still has the expected values."""
        spec, target = self._tables[collection], self._written[collection]
        bound = self._bound(collection, values)
        if spec.write is not None and spec.write.counts and spec.write.version is not None:
            bound[spec.write.version] = func.coalesce(target.c[spec.write.version], 0) + 1
        return update(target).where(self._meant(collection, key, expected)).values(bound)

    def delete(self, collection: str, key: Values, expected: Values) -> Delete:
        """Take away the record with this key, if it still has the expected values."""
        return delete(self._written[collection]).where(self._meant(collection, key, expected))

    def select(self, collection: str, key: Values, expected: Values) -> Select[Any]:
        """The record with this key, if it has the expected values."""
        names = self._tables[collection].key
        stretch = Stretch(_is(key, expected), tuple(names), frozenset(names))
        return Statements(self._tables, self._rules).rows(collection, stretch, 0, 1)

    def _meant(self, collection: str, key: Values, expected: Values) -> ColumnElement[bool]:
        statements = Statements(self._tables, self._rules)
        return statements.where(_is(key, expected), collection, self._written[collection])

    def _bound(self, collection: str, values: Values) -> dict[str, Any]:
        columns = self._tables[collection].columns
        return {name: _fitting(value, columns[name]) for name, value in values.items()}


def _written(name: str, spec: Table, rules: Dialect) -> SqlTable:
    """A table as what is written in. What the database fills in is asked back, for which the
    dialects have ways of their own. In SQL Server OUTPUT fails on a table with a trigger.
    https://learn.microsoft.com/sql/t-sql/queries/output-clause-transact-sql#triggers"""
    generated = spec.write.generated if spec.write is not None else []
    columns = [
        Column(
            column,
            TYPES[kind],
            primary_key=column in spec.key,
            autoincrement=column in generated and kind == "integer",
            server_default=FetchedValue() if column in generated else None,
        )
        for column, kind in sorted(spec.columns.items(), key=lambda c: _place(c[0], spec.key))
    ]
    return SqlTable(
        spec.table or name,
        MetaData(),
        *columns,
        schema=spec.db_schema,
        implicit_returning=rules.name != "mssql",
    )


def _place(column: str, key: Sequence[str]) -> int:
    """The fields of the key first, in their order: in that order they are asked back."""
    return key.index(column) if column in key else len(key)


def _is(key: Values, expected: Values) -> Condition:
    """The record has this key and these values. Absent is what is absent, in whatever way."""
    return all_of(
        Absent(name) if value is None or is_absent(value) else In(name, (value,))
        for name, value in (*expected.items(), *key.items())
    )


def _fitting(value: Scalar | None, kind: ColumnType) -> Scalar | None:
    """A value in the type of its column."""
    if value is None:
        return None
    if kind != "integer":
        return str(value)
    number = as_integer(str(value))
    if number is None:
        raise SourceError(Failure.REFUSED, "a text in a column of numbers")
    return number
