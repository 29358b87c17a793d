"""Lists: the parts of all sources as one, a page at a time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import Final

from adapters.concurrency import together
from adapters.conditions import NEVER, Condition
from gateway.federation.agreement import Agreement
from gateway.federation.cursor import Cursor, Last, Order, Place
from gateway.federation.cut import Bracket, cut
from gateway.federation.doubles import Doubles
from gateway.federation.key_lists import longest
from gateway.federation.merge import Boundary, Merger, SortKey, pages, window
from gateway.federation.parts import Held, Paged, Part
from gateway.federation.plan import Plan
from gateway.federation.preferred import of_partijen, on_added, without
from gateway.federation.resolve import Resolver, asked_by_uuid, points_at_few
from gateway.federation.rows import Row
from gateway.federation.same import ADRESSEN, PARTIJEN
from gateway.federation.search import Search
from gateway.mapping.stream import Stream
from gateway.standard.errors import NOT_FOUND, Problem, invalid
from gateway.standard.model import Resource
from gateway.standard.question import Hop, Test, Where

_PREFIX: Final = 1_000
"""Until here a page is found by reading what comes before it; deeper, by looking for the cut."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a list: filter parameters with their text, page number (from 1; ``None``: the
    last), page size, and the cursor as the client gave it."""

    filters: Sequence[tuple[str, str]] = ()
    number: int | None = 1
    size: int = 100
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: its rows, how many there are in all (``exact``, or at most), its number, the last
    one, and the cursors of its neighbours."""

    rows: Sequence[Row]
    count: int
    exact: bool
    number: int
    last: int
    next: Cursor | None = None
    previous: Cursor | None = None


def fingerprint(resource: Resource, asked: Asked, streams: Sequence[Stream], rights: str) -> bytes:
    """What a cursor is for: another question, other rights or other streams make it useless."""
    named = [(_name(stream), stream.name) for stream in streams]
    filters = sorted(dict(asked.filters).items())
    text = json.dumps([resource.path, asked.size, filters, named, rights])
    return blake2b(text.encode(), digest_size=16).digest()


def _name(stream: Stream) -> str:
    return f"{stream.source_number}.{stream.number}"


@dataclass(frozen=True, slots=True)
class _Found:
    """The parts of a list; whether what they count is the number of objects; and what makes of the
    rows of a page those that are shown, where that is yet to be seen."""

    parts: Sequence[Part]
    exact: bool = True
    shown: Callable[[Sequence[Row]], Awaitable[list[Row]]] | None = None


