"""The order of an answer in SQL: what sorts it, and what lies beyond a place in it.

An answer comes in one or two *stretches*. Absent values come last, and some of them are blank
text, which no index keeps together with null. So the records of which the first field is present
are one stretch, in the plain order of that field, which a database can walk along an index; those
of which it is absent are the other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, case, or_

from adapters.base import Query
from adapters.conditions import Absent, Condition, Present, Scalar, all_of, is_absent
from adapters.sql_dialects import Column, ColumnType, Dialect

Place = tuple[Scalar | None, ...]
Compared = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of an answer: records that meet ``where``, by the fields of ``order``.

    ``present``: fields of which all these records have a value. ``after``: the values of
    ``order`` beyond which the stretch begins, or nothing. ``backwards``: the opposite order.
    """

    where: Condition
    order: tuple[str, ...] = ()
    present: frozenset[str] = frozenset()
    after: Place = ()
    backwards: bool = False


def stretches(query: Query, key: Sequence[str]) -> Sequence[Stretch]:
    """The one or two stretches of the answer to a query, in the sequence in which they come.

    Where the order leaves records equal it follows the key, so that pages do not overlap. A
    record without a key is no record, so the fields of the key are always present.
    """
    order, always = tuple(dict.fromkeys((*query.order, *key))), frozenset(key)
    first = order[0]
    if first in always:
        return [Stretch(query.where, order, always, query.after, query.backwards)]
    filled = Stretch(
        all_of([query.where, Present(first)]),
        order,
        always | {first},
        backwards=query.backwards,
    )
    blank = Stretch(
        all_of([query.where, Absent(first)]), order[1:], always, backwards=query.backwards
    )
    if not query.after:
        return [blank, filled] if query.backwards else [filled, blank]
    if is_absent(query.after[0]):
        begun = replace(blank, after=query.after[1:])
        return [begun, filled] if query.backwards else [begun]
    begun = replace(filled, after=query.after)
    return [begun] if query.backwards else [begun, blank]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A column that sorts. ``present``: all records at hand have a value in it."""

    column: Column
    kind: ColumnType
    present: bool

    def clause(self, rules: Dialect, *, backwards: bool) -> UnaryExpression[Any]:
        """Part of ORDER BY: highest first and absent last, or the other way around."""
        value = rules.ordered(self.column, self.kind)
        if not self.present and self.kind != "integer":
            value = case((rules.present(self.column, self.kind), value))
        clause = value.asc() if backwards else value.desc()
        if self.present or not rules.nulls_high:
            return clause
        return clause.nulls_first() if backwards else clause.nulls_last()

    def level(self, rules: Dialect, value: Scalar | None) -> ColumnElement[bool]:
        """Where the column has this value."""
        if not self.present and is_absent(value):
            return rules.absent(self.column, self.kind)
        return self.compared(rules, operator.eq, value)

    def further(
        self, rules: Dialect, value: Scalar | None, *, backwards: bool
    ) -> ColumnElement[bool] | None:
        """Where the column is beyond this value; ``None``: nowhere."""
        if is_absent(value) and not self.present:
            return rules.present(self.column, self.kind) if backwards else None
        further = self.compared(rules, operator.gt if backwards else operator.lt, value)
        if self.present:
            return further
        if backwards:
            return and_(rules.present(self.column, self.kind), further)
        return or_(rules.absent(self.column, self.kind), further)

    def compared(self, rules: Dialect, by: Compared, value: Scalar | None) -> ColumnElement[bool]:
        """Where the column, as it orders, compares so with a value that is not null."""
        if value is None:
            raise TypeError("a place without a value in a field that is always present")
        found: ColumnElement[bool] = by(
            rules.ordered(self.column, self.kind), rules.place(value, self.kind)
        )
        return found


def beyond(
    rules: Dialect, columns: Sequence[Sorted], place: Place, *, backwards: bool
) -> ColumnElement[bool]:
    """The records beyond a place. The comparisons are those of ORDER BY."""
    found: list[ColumnElement[bool]] = []
    level: list[ColumnElement[bool]] = []
    for column, value in zip(columns, place, strict=True):
        further = column.further(rules, value, backwards=backwards)
        if further is not None:
            found.append(and_(*level, further))
        level.append(column.level(rules, value))
    first, value = columns[0], place[0]
    if not first.present:
        return or_(*found)
    # Says nothing new, but it is a range of an index.
    start = first.compared(rules, operator.ge if backwards else operator.le, value)
    return and_(start, or_(*found))
