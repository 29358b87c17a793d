"""Records of an API after the pattern of ZGW that have no list of their own: they stand in those of
another collection, or nothing is known of them but what they are called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from adapters.base import Page
from adapters.concurrency import together
from adapters.conditions import All, Condition, In, Record, get, is_absent, matches
from adapters.moments import in_utc
from adapters.zgw_records import Reader, Rows, has
from adapters.zgw_words import Inside, Resource

RowsOf = Callable[[str, Mapping[str, str]], Awaitable[Rows]]
"""The first page of a collection, for these parameters."""


class Held:
    """What stands in the records of other collections."""

    def __init__(self, reader: Reader, rows_of: RowsOf) -> None:
        self._reader = reader
        self._rows_of = rows_of

    async def find(self, spec: Resource, where: Condition) -> Page:
        """The records that meet a condition, which says of the key or another filter what it is."""
        parts = where.parts if isinstance(where, All) else (where,)
        asked = [part for part in parts if isinstance(part, In)]
        if len(asked) < len(parts) or not asked:
            raise TypeError("a condition that was not declared")
        keys = await self._keys(spec, asked)
        if spec.inside is None:
            found: list[Record] = [{spec.key: key} for key in keys]
        else:
            found = await self._found(spec, spec.inside, keys)
        kept = [record for record in found if matches(where, record)]
        return Page(kept, None, len(kept))

    async def _keys(self, spec: Resource, asked: Iterable[In]) -> list[str]:
        """The keys of all records that can meet conditions, and perhaps of others."""
        by_key = [list(map(str, part.values)) for part in asked if part.field == spec.key]
        if by_key:
            first, *others = by_key
            keys = [key for key in first if all(key in other for other in others)]
        else:
            inside, part = spec.inside, next(iter(asked))
            assert inside is not None
            parameter = inside.filters[part.field]
            lists = await together(
                self._rows_of(inside.collection, {parameter: str(value)})
                for value in part.values
                if self._reader.fits(spec, part.field, value)
            )
            members = (_member(inside, row) for rows in lists for row in rows)
            keys = [str(member[spec.key]) for member in members if member is not None]
        fits = (key for key in dict.fromkeys(keys) if self._reader.fits(spec, spec.key, key))
        return list(fits)

    async def _found(self, spec: Resource, inside: Inside, keys: Iterable[str]) -> list[Record]:
        wanted = list(keys)
        lists = await together(
            self._rows_of(inside.collection, {inside.parameter: key}) for key in wanted
        )
        found: list[Record] = []
        for key, rows in zip(wanted, lists, strict=True):
            holding = [(row, m) for row in rows if (m := _member(inside, row)) is not None]
            holding = [(row, m) for row, m in holding if str(m[inside.key]) == key]
            if inside.newest is not None:
                moment = inside.newest
                holding.sort(key=lambda one: in_utc(one[0].get(moment)) or "", reverse=True)
            found += [self._reader.plain(spec, member) for _, member in holding[:1]]
        return found


def _member(inside: Inside, row: Mapping[str, Any]) -> Record | None:
    """What a row holds, if it holds one."""
    member = row.get(inside.member)
    if not isinstance(member, dict) or is_absent(get(member, inside.key)):
        return None
    return member if has(row, inside.where) else None
