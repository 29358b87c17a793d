"""Carrying out plans: from the questions of a plan to rows that meet it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.base import Operator, Page, Query
from adapters.concurrency import together
from adapters.conditions import ALWAYS, NEVER, Condition, In, Record, all_of, get, is_absent
from gateway.federation.bounds import TooMany
from gateway.federation.catalogue import Catalogue
from gateway.federation.formula import Cross, Found, Node, branches, can, crosses, verdict
from gateway.federation.merge import descending, pages, window
from gateway.federation.plan import Plan, Planner
from gateway.mapping.stream import NativeKey, Stream
from gateway.sources.caller import Caller
from gateway.standard.errors import NOT_FOUND, Problem, invalid


@dataclass(frozen=True, eq=False)
class Row:
    """An object of the standard before it is written: its stream, record, key and uuid."""

    stream: Stream
    record: Record
    key: NativeKey
    uuid: str


class TooBroad(Exception):
    """A question that would look through more records than its budget."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(str(stream))
        self.stream = stream


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its rows, how many there are in all, its number and the last one."""

    rows: Sequence[Row]
    count: int
    number: int
    last: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One stream's share of a list. ``rows``: all of it, or (``condition`` set) its first."""

    plan: Plan
    rows: Sequence[Record]
    total: int
    condition: Condition | None = None


