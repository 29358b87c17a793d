"""Pages that begin at a place in a list, of records that headers alone tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence, Sized
from itertools import accumulate
from operator import attrgetter
from typing import Final

from adapters.base import Page, Query
from adapters.conditions import Record
from adapters.mail.light import Light
from adapters.mail.records import WITHIN

_SIZED: Final[Mapping[str, Callable[[Light], Sized]]] = {
    "personen": attrgetter("people"),
    "behandelingen": attrgetter("offices"),
    "zaken": attrgetter("zaken"),
}
"""Of the collections in a message, that of which each is a record."""


def start_of(query: Query) -> int:
    """How many records come before those of a page."""
    return int(query.token) if query.token else query.skip


def sliced(records: Sequence[Record], query: Query) -> Page:
    """A page of these."""
    start = start_of(query)
    return _page(records[start : start + query.limit], start, len(records))


def inside(collection: str, lights: Sequence[Light]) -> list[Record]:
    """What is in messages, newest first: of one message the last has the highest number."""
    return [r for light in lights for r in reversed([*WITHIN[collection](light)])]


def sliced_inside(collection: str, lights: Sequence[Light], query: Query) -> Page:
    """A page of all that is in messages. What is not on it is counted, and not made."""
    start, size = start_of(query), _SIZED[collection]
    ends = list(accumulate(len(size(light)) for light in lights))
    first, last = bisect_right(ends, start), bisect_left(ends, start + query.limit)
    before = start - ends[first - 1] if first else start
    records = inside(collection, lights[first : last + 1])
    return _page(records[before : before + query.limit], start, ends[-1] if ends else 0)


def _page(here: Sequence[Record], start: int, total: int) -> Page:
    stop = start + len(here)
    return Page(here, str(stop) if here and stop < total else None, total)
