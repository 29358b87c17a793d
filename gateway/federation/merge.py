"""Merging sorted streams into one list, a page at a time. Pure.

Every part is sorted newest first; of equal sort keys the part with the lower number comes first,
and within a part the source's own order holds. So the order of the whole list is total.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

SortKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place in the merged list, told by the record next to it: its sort key and its part."""

    key: SortKey
    part: int

    def side(self, key: SortKey, part: int) -> int:
        """Where a record stands: -1 before the record of the boundary, 1 after it; 0 when it is
        that record or ties with it in the same part, where only the source knows the order."""
        if key != self.key:
            return -1 if key > self.key else 1
        return (part > self.part) - (part < self.part)


class Merger:
    """Picks one page out of streams that are fetched bit by bit.

    Ask ``wanted`` what to fetch, ``feed`` it, and ask again until nothing is wanted; then
    ``page`` is complete. ``feed`` gets records in walking order: newest first from the place
    where the page begins, or with ``backwards`` nearest first, upwards from where it ends.

    ``boundary`` is the record next to that place, on the side the walk comes from. Records that a
    part gives on that side have come since: they are skipped. ``omit`` records of the merged list
    are passed over before the page. ``shares``: about how many of the page each part gives
    (those of the page before); without it, any part may give all.
    """

    def __init__(
        self,
        parts: int,
        size: int,
        boundary: Boundary | None = None,
        backwards: bool = False,
        omit: int = 0,
        shares: Sequence[int] | None = None,
    ) -> None:
        self._goal = omit + size
        self._omit = omit
        self._boundary = boundary
        self._backwards = backwards
        self._shares = shares
        self._keys: list[list[SortKey]] = [[] for _ in range(parts)]
        self._fed = [False] * parts
        self._more = [True] * parts
        self._heads = [0] * parts
        self._skipped = [0] * parts
        self._taken: list[tuple[int, int]] = []

    def wanted(self) -> Mapping[int, int]:
        """How many records to fetch, by part; empty when the page is complete.

        First of each part what its share foretells; then, when a part ran dry that may still
        contribute, all that the page still lacks: it could come from there.
        """
        if all(self._fed):
            self._advance()
        lacking = self._goal - len(self._taken)
        if not lacking:
            return {}
        return {
            part: lacking if self._fed[part] else self._foretold(part)
            for part in range(len(self._keys))
            if self._is_dry(part)
        }

    def feed(self, part: int, keys: Iterable[SortKey], more: bool) -> None:
        """Give the next records of a part, and whether there are more behind them."""
        self._keys[part] += keys
        self._fed[part] = True
        self._more[part] = more
        self._skip(part)

    @property
    def page(self) -> list[tuple[int, int]]:
        """The page, newest first: (part, position among what the part was fed)."""
        page = self._taken[self._omit :]
        return page[::-1] if self._backwards else page

    @property
    def more(self) -> bool:
        """Whether there is, or may be, more in the direction of the walk."""
        return any(more or self._left(part) for part, more in enumerate(self._more))

    def skipped(self, part: int) -> int:
        """How many of the first records fed lie before the page, in the direction of the walk."""
        return self._skipped[part]

    def taken(self, part: int) -> int:
        """How many records of a part are on the page."""
        return self._heads[part] - self._skipped[part]

    def _foretold(self, part: int) -> int:
        # Half as much again and a few: a second round on few pages, and under twice what is shown.
        if self._shares is None:
            return self._goal
        return min(self._goal, self._shares[part] * 3 // 2 + 4)

    def _left(self, part: int) -> bool:
        return self._heads[part] < len(self._keys[part])

    def _is_dry(self, part: int) -> bool:
        return self._more[part] and not self._left(part)

    def _skip(self, part: int) -> None:
        if self._boundary is None or self._heads[part] > self._skipped[part]:
            return
        past = 1 if self._backwards else -1
        keys, head = self._keys[part], self._heads[part]
        while head < len(keys) and self._boundary.side(keys[head], part) == past:
            head += 1
        self._heads[part] = self._skipped[part] = head

    def _advance(self) -> None:
        parts = range(len(self._keys))
        if any(self._is_dry(part) for part in parts):
            return
        heads = {p: keys[self._heads[p]] for p, keys in enumerate(self._keys) if self._left(p)}
        # Of equal keys max and min give the first: the lowest part, and backwards the highest.
        nearest = min if self._backwards else max
        order = sorted(heads, reverse=self._backwards)
        while order and len(self._taken) < self._goal:
            if len(order) == 1:
                self._take_rest(order[0])
                return
            part = nearest(order, key=heads.__getitem__)
            self._taken.append((part, self._heads[part]))
            self._heads[part] += 1
            if len(self._taken) <= self._omit:
                self._skipped[part] += 1
            if self._left(part):
                heads[part] = self._keys[part][self._heads[part]]
            elif self._more[part]:
                return
            else:
                order.remove(part)

    def _take_rest(self, part: int) -> None:
        """All that the page lacks is of one part, as far as that was fed."""
        start, lacking = self._heads[part], self._goal - len(self._taken)
        stop = min(start + lacking, len(self._keys[part]))
        omitted = max(0, self._omit - len(self._taken))
        self._taken += ((part, at) for at in range(start, stop))
        self._heads[part] = stop
        self._skipped[part] += min(omitted, stop - start)


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
