"""What is found: objects of the standard before they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters.conditions import Record
from gateway.mapping.stream import NativeKey, SortKey, Stream

RowId = tuple[Stream, NativeKey]
"""What makes a row the same as another that was found another way."""

Place = tuple[str, str, NativeKey]
"""Where a row stands in its stream: sort value, creation, key; the highest comes first."""


@dataclass(eq=False, slots=True)
class Row:
    """An object before it is written: its stream, record, native key and uuid.

    ``others``: further rows of the same partij, out of other sources or stored twice, in order of
    precedence. They have no uuid of their own to the outside; whoever asks for theirs gets this.
    ``withheld``: its source keeps it from who asks, so that only which one it is is known: it can
    be referred to, not shown.
    """

    stream: Stream
    record: Record
    key: NativeKey
    uuid: str
    others: tuple[Row, ...] = ()
    withheld: bool = False
    _sort_key: SortKey | None = field(default=None, init=False)

    @property
    def id(self) -> RowId:
        """See ``RowId``."""
        return self.stream, self.key

    @property
    def members(self) -> tuple[Row, ...]:
        """The row itself and the others."""
        return (self, *self.others)

    @property
    def sort_key(self) -> SortKey:
        """Raises ``RuleError`` when the record has no usable moments."""
        if self._sort_key is None:
            self._sort_key = self.stream.sort_key(self.record)
        return self._sort_key

    @property
    def place(self) -> Place:
        """Raises as ``sort_key``."""
        return (*self.sort_key, self.key)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Each row once, where it first stands."""
    found: dict[RowId, Row] = {}
    for row in rows:
        found.setdefault(row.id, row)
    return list(found.values())
