"""What is known more than once, taken out of the streams and put back as one.

A list is answered by sources that count and page by themselves. They do not know that a record of
theirs is a partij that another knows too. So these records are left out of what is asked, and what
they make together is merged in beside them: counts stay exact, and every page is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.concurrency import together
from gateway.federation.persons import Persons
from gateway.federation.plan import Plan
from gateway.federation.relations import Relations
from gateway.federation.resolve import Resolver, invariant, points_at_few
from gateway.federation.rows import Row, distinct
from gateway.federation.same import IDENTIFICATOREN, OF_PARTIJ, PARTIJEN
from gateway.federation.search import Search, TooBroad
from gateway.mapping.stream import NativeKey, Stream
from gateway.standard.question import Where
from gateway.standard.table import RESOURCES


@dataclass(frozen=True, slots=True)
class Merged:
    """``plans``: those of the streams, without the records that are known more than once; ``back``:
    the rows that come in their place."""

    plans: Sequence[Plan]
    back: Sequence[Row]


class Doubles:
    """The doubles of one request."""

    def __init__(
        self, search: Search, relations: Relations, persons: Persons, resolver: Resolver
    ) -> None:
        self._search = search
        self._relations = relations
        self._persons = persons
        self._resolver = resolver

    def concern(self, resource: str) -> bool:
        """Whether a list of a resource can have doubles at all."""
        return (
            self._persons.merging
            and resource in (PARTIJEN, *OF_PARTIJ)
            and bool(self._search.planner.streams(IDENTIFICATOREN))
        )

    async def few(self, resource: str, where: Where, plans: Sequence[Plan]) -> list[Row] | None:
        """The whole answer, without doubles, of a question that points at little; else ``None``.
        ``plans``: how it is answered."""
        if resource == PARTIJEN:
            return await self._resolver.few(where, listed=True)
        if not points_at_few(plans, where):
            return None
        try:
            return await self.every(where, plans)
        except TooBroad:
            return None

    async def every(self, where: Where, plans: Sequence[Plan]) -> list[Row]:
        """All that meets a question, without doubles: within the search budget where it points at
        little, else as far as is looked to know what is known twice. Raises ``TooBroad``."""
        most = None
        if not points_at_few(plans, where):
            most = self._search.caller.bounds.merged_records
            if self._persons.merging and await self._persons.known_twice() is None:
                raise TooBroad(plans[0].stream)
        lists = await together(self._search.every(plan, most) for plan in plans)
        rows = distinct(row for rows in lists for row in rows)
        return await self._without(rows) if self._persons.merging else rows

    async def merged(self, resource: str, where: Where, plans: Sequence[Plan]) -> Merged | None:
        """What to leave out and what to put back; ``None`` when there are more identificatoren
        than may be looked through to know, or a source cannot leave so much out."""
        wholes = await self._persons.known_twice()
        if wholes is None:
            return None
        back: Sequence[Row] = ()
        if resource == PARTIJEN:
            gone = [member for whole in wholes for member in whole.members]
            back = await self._resolver.meeting(wholes, where)
        else:
            gone = await self._doubles(resource, wholes)
        by_stream: dict[Stream, set[NativeKey]] = defaultdict(set)
        for row in gone:
            by_stream[row.stream].add(row.key)
        out = {stream: frozenset(keys) for stream, keys in by_stream.items()}
        without = self._search.planner.plans(resource, where, out)
        # Sources that give pages have to go on doing so.
        able = all(
            b.paged or b.impossible or not a.paged for a, b in zip(plans, without, strict=True)
        )
        return Merged(without, back) if able else None

    async def shown(self, rows: Sequence[Row], where: Where) -> list[Row]:
        """Of rows of a page, found by a question, those that are not the double of another.

        Raises ``TooBroad`` when that cannot be said of partijen one by one: what a whole partij
        has need not stand in the record by which it is shown.
        """
        if not rows:
            return []
        resource = rows[0].stream.resource.path
        if resource == PARTIJEN:
            if not invariant(where):
                raise TooBroad(rows[0].stream)
            wholes = await self._persons.whole(rows)
            return [w for row, w in zip(rows, wholes, strict=True) if w.id == row.id]
        return await self._without(rows)

    async def _without(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are not the double of another, whether that is among them or not."""
        partijen = await self._partijen(rows)
        wholes = distinct(partij for partij in partijen if partij is not None and partij.others)
        if not wholes:
            return list(rows)
        gone = {row.id for row in await self._doubles(rows[0].stream.resource.path, wholes)}
        return [row for row in rows if row.id not in gone]

    async def _partijen(self, rows: Sequence[Row]) -> list[Row | None]:
        """Per row the whole partij that it belongs to."""
        if not rows:
            return []
        path = OF_PARTIJ[rows[0].stream.resource.path]
        return [next(iter(found), None) for found in await self._persons.forward(path, rows)]

    async def _doubles(self, resource: str, wholes: Sequence[Row]) -> list[Row]:
        """What belongs to these partijen and is there already, by precedence of their records."""
        inverse = next(
            i
            for i in RESOURCES[PARTIJEN].inverses()
            if (i.via, i.ref) == (resource, OF_PARTIJ[resource])
        )
        members = [member for whole in wholes for member in whole.members]
        flat = iter(await self._relations.inverse(inverse, members))
        found: list[Row] = []
        for whole in wholes:
            rows = [row for _ in whole.members for row in next(flat)]
            first = {row.id for row in self._persons.single(rows)}
            found += (row for row in rows if row.id not in first)
        return found
