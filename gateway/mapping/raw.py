"""Where a value stands in a record, before values and formats: a field, or several together.

Each way has its inverse: a condition on source fields that every record with a wanted raw value
meets, and whether only those meet it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    Alike,
    Compare,
    Condition,
    Contains,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
    all_of,
    any_of,
    get,
    is_absent,
)
from gateway.mapping.formats import Unreadable


@dataclass(frozen=True, slots=True)
class Push:
    """What can be asked of the source; ``exact``: nothing is left to check afterwards."""

    condition: Condition
    exact: bool


UNKNOWN = Push(ALWAYS, False)
"""Nothing can be asked: every record has to be looked at."""


def either(pushes: Iterable[Push]) -> Push:
    """The disjunction of pushes."""
    parts = list(pushes)
    return Push(any_of(p.condition for p in parts), all(p.exact for p in parts))


class Raw(Protocol):
    """Where a value stands in the record, before values and formats."""

    @property
    def fields(self) -> tuple[str, ...]: ...

    def read(self, record: Record) -> Any:
        """The raw value, ``None`` when absent."""
        ...

    def equal(self, texts: tuple[Scalar, ...]) -> Push:
        """Records whose raw value is one of ``texts``."""
        ...

    def pattern(self, fragments: tuple[str, ...]) -> Push:
        """A superset of the records whose raw value contains these, in order."""
        ...

    def contains(self, text: str) -> Push:
        """Records whose raw value contains ``text`` in any case."""
        ...

    def alike(self, texts: tuple[str, ...]) -> Push:
        """Records whose raw value is one of ``texts`` in any case."""
        ...

    def present(self) -> Push: ...

    def absent(self) -> Push: ...

    def compare(self, op: str, text: str) -> Push:
        """Records whose raw value orders so."""
        ...

    def outside(self, codes: tuple[Scalar, ...]) -> Push:
        """Records with a raw value that is none of ``codes``."""
        ...


@dataclass(frozen=True, slots=True)
class FieldRaw:
    """One field; ``empty`` are codes that count as absent."""

    field: str
    empty: tuple[Scalar, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def read(self, record: Record) -> Any:
        value = get(record, self.field)
        if is_absent(value) or (self.empty and str(value) in map(str, self.empty)):
            return None
        return value

    def equal(self, texts: tuple[Scalar, ...]) -> Push:
        wanted = tuple(t for t in texts if str(t) not in map(str, self.empty))
        return Push(In(self.field, wanted) if wanted else NEVER, True)

    def pattern(self, fragments: tuple[str, ...]) -> Push:
        return Push(Pattern(self.field, fragments), False)

    def contains(self, text: str) -> Push:
        return Push(all_of([Contains(self.field, text), *self._not_empty()]), True)

    def alike(self, texts: tuple[str, ...]) -> Push:
        return Push(all_of([Alike(self.field, texts), *self._not_empty()]), True)

    def present(self) -> Push:
        return Push(all_of([Present(self.field), *self._not_empty()]), True)

    def absent(self) -> Push:
        empty = [In(self.field, self.empty)] if self.empty else []
        return Push(any_of([Absent(self.field), *empty]), True)

    def compare(self, op: str, text: str) -> Push:
        return Push(all_of([Compare(self.field, op, text), *self._not_empty()]), True)

    def outside(self, codes: tuple[Scalar, ...]) -> Push:
        return Push(all_of([Present(self.field), NotIn(self.field, (*codes, *self.empty))]), True)

    def _not_empty(self) -> Iterable[Condition]:
        return [NotIn(self.field, self.empty)] if self.empty else []


@dataclass(frozen=True, slots=True)
class FirstRaw:
    """The first of several fields that has a value."""

    options: tuple[FieldRaw, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(o.field for o in self.options)

    def read(self, record: Record) -> Any:
        return next((v for o in self.options if (v := o.read(record)) is not None), None)

    def equal(self, texts: tuple[Scalar, ...]) -> Push:
        return self._either([o.equal(texts) for o in self.options])

    def pattern(self, fragments: tuple[str, ...]) -> Push:
        return self._either([o.pattern(fragments) for o in self.options])

    def contains(self, text: str) -> Push:
        return self._either([o.contains(text) for o in self.options])

    def alike(self, texts: tuple[str, ...]) -> Push:
        return self._either([o.alike(texts) for o in self.options])

    def present(self) -> Push:
        return Push(any_of(o.present().condition for o in self.options), True)

    def absent(self) -> Push:
        return Push(all_of(o.absent().condition for o in self.options), True)

    def compare(self, op: str, text: str) -> Push:
        return self._either([o.compare(op, text) for o in self.options])

    def outside(self, codes: tuple[Scalar, ...]) -> Push:
        return self._either([o.outside(codes) for o in self.options])

    def _either(self, pushes: list[Push]) -> Push:
        """The i-th option counts only where all before it are absent."""
        parts = [
            all_of([*(o.absent().condition for o in self.options[:i]), push.condition])
            for i, push in enumerate(pushes)
        ]
        return Push(any_of(parts), all(p.exact for p in pushes))


@dataclass(frozen=True, slots=True)
class JoinRaw:
    """Several fields put together. With ``widths`` all or none are present."""

    options: tuple[FieldRaw, ...]
    separator: str
    widths: tuple[int, ...] | None

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(o.field for o in self.options)

    def read(self, record: Record) -> Any:
        return self.join(tuple(o.read(record) for o in self.options))

    def join(self, values: tuple[Any, ...]) -> str | None:
        """The parts as one text. Raises ``Unreadable`` when, with ``widths``, a part lacks or
        has another width."""
        if not self.widths:
            return self.separator.join(str(v) for v in values if v is not None) or None
        if all(v is None for v in values):
            return None
        if None in values:
            raise Unreadable("een deel ontbreekt")
        if [len(str(v)) for v in values] != list(self.widths):
            raise Unreadable("een deel heeft niet de opgegeven breedte")
        return self.separator.join(map(str, values))

    def equal(self, texts: tuple[Scalar, ...]) -> Push:
        if not self.widths:
            return UNKNOWN
        cut = [self.cut(str(t)) for t in texts]
        rows = [
            all_of(o.equal((p,)).condition for o, p in zip(self.options, parts, strict=True))
            for parts in cut
            if parts
        ]
        return Push(any_of(rows), True)

    def cut(self, text: str) -> list[str] | None:
        """The parts that join to a text, where there is only one way to cut it."""
        if not self.widths:
            parts = text.split(self.separator) if self.separator else []
            return parts if len(parts) == len(self.options) and all(parts) else None
        parts, at = [], 0
        for i, width in enumerate(self.widths):
            if i:
                if not text.startswith(self.separator, at):
                    return None
                at += len(self.separator)
            parts.append(text[at : at + width])
            at += width
        return parts if at == len(text) else None

    def pattern(self, fragments: tuple[str, ...]) -> Push:
        return UNKNOWN

    def contains(self, text: str) -> Push:
        return UNKNOWN

    def alike(self, texts: tuple[str, ...]) -> Push:
        return UNKNOWN

    def present(self) -> Push:
        combine = all_of if self.widths else any_of
        return Push(combine(o.present().condition for o in self.options), True)

    def absent(self) -> Push:
        return Push(all_of(o.absent().condition for o in self.options), True)

    def compare(self, op: str, text: str) -> Push:
        return UNKNOWN

    def outside(self, codes: tuple[Scalar, ...]) -> Push:
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class SplitRaw:
    """The text before (0) or after (1) the first ``on`` in a field."""

    option: FieldRaw
    on: str
    part: int

    @property
    def fields(self) -> tuple[str, ...]:
        return self.option.fields

    def read(self, record: Record) -> Any:
        value = self.option.read(record)
        if value is None:
            return None
        before, _, after = str(value).partition(self.on)
        return (before, after)[self.part].strip() or None

    def equal(self, texts: tuple[Scalar, ...]) -> Push:
        options = [Pattern(self.option.field, (str(t),)) for t in texts]
        return Push(any_of(options), False)

    def pattern(self, fragments: tuple[str, ...]) -> Push:
        return self.option.pattern(fragments)

    def contains(self, text: str) -> Push:
        return Push(self.option.contains(text).condition, False)

    def alike(self, texts: tuple[str, ...]) -> Push:
        return self.equal(texts)

    def present(self) -> Push:
        return Push(self.option.present().condition, False)

    def absent(self) -> Push:
        return UNKNOWN

    def compare(self, op: str, text: str) -> Push:
        return UNKNOWN

    def outside(self, codes: tuple[Scalar, ...]) -> Push:
        return UNKNOWN


def sorts_first(raw: Raw) -> bool:
    """Whether codes that count as absent sort before all others: zeros do, before any date."""
    match raw:
        case FieldRaw(empty=empty):
            return all(not str(code).strip("0") for code in empty)
        case JoinRaw(options=options):
            return all(map(sorts_first, options))
        case _:
            return False
