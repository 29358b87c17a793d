"""Objects of a Klantinteracties register as records, and the other way round.

A record is flat: its fields have the dotted paths of the object's members.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.base import Along, Failure, SourceError
from adapters.conditions import Record, is_absent
from adapters.klantinteracties_words import KEY, LIST_LENGTH, Brought, Form, Resource, names

Object = Mapping[str, Any]


def record_of(found: Object, spec: Resource) -> dict[str, Any]:
    """An object as a record. Raises ``SourceError`` when it cannot be what it should."""
    record: dict[str, Any] = {KEY: found.get(KEY)}
    if not isinstance(record[KEY], str):
        raise SourceError(Failure.BAD_DATA, "an object without uuid")
    for name, form in spec.fields.items():
        value = _at(found, name)
        match form:
            case Form.REFERENCE:
                record[f"{name}.{KEY}"] = _key(value)
            case Form.REFERENCES:
                record |= _listed(name, value)
            case Form.SHAPE:
                record[name] = "false" if value is None else "true"
            case Form.BOOLEAN:
                record[name] = None if value is None else str(value).lower()
            case Form.MAP:
                record[name] = json.dumps(value, ensure_ascii=False) if value else None
            case _:
                record[name] = value
    return record


def _at(found: Any, path: str) -> Any:
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _key(reference: Any) -> str | None:
    key = reference.get(KEY) if isinstance(reference, Mapping) else None
    return key if isinstance(key, str) else None


def _listed(name: str, value: Any) -> dict[str, Any]:
    keys = [_key(one) for one in value] if isinstance(value, list) else []
    if len(keys) > LIST_LENGTH:
        raise SourceError(Failure.BAD_DATA, f"more than {LIST_LENGTH} references in a list")
    places = range(1, LIST_LENGTH + 1)
    keys += [None] * (LIST_LENGTH - len(keys))
    return {f"{name}.{n}.{KEY}": key for n, key in zip(places, keys, strict=True)}


# --- what comes along ----------------------------------------------------------------------------


def along_of(
    objects: Iterable[Object], resource: str, specs: Mapping[str, Resource]
) -> dict[str, Along]:
    """By collection what came along with objects, and of which of them that is all."""
    found: dict[str, Along] = {}
    objects = list(objects)
    for name, brought in specs[resource].brings.items():
        if brought.leads is not None:
            found[name] = _leading(objects, brought.member, brought.field or "", brought.leads)
            continue
        told: list[str] = []
        inside: list[Object] = []
        for one in objects:
            members = _members(one, brought)
            if members is not None:
                told.append(str(one[KEY]))
                # As in a list, newest first.
                inside += reversed(members)
        inside = _distinct(inside)
        records = [record_of(one, specs[name]) for one in inside]
        found[name] = Along(brought.field, records, told if brought.field is not None else None)
        for other, deeper in along_of(inside, name, specs).items() if inside else ():
            if other not in specs[resource].brings:
                found[other] = deeper
    return found


def _leading(objects: Sequence[Object], member: str, field: str, leads: str) -> Along:
    """What is known of records that lead from objects to what is in a list of theirs."""
    lists = {str(one[KEY]): one.get(member) for one in objects}
    told = {key: found for key, found in lists.items() if isinstance(found, list)}
    records = [
        {field: key, leads: _key(one)} for key, found in told.items() for one in reversed(found)
    ]
    return Along(field, records, list(told), only_leads=True)


def _members(one: Object, brought: Brought) -> list[Object] | None:
    """The objects in a list of another; ``None`` where not all of them are there."""
    plain = one.get(brought.member)
    if not isinstance(plain, list) or (plain and brought.none):
        return None
    expanded = one.get("_expand")
    full = expanded.get(brought.member) if isinstance(expanded, Mapping) else None
    # Of several lists that are empty some registers expand only the first.
    full = plain if full is None else full
    if not isinstance(full, list) or [_key(m) for m in full] != [_key(m) for m in plain]:
        return None
    return full if all(len(m) > len(_REFERENCE) for m in full) else None


_REFERENCE: Final = (KEY, "url")


def _distinct(objects: Iterable[Object]) -> list[Object]:
    return list({str(one.get(KEY)): one for one in objects}.values())


# --- writing -------------------------------------------------------------------------------------


def body_of(values: Mapping[str, Any], spec: Resource, now: Object | None = None) -> dict[str, Any]:
    """The body by which a record gets values; ``now``: the object as it is, none for a new one.

    A member of several fields is told whole, for the register takes it so.
    """
    before = record_of(now, spec) if now is not None else {}
    record = {**before, **values}
    members = dict.fromkeys(name.partition(".")[0] for name in values)
    beside = {spec.together[name]: None for name in members if name in spec.together}
    listed = {spec.listed[name]: name for name in members if name in spec.listed}
    body = {name: _member(name, record, spec) for name in {**members, **beside}}
    for name, form in spec.fields.items():
        if form is Form.SHAPE and name in body and not _is_there(name, record, values):
            # Of another kind there is none by itself; of the same it goes by being empty.
            fresh = now is None or spec.together.get(name) in members
            body = {k: v for k, v in body.items() if k != name} if fresh else {**body, name: {}}
    for list_name, name in listed.items():
        key = record.get(f"{name}.{KEY}")
        there = [] if now is None else [_key(one) for one in now.get(list_name, ())]
        if key is not None and key not in there:
            body[list_name] = [{KEY: one} for one in (*there, key)]
    if now is None:
        body = {**dict.fromkeys(spec.always), **body}
    return body


def _is_there(name: str, record: Record, values: Mapping[str, Any]) -> bool:
    """Whether there is an object of several shapes: as was said, or as there is anything in it."""
    inside = (value for field, value in record.items() if field.startswith(f"{name}."))
    return record.get(name) == "true" or (
        name not in values and any(not is_absent(value) for value in inside)
    )


def _member(member: str, record: Record, spec: Resource) -> Any:
    """A whole member as the register takes it."""
    forms = {n: f for n, f in spec.fields.items() if n.partition(".")[0] == member}
    if member in forms and forms[member] is not Form.SHAPE:
        return _written(member, forms[member], record)
    said = [n for n, form in forms.items() if form is not Form.SHAPE and _is_said(n, form, record)]
    body: dict[str, Any] = {}
    # An object with nothing in it is told from none by naming what it could have.
    for name in said or (n for n, form in forms.items() if form is not Form.SHAPE):
        *path, last = name.split(".")[1:]
        inside = body
        for step in path:
            inside = inside.setdefault(step, {})
        inside[last] = _written(name, forms[name], record)
    return body


def _is_said(name: str, form: Form, record: Record) -> bool:
    return any(not is_absent(record.get(field)) for field in names({name: form})[1:])


def _written(name: str, form: Form, record: Record) -> Any:
    match form:
        case Form.REFERENCE:
            key = record.get(f"{name}.{KEY}")
            return None if key is None else {KEY: key}
        case Form.REFERENCES:
            keys: Sequence[Any] = [record.get(field) for field in names({name: form})[1:]]
            return [{KEY: key} for key in keys if key is not None]
        case Form.BOOLEAN:
            return {"true": True, "false": False}.get(str(record.get(name)))
        case Form.MAP:
            return json.loads(record.get(name) or "{}")
        case Form.TEXT:
            value = record.get(name)
            return "" if value is None else value
        case _:
            return record.get(name)