class Lists:
    """The lists of one request."""

    def __init__(
        self, search: Search, resolver: Resolver, doubles: Doubles, agreement: Agreement
    ) -> None:
        self._search = search
        self._resolver = resolver
        self._doubles = doubles
        self._agreement = agreement

    async def page(
        self, resource: Resource, where: Where, asked: Asked, cursor: Cursor | None
    ) -> Listing:
        """A page of the objects that meet ``where``.

        Raises ``Problem`` 404 outside the list, ``TooBroad`` when it cannot be had.
        """
        # Of what nobody gives, it does not matter whom it is about.
        given = self._search.planner.streams(resource.path)
        resolved = await self._resolver.resolved(resource.path, where) if given else where
        seen = await self._seen(resource, resolved, asked)
        if seen is not None:
            found = _Found(list(_held(seen, self._search.planner.streams(resource.path), "")))
        else:
            found = await self._found(resource, resolved, cursor)
        missing = cursor.missing if cursor else frozenset()
        walk = _Walk(found.parts, asked.size, missing | self._search.left_out)
        if cursor is not None:
            listing = await walk.on(cursor)
        elif asked.number == 1:
            listing = await walk.first()
        else:
            if asked.number is None and not found.exact:
                raise invalid(
                    "page",
                    "page-unknown",
                    "De laatste pagina is niet bekend: het aantal is een grens.",
                )
            listing = await walk.at(asked.number)
        listing = replace(listing, rows=await self._search.full(listing.rows))
        if found.shown is None:
            return listing
        return replace(listing, rows=await found.shown(listing.rows), exact=found.exact)

    async def _seen(self, resource: Resource, where: Where, asked: Asked) -> list[Row] | None:
        """The whole list, where it is what refers to some objects, and that was seen with them a
        moment ago. A list of more pages has to be walked where it came from."""
        match where:
            case Where((), (Hop(relation, far, False),), either=()) if not self._doubles.concern(
                resource.path
            ):
                uuids = asked_by_uuid(far)
                if asked.number != 1 or uuids is None or relation not in dict(resource.refs()):
                    return None
                rows = await self._search.referring(resource, relation, uuids)
                return rows if rows is not None and len(rows) <= asked.size else None
            case _:
                return None

    async def _found(self, resource: Resource, where: Where, cursor: Cursor | None) -> _Found:
        """The parts of a list in the order of their streams, and what is to be done with a page."""
        streams = self._search.planner.streams(resource.path)
        plans = self._search.plans(resource.path, where)
        asked = on_added(resource.path, where)
        if asked and of_partijen(self._search.planner):
            return await self._agreed(where, asked, plans, cursor)
        if not self._doubles.concern(resource.path):
            return _Found(await self._asked_of(plans, cursor))
        few = await self._doubles.few(resource.path, where, plans)
        if few is not None:
            return _Found(list(_held(few, streams, "")))
        merged = await self._doubles.merged(resource.path, where, plans)
        if merged is None:
            shown = partial(self._doubles.shown, where=where, plans=plans)
            return _Found(await self._asked_of(plans, cursor), False, shown)
        found = [*await self._asked_of(merged.plans, cursor), *_held(merged.back, streams, "+")]
        names = [n for stream in streams for n in (_name(stream), _name(stream) + "+")]
        parts = sorted(found, key=lambda part: names.index(part.name))
        if resource.path == PARTIJEN and self._doubles.adds(plans):
            # What is added to a partij may make it one with another, or meet the question no more.
            added = partial(self._doubles.added, where=where, plans=plans)
            return _Found(parts, self._doubles.keeps_count(where), added)
        return _Found(parts)

    async def _agreed(
        self, where: Where, asked: Sequence[Test], plans: Sequence[Plan], cursor: Cursor | None
    ) -> _Found:
        """A list of addresses that is asked for what may be added to them."""
        planner = self._search.planner
        open_ = of_partijen(planner)
        others = without(where, asked)
        wider = [p for p in self._search.plans(ADRESSEN, others) if p.stream in open_]
        near = await self._doubles.every(others, wider)
        # Of a few it is seen at once what all sources make of them, of many when they are shown.
        later = self._doubles.adds(wider) and not points_at_few(wider, others)
        met = self._agreement.meeting_apart if later else self._agreement.meeting
        rows = await met(near, asked)
        rest = await self._asked_of([p for p in plans if p.stream not in open_], cursor)
        streams = planner.streams(ADRESSEN)
        names = [_name(stream) for stream in streams]
        parts = sorted([*rest, *_held(rows, streams, "")], key=lambda part: names.index(part.name))
        shown = partial(self._agreement.meeting, tests=asked) if later else None
        return _Found(parts, shown is None, shown)

    async def _asked_of(self, plans: Sequence[Plan], cursor: Cursor | None) -> list[Part]:
        parts = await together(self._part(plan, cursor) for plan in plans if not plan.impossible)
        return [part for part in parts if part is not None]

    async def _part(self, plan: Plan, cursor: Cursor | None) -> Part | None:
        name = _name(plan.stream)
        condition = await self._narrowed(plan) if plan.paged else None
        if condition == NEVER:
            return None
        if condition is None:
            own_order = plan.collection.own_order
            return Held(name, await self._search.sifted(plan), as_given=own_order)
        known = cursor.places.get(name) if cursor else None
        return Paged(name, self._search, plan, condition, known.total if known else None)

    async def _narrowed(self, plan: Plan) -> Condition | None:
        """The one question that gives the plan's pages; ``None`` when there is no such."""
        found = await self._search.found_first(plan)
        if len(longest(plan.node, found)[1]) > plan.collection.max_in:
            return None
        push = plan.question(found)
        return push.condition if push.exact else None


def _held(rows: Sequence[Row], streams: Sequence[Stream], mark: str) -> Iterator[Part]:
    for stream in streams:
        of_stream = [row for row in rows if row.stream is stream]
        if of_stream:
            yield Held(_name(stream) + mark, of_stream)


