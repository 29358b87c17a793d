"""Objects in memory, for rules to ask about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gateway.standard.draft import Stored
from gateway.standard.model import Inverse
from gateway.standard.table import RESOURCES


class Memory:
    """``Facts`` over objects that a test put there, by the path of their resource and their uuid.

    Filters are on an attribute of the object itself, or on the uuid of what it refers to.
    """

    def __init__(self, objects: Mapping[tuple[str, str], Stored]) -> None:
        self.objects = dict(objects)
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    async def absent(self, objects: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        return set(objects) - self.objects.keys()

    async def values(self, resource: str, uuid: str) -> Stored | None:
        return self.objects.get((resource, uuid))

    async def matching(self, resource: str, filters: Mapping[str, str]) -> Sequence[str]:
        assert all(filters.values()), "an empty filter identifies nothing"
        self.asked.append((resource, dict(filters)))
        return [
            uuid
            for (path, uuid), stored in self.objects.items()
            if path == resource and all(_meets(path, stored, *test) for test in filters.items())
        ]

    async def related(self, resource: str, uuid: str, inverse: str) -> Sequence[str]:
        member = RESOURCES[resource].member(inverse)
        assert isinstance(member, Inverse) and member.then is None
        return [
            far
            for (path, far), stored in self.objects.items()
            if path == member.via and uuid in stored.references.get(member.ref, ())
        ]


def _meets(path: str, stored: Stored, param: str, value: str) -> bool:
    spec = RESOURCES[path].filter(param)
    assert spec is not None, param
    if spec.hops:
        (reference,) = spec.hops
        assert spec.attribute == "uuid"
        return value in stored.references.get(reference, ())
    return stored.values.get(spec.attribute) == value
