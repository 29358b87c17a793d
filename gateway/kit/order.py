"""The order that the contract promises, written out: what the kit compares with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.base import Query
from adapters.conditions import Record, Scalar, get, is_absent

Rank = tuple[tuple[bool, Any], ...]


def rank(values: Iterable[Any]) -> Rank:
    """What orders as these values of the fields of an order do, lowest first."""
    return tuple((False, None) if is_absent(v) else (True, v) for v in values)


def place(record: Record, order: Sequence[str]) -> tuple[Scalar | None, ...]:
    """Where a record stands in an order: the values to ask what comes after it."""
    return tuple(get(record, name) for name in order)


def in_order(records: Iterable[Record], query: Query) -> list[Record]:
    """These records in the order of a query, from its place on."""
    ranked = [(rank(place(r, query.order)), r) for r in records]
    if query.after:
        at = rank(query.after)
        ranked = [(k, r) for k, r in ranked if (k > at if query.backwards else k < at)]
    return [r for _, r in sorted(ranked, key=lambda p: p[0], reverse=not query.backwards)]
