"""Writing that does not do what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.base import (
    Change,
    Create,
    Delete,
    Update,
)
from adapters.conditions import (
    Record,
)
from tests.kit.memory import Memory


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


BROKEN: Mapping[type, str] = {
    NotKept: "writes",
    AlsoElse: "writes",
    StillThere: "writes",
    Unguarded: "guards",
    Doubles: "natural",
}
