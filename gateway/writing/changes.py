"""The changes of a write, and the records as these leave them. Pure: nothing is asked or sent here.

Records are changed one after another as they would be in the source, so that two steps on one
record become one change, and each step is checked against what the earlier ones leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.base import Change, Collection, Create, Delete, Generated, Update, Value
from adapters.conditions import Record, get
from gateway.federation.catalogue import Catalogue, RecordId
from gateway.federation.rows import Row
from gateway.mapping.stream import Stream
from gateway.writing.steps import Make


@dataclass(frozen=True, slots=True)
class SourceStep:
    """One change of a source, with the stream whose object it is about. ``before``: the record that
    an update starts from. ``name``: how the client's body calls the object; ``None``: it did not
    mention it."""

    stream: Stream
    change: Change
    before: Record | None = None
    name: str | None = None

    @property
    def resource(self) -> str:
        return self.stream.resource.path

    @property
    def kind(self) -> str:
        """``create``, ``update`` or ``delete``."""
        return type(self.change).__name__.lower()


@dataclass(frozen=True, slots=True)
class GeneratedElsewhere(Generated):
    """The same, of a change of another ``source``, all of whose changes come first."""

    source: str


@dataclass(eq=False)
class Translation:
    """The changes of a write. ``steps``: by source, in the order in which they are to be done.
    ``made``: for each new object its stream and the place of its step among those of its source.
    ``there``: for one that a record shows already, its stream and that record."""

    steps: dict[str, list[SourceStep]] = field(default_factory=dict)
    made: dict[Make, tuple[Stream, int]] = field(default_factory=dict)
    there: dict[Make, tuple[Stream, Record]] = field(default_factory=dict)

    def record(self, made: Make, written: Mapping[str, Sequence[Record]]) -> tuple[Stream, Record]:
        """Of a new object its stream and record. ``written``: the records as the steps left them,
        by source."""
        if made in self.there:
            return self.there[made]
        stream, at = self.made[made]
        return stream, written[stream.source][at]


@dataclass(eq=False)
class Known:
    """A record as the changes so far leave it; ``None`` when it is gone. ``change``: the one that
    a next change of it can be added to."""

    record: Record | None
    change: int | None = None


class Changes:
    """The records of one write, and what is to be changed in them: ``steps``, by source, in the
    order in which they are to be done."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._records: dict[RecordId, Known] = {}
        self.steps: dict[str, list[SourceStep]] = {}

    def known(self, row: Row) -> Known:
        """The record of a row, as it is by now."""
        return self._records.setdefault(self.record_id(row), Known(row.record))

    def record_id(self, row: Row) -> RecordId:
        """Which record a row is of."""
        return self._catalogue.record(row.stream, row.record)

    def create(self, stream: Stream, values: Mapping[str, Value], name: str) -> tuple[Known, int]:
        """A new record for an object of a stream; that, with what the source will fill in, and
        which step it is."""
        writes = self._catalogue.collection(stream).writes
        assert writes is not None
        steps = self._of(stream)
        at = len(steps)
        steps.append(SourceStep(stream, Create(stream.collection, values), name=name))
        own = {n: Generated(at, n) for n in writes.generated if n not in values}
        return Known({**own, **values}, at), at

    def fill_in(self, stream: Stream, known: Known, values: Mapping[str, Value]) -> int:
        """More values in a new record; which step makes it."""
        assert known.record is not None and known.change is not None
        steps = self._of(stream)
        create = steps[known.change].change
        assert isinstance(create, Create)
        change = replace(create, values={**create.values, **values})
        steps[known.change] = replace(steps[known.change], change=change)
        known.record = {**known.record, **values}
        return known.change

    def update(
        self,
        stream: Stream,
        known: Known,
        values: Mapping[str, Value],
        version: str | None,
        name: str | None,
    ) -> int:
        """Change a record for an object of a stream; which step that is. ``version``: what that of
        the record has to be still."""
        assert known.record is not None
        steps = self._of(stream)
        needs = max(
            (
                v.change
                for v in values.values()
                if isinstance(v, Generated) and not isinstance(v, GeneratedElsewhere)
            ),
            default=-1,
        )
        earlier = steps[known.change] if known.change is not None else None
        if known.change is not None and earlier and needs < known.change:
            assert isinstance(earlier.change, Update)
            change = replace(earlier.change, values={**earlier.change.values, **values})
            steps[known.change] = replace(earlier, change=change)
        else:
            collection = self._catalogue.collection(stream)
            key = _key(known.record, collection)
            known.change = len(steps)
            expected = _expected(collection, version)
            update = Update(stream.collection, key, values, expected)
            steps.append(SourceStep(stream, update, known.record, name))
        known.record = {**known.record, **values}
        assert known.change is not None
        return known.change

    def delete(self, stream: Stream, known: Known, version: str | None) -> None:
        """Take a record away. ``version``: see ``update``."""
        assert known.record is not None
        collection = self._catalogue.collection(stream)
        delete = Delete(
            stream.collection, _key(known.record, collection), _expected(collection, version)
        )
        self._of(stream).append(SourceStep(stream, delete, name=""))
        known.record = known.change = None

    def _of(self, stream: Stream) -> list[SourceStep]:
        return self.steps.setdefault(stream.source, [])


def _key(record: Record, collection: Collection) -> Mapping[str, Value]:
    return {name: get(record, name) for name in collection.key}


def _expected(collection: Collection, version: str | None) -> Mapping[str, Any]:
    assert collection.writes is not None
    field = collection.writes.version
    return {field: version} if field and version is not None else {}
