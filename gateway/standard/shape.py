"""Writing an object as the wire shows it: all members, in order, nothing missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Group,
    Inverse,
    Kind,
    Member,
    Ref,
    Resource,
    Variants,
)

Values = Mapping[str, Any]
"""What a mapping read: wire values by dotted path of the standard; absent where it has none. A
member of several shapes itself stands there where it is an object even if that is empty."""

Related = Callable[[str], Any]
"""How the relation at a dotted path is written: supplied by whoever knows the far side."""


def shape(
    resource: Resource, values: Values, uuid: str, url: str, related: Related
) -> dict[str, Any]:
    """The complete object of ``resource``, without ``_expand``.

    Attributes that ``values`` lacks get the contract's default. Raises ``KeyError`` with the
    path when a required one is lacking: a mapping that was checked at load has a rule for it, so
    the source record has no usable value.
    """
    return _object(resource.members, "", _Context(values, uuid, url, related))


class _Context:
    def __init__(self, values: Values, uuid: str, url: str, related: Related) -> None:
        self.values = values
        self.related = related
        self.identity = {"uuid": uuid, "url": url}


def _object(members: tuple[Member, ...], prefix: str, ctx: _Context) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for member in members:
        path = prefix + member.name
        match member:
            case Field():
                result[member.name] = _value(member, path, ctx.values)
            case Group():
                result[member.name] = _object(member.fields, path + ".", ctx)
            case Derived():
                result[member.name] = _derived(member, result, ctx, prefix)
            case Variants():
                result[member.name] = _variant(member, path, result, ctx)
            case Inverse(embed=Embed.HIDDEN):
                pass
            case Ref() | Inverse():
                result[member.name] = ctx.related(path)
    return result


def _value(field: Field, path: str, values: Values) -> Any:
    value = values.get(path)
    if value is not None:
        return value
    if field.kind is Kind.MAP:
        return {}
    if isinstance(field.default, str | bool) or field.default is None:
        return field.default
    raise KeyError(path)


def _derived(member: Derived, so_far: Mapping[str, Any], ctx: _Context, prefix: str) -> Any:
    match member.rule:
        case "volledige_naam":
            naam = so_far[member.of]
            parts = (naam["voornaam"], naam["voorvoegselAchternaam"], naam["achternaam"])
            return " ".join(p for p in parts if p)
        case "first_reference":
            # Open Klant answers an object with an empty uuid where there is no actor at all.
            references = ctx.related(prefix + member.of)
            return references[0] if references else {"uuid": None}
        case _:
            return ctx.identity[member.rule]


def _variant(
    member: Variants, path: str, so_far: Mapping[str, Any], ctx: _Context
) -> dict[str, Any] | None:
    members = member.shapes[so_far[member.by]]
    inside = path + "."
    if path not in ctx.values and not any(key.startswith(inside) for key in ctx.values):
        return None
    return _object(members, inside, ctx)
