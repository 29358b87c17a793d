"""Lists that cannot be walked, ordered or counted as is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.base import (
    Collection,
    Page,
    Query,
)
from adapters.conditions import (
    ALWAYS,
    Record,
    get,
)
from tests.kit.memory import Memory, declaring


class Unstable(Memory):
    """Another order each time."""

    turn = 0

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        self.turn += 1
        records = super().ordered(found, query)
        return records[self.turn % 3 :] + records[: self.turn % 3]


class LowestFirst(Memory):
    """The other way round."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        return super().ordered(found, query)[::-1] if query.order else list(found)


class AbsentFirst(Memory):
    """Absent values are the highest, as PostgreSQL has it."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        records = super().ordered(found, query)
        if not query.order or query.after:
            return records
        (first, *_) = query.order
        return sorted(records, key=lambda r: bool(str(get(r, first) or "").strip()))


class TotalOfPage(Memory):
    """The total is that of the page."""

    def page(self, *args: Any) -> Page:
        page = super().page(*args)
        return replace(page, total=page.total and len(page.records))


class TotalOfAll(Memory):
    """The total is that of the collection, whatever is asked."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        return replace(page, total=page.total and len(self.rows[collection]))


class LostBetweenPages(Memory):
    """The first record of each next page is skipped."""

    def page(
        self, collection: str, found: Sequence[Record], query: Query, total: int | None
    ) -> Page:
        start = int(query.token) + 1 if query.token else query.skip
        return super().page(collection, found, replace(query, token=None, skip=start), total)


class TwiceBetweenPages(LostBetweenPages):
    """The last record of each page is the first of the next."""

    def page(
        self, collection: str, found: Sequence[Record], query: Query, total: int | None
    ) -> Page:
        skip = max(0, query.skip - 1)
        return Memory.page(self, collection, found, replace(query, skip=skip), total)


class AtMostFive(Memory):
    """Five records, and nothing that says that there are more."""

    def page(self, *args: Any) -> Page:
        page = super().page(*args)
        return Page(page.records[:5], None, page.total)


class RoundAndRound(Memory):
    """The last page leads to the first."""

    def page(self, *args: Any) -> Page:
        page = super().page(*args)
        return replace(page, next=page.next or ("0" if page.records else None))


class PlaceItself(Memory):
    """What comes after a record begins with that record."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        records = super().ordered(found, query)
        if not query.after:
            return records
        at = [r for r in found if tuple(get(r, f) for f in query.order) == query.after]
        return [*at, *records]


class NotThere(Memory):
    """Some records of the list are not there by their key."""

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        found = await super().get(collection, key)
        return None if found and int(found["NR"]) % 2 else found


class Neighbour(Memory):
    """The key of nothing gives a record all the same."""

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        return await super().get(collection, key) or self.rows[collection][0]


class NoSuchField(Memory):
    """A filter on a field that there is not."""

    def klant(self) -> Collection:
        spec = super().klant()
        return declaring(spec, filters={**spec.filters, "NAAMM": spec.filters["NAAM"]})


class LosesMore(Memory):
    """Without what costs it more, something else is missing too."""

    def klant(self) -> Collection:
        return declaring(super().klant(), heavy=frozenset(["NAAM"]))

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        if len(query.fields) > 3 and "NAAM" not in query.fields:
            return replace(page, records=[{**r, "PLAATS": None} for r in page.records])
        return page


class HeavyKey(Memory):
    """Its key costs more."""

    def klant(self) -> Collection:
        return declaring(super().klant(), heavy=frozenset(["NR"]))


class WithoutKey(Memory):
    """A record without its key."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        self.rows["KLANT"][3]["NR"] = None


class OtherField(Memory):
    """A question for some fields leaves out one of them."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        if not query.fields:
            return page
        return replace(page, records=[{"NR": r["NR"]} for r in page.records])


class NeverEmpty(Memory):
    """A field that is said to be filled, and is not."""

    def klant(self) -> Collection:
        return declaring(super().klant(), filled=frozenset(["NOTITIE"]))


class NewestFirst(Memory):
    """Pages are counted from the newest, so what is made shifts all."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        return list(found)[::-1] if not query.order else super().ordered(found, query)

    def page(
        self, collection: str, found: Sequence[Record], query: Query, total: int | None
    ) -> Page:
        page = super().page(collection, found, query, total)
        after = page.next and str(int(page.next) + (1 if len(found) > len(self.first) else 0))
        return replace(page, next=after)

    @property
    def first(self) -> range:
        return range(16)


class UnsortedWhenFiltered(Memory):
    """What is filtered is not sorted."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        if query.where != ALWAYS and not query.after:
            return list(found)
        return super().ordered(found, query)


class PlaceOfAll(Memory):
    """What comes after a place is of all records, whatever is asked."""

    async def find(self, collection: str, query: Query) -> Page:
        if query.after:
            query = replace(query, where=ALWAYS)
        return await super().find(collection, query)


class OnlyForward(Memory):
    """From the end is from the beginning."""

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        if not query.after:
            query = replace(query, backwards=False)
        return super().ordered(found, query)


class NeedsTheField(Memory):
    """A filter is on the fields that are asked for."""

    async def find(self, collection: str, query: Query) -> Page:
        name = getattr(query.where, "field", None)
        if query.fields and name is not None and name not in query.fields:
            return Page([])
        return await super().find(collection, query)


BROKEN: Mapping[type, str] = {
    Unstable: "orders",
    LowestFirst: "orders",
    AbsentFirst: "orders",
    TotalOfPage: "totals",
    TotalOfAll: "totals",
    LostBetweenPages: "pages",
    TwiceBetweenPages: "pages",
    AtMostFive: "filters",
    RoundAndRound: "whole",
    PlaceItself: "places",
    NotThere: "keys",
    Neighbour: "keys",
    NoSuchField: "declares",
    HeavyKey: "declares",
    LosesMore: "fields",
    WithoutKey: "whole",
    OtherField: "fields",
    NeverEmpty: "whole",
    NewestFirst: "growing",
    UnsortedWhenFiltered: "orders",
    PlaceOfAll: "places",
    OnlyForward: "places",
    NeedsTheField: "fields",
}
