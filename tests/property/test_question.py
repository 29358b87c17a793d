"""What a list is asked: any text of any parameter is read or refused, and nothing gets lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.standard.errors import VALIDATION, Problem
from gateway.standard.model import Filter, Op, Reads, Resource
from gateway.standard.question import Hop, Where, ask
from gateway.standard.table import RESOURCES
from gateway.standard.values import datetime_text, read, uuid_of
from tests.support.questions import plain_wishes

FILTERS = [f for r in RESOURCES.values() for f in r.filters]
filters = st.integers(0, len(FILTERS) - 1).map(FILTERS.__getitem__)
texts = st.one_of(
    st.text(max_size=12),
    st.text("0123456789-/:+ TZ.", max_size=30),
    st.text("0123456789abcdef-{}", max_size=40),
    st.builds("http{}://{}/{}".format, st.sampled_from(["s", ""]), st.text(max_size=4), st.text()),
    st.datetimes().map(datetime.isoformat),
    st.dates().map(date.isoformat),
    st.uuids().map(str),
    st.sampled_from(["true", "0", "persoon", "9" * 5000, "--5", "0001-01-01T00:00+23:59"]),
)  # fmt: skip


@settings(max_examples=1000)
@given(filters, texts)
def test_any_text_is_a_value_or_is_refused_by_name(spec: Filter, text: str) -> None:
    """Nothing but a 400 that names the parameter."""
    text = text.strip()
    if not text:
        return
    try:
        value = read(spec, text)
    except Problem as problem:
        assert problem.kind is VALIDATION
        assert [p.name for p in problem.params] == [spec.param]
        return
    check_value(spec, value)


def check_value(spec: Filter, value: Any) -> None:
    """A value has the type that its filter reads."""
    match spec.reads:
        case Reads.TEXT:
            assert isinstance(value, str) and value
        case Reads.LIST:
            assert isinstance(value, tuple) and value
        case Reads.CHOICE:
            assert value in spec.choices
        case Reads.BOOLEAN:
            assert isinstance(value, bool)
        case Reads.UUID:
            assert value == str(UUID(value))
        case Reads.URL:
            assert value is None or value == str(UUID(value))
        case Reads.DATE:
            assert date.fromisoformat(value).isoformat() == value
        case Reads.DATETIME:
            assert value.endswith("Z")
            assert datetime_text(datetime.fromisoformat(value)) == value


@given(st.integers(10**7, 10**12), st.text(max_size=3), filters)
def test_a_refusal_does_not_repeat_a_number_of_a_person(
    number: int, around: str, spec: Filter
) -> None:
    """Errors are logged and shown: nothing that could be a BSN stands in them."""
    try:
        read(spec, f"{around}{number}".strip())
    except Problem as problem:
        assert all(str(number) not in p.reason for p in problem.params)


# --- one meaning, several spellings -------------------------------------------------------------


@given(st.uuids(), st.data())
def test_a_uuid_in_any_spelling_is_the_same(uuid: UUID, data: st.DataObject) -> None:
    """With or without dashes, braces or urn, in capitals or not."""
    spelled = data.draw(
        st.sampled_from([str(uuid), uuid.hex, f"{{{uuid}}}", uuid.urn, str(uuid).upper()])
    )
    assert uuid_of(spelled) == str(uuid)


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-23 * 60, 23 * 60),
    st.sampled_from("T "),
)
def test_a_moment_in_any_zone_is_the_same(moment: datetime, minutes: int, separator: str) -> None:
    """It is asked for in UTC, microseconds only where there are any."""
    spec = next(f for f in FILTERS if f.reads is Reads.DATETIME)
    offset = timedelta(minutes=minutes)
    local = moment.replace(tzinfo=UTC) + offset
    sign, rest = "-" if minutes < 0 else "+", abs(minutes)
    text = local.replace(tzinfo=None).isoformat(separator)
    text += f"{sign}{rest // 60:02}:{rest % 60:02}"
    assert read(spec, text) == moment.isoformat() + "Z"


@given(st.dates(), st.sampled_from(["-", "/"]))
def test_a_date_may_be_written_the_dutch_way(day: date, separator: str) -> None:
    """Day first, with or without leading zeros."""
    spec = next(f for f in FILTERS if f.reads is Reads.DATE)
    y, m, d = f"{day.year:04}", day.month, day.day
    for text in (f"{d}{separator}{m}{separator}{y}", f"{d:02}{separator}{m:02}{separator}{y}"):
        assert read(spec, text) == day.isoformat()


# --- the tree -----------------------------------------------------------------------------------


@st.composite
def asked(draw: st.DrawFn) -> tuple[Resource, list[tuple[Filter, str, Any]]]:
    """Some filters of a resource with texts and what those mean."""
    resource = draw(st.sampled_from([r for r in RESOURCES.values() if r.filters]))
    specs = draw(
        st.lists(st.sampled_from(resource.filters), max_size=6, unique_by=lambda f: f.param)
    )
    return resource, [(spec, *draw(plain_wishes(spec))) for spec in specs]


Leaf = tuple[tuple[str, ...], str, Op, Any]


def leaves(where: Where, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every test in a tree, and every hop that asks for nothing but being there (or not)."""
    for test in where.tests:
        yield path, test.attribute, test.op, test.value
    for hop in where.hops:
        if hop.negated:
            yield (*path, *_chain(hop)), "", Op.EXISTS, False
        elif not hop.where:
            yield (*path, hop.relation), "", Op.EXISTS, True
        else:
            yield from leaves(hop.where, (*path, hop.relation))


