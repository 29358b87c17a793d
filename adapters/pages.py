"""Lists that are numbered by page, asked for any part of them."""

from __future__ import annotations


def size_around(start: int, limit: int, most: int) -> int:
    """The size of pages, at most ``most``, of which one holds ``limit`` objects from ``start`` on:
    all of them if there is such a size, else the beginning."""
    last = start + max(limit, 1) - 1
    fits = (s for s in range(max(limit, 1), most + 1) if start // s == last // s)
    return next(fits, most)