class Search:
    """Finds rows, within the bounds of one request."""

    def __init__(self, catalogue: Catalogue, planner: Planner, caller: Caller) -> None:
        self.catalogue = catalogue
        self.planner = planner
        self.caller = caller
        self._known: dict[tuple[Stream, str], Row | None] = {}

    # --- lists ---------------------------------------------------------------------------------

    async def page(self, plans: Sequence[Plan], number: int | None, size: int) -> Listing:
        """Page ``number`` (from 1; ``None``: the last) of the list that ``plans`` describe.

        Raises ``Problem`` 404 outside the list, ``TooBroad`` when it cannot be had.
        """
        plans = [p for p in plans if not p.impossible]
        if len(plans) == 1 and plans[0].paged and number is not None:
            return await self._single(plans[0], number, size)
        # On the first page the records that decide the order are the page; deeper they are not.
        parts = await together(self._part(p, size if number == 1 else 0) for p in plans)
        count = sum(p.total for p in parts)
        last = pages(count, size)
        number = last if number is None else number
        if number > last:
            raise Problem(NOT_FOUND, "Ongeldige pagina.")
        start, stop = (number - 1) * size, min(number * size, count)
        parts = [p for p in parts if p.total]
        if len(parts) == 1 and parts[0].condition is not None:
            return Listing(await self._slice(parts[0], start, stop), count, number, last)
        return Listing(await self._merged(parts, start, stop), count, number, last)

    async def _single(self, plan: Plan, number: int, size: int) -> Listing:
        condition = await self._narrowed(plan)
        if condition == NEVER:
            return self._none(number)
        if condition is None:
            part = await self._scanned(plan)
            return self._cut(self._rows(plan.stream, part.rows), number, size)
        start = (number - 1) * size
        records, total = await self._take(plan, condition, start, size)
        last = pages(total, size)
        if number > last:
            raise Problem(NOT_FOUND, "Ongeldige pagina.")
        return Listing(self._rows(plan.stream, records), total, number, last)

    def _none(self, number: int) -> Listing:
        return self._cut([], number, 1)

    def _cut(self, rows: Sequence[Row], number: int, size: int) -> Listing:
        last = pages(len(rows), size)
        if number > last:
            raise Problem(NOT_FOUND, "Ongeldige pagina.")
        return Listing(rows[(number - 1) * size : number * size], len(rows), number, last)

    async def _part(self, plan: Plan, limit: int) -> _Part:
        condition = await self._narrowed(plan) if plan.paged else None
        if condition == NEVER:
            return _Part(plan, (), 0)
        if condition is None:
            return await self._scanned(plan)
        records, total = await self._take(plan, condition, 0, limit)
        return _Part(plan, records, total, condition)

    async def _narrowed(self, plan: Plan) -> Condition | None:
        """The one question that gives the plan's pages; ``None`` when there is no such."""
        found = await self._found_first(plan)
        if any(len(keys) > plan.collection.max_in for keys in found.values()):
            return None
        push = plan.question(found)
        return push.condition if push.exact else None

    async def _scanned(self, plan: Plan) -> _Part:
        records = await self.scan(plan)
        ordered = sorted(records, key=lambda r: _place(plan.stream, r), reverse=True)
        return _Part(plan, ordered, len(ordered))

    async def _slice(self, part: _Part, start: int, stop: int) -> list[Row]:
        assert part.condition is not None
        records, _ = await self._take(part.plan, part.condition, start, stop - start)
        return self._rows(part.plan.stream, records)

    async def _merged(self, parts: Sequence[_Part], start: int, stop: int) -> list[Row]:
        heads = await together(self._head(part, stop) for part in parts)
        keys = [
            [part.plan.stream.sort_key(r) for r in head]
            for part, head in zip(parts, heads, strict=True)
        ]
        for part, part_keys in zip(parts, keys, strict=True):
            # Of records in the same moment the source's own order holds.
            first = 0 if part.plan.stream.sort else 1
            if not descending([(key[first], "") for key in part_keys]):
                raise self._bad(part.plan.stream, "records out of order")
        places = window(keys, start, stop)
        full = await together(
            self._full(part, head, [p for i, p in places if i == n])
            for n, (part, head) in enumerate(zip(parts, heads, strict=True))
        )
        rows: dict[tuple[int, int], Row] = {}
        for n, (part, records) in enumerate(zip(parts, full, strict=True)):
            made = self._rows(part.plan.stream, records.values())
            rows |= {(n, place): row for place, row in zip(records, made, strict=True)}
        return [rows[place] for place in places if place in rows]

    async def _head(self, part: _Part, stop: int) -> Sequence[Record]:
        """The first ``stop`` records of a part; when they have to be fetched, only what sorts."""
        needed = min(stop, part.total)
        if part.condition is None or len(part.rows) >= needed:
            return part.rows
        if stop > self.caller.bounds.page_depth:
            raise invalid(
                "page",
                "page-too-deep",
                f"Deze pagina ligt voorbij de eerste {self.caller.bounds.page_depth} objecten.",
            )
        fields = part.plan.stream.sort_fields
        records, _ = await self._take(part.plan, part.condition, 0, needed, fields)
        return records

    async def _full(
        self, part: _Part, head: Sequence[Record], positions: Sequence[int]
    ) -> Mapping[int, Record]:
        if head is part.rows or not positions:
            return {p: head[p] for p in positions}
        assert part.condition is not None
        low, high = min(positions), max(positions) + 1
        records, _ = await self._take(part.plan, part.condition, low, high - low)
        return {p: records[p - low] for p in positions if p - low < len(records)}

    async def _take(
        self,
        plan: Plan,
        condition: Condition,
        skip: int,
        limit: int,
        fields: frozenset[str] = frozenset(),
    ) -> tuple[Sequence[Record], int]:
        """``limit`` records from ``skip`` on (of some, only ``fields``), and how many there are.

        A source that gives fewer at a time is asked again; one that keeps back records that it
        counts is an error, never a shorter list.
        """
        order = plan.stream.source_order or ()
        records: list[Record] = []
        total: int | None = None
        while True:
            query = Query(
                condition,
                order,
                limit - len(records),
                skip + len(records),
                count=total is None,
                fields=fields,
            )
            page = await self._ask(plan.stream, query)
            if total is None:
                total = page.total or 0
            records += page.records
            if len(records) >= limit or skip + len(records) >= total:
                break
            if not page.records:
                # Records may have gone since they were counted.
                counted = await self._ask(plan.stream, Query(condition, limit=0, count=True))
                total = counted.total or 0
                if skip + len(records) < total:
                    raise self._bad(plan.stream, "fewer records than the total")
        return (records if fields else self._trusted(plan, records)), total

    def _trusted(self, plan: Plan, records: Sequence[Record]) -> Sequence[Record]:
        """Records of an exact question: one that was not asked for is an error of the source."""
        if any(verdict(plan.node.formula, r, {}) is False for r in records):
            raise self._bad(plan.stream, "a record that was not asked for")
        return records

    # --- single objects and relations ----------------------------------------------------------

    async def one(self, resource: str, uuid: str) -> Row | None:
        """The object with that uuid; ``None`` when its source says there is none."""
        candidates = self.catalogue.identity.decode(resource, uuid)
        rows = await together(self._one(stream, key) for stream, key in candidates)
        return next((row for row in rows if row), None)

    async def _one(self, stream: Stream, key: NativeKey) -> Row | None:
        native = dict(zip(stream.key, key, strict=True))
        record = await self.caller.get(stream.source, stream.collection, native)
        if record is None:
            return None
        rows = await self.shown(stream, [record])
        return next((r for r in rows if list(map(str, r.key)) == list(map(str, key))), None)

    async def by_key(self, stream: Stream, keys: Iterable[str]) -> dict[str, Row]:
        """The objects of a stream with these native keys (as text); those that are shown."""
        wanted = set(keys)
        missing = sorted(k for k in wanted if (stream, k) not in self._known)
        if missing:
            plan = self.planner.plan(self.planner.node(stream))
            for row in self._rows(stream, await self._far(plan, stream.key_field, missing)):
                self._known[stream, str(row.key[0])] = row
            for key in missing:
                self._known.setdefault((stream, key), None)
        found = {k: self._known[stream, k] for k in wanted}
        return {k: row for k, row in found.items() if row}

    async def shown(self, stream: Stream, records: Sequence[Record]) -> list[Row]:
        """The objects that records at hand give; a hidden one is left out."""
        node = self.planner.node(stream)
        kept = await self._check(node, records, {c: None for c, _ in crosses(node.formula)})
        return self._rows(stream, kept)

    async def holders(self, node: Node, far: str, keys: Iterable[str]) -> list[Row]:
        """The rows of a node whose ``far`` field has one of these values."""
        records = await self._far(self.planner.plan(node), far, sorted(set(keys)))
        return self._rows(node.stream, records)

    # --- scanning ------------------------------------------------------------------------------

    async def scan(self, plan: Plan, extra: Condition = ALWAYS) -> list[Record]:
        """All records that meet a plan (and ``extra``). Raises ``TooBroad``."""
        if plan.impossible:
            return []
        found = dict(await self._found_first(plan))
        records: dict[NativeKey, Record] = {}
        for variant in _chunks(found, plan.collection.max_in):
            condition = all_of([plan.question(variant).condition, extra])
            for branch in branches(condition, plan.collection):
                for record in await self._walk(plan.stream, branch, bounded=extra != ALWAYS):
                    records.setdefault(plan.stream.native_key(record), record)
        return await self._check(plan.node, list(records.values()), plan.after, found)

    async def _found_first(self, plan: Plan) -> dict[Cross, frozenset[str]]:
        items = list(plan.first.items())
        results = await together(self.scan(far) for _, far in items)
        return {
            cross: _values(records, cross.far)
            for (cross, _), records in zip(items, results, strict=True)
        }

    async def _check(
        self,
        node: Node,
        records: Sequence[Record],
        unresolved: Mapping[Cross, Plan | None],
        found: Found | None = None,
    ) -> list[Record]:
        """The records that meet a node. The far side of each unresolved cross is asked for."""
        known = dict(found or {})
        kept = [r for r in records if verdict(node.formula, r, known) is not False]
        if not kept or not unresolved:
            return kept
        items = list(unresolved.items())
        results = await together(self._cross(c, plan, _values(kept, c.near)) for c, plan in items)
        known |= {cross: values for (cross, _), values in zip(items, results, strict=True)}
        return [r for r in kept if verdict(node.formula, r, known) is not False]

    async def _cross(self, cross: Cross, plan: Plan | None, near: frozenset[str]) -> frozenset[str]:
        """Which of the near values lead somewhere."""
        if cross.mere:
            return frozenset(await self.by_key(cross.node.stream, near))
        records = await self._far(plan or self.planner.plan(cross.node), cross.far, sorted(near))
        return _values(records, cross.far)

    async def _far(self, plan: Plan, field: str, values: Sequence[str]) -> list[Record]:
        """Records of a plan whose ``field`` has one of the values, asked for in batches."""
        if not values:
            return []
        if can(plan.collection, field, Operator.IN) is None:
            wanted = set(values)
            return [r for r in await self.scan(plan) if str(get(r, field)) in wanted]
        size = plan.collection.max_in
        batches = [values[i : i + size] for i in range(0, len(values), size)]
        results = await together(self.scan(plan, In(field, tuple(b))) for b in batches)
        # A source may answer more than was asked, and so a record of one batch in another too.
        wanted = set(values)
        found = {
            plan.stream.native_key(r): r
            for batch in results
            for r in batch
            if str(get(r, field)) in wanted
        }
        return list(found.values())

    async def _walk(self, stream: Stream, condition: Condition, bounded: bool) -> list[Record]:
        """All records that meet a condition, page by page, within the budget."""
        bounds = self.caller.bounds
        most = bounds.related_objects if bounded else bounds.scan_records
        most_pages = bounds.calls if bounded else bounds.scan_pages
        records: list[Record] = []
        token: str | None = None
        for _ in range(most_pages):
            query = Query(condition, limit=most + 1 - len(records), token=token)
            page = await self._ask(stream, query)
            records += page.records
            token = page.next
            if len(records) > most:
                break
            if token is None:
                return records
        if bounded:
            raise TooMany(f"Dit antwoord omvat meer dan {most} gerelateerde objecten.")
        raise TooBroad(stream)

    async def _ask(self, stream: Stream, query: Query) -> Page:
        return await self.caller.find(stream.source, stream.collection, query)

    def _rows(self, stream: Stream, records: Iterable[Record]) -> list[Row]:
        keyed = [(r, stream.native_key(r)) for r in records]
        uuids = self.catalogue.identity.encode_all(stream, [key for _, key in keyed])
        return [
            Row(stream, record, key, uuid) for (record, key), uuid in zip(keyed, uuids, strict=True)
        ]

    def _bad(self, stream: Stream, note: str) -> Problem:
        return self.caller.bad_data(stream.source, note)


def _place(stream: Stream, record: Record) -> tuple[str, str, NativeKey]:
    return (*stream.sort_key(record), stream.native_key(record))


def _values(records: Iterable[Record], field: str) -> frozenset[str]:
    values = (get(r, field) for r in records)
    return frozenset(str(v) for v in values if not is_absent(v))


def _chunks(found: Found, size: int) -> Iterable[Found]:
    """``found`` in variants whose longest set of keys fits one question."""
    big = max(found, key=lambda c: len(found[c]), default=None)
    if big is None or len(found[big]) <= size:
        yield found
        return
    values = sorted(found[big])
    for i in range(0, len(values), size):
        yield {**found, big: frozenset(values[i : i + size])}
