"""Values to ask with: those of records, and awkward ones beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from adapters.base import Collection, Operator
from adapters.conditions import (
    Absent,
    Alike,
    Atom,
    Compare,
    Contains,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
    get,
    is_absent,
)

_SHAPED: Final = re.compile(r"[0-9a-f-]{36}|[\d\s.:+TZ-]+|https?://\S*|[^\s@]+@[^\s@]+", re.I)
"""Texts of a form of their own: a source may refuse what can be no such thing."""
_PART: Final = 4
_FEW: Final = 2
_CODES: Final = 8
"""A field with so few values in many records holds codes: nobody asks for another one."""
NEVER_SEEN: Final = "kit-7f3a-unseen"


def is_free(value: str) -> bool:
    """Whether a text says what it likes: it is no code, number, moment, address or url."""
    return " " in value.strip() and _SHAPED.fullmatch(value) is None


def values(records: Iterable[Record], field: str) -> list[Scalar]:
    """The values that a field has in records, each once; lists and objects are left out."""
    found = (get(record, field) for record in records)
    plain = (v for v in found if isinstance(v, str | int) and not isinstance(v, bool))
    return list(dict.fromkeys(v for v in plain if not is_absent(v)))


def some(of: Sequence[Scalar]) -> list[Scalar]:
    """A few of them: the shortest, the longest and those with something other than ASCII first."""
    by_length = sorted(of, key=lambda v: (len(str(v)), str(v)))
    strange = [v for v in by_length if not str(v).isascii()]
    return list(dict.fromkeys([*strange[:1], *by_length[:1], *by_length[-1:], *by_length]))[:_FEW]


def unseen(of: Sequence[Scalar]) -> Scalar:
    """A value that none of them is, of the same kind."""
    numbers = [v for v in of if isinstance(v, int)]
    if len(numbers) == len(of):
        return max(numbers, default=0) + 1_000_003
    longest = max((str(v) for v in of), key=len)
    if not _SHAPED.fullmatch(longest):
        return NEVER_SEEN
    # The same form, with another digit at the end: a day stays a day.
    at = max(n for n, c in enumerate(longest) if c.isdecimal() or n == 0)
    others = (f"{longest[:at]}{digit}{longest[at + 1 :]}" for digit in "0123456789")
    return next((other for other in others if other not in map(str, of)), longest + "0")


def questions(spec: Collection, field: str, seen: Sequence[Record]) -> Iterator[Atom]:
    """Conditions on a field, of each operator that is declared for it, that some of these records
    meet and others do not."""
    found = values(seen, field)
    coded = len(found) <= _CODES and len(seen) >= 3 * len(found)
    declared = spec.filters[field]
    for operator in declared:
        yield from _of(operator, field, found, spec.max_in, coded)


def _of(
    operator: Operator, field: str, found: Sequence[Scalar], most: int, coded: bool
) -> Iterator[Atom]:
    few = some(found)
    match operator:
        case Operator.PRESENT:
            yield Present(field)
        case Operator.ABSENT:
            yield Absent(field)
        case Operator.IN if found:
            yield from (In(field, (value,)) for value in few)
            if not coded:
                yield from (In(field, (value,)) for value in _awkward(few[:1]))
                yield In(field, (unseen(found),))
            if most > 1:
                yield In(field, (*found[: most - 1], *_other(found, coded)))
        case Operator.NOT_IN if found:
            yield NotIn(field, tuple(few[:most]))
            yield from (NotIn(field, (other,)) for other in _other(found, coded))
        case Operator.COMPARE if found:
            yield from (Compare(field, op, few[0]) for op in ("<", "<=", ">", ">="))
        case Operator.ALIKE if found:
            yield from (Alike(field, (str(value).swapcase(),)) for value in few)
            yield Alike(field, (str(few[0])[:-1] + "_",))
        case Operator.CONTAINS if found:
            yield from (Contains(field, text) for text in _parts(few[:1]))
        case Operator.PATTERN if found:
            yield from (Pattern(field, (t[:1], t[-1:])) for t in _parts(few[:1]) if len(t) > 1)


def _other(found: Sequence[Scalar], coded: bool) -> list[Scalar]:
    return [] if coded else [unseen(found)]


def _awkward(few: Sequence[Scalar]) -> Iterator[str]:
    """Not the values, though many a source takes them for it."""
    for value in few:
        if isinstance(value, str) and not _SHAPED.fullmatch(value):
            yield from (t for t in (value.swapcase(), value[:-1] + "_") if t != value)
            if len(value) > 1:
                yield value[:-1]
            yield f"{value[:1]}%"
            yield f"{value}'"


def _parts(few: Sequence[Scalar]) -> Iterator[str]:
    for value in few:
        text = str(value)
        strange = next((n for n, c in enumerate(text) if not c.isascii()), len(text) // 2)
        middle = max(0, strange - _PART // 2)
        part = text[middle : middle + _PART].strip(" ")
        if part:
            yield part
            yield part.swapcase()
    yield "%_"
