"""Reading lists page by page out of simulated streams: what a caller of the paging core does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.federation.cursor import Cursor, Last, Order, Place
from gateway.federation.merge import Boundary, Merger, SortKey
from gateway.federation.resume import Found, Seen, resume


@dataclass(frozen=True, slots=True)
class Item:
    """A record: its sort key, and a number that no other has."""

    key: SortKey
    number: int

    @property
    def order(self) -> Order:
        """The values of the order fields; the number is the native key."""
        return (self.key[0] or None, self.key[1] or None, self.number)


@dataclass
class Source:
    """One stream. ``keyset``: it can go on after a record; otherwise it counts off.

    ``rows`` counts what was fetched.
    """

    items: list[Item]
    keyset: bool = False
    rows: int = 0

    def __post_init__(self) -> None:
        self.sort()

    def sort(self) -> None:
        """Newest first, highest number first."""
        self.items.sort(key=_height, reverse=True)

    def span(self, skip: int, limit: int) -> list[Item]:
        """By offset."""
        assert skip >= 0
        return self._counted(self.items[skip : skip + limit])

    def after(self, order: Order, limit: int, backwards: bool) -> list[Item]:
        """Behind a record, which need not be there any more; from an end when there is none."""
        items = self.items[::-1] if backwards else self.items
        if order:
            place = _height(Item((str(order[0] or ""), str(order[1] or "")), int(order[2] or 0)))
            if backwards:
                items = [i for i in items if _height(i) > place]
            else:
                items = [i for i in items if _height(i) < place]
        return self._counted(items[:limit])

    def _counted(self, items: list[Item]) -> list[Item]:
        self.rows += len(items)
        return items


def _height(item: Item) -> tuple[SortKey, int]:
    return item.key, item.number


def merged(sources: Iterable[Source]) -> list[Item]:
    """The whole list."""
    everything = [(item, part) for part, source in enumerate(sources) for item in source.items]
    everything.sort(key=lambda entry: (entry[0].key, -entry[1], entry[0].number), reverse=True)
    return [item for item, _ in everything]


@dataclass
class _Reading:
    """How far one stream is read: what came, nearest first, and whether there may be more."""

    source: Source
    place: Place
    backwards: bool
    items: list[Item] = field(default_factory=list)
    more: bool = True

    def begin(self, part: int, boundary: Boundary | None, limit: int) -> int:
        """Fetch the first records; how many rounds that took."""
        if boundary is None:
            self.items = self.source.span(self.place.offset, limit)
            self.more = len(self.items) == limit
            return 1
        if self.source.keyset:
            self.extend(limit)
            return 1
        rounds = 0
        search = resume(self.place, boundary, part, limit, self.backwards)
        span = next(search)
        while True:
            rounds += 1
            items = self.source.span(span.skip, span.limit)
            try:
                span = search.send([Seen(i.key, i.order) for i in items])
            except StopIteration as end:
                found: Found = end.value
                assert 0 <= found.at <= len(items)
                self.items = items[: found.at][::-1] if self.backwards else items[found.at :]
                self.place = Place(found.offset, self.place.after)
                self.more = found.more
                return rounds

    def extend(self, limit: int) -> None:
        """Fetch more records."""
        had = len(self.items)
        if self.source.keyset:
            order = self.items[-1].order if self.items else self.place.after
            self.items += self.source.after(order, limit, self.backwards)
        elif self.backwards:
            stop = self.place.offset - had
            start = max(0, stop - limit)
            self.items += self.source.span(start, stop - start)[::-1]
        else:
            self.items += self.source.span(self.place.offset + had, limit)
        self.more = len(self.items) == had + limit


@dataclass(frozen=True, slots=True)
class Read:
    """A page, the cursors to go on and to turn round, and the rounds of fetching it took."""

    items: Sequence[Item]
    ahead: Cursor
    turned: Cursor
    rounds: int


def first(sources: Sequence[Source]) -> Cursor:
    """Where every list begins."""
    return Cursor(1, {str(part): Place() for part in range(len(sources))})


def read(sources: Sequence[Source], cursor: Cursor, size: int, omit: int = 0) -> Read:
    """The page at a cursor."""
    back, last, n = cursor.backwards, cursor.last, len(sources)
    boundary = Boundary(last.key, int(last.stream)) if last else None
    places = [cursor.places[str(part)] for part in range(n)]
    shares = [p.share for p in places] if last else None
    merger = Merger(n, size, boundary, back, omit, shares)
    readings = [_Reading(s, p, back) for s, p in zip(sources, places, strict=True)]
    rounds = 0
    while wanted := merger.wanted():
        took = 1
        for part, count in wanted.items():
            reading = readings[part]
            had = len(reading.items)
            if rounds:
                reading.extend(count)
            else:
                took = max(took, reading.begin(part, boundary, count))
            new = reading.items[had:]
            merger.feed(part, [i.key for i in new], reading.more)
        rounds += took
    page = [(readings[part].items[at], part) for part, at in merger.page]
    ahead: dict[str, Place] = {}
    turned: dict[str, Place] = {}
    for part, reading in enumerate(readings):
        orders = [item.order for item in reading.items]
        skipped, taken = merger.skipped(part), merger.taken(part)
        ahead[str(part)] = reading.place.ahead(skipped, taken, orders, back)
        turned[str(part)] = reading.place.turned(skipped, taken, orders, back)
    ends = [Last(item.key, str(part)) for item, part in (page[:1] + page[-1:])]
    top, bottom = ends or (last, last)
    step = -1 if back else 1
    return Read(
        [item for item, _ in page],
        Cursor(cursor.page + step, ahead, top if back else bottom, back),
        Cursor(cursor.page - step, turned, bottom if back else top, not back),
        rounds,
    )
