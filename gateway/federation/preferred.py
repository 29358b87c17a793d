"""The address at which a partij wants to be reached, in whichever way its sources say so. Pure.

There are three ways: the partij refers to it, the address has the reference `portaalvoorkeur` (as
portals write it), or it is the standard one of its soort. A client that reads one of them has to
find what another wrote. So each is filled in from the others, where no source used it; what a
source does say stays as it is, also where another says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.conditions import NEVER
from gateway.federation.plan import Planner
from gateway.federation.rows import Row, RowId
from gateway.federation.same import ADRESSEN, OF_PARTIJ, PARTIJEN, double, text
from gateway.mapping.stream import Stream
from gateway.standard.model import Op
from gateway.standard.question import Test, Where

PREFERRED: Final = "voorkeursDigitaalAdres"
ADDRESSES: Final = "digitaleAdressen"
STANDARD: Final = Test("isStandaardAdres", Op.EQ, True)
FOR_PORTALS: Final = Test("referentie", Op.EQ, "portaalvoorkeur")

Alike = Sequence[Row]
"""One address: the row by which it is shown, and its doubles in other records of the partij. What
is said of one of them holds for it."""

Added = Mapping[str, str | bool]
"""What an address shows that its own record does not say: attribute -> value."""


def of_partijen(planner: Planner) -> tuple[Stream, ...]:
    """The streams of addresses that can be a partij's, where some source can say which it prefers
    and not all of them say so in every way; else none."""
    streams = tuple(
        stream
        for stream in planner.streams(ADRESSEN)
        if any(edge.path == OF_PARTIJ[ADRESSEN] for edge in stream.edges)
    )
    if all(stream.complete for stream in streams):
        return ()
    referred = any(e.path == PREFERRED for s in planner.streams(PARTIJEN) for e in s.edges)
    said = any(s.push(t).condition != NEVER for s in streams for t in (STANDARD, FOR_PORTALS))
    return streams if referred or said else ()


def on_added(resource: str, where: Where) -> tuple[Test, ...]:
    """The tests of a question that an address may meet by what is added to it."""
    if resource != ADRESSEN:
        return ()
    return tuple(t for t in where.tests if t.attribute == STANDARD.attribute or t == FOR_PORTALS)


def without(where: Where, asked: Iterable[Test]) -> Where:
    """A question without some of its tests."""
    return replace(where, tests=tuple(test for test in where.tests if test not in asked))


def preferred(referred: Sequence[Row], addresses: Sequence[Alike]) -> list[Row]:
    """The preferred address of a partij, or none: ``referred`` is what it refers to, ``addresses``
    are all that it has, by precedence. Raises ``RuleError``."""
    for row in referred:
        if any(alike[0].id == row.id for alike in addresses):
            return [row]
        same = double(row)
        return [next((alike[0] for alike in addresses if double(alike[0]) == same), row)]
    marked = [alike[0] for alike in addresses if says(alike, FOR_PORTALS)]
    standard = [alike[0] for alike in addresses if says(alike, STANDARD)]
    by_mail = [row for row in standard if _soort(row) == "email"]
    return [*marked, *by_mail, *standard][:1]


def added(referred: Sequence[Row], addresses: Sequence[Alike]) -> Iterator[tuple[RowId, Added]]:
    """What is to be added to the rows of all these addresses, so that the ways to the address of
    choice agree; as ``preferred``, but for each soort by itself. Raises ``RuleError``."""
    by_soort: dict[str, list[Alike]] = defaultdict(list)
    for alike in addresses:
        by_soort[_soort(alike[0])].append(alike)
    ids = {row.id for row in referred}
    for group in by_soort.values():
        pointed = [alike for alike in group if any(row.id in ids for row in alike)]
        marked = [alike for alike in group if says(alike, FOR_PORTALS)]
        standard = [alike for alike in group if says(alike, STANDARD)]
        choice = [*pointed, *marked, *standard][:1]
        for alike in group:
            for row in alike:
                more: dict[str, str | bool] = {}
                if alike in (standard or choice) and not says((row,), STANDARD):
                    more["isStandaardAdres"] = True
                # What stands there was put there: a zaak, for instance.
                if alike in (marked or choice) and not text(row, FOR_PORTALS.attribute):
                    more["referentie"] = "portaalvoorkeur"
                yield row.id, more


def says(alike: Alike, test: Test) -> bool:
    """Whether a source says something of an address. Raises ``RuleError``."""
    return any(row.stream.meets(test, row.record) for row in alike)


def _soort(row: Row) -> str:
    return text(row, "soortDigitaalAdres")
