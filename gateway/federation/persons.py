"""One person, one partij: rows of partijen with an identificator in common are one.

Below this, every source is on its own. Above it, a partij is one row with all its records, and
what refers to any of these hangs together.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from adapters.concurrency import together
from adapters.conditions import Record
from gateway.federation.plan import Plan
from gateway.federation.relations import Lists, Relations
from gateway.federation.rows import Row, RowId, distinct
from gateway.federation.same import (
    IDENTIFICATOREN,
    KIND,
    OF_PARTIJ,
    PARTIJEN,
    VALUE,
    VESTIGING,
    Link,
    Sameness,
    double,
    groups,
    text,
    value_of,
)
from gateway.federation.search import Search, TooBroad
from gateway.mapping.expression import Const
from gateway.mapping.stream import Stream
from gateway.standard.model import Embed, Inverse, Op
from gateway.standard.question import Test, Where
from gateway.standard.table import RESOURCES

IDENTIFIED: Final = "partijIdentificatoren"
_FEW: Final = 10

Identificator = tuple[str, str]
"""Its kind and its value."""


class Persons:
    """The partijen of one request, as ones. ``all_read``: all identificatoren by kind and value,
    where they were read; then no others are looked for."""

    def __init__(
        self,
        search: Search,
        relations: Relations,
        same: Sameness,
        all_read: Mapping[Identificator, Sequence[tuple[Stream, Record]]] | None = None,
    ) -> None:
        self._search = search
        self._relations = relations
        self._same = same
        self._links: dict[RowId, frozenset[Link]] = {}
        self._rows: dict[RowId, Row] = {}
        self._wholes: dict[RowId, Row] = {}
        self._ones: dict[RowId, Row] = {}
        self._alike: dict[RowId, Sequence[Row]] = {}
        self._sought: set[Identificator] = set()
        self._sought_beside: set[Identificator] = set()
        self._all = all_read
        self._twice: list[Row] | None = None
        self._counting = asyncio.Lock()
        self._counted = False
        self._all_known = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of identificator that make partijen one."""
        return self._same.kinds

    @property
    def merging(self) -> bool:
        """Whether partijen can be one at all."""
        return bool(self._same.kinds)

    async def complete(self, row: Row) -> Row:
        """A row at hand, as a whole partij where it is part of one."""
        if row.stream.resource.path != PARTIJEN:
            return row
        return (await self.whole([row]))[0]

    # --- whole partijen --------------------------------------------------------------------------

    async def whole(self, rows: Iterable[Row]) -> list[Row]:
        """For each row of a partij the row of the whole partij."""
        asked = list(rows)
        if not self.merging:
            return asked
        if self._all_known:
            return [self._wholes.get(row.id, row) for row in asked]
        await self._gather([row for row in asked if row.id not in self._wholes], True)
        return [self._wholes[row.id] for row in asked]

    async def apart(self, rows: Iterable[Row]) -> list[Row]:
        """For each row of a partij a row that is the same for all that are one with it, and for no
        other: a partij without what is added to it by sources that are asked for one partij at a
        time, where who is one with whom does not depend on these."""
        asked = list(rows)
        beside = {stream.source for stream in self._beside}
        if (
            not beside
            or self.joined_by_what_is_added
            or any(r.stream.source in beside for r in asked)
        ):
            return await self.whole(asked)
        await self._gather([row for row in asked if row.id not in self._ones], False)
        return [self._ones[row.id] for row in asked]

    async def _gather(self, rows: Sequence[Row], added: bool) -> None:
        """Find all rows that are one with these, and theirs; ``added``: in all sources."""
        if not rows:
            return
        asked = {row.id for row in rows}
        while rows:
            _, found = await together([self.learn(rows), self._seek(self._within(rows), added)])
            links = {link[1:] for row in rows for link in self._links[row.id]}
            found += await self._seek(links, added)
            new = [row for row in distinct(found) if row.id not in self._links]
            # What was come across at the same time by another relation may not be done yet.
            rows = new or [
                r for group in self._groups_of(asked) for r in group if self._open(r, added)
            ]
        kept = self._wholes if added else self._ones
        for group in self._groups_of(asked):
            kept |= dict.fromkeys((row.id for row in group), self._same.whole(group))

    async def _seek(self, wanted: Iterable[Identificator], added: bool) -> list[Row]:
        """The partijen with identificatoren that were not sought before; ``added``: as above."""
        pairs = set(wanted)
        new, beside = pairs - self._sought, pairs - self._sought_beside if added else set()
        streams = self._search.planner.streams(IDENTIFICATOREN)
        lists = await together(
            [
                self.identified(new, [s for s in streams if s not in self._beside]),
                self.identified(beside, [s for s in streams if s in self._beside]),
            ]
        )
        self._sought |= new
        self._sought_beside |= beside
        return [row for rows in lists for row in rows]

    def _within(self, rows: Sequence[Row]) -> set[Identificator]:
        """What the records of persons say by themselves that they may have in common with others.
        Of organisations all has to be known first: see ``Sameness.links``."""
        persons = [r for r in rows if text(r, "soortPartij") == "persoon"]
        lists = self._relations.within(_identified(), persons)
        pairs = {(text(i, KIND), text(i, VALUE)) for found in lists for i in found}
        return {(kind, value) for kind, value in pairs if kind in self.kinds and value}

    def _groups_of(self, asked: Collection[RowId]) -> list[list[Row]]:
        """What hangs together with these rows, as far as it is known."""
        found = groups({row: self._links[row.id] for row in self._rows.values()})
        return [group for group in found if any(row.id in asked for row in group)]

    def _open(self, row: Row, added: bool) -> bool:
        """Whether something that a row has in common with others is yet to be looked for."""
        sought = self._sought & self._sought_beside if added else self._sought
        return any(link[1:] not in sought for link in self._links[row.id])

    async def learn(self, rows: Sequence[Row], sought: Collection[Identificator] = ()) -> list[Row]:
        """Read what rows have in common with others. ``sought``: (kind, value) of identificatoren;
        among the rows are all that have one of these. Gives those of which nothing was known."""
        rows = [row for row in rows if row.id not in self._links]
        lists = await self.identificatoren(rows)
        for row, identificatoren in zip(rows, lists, strict=True):
            pairs = [(text(i, KIND), text(i, VALUE)) for i in identificatoren]
            self._links[row.id] = self._same.links(text(row, "soortPartij"), pairs)
            self._rows[row.id] = row
        self._sought.update(sought)
        self._sought_beside.update(sought)
        return rows

    async def identificatoren(self, rows: Sequence[Row]) -> Lists:
        return await self._relations.inverse(_identified(), rows)

    async def identified(
        self, wanted: Collection[Identificator], streams: Sequence[Stream] | None = None
    ) -> list[Row]:
        """The partijen with one of these; ``streams``: as ``with_value``."""
        if not wanted or streams == []:
            return []
        return await self.owners(await self.with_value(wanted, streams))

    async def owners(self, identificatoren: Iterable[Row]) -> list[Row]:
        """The partijen that identificatoren are of."""
        rows = distinct(identificatoren)
        found = await self._relations.forward(OF_PARTIJ[IDENTIFICATOREN], rows)
        return [row for rows in found for row in rows if not row.withheld]

    async def with_value(
        self, wanted: Iterable[Identificator], streams: Sequence[Stream] | None = None
    ) -> list[Row]:
        """The identificatoren that are one of these, in these streams or in all."""
        if streams is None:
            streams = self._search.planner.streams(IDENTIFICATOREN)
        if self._all is not None:
            by_stream: dict[Stream, list[Record]] = defaultdict(list)
            for stream, record in (one for pair in wanted for one in self._all.get(pair, ())):
                if stream in streams:
                    by_stream[stream].append(record)
            return [r for s, found in by_stream.items() for r in self._search.rows(s, found)]
        by_kind: dict[str, list[str]] = defaultdict(list)
        for kind, value in sorted(wanted):
            by_kind[kind].append(value)
        plans = [
            plan
            for kind, values in by_kind.items()
            for stream in streams
            for plan in self._plans(stream, kind, values)
        ]
        lists = await together(self._search.every(plan) for plan in plans)
        return [row for rows in lists for row in rows]

    def _plans(self, stream: Stream, kind: str, values: Sequence[str]) -> list[Plan]:
        """The questions that find identificatoren: in batches as large as the source takes."""
        where = Where((Test(KIND, Op.EQ, kind), Test(VALUE, Op.IN, tuple(values))))
        planner = self._search.planner
        plan = planner.plan(planner.node(stream, where))
        if plan.impossible:
            return []
        if plan.narrow or len(values) == 1:
            return [plan]
        half = len(values) // 2
        return [
            *self._plans(stream, kind, values[:half]),
            *self._plans(stream, kind, values[half:]),
        ]

    async def ahead(self, rows: Sequence[Row]) -> list[Row]:
        """Fetch what belongs to rows of partijen, while it is found out who is one with them: for
        a list of a few, in which all of it is written. Where that is known, or what is fetched is
        not kept, nothing is done. Gives what was found."""
        rows = [row for row in rows if self._search.notes.keeps(row.stream)]
        resource = RESOURCES[PARTIJEN]
        if (
            not 0 < len(rows) <= _FEW
            or self._relations.inverse_now(_identified(), rows) is not None
        ):
            return []
        inverses = [i for i in resource.inverses() if i.embed is not Embed.HIDDEN]
        lists = await together(
            [
                *(self._relations.forward(path, rows) for path, _ in resource.refs()),
                *(self._relations.inverse(i, rows) for i in inverses if i.name != IDENTIFIED),
            ]
        )
        return [row for found in lists for one in found for row in one]

    # --- relations -------------------------------------------------------------------------------

    async def forward(self, path: str, rows: Sequence[Row], *, bare: bool = False) -> Lists:
        """Per row what its references at ``path`` point at: of a whole partij those of the first of
        its rows that points at something. ``bare``: see ``Relations``."""
        return await self._as_wholes(await self._pointed_at(path, rows, bare))

    async def owners_apart(self, path: str, rows: Sequence[Row]) -> Lists:
        """Per row the partijen that its references at ``path`` lead to, as ``apart`` gives them."""
        lists = await self._pointed_at(path, rows, False)
        partijen = _partijen(lists) if self.merging else []
        ones = dict(zip((r.id for r in partijen), await self.apart(partijen), strict=True))
        return [distinct(ones.get(row.id, row) for row in found) for found in lists]

    async def _pointed_at(self, path: str, rows: Sequence[Row], bare: bool) -> Lists:
        orders = self._orders(path, rows)
        flat = await self._relations.forward(
            path, [r for order in orders for r in order], bare=bare
        )
        return _first(orders, flat)

    async def inverse(self, inverse: Inverse, rows: Sequence[Row]) -> Lists:
        """Per row what refers to it: of a whole partij what refers to any of its rows."""
        flat = await self._relations.inverse(inverse, [m for r in rows for m in r.members])
        return self._singles(rows, await self._as_wholes(_gathered(rows, flat)))

    def forward_now(self, path: str, rows: Sequence[Row], *, bare: bool = False) -> Lists | None:
        """As ``forward``, where nothing has to be asked for that; else ``None``."""
        orders = self._orders(path, rows)
        flat = self._relations.forward_now(path, [r for order in orders for r in order], bare=bare)
        return None if flat is None else self._as_wholes_now(_first(orders, flat))

    def inverse_now(self, inverse: Inverse, rows: Sequence[Row]) -> Lists | None:
        """As ``inverse``, where nothing has to be asked for that; else ``None``."""
        flat = self._relations.inverse_now(inverse, [m for r in rows for m in r.members])
        found = None if flat is None else self._as_wholes_now(_gathered(rows, flat))
        return None if found is None else self._singles(rows, found)

    def _orders(self, path: str, rows: Sequence[Row]) -> Sequence[Sequence[Row]]:
        member = path.partition(".")[0]
        return [self._same.by_field(member, row) if row.others else (row,) for row in rows]

    async def _as_wholes(self, lists: Lists) -> Lists:
        found = self._as_wholes_now(lists)
        if found is None:
            await self.whole(_partijen(lists))
            found = self._as_wholes_now(lists)
            assert found is not None
        return found

    def _as_wholes_now(self, lists: Lists) -> Lists | None:
        partijen = _partijen(lists) if self.merging else []
        if not partijen:
            return lists
        if not self._all_known and any(row.id not in self._wholes for row in partijen):
            return None
        return [distinct(self._wholes.get(row.id, row) for row in rows) for rows in lists]

    def _singles(self, rows: Sequence[Row], lists: Lists) -> Lists:
        return [
            self.single(one) if row.others else one for row, one in zip(rows, lists, strict=True)
        ]

    def single(self, rows: Sequence[Row]) -> list[Row]:
        """What belongs to one partij, without doubles: the same identificator, or the same address
        in another spelling. The first stays, so give them by precedence."""
        kept: dict[object, list[Row]] = {}
        for row in rows:
            kept.setdefault(double(row) or row.id, []).append(row)
        for alike in kept.values():
            if len(alike) > 1:
                self._alike |= dict.fromkeys((row.id for row in alike), alike)
        return [alike[0] for alike in kept.values()]

    def alike(self, row: Row) -> Sequence[Row]:
        """All rows that are the same as one that ``single`` was given, with it."""
        return self._alike.get(row.id, (row,))

    def refers(self, partij: Row, path: str, row: Row) -> bool:
        """Whether a partij's own record refers to a row at ``path``; nothing is asked for that."""
        return any(
            way.far is row.stream
            and (key := way.edge.key(partij.record)) is not None
            and str(key) == str(row.key[0])
            for way in self._search.catalogue.targets(partij.stream, path)
        )

    def giver(self, whole: Row, name: str) -> Row:
        """The row that gives a member of a partij: the first, by precedence, that has it. All parts
        of a member (of an address, of a name) come from one row."""
        rows = self._same.by_field(name, whole)
        return next((row for row in rows if row.stream.gives(name, row.record)), rows[0])

    # --- all who are known twice -----------------------------------------------------------------

    async def known_twice(self) -> list[Row] | None:
        """All partijen with more than one record, whole, as far as their sources can be asked for
        all they have; ``None`` when there are more identificatoren than may be looked through to
        know."""
        async with self._counting:
            if not self._counted:
                self._twice = await self._known_twice()
                self._counted = True
        return self._twice

    async def _known_twice(self) -> list[Row] | None:
        groups = self._search.notes.remembered("known twice")
        if groups is None:
            groups = await self._groups()
            self._search.notes.remember("known twice", groups)
        if not isinstance(groups, list):
            return None
        by_stream: dict[Stream, list[Record]] = defaultdict(list)
        for stream, record in ((self._stream(name), r) for group in groups for name, r in group):
            by_stream[stream].append(record)
        rows = {s: iter(self._search.rows(s, found)) for s, found in by_stream.items()}
        wholes = [self._same.whole(next(rows[self._stream(n)]) for n, _ in g) for g in groups]
        if not self.added_to:
            for whole in wholes:
                self._wholes |= dict.fromkeys((member.id for member in whole.members), whole)
            self._all_known = True
        return wholes

    @cached_property
    def _all_plans(self) -> Sequence[Plan]:
        """What gives all identificatoren by which partijen are one."""
        where = Where((Test(KIND, Op.IN, self.kinds),))
        return self._search.planner.plans(IDENTIFICATOREN, where)

    @property
    def added_to(self) -> bool:
        """Whether there are sources that know partijen and cannot be asked for all of them, so that
        what they add is only found partij by partij."""
        return bool(self._beside)

    @cached_property
    def _beside(self) -> frozenset[Stream]:
        """The streams of identificatoren of these."""
        return frozenset(plan.stream for plan in self._all_plans if plan.aside)

    @property
    def joined_by_what_is_added(self) -> bool:
        """Whether what is added to a partij can make it one with another that has nothing in common
        with it by itself: a record there can have several numbers by which partijen are one."""
        kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
        for stream in self._beside:
            kinds[stream.source, stream.collection] |= _kinds_of(stream, self.kinds)
        return any(len(one) > 1 and VESTIGING not in one for one in kinds.values())

    async def _groups(self) -> list[list[tuple[tuple[str, str], Record]]] | str:
        """The records of each partij that is known twice, with the stream that each is of."""
        search, bounds = self._search, self._search.caller.bounds
        plans = [plan for plan in self._all_plans if not plan.impossible]
        try:
            lists = await together(search.scan(plan, most=bounds.merged_records) for plan in plans)
        except TooBroad:
            return "too many"
        seen: dict[tuple[str, str], list[tuple[Stream, Record]]] = defaultdict(list)
        for plan, records in zip(plans, lists, strict=True):
            for record in records:
                pair = (value_of(plan.stream, record, KIND), value_of(plan.stream, record, VALUE))
                seen[pair].append((plan.stream, record))
        if not self.added_to:
            # Nothing has to be looked up by an identificator any more.
            self._all = seen
        known = Persons(search, self._relations, self._same, seen)
        partijen = await known.identified([p for p, found in seen.items() if len(found) > 1])
        wholes = distinct(await known.whole(partijen))
        return [
            [((m.stream.source, m.stream.name), m.record) for m in whole.members]
            for whole in wholes
            if whole.others
        ]

    def _stream(self, name: tuple[str, str]) -> Stream:
        source, stream = name
        return self._search.catalogue.stream(source, (PARTIJEN, stream))


