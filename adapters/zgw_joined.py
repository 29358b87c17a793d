"""Records of an API after the pattern of ZGW with those of another collection that go with them,
such as a zaak with who asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from adapters.base import Failure, Page, Query, SourceError
from adapters.concurrency import together
from adapters.conditions import All, Condition, In, Record, get, is_absent
from adapters.zgw_words import Joined, Resource

MAX_JOINED: Final = 200
"""Through so many records of the other collection one question leads."""

Find = Callable[[str, Query], Awaitable[Page]]


class Joins:
    """What goes with records, asked for where it does not come along."""

    def __init__(self, find: Find) -> None:
        self._find = find

    async def narrowed(self, spec: Resource, where: Condition) -> Condition:
        """A condition in terms of the records themselves. What it asks of those that go with them
        stays in it too, to be looked at.

        Raises ``SourceError`` where these are too many.
        """
        parts = where.parts if isinstance(where, All) else (where,)
        found: list[Condition] = []
        for part in parts:
            joined, field = self.of(spec, part)
            if joined is None or not isinstance(part, In):
                continue
            there = await self._every(joined, In(field, part.values))
            keys = dict.fromkeys(str(get(one, joined.far)) for one in there)
            if len(keys) > MAX_JOINED:
                raise SourceError(Failure.REFUSED, f"more than {MAX_JOINED} records lead there")
            found.append(In(joined.near, tuple(keys)))
        return All((*parts, *found)) if found else where

    @staticmethod
    def of(spec: Resource, part: Condition) -> tuple[Joined | None, str]:
        """With which record that goes along a part of a condition is met by asking for that one,
        and the field of it."""
        if not isinstance(part, In):
            return None, ""
        name, _, field = part.field.partition(".")
        joined = spec.joined.get(name)
        return (joined, field) if joined is not None and field in joined.asks else (None, "")

    async def complete(self, spec: Resource, records: Sequence[Record]) -> Sequence[Record]:
        """Records with what goes with them."""
        made = [dict(record) for record in records]
        for name, joined in spec.joined.items():
            if joined.expand is not None:
                continue
            keys = dict.fromkeys(str(v) for r in made if not is_absent(v := get(r, joined.near)))
            found = await together(self._every(joined, In(joined.far, (key,))) for key in keys)
            first = {key: next(iter(there), None) for key, there in zip(keys, found, strict=True)}
            for record in made:
                record[name] = first.get(str(get(record, joined.near)))
        return made

    async def _every(self, joined: Joined, part: In) -> list[Record]:
        others: Mapping[str, str] = joined.where
        assert joined.collection is not None
        where = All((part, *(In(field, (value,)) for field, value in others.items())))
        found: list[Record] = []
        token: str | None = None
        while True:
            page = await self._find(joined.collection, Query(where, token=token))
            found += page.records
            token = page.next
            if token is None:
                return found
            if len(found) > MAX_JOINED:
                raise SourceError(Failure.REFUSED, f"more than {MAX_JOINED} records lead there")
