"""Whose a key is that sources share: from an address in a message to the partij that has it.

Such a key points at somebody only if it is of just one. An address that two partijen have, in
whichever of the sources, leads to neither: a contact would be shown with the wrong one. So before
anything is made of a key, all who have it are looked up, whoever is asked for.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.concurrency import together
from adapters.conditions import Condition, Record
from gateway.federation.asking import list_size
from gateway.federation.formula import Cross, Node
from gateway.federation.persons import Persons
from gateway.federation.plan import Plan
from gateway.federation.relations import Relations
from gateway.federation.rows import Row, distinct
from gateway.federation.same import value_of
from gateway.federation.search import Search
from gateway.mapping.shared import SharedKey
from gateway.mapping.stream import Edge, Stream
from gateway.standard.question import Where


@dataclass(frozen=True, slots=True)
class Link:
    """Where a key leads: one object, be it without what is added to it; and all objects that say
    that it is its key."""

    whole: Row
    carriers: Sequence[Row]


class Links:
    """The keys that one request came across, each looked up once and many at a time."""

    def __init__(self, search: Search, relations: Relations, persons: Persons) -> None:
        self._search = search
        self._relations = relations
        self._persons = persons
        self._known: dict[Edge, dict[str, Link | None]] = defaultdict(dict)
        self._wanted: dict[Edge, set[str]] = defaultdict(set)
        self._looking = asyncio.Lock()

    def known(self, edge: Edge, keys: Iterable[str]) -> Mapping[str, Link | None] | None:
        """Where keys lead; ``None`` where that is yet to be looked up of one of them."""
        known = self._known[edge]
        return {key: known[key] for key in keys} if known.keys() >= set(keys) else None

    async def of(self, edge: Edge, keys: Collection[str]) -> Mapping[str, Link]:
        """Where keys lead: those of just one."""
        # Whoever comes while others look is looked for with all who came meanwhile.
        self._wanted[edge].update(keys)
        async with self._looking:
            wanted = self._wanted.pop(edge, set()).union(keys)
            new = sorted(wanted - self._known[edge].keys())
            if new:
                self._known[edge] |= await self._looked_up(edge, new)
        known = self._known[edge]
        return {key: link for key in keys if (link := known[key]) is not None}

    async def leading(
        self, found: Sequence[tuple[Cross, Sequence[Record]]]
    ) -> Mapping[Cross, frozenset[str]]:
        """Of records that were found beyond crosses the keys that they hold and that lead to one
        object."""
        held: dict[Edge, dict[Cross, frozenset[str]]] = defaultdict(dict)
        for cross, records in found:
            assert cross.shared is not None
            held[cross.shared][cross] = _keys_in(cross.shared, cross.node.stream, records)
        leading: dict[Cross, frozenset[str]] = {}
        for edge, keys in held.items():
            links = await self.of(edge, frozenset[str]().union(*keys.values()))
            leading |= {cross: some & links.keys() for cross, some in keys.items()}
        return leading

    async def meeting(self, edge: Edge, node: Node, records: Sequence[Record]) -> frozenset[str]:
        """The keys by which these records, that refer by them, lead to something of a node of
        carriers."""
        keys = {str(key) for record in records if (key := edge.key(record)) is not None}
        links = await self.of(edge, keys)
        near = [row for link in links.values() for row in link.carriers]
        there = [row.record for row in distinct(near) if row.stream is node.stream]
        return _keys_in(edge, node.stream, await self._search.meeting(node, there))

    async def to(self, edge: Edge, rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
        """The keys that lead to one of these rows only, each with those of the rows that it is
        of."""
        shared = _kind(edge)
        carriers = self._search.catalogue.carriers(edge)
        lists = await self._relations.inverse(shared.inverse(edge.ref.to), rows)
        found: dict[str, list[Row]] = defaultdict(list)
        for row, near in zip(rows, lists, strict=True):
            held = (_key_in(shared, r.stream, r.record) for r in near if r.stream in carriers)
            for key in dict.fromkeys(key for key in held if key is not None):
                found[key].append(row)
        return {key: found[key] for key in await self.of(edge, found.keys())}

    async def _looked_up(self, edge: Edge, keys: Sequence[str]) -> Mapping[str, Link | None]:
        nobody: dict[str, Link | None] = dict.fromkeys(keys)
        if not self._search.left_out.isdisjoint(edge.elsewhere):
            # Who is missing may have it too.
            return nobody
        shared = _kind(edge)
        path = shared.reference(edge.ref.to)
        assert path is not None
        plans = [
            plan
            for carrier in self._search.catalogue.carriers(edge)
            for plan in self._plans(shared, carrier, keys)
        ]
        lists = await together(self._search.every(plan) for plan in plans)
        carriers = distinct(row for rows in lists for row in rows)
        wholes = await self._persons.owners_apart(path, carriers)
        by_key: dict[str, list[tuple[Row, Row]]] = defaultdict(list)
        for carrier, found in zip(carriers, wholes, strict=True):
            key = _key_in(shared, carrier.stream, carrier.record)
            if key is not None:
                by_key[key] += ((carrier, whole) for whole in found)
        return nobody | {key: _only(by_key[key]) for key in keys if key in by_key}

    def _plans(self, shared: SharedKey, carrier: Stream, keys: Sequence[str]) -> Iterable[Plan]:
        """The questions that find what holds these keys, in lists as long as the source takes."""
        planner, collection = self._search.planner, self._search.catalogue.collection(carrier)

        def holds(some: Sequence[str]) -> Condition:
            return carrier.push(shared.wanted(tuple(some))).condition

        size = list_size(holds, keys, collection) or len(keys)
        for start in range(0, len(keys), size):
            tests = (*shared.tests, shared.wanted(tuple(keys[start : start + size])))
            plan = planner.plan(planner.node(carrier, Where(tests)))
            if not plan.impossible:
                yield plan


def _only(found: Sequence[tuple[Row, Row]]) -> Link | None:
    wholes = distinct(whole for _, whole in found)
    if len(wholes) != 1 or wholes[0].withheld:
        return None
    return Link(wholes[0], [carrier for carrier, _ in found])


def _kind(edge: Edge) -> SharedKey:
    assert edge.shared is not None
    return edge.shared


def _keys_in(edge: Edge, carrier: Stream, records: Iterable[Record]) -> frozenset[str]:
    """The keys that records of a carrier hold. Raises ``RuleError``."""
    found = (_key_in(_kind(edge), carrier, record) for record in records)
    return frozenset(key for key in found if key is not None)


def _key_in(shared: SharedKey, carrier: Stream, record: Record) -> str | None:
    """The key that a record of a carrier holds. Raises ``RuleError``."""
    if not all(carrier.meets(test, record) for test in shared.tests):
        return None
    return shared.normal(value_of(carrier, record, shared.attribute))
