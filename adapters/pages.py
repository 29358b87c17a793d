"""Lists that are numbered by page, asked for any part of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from adapters.base import Failure, Query, SourceError
from adapters.conditions import Record

Numbered = Callable[[int, int], Awaitable[tuple[Sequence[Record], int] | None]]
"""A page by its number, from 1, and the size of pages: its objects, and how many there are on all;
``None`` where there is no such page."""


@dataclass(frozen=True, slots=True)
class Part:
    """Objects of a list from a position on, the token of where to go on, and how many there are."""

    objects: Sequence[Record]
    next: str | None
    total: int


async def part_of(page: Numbered, query: Query, most: int, *, fixed: bool = False) -> Part:
    """The objects from a position on, as far as one page holds them. ``most``: the largest size of
    pages, ``fixed``: the only one.

    Raises ``SourceError`` where the pages are not what the total says.
    """
    start = int(query.token) if query.token else query.skip
    limit = min(query.limit, most)
    size = most if fixed else size_around(start, limit, most)
    number = start // size + 1 if limit else 1
    found = await page(number, size)
    if found is None and number > 1:
        # Beyond the last page there is none.
        size, number, limit = most if fixed else 1, 1, 0
        found = await page(number, size)
        if found is not None and found[1] > start:
            raise SourceError(Failure.BAD_DATA, "a page is missing")
    if found is None:
        raise SourceError(Failure.BAD_DATA, "no list")
    objects, total = found
    before = (number - 1) * size
    if len(objects) != min(size, max(0, total - before)):
        raise SourceError(Failure.BAD_DATA, "not as many objects as the total says")
    here = objects[start - before :][:limit] if limit else ()
    stop = start + len(here)
    return Part(here, str(stop) if here and stop < total else None, total)


def size_around(start: int, limit: int, most: int) -> int:
    """The size of pages, at most ``most``, of which one holds ``limit`` objects from ``start`` on:
    all of them if there is such a size, else the beginning."""
    last = start + max(limit, 1) - 1
    fits = (s for s in range(max(limit, 1), most + 1) if start // s == last // s)
    return next(fits, most)
