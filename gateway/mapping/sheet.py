"""A source record while it is written: what it was, and what becomes of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from adapters.base import Generated, Value, Writes
from adapters.conditions import (
    Absent,
    All,
    AnyOf,
    Condition,
    In,
    NotIn,
    Present,
    Record,
    get,
    is_absent,
    matches,
)

Way = TypeVar("Way")

READ_ONLY: Final = "de bron laat dit niet schrijven"
GENERATED: Final = "dit geeft de bron zelf"


class Unwritable(ValueError):
    """What cannot be written; its text says why, in Dutch, and never holds the value."""


class Sheet:
    """The fields of one record. ``key``: fields that cannot be changed any more."""

    def __init__(self, before: Record, writes: Writes, key: frozenset[str] = frozenset()) -> None:
        self._before = before
        self._writes = writes
        self._key = key
        self._now: dict[str, Any] = dict(before)
        self._decided: dict[str, str | None] = {}
        self._wanted: set[str] = set()

    @property
    def record(self) -> Record:
        """The record as it is now."""
        return self._now

    @property
    def new(self) -> bool:
        """Whether there was no record yet."""
        return not self._before

    def changes(self) -> Mapping[str, Value]:
        """The fields that are not what they were."""
        return {
            field: value
            for field in self._decided
            if not same_value(value := get(self._now, field), get(self._before, field))
        }

    def by(self, field: str) -> str | None:
        """The attribute for which a field was decided, ``None``: it was not."""
        return self._decided.get(field)

    def wanted(self, field: str) -> bool:
        """Whether a condition that was made to hold says that a field has a value."""
        return field in self._wanted

    def copy(self) -> Sheet:
        """The same, to try something with."""
        made = Sheet(self._now, self._writes, self._key)
        made._before = self._before
        made._decided = dict(self._decided)
        made._wanted = set(self._wanted)
        return made

    def take(self, tried: Sheet) -> None:
        """Go on with what was tried in a copy."""
        self._now, self._decided, self._wanted = tried._now, tried._decided, tried._wanted

    def first_of(self, ways: Iterable[Way], write: Callable[[Way, Sheet], None]) -> Way:
        """Write in the first way that can be written, of one or more; which one that was.

        Raises ``Unwritable`` when none can, for the reason that the first has.
        """
        reasons: list[Unwritable] = []
        for way in ways:
            tried = self.copy()
            try:
                write(way, tried)
            except Unwritable as error:
                reasons.append(error)
            else:
                self.take(tried)
                return way
        raise reasons[0]

    def release(self) -> None:
        """Let what was written until now be written again, by whatever attribute."""
        self._decided = dict.fromkeys(self._decided)

    def give(self, fields: Mapping[str, Value], path: str = "") -> None:
        """Values that the mapping itself gives."""
        self._now |= fields
        self._decided |= dict.fromkeys(fields, path)

    def put(self, fields: Mapping[str, Value], path: str, *, shared: bool = False) -> None:
        """Write fields for the attribute at ``path``; ``shared``: several attributes stand in them.

        Raises ``Unwritable`` when a field cannot be written, or is another value's already.
        """
        for field, value in fields.items():
            if not same_value(value, get(self._now, field)):
                self._may(field, value)
                other = self._decided.get(field)
                if other is not None and other != path and not shared:
                    raise Unwritable("de bron bewaart dit samen met een ander gegeven")
                self._now[field] = value
            if self._decided.get(field) is None:
                self._decided[field] = path

    def _may(self, field: str, value: Value) -> None:
        if field in self._key:
            raise Unwritable("dit ligt in de bron vast")
        if field in self._writes.generated:
            raise Unwritable(GENERATED)
        if field not in self._writes.fields:
            raise Unwritable(READ_ONLY)
        longest = self._writes.lengths.get(field)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            raise Unwritable(f"de bron bewaart hoogstens {longest} tekens")
        if field in self._writes.numbers and not _is_number(value):
            raise Unwritable("de bron bewaart hier alleen gehele getallen")

    def require(self, condition: Condition, path: str) -> None:
        """Make a condition hold, as far as there is only one way.

        Raises ``Unwritable`` when there is not.
        """
        match condition:
            case All(parts):
                for part in parts:
                    self.require(part, path)
            case Present(field):
                self._wanted.add(field)
            case Absent(field):
                self.put({field: None}, path)
            case In(field, (value,)):
                self.put({field: value}, path)
            case NotIn(field) if not matches(condition, self._now):
                self.put({field: None}, path)
            case _ if not matches(condition, self._now):
                raise Unwritable("de bron bewaart dit niet bij deze gegevens")
            case In(field) | NotIn(field):
                self._decided.setdefault(field, path)
            case _:
                pass


def same_value(one: Any, other: Any) -> bool:
    """Whether a source keeps no difference between two values: absent ones are the same, and so
    are a number and its text."""
    if is_absent(one) or is_absent(other):
        return is_absent(one) and is_absent(other)
    if isinstance(one, Generated) or isinstance(other, Generated):
        return bool(one == other)
    return str(one) == str(other)


def _is_number(value: Value) -> bool:
    """Whether a field of integers keeps a value as it is written."""
    if value is None or isinstance(value, int | Generated):
        return True
    return value.isascii() and value.isdigit() and str(int(value)) == value


def fields_of(condition: Condition) -> frozenset[str]:
    """The fields that a condition on one record is about."""
    match condition:
        case All(parts) | AnyOf(parts):
            return frozenset(field for part in parts for field in fields_of(part))
        case _:
            return frozenset([condition.field])