def _chain(hop: Hop) -> tuple[str, ...]:
    below = hop.where.hops
    assert len(below) <= 1 and not hop.where.tests
    return (hop.relation, *(_chain(below[0]) if below else ()))


@settings(max_examples=400)
@given(asked())
def test_every_parameter_is_asked_once(
    question: tuple[Resource, Sequence[tuple[Filter, str, Any]]],
) -> None:
    """With its value, at the end of its own path; nothing is added."""
    resource, wishes = question
    where = ask(resource, [(spec.param, text) for spec, text, _ in wishes])
    expected: Counter[Leaf] = Counter()
    for spec, _, value in wishes:
        if spec.op is not Op.EXISTS:
            expected[spec.hops, spec.attribute, spec.op, value] += 1
    tests = Counter(leaf for leaf in leaves(where) if leaf[2] is not Op.EXISTS)
    assert tests == expected
    for spec, _, value in wishes:
        if spec.op is Op.EXISTS:
            path = (*spec.hops, spec.attribute)
            here = [leaf for leaf in leaves(where) if leaf[0][: len(path)] == path]
            assert here, "asked nowhere"
            assert value or ((path, "", Op.EXISTS, False) in here)


@settings(max_examples=400)
@given(asked())
def test_parameters_share_a_related_object_per_prefix(
    question: tuple[Resource, Sequence[tuple[Filter, str, Any]]],
) -> None:
    """One hop for each prefix and relation; each *is not there* stands apart."""
    resource, wishes = question
    where = ask(resource, [(spec.param, text) for spec, text, _ in wishes])
    absent = [s for s, _, v in wishes if s.op is Op.EXISTS and not v]
    shared = {
        (s.prefix, (*s.hops, s.attribute)[0])
        for s, _, v in wishes
        if (s.hops or s.op is Op.EXISTS) and s not in absent
    }
    assert len(where.hops) == len(shared) + len(absent)
    assert sum(hop.negated for hop in where.hops) == len(absent)


@given(asked(), st.data())
def test_of_a_repeated_parameter_the_last_counts(
    question: tuple[Resource, Sequence[tuple[Filter, str, Any]]], data: st.DataObject
) -> None:
    """What stood before is not even read."""
    resource, wishes = question
    params = [(spec.param, text) for spec, text, _ in wishes]
    before = [(name, data.draw(texts)) for name, _ in params]
    assert ask(resource, [*before, *params]) == ask(resource, params)


@given(asked(), st.sampled_from(["", " ", "\t"]))
def test_an_empty_parameter_is_left_out_unless_it_identifies(
    question: tuple[Resource, Sequence[tuple[Filter, str, Any]]], blank: str
) -> None:
    """To leave out what should point at somebody would widen the answer: that is refused."""
    resource, wishes = question
    identifying = [spec.param for spec, _, _ in wishes if spec.identifying]
    try:
        where = ask(resource, [(spec.param, blank) for spec, _, _ in wishes])
    except Problem as problem:
        assert {(p.name, p.code) for p in problem.params} == {(n, "blank") for n in identifying}
    else:
        assert not identifying
        assert where == Where()


@given(asked(), st.data())
def test_everything_that_is_wrong_is_said_at_once(
    question: tuple[Resource, Sequence[tuple[Filter, str, Any]]], data: st.DataObject
) -> None:
    """A 400 names every bad parameter, and no other."""
    resource, wishes = question
    bad = [
        spec.param
        for spec, _, _ in wishes
        if spec.reads not in (Reads.TEXT, Reads.LIST) and data.draw(st.booleans())
    ]
    params = [(s.param, "what is this" if s.param in bad else text) for s, text, _ in wishes]
    try:
        ask(resource, params)
    except Problem as problem:
        assert [p.name for p in problem.params] == bad
    else:
        assert not bad
