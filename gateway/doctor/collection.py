"""Whether a collection does what its adapter declares, tried with a record that it has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from adapters.base import Collection, Match, Operator, Page, Paging, Query, SourceError
from adapters.conditions import (
    Absent,
    Alike,
    Compare,
    Condition,
    Contains,
    In,
    Pattern,
    Present,
    Record,
    get,
    is_absent,
    matches,
)
from gateway.doctor.kinds import (
    AANTAL,
    BLADEREN,
    COLLECTIE,
    FILTER,
    LEEG,
    MIST,
    NIET_NAGEKEKEN,
    ORDE,
    RUIMER,
    SLEUTEL,
    VELD,
)
from gateway.doctor.timed import Timed
from gateway.remarks import Kind, Remark

_SAMPLE: Final = 20
"""How many records are looked at."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A collection with some of its records."""

    source: Timed
    name: str
    can: Collection
    records: Sequence[Record]

    async def ask(self, where: Condition) -> Page:
        """Records that meet a condition. Raises ``SourceError``."""
        query = Query(where=where, limit=min(100, self.can.page_size))
        return await self.source.find(self.name, query)

    def key(self, record: Record) -> tuple[str, ...]:
        """The key of a record, in which 5 and "5" are the same."""
        return tuple(str(get(record, name)) for name in self.can.key)


async def looked_at(alias: str, source: Timed, name: str, can: Collection) -> AsyncIterator[Remark]:
    """All that there is to say of a collection."""
    about = f"{alias}: {name}"
    if can.asked_by:
        yield Remark(NIET_NAGEKEKEN, about)
        return
    try:
        page = await source.find(name, Query(limit=min(_SAMPLE, can.page_size)))
    except SourceError as error:
        yield Remark(COLLECTIE, about, f"{error.failure.value} {error.note}".strip())
        return
    if not page.records:
        yield Remark(LEEG, about)
        return
    looked = Looked(source, name, can, page.records)
    checks = (_keys, _filters, _orders, _totals, _pages)
    for check in checks:
        try:
            async for kind, field in check(looked):
                yield Remark(kind, f"{about}.{field}" if field else about)
        except SourceError as error:
            yield Remark(COLLECTIE, about, f"{error.failure.value} {error.note}".strip())


Found = AsyncIterator[tuple[Kind, str]]


async def _keys(looked: Looked) -> Found:
    record = looked.records[0]
    lacking = [name for name in looked.can.key if is_absent(get(record, name))]
    for name in lacking:
        yield VELD, name
    if lacking:
        return
    key = {name: get(record, name) for name in looked.can.key}
    again = await looked.source.get(looked.name, key)
    if again is None or looked.key(again) != looked.key(record):
        yield SLEUTEL, ""


async def _filters(looked: Looked) -> Found:
    """Each declared filter, on a value of a record that was seen: it finds that record."""
    for field, operators in looked.can.filters.items():
        if field in looked.can.asked_as:
            continue
        for operator, match in operators.items():
            tried = _tried(looked.records, field, operator)
            if tried is None:
                continue
            where, record = tried
            told = f"{field} ({operator.value})"
            try:
                page = await looked.ask(where)
            except SourceError:
                yield FILTER, told
                continue
            found = {looked.key(one) for one in page.records}
            # Of many that match the record may be on a later page.
            if page.next is None and looked.key(record) not in found:
                yield MIST, told
            if match is Match.EXACT and not all(matches(where, one) for one in page.records):
                yield RUIMER, told


def _tried(
    records: Sequence[Record], field: str, operator: Operator
) -> tuple[Condition, Record] | None:
    """A condition that a record meets; ``None`` where no record has what is needed."""
    for record in records:
        value = get(record, field)
        for condition in _conditions(field, operator, value):
            if matches(condition, record):
                return condition, record
    return None


def _conditions(field: str, operator: Operator, value: object) -> Iterator[Condition]:
    if is_absent(value):
        if operator is Operator.ABSENT:
            yield Absent(field)
        return
    if not isinstance(value, str | int) or isinstance(value, bool):
        return
    match operator:
        case Operator.IN:
            yield In(field, (value,))
        case Operator.PRESENT:
            yield Present(field)
        case Operator.COMPARE:
            yield Compare(field, ">=", value)
        case Operator.CONTAINS:
            yield Contains(field, str(value).strip())
        case Operator.ALIKE:
            yield Alike(field, (str(value).swapcase(),))
        case Operator.PATTERN:
            yield Pattern(field, (str(value).strip(),))


async def _orders(looked: Looked) -> Found:
    """Highest first, what is absent last."""
    for field in sorted(looked.can.sortable):
        limit = min(_SAMPLE, looked.can.page_size)
        page = await looked.source.find(looked.name, Query(order=(field,), limit=limit))
        values = [get(record, field) for record in page.records]
        absent = [is_absent(value) for value in values]
        shown = [value for value in values if not is_absent(value)]
        numbers = all(isinstance(value, int) for value in shown)
        ordered = [value if numbers else str(value) for value in shown]
        late = any(first and not second for first, second in pairwise(absent))
        if late or ((numbers or _plain(ordered)) and any(a < b for a, b in pairwise(ordered))):
            yield ORDE, field


def _plain(values: Sequence[object]) -> bool:
    """Whether all order texts in the same way: digits and what stands between them."""
    return all(str(value).isascii() and not any(map(str.isalpha, str(value))) for value in values)


async def _totals(looked: Looked) -> Found:
    if not looked.can.total:
        return
    total = (await looked.source.find(looked.name, Query(limit=0, count=True))).total
    limit = min(_SAMPLE, looked.can.page_size)
    page = await looked.source.find(looked.name, Query(limit=limit))
    seen = len(page.records)
    if total is None or total < seen or (page.next is None and total != seen and seen < limit):
        yield AANTAL, ""


async def _pages(looked: Looked) -> Found:
    """The second record comes after the first, however it is asked for."""
    can = looked.can
    offset = can.paging is Paging.OFFSET
    order = _order(can) if offset else ()
    if can.paging is Paging.NONE or len(looked.records) < 2 or (offset and not order):
        return
    both = await looked.source.find(looked.name, Query(order=order, limit=2))
    first = await looked.source.find(looked.name, Query(order=order, limit=1))
    if not offset and first.next is None:
        # Of a source with few records a page may hold them all, whatever is asked.
        if len(first.records) < len(looked.records):
            yield BLADEREN, ""
        return
    place = Query(order=order, limit=1, skip=1) if offset else Query(limit=1, token=first.next)
    second = await looked.source.find(looked.name, place)
    walked = [looked.key(one) for one in (*first.records, *second.records)]
    known = [looked.key(one) for one in both.records]
    if walked[: len(known)] != known:
        yield BLADEREN, ""


def _order(can: Collection) -> tuple[str, ...]:
    """An order that leaves no two records equal; none where none can be had."""
    order = can.fixed_order or can.key
    return order if can.orders(order) and set(order).issuperset(can.key) else ()
