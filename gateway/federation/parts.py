"""The parts of a list: what is at hand, and what a source can give a page of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.base import Query
from adapters.conditions import Condition, Record, get, is_absent
from gateway.federation.cursor import Order, Place
from gateway.federation.formula import verdict
from gateway.federation.merge import Boundary, SortKey, descending
from gateway.federation.plan import Plan
from gateway.federation.resume import Found, Seen, height, resume
from gateway.federation.rows import Row
from gateway.federation.search import Search


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a part, in walking order. ``offset``: how many objects lie before the place
    from which it was read, now. ``more``: there is more behind it."""

    offset: int
    rows: Sequence[Row]
    keys: Sequence[SortKey]
    orders: Sequence[Order]
    more: bool


class Part(Protocol):
    """One stream's share of a list. ``name`` is its own within the resource."""

    name: str

    async def total(self) -> int:
        """How many objects it has in all. Raises ``Problem``."""
        ...

    async def recount(self) -> None:
        """Find out how many there are now, where ``total`` is from before. Raises ``Problem``."""
        ...

    async def read(
        self, place: Place, beside: Boundary | None, at: int, limit: int, backwards: bool
    ) -> Reading:
        """``limit`` objects from a place on. ``beside`` is the record of the whole list next to
        the page, ``at`` the number of this part. Raises ``Problem``."""
        ...

    async def keys(self, start: int, stop: int) -> Sequence[Seen]:
        """What sorts, of the objects from ``start`` to ``stop``. Raises ``Problem``."""
        ...


class Held:
    """Rows of one stream that are at hand, all of them. ``as_given``: of those in one moment the
    source's own order holds."""

    def __init__(self, name: str, rows: Sequence[Row], *, as_given: bool = False) -> None:
        self.name = name
        self._as_given = as_given
        by = (lambda row: row.sort_key) if as_given else (lambda row: row.place)
        self._rows = sorted(rows, key=by, reverse=True)

    async def total(self) -> int:
        return len(self._rows)

    async def recount(self) -> None:
        """It holds what there is now."""

    async def read(
        self, place: Place, beside: Boundary | None, at: int, limit: int, backwards: bool
    ) -> Reading:
        rows = self._rows
        if backwards:
            end = self._before(place) if place.after else len(rows)
            offset, chosen, more = end, rows[max(0, end - limit) : end][::-1], end > limit
        else:
            start = self._behind(place) if place.after else place.offset
            offset, chosen, more = start, rows[start : start + limit], start + limit < len(rows)
        return _reading(offset, chosen, [_order_of_place(row) for row in chosen], more)

    async def keys(self, start: int, stop: int) -> Sequence[Seen]:
        return [Seen(row.place[:2], _order_of_place(row)) for row in self._rows[start:stop]]

    def _before(self, place: Place) -> int:
        """How many rows stand before the place with these values."""
        after = place.after
        if self._as_given:
            return self._at(place, 0)
        return sum(height(_order_of_place(row)) > height(after) for row in self._rows)

    def _behind(self, place: Place) -> int:
        """How many rows stand before the place behind these values."""
        after = place.after
        if self._as_given:
            return self._at(place, 1)
        return sum(height(_order_of_place(row)) >= height(after) for row in self._rows)

    def _at(self, place: Place, beyond: int) -> int:
        """Where the row with these values stands, or where it stood."""
        orders = map(_order_of_place, self._rows)
        return next((n + beyond for n, o in enumerate(orders) if o == place.after), place.offset)


