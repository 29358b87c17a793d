"""Carrying out plans: from the questions of a plan to rows that meet it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from adapters.base import Page, Query
from adapters.concurrency import together
from adapters.conditions import ALWAYS, Condition, In, Record, Scalar, all_of, get, is_absent
from gateway.bounds import TooMany
from gateway.federation.asking import askable, asked, branches, list_size
from gateway.federation.catalogue import Catalogue, Way
from gateway.federation.formula import Cross, Found, Node, only_keys, verdict
from gateway.federation.key_lists import chunks
from gateway.federation.notes import Notes
from gateway.federation.plan import Keyed, Plan, Planner
from gateway.federation.recent import Recent
from gateway.federation.rows import Row, RowId, distinct
from gateway.mapping.stream import Edge, NativeKey, Stream
from gateway.sources.caller import Caller
from gateway.standard.errors import Problem
from gateway.standard.model import Resource
from gateway.standard.question import EVERYTHING, Where

if TYPE_CHECKING:
    from gateway.federation.links import Links

AHEAD: Final = 50
"""Of so many objects, with the one that is asked for, is fetched what that one needs."""

AHEAD_RECORDS: Final = 1000
AHEAD_PAGES: Final = 2
"""As long as that is no more than this; else it waits until it is asked for."""

SHOWN: Final = 100
"""So many of a list are shown at once, commonly: of more, those are asked for again."""


class Unknown(Enum):
    """That nothing is known of an object; ``None`` would say that there is none."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, where it is asked for by its values; as an ``Edge`` is."""

    name: str

    def holds(self, values: Iterable[str]) -> Condition:
        """That it has one of these values."""
        return In(self.name, tuple(values))

    def key(self, record: Record) -> Any:
        """Its value."""
        return get(record, self.name)


class TooBroad(Exception):
    """A question of a stream that would look through more records than its budget."""


