"""Conditions as parameters of a Klantinteracties register.

A parameter takes one value, and several parameters must all hold. So several values are several
questions, whose answers together are those of the condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from adapters.base import Link, Operator
from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    Present,
    is_absent,
)
from adapters.klantinteracties_words import KEY, Filter, Resource

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """``questions``: parameters of which the answers together are wanted. ``keys``: the keys that
    alone are wanted, where they are known. ``within``: the field by which the records are found in
    others, with the keys of these. ``plain``: what can be seen on a record. ``repeats``:
    a record may be in an answer more than once."""

    questions: Sequence[Params]
    keys: frozenset[str] | None
    plain: Condition
    repeats: bool
    within: tuple[str, Sequence[str]] | None = None

    @property
    def by_key(self) -> bool:
        """Whether the keys say which records may be meant, and a record whether it is."""
        return self.keys is not None and self.questions == [{}]


def asked(condition: Condition, spec: Resource, repeating: bool = True) -> Asked:
    """What is to be asked for a condition; ``repeating``: of a register that may have a record in
    an answer more than once. Raises ``TypeError`` for a condition that was not declared."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    keys: frozenset[str] | None = None
    plain: list[Condition] = []
    ways: list[list[tuple[str, str]]] = []
    repeats = False
    within: tuple[str, Sequence[str]] | None = None
    for part in parts:
        if part == NEVER:
            return Asked([], None, ALWAYS, False)
        if isinstance(part, In) and part.field == KEY:
            mine = frozenset(map(str, part.values))
            keys = mine if keys is None else keys & mine
            continue
        if isinstance(part, In) and part.field in spec.within:
            within = within or (part.field, _values(part, True))
            plain.append(part)
            continue
        name, filter, values = _parameter(part, spec)
        repeats |= repeating and filter.repeats
        if not isinstance(part, Exists) and not (isinstance(part, In) and spec.is_list(part.field)):
            plain.append(part)
        known = [v for v in values if filter.choices is None or v in filter.choices]
        if filter.separator is not None and known:
            known = [filter.separator.join(known)]
        ways.append([(name, value) for value in known])
    if within is not None:
        # All the rest can be seen on what is found there.
        if len(plain) <= len(ways):
            raise TypeError("a condition that was not declared")
        return Asked([], keys, All(tuple(plain)), False, within)
    if keys is not None and len(plain) == len(ways):
        # A record says itself whether it meets the rest.
        ways = []
    questions = [way for chosen in product(*ways) if (way := _together(chosen)) is not None]
    return Asked(questions, keys, All(tuple(plain)), repeats or len(questions) > 1)


def _together(chosen: Sequence[tuple[str, str]]) -> Params | None:
    """Parameters that all hold; ``None`` when one would need two values at once."""
    params = dict(chosen)
    return params if all(params[name] == value for name, value in chosen) else None


def _parameter(part: Condition, spec: Resource) -> tuple[str, Filter, list[str]]:
    """The parameter for one condition, and the values to ask for."""
    links: list[Link] = []
    wanted, there = part, True
    while isinstance(wanted, Exists):
        links.append(Link(wanted.field, wanted.collection, wanted.far_field))
        there = there and not wanted.negated
        bare = wanted.where == ALWAYS
        wanted = Present(wanted.far_field) if bare else wanted.where
    if isinstance(wanted, All | AnyOf):
        raise TypeError("a condition that was not declared")
    compare = wanted.op if isinstance(wanted, Compare) else None
    for name, filter in spec.filters.items():
        same = filter.links == tuple(links) and filter.compare == compare
        if same and type(wanted) in _ASKED[filter.op] and filter.field == wanted.field:
            return name, filter, _values(wanted, there)
    raise TypeError("a condition that was not declared")


_ASKED: Final[Mapping[Operator, Sequence[type]]] = {
    Operator.IN: (In,),
    Operator.CONTAINS: (Contains,),
    Operator.COMPARE: (Compare,),
    Operator.PRESENT: (Present, Absent),
}


def _values(asked: Condition, there: bool) -> list[str]:
    match asked:
        case In(_, values):
            # An empty parameter asks nothing, and nothing equals absent; spaces around it are
            # taken off, and no field has them.
            texts = [str(value) for value in values if not is_absent(value)]
            return [text for text in texts if text == text.strip()]
        case Contains(_, text):
            return [text]
        case Compare(_, _, value):
            return [str(value)]
        case _:
            return ["true" if isinstance(asked, Present) is there else "false"]
