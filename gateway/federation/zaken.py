"""A zaak is one object with several names. Pure.

Desks and systems write the same zaak in different ways: by its uuid in the register of zaken or by
its zaaknummer, each under codes of their own. Who points at a zaak by one name finds what is about
it under any other. What is found shows the name that it has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from gateway.standard.model import Op
from gateway.standard.question import Hop, Test, Where
from gateway.standard.table import RESOURCES, far_side

ONDERWERPOBJECTEN: Final = "onderwerpobjecten"
GROUP: Final = "onderwerpobjectidentificator"
OBJECT_ID: Final = "objectId"


class Kind(StrEnum):
    """By what a zaak is known: in the register of zaken, or to people."""

    UUID = "uuid"
    IDENTIFICATIE = "identificatie"

    @property
    def some(self) -> str:
        """A name of this kind, that stands for any."""
        return str(UUID(int=1, version=4)) if self is Kind.UUID else "·"


class Name(NamedTuple):
    """One name of a zaak, in the text of an ``objectId``."""

    kind: Kind
    value: str


Names = Mapping[Name, Collection[Name]]
"""Per name all names of the zaak that has it, itself included."""

Codes = Mapping[str, str]
"""``codeObjecttype``, ``codeRegister`` and ``codeSoortObjectId``, as they are written together."""


@dataclass(frozen=True, slots=True)
class Known:
    """Where a source knows zaken by all their names: in which collection, and in which fields."""

    collection: str
    fields: Mapping[Kind, str]


@dataclass(frozen=True)
class Zaken:
    """How zaken are written here. ``codes``: under which codes a name of each kind stands.
    ``known``: by source where the names of a zaak can be looked up."""

    codes: Mapping[Kind, Sequence[Codes]] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)

    def pointed_at(self, resource: str, where: Where) -> frozenset[Name]:
        """The names by which a question points at zaken, as far as can be seen."""
        return frozenset(self._pointed_at(resource, where))

    def spread(self, resource: str, where: Where, names: Names) -> Where:
        """The same question, in which a zaak that is pointed at is asked for under all its names.

        What is asked of an identificator is asked of one and the same, under whichever name."""
        hops = tuple(
            replace(hop, where=self.spread(far, hop.where, names))
            for far, hop in _hops(resource, where)
        )
        where = replace(where, hops=hops)
        return self._either(where, names) if resource == ONDERWERPOBJECTEN else where

    def foreseen(self, resource: str, where: Where) -> Where:
        """The question as it may become once the names are looked up."""
        every = {
            name: [name, *(Name(kind, kind.some) for kind in Kind if kind is not name.kind)]
            for name in self.pointed_at(resource, where)
            if self.known
        }
        return self.spread(resource, where, every)

    def _pointed_at(self, resource: str, where: Where) -> Iterator[Name]:
        if resource == ONDERWERPOBJECTEN:
            yield from self._own(_asked(where))
        for far, hop in _hops(resource, where):
            yield from self._pointed_at(far, hop.where)

    def _own(self, asked: Mapping[str, str]) -> Iterator[Name]:
        """The name of a zaak that is meant by what is asked of an identificator, if it is one."""
        value = asked.get(OBJECT_ID)
        if value is not None:
            kind = Kind.UUID if _is_uuid(value) else Kind.IDENTIFICATIE
            if any(_fits(codes, asked) for codes in self.codes.get(kind, ())):
                yield Name(kind, value)

    def _either(self, where: Where, names: Names) -> Where:
        asked = _asked(where)
        groups = [asked]
        for name in self._own(asked):
            for other in sorted(names.get(name, (name,))):
                for codes in self.codes.get(other.kind, ()):
                    group = {OBJECT_ID: other.value, **codes}
                    if not _fits(group, asked) and group not in groups:
                        groups.append(group)
        if len(groups) == 1:
            return where
        rest = tuple(test for test in where.tests if _part(test) not in asked)
        return replace(where, tests=rest, either=tuple(map(_tests, groups)))


def _hops(resource: str, where: Where) -> Iterator[tuple[str, Hop]]:
    """The hops of a question, with the resource that each leads to."""
    return ((far_side(RESOURCES[resource], hop.relation).path, hop) for hop in where.hops)


def _asked(where: Where) -> dict[str, str]:
    """By part of the identificator what a question asks of it."""
    return {part: str(test.value) for test in where.tests if (part := _part(test))}


def _part(test: Test) -> str:
    """The part of the identificator that a test is about; empty for one about anything else."""
    group, _, part = test.attribute.partition(".")
    return part if group == GROUP and test.op is Op.EQ else ""


def _tests(group: Mapping[str, str]) -> tuple[Test, ...]:
    return tuple(Test(f"{GROUP}.{part}", Op.EQ, value) for part, value in group.items())


def _fits(said: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether nothing of what is said is other than what is asked."""
    return all(said.get(part, value) == value for part, value in asked.items())


def _is_uuid(text: str) -> bool:
    """Whether it is one, in small letters or capitals (RFC 9562, section 4)."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