class Search:
    """Finds rows, within the bounds of one request. ``missing``: sources that are left out, with
    why, where that is known. ``refers``: to a record that its source withholds can be referred, if
    its object is certainly there."""

    def __init__(
        self,
        catalogue: Catalogue,
        planner: Planner,
        caller: Caller,
        recent: Callable[[str], Recent],
        missing: Mapping[str, Problem | None] = MappingProxyType({}),
        *,
        refers: bool = True,
    ) -> None:
        self.catalogue = catalogue
        self.planner = planner
        self.caller = caller
        self._missing = missing
        self._refers = refers
        self._known: dict[tuple[Stream, str], Row | None] = {}
        self.notes = Notes(catalogue, recent, caller.meter, missing.keys())
        self._light: set[RowId] = set()
        self._for_one = False
        self.links: Callable[[], Links | None] = lambda: None

    @property
    def left_out(self) -> frozenset[str]:
        """The sources that are left out."""
        return frozenset(self._missing)

    def plans(
        self, resource: str, where: Where = EVERYTHING, but: Keyed = MappingProxyType({})
    ) -> tuple[Plan, ...]:
        """The plans of a list of a resource; that it is without some sources is told."""
        plans = self.planner.plans(resource, where, but)
        self.caller.meter.aside.update(plan.stream.source for plan in plans if plan.aside)
        return plans

    def joined(self) -> Links:
        """What leads from one source to another by a key that both know."""
        links = self.links()
        assert links is not None
        return links

    # --- single objects and relations ----------------------------------------------------------

    async def one(self, resource: str, uuid: str) -> Row | None:
        """The object with that uuid; ``None`` when its source says there is none.

        From here on what it needs is fetched for its neighbours too: a desk asks for one object of
        a list after another."""
        self._for_one = True
        candidates = self.catalogue.identity.decode(resource, uuid)
        failed = [p for s, _ in candidates if (p := self._missing.get(s.source)) is not None]
        asked = [(s, key) for s, key in candidates if self._missing.get(s.source) is None]
        rows = await together(self._one(stream, key) for stream, key in asked)
        found = next((row for row in rows if row), None)
        if found is None and failed:
            # Only its source can say that there is no such object.
            raise failed[0]
        return found

    async def _one(self, stream: Stream, key: NativeKey) -> Row | None:
        record = self.notes.records(stream, [str(key[0])]).get(str(key[0]))
        if record is None:
            native = dict(zip(stream.key, key, strict=True))
            record = await self._single(stream, native)
            if record is None:
                return None
            self.notes.saw(stream, [record])
        rows = await self.shown(stream, [record])
        return next((r for r in rows if list(map(str, r.key)) == list(map(str, key))), None)

    async def _single(self, stream: Stream, key: Mapping[str, Scalar]) -> Record | None:
        """The record with a key, with what comes along with it."""
        if not self.catalogue.collection(stream).along or len(key) != 1:
            return await self.caller.get(stream.source, stream.collection, key)
        ((name, value),) = key.items()
        page = await self.ask(stream, Query(In(name, (value,)), limit=1))
        if page.withheld:
            raise self.caller.withheld(stream.source)
        return next(iter(page.records), None)

    async def with_uuids(self, resource: str, uuids: Iterable[str]) -> list[Row]:
        """The objects with these uuids that are shown, where every key is a single field."""
        return [row for row in await self._there(resource, uuids) if not row.withheld]

    async def _there(self, resource: str, uuids: Iterable[str]) -> list[Row]:
        """The objects with these uuids, where every key is a single field: as ``by_key``."""
        wanted: dict[Stream, list[str]] = defaultdict(list)
        for uuid in uuids:
            for stream, key in self.catalogue.identity.decode(resource, uuid):
                if stream.source not in self._missing:
                    wanted[stream].append(str(key[0]))
        found = await together(self.by_key(stream, keys) for stream, keys in wanted.items())
        return [row for rows in found for row in rows.values()]

    def known(self, stream: Stream, key: str) -> Row | Unknown | None:
        """What this request knows of the object with a native key (as text): it, ``None`` when it
        is not there or not shown, or that nothing is known. It may be ``withheld``."""
        return self._known.get((stream, key), UNKNOWN)

    async def by_key(self, stream: Stream, keys: Iterable[str]) -> dict[str, Row]:
        """The objects of a stream with these native keys (as text): those that are shown, and those
        that are known to be there though their source withholds them."""
        wanted = set(keys)
        missing = sorted(k for k in wanted if (stream, k) not in self._known)
        seen = self.notes.records(stream, missing)
        came = self.notes.along(stream, stream.key_field)
        seen = {**{k: came[k][0] for k in missing if came.get(k)}, **seen}
        left = [k for k in missing if k not in seen]
        glance, kept = self.notes.glance(stream.source), self.notes.withheld(stream)
        before = glance.kept_back(stream, left)
        if before:
            kept.update(before)
            self.caller.meter.use(stream.source).kept_back(stream.collection, before)
        asked = sorted(self.notes.unseen(stream, [k for k in left if k not in kept]))
        if seen:
            await self.shown(stream, list(seen.values()))
        if asked:
            plan = self.planner.everything(stream)
            self.rows(stream, await self._far(plan, Field(stream.key_field), asked), shown=True)
            gone = [k for k in asked if (stream, k) not in self._known and k not in kept]
            glance.missed(stream, gone)
        if self._can_refer(stream):
            for row in self.rows(stream, [{stream.key_field: k} for k in missing if k in kept]):
                row.withheld = True
                self._known.setdefault((stream, str(row.key[0])), row)
        self.settle(stream, missing)
        found = {k: self._known[stream, k] for k in wanted}
        return {k: row for k, row in found.items() if row}

    def asks_ahead(self, stream: Stream, keys: Iterable[str]) -> bool:
        """Whether something has to be asked for the objects of a stream with these keys, and more
        may be asked along with it."""
        if not self._for_one:
            return False
        return bool(self.notes.unseen(stream, {k for k in keys if (stream, k) not in self._known}))

    def room(self, stream: Stream, keys: Collection[str]) -> int:
        """For how many more than these keys the same question can ask ahead."""
        collection = self.catalogue.collection(stream)
        largest = collection.max_in if collection.batched else 1
        return max(min(largest, AHEAD, self.caller.bounds.related_objects) - len(keys), 0)

    async def shown(self, stream: Stream, records: Sequence[Record]) -> list[Row]:
        """The objects that records at hand give; a hidden one is left out."""
        node = self.planner.everything(stream).node
        return self.rows(stream, await self.meeting(node, records), shown=True)

    def at_hand(self, stream: Stream, records: Sequence[Record]) -> list[Row] | None:
        """As ``shown``, where nothing has to be asked for that; else ``None``."""
        node = self.planner.everything(stream).node
        if node.crosses:
            return None
        return self.rows(stream, [r for r in records if node.meets(r)], shown=True)

    def settle(self, stream: Stream, keys: Iterable[str]) -> None:
        """There are no objects of a stream with these keys but those that are known."""
        for key in keys:
            self._known.setdefault((stream, key), None)

    async def meeting(self, node: Node, records: Sequence[Record]) -> list[Record]:
        """Those of the records at hand that meet a node."""
        return await self._check(node, records, dict.fromkeys(node.crosses))

    async def leading(self, way: Way, near: Stream, keys: Iterable[str]) -> list[Row]:
        """As ``holders``, to see what they refer to in turn, or which they are: of some of them
        nothing else is known."""
        edge, holder, _ = way
        known = self.notes.leading(holder, edge.field)
        if not self.catalogue.whole(holder):
            known = {}
        wanted = set(keys)
        led = [record for key in sorted(wanted & known.keys()) for record in known[key]]
        named = all(key in record for key in holder.key for record in led)
        rows = self.rows(holder, led) if named else [Row(holder, r, ("",), "") for r in led]
        return [*rows, *await self.holders(way, near, wanted - known.keys())]

    async def holders(self, way: Way, near: Stream, keys: Iterable[str]) -> list[Row]:
        """The objects that refer by a way to one of these native keys (as text) of ``near``."""
        edge, holder, _ = way
        seen = self.notes.glance(holder.source)
        wanted = sorted(set(keys))
        held = {**seen.holders(edge, holder, wanted), **await self._came(edge, holder, wanted)}
        known = [record for key in wanted for record in held.get(key, ())]
        asked = [key for key in wanted if key not in held]
        if asked:
            ahead = self.beside(near, asked)
            plan = self.planner.holding(edge, holder)
            records, told = await self._with_more(plan, edge, asked, ahead)
            by_key: dict[str, list[Record]] = {key: [] for key in told}
            for record in records:
                by_key[str(edge.key(record))].append(record)
            seen.found(edge, holder, by_key)
            known += (record for key in asked for record in by_key[key])
        return self.rows(holder, known, shown=True)

    async def referring(
        self, resource: Resource, path: str, uuids: Sequence[str]
    ) -> list[Row] | None:
        """The objects of a resource that refer at ``path`` to one of the objects with these uuids,
        where all of that was seen moments ago; else ``None``."""
        held: list[tuple[Stream, Stream, str, Sequence[Record]]] = []
        far_path = dict(resource.refs())[path].to
        keys: dict[Stream, set[str]] = defaultdict(set)
        for uuid in uuids:
            for stream, key in self.catalogue.identity.decode(far_path, uuid):
                keys[stream].add(str(key[0]))
        for stream in self.planner.streams(resource.path):
            for edge, far, _ in self.catalogue.targets(stream, path):
                found = self.notes.glance(stream.source).holders(edge, stream, keys[far])
                if len(found) < len(keys[far]):
                    return None
                held += ((stream, far, key, records) for key, records in found.items())
        there = {(row.stream, str(row.key[0])) for row in await self._there(far_path, uuids)}
        return distinct(
            row
            for stream, far, key, records in held
            if (far, key) in there
            for row in self.rows(stream, records, shown=True)
        )

    async def _came(
        self, edge: Edge, holder: Stream, keys: Iterable[str]
    ) -> Mapping[str, list[Record]]:
        """What refers by an edge to those of these keys of which it came along with a page."""
        came = self.notes.along(holder, edge.field)
        here = [key for key in keys if key in came]
        records = [record for key in here for record in came[key]]
        by_key: dict[str, list[Record]] = {key: [] for key in here}
        for record in await self.meeting(self.planner.holding(edge, holder).node, records):
            by_key[str(get(record, edge.field))].append(record)
        if here:
            self.notes.glance(holder.source).found(edge, holder, by_key)
        return by_key

    def beside(self, stream: Stream, keys: Iterable[str]) -> dict[str, Record]:
        """Where a single object is asked for: by key the records that were seen in one list with
        these. What they need is what is asked for next."""
        if not self._for_one or tuple(stream.key) != self.catalogue.collection(stream).key:
            return {}
        seen = self.notes.glance(stream.source)
        return {k: r for key in keys for k, r in seen.beside(stream.collection, key).items()}

    async def _with_more(
        self, plan: Plan, edge: Edge, asked: Sequence[str], ahead: Iterable[str]
    ) -> tuple[list[Record], Sequence[str]]:
        """Records of a plan that refer by an edge to one of the keys, some of those ``ahead``
        included, and the keys that this tells all about."""
        room = self.room(plan.stream, asked)
        both = sorted({*asked, *islice((k for k in ahead if k not in asked), room)})
        if len(both) > len(asked):
            with suppress(TooMany):
                return await self._far(plan, edge, both, most=AHEAD_RECORDS), both
        return await self._far(plan, edge, asked), asked

    async def every(self, plan: Plan, most: int | None = None) -> list[Row]:
        """All objects that meet a plan, out of ``most`` records. Raises ``TooBroad``."""
        return self.rows(plan.stream, await self.scan(plan, most=most), shown=True)

    async def sifted(self, plan: Plan) -> list[Row]:
        """The same, of which a few will be shown, most likely the first: see ``full``."""
        if not plan.light or len(plan.stream.key) > 1:
            return await self.every(plan)
        records = await self.scan(plan, light=SHOWN)
        whole = [r for r in records if (plan.stream, plan.stream.native_key(r)) not in self._light]
        self.rows(plan.stream, whole, shown=True)
        return self.rows(plan.stream, records)

    async def full(self, rows: Sequence[Row]) -> list[Row]:
        """Rows that were ``sifted``, each with all that its record has; but for what is gone."""
        keys: dict[Stream, list[str]] = defaultdict(list)
        for row in rows:
            if row.id in self._light:
                keys[row.stream].append(str(row.key[0]))
        lists = await together(self.by_key(stream, some) for stream, some in keys.items())
        found = {row.id: row for by_key in lists for row in by_key.values()}
        return [found.get(r.id, r) for r in rows if r.id in found or r.id not in self._light]

    # --- scanning ------------------------------------------------------------------------------

    async def scan(
        self,
        plan: Plan,
        extra: Condition = ALWAYS,
        most: int | None = None,
        *,
        light: int | None = None,
    ) -> list[Record]:
        """All records that meet a plan (and ``extra``), out of ``most``: by default as many as the
        search budget allows. ``light``: after so many, without what costs more and is not looked
        at. Raises ``TooBroad``."""
        if plan.impossible:
            return []
        found = dict(await self.found_first(plan))
        records: dict[NativeKey, Record] = {}
        for variant in chunks(plan.node, found, plan.collection.max_in):
            condition = all_of([plan.question(variant).condition, extra])
            if not askable(condition, plan.collection):
                raise TooBroad(plan.stream)
            answers = await together(
                self._walk(plan, branch, extra != ALWAYS, most, light)
                for branch in branches(condition, plan.collection)
            )
            records |= {plan.stream.native_key(r): r for answer in answers for r in answer}
        return await self._check(plan.node, list(records.values()), plan.after, found)

    async def found_first(self, plan: Plan) -> dict[Cross, frozenset[str]]:
        items = list(plan.first.items())
        results = await together(self.scan(far, light=0) for _, far in items)
        found = [(cross, records) for (cross, _), records in zip(items, results, strict=True)]
        shared = [one for one in found if one[0].shared is not None]
        return {
            **{c: _values(rs, c.far) | self._kept_back(c) for c, rs in found if c.shared is None},
            **(await self.joined().leading(shared) if shared else {}),
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
        if not node.crosses:
            return [r for r in records if node.meets(r)]
        kept = [r for r in records if verdict(node.formula, r, known) is not False]
        if not kept or not unresolved:
            return kept
        items = list(unresolved.items())
        results = await together(self._cross(node, c, plan, kept) for c, plan in items)
        known |= {cross: values for (cross, _), values in zip(items, results, strict=True)}
        return [r for r in kept if verdict(node.formula, r, known) is not False]

    async def _cross(
        self, node: Node, cross: Cross, plan: Plan | None, records: Sequence[Record]
    ) -> frozenset[str]:
        """Which of the near values of records of a node lead somewhere."""
        if cross.shared is not None:
            return await self.joined().meeting(cross.shared, cross.node, records)
        near = _values(records, cross.near)
        if cross.mere:
            far = cross.node.stream
            if self.asks_ahead(far, near):
                keys = _values(records, node.stream.key_field)
                ahead = _values(self.beside(node.stream, keys).values(), cross.near)
                near |= {*islice(ahead - near, self.room(far, near))}
            return frozenset(await self.by_key(far, near))
        plan = plan or self.planner.plan(cross.node)
        records = await self._far(plan, Field(cross.far), sorted(near), light=0)
        return _values(records, cross.far) | self._kept_back(cross)

    def _can_refer(self, stream: Stream) -> bool:
        """Whether something can refer to an object of a stream that is withheld."""
        return self._refers and self.catalogue.whole(stream)

    def _kept_back(self, cross: Cross) -> frozenset[str]:
        """The keys of withheld records to which a cross leads, where all that it asks is which."""
        far, formula = cross.node.stream, cross.node.formula
        keys = self.notes.withheld(far)
        if not keys or cross.far != far.key_field or not self._can_refer(far):
            return frozenset()
        if not only_keys(formula):
            return frozenset()
        return frozenset(key for key in keys if verdict(formula, {cross.far: key}, {}))

    async def _far(
        self,
        plan: Plan,
        of: Field | Edge,
        values: Sequence[str],
        most: int | None = None,
        *,
        light: int | None = None,
    ) -> list[Record]:
        """Records of a plan that have one of the values in a field, or refer by an edge to one of
        these, asked for in batches (of at most ``most`` records); ``light``: as ``scan``. Raises
        ``TooMany``."""
        wanted = set(values)
        if not wanted:
            return []
        size = list_size(of.holds, values, plan.collection)
        if not size:
            records = await self.scan(plan, light=light)
            return [r for r in records if str(of.key(r)) in wanted]
        lists = (of.holds(values[i : i + size]) for i in range(0, len(values), size))
        batches = [asked(one, plan.collection) for one in lists]
        results = await together(self.scan(plan, one, most, light=light) for one in batches)
        # A source may answer more than was asked, and so a record of one batch in another too.
        found = {
            plan.stream.native_key(r): r
            for batch in results
            for r in batch
            if str(of.key(r)) in wanted
        }
        return list(found.values())

    async def _walk(
        self, plan: Plan, condition: Condition, by_key: bool, most: int | None, light: int | None
    ) -> list[Record]:
        """All records that meet a condition, page by page, within a budget."""
        bounds = self.caller.bounds
        if by_key:
            most_pages = bounds.calls if most is None else AHEAD_PAGES
            most = min(most or bounds.related_objects, bounds.related_objects)
        elif most is None:
            most, most_pages = bounds.scan_records, bounds.scan_pages
        else:
            most_pages = bounds.calls // 4
        records: list[Record] = []
        token: str | None = None
        for _ in range(most_pages):
            fields, left = frozenset[str](), most + 1 - len(records)
            if light is not None and plan.light:
                ahead = light - len(records)
                fields, left = (fields, min(left, ahead)) if ahead > 0 else (plan.light, left)
            query = Query(condition, limit=left, token=token, fields=fields)
            page = await self.ask(plan.stream, query)
            if fields:
                self._light.update((plan.stream, plan.stream.native_key(r)) for r in page.records)
            records += page.records
            token = page.next
            if len(records) > most:
                break
            if token is None:
                return records
        if by_key:
            raise TooMany(f"Dit antwoord omvat meer dan {most} gerelateerde objecten.")
        raise TooBroad(plan.stream)

    async def ask(self, stream: Stream, query: Query) -> Page:
        """A question to the collection under a stream."""
        page = await self.caller.find(stream.source, stream.collection, query)
        self.notes.answered(stream, page, not query.fields)
        return page

    def rows(self, stream: Stream, records: Sequence[Record], shown: bool = False) -> list[Row]:
        """The objects of records. ``shown``: they are as the register shows them, so a reference
        to one of them needs no look again."""
        if not records:
            return []
        keys = stream.native_keys(records)
        uuids = self.catalogue.identity.encode_all(stream, keys)
        found = [Row(stream, r, k, u) for r, k, u in zip(records, keys, uuids, strict=True)]
        if shown and len(stream.key) == 1:
            self._known |= {(stream, str(row.key[0])): row for row in found}
        return found

    def bad(self, stream: Stream, note: str) -> Problem:
        return self.caller.bad_data(stream.source, note)


def _values(records: Iterable[Record], field: str) -> frozenset[str]:
    values = (get(r, field) for r in records)
    return frozenset(str(v) for v in values if not is_absent(v))
