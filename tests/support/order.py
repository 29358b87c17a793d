"""The order of an answer, and places in it, as ``adapters.base`` says them: the oracle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from adapters.base import Page, Query
from adapters.conditions import Record, get, is_absent

Rank = tuple[tuple[bool, Any], ...]


def rank(values: Iterable[Any]) -> Rank:
    """What orders as these values of the fields of an order do, lowest first."""
    return tuple((False, None) if is_absent(v) else (True, v) for v in values)


def place(record: Record, order: Sequence[str]) -> tuple[Any, ...]:
    """Where a record stands in an order: the values to ask what comes after it."""
    return tuple(get(record, name) for name in order)


def answer(records: Iterable[Record], query: Query) -> list[Record]:
    """These records in the order of a query, from its place on."""
    ranked = [(rank(place(r, query.order)), r) for r in records]
    if query.after:
        at = rank(query.after)
        ranked = [(k, r) for k, r in ranked if (k > at if query.backwards else k < at)]
    return [r for _, r in sorted(ranked, key=lambda p: p[0], reverse=not query.backwards)]


async def walked(
    find: Callable[[Query], Awaitable[Page]], query: Query, sizes: Iterable[int]
) -> list[Record]:
    """All records from a place on, in pages of these sizes: each begins after the one before."""
    found: list[Record] = []
    after = query.after
    for size in sizes:
        page = await find(
            Query(query.where, query.order, size, after=after, backwards=query.backwards)
        )
        assert len(page.records) <= size
        found += page.records
        if len(page.records) < size:
            return found
        after = place(page.records[-1], query.order)
    raise AssertionError("a list without an end")
