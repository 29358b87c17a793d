"""Writing that does not do what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.base import (
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    SourceError,
    Update,
)
from adapters.conditions import Record
from tests.kit.memory import Memory, whole


class NotKept(Memory):
    """What is written is answered, and not kept."""

    async def change(self, change: Change) -> Record:
        if isinstance(change, Create):
            return {**change.values, "NR": 4711}
        return await super().change(change)


class AlsoElse(Memory):
    """A change empties another field."""

    async def change(self, change: Change) -> Record:
        if isinstance(change, Update):
            change = replace(change, values={"NOTITIE": None, **change.values})
        return await super().change(change)


class StillThere(Memory):
    """What is deleted stays."""

    async def change(self, change: Change) -> Record:
        if isinstance(change, Delete):
            return dict(change.key)
        return await super().change(change)


class Unguarded(Memory):
    """What a record is expected to be is not looked at."""

    def expect(self, change: Update | Delete, found: Record) -> None:
        return


class Doubles(Memory):
    """A natural key may be there twice."""

    def unique(self, there: Sequence[Record], made: Record) -> None:
        return


class HalfDone(Memory):
    """Of changes that belong together the first stays when the second fails."""

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        made: list[Record] = []
        for change in changes:
            made += await super().write([whole(change, made)])
        return made


class CutsOff(Memory):
    """A text is cut without a word, before the length that is declared."""

    def klant(self) -> Collection:
        spec = super().klant()
        assert spec.writes is not None
        return replace(spec, writes=replace(spec.writes, lengths={"NOTITIE": 60}))

    async def change(self, change: Change) -> Record:
        if not isinstance(change, Delete):
            note = str(change.values.get("NOTITIE") or "")
            change = replace(
                change, values={**change.values, **({"NOTITIE": note[:40]} if note else {})}
            )
        return await super().change(change)


class NeverEmptied(Memory):
    """What is emptied keeps its value."""

    async def change(self, change: Change) -> Record:
        if isinstance(change, Update):
            change = replace(
                change, values={f: v for f, v in change.values.items() if v is not None}
            )
        return await super().change(change)


class FirstFieldOnly(Memory):
    """Of several fields the first is changed."""

    async def change(self, change: Change) -> Record:
        if isinstance(change, Update):
            change = replace(change, values=dict(list(change.values.items())[:1]))
        return await super().change(change)


class NeverAsExpected(Memory):
    """What is absent is never as expected."""

    def expect(self, change: Update | Delete, found: Record) -> None:
        if any(v is None for v in change.expected.values()):
            raise SourceError(Failure.CONFLICT, "not as it was")
        super().expect(change, found)


class DeletesAnyway(Memory):
    """What a record is expected to be is not looked at before it is deleted."""

    def expect(self, change: Update | Delete, found: Record) -> None:
        if isinstance(change, Update):
            super().expect(change, found)


BROKEN: Mapping[type, str] = {
    NotKept: "writes",
    AlsoElse: "writes",
    StillThere: "writes",
    Unguarded: "guards",
    Doubles: "natural",
    HalfDone: "atomic",
    CutsOff: "writes",
    NeverEmptied: "writes",
    FirstFieldOnly: "writes",
    NeverAsExpected: "guards",
    DeletesAnyway: "guards",
}
