"""Filters that do not do what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.conditions import (
    Absent,
    Alike,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Record,
    get,
)
from tests.kit.memory import Memory


class AnyCase(Memory):
    """Equality in any case, as a collation has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, In):
            value = str(get(record, condition.field) or "").lower()
            return value in [str(v).lower() for v in condition.values]
        return super().meets(condition, record)


class LastValueLost(Memory):
    """Of a list of values all but the last is asked."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, In) and len(condition.values) > 1:
            condition = replace(condition, values=condition.values[:-2])
        return super().meets(condition, record)


class NeverAlike(Memory):
    """What equals in any case is only what equals."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Alike):
            condition = In(condition.field, condition.values)
        return super().meets(condition, record)


class Wildcards(Memory):
    """``%`` and ``_`` in a text are anything."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Contains) and condition.text in ("%_", "_", "%"):
            return get(record, condition.field) is not None
        return super().meets(condition, record)


class AsciiOnly(Memory):
    """Any case, but of the letters of ASCII only, as SQLite has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Contains):
            return _ascii(condition.text) in _ascii(str(get(record, condition.field) or ""))
        return super().meets(condition, record)


def _ascii(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


class BlankIsSomething(Memory):
    """Text of spaces is there, as a column has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Absent):
            return get(record, condition.field) is None
        return super().meets(condition, record)


class Inclusive(Memory):
    """Before is also at."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Compare) and condition.op == "<":
            condition = replace(condition, op="<=")
        return super().meets(condition, record)


class NullIsUnknown(Memory):
    """What is not something is not nothing either, as SQL has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, NotIn) and get(record, condition.field) is None:
            return False
        return super().meets(condition, record)


class IgnoredFilter(Memory):
    """A filter on one field is ignored in silence."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if getattr(condition, "field", None) == "PLAATS":
            return True
        return super().meets(condition, record)


class SecondFilterLost(Memory):
    """Of two filters the second is not asked."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, All):
            return all(super(SecondFilterLost, self).meets(p, record) for p in condition.parts[:1])
        return super().meets(condition, record)


class OrIsAnd(Memory):
    """Either of two is both of them."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, AnyOf):
            condition = All(condition.parts)
        return super().meets(condition, record)


class NoneIsSome(Memory):
    """That there is no such record is that there is one."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Exists):
            condition = replace(condition, negated=False)
        return super().meets(condition, record)


BROKEN: Mapping[type, str] = {
    AnyCase: "filters",
    LastValueLost: "filters",
    NeverAlike: "filters",
    Wildcards: "filters",
    AsciiOnly: "filters",
    BlankIsSomething: "filters",
    Inclusive: "filters",
    NullIsUnknown: "filters",
    IgnoredFilter: "filters",
    SecondFilterLost: "combined",
    OrIsAnd: "combined",
    NoneIsSome: "exists",
}
