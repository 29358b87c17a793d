"""Finding a place again in a source that can only count off records. Pure.

Between two pages records come and go, and what was the 300th record is then another. So the place
is looked for: first where it was, by the record that stands next to it; when that has gone or
moved away, by sort key, in steps that double, and then by halving.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.conditions import is_absent
from gateway.federation.cursor import Order, Place
from gateway.federation.merge import Boundary, SortKey


@dataclass(frozen=True, slots=True)
class Span:
    """``limit`` records from ``skip`` on, in the order of the list."""

    skip: int
    limit: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at of a record: its sort key, and its values of the order fields."""

    key: SortKey
    order: Order


@dataclass(frozen=True, slots=True)
class Found:
    """Where a place is now: ``offset`` records of the stream lie before it, ``at`` of them among
    what was fetched last. The rest of that is where to read on (``backwards``: those ``at``, last
    first). ``more``: whether there may be records beyond."""

    offset: int
    at: int
    more: bool


def resume(
    place: Place,
    boundary: Boundary,
    part: int,
    limit: int,
    backwards: bool = False,
    *,
    counted: bool = False,
) -> Generator[Span, Sequence[Seen], Found]:
    """Look for ``place`` of stream ``part``, which lies next to ``boundary`` in the whole list.

    Yields what to fetch and is sent what came of it; less than asked means that the stream ends
    there. When nothing has changed the first span is the last, and holds the ``limit`` records
    that are wanted; else it may hold fewer of them. ``counted``: in one moment it is not told by
    values which record comes first, so there the place is where it was.
    """
    low, step = 0, limit
    high: int | None = None
    span = _expected(place, limit, backwards)
    while True:
        rows = yield span
        tied = place.offset - span.skip if counted else None
        at, certain = _within(rows, place.after, tied, boundary, part, backwards)
        if certain:
            break
        if at == 0 and span.skip > low:
            high = span.skip
        elif at == span.limit and (high is None or span.skip + at < high):
            low = span.skip + at
        else:
            break
        span = Span(_start(low, high, limit, step), limit)
        step *= 2
    more = span.skip > 0 if backwards else len(rows) == span.limit
    return Found(span.skip + at, at, more)


def _expected(place: Place, limit: int, backwards: bool) -> Span:
    # With the records on both sides, so that one fetch shows whether the place is still there.
    start = max(0, place.offset - (limit if backwards else 1))
    return Span(start, place.offset + (1 if backwards else limit) - start)


def _start(low: int, high: int | None, limit: int, step: int) -> int:
    """Where to look next, when the place lies from ``low`` to ``high`` (``None``: not known)."""
    if high is None:
        return low + step - limit
    return max(low, (low + high - limit) // 2, high - step)


def _within(
    rows: Sequence[Seen],
    anchor: Order,
    tied: int | None,
    boundary: Boundary,
    part: int,
    backwards: bool,
) -> tuple[int, bool]:
    """How many of some records lie before the place; and whether its neighbour is among them.
    ``tied``: how many come before it in the same moment, where values do not tell."""
    for at, row in enumerate(rows):
        if row.order == anchor:
            return at + (not backwards), True
    before = 0
    for at, row in enumerate(rows):
        side = boundary.side(row.key, part)
        if not side and isinstance(tied, int):
            side = -1 if at < tied else 1
        elif not side:
            # In the same moment the source's own order holds: by these values, highest first.
            side = -1 if height(row.order) > height(anchor) else 1
        before += side < 0
    return before, False


def height(order: Order) -> list[tuple[bool, bool, Any]]:
    """Order values so that they compare as sources order them: absent lowest."""
    return [
        (False, False, "") if is_absent(value) else (True, isinstance(value, str), value)
        for value in order
    ]
