"""What a record shows: the object of a stream as it can be compared, before and after a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.base import Generated
from adapters.conditions import Record, get, is_absent, matches
from gateway.mapping.formats import Unreadable
from gateway.mapping.inverse import empty
from gateway.mapping.meaning import Wire
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Variants

Pointed = tuple[str, tuple[str, str], Any]
"""An object that is referred to: source, resource and stream, key. Of one in another source only
resource and key, which is a uuid: in which of several it is, a reference does not say."""


@dataclass(frozen=True, slots=True)
class Shown:
    """``values``: per attribute with a rule, ``None`` for none; ``Unreadable`` where the rule
    cannot read it. ``present``: per member of several shapes whether there is an object.
    ``unknown``: attributes that cannot be told, as the source is yet to fill in a field."""

    values: Mapping[str, Wire | Unreadable]
    present: Mapping[str, bool]
    references: Mapping[str, frozenset[Pointed]]
    unknown: frozenset[str]


def shown(stream: Stream, record: Record) -> Shown:
    """What a record shows. What the object has in another shape than its own is not shown."""
    waiting = {field for field, value in record.items() if isinstance(value, Generated)}
    unknown = frozenset(
        path
        for path, attribute in stream.attributes.items()
        if any(not waiting.isdisjoint(o.expression.fields) for o in attribute.options)
    )
    values = {
        path: None if path in unknown else _value(stream, path, record)
        for path in stream.attributes
    }
    # To whom a shared key leads is not said by the record, so a record that has it shows nothing.
    own = {edge.path for edge in stream.edges if edge.shared is None}
    references = {path: _pointed(stream, path, record) for path in own}
    present: dict[str, bool] = {}
    for member in stream.resource.members:
        if isinstance(member, Variants):
            inside = member.leaves(str(values.get(member.by)))
            for path in member.leaves() - inside:
                values.pop(path, None)
                references.pop(path, None)
            rule = stream.presence.get(member.name)
            present[member.name] = bool(
                any(values.get(path) is not None or references.get(path) for path in inside)
                or (rule is not None and rule.read(record))
            )
    return Shown(values, present, references, unknown)


def _value(stream: Stream, path: str, record: Record) -> Wire | Unreadable:
    try:
        found = stream.attributes[path].read(record)
    except ValueError as error:
        return error if isinstance(error, Unreadable) else Unreadable("waarde is niet te lezen")
    return None if empty(found) else found


def _pointed(stream: Stream, path: str, record: Record) -> frozenset[Pointed]:
    return frozenset(
        (*_place(stream, edge), key_of(value))
        for edge in stream.edges
        if edge.path == path
        and edge.shared is None
        and matches(edge.when, record)
        and not is_absent(value := get(record, edge.field))
    )


def _place(stream: Stream, edge: Edge) -> tuple[str, tuple[str, str]]:
    return ("", (edge.ref.to, "")) if edge.elsewhere else (stream.source, edge.target)


def key_of(value: Any) -> Any:
    """A key as it can be compared: a number and its text are the same."""
    return value if isinstance(value, Generated) else str(value)
