"""Bodies: what the wire shows can be sent back, and what is taken is taken for the same again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.standard.body import read_body
from gateway.standard.contact import read_contact
from gateway.standard.draft import Kept, Verb
from gateway.standard.errors import PARAM_CODES
from gateway.standard.fields import Unfit, read_field
from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Group,
    Kind,
    Member,
    Nature,
    Resource,
    Variants,
)
from gateway.standard.shape import shape
from gateway.standard.table import RESOURCES
from gateway.standard.values import datetime_text

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
FIELDS = [field for resource in RESOURCES.values() for _, field in resource.fields()]

plain = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
SAMPLES: dict[Nature | str, st.SearchStrategy[str]] = {
    Nature.NUMBER: st.integers(0, 10**10 - 1).map(str),
    Nature.PHONE: st.sampled_from(["0612345678", "+31612345678", "0031201234567"]),
    Nature.COUNTRY: st.sampled_from(["NL", "DE", "BE"]),
    Nature.LANGUAGE: st.sampled_from(["nld", "fry", "eng"]),
    "email": st.sampled_from(["a@b.nl", "A.B+c@Sub.Domein.NL", "a@localhost"]),
    "uri": st.sampled_from(["https://a.nl", "http://localhost:80/x?y#z", "ftp://[::1]/"]),
}


def texts(spec: Field) -> st.SearchStrategy[str]:
    """Texts that the attribute may have."""
    closer = SAMPLES.get(spec.nature or spec.format or "")
    if closer is not None:
        return closer
    if spec.pattern is not None:
        most = spec.max_length or 0
        found = st.from_regex(spec.pattern, fullmatch=True).map(lambda text: text[:most].strip())
        return found.filter(lambda text: _taken(spec, text))
    return plain.map(lambda text: text[: spec.max_length].strip()).filter(bool)


def _taken(spec: Field, text: str) -> bool:
    try:
        return read_field(spec, text) == text
    except Unfit:
        return False


def values(spec: Field) -> st.SearchStrategy[Any]:
    """Wire values that the attribute may have."""
    match spec.kind:
        case Kind.TEXT:
            empty = st.just(None if spec.nullable else "")
            return texts(spec) | empty if spec.blank else texts(spec)
        case Kind.ENUM:
            return st.sampled_from(spec.choices)
        case Kind.INTEGER:
            return st.none() | st.integers(*spec.bounds or ())
        case Kind.MAP:
            keys = plain.filter(lambda key: "_" not in key)
            return st.dictionaries(keys, plain.map(str.strip).filter(bool), max_size=3)
    known = {
        Kind.BOOLEAN: st.booleans(),
        Kind.DATE: st.dates().map(lambda day: day.isoformat()),
        Kind.DATETIME: moments.map(datetime_text),
    }[spec.kind]
    return st.none() | known if spec.nullable else known


@st.composite
def objects(draw: st.DrawFn, resource: Resource) -> dict[str, Any]:
    """Values of an object by dotted path."""
    drawn: dict[str, Any] = {}

    def fill(members: Iterable[Member], path: str) -> None:
        for member in members:
            match member:
                case Field():
                    drawn[path + member.name] = draw(values(member))
                case Group():
                    fill(member.fields, f"{path}{member.name}.")
                case Variants():
                    if draw(st.booleans()):
                        fill(member.shapes[drawn[member.by]], f"{member.name}.")

    fill(resource.members, "")
    return drawn


uuids = st.uuids(version=4).map(str)


def shown(resource: Resource, held: dict[str, Any], related: dict[str, Any]) -> dict[str, Any]:
    """The object as the wire shows it."""
    return shape(resource, held, str(UUID(int=1)), "http://host/x", related.__getitem__)


@st.composite
def relations(draw: st.DrawFn, resource: Resource) -> dict[str, Any]:
    """What each relation shows, by path."""

    def reference() -> dict[str, str]:
        uuid = draw(uuids)
        return {"uuid": uuid, "url": f"http://host/{uuid}"}

    found: dict[str, Any] = {}
    for path, ref in resource.refs():
        if ref.many:
            found[path] = [reference() for _ in range(draw(st.integers(0, 3)))]
        else:
            found[path] = reference() if ref.required or draw(st.booleans()) else None
    for inverse in resource.inverses():
        if inverse.embed is Embed.OBJECT and inverse.writable:
            far = RESOURCES[inverse.via]
            found[inverse.name] = draw(
                st.lists(st.builds(shown, st.just(far), objects(far), relations(far)), max_size=1)
            )
        else:
            found[inverse.name] = [reference() for _ in range(draw(st.integers(0, 2)))]
    return found


def uuids_of(told: Any) -> tuple[str, ...]:
    listed = told if isinstance(told, list) else [told] if told else []
    return tuple(dict.fromkeys(one["uuid"] for one in listed))


@pytest.mark.parametrize("path", RESOURCES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_the_wire_shows_can_be_sent_back(path: str, data: st.DataObject) -> None:
    resource = RESOURCES[path]
    held, related = data.draw(objects(resource)), data.draw(relations(resource))
    body = shown(resource, held, related)
    for member in resource.members:
        if isinstance(member, Derived) and member.rule == "first_reference":
            # A body names the actoren in one of two ways; an answer shows both (INT-01).
            del body[member.name]
        if isinstance(member, Variants) and body[member.name] is None:
            # Shown where there is none, and refused in a body.
            del body[member.name]
    reading = read_body(resource, body, Verb.REPLACE, now=NOW)
    assert reading.errors == ()
    told = {p: v for p, v in held.items() if not _read_only(resource, p)}
    assert reading.draft.values == told
    for ref, uuids in reading.draft.references.items():
        assert uuids == uuids_of(related[ref])
    inside = {p.partition(".")[0] for p in held if "." in p}
    assert set(reading.draft.present) == inside & {
        m.name for m in resource.members if isinstance(m, Variants)
    }
    again = read_body(resource, body, Verb.CHANGE, now=NOW)
    assert again.draft == reading.draft


def _read_only(resource: Resource, path: str) -> bool:
    spec = resource.field(path)
    return spec is not None and spec.read_only


@given(st.sampled_from(FIELDS).flatmap(lambda f: st.tuples(st.just(f), values(f) | json)))
def test_what_is_taken_is_taken_for_the_same_again(sent: tuple[Field, object]) -> None:
    spec, raw = sent
    try:
        once: Kept = read_field(spec, raw)
    except Unfit as unfit:
        assert unfit.faults
        assert {code for _, code, _ in unfit.faults} <= PARAM_CODES.keys()
    else:
        assert read_field(spec, once) == once


names = sorted({m.name for r in RESOURCES.values() for m in r.members} | {"uuid", "naam"})


@given(
    st.sampled_from(sorted(RESOURCES)),
    st.sampled_from(Verb),
    st.dictionaries(st.sampled_from(names) | st.text(max_size=5), json, max_size=4) | json,
)
def test_any_body_is_read(path: str, verb: Verb, body: object) -> None:
    reading = read_body(RESOURCES[path], body, verb, now=NOW)
    assert all(error.code in PARAM_CODES for error in reading.errors)
    parts = {"klantcontact": body, "betrokkene": body, "onderwerpobject": body}
    assert read_contact(parts, now=NOW).parts


def test_a_deep_body_is_read() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"partijIdentificatoren": [deep], "bezoekadres": deep, "metadata": deep}
    read_body(RESOURCES["partijen"], deep, Verb.CREATE, now=NOW)
    read_body(RESOURCES["klantcontacten"], deep, Verb.CREATE, now=NOW)
    while deep:
        # Freed from the outside, for Python would go down it all at once.
        deep = deep["bezoekadres"]
