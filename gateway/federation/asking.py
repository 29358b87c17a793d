"""What a collection can be asked: conditions cut down to what its adapter declared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from adapters.base import OPERATORS, Collection, Link, Linked, Match, Operator
from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    Alike,
    All,
    AnyOf,
    Atom,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Present,
    all_of,
    is_absent,
)
from gateway.federation.formula import both
from gateway.mapping.raw import UNKNOWN, Push, either

MOST_LEFT_OUT: Final = 1_500
"""So many values can be left out of one question, in several lists if need be. Databases bind
about 2,000 parameters at least."""


def can(collection: Collection, field: str, operator: Operator) -> Match | None:
    """What a collection guarantees for a condition on a field, ``None`` when it cannot be asked."""
    return collection.filters.get(collection.asked_as.get(field, field), {}).get(operator)


def narrows(condition: Condition, collection: Collection) -> bool:
    """Whether a collection can be asked something of a condition."""
    return asked(condition, collection) != ALWAYS


def list_size(
    holds: Callable[[Sequence[str]], Condition], values: Sequence[str], collection: Collection
) -> int:
    """How many of the values one question can ask for; 0 where none can be asked. ``holds``: that a
    record has one of some values."""
    if not narrows(holds(values[:1]), collection):
        return 0
    apart = not collection.disjunctions and has_or(_reduce(holds(values[:2]), collection).condition)
    return min(collection.max_in, MOST_BRANCHES) if apart else collection.max_in


def asked(condition: Condition, collection: Collection) -> Condition:
    """As much of a condition as a collection can be asked."""
    return _reduce(condition, collection).condition


def decides(collection: Collection, condition: Exists) -> bool:
    """Whether a collection can be asked for a condition on other records, exactly."""
    if condition.collection in collection.exists:
        return True
    near = collection.asked_as.get(condition.field, condition.field)
    return _decides(collection.linked, replace(condition, field=near), collection.max_in)


def _decides(linked: Mapping[Link, Linked], condition: Exists, max_in: int) -> bool:
    there = linked.get(Link(condition.field, condition.collection, condition.far_field))
    if there is None:
        return False
    where = condition.where
    if isinstance(where, Exists):
        return not condition.negated and _decides(there.linked, where, max_in)
    if where == ALWAYS:
        where = Present(condition.far_field)
    if isinstance(where, All | AnyOf):
        return False
    if condition.negated:
        return isinstance(where, Present) and where.field in there.none
    fits = not isinstance(where, In | NotIn | Alike) or len(where.values) <= max_in
    return fits and OPERATORS[type(where)] in there.filters.get(where.field, ())


def askable(condition: Condition, collection: Collection) -> bool:
    """Whether a question can be put to a collection at all: it says of a field by which it is
    asked what that is, in whichever way it is met."""
    if not collection.asked_by or condition == NEVER:
        return True
    match condition:
        case In(field) | Alike(field):
            return field in collection.asked_by
        case All(parts):
            return any(askable(part, collection) for part in parts)
        case AnyOf(parts):
            return all(askable(part, collection) for part in parts)
        case _:
            return False


def reduce(wanted: Push, collection: Collection) -> Push:
    """The strongest push, implied by the given one, that a collection can be asked.

    A disjunction is kept where each of its parts restricts something; a source that cannot be
    asked *or* is then asked each part apart (see ``branches``).
    """
    reduced = _reduce(wanted.condition, collection)
    return Push(reduced.condition, reduced.condition == NEVER or (wanted.exact and reduced.exact))


def _reduce(condition: Condition, collection: Collection) -> Push:
    match condition:
        case All(parts):
            return both(_reduce(p, collection) for p in _unsaid(parts))
        case AnyOf(parts):
            return _reduce_any(parts, collection)
        case Exists():
            if not decides(collection, condition):
                return UNKNOWN
            name = collection.asked_as.get(condition.field)
            return Push(replace(condition, field=name), False) if name else Push(condition, True)
        case _:
            return _reduce_atom(condition, collection)


def _unsaid(parts: tuple[Condition, ...]) -> Iterator[Condition]:
    """The parts of a conjunction but for what others say: what has a value is there."""
    given = {
        part.field
        for part in parts
        if isinstance(part, In | Alike) and not any(map(is_absent, part.values))
    }
    return (p for p in parts if not (isinstance(p, Present) and p.field in given))


def _reduce_any(parts: tuple[Condition, ...], collection: Collection) -> Push:
    if not parts:
        return Push(NEVER, True)
    listed = _of_whole_list(parts, collection)
    if listed is not None:
        return _reduce(listed, collection)
    listed = as_one_list(AnyOf(parts))
    if isinstance(listed, In | Alike):
        return _reduce_atom(listed, collection)
    return either(_reduce(p, collection) for p in parts)


def as_one_list(condition: Condition) -> Condition:
    """The same condition; where it asks that a field is one of some values or of some others, as
    one list."""
    if not isinstance(condition, AnyOf) or not condition.parts:
        return condition
    lists = [part for part in condition.parts if isinstance(part, In | Alike)]
    alike = {(type(one), one.field) for one in lists}
    if len(lists) < len(condition.parts) or len(alike) > 1:
        return condition
    values = dict.fromkeys(value for one in lists for value in one.values)
    if isinstance(lists[0], Alike):
        return Alike(lists[0].field, tuple(map(str, values)))
    return In(lists[0].field, tuple(values))


def _of_whole_list(parts: Sequence[Condition], collection: Collection) -> Condition | None:
    """One condition on what is a list in the source, where the same is asked of all its fields."""
    asked = [part for part in parts if isinstance(part, In | Exists)]
    fields = {part.field for part in asked}
    names = {collection.asked_as.get(name) for name in fields}
    name = names.pop() if len(names) == 1 else None
    if name is None or len(asked) < len(parts):
        return None
    whole = {field for field, one in collection.asked_as.items() if one == name}
    same = {replace(part, field=name) for part in asked}
    return same.pop() if fields == whole and len(same) == 1 else None


def _reduce_atom(atom: Atom, collection: Collection) -> Push:
    if isinstance(atom, NotIn) and collection.max_in < len(atom.values) <= MOST_LEFT_OUT:
        size = collection.max_in
        lists = [atom.values[i : i + size] for i in range(0, len(atom.values), size)]
        return both(_reduce_atom(NotIn(atom.field, part), collection) for part in lists)
    if isinstance(atom, Absent) and atom.field in collection.filled:
        return Push(NEVER, True)
    match = can(collection, atom.field, OPERATORS[type(atom)])
    if match is None and isinstance(atom, Alike):
        # What equals a text in any case contains it in any case.
        parts = tuple(Contains(atom.field, value) for value in atom.values)
        return Push(_reduce(AnyOf(parts), collection).condition, not parts)
    too_long = isinstance(atom, In | NotIn | Alike) and len(atom.values) > collection.max_in
    if match is None or too_long:
        return UNKNOWN
    if atom.field in collection.asked_as:
        return Push(replace(atom, field=collection.asked_as[atom.field]), False)
    return Push(atom, match is Match.EXACT)


MOST_BRANCHES: Final = 16


def branches(condition: Condition, collection: Collection) -> tuple[Condition, ...]:
    """The questions whose answers together are those of ``condition``: one where the source can
    be asked *or*, else one per way of choosing from each disjunction; ``()`` when impossible."""
    if condition == NEVER:
        return ()
    if collection.disjunctions:
        return (condition,)
    ways: list[tuple[Condition, ...]] = [()]
    for choices in sorted(_choices(condition), key=len):
        # A disjunction that would make too many questions is left for the gateway to check.
        if len(ways) * len(choices) <= MOST_BRANCHES:
            ways = [(*way, choice) for way in ways for choice in choices]
    return tuple(dict.fromkeys(all_of(way) for way in ways))


def has_or(condition: Condition) -> bool:
    """Whether a condition asks *or* anywhere in it."""
    match condition:
        case AnyOf():
            return True
        case All(parts):
            return any(map(has_or, parts))
        case Exists(where=where):
            return has_or(where)
        case _:
            return False


def _choices(condition: Condition) -> Iterator[list[Condition]]:
    """Per conjunct the conditions to choose from."""
    match condition:
        case All(parts):
            for part in parts:
                yield from _choices(part)
        case AnyOf(parts):
            yield [all_of(way) for part in parts for way in product(*_choices(part))]
        case _:
            yield [condition]
