"""What is known more than once, taken out of the streams and put back as one.

A list is answered by sources that count and page by themselves. They do not know that a record of
theirs is a partij that another knows too. So these records are left out of what is asked, and what
they make together is merged in beside them: counts stay exact, and every page is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
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
        return await self._without(rows, plans) if self._persons.merging else rows

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
        without = self._search.plans(resource, where, out)
        # Sources that give pages have to go on doing so.
        able = all(
            b.paged or b.impossible or not a.paged for a, b in zip(plans, without, strict=True)
        )
        return Merged(without, back) if able else None

    def adds(self, plans: Sequence[Plan]) -> bool:
        """Whether the rows of a list of partijen are yet to be made whole, by sources that only add
        to it."""
        return self._persons.added_to and any(plan.aside for plan in plans)

    def keeps_count(self, where: Where) -> bool:
        """Whether as many partijen meet a question when what is added to them is known."""
        return invariant(where) and not self._persons.joined_by_what_is_added

    async def added(self, rows: Sequence[Row], where: Where, plans: Sequence[Plan]) -> list[Row]:
        """The partijen of a page of a (resolved) question, each whole with what is added to it, if
        it still meets the question then. What turns out to be one partij is shown once, where the
        first stands of those that the list has."""
        aside = {plan.stream for plan in plans if plan.aside}
        wholes = await self._persons.whole(rows)
        kept = [
            whole
            for row, whole in zip(rows, wholes, strict=True)
            if next((m.id for m in whole.members if m.stream not in aside), None) == row.id
        ]
        return await self._resolver.meeting(kept, where)

    async def shown(self, rows: Sequence[Row], where: Where, plans: Sequence[Plan]) -> list[Row]:
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
            return await self.added(rows, where, plans)
        return await self._without(rows, plans)

    async def _without(self, rows: Sequence[Row], plans: Sequence[Plan]) -> list[Row]:
        """The rows that are not the double of another, whether that is among them or not; of what
        the list is without, nothing is the double."""
        partijen = await self._partijen(rows)
        wholes = distinct(partij for partij in partijen if partij is not None and partij.others)
        if not wholes:
            return list(rows)
        aside = {plan.stream for plan in plans if plan.aside}
        doubles = await self._doubles(rows[0].stream.resource.path, wholes, aside)
        gone = {row.id for row in doubles}
        return [row for row in rows if row.id not in gone]

    async def _partijen(self, rows: Sequence[Row]) -> list[Row | None]:
        """Per row the partij that it belongs to, as ``Persons.apart`` gives it: only what is in the
        list can be doubled there."""
        if not rows:
            return []
        path = OF_PARTIJ[rows[0].stream.resource.path]
        return [next(iter(found), None) for found in await self._persons.owners_apart(path, rows)]

    async def _doubles(
        self, resource: str, wholes: Sequence[Row], aside: Container[Stream] = ()
    ) -> list[Row]:
        """What belongs to these partijen and is there already, by precedence of their records.
        ``aside``: streams that the list is without."""
        inverse = next(
            i
            for i in RESOURCES[PARTIJEN].inverses()
            if (i.via, i.ref) == (resource, OF_PARTIJ[resource])
        )
        members = [member for whole in wholes for member in whole.members]
        flat = iter(await self._relations.inverse(inverse, members))
        found: list[Row] = []
        for whole in wholes:
            rows = [row for _ in whole.members for row in next(flat) if row.stream not in aside]
            first = {row.id for row in self._persons.single(rows)}
            found += (row for row in rows if row.id not in first)
        return found