def _identified() -> Inverse:
    inverse = RESOURCES[PARTIJEN].member(IDENTIFIED)
    assert isinstance(inverse, Inverse)
    return inverse


def _kinds_of(stream: Stream, kinds: Sequence[str]) -> set[str]:
    """Which kinds the identificatoren of a stream can be of."""
    options = stream.attributes[KIND].options if KIND in stream.attributes else ()
    values = {o.expression.value if isinstance(o.expression, Const) else None for o in options}
    return {kind for kind in kinds if kind in values or None in values}


def _first(orders: Sequence[Sequence[Row]], flat: Sequence[list[Row]]) -> Lists:
    """Per order what the first of its rows leads to that leads anywhere."""
    if all(len(order) == 1 for order in orders):
        return list(flat)
    leads = iter(flat)
    return [next((f for f in [next(leads) for _ in order] if f), []) for order in orders]


def _gathered(rows: Sequence[Row], flat: Sequence[list[Row]]) -> Lists:
    """Per row what all its members lead to."""
    if not any(row.others for row in rows):
        return list(flat)
    leads = iter(flat)
    return [[far for _ in row.members for far in next(leads)] for row in rows]


def _partijen(lists: Lists) -> list[Row]:
    """The partijen that a relation leads to; it leads to objects of one resource. Of one that is
    withheld nothing is known that could make it one with another."""
    rows = [row for rows in lists for row in rows if not row.withheld]
    return rows if rows and rows[0].stream.resource.path == PARTIJEN else []
