"""The order of an answer, and places in it, as ``adapters.base`` says them: the oracle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from adapters.base import Page, Query
from adapters.conditions import Record
from gateway.kit.order import Rank, place, rank
from gateway.kit.order import in_order as answer

__all__ = ["Rank", "answer", "place", "rank", "walked"]


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
