"""Questions about partijen, where one partij may have several records.

A source answers by record. A partij meets a question by all its records together, so a question
that leads over a partij becomes two: which partijen meet it, in all sources, and then what refers
to any of their records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from adapters.concurrency import together
from gateway.federation.persons import IDENTIFIED, Identificator, Persons
from gateway.federation.plan import Plan
from gateway.federation.rows import Row, RowId, distinct
from gateway.federation.same import KIND, PARTIJEN, VALUE
from gateway.federation.search import Search, TooBroad
from gateway.mapping.stream import NativeKey, Stream
from gateway.standard.model import Op
from gateway.standard.question import Hop, Test, Where, identifies
from gateway.standard.table import RESOURCES, far_side


class Resolver:
    """Finds the partijen that meet the questions of one request."""

    def __init__(self, search: Search, persons: Persons) -> None:
        self._search = search
        self._persons = persons

    async def resolved(self, resource: str, where: Where) -> Where:
        """The same question, in which every condition on a partij along the way has become the
        partijen that meet it: a partij meets it by any of its records."""
        if not self._persons.merging:
            return where
        hops = await together(self._resolved_hop(resource, hop) for hop in where.hops)
        return replace(where, hops=tuple(hops))

    async def _resolved_hop(self, resource: str, hop: Hop) -> Hop:
        far = far_side(RESOURCES[resource], hop.relation).path
        if far != PARTIJEN:
            return Hop(hop.relation, await self.resolved(far, hop.where), hop.negated)
        if not hop.where or invariant(hop.where):
            return hop
        found = await self.few(hop.where)
        if found is not None:
            return Hop(hop.relation, Where((Test("uuid", Op.IN, _uuids(found)),)), hop.negated)
        wholes = await self._persons.known_twice()
        if wholes is None:
            raise TooBroad(self._search.planner.streams(PARTIJEN)[0])
        where = await self.resolved(PARTIJEN, hop.where)
        kept = _uuids(await self.meeting(wholes, where))
        where = replace(where, judged=_uuids(wholes), kept=kept)
        return Hop(hop.relation, where, hop.negated)

    async def few(self, where: Where, listed: bool = False) -> list[Row] | None:
        """All partijen that meet a question that points at little; else ``None``. ``listed``: they
        are about to be shown."""
        first = lead(where)
        if not points_at_few(self._search.plans(PARTIJEN, first), first):
            return None
        try:
            return await self._matching(where, listed)
        except TooBroad:
            return None

    async def _matching(self, where: Where, listed: bool) -> list[Row]:
        """All partijen, as wholes, that meet a question. Raises ``TooBroad``."""
        resolved = await self.resolved(PARTIJEN, where)
        rows, sought = await self._candidates(lead(resolved))
        likely = [r for r in rows if all(self._meets(r, t) for t in where.tests)] if listed else []
        wholes, _ = await together([self._wholes(rows, sought), self._persons.ahead(likely)])
        return await self.meeting(wholes, resolved)

    async def _wholes(self, rows: Sequence[Row], sought: Collection[Identificator]) -> list[Row]:
        if sought:
            await self._persons.learn(rows, sought)
        return distinct(await self._persons.whole(rows))

    async def _candidates(self, first: Where) -> tuple[list[Row], Collection[Identificator]]:
        """All rows of partijen that meet the part of a question that others are found by; and the
        identificatoren of which they are all that have one of these."""
        streams = self._search.planner.streams(PARTIJEN)
        uuids = asked_by_uuid(first)
        if uuids is not None and all(len(stream.key) == 1 for stream in streams):
            return await self._search.with_uuids(PARTIJEN, uuids), ()
        plans = self._search.plans(PARTIJEN, first)
        asked = [self._search.every(plan) for plan in plans]
        sought = {pair for pair in _identificators(first) if pair[0] in self._persons.kinds}
        # Whoever is found shares it with who is one with him, so that is known at once.
        *found, identificatoren = await together([*asked, self._persons.with_value(sought)])
        rows = [row for rows in found for row in rows]
        rows += await self._persons.owners(identificatoren)
        return distinct(rows), sought

    async def meeting(self, wholes: Sequence[Row], where: Where) -> list[Row]:
        """The whole partijen that meet a (resolved) question: their attributes by precedence, what
        is related to them by any of their rows."""
        kept = [w for w in wholes if all(self._meets(w, test) for test in where.tests)]
        for hop in where.hops:
            holding = await self._holding(kept, hop)
            kept = [w for w in kept if any(m.id in holding for m in w.members) is not hop.negated]
        return kept

    def _meets(self, whole: Row, test: Test) -> bool:
        if test.attribute == "uuid":
            wanted = test.value if isinstance(test.value, tuple) else (test.value,)
            return any(member.uuid in wanted for member in whole.members)
        row = self._persons.giver(whole, test.attribute.partition(".")[0])
        return row.stream.meets(test, row.record)

    async def _holding(self, wholes: Sequence[Row], hop: Hop) -> set[RowId]:
        """Which rows of these partijen lead to something that meets a question (whether or not the
        hop is negated)."""
        if hop.relation == IDENTIFIED and _of_identificator(hop.where):
            # All identificatoren of whole partijen are known already.
            members = [member for whole in wholes for member in whole.members]
            lists = await self._persons.identificatoren(members)
            return {
                member.id
                for member, found in zip(members, lists, strict=True)
                if any(all(i.stream.meets(t, i.record) for t in hop.where.tests) for i in found)
            }
        where = Where(hops=(Hop(hop.relation, hop.where),))
        by_stream: dict[Stream, dict[NativeKey, Row]] = defaultdict(dict)
        for member in (m for whole in wholes for m in whole.members):
            by_stream[member.stream][member.key] = member
        planner, search = self._search.planner, self._search
        met = await together(
            search.meeting(planner.node(stream, where), [row.record for row in rows.values()])
            for stream, rows in by_stream.items()
        )
        return {
            (stream, stream.native_key(record))
            for stream, records in zip(by_stream, met, strict=True)
            for record in records
        }


def _uuids(wholes: Iterable[Row]) -> tuple[str, ...]:
    """The uuids of all records of partijen."""
    return tuple(sorted({member.uuid for whole in wholes for member in whole.members}))


def _of_identificator(where: Where) -> bool:
    """Whether a question is about what an identificator says, and nothing else."""
    return not where.hops and all(
        test.attribute.startswith("partijIdentificator.") for test in where.tests
    )


def _identificators(where: Where) -> set[tuple[str, str]]:
    """The (kind, value) of identificatoren that a question asks for."""
    tests = [
        {test.attribute: test.value for test in hop.where.tests if test.op is Op.EQ}
        for hop in where.hops
        if hop.relation == IDENTIFIED
    ]
    return {(str(t[KIND]), str(t[VALUE])) for t in tests if KIND in t and VALUE in t}


def asked_by_uuid(where: Where) -> tuple[str, ...] | None:
    """The uuids that a question asks for, if that is all it does."""
    match where:
        case Where((Test("uuid", Op.EQ, str(uuid)),), (), (), either=()):
            return (uuid,)
        case Where((Test("uuid", Op.IN, tuple(uuids)),), (), (), either=()):
            return tuple(map(str, uuids))
        case _:
            return None


def points_at_few(plans: Iterable[Plan], where: Where) -> bool:
    """Whether a question can be answered by fetching all that meets it: it points at something,
    and every source can be asked that."""
    return all(p.impossible or (p.narrow and identifies(where)) for p in plans)


def invariant(where: Where) -> bool:
    """Whether a question is met by all rows of a partij or by none: they are of one soort."""
    return not where.hops and all(test.attribute == "soortPartij" for test in where.tests)


def lead(where: Where) -> Where:
    """The part of a question by which partijen are found: of a partij with several records no one
    record has to meet all of it, but one of them meets this."""
    for hop in where.hops:
        if not hop.negated and hop.relation == IDENTIFIED:
            return Where(hops=(hop,))
    for test in where.tests:
        if test.attribute in ("uuid", "nummer"):
            return Where((test,))
    for hop in where.hops:
        if not hop.negated:
            return Where(hops=(hop,))
    return Where(where.tests[:1])
