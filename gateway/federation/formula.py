"""What is asked of one record, as a formula; and its inverse, a condition for the source. Pure.

Within a record everything can be decided by looking. A *cross* leads to other records: either the
source decides it (an exact ``exists``), or the far records are asked for and their keys compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    All,
    AnyOf,
    Condition,
    Exists,
    In,
    NotIn,
    Present,
    Record,
    all_of,
    any_of,
    fields_of,
    get,
    is_absent,
)
from gateway.mapping.code import predicate
from gateway.mapping.raw import UNKNOWN, Push, either
from gateway.mapping.stream import Edge, NativeKey, Stream
from gateway.standard.question import Test


@dataclass(frozen=True, slots=True)
class Local:
    """A condition in the source's own terms: presence of the object, ``when`` of an edge."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Points(Local):
    """The same, where it is what was asked for: a reference to one of some objects."""


@dataclass(frozen=True, slots=True)
class Own:
    """A test on an attribute of the object that ``stream`` makes of the record."""

    stream: Stream
    test: Test


@dataclass(frozen=True, slots=True)
class Keys:
    """The record has one of these native keys."""

    stream: Stream
    keys: frozenset[NativeKey]


@dataclass(frozen=True, eq=False, slots=True)
class Cross:
    """There is a record of ``node`` whose ``far`` field has the value of this ``near`` field.

    ``mere``: nothing is asked of the far object but that it exists, and ``far`` is its key.
    ``shared``: the edge, where that leads by a key that sources have in common. Then ``near`` is
    compared in its normal spelling, and ``node`` are the objects that hold such a key, of which it
    is the attribute (there is no field ``far``): only a key that is of one object leads there.
    """

    label: str
    near: str
    far: str
    node: Node
    mere: bool = False
    shared: Edge | None = None

    def leads(self, record: Record, found: Collection[str]) -> bool:
        """Whether a record leads to one of these values."""
        if self.shared is not None:
            return self.shared.key(record) in found
        value = get(record, self.near)
        return not is_absent(value) and str(value) in found

    def to(self, found: Iterable[str]) -> Condition:
        """The condition that a record may lead to one of these values, ``NEVER`` if to none."""
        keys = tuple(sorted(found))
        if not keys:
            return NEVER
        return In(self.near, keys) if self.shared is None else self.shared.holds(keys)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Formula


Formula = Local | Own | Keys | Cross | And | Or | Not


