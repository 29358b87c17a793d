"""The algebra of conditions: whatever is done to a condition, it still means the same (or less)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod
from random import Random

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from adapters.base import Collection, Match, Operator
from adapters.conditions import (
    NEVER,
    All,
    AnyOf,
    Condition,
    Contains,
    Exists,
    In,
    Pattern,
    Record,
    all_of,
    any_of,
    matches,
    simplify,
)
from gateway.federation.asking import branches, reduce
from gateway.federation.formula import negate
from gateway.mapping.raw import Push
from tests.support.conditions import FIELDS, conditions, needles, records, texts
from tests.support.honest import accepts, exact, holds

EVERYTHING = Collection(
    fields=frozenset(FIELDS),
    key=("N",),
    filters={field: dict.fromkeys(Operator, Match.EXACT) for field in FIELDS},
    disjunctions=True,
    exists=frozenset(["FAR"]),
    max_in=1000,
)
"""What an *exists* leads to: the planner has seen to it that it can be asked."""

some_records = st.lists(records(), min_size=1, max_size=6)


@st.composite
def collections(draw: st.DrawFn) -> Collection:
    """A collection with random capabilities."""
    random = Random(draw(st.integers(0, 2**32)))
    share, sure = random.random() * 1.3, random.random() * 1.3
    filters = {
        field: {
            operator: Match.EXACT if random.random() < sure else Match.SUPERSET
            for operator in Operator
            if random.random() < share
        }
        for field in FIELDS
    }
    return Collection(
        fields=frozenset(FIELDS),
        key=("N",),
        filters=filters,
        disjunctions=draw(st.booleans()),
        exists=frozenset(["FAR"] if random.random() < 0.5 else []),
        max_in=random.choice([1, 2, 20]),
    )


# --- meaning is kept ----------------------------------------------------------------------------


@given(st.lists(conditions(), max_size=4), some_records)
def test_all_of_is_and(parts: list[Condition], some: list[Record]) -> None:
    """A record meets the conjunction where it meets every part."""
    for record in some:
        assert matches(all_of(parts), record) == all(matches(p, record) for p in parts)


@given(st.lists(conditions(), max_size=4), some_records)
def test_any_of_is_or(parts: list[Condition], some: list[Record]) -> None:
    """A record meets the disjunction where it meets some part."""
    for record in some:
        assert matches(any_of(parts), record) == any(matches(p, record) for p in parts)


@settings(max_examples=200)
@given(conditions(exists=True), some_records, some_records)
def test_simplifying_changes_nothing(
    condition: Condition, some: list[Record], far: list[Record]
) -> None:
    """The simpler condition is met by the same records."""
    rows = {"FAR": far}
    for record in some:
        assert holds(simplify(condition), record, rows) == holds(condition, record, rows)


@given(conditions(exists=True))
def test_simplifying_never_makes_a_condition_longer(condition: Condition) -> None:
    """It leaves out what is said elsewhere, and adds nothing."""
    assert _size(simplify(condition)) <= _size(condition)


def _size(condition: Condition) -> int:
    match condition:
        case All(parts) | AnyOf(parts):
            return sum(map(_size, parts))
        case Exists(where=where):
            return 1 + _size(where)
        case _:
            return 1


@settings(max_examples=200)
@given(conditions(exists=True), some_records, some_records)
def test_the_opposite_is_met_by_all_others(
    condition: Condition, some: list[Record], far: list[Record]
) -> None:
    """Where the algebra has an opposite, it is met exactly where the condition is not."""
    opposite = negate(condition)
    event("has an opposite" if opposite is not None else "has none")
    if opposite is not None:
        rows = {"FAR": far}
        for record in some:
            assert holds(opposite, record, rows) is not holds(condition, record, rows)


# --- or weakened as documented ------------------------------------------------------------------


@settings(max_examples=200)
@given(conditions(exists=True), collections(), some_records, some_records)
def test_what_a_source_is_asked_leaves_nothing_out(
    condition: Condition, near: Collection, some: list[Record], far: list[Record]
) -> None:
    """A reduced condition is declared, implied, and the same where it says that it is exact."""
    reduced = reduce(Push(condition, True), near)
    rows = {"FAR": far}
    known = {"NEAR": near, "FAR": EVERYTHING}
    assert accepts(reduced.condition, known, "NEAR", any_or=True)
    if reduced.exact:
        assert exact(reduced.condition, known, "NEAR")
    for record in some:
        met = holds(condition, record, rows)
        asked = holds(reduced.condition, record, rows)
        assert asked or not met, "left out"
        if reduced.exact:
            assert asked is met, "not exact"


@given(conditions(exists=True), collections())
def test_an_inexact_question_stays_inexact(condition: Condition, near: Collection) -> None:
    """Reducing never promises more than was known, unless nothing can match."""
    reduced = reduce(Push(condition, False), near)
    assert not reduced.exact or reduced.condition == NEVER


@settings(max_examples=200)
@given(conditions(), collections(), some_records)
def test_branches_together_are_the_condition(
    condition: Condition, near: Collection, some: list[Record]
) -> None:
    """A source that cannot be asked *or* is asked several questions: together no less, and no
    more unless there would be too many."""
    asked = branches(condition, near)
    if not near.disjunctions:
        assert not any(_has_or(branch) for branch in asked)
    for record in some:
        met, found = matches(condition, record), _any(asked, record)
        assert found or not met, "left out"
        if _ways(condition) <= 16:
            assert found is met, "too much"


def _ways(condition: Condition) -> int:
    """In how many ways one part can be chosen of each disjunction."""
    match condition:
        case All(parts):
            return prod(map(_ways, parts))
        case AnyOf(parts):
            return sum(map(_ways, parts))
        case _:
            return 1


def _any(asked: Iterable[Condition], record: Record) -> bool:
    return any(matches(branch, record) for branch in asked)


def _has_or(condition: Condition) -> bool:
    match condition:
        case AnyOf():
            return True
        case All(parts):
            return any(map(_has_or, parts))
        case _:
            return False


# --- what the words mean ------------------------------------------------------------------------


@given(texts, st.integers(0, 5), st.integers(1, 5))
def test_text_contains_its_parts_in_any_case(text: str, start: int, length: int) -> None:
    """Whatever letters they are made of."""
    part = text[start : start + length]
    if part.strip(" "):
        record = {"F": text}
        for spelled in (part, part.lower()):
            assert matches(Contains("F", spelled), record)
            assert matches(Pattern("F", (spelled,)), record)


@given(st.lists(needles, min_size=1, max_size=4), st.lists(needles, min_size=1, max_size=4))
def test_a_pattern_is_met_by_its_fragments_with_anything_between(
    fragments: list[str], between: list[str]
) -> None:
    """In order; and in another order only by chance."""
    text = "".join(f + b for f, b in zip(fragments, between * 4, strict=False))
    if text.strip(" "):
        assert matches(Pattern("F", tuple(fragments)), {"F": text})


@given(st.sampled_from([5, "5", " 5", "05", None, ""]), st.sampled_from([5, "5", "05", "", 0]))
def test_equality_is_that_of_text(value: str | int | None, wanted: str | int) -> None:
    """``5`` and ``"5"`` are equal, ``"05"`` is another; an absent field equals nothing."""
    same = value not in (None, "") and str(value) == str(wanted)
    assert matches(In("F", (wanted,)), {"F": value}) is same


@given(st.integers(3, 5), st.integers(2, 4))
@example(5, 2)
def test_too_many_branches_still_ask_what_is_no_or(ways: int, conjuncts: int) -> None:
    """Where a source cannot be asked *or*, the rest of the question stays: an *exists* in it is
    relied on afterwards, and a key narrows what is looked through."""
    key, there = In("N", (5,)), Exists("A", "FAR", "A", All())
    ors = [AnyOf(tuple(In("A", (f"{n}-{i}",)) for i in range(ways))) for n in range(conjuncts)]
    near = replace(EVERYTHING, disjunctions=False)
    for branch in branches(all_of([key, there, *ors]), near):
        assert isinstance(branch, All)
        assert key in branch.parts and there in branch.parts


def test_fragments_do_not_overlap_where_lower_case_is_longer() -> None:
    """The small letter of \u0130 is two characters; a database takes both."""
    assert not matches(Pattern("F", ("\u0130", "\u0307")), {"F": "\u0130"})
    assert matches(Pattern("F", ("\u0130", "\u0307")), {"F": "\u0130\u0307"})
