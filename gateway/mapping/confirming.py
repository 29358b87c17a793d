"""Objects in a record that is changed no more: what is asked is compared with what stands there.

Where a system takes a contact whole or not at all, clients still send the parts of it one by one. A
part that was in the first request is there already, and asking for it again is no change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from adapters.conditions import Record, matches
from gateway.mapping.expression import Const
from gateway.mapping.honest import WHOLE, wrong
from gateway.mapping.inverse import FIXED, NO_PLACE, empty
from gateway.mapping.refusal import NotKept, Otherwise
from gateway.mapping.sheet import fields_of
from gateway.mapping.stream import Stream
from gateway.mapping.wanted import Wanted

_ABSENT: Final = "dit staat er niet, en is er niet meer aan toe te voegen"
_DIFFERENT: Final = "er staat iets anders, en dat is niet meer te wijzigen"


def confirm(stream: Stream, record: Record, wanted: Wanted, root: Stream) -> None:
    """That a record shows the object that is asked. ``root``: of the object that it is made for.

    Raises ``NotKept`` for what no record of the stream could show, and ``Otherwise`` for what this
    one does not.
    """
    if never := dict(_never(stream, wanted)):
        raise NotKept(never)
    wanted = _without_given(stream, wanted)
    about: frozenset[str] = frozenset()
    if matches(stream.where, record):
        reasons = dict.fromkeys(wrong(stream, record, None, wanted), _DIFFERENT)
        if not reasons:
            return
        paths = {*reasons}
    else:
        reasons, about = {WHOLE: _ABSENT}, fields_of(stream.where)
        paths = {*wanted.values, *wanted.references}
    fields = about.union(*(_fields(stream, path) for path in paths))
    raise Otherwise(reasons, root.resource.path, _written(root, fields))


def _without_given(stream: Stream, wanted: Wanted) -> Wanted:
    """The same without empty values for what the source gives by itself, such as a number: so a
    client asks for a new one."""
    assert stream.writing is not None
    known = stream.writing.source.fields
    values = {
        path: value
        for path, value in wanted.values.items()
        if not empty(value) or not known.isdisjoint(_fields(stream, path))
    }
    return replace(wanted, values=values)


def _never(stream: Stream, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """What has no place in any record, or always the same value."""
    for path, value in wanted.values.items():
        attribute = stream.attributes.get(path)
        if attribute is None:
            if not empty(value) and value != stream.default(path):
                yield path, NO_PLACE
        elif not empty(value) and all(
            isinstance(o.expression, Const) and o.expression.value != value
            for o in attribute.options
        ):
            yield path, FIXED
    pointing = {edge.path for edge in stream.edges}
    for path, targets in wanted.references.items():
        if targets and path not in pointing:
            yield path, NO_PLACE


def _fields(stream: Stream, path: str) -> Iterator[str]:
    """The fields in which an attribute or reference stands."""
    if path in stream.attributes:
        for option in stream.attributes[path].options:
            yield from option.expression.fields
    yield from (edge.field for edge in stream.edges if edge.path == path)


def _written(root: Stream, fields: frozenset[str]) -> list[str]:
    """The attributes by which one of these fields is written in a new record."""
    known = fields & root.writing.source.fields if root.writing else frozenset[str]()
    return [
        path
        for path, attribute in root.attributes.items()
        if any(o.writable and not known.isdisjoint(o.expression.fields) for o in attribute.options)
    ]
