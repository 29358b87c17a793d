"""Compiled rules: what is written in Python means what is said in words."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.conditions import ALWAYS, Condition, Record, get, is_absent, matches
from gateway.mapping.code import Code, predicate
from gateway.mapping.stream import Edge, RuleError, Stream
from gateway.standard.model import Ref
from tests.support.conditions import conditions, records
from tests.support.rules import Case, moments, sorted_cases

STEPS = ("a", "b", "a.b", "b.a", "", "x y")
paths = st.lists(st.sampled_from(STEPS), min_size=1, max_size=3).map(".".join)
values = st.one_of(st.none(), st.sampled_from(["", "  ", " v", "None", "0"]), st.integers(0, 2))
nested = st.recursive(
    values,
    lambda inner: st.dictionaries(st.sampled_from(STEPS), inner, max_size=4),
    max_leaves=12,
).filter(lambda value: isinstance(value, dict))


@settings(max_examples=150)
@given(st.lists(paths, min_size=1, max_size=4), nested)
def test_a_field_is_what_stands_at_its_path(wanted: list[str], record: Record) -> None:
    """However deep, and also where a name has dots in it; absent is None."""
    code = Code()
    found = [code.field(path) for path in wanted]
    _, read = code.function("read(r)", f"[{', '.join(found)}]", "test")
    assert read(record) == [None if is_absent(v := get(record, p)) else v for p in wanted]


@settings(max_examples=60)
@given(st.data())
def test_a_compiled_condition_is_the_condition(data: st.DataObject) -> None:
    """Of any kind, nested or not."""
    some = data.draw(st.lists(records(), min_size=1, max_size=6), label="records")
    condition: Condition = data.draw(conditions(some), label="condition")
    for record in some:
        assert predicate(condition)(record) is matches(condition, record)


@settings(max_examples=50)
@given(sorted_cases(), st.data())
def test_a_compiled_order_is_the_order(case: Case, data: st.DataObject) -> None:
    """The same moments, or the same error."""
    for record in data.draw(st.lists(moments(case), min_size=2, max_size=8), label="records"):
        assert _outcome(case.stream, record) == _by_rule(case.stream, record)


def _outcome(stream: Stream, record: Record) -> Any:
    try:
        return stream.sort_key(record)
    except RuleError as error:
        return str(error)


def _by_rule(stream: Stream, record: Record) -> Any:
    try:
        by = str(stream.value("", stream.sort, record) or "") if stream.sort else ""
    except RuleError as error:
        return str(error)
    try:
        created = str(stream.created.read(record) or "")
    except ValueError as error:
        return str(RuleError(stream, "created", str(error)))
    return by.rstrip("Z"), created.rstrip("Z")


@settings(max_examples=40)
@given(st.data())
def test_a_compiled_reference_is_the_key_it_holds(data: st.DataObject) -> None:
    """None where there is no key, or where the rule does not count."""
    some = data.draw(st.lists(records(), min_size=1, max_size=4), label="records")
    when: Condition = data.draw(st.one_of(st.just(ALWAYS), conditions(some)), label="when")
    for field in ("A", "P", "N"):
        edge = Edge("partij", Ref("partij", "partijen"), ("partijen", "x"), field, when, False)
        for record in some:
            key = record[field]
            held = not is_absent(key) and matches(when, record)
            assert edge.key(record) == (key if held else None)
