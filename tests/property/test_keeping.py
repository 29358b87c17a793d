"""Keeping objects: what is not refused reads back as it was asked, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from adapters.conditions import Record, matches
from gateway.mapping.compiler import Writer
from gateway.mapping.keeping import Keeper, NotKept
from gateway.mapping.stream import RuleError, Stream
from tests.support.rules import Written, records, written

NOW = "2026-10-30T15:45:12Z"


@st.composite
def drafts(draw: st.DrawFn) -> tuple[Written, Mapping[str, Any]]:
    """A stream that writes, and values for some of its attributes."""
    case = draw(written())
    paths = draw(st.lists(st.sampled_from(sorted(case.values)), min_size=1, unique=True))
    asked: dict[str, Any] = {}
    for path in paths:
        value = draw(st.sampled_from(case.values[path]))
        head, dot, name = path.partition(".")
        if dot:
            names = {name: value} if value else {}
            asked[head] = {**asked.get(head, {}), **names}
        else:
            asked[path] = value
    return case, asked


@st.composite
def changes(draw: st.DrawFn) -> tuple[Written, Mapping[str, Any], Record]:
    """The same, with a record that is to be changed."""
    case, asked = draw(drafts())
    return case, asked, draw(records(case))


def shown(stream: Stream, record: Record) -> Mapping[str, Any] | None:
    """The object of a record as an answer has it, ``None`` when it cannot be read."""
    try:
        return Writer(stream)(record, "", "", lambda path: [])
    except RuleError:
        return None


def wanted(stream: Stream, asked: Mapping[str, Any], record: Record) -> Iterator[tuple[str, Any]]:
    """What is to be read of what was asked: moments and numbers as their format spells them."""
    for path, value in asked.items():
        if isinstance(value, Mapping):
            spelled = {n: _spelled(stream, f"{path}.{n}", v, record) for n, v in value.items()}
            yield path, spelled
        elif value in ("", None):
            field = stream.resource.field(path)
            assert field is not None
            yield path, field.default
        else:
            yield path, _spelled(stream, path, value, record)


def _spelled(stream: Stream, path: str, value: Any, record: Record) -> Any:
    for option in stream.attributes[path].options:
        chosen = getattr(option.expression, "format", None)
        if chosen is not None and matches(option.when, record):
            return chosen.kept(value)
    return value


@settings(max_examples=400)
@given(drafts())
def test_what_is_made_reads_back_as_it_was_asked(drawn: tuple[Written, Mapping[str, Any]]) -> None:
    case, asked = drawn
    stream = case.stream
    try:
        fields = Keeper(stream, [stream]).create(asked, {}, {}, NOW)
    except NotKept as refused:
        event("refused")
        assert refused.reasons
        return
    event("kept")
    record = {**fields, "ID": 1}
    found = shown(stream, record)
    assert found is not None
    assert {path: found[path] for path in asked} == dict(wanted(stream, asked, record))
    assert matches(stream.where, record)


@settings(max_examples=400)
@given(changes())
def test_what_is_changed_reads_so_and_the_rest_as_before(
    drawn: tuple[Written, Mapping[str, Any], Record],
) -> None:
    case, asked, record = drawn
    stream = case.stream
    before = shown(stream, record)
    if before is None or not matches(stream.where, record):
        return
    keeper = Keeper(stream, [stream])
    try:
        fields = keeper.update(record, asked, {}, {})
    except NotKept as refused:
        event("refused")
        assert refused.reasons
        return
    event("kept")
    after = {**record, **fields}
    assert shown(stream, after) == {**before, **dict(wanted(stream, asked, after))}
    assert matches(stream.where, after)
    assert all(record.get(name) != value for name, value in fields.items())
    assert keeper.update(after, asked, {}, {}) == {}


@settings(max_examples=200)
@given(st.data())
def test_what_a_record_shows_already_changes_nothing(data: st.DataObject) -> None:
    case = data.draw(written())
    record = data.draw(records(case))
    stream = case.stream
    found = shown(stream, record)
    if found is not None and matches(stream.where, record):
        heads = {path.partition(".")[0] for path in stream.attributes}
        asked = {path: found[path] for path in heads}
        assert Keeper(stream, [stream]).update(record, asked, {}, {}) == {}
