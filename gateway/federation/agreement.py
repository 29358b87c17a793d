"""The three ways to a partij's address of choice, made to agree wherever addresses are shown.

What an address shows depends on the other addresses of its partij, so a filter on it cannot be
left to a source: the addresses are fetched, and what they show is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final

from adapters.concurrency import together
from gateway.federation.persons import Persons
from gateway.federation.plan import Planner
from gateway.federation.preferred import (
    ADDRESSES,
    FOR_PORTALS,
    PREFERRED,
    STANDARD,
    Added,
    Alike,
    added,
    of_partijen,
    preferred,
    says,
)
from gateway.federation.relations import Lists
from gateway.federation.rows import Row, RowId, distinct
from gateway.federation.same import ADRESSEN, OF_PARTIJ, PARTIJEN, text
from gateway.mapping.meaning import holds
from gateway.standard.model import Inverse
from gateway.standard.question import Test
from gateway.standard.table import RESOURCES

_NOTHING: Final[Added] = MappingProxyType({})


class Agreement:
    """What is added to the addresses of one request."""

    def __init__(self, planner: Planner, persons: Persons) -> None:
        self._planner = planner
        self._persons = persons
        self._noted: list[tuple[Sequence[Row], Sequence[Alike]]] = []
        self._added: dict[RowId, Added] = {}

    def preferred(self, referred: Lists, addresses: Lists) -> Lists:
        """Per partij its preferred address: ``referred`` is what it refers to, ``addresses`` are
        all that it has. What that says of the addresses is kept for when they are shown."""
        if not self._adds:
            return [rows[:1] for rows in referred]
        alike = [[self._persons.alike(row) for row in rows] for rows in addresses]
        self._noted += zip(referred, alike, strict=True)
        return [preferred(*one) for one in zip(referred, alike, strict=True)]

    async def added(self, rows: Sequence[Row], partijen: Lists) -> list[Added]:
        """What is added to each of these addresses; per address the partij that it is of."""
        self._work_out()
        open_ = [
            found[0]
            for row, found in zip(rows, partijen, strict=True)
            if found and row.id not in self._added and self._may_gain(row, found[0])
        ]
        if open_:
            asked = distinct(open_)
            inverse = RESOURCES[PARTIJEN].member(ADDRESSES)
            assert isinstance(inverse, Inverse)
            referred, addresses = await together(
                [self._persons.forward(PREFERRED, asked), self._persons.inverse(inverse, asked)]
            )
            self.preferred(referred, addresses)
            self._work_out()
        return [self._added.get(row.id, _NOTHING) for row in rows]

    async def meeting(self, rows: Sequence[Row], tests: Iterable[Test]) -> list[Row]:
        """Those of these addresses that meet tests by what they show."""
        partijen = await self._persons.forward(OF_PARTIJ[ADRESSEN], rows)
        return await self._met(rows, partijen, tests)

    async def meeting_apart(self, rows: Sequence[Row], tests: Iterable[Test]) -> list[Row]:
        """Those that do by what they show without the sources that only add, see
        ``Persons.apart``."""
        partijen = await self._persons.owners_apart(OF_PARTIJ[ADRESSEN], rows)
        # What is shown is yet to be worked out, with these.
        return await Agreement(self._planner, self._persons)._met(rows, partijen, tests)

    async def _met(self, rows: Sequence[Row], partijen: Lists, tests: Iterable[Test]) -> list[Row]:
        more = await self.added(rows, partijen)
        return [
            row
            for row, also in zip(rows, more, strict=True)
            if all(_meets(row, also, test) for test in tests)
        ]

    def _work_out(self) -> None:
        for referred, addresses in self._noted:
            self._added |= added(referred, addresses)
        self._noted.clear()

    def _may_gain(self, row: Row, partij: Row) -> bool:
        """Whether what an address shows may depend on others: what is said in both ways, or in
        none, of the only record that knows it, is all there is to say."""
        if not self._adds:
            return False
        standard = says((row,), STANDARD)
        if standard and text(row, FOR_PORTALS.attribute):
            return False
        if standard or says((row,), FOR_PORTALS):
            return True
        if partij.others:
            return True
        return self._persons.refers(partij, PREFERRED, row)

    @cached_property
    def _adds(self) -> bool:
        return bool(of_partijen(self._planner))


def _meets(row: Row, also: Mapping[str, str | bool], test: Test) -> bool:
    if test.attribute in also:
        return holds(test.op, also[test.attribute], test.value)
    return row.stream.meets(test, row.record)