class Paged:
    """What a source gives in pages, in the order of the list.

    ``total``: how many there were when the walk began; without it they are counted.
    """

    def __init__(
        self, name: str, search: Search, plan: Plan, condition: Condition, total: int | None = None
    ) -> None:
        assert plan.stream.source_order is not None
        self.name = name
        self._search = search
        self._plan = plan
        self._stream = plan.stream
        self._condition = condition
        self._order = plan.stream.source_order
        self._by_place = plan.collection.places(self._order)
        # Who counts off records has to know how many there are now.
        self._total = total if self._by_place else None
        self._from_before = self._total is not None

    async def total(self) -> int:
        if self._total is None:
            self._total = await self._counted()
        return self._total

    async def recount(self) -> None:
        if self._from_before:
            self._total = await self._counted()
            self._from_before = False

    async def read(
        self, place: Place, beside: Boundary | None, at: int, limit: int, backwards: bool
    ) -> Reading:
        records: Sequence[Record]
        offset = place.offset
        if self._by_place and (place.after or backwards or not place.offset):
            records = await self._records(limit, after=place.after, backwards=backwards)
            more = len(records) == limit
        elif beside is None:
            start = max(0, offset - limit) if backwards else offset
            stop = offset if backwards else offset + limit
            records = await self._records(stop - start, skip=start)
            records = records[::-1] if backwards else records
            more = start > 0 if backwards else len(records) == limit
        else:
            offset, records, more = await self._found_again(place, beside, at, limit, backwards)
        rows = self._search.rows(self._stream, self._trusted(records), shown=True)
        orders = [self._values(record) for record in records]
        reading = _reading(offset, rows, orders, more)
        self._check_order(reading.keys[::-1] if backwards else reading.keys)
        return reading

    async def keys(self, start: int, stop: int) -> Sequence[Seen]:
        fields = self._stream.sort_fields | frozenset(self._order)
        records = await self._records(stop - start, skip=start, fields=fields)
        seen = [self._seen(record) for record in records]
        self._check_order([one.key for one in seen])
        return seen

    def _check_order(self, keys: Sequence[SortKey]) -> None:
        # Of records in the same moment the source's own order holds.
        first = 0 if self._stream.sort else 1
        if not descending([(key[first], "") for key in keys]):
            raise self._search.bad(self._stream, "records out of order")

    async def _found_again(
        self, place: Place, beside: Boundary, at: int, limit: int, backwards: bool
    ) -> tuple[int, Sequence[Record], bool]:
        """How many records lie before a place in a source that can only count them off, those
        from there on, and whether there are more; fewer than ``limit`` when it has moved."""
        own_order = self._plan.collection.own_order
        looking = resume(place, beside, at, limit, backwards, counted=own_order)
        span = next(looking)
        while True:
            records = await self._records(span.limit, skip=span.skip)
            try:
                span = looking.send([self._seen(record) for record in records])
            except StopIteration as ended:
                found: Found = ended.value
                break
        if backwards:
            return found.offset, records[: found.at][::-1], found.more
        return found.offset, records[found.at :], found.more

    async def _records(
        self,
        limit: int,
        *,
        skip: int = 0,
        after: Order = (),
        backwards: bool = False,
        fields: frozenset[str] = frozenset(),
    ) -> list[Record]:
        """Up to ``limit`` records, fewer only at the end.

        A source that gives fewer at a time is asked again; one that keeps back records that it
        counts is an error, never a shorter list.
        """
        records: list[Record] = []
        walking = bool(after) or backwards
        while len(records) < limit:
            query = Query(
                self._condition,
                self._order,
                limit - len(records),
                0 if walking else skip + len(records),
                after=after,
                backwards=backwards,
                count=self._total is None,
                fields=fields,
            )
            page = await self._search.ask(self._stream, query)
            if self._total is None:
                self._total = page.total or 0
            records += page.records
            if walking:
                if page.next is None or not page.records:
                    break
                after = self._values(page.records[-1])
            elif skip + len(records) >= self._total:
                break
            elif not page.records:
                # Records may have gone since they were counted.
                self._total = await self._counted()
                if skip + len(records) < self._total:
                    raise self._search.bad(self._stream, "fewer records than the total")
        return records

    async def _counted(self) -> int:
        page = await self._search.ask(self._stream, Query(self._condition, limit=0, count=True))
        return page.total or 0

    def _trusted(self, records: Sequence[Record]) -> Sequence[Record]:
        """Records of an exact question: one that was not asked for is an error of the source."""
        node = self._plan.node
        wrong = (
            (verdict(node.formula, r, {}) is False for r in records)
            if node.crosses
            else (not node.meets(r) for r in records)
        )
        if any(wrong):
            raise self._search.bad(self._stream, "a record that was not asked for")
        return records

    def _values(self, record: Record) -> Order:
        values = (get(record, name) for name in self._order)
        return tuple(None if is_absent(v) else v if isinstance(v, int) else str(v) for v in values)

    def _seen(self, record: Record) -> Seen:
        return Seen(self._stream.sort_key(record), self._values(record))


def _reading(offset: int, rows: Sequence[Row], orders: Sequence[Order], more: bool) -> Reading:
    return Reading(offset, rows, [row.sort_key for row in rows], orders, more)


def _order_of_place(row: Row) -> Order:
    by, created, key = row.place
    return (by, created, *key)
