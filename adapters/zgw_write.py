"""Records of an API after the pattern of ZGW as it takes them: urls for references, and members of
several fields whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.base import Writes
from adapters.conditions import Record, is_absent
from adapters.zgw_words import KEY, Options, Resource


def writes_of(spec: Resource, options: Options) -> Writes | None:
    """What can be written in a collection, ``None``: nothing. Without the number under which new
    records are registered, none are made where that is asked for; nor without the API of types."""
    word = spec.writes
    if word is None:
        return None
    registered = word.organisation is None or options.bronorganisatie is not None
    if word.making is not None:
        registered = options.bronorganisatie is not None and word.making.types in options.apis
    return Writes(
        create=word.create and registered,
        update=word.update,
        delete=word.delete,
        generated=frozenset([KEY]),
        natural=tuple(word.natural),
        fields=frozenset(word.fields),
        once=frozenset(word.once),
        required=frozenset(word.required),
        cascades=word.cascades,
        lengths=word.lengths,
        numbers=frozenset(word.numbers),
    )


def body_of(
    values: Mapping[str, Any],
    spec: Resource,
    roots: Mapping[str, Sequence[str]],
    row: Record | None,
) -> dict[str, Any]:
    """The body that gives fields other values. ``roots``: what urls of each collection begin with;
    ``row``: as the source shows it now, none for a new record.

    Some sources take a member of several fields as a whole, others leave alone what it does not
    name. So it is told with all that is in it, and is never null, which some pass over.
    """
    body: dict[str, Any] = {}
    for name, value in {**_needed(spec, values, row), **values}.items():
        member, *path = name.split(".")
        told = _told(name, value, spec, roots)
        if not path:
            body[member] = told
            continue
        stored = row.get(member) if row is not None else None
        inside = body.setdefault(member, dict(stored) if isinstance(stored, Mapping) else {})
        for step in path[:-1]:
            inside[step] = inside = dict(inside.get(step) or {})
        inside[path[-1]] = told
    return body


def _needed(spec: Resource, values: Mapping[str, Any], row: Record | None) -> Mapping[str, Any]:
    """The fields, without a value, of members that a new record has to have."""
    if row is not None or spec.writes is None:
        return {}
    members = {*spec.writes.always}
    return {name: None for name in spec.writes.fields if name.partition(".")[0] in members}


def _told(name: str, value: Any, spec: Resource, roots: Mapping[str, Sequence[str]]) -> Any:
    """A value as it is written; of no value what the field takes for that."""
    assert spec.writes is not None
    if name in spec.references:
        return None if is_absent(value) else f"{roots[spec.references[name]][0]}{value}"
    if name in spec.writes.numbers:
        return None if is_absent(value) else int(value)
    if name in spec.moments:
        return None if is_absent(value) else value
    return "" if is_absent(value) else value
