"""Streams that are nothing but an identity: for tests of keys and uuids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.conditions import ALWAYS
from gateway.mapping.attribute import Attribute, Option
from gateway.mapping.expression import Const
from gateway.mapping.stream import Stream
from gateway.mapping.words import KeyPart
from gateway.standard.model import Field
from gateway.standard.table import RESOURCES

INTEGER = KeyPart(type="integer")
UUID_KEY = KeyPart(type="uuid")


def text(alphabet: str, length: int) -> KeyPart:
    """A key of text."""
    return KeyPart(type="text", alphabet=alphabet, length=length)


def stream(
    key: KeyPart | Sequence[KeyPart],
    resource: str = "partijen",
    slot: int = 0,
    number: int = 1,
    source: str | None = None,
) -> Stream:
    """A stream with this key that reads nothing."""
    parts = [key] if isinstance(key, KeyPart) else list(key)
    return Stream(
        source=source or f"source-{number}",
        source_number=number,
        name=f"slot-{slot}",
        number=slot,
        resource=RESOURCES[resource],
        slot=slot,
        collection="C",
        key={f"K{n}": part for n, part in enumerate(parts)},
        where=ALWAYS,
        created=Const(None),
        attributes=_sorted_by(resource),
        edges=(),
    )


def _sorted_by(resource: str) -> Mapping[str, Attribute]:
    order = RESOURCES[resource].order
    return {order: Attribute(Field(order), (Option(ALWAYS, Const("")),))} if order else {}
