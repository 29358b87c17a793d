"""Questions to a SQL database, as SQL expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Select,
    and_,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.sql.selectable import FromClause

from adapters.base import Match
from adapters.conditions import (
    Absent,
    Alike,
    All,
    AnyOf,
    Atom,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
)
from adapters.sql_dialects import TYPES, Column, ColumnType, Dialect
from adapters.sql_order import Sorted, Stretch, beyond
from adapters.sql_settings import Table


def record_of(row: Mapping[str, Any], spec: Table) -> Record:
    """A record out of a row."""
    return {name: _value(value, spec.columns[name]) for name, value in row.items()}


def _value(value: Any, kind: ColumnType) -> Any:
    """A value without padding; a whole number out of a NUMERIC column is an integer."""
    if kind == "char" and isinstance(value, str):
        return value.rstrip(" ")
    if kind == "integer" and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


class Statements:
    """Queries as SQL expressions. Every value is a bound parameter."""

    def __init__(self, tables: Mapping[str, Table], rules: Dialect) -> None:
        self._tables = tables
        self._rules = rules
        self._aliases = 0

    def rows(
        self,
        collection: str,
        stretch: Stretch,
        skip: int,
        limit: int,
        fields: frozenset[str] = frozenset(),
    ) -> Select[Any]:
        """Records of a stretch, with all columns or some ``fields``."""
        source = self._from(collection)
        names = [n for n in self._tables[collection].columns if not fields or n in fields]
        order = [
            column.clause(self._rules, backwards=stretch.backwards)
            for column in self._sorted(collection, stretch, source)
        ]
        return (
            select(*(source.c[name] for name in names))
            .where(self._within(collection, stretch, source))
            .order_by(*order)
            .limit(limit)
            .offset(skip)
        )

    def count(self, collection: str, stretch: Stretch) -> Select[Any]:
        """How many records there are in a stretch, as ``total``."""
        source = self._from(collection)
        found = self._within(collection, stretch, source)
        return select(func.count().label("total")).select_from(source).where(found)

    def _within(self, collection: str, stretch: Stretch, source: FromClause) -> ColumnElement[bool]:
        where = self.where(stretch.where, collection, source)
        if not stretch.after:
            return where
        columns = self._sorted(collection, stretch, source)
        place = beyond(self._rules, columns, stretch.after, backwards=stretch.backwards)
        return and_(where, place)

    def _sorted(self, collection: str, stretch: Stretch, source: FromClause) -> list[Sorted]:
        kinds = self._tables[collection].columns
        return [Sorted(source.c[n], kinds[n], n in stretch.present) for n in stretch.order]

    def _from(self, collection: str) -> FromClause:
        spec = self._tables[collection]
        self._aliases += 1
        name = f"t{self._aliases}"
        columns: list[ColumnClause[Any]] = [
            column(name, TYPES[kind]) for name, kind in spec.columns.items()
        ]
        if spec.query is not None:
            # Colons would be read as parameters.
            return text(spec.query.replace(":", r"\:")).columns(*columns).subquery(name)
        return table(spec.table or collection, *columns, schema=spec.db_schema).alias(name)

    def where(
        self, condition: Condition, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        """A condition on the records of a collection, of which ``source`` has the columns."""
        match condition:
            case All(parts) | AnyOf(parts):
                together = and_ if isinstance(condition, All) else or_
                wheres = [self.where(p, collection, source) for p in parts]
                return together(*wheres) if wheres else _is(isinstance(condition, All))
            case Exists():
                return self._exists(condition, collection, source)
            case _:
                kind = self._tables[collection].columns[condition.field]
                return self._atom(condition, source.c[condition.field], kind)

    def _exists(
        self, condition: Exists, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        rules, beyond = self._rules, self._from(condition.collection)
        here: Column = source.c[condition.field]
        there: Column = beyond.c[condition.far_field]
        kind = self._tables[collection].columns[condition.field]
        far_kind = self._tables[condition.collection].columns[condition.far_field]
        parts = [self.where(condition.where, condition.collection, beyond)]
        if kind != "integer":
            parts.append(rules.present(here, kind))
        if kind != far_kind:
            here, there = rules.text(here, kind), rules.text(there, far_kind)
            kind = far_kind = "text"
        parts.append(rules.exactly(there, far_kind) == rules.exactly(here, kind))
        found = exists(select(literal(1)).select_from(beyond).where(*parts))
        return not_(found) if condition.negated else found

    def _atom(self, atom: Atom, col: Column, kind: ColumnType) -> ColumnElement[bool]:
        rules = self._rules
        match atom:
            case In(values=values):
                bound = _bound(values, kind)
                near = rules.near(col, kind)
                found = self._one_of(col, kind, bound)
                return found if near is None or not bound else and_(near.in_(bound), found)
            case NotIn(values=values):
                found = self._one_of(col, kind, _bound(values, kind))
                return or_(rules.plain(col, kind).is_(None), not_(found))
            case Present():
                return rules.present(col, kind)
            case Absent():
                return rules.absent(col, kind)
            case Compare(op=op, value=value):
                compared = rules.ordered(col, kind)
                if kind == "integer" and isinstance(value, str):
                    compared = rules.ordered(rules.text(col, kind), "text")
                ordered = compared.op(op, is_comparison=True)(value)
                return and_(rules.present(col, kind), ordered)
            case Contains(text=part):
                return self._like(col, kind, [part])
            case Alike(values=values):
                return self._alike(col, kind, values)
            case Pattern(fragments=fragments):
                return self._like(col, kind, fragments)

    def _one_of(
        self, col: Column, kind: ColumnType, values: Sequence[Scalar]
    ) -> ColumnElement[bool]:
        if not values:
            return _is(False)
        return self._rules.exactly(col, kind).in_([self._rules.value(v, kind) for v in values])

    def _alike(self, col: Column, kind: ColumnType, values: Sequence[str]) -> ColumnElement[bool]:
        rules = self._rules
        folded = rules.folded(col, kind)
        if rules.contains is Match.EXACT:
            found: ColumnElement[bool] = folded.in_([value.lower() for value in values])
        else:
            likes = [folded.like(rules.pattern(value), escape="/") for value in values]
            found = or_(*likes) if likes else _is(False)
        return and_(rules.present(col, kind), found)

    def _like(self, col: Column, kind: ColumnType, fragments: Iterable[str]) -> ColumnElement[bool]:
        pattern = "%" + "".join(self._rules.pattern(f) + "%" for f in fragments)
        found = self._rules.folded(col, kind).like(pattern, escape="/")
        return and_(self._rules.present(col, kind), found)


def _is(truth: bool) -> ColumnElement[bool]:
    """True or false, also where the database has no words for them."""
    return literal_column("1") == literal_column("1" if truth else "0")


def _bound(values: Iterable[Scalar], kind: ColumnType) -> list[Scalar]:
    """The values that a column of this type can equal, in that type: none is blank, none in
    padded text ends with a space, and an integer is written as one."""
    texts = map(str, values)
    if kind == "integer":
        return [number for v in texts if (number := as_integer(v)) is not None]
    return [v for v in texts if v.strip(" ") and not (kind == "char" and v.endswith(" "))]


def as_integer(value: str) -> int | None:
    """The integer that is written so; ``None`` for another text, and for what is beyond 64 bits:
    no column can hold it, and drivers refuse to bind it."""
    found = re.fullmatch(r"0|-?[1-9]\d{0,18}", value, re.ASCII)
    return int(value) if found is not None and abs(int(value)) < 2**63 else None
