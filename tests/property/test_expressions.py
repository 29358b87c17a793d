"""Rules and their inverse: what a source is asked never leaves out what the rule would show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from adapters.conditions import Record, is_absent, matches
from gateway.mapping.compiler import Writer, interpret
from gateway.mapping.stream import RuleError, Stream
from gateway.standard.model import Kind
from gateway.standard.question import Test as Asked
from tests.support.rules import (
    ASKABLE,
    FIELDS,
    SOURCES,
    Case,
    asked_of,
    cases,
    moments,
    records,
    sorted_cases,
)

each_source = pytest.mark.parametrize("source", SOURCES)
"""Where the values come from: each kind is tested as often."""


@st.composite
def cases_with_questions(draw: st.DrawFn, source: str) -> tuple[Case, list[Record], list[Asked]]:
    """Rules, records that they can read, and tests that often speak of what is in those."""
    case = draw(cases(ASKABLE, [source]))
    some = draw(st.lists(records(case), min_size=2, max_size=6))
    values = [v for v in (_value(case, r) for r in some) if v is not None]
    if case.field.kind is Kind.TEXT:
        # Also what stands in a field, but is not the value.
        values += [str(r[f]) for r in some for f in FIELDS[:3] if r[f] is not None]
    asked = draw(st.lists(asked_of(case, values), min_size=2, max_size=8))
    return case, some, asked


def _value(case: Case, record: Record) -> Any:
    """The attribute of a record, ``None`` when it cannot be read either."""
    try:
        return case.stream.value(case.attribute, case.stream.attributes[case.attribute], record)
    except RuleError:
        return None


def _meets(case: Case, asked: Asked, record: Record) -> bool | None:
    """Whether the object of a record meets a test, ``None`` when it cannot be read."""
    try:
        return case.stream.meets(asked, record)
    except RuleError:
        return None


@each_source
def test_the_inverse_of_a_rule_leaves_nothing_out(source: str) -> None:
    """An object that meets a test has a record that meets what the source is asked."""

    @settings(max_examples=60)
    @given(cases_with_questions(source))
    def law(drawn: tuple[Case, Sequence[Record], Sequence[Asked]]) -> None:
        case, some, questions = drawn
        for asked in questions:
            push = case.stream.push(asked)
            for record in some:
                if _meets(case, asked, record):
                    assert matches(push.condition, record), f"{push} leaves out {record}"

    law()


@each_source
def test_an_exact_inverse_gives_nothing_else(source: str) -> None:
    """Where nothing is left to check, a record that meets what is asked meets the test."""

    @settings(max_examples=60)
    @given(cases_with_questions(source))
    def law(drawn: tuple[Case, Sequence[Record], Sequence[Asked]]) -> None:
        case, some, questions = drawn
        for asked in questions:
            push = case.stream.push(asked)
            for record in some:
                if push.exact and matches(push.condition, record):
                    assert _meets(case, asked, record) is not False, f"{push} gives {record}"

    law()


@settings(max_examples=150)
@given(cases(), st.data())
def test_compiled_rules_write_what_the_rules_read(case: Case, data: st.DataObject) -> None:
    """The generated function and the rules one by one: the same object, or the same error."""
    compiled = Writer(case.stream)
    for record in data.draw(st.lists(records(case), min_size=2, max_size=8), label="records"):
        by_rule = _outcome(lambda *rest, r=record: interpret(case.stream, r, *rest))
        assert _outcome(lambda *rest, r=record: compiled(r, *rest)) == by_rule


def _outcome(write: Callable[..., dict[str, Any]]) -> Any:
    try:
        return _typed(write("uuid", "url", lambda path: []))
    except RuleError as error:
        return str(error)


def _typed(value: Any) -> Any:
    """A value with its types: 1, True and "1" are different on the wire."""
    if isinstance(value, dict):
        return {k: _typed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_typed(v) for v in value]
    return type(value).__name__, value


@settings(max_examples=150)
@given(sorted_cases(), st.data())
def test_a_source_sorts_as_the_list_is_sorted(case: Case, data: st.DataObject) -> None:
    """Where a source may sort, a record that it puts first never has an earlier moment."""
    stream = case.stream
    if stream.source_order is None:
        return
    some = data.draw(st.lists(moments(case), min_size=2, max_size=8), label="records")
    known = [(_by_source(stream, r), key) for r in some if (key := _by_list(stream, r))]
    event("something to sort" if len(known) > 1 else "nothing to sort")
    for first, first_key in known:
        for second, second_key in known:
            if first > second:
                assert first_key >= second_key, (first, second)


def _by_list(stream: Stream, record: Record) -> tuple[str, str] | None:
    """What a list is sorted by, descending; ``None`` when the object cannot be shown."""
    try:
        moment, created = stream.sort_key(record)
    except RuleError:
        return None
    return (moment, created) if moment else None  # This attribute is required.


def _by_source(stream: Stream, record: Record) -> list[tuple[bool, str]]:
    """What a source sorts by, descending: a field that is absent comes after all others."""
    assert stream.source_order is not None
    return [(not is_absent(record[f]), str(record[f] or "")) for f in stream.source_order]
