"""A collection that is written in: how a record is made, found again and changed there."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from adapters.base import (
    Change,
    Create,
    Failure,
    Query,
    SourceError,
    Value,
    Writes,
    WritingAdapter,
)
from adapters.conditions import ALWAYS, Condition, In, Record, Scalar, get, is_absent
from gateway.kit.findings import NotDeclared, refute
from gateway.kit.subject import Key, Subject

Values = Mapping[str, Scalar | None]
News = Mapping[str, Sequence[Values]]
"""By collection the values of new records that the source accepts, each other than the last. Where
none can be made: values that a record can be given."""


@dataclass(frozen=True)
class Place:
    """A collection, and ``given``: values for it."""

    subject: Subject
    name: str
    given: Sequence[Values]

    @property
    def writes(self) -> Writes:
        """What can be written in it."""
        found = self.subject.collections[self.name].writes
        assert found is not None
        return found

    @property
    def adapter(self) -> WritingAdapter:
        """Who writes."""
        return cast(WritingAdapter, self.subject.adapter)

    def key(self, record: Record) -> dict[str, Value]:
        """The key of a record, as a change names it."""
        return {field: get(record, field) for field in self.subject.collections[self.name].key}

    def changeable(self, values: Values) -> dict[str, Scalar | None]:
        """Those of these values that a record can be given when it is there already."""
        spec = self.writes
        fixed = {*self.subject.collections[self.name].key, *spec.once, *spec.natural}
        return {field: value for field, value in values.items() if field not in fixed}

    # --- looking ---------------------------------------------------------------------------------

    def where(self, values: Record) -> Condition | None:
        """What a list with a record with these values is asked by; ``None``: none can be had."""
        spec = self.subject.collections[self.name]
        if not spec.asked_by:
            return ALWAYS
        by = ((field, get(values, field)) for field in sorted(spec.asked_by))
        return next((In(field, (value,)) for field, value in by if not is_absent(value)), None)

    async def listed(self, values: Record) -> list[Key] | None:
        """The keys in the list that a record with these values is in; ``None`` when there are too
        many to walk."""
        where = self.where(values)
        if where is None:
            refute(self.name, "AdapterKit.new gives no value by which a record can be asked for")
        found = await self.subject.every(self.name, Query(where))
        keys = self.subject.keys(self.name, found)
        return keys if len(keys) <= self.subject.most else None

    async def found(self, record: Record) -> Record | None:
        """A record as the source has it: by its key, or, where the kit was told that none is had
        by that, in the list."""
        if not self.subject.keyless(self.name):
            return await self.subject.adapter.get(self.name, self.key(record))
        where = self.where(record)
        every = await self.subject.every(self.name, Query(where)) if where is not None else []
        key = self.subject.key(self.name, record)
        return next((r for r in every if self.subject.key(self.name, r) == key), None)

    async def stored(self, record: Record, values: Values, what: str) -> None:
        """Refutes a record that is not there, or has not these values."""
        found = await self.found(record)
        if found is None:
            refute(self.name, f"{what}: not there by its key")
        self.same(values, found, f"{what}, by its key")

    def same(self, values: Record, found: Record, what: str) -> None:
        """Refutes a record that has not these values."""
        for field, value in values.items():
            if text(value) != text(get(found, field)):
                refute(self.name, f"{what}: `{field}` is not what was given")

    # --- changing --------------------------------------------------------------------------------

    async def begun(self) -> tuple[Record, Sequence[Values]]:
        """A record to be changed, a new one where that can be, and the values to give it."""
        if self.writes.create:
            return await self.one(Create(self.name, self.given[0])), self.given[1:]
        known = await self.subject.known(self.name)
        if not known:
            refute(self.name, "no record to change")
        return known[0], self.given

    async def one(self, change: Change) -> Record:
        """What one change makes of a record. Refutes a change that fails."""
        (record,) = await self.all([change])
        return record

    async def taken(self, change: Change) -> Record | None:
        """As ``one``; ``None`` where the source says that it cannot be."""
        try:
            (record,) = await self.adapter.write([change])
        except SourceError as error:
            if error.failure is Failure.REFUSED:
                return None
            refute(self.name, f"{type(change).__name__.lower()}: `{error.failure}`")
        return record

    async def all(self, changes: Sequence[Change]) -> Sequence[Record]:
        """What changes make of records. Refutes those that fail."""
        try:
            records = await self.adapter.write(changes)
        except SourceError as error:
            kind = type(changes[-1]).__name__.lower()
            refute(self.name, f"{kind}: `{error.failure}`{_fields(error)}")
        if len(records) != len(changes):
            refute(self.name, f"{len(records)} records are answered to {len(changes)} change(s)")
        return records

    async def fails(
        self, changes: Sequence[Change], expected: Some[Failure], which: str
    ) -> SourceError:
        """How changes fail. Refutes those that do not, or otherwise."""
        at = f"{self.name}, {type(changes[-1]).__name__.lower()} {which}"
        try:
            await self.adapter.write(changes)
        except SourceError as error:
            if error.failure not in expected:
                refute(at, f"`{error.failure}` is told")
            return error
        except Exception as error:
            refute(at, f"{type(error).__name__} in place of SourceError")
        refute(at, "it is said to be done")


def places(subject: Subject, news: News, *verbs: str) -> Iterator[Place]:
    """The collections in which all of these can be done, with values for them. Raises
    ``NotDeclared``."""
    able = [
        name
        for name, spec in subject.examined.items()
        if spec.writes and all(getattr(spec.writes, verb) for verb in verbs)
    ]
    if not able:
        raise NotDeclared(f"no {' and '.join(verbs)}" if verbs else "nothing can be written")
    chosen = [Place(subject, name, news[name]) for name in able if news.get(name)]
    if not chosen:
        raise NotDeclared("AdapterKit.new gives no record")
    yield from chosen


def enough(subject: Subject, news: News) -> None:
    """Refutes records that are not enough to try all that can be written."""
    writing = {name: spec.writes for name, spec in subject.examined.items() if spec.writes}
    if lacking := sorted(name for name in writing if not news.get(name)):
        refute("writes", f"AdapterKit.new gives no record for {', '.join(lacking)}")
    for name, writes in writing.items():
        if writes.create and writes.update and len(news[name]) == 1:
            refute(name, "AdapterKit.new gives one record; a change takes values of another")


def text(value: object) -> str:
    """A value as it is compared: absent in any way is absent."""
    return "" if is_absent(value) else str(value)


def _fields(error: SourceError) -> str:
    """Of which fields a source says that they are why."""
    fields = sorted({one.field for one in error.objections if one.field})
    return f" because of {', '.join(fields)}" if fields else ""
