"""Objects of an Objecten API as records, and changes as what their data becomes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.base import Failure, SourceError
from adapters.conditions import Record, get, is_absent
from adapters.moments import in_utc
from adapters.objecten_words import KEY, Inside, Picked, Resource

Urls = Mapping[str, list[str]]


def data_of(found: Record) -> Mapping[str, Any]:
    """What the object itself says, in its version of now. Raises ``SourceError``."""
    record = found.get("record")
    data = record.get("data") if isinstance(record, dict) else None
    if not isinstance(data, dict):
        raise SourceError(Failure.BAD_DATA, "an object without data")
    return data


def record_of(found: Record, spec: Resource, urls: Urls) -> Record:
    """An object as a record. Raises ``SourceError``."""
    data, made = data_of(found), dict[str, Any]()
    for field in spec.fields:
        value = get(data, field)
        if field in spec.moments:
            value = in_utc(value)
        elif field in spec.references:
            value = _last(value, urls[spec.references[field]])
        elif field in spec.only and not re.fullmatch(spec.only[field], str(value)):
            value = None
        put(made, field, value)
    for field, picked in spec.picked.items():
        put(made, field, _picked(data, picked))
    uuid = found.get(KEY)
    if not isinstance(uuid, str):
        raise SourceError(Failure.BAD_DATA, "an object without a uuid")
    return {**made, KEY: uuid}


def _last(url: object, roots: list[str]) -> str | None:
    """The last part of a url below one of these; ``None`` when it is of something else."""
    root = next((r for r in roots if isinstance(url, str) and url.startswith(r)), None)
    return str(url).removeprefix(root).rstrip("/") or None if root is not None else None


def _picked(data: Mapping[str, Any], picked: Picked) -> Any:
    listed = get(data, picked.among)
    found = [
        one
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
        and all(str(one.get(name)) in codes for name, codes in picked.where.items())
    ]
    return found[picked.place].get(picked.field) if picked.place < len(found) else None


def inside(records: Iterable[Record], spec: Inside) -> Iterator[Record]:
    """What stands in records of the other collection, each once, as its first place has it."""
    known: set[str] = set()
    for record in records:
        for place in spec.places:
            if any(str(get(record, field)) != code for field, code in place.where.items()):
                continue
            made = {name: get(record, field) for name, field in place.fields.items()}
            key = made[spec.key]
            if not is_absent(key) and str(key) not in known:
                known.add(str(key))
                yield made


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Give a dotted path a value."""
    *groups, last = path.split(".")
    for group in groups:
        data = data.setdefault(group, {})
    data[last] = value


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted path as they stand in data."""
    made: dict[str, Any] = {}
    for path, value in values.items():
        put(made, path, value)
    return made


def without(data: Mapping[str, Any], paths: set[str]) -> dict[str, Any]:
    """Data in which these dotted paths do not occur."""
    left = {}
    for name, value in data.items():
        if name in paths:
            continue
        below = {path.partition(".")[2] for path in paths if path.startswith(f"{name}.")}
        left[name] = without(value, below) if below and isinstance(value, dict) else value
    return left


def merged(data: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Data with other values in some members, however deep (RFC 7396, but for null)."""
    made = dict(data)
    for name, value in changed.items():
        old = made.get(name)
        both = isinstance(value, dict) and isinstance(old, dict)
        made[name] = merged(old or {}, value) if both else value
    return made
