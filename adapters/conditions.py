"""Conditions on source records: the small algebra in which a source is asked.

They speak of the source's own collections and fields. A value is *absent* when it is null or
text without anything but spaces. Fields are dotted paths into the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Record = Mapping[str, Any]
Scalar = str | int


@dataclass(frozen=True, slots=True)
class In:
    """The field equals one of ``values`` (compared as text: ``5`` and ``"5"`` are equal)."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class NotIn:
    """The field equals none of ``values``; an absent field equals none."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """The field has a value."""

    field: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The field has no value."""

    field: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The field, not absent, orders before or after ``value``; ``op`` is ``<  <=  >  >=``."""

    field: str
    op: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Contains:
    """The text of the field contains ``text``, whatever the case."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """The text of the field equals one of ``values``, whatever the case."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """``fragments`` occur in the field in this order, anything between, whatever the case."""

    field: str
    fragments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts: always."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts: never."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Exists:
    """A record of ``collection`` has this ``field``'s value in ``far_field`` and meets ``where``.

    ``negated``: there is no such record.
    """

    field: str
    collection: str
    far_field: str
    where: Condition
    negated: bool = False


Atom = In | NotIn | Present | Absent | Compare | Contains | Alike | Pattern
Condition = Atom | All | AnyOf | Exists

ALWAYS: Final = All()
NEVER: Final = AnyOf()


def all_of(parts: Iterable[Condition]) -> Condition:
    """The conjunction, flattened; ``NEVER`` when one part can never hold."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, All):
            flat += part.parts
        else:
            flat.append(part)
    if NEVER in flat:
        return NEVER
    return flat[0] if len(flat) == 1 else All(tuple(dict.fromkeys(flat)))


def any_of(parts: Iterable[Condition]) -> Condition:
    """The disjunction, flattened; ``ALWAYS`` when one part always holds."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, AnyOf):
            flat += part.parts
        else:
            flat.append(part)
    if ALWAYS in flat:
        return ALWAYS
    return flat[0] if len(flat) == 1 else AnyOf(tuple(dict.fromkeys(flat)))


def simplify(condition: Condition, known: frozenset[Condition] = frozenset()) -> Condition:
    """The same condition without parts that ``known`` (or a sibling) already says."""
    match condition:
        case All(parts):
            plain = [p for p in parts if not isinstance(p, AnyOf)]
            beside = known | frozenset(plain)
            kept = [simplify(p, known) for p in plain if p not in known]
            kept += [simplify(p, beside) for p in parts if isinstance(p, AnyOf)]
            return all_of(kept)
        case AnyOf(parts):
            return any_of(simplify(p, known) for p in parts)
        case Exists(field, collection, far_field, where, negated):
            return Exists(field, collection, far_field, simplify(where), negated)
        case _:
            return ALWAYS if condition in known else condition


def get(record: Record, path: str) -> Any:
    """The value at a dotted path of a record, ``None`` where it does not lead anywhere."""
    if path in record:
        return record[path]
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def is_absent(value: Any) -> bool:
    """Whether a value counts as not there: null, or text of spaces only."""
    return value is None or (isinstance(value, str) and not value.strip(" "))


def fields_of(condition: Condition) -> frozenset[str]:
    """The fields of a record that a condition looks at."""
    match condition:
        case All(parts) | AnyOf(parts):
            return frozenset[str]().union(*map(fields_of, parts))
        case _:
            return frozenset([condition.field])


def matches(condition: Condition, record: Record) -> bool:
    """Whether one record meets a condition.

    ``Exists`` speaks of other records and cannot be decided here: ``TypeError``.
    """
    match condition:
        case All(parts):
            return all(matches(part, record) for part in parts)
        case AnyOf(parts):
            return any(matches(part, record) for part in parts)
        case Exists():
            raise TypeError("a condition on other records")
        case _:
            return _holds(condition, get(record, condition.field))


_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _holds(atom: Atom, value: Any) -> bool:
    absent = is_absent(value)
    match atom:
        case Present():
            return not absent
        case Absent():
            return absent
        case NotIn(values=values):
            return absent or str(value) not in map(str, values)
        case In(values=values):
            return not absent and str(value) in map(str, values)
        case Compare(op=op, value=bound):
            if absent:
                return False
            return _ORDER[op](value if isinstance(bound, int) else str(value), bound)
        case Contains(text=text):
            return not absent and text.lower() in str(value).lower()
        case Alike(values=values):
            return not absent and str(value).lower() in {v.lower() for v in values}
        case Pattern(fragments=fragments):
            return not absent and _in_order(fragments, str(value).lower())


def _in_order(fragments: Iterable[str], text: str) -> bool:
    at = 0
    for fragment in fragments:
        part = fragment.lower()
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
