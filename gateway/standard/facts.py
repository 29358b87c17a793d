"""What a rule may ask: about the object that is written, and about others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.standard.draft import Draft, Kept, Reading, Stored, Verb
from gateway.standard.errors import PARAM_CODES, InvalidParam


class Facts(Protocol):
    """Answers about objects that there are. Resources are named by their path, uuids are in
    canonical form. Raises ``Problem`` where a question cannot be answered."""

    async def absent(self, objects: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Which of these objects there are not, each by its resource and uuid."""
        ...

    async def values(self, resource: str, uuid: str) -> Stored | None:
        """An object, or ``None`` when there is no such object."""
        ...

    async def matching(self, resource: str, filters: Mapping[str, str]) -> Sequence[str]:
        """The uuids of the objects that meet all of these parameters of the list, none empty."""
        ...

    async def related(self, resource: str, uuid: str, inverse: str) -> Sequence[str]:
        """The uuids along an inverse relation of an object that there is."""
        ...


Broken = tuple[InvalidParam, ...]
"""What a rule has to say of an object; nothing if it is met."""


@dataclass(frozen=True, slots=True)
class Case:
    """One object to be judged: the draft over what is stored, and whom to ask.

    ``uuid``: of the object if there is one already. ``named``: the attributes that the body names.
    """

    draft: Draft
    verb: Verb
    facts: Facts
    uuid: str | None = None
    current: Stored | None = None
    prefix: str = ""
    named: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, reading: Reading, facts: Facts, uuid: str | None = None, current: Stored | None = None
    ) -> Case:
        """The object of a body."""
        return cls(reading.draft, reading.verb, facts, uuid, current, reading.prefix, reading.named)

    def sets(self, *paths: str) -> bool:
        """Whether the draft says anything about one of these values or references."""
        return any(p in self.draft.values or p in self.draft.references for p in paths)

    def value(self, path: str) -> Kept:
        """What the attribute is going to hold."""
        if path in self.draft.values or self.current is None:
            return self.draft.values.get(path)
        return self.current.values.get(path)

    def text(self, path: str) -> str:
        """The text that the attribute is going to hold, empty for none."""
        value = self.value(path)
        return value if isinstance(value, str) else ""

    def references(self, path: str) -> tuple[str, ...]:
        """What the reference is going to lead to."""
        if path in self.draft.references or self.current is None:
            return self.draft.references.get(path, ())
        return self.current.references.get(path, ())

    def reference(self, path: str) -> str | None:
        """What a single reference is going to lead to."""
        return next(iter(self.references(path)), None)

    async def others(self, filters: Mapping[str, str]) -> Sequence[str]:
        """Objects of the same resource that meet these filters, but for this one."""
        found = await self.facts.matching(self.draft.resource.path, filters)
        return [uuid for uuid in found if uuid != self.uuid]

    def refusal(self, name: str, reason: str, code: str = "invalid") -> Broken:
        """That a rule is broken, as an error about ``name``."""
        assert code in PARAM_CODES, code
        return (InvalidParam(self.prefix + name, code, reason),)