class _Walk:
    """Finds one page in the parts of a list."""

    def __init__(self, parts: Sequence[Part], size: int, missing: frozenset[str]) -> None:
        self._parts = parts
        self._size = size
        self._missing = missing

    async def first(self) -> Listing:
        """The first page."""
        merger = Merger(len(self._parts), self._size)
        return await self._read(merger, [Place() for _ in self._parts], None, 1, False)

    async def on(self, cursor: Cursor) -> Listing:
        """The page that a cursor leads to."""
        places = [cursor.places.get(part.name, Place()) for part in self._parts]
        names = [part.name for part in self._parts]
        beside = None
        if cursor.last is not None and cursor.last.stream in names:
            beside = Boundary(cursor.last.key, names.index(cursor.last.stream))
        merger = Merger(
            len(self._parts),
            self._size,
            beside,
            cursor.backwards,
            shares=[place.share for place in places],
        )
        return await self._read(merger, places, beside, cursor.page, cursor.backwards)

    async def _read(
        self,
        merger: Merger,
        places: Sequence[Place],
        beside: Boundary | None,
        number: int,
        backwards: bool,
    ) -> Listing:
        rows: list[list[Row]] = [[] for _ in self._parts]
        orders: list[list[Order]] = [[] for _ in self._parts]
        starts, at, again = list(places), list(places), False
        while wanted := merger.wanted():
            # Once a place was found again, its offset counts; it is no longer beside the page.
            readings = await together(
                self._parts[n].read(at[n], None if again else beside, n, limit, backwards)
                for n, limit in wanted.items()
            )
            for n, reading in zip(wanted, readings, strict=True):
                if not again:
                    starts[n] = at[n] = replace(at[n], offset=reading.offset)
                merger.feed(n, reading.keys, reading.more)
                rows[n] += reading.rows
                orders[n] += reading.orders
                at[n] = at[n].ahead(0, len(reading.rows), reading.orders, backwards)
            again = True
        totals = await together(part.total() for part in self._parts)
        if not backwards and merger.more is not (number < pages(sum(totals), self._size)):
            # Records came or went since the walk began: it ends where they do.
            await together(part.recount() for part in self._parts)
            totals = await together(part.total() for part in self._parts)
        shown = merger.page
        ahead = {}
        behind = {}
        for n, part in enumerate(self._parts):
            place = replace(starts[n], total=totals[n])
            skipped, taken = merger.skipped(n), merger.taken(n)
            ahead[part.name] = place.ahead(skipped, taken, orders[n], backwards)
            behind[part.name] = place.turned(skipped, taken, orders[n], backwards)
        found = [(rows[n][i], self._parts[n].name) for n, i in shown]
        forth, back = (behind, ahead) if backwards else (ahead, behind)
        return self._listing(found, sum(totals), number, forth, back)

    async def at(self, number: int | None) -> Listing:
        """A page by its number alone; ``None``: the last."""
        totals = await together(part.total() for part in self._parts)
        last = pages(sum(totals), self._size)
        number = last if number is None else number
        if number > last:
            raise _no_such_page()
        start = (number - 1) * self._size
        offsets = await self._cut(totals, start)
        merger = Merger(len(self._parts), self._size)
        return await self._read(merger, [Place(o) for o in offsets], None, number, False)

    async def _cut(self, totals: Sequence[int], rank: int) -> Sequence[int]:
        """How many of the first ``rank`` objects of the list each part gives."""
        if len(self._parts) == 1 or not rank:
            return [rank] * len(self._parts)
        bracket = await self._bracket(totals, rank)
        lists = await together(
            part.keys(start, stop)
            for part, start, stop in zip(self._parts, bracket.starts, bracket.stops, strict=True)
        )
        keys = [[seen.key for seen in one] for one in lists]
        before = Counter(n for n, _ in window(keys, 0, bracket.omit))
        return [start + before[n] for n, start in enumerate(bracket.starts)]

    async def _bracket(self, totals: Sequence[int], rank: int) -> Bracket:
        if rank <= _PREFIX:
            return Bracket((0,) * len(totals), tuple(min(rank, t) for t in totals), rank)
        looking = cut(totals, rank)
        keys: list[SortKey | None] | None = None
        while True:
            try:
                probes = looking.send(keys) if keys is not None else next(looking)
            except StopIteration as found:
                bracket: Bracket = found.value
                return bracket
            seen = await together(self._parts[p.part].keys(p.offset, p.offset + 1) for p in probes)
            keys = [one[0].key if one else None for one in seen]

    def _listing(
        self,
        found: Sequence[tuple[Row, str]],
        count: int,
        number: int,
        forth: Mapping[str, Place],
        back: Mapping[str, Place],
    ) -> Listing:
        last = pages(count, self._size)
        if number > last and not found:
            raise _no_such_page()
        following = previous = None
        if found and number < last:
            following = Cursor(number + 1, forth, _last(found[-1]), False, self._missing)
        if found and number > 1:
            previous = Cursor(number - 1, back, _last(found[0]), True, self._missing)
        rows = [row for row, _ in found]
        return Listing(rows, count, True, number, last, following, previous)


def _last(found: tuple[Row, str]) -> Last:
    row, part = found
    return Last(row.sort_key, part)


def _no_such_page() -> Problem:
    return Problem(NOT_FOUND, "Ongeldige pagina.")
