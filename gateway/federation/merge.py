"""Merging sorted streams into one list. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

SortKey = tuple[str, str]


def window(parts: Sequence[Sequence[SortKey]], start: int, stop: int) -> list[tuple[int, int]]:
    """Places ``start`` to ``stop`` of the merged list, as (part, position in the part).

    Each part is sorted highest first; of equal keys the lower part comes first.
    """
    merged = heapq.merge(*map(_numbered, range(len(parts)), parts), key=_key, reverse=True)
    return [(part, position) for _, part, position in islice(merged, start, stop)]


def _numbered(part: int, keys: Iterable[SortKey]) -> Iterator[tuple[SortKey, int, int]]:
    return ((key, part, position) for position, key in enumerate(keys))


def _key(entry: tuple[SortKey, int, int]) -> SortKey:
    return entry[0]


def descending(keys: Sequence[SortKey]) -> bool:
    """Whether keys stand highest first."""
    return all(a >= b for a, b in pairwise(keys))


def pages(count: int, size: int) -> int:
    """How many pages a list has; an empty one has one."""
    return max(1, -(-count // size))
