"""The adapter under examination, and what is known of the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.base import Adapter, Collection, Query
from adapters.conditions import ALWAYS, Condition, In, Record, all_of, get, is_absent
from gateway.kit.findings import refute

PAGES: Final = 400
"""The most pages of one walk. A source that never ends is caught by it."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Records of which all are known: all that meet ``base``. That is the whole collection, or,
    where questions have to name a value, all with that value."""

    collection: str
    base: Condition
    records: Sequence[Record]

    def where(self, condition: Condition = ALWAYS) -> Condition:
        """A condition within the scope."""
        return all_of([self.base, condition])


@dataclass
class Subject:
    """One adapter. ``samples``: by collection, records such as it gives; where a question has to
    name a value, these are asked for. ``most``: the most records of a collection that are walked.
    ``seen``: what was found of collections. ``names``: the collections that are examined, all by
    default. ``without_key``: collections of which the kit was told that no record is had by its
    key; the empty name is all of them.
    """

    adapter: Adapter
    samples: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    most: int = 1000
    seen: dict[str, Sequence[Scope]] = field(default_factory=dict)
    names: frozenset[str] | None = None
    without_key: frozenset[str] = frozenset()
    withheld: set[tuple[str, Key]] = field(default_factory=set)
    """What is there and was not shown, by collection."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        """What the adapter declares."""
        return self.adapter.collections

    @property
    def examined(self) -> Mapping[str, Collection]:
        """What the adapter declares of the collections that are examined."""
        every = self.adapter.collections
        return {n: c for n, c in every.items() if self.names is None or n in self.names}

    def keyless(self, collection: str) -> bool:
        """Whether no record of a collection is had by its key."""
        return not self.without_key.isdisjoint({"", collection})

    def key(self, collection: str, record: Record) -> Key:
        """The key of a record, as text. Refutes a record without one."""
        parts = [get(record, name) for name in self.collections[collection].key]
        if any(is_absent(part) for part in parts):
            refute(collection, "a record without its key")
        return tuple(map(str, parts))

    def keys(self, collection: str, records: Iterable[Record]) -> list[Key]:
        """The keys of records."""
        return [self.key(collection, record) for record in records]

    async def scopes(self, collection: str) -> Sequence[Scope]:
        """What is known of a collection. Refutes one that cannot be walked."""
        if collection not in self.seen:
            self.seen[collection] = [
                Scope(collection, base, await self.every(collection, Query(base)))
                for base in self._bases(collection)
            ]
        return self.seen[collection]

    def _bases(self, collection: str) -> list[Condition]:
        spec = self.collections[collection]
        if not spec.asked_by:
            return [ALWAYS]
        given = [
            (name, get(sample, name))
            for name in sorted(spec.asked_by)
            for sample in self.samples.get(collection, ())
        ]
        asked = dict.fromkeys((n, v) for n, v in given if isinstance(v, str | int) and v != "")
        return [In(name, (value,)) for name, value in list(asked)[:4]]

    def whole(self, scope: Scope) -> bool:
        """Whether all records of a scope are known, and not just the first of very many."""
        return len(scope.records) <= self.most

    async def known(self, collection: str) -> list[Record]:
        """Every record that is known, once."""
        found = [r for scope in await self.scopes(collection) for r in scope.records]
        return list(dict(zip(self.keys(collection, found), found, strict=True)).values())

    async def every(self, collection: str, query: Query, begin: str | None = None) -> list[Record]:
        """All records that a question gives, walked by the token of each page, from that of the
        first on. Refutes a walk without an end, and one that comes back where it was."""
        size = min(query.limit, self.collections[collection].page_size)
        found: list[Record] = []
        seen: set[str] = set()
        asked = replace(query, limit=size, token=begin)
        for _ in range(PAGES):
            page = await self.adapter.find(collection, asked)
            self.withheld |= {(collection, (key,)) for key in page.withheld}
            found += page.records
            if page.next is None or len(found) > self.most:
                return found
            if page.next in seen:
                refute(collection, "`next` leads back to a page that was given already")
            seen.add(page.next)
            asked = replace(query, limit=size, token=page.next, skip=0)
        refute(collection, f"a walk of more than {PAGES} pages")
