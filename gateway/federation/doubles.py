"""What is known more than once, taken out of the streams and put back as one.

A list is answered by sources that count and page by themselves. They do not know that a record of
theirs is a partij that another knows too. So these records are left out of what is asked, and what
they make together is merged in beside them: counts stay exact, and every page is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.concurrency import together
from gateway.federation.persons import (
    IDENTIFICATOREN,
    OF_PARTIJ,
    PARTIJEN,
    Persons,
    double,
    invariant,
)
from gateway.federation.plan import Keyed
from gateway.federation.relations import Relations
from gateway.federation.rows import Row, distinct
from gateway.federation.search import Search, TooBroad
from gateway.mapping.stream import NativeKey, Stream
from gateway.standard.model import Inverse
from gateway.standard.question import Where
from gateway.standard.table import RESOURCES


@dataclass(frozen=True, slots=True)
class Merged:
    """``out``: the records that are left out of the streams; ``back``: the rows that come in their
    place."""

    out: Keyed
    back: Sequence[Row]


class Doubles:
    """The doubles of one request."""

    def __init__(self, search: Search, relations: Relations, persons: Persons) -> None:
        self._search = search
        self._relations = relations
        self._persons = persons

    def concern(self, resource: str) -> bool:
        """Whether a list of a resource can have doubles at all."""
        return (
            self._persons.merging
            and resource in (PARTIJEN, *OF_PARTIJ)
            and bool(self._search.planner.streams(IDENTIFICATOREN))
        )

    async def few(self, resource: str, where: Where) -> list[Row] | None:
        """The whole answer, without doubles, of a question that points at little; else ``None``."""
        if resource == PARTIJEN:
            return await self._persons.few(where)
        plans = self._search.planner.plans(resource, where)
        if not all(plan.narrow or plan.impossible for plan in plans):
            return None
        try:
            lists = await together(self._search.every(plan) for plan in plans)
        except TooBroad:
            return None
        return await self._single(distinct(row for rows in lists for row in rows))

    async def merged(self, resource: str, where: Where) -> Merged | None:
        """What to leave out and what to put back; ``None`` when there are more identificatoren
        than may be looked through to know."""
        wholes = await self._persons.known_twice()
        if wholes is None:
            return None
        if resource == PARTIJEN:
            members = [member for whole in wholes for member in whole.members]
            back = await self._persons.meeting(wholes, where)
        else:
            members = await self._doubled(resource, wholes)
            back = await self._single(await self._meeting(members, where))
        by_stream: dict[Stream, set[NativeKey]] = defaultdict(set)
        for row in members:
            by_stream[row.stream].add(row.key)
        if any(len(k) > self._search.catalogue.collection(s).max_in for s, k in by_stream.items()):
            return None
        return Merged({stream: frozenset(keys) for stream, keys in by_stream.items()}, back)

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
        wholes = distinct(p for _, p in await self._partijen(rows) if p and p.others)
        doubled = await self._doubled(resource, wholes)
        stay = {row.id for row in await self._single(await self._meeting(doubled, where))}
        gone = {row.id for row in doubled} - stay
        return [row for row in rows if row.id not in gone]

    async def _partijen(self, rows: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
        """Per row the record of the partij that it belongs to, and that partij whole."""
        if not rows:
            return []
        path = OF_PARTIJ[rows[0].stream.resource.path]
        own = [next(iter(f), None) for f in await self._relations.forward(path, rows)]
        wholes = iter(await self._persons.whole(row for row in own if row is not None))
        return [(row, None if row is None else next(wholes)) for row in own]

    async def _doubled(self, resource: str, wholes: Sequence[Row]) -> list[Row]:
        """What belongs to these partijen and has a double there."""
        inverse = next(
            i
            for i in RESOURCES[PARTIJEN].inverses()
            if (i.via, i.ref) == (resource, OF_PARTIJ[resource])
        )
        assert isinstance(inverse, Inverse)
        members = [member for whole in wholes for member in whole.members]
        flat = iter(await self._relations.inverse(inverse, members))
        found: list[Row] = []
        for whole in wholes:
            same: dict[object, list[Row]] = defaultdict(list)
            for row in (row for _ in whole.members for row in next(flat)):
                same[double(row)].append(row)
            found += (row for rows in same.values() if len(rows) > 1 for row in rows)
        return found

    async def _single(self, rows: Sequence[Row]) -> list[Row]:
        """The rows without doubles of one partij; by precedence of its records one stays."""
        best: dict[object, tuple[Any, Row]] = {}
        for row, (own, whole) in zip(rows, await self._partijen(rows), strict=True):
            if own is None or whole is None or not whole.others:
                best[row.id] = ((), row)
                continue
            by_age = (row.stream.number, row.stream.sort_key(row.record), row.key)
            rank = ([member.id for member in whole.members].index(own.id), by_age)
            key = (whole.id, double(row))
            if key not in best or rank < best[key][0]:
                best[key] = (rank, row)
        return [row for _, row in best.values()]

    async def _meeting(self, rows: Iterable[Row], where: Where) -> list[Row]:
        """Those of the rows that meet a question."""
        by_stream: dict[Stream, list[Row]] = defaultdict(list)
        for row in rows:
            by_stream[row.stream].append(row)
        planner, search = self._search.planner, self._search
        met = await together(
            search.meeting(planner.node(stream, where), [row.record for row in group])
            for stream, group in by_stream.items()
        )
        return [
            r for s, records in zip(by_stream, met, strict=True) for r in search.rows(s, records)
        ]
