"""Adapters that break their word, each in one way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.base import (
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    Page,
    Query,
    SourceError,
    Update,
)
from adapters.conditions import (
    Absent,
    Alike,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Record,
    get,
)
from adapters.http_writing import Values
from tests.kit.memory import Memory, declaring
from tests.kit.over_http import OverHttp


class AnyCase(Memory):
    """Equality in any case, as a collation has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, In):
            value = str(get(record, condition.field) or "").lower()
            return value in [str(v).lower() for v in condition.values]
        return super().meets(condition, record)


class LastValueLost(Memory):
    """Of a list of values all but the last is asked."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, In) and len(condition.values) > 1:
            condition = replace(condition, values=condition.values[:-2])
        return super().meets(condition, record)


class NeverAlike(Memory):
    """What equals in any case is only what equals."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Alike):
            condition = In(condition.field, condition.values)
        return super().meets(condition, record)


class Wildcards(Memory):
    """``%`` and ``_`` in a text are anything."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Contains) and condition.text in ("%_", "_", "%"):
            return get(record, condition.field) is not None
        return super().meets(condition, record)


class AsciiOnly(Memory):
    """Any case, but of the letters of ASCII only, as SQLite has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Contains):
            return _ascii(condition.text) in _ascii(str(get(record, condition.field) or ""))
        return super().meets(condition, record)


def _ascii(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


class BlankIsSomething(Memory):
    """Text of spaces is there, as a column has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Absent):
            return get(record, condition.field) is None
        return super().meets(condition, record)


class Inclusive(Memory):
    """Before is also at."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Compare) and condition.op == "<":
            condition = replace(condition, op="<=")
        return super().meets(condition, record)


class NullIsUnknown(Memory):
    """What is not something is not nothing either, as SQL has it."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, NotIn) and get(record, condition.field) is None:
            return False
        return super().meets(condition, record)


class IgnoredFilter(Memory):
    """A filter on one field is ignored in silence."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if getattr(condition, "field", None) == "PLAATS":
            return True
        return super().meets(condition, record)


class SecondFilterLost(Memory):
    """Of two filters the second is not asked."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, All):
            return all(super(SecondFilterLost, self).meets(p, record) for p in condition.parts[:1])
        return super().meets(condition, record)


class OrIsAnd(Memory):
    """Either of two is both of them."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, AnyOf):
            condition = All(condition.parts)
        return super().meets(condition, record)


class NoneIsSome(Memory):
    """That there is no such record is that there is one."""

    def meets(self, condition: Condition, record: Record) -> bool:
        if isinstance(condition, Exists):
            condition = replace(condition, negated=False)
        return super().meets(condition, record)


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


class Telltale(Memory):
    """Its name holds its secret."""

    def __repr__(self) -> str:
        return f"Telltale({self.secret})"


class Chatty(Memory):
    """The log tells what was found."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        logging.getLogger("chatty").debug("found %s", page.records)
        return page


class HoldsOn(Memory):
    """A call that is given up keeps the only connection."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        self.free = True

    async def find(self, collection: str, query: Query) -> Page:
        if not self.free:
            return Page([])
        self.free = False
        await asyncio.sleep(0)
        self.free = True
        return await super().find(collection, query)


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


class Swallows(OverHttp):
    """A service that is down is an empty list."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError:
            return Page([])


class Falls(OverHttp):
    """What is no list makes it fall over."""

    async def find(self, collection: str, query: Query) -> Page:
        answer = await self.service.get("klanten")
        return Page(answer["results"], None)


class NoPatience(OverHttp):
    """How long to wait is not passed on."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            raise SourceError(error.failure, error.note) from None


class Quotes(OverHttp):
    """Errors tell what was asked."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            raise SourceError(error.failure, f"asked {query.where}") from None


class Retries(OverHttp):
    """A write of which the answer was lost is sent again."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError:
            return await super()._make(collection, values)


class Hopes(OverHttp):
    """A write of which the answer was lost is said to be done."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError as error:
            if error.failure is Failure.UNKNOWN:
                return {**values, "id": 4711}
            raise


class Shrugs(OverHttp):
    """A write that was never sent is unknown."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError:
            raise SourceError(Failure.UNKNOWN) from None


class OneByOne(OverHttp):
    """Each record of a page is fetched once more."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        for record in page.records[: query.limit]:
            await self.get(collection, {"id": record["id"]})
        return page


class Sulks(OverHttp):
    """After a failure it answers nothing more."""

    sulking = False

    async def find(self, collection: str, query: Query) -> Page:
        if self.sulking:
            return Page([])
        try:
            return await super().find(collection, query)
        except SourceError:
            self.sulking = True
            raise


class Follows(OverHttp):
    """What leads elsewhere is followed, and found empty."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            if error.note == "status 302":
                return Page([])
            raise


BROKEN = {
    AnyCase: "filters",
    LastValueLost: "filters",
    NeverAlike: "filters",
    Wildcards: "filters",
    AsciiOnly: "filters",
    BlankIsSomething: "filters",
    Inclusive: "filters",
    NullIsUnknown: "filters",
    IgnoredFilter: "filters",
    SecondFilterLost: "combined",
    OrIsAnd: "combined",
    NoneIsSome: "exists",
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
    WithoutKey: "whole",
    OtherField: "fields",
    NeverEmpty: "whole",
    Telltale: "discreet",
    Chatty: "discreet",
    HoldsOn: "at-once",
    NotKept: "writes",
    AlsoElse: "writes",
    StillThere: "writes",
    Unguarded: "guards",
    Doubles: "natural",
    NewestFirst: "growing",
    Swallows: "failures",
    Falls: "failures",
    NoPatience: "failures",
    Follows: "failures",
    Quotes: "discreet",
    Retries: "unsure",
    Hopes: "unsure",
    Shrugs: "unsure",
    OneByOne: "bounded",
    Sulks: "recovers",
}
"""Each with the behaviour of the kit that finds it."""
