"""The schemas of resources, and of what a body of several of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

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
from gateway.standard.table import RESOURCES

Document = dict[str, Any]

CONTACT: Final = "MaakKlantcontact"
PATCHED: Final = "Patched"


def schemas(*, patched: bool, contact: bool) -> Document:
    """All of them, by name. ``patched``: those for a body that changes a part; ``contact``: that of
    the combined write."""
    schemas: Document = {"Verwijzing": _reference()}
    for resource in RESOURCES.values():
        schemas[resource.label] = _object(resource.members)
        if patched:
            schemas[PATCHED + resource.label] = _object(resource.members, require=False)
        if resource.expand:
            schemas["Expand" + resource.label] = _expanded(resource)
    if contact:
        schemas[CONTACT] = _contact()
    return schemas


def shown(resource: Resource) -> str:
    """The name of the schema of what is answered."""
    return ("Expand" if resource.expand else "") + resource.label


def ref(name: str) -> Document:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _reference(shows: Iterable[str] = ()) -> Document:
    properties: Document = {
        "uuid": {"type": "string", "format": "uuid"},
        "url": {**_URL, "readOnly": True},
        **{name: {"type": "string", "readOnly": True} for name in shows},
    }
    return {"type": "object", "required": sorted(properties), "properties": properties}


_URL: Final = {"type": "string", "format": "uri", "minLength": 1, "maxLength": 1000}


def _object(members: Iterable[Member], require: bool = True) -> Document:
    shown = [m for m in members if not (isinstance(m, Inverse) and m.embed is Embed.HIDDEN)]
    schema: Document = {
        "type": "object",
        "properties": {m.name: _member(m) for m in shown},
    }
    required = sorted(m.name for m in shown if _required(m))
    if required and require:
        schema["required"] = required
    return schema


def _required(member: Member) -> bool:
    match member:
        case Field(required=required, read_only=read_only):
            return required or read_only
        case Group() | Ref():
            return member.required
        case Inverse(writable=writable):
            return not writable
        case Derived(of=of, rule=rule):
            return rule != "first_reference" and of in ("", "contactnaam")
        case Variants():
            return False


def _member(member: Member) -> Document:
    match member:
        case Field():
            return _field(member)
        case Group(fields=fields):
            schema = _object(fields)
            return schema if member.required else schema | {"nullable": True}
        case Ref(many=True):
            return {"type": "array", "items": ref("Verwijzing")}
        case Ref(shows=shows, required=required):
            schema = _reference(shows)
            return schema if required else schema | {"nullable": True}
        case Inverse():
            return _inverse(member)
        case Variants(shapes=shapes):
            options = [_object(shape) for shape in shapes.values()]
            return {"nullable": True, "oneOf": options}
        case Derived(rule="uuid"):
            return {"type": "string", "format": "uuid", "readOnly": True}
        case Derived(rule="url"):
            return {**_URL, "readOnly": True}
        case Derived(rule="first_reference"):
            return _reference() | {"deprecated": True}
        case Derived():
            return {"type": "string", "readOnly": True}


def _inverse(member: Inverse) -> Document:
    items = ref("Verwijzing")
    if member.embed is Embed.OBJECT:
        far = RESOURCES[member.via]
        then = far.member(member.then) if member.then else None
        items = ref(RESOURCES[then.to].label if isinstance(then, Ref) else far.label)
    elif member.shows:
        items = _reference()
        fields = dict(RESOURCES[member.via].fields())
        beyond = {"type": "string", "readOnly": True, "nullable": True}
        items["properties"] |= {
            name: _field(fields[path]) if path in fields else beyond
            for name, path in member.shows.items()
        }
        items["required"] += sorted(n for n, path in member.shows.items() if path not in fields)
        items["required"].sort()
    schema: Document = {"type": "array", "items": items}
    return schema | ({"nullable": True} if member.writable else {"readOnly": True})


_TYPES: Final[Mapping[Kind, Document]] = {
    Kind.TEXT: {"type": "string"},
    Kind.ENUM: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
}


def _field(spec: Field) -> Document:
    if spec.kind is Kind.MAP:
        values = {"type": "string", "maxLength": spec.max_length}
        return {"type": "object", "additionalProperties": values}
    schema = dict(_TYPES[spec.kind])
    optional = {
        "enum": list(spec.choices),
        "maxLength": spec.max_length,
        "minLength": spec.min_length,
        "pattern": spec.pattern,
        "format": spec.format,
        "nullable": spec.default is None,
        "readOnly": spec.read_only,
        "deprecated": spec.deprecated,
    }
    schema |= {name: value for name, value in optional.items() if value}
    if spec.bounds:
        schema["minimum"], schema["maximum"] = spec.bounds
    return schema


def _expanded(resource: Resource) -> Document:
    properties: Document = {}
    for path, target in resource.expand.items():
        if "." not in path:
            far = ref(shown(RESOURCES[target]))
            member = resource.member(path)
            many = isinstance(member, Inverse) or (isinstance(member, Ref) and member.many)
            properties[path] = (
                {"type": "array", "items": far} if many else {"nullable": True, "allOf": [far]}
            )
    expand = {"type": "object", "properties": properties}
    return {
        "allOf": [
            ref(resource.label),
            {"type": "object", "properties": {"_expand": expand}},
        ]
    }


def _contact() -> Document:
    """The body of the combined write, and its answer: the parts refer to the klantcontact, which is
    not given but shown."""
    parts = {"betrokkene": "hadKlantcontact", "onderwerpobject": "klantcontact"}
    described = "Weglaten als er geen is; in het antwoord is het dan null."
    properties: Document = {"klantcontact": ref("Klantcontact")}
    for (name, reference), resource in zip(parts.items(), _PARTS, strict=True):
        part = _object(resource.members)
        part["properties"][reference] = {**part["properties"][reference], "readOnly": True}
        properties[name] = part | {"nullable": True, "description": described}
    return {"type": "object", "required": ["klantcontact"], "properties": properties}


_PARTS: Final = (RESOURCES["betrokkenen"], RESOURCES["onderwerpobjecten"])