@dataclass(frozen=True, eq=False)
class Node:
    """The records of a stream that meet a formula."""

    stream: Stream
    formula: Formula

    @cached_property
    def crosses(self) -> tuple[Cross, ...]:
        """What leads to other records."""
        return tuple(cross for cross, _ in crosses(self.formula))

    @cached_property
    def never(self) -> bool:
        """Whether no record meets it, whatever the source holds."""
        beyond = {True: Push(NEVER, True), False: UNKNOWN}
        return push(self.formula, lambda cross: beyond[cross.node.never]).condition == NEVER

    @cached_property
    def meets(self) -> Callable[[Record], bool]:
        """``verdict`` of a formula without crosses. Raises ``RuleError`` as it does."""
        return _predicate(self.formula)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of a record that the formula looks at."""
        return _fields(self.formula)


Found = Mapping[Cross, frozenset[str]]
"""For crosses whose far records were asked for: the values (as text) of their far fields."""


def crosses(formula: Formula, certain: bool = True) -> Iterator[tuple[Cross, bool]]:
    """Every cross, with whether it holds for each record that meets the formula."""
    match formula:
        case Cross():
            yield formula, certain
        case And(parts):
            for part in parts:
                yield from crosses(part, certain)
        case Or(parts):
            for part in parts:
                yield from crosses(part, certain and len(parts) == 1)
        case Not(part):
            yield from crosses(part, False)
        case _:
            return


def verdict(formula: Formula, record: Record, found: Found) -> bool | None:
    """Whether a record meets a formula; ``None``: all that can be seen here says yes, and the
    source has decided the rest. Raises ``RuleError`` when an attribute cannot be read."""
    match formula:
        case Local(condition):
            return predicate(condition)(record)
        case Own(stream, test):
            return stream.meets(test, record)
        case Keys(stream, keys):
            return tuple(map(str, stream.native_key(record))) in _texts(keys)
        case Cross():
            if formula not in found:
                return None
            return formula.leads(record, found[formula])
        case And(parts):
            result: bool | None = True
            for part in parts:
                one = verdict(part, record, found)
                if one is False:
                    return False
                result = None if one is None else result
            return result
        case Or(parts):
            result = False
            for part in parts:
                one = verdict(part, record, found)
                if one:
                    return True
                result = None if one is None else result
            return result
        case Not(part):
            one = verdict(part, record, found)
            return None if one is None else not one


def only_keys(formula: Formula) -> bool:
    """Whether a formula asks nothing of an object but which one it is."""
    match formula:
        case Local(condition):
            return condition == ALWAYS
        case And(parts):
            return all(map(only_keys, parts))
        case _:
            return isinstance(formula, Keys)


def _predicate(formula: Formula) -> Callable[[Record], bool]:
    condition = _condition(formula)
    if condition is not None:
        return predicate(condition)
    return lambda record: verdict(formula, record, {}) is True


def _condition(formula: Formula) -> Condition | None:
    """A formula as one condition of its source, where it says nothing else."""
    match formula:
        case Local(condition):
            return condition
        case And(parts) | Or(parts):
            conditions = [c for part in parts if (c := _condition(part)) is not None]
            if len(conditions) < len(parts):
                return None
            return all_of(conditions) if isinstance(formula, And) else any_of(conditions)
        case _:
            return None


def _fields(formula: Formula) -> frozenset[str]:
    match formula:
        case Local(condition):
            return fields_of(condition)
        case Own(stream, test):
            return stream.fields_of(test.attribute)
        case Keys(stream):
            return frozenset(stream.key)
        case Cross(near=near, shared=edge):
            return frozenset([near]) | (fields_of(edge.when) if edge is not None else frozenset())
        case And(parts) | Or(parts):
            return frozenset[str]().union(*map(_fields, parts))
        case Not(part):
            return _fields(part)


def _texts(keys: Iterable[NativeKey]) -> set[tuple[str, ...]]:
    return {tuple(map(str, key)) for key in keys}


CrossPush = Callable[[Cross], Push]


def push(formula: Formula, cross: CrossPush) -> Push:
    """The inverse of a formula. ``cross`` says what becomes of each cross."""
    match formula:
        case Local(condition):
            return Push(condition, True)
        case Own(stream, test):
            return stream.push(test)
        case Keys(stream, keys):
            return Push(_key_condition(stream, keys), True)
        case Cross():
            return cross(formula)
        case And(parts):
            return both(push(p, cross) for p in parts)
        case Or(parts):
            return either(push(p, cross) for p in parts)
        case Not(part):
            inner = push(part, cross)
            negated = negate(inner.condition) if inner.exact else None
            return Push(negated, True) if negated is not None else UNKNOWN


def both(pushes: Iterable[Push]) -> Push:
    """The conjunction of pushes."""
    parts = list(pushes)
    condition = all_of(p.condition for p in parts)
    return Push(condition, condition == NEVER or all(p.exact for p in parts))


def negate(condition: Condition) -> Condition | None:
    """The opposite of a condition, ``None`` where the algebra has no word for it."""
    match condition:
        case In(field, values):
            return NotIn(field, values)
        case NotIn(field, values):
            return In(field, values)
        case Present(field):
            return Absent(field)
        case Absent(field):
            return Present(field)
        case Exists(field, collection, far, where, negated):
            return Exists(field, collection, far, where, not negated)
        case All(parts) | AnyOf(parts):
            opposites = [negate(p) for p in parts]
            known = [o for o in opposites if o is not None]
            if len(known) < len(opposites):
                return None
            return any_of(known) if isinstance(condition, All) else all_of(known)
        case _:
            return None


def _key_condition(stream: Stream, keys: Iterable[NativeKey]) -> Condition:
    if len(stream.key) == 1:
        values = tuple(sorted((key[0] for key in keys), key=str))
        return In(stream.key_field, values) if values else NEVER
    return any_of(
        all_of(In(name, (value,)) for name, value in zip(stream.key, key, strict=True))
        for key in sorted(keys, key=str)
    )
