"""The OpenAPI document, generated from the table of the standard.

It describes this installation: the verbs that are answered, the sources behind each resource and
how its filters fare (``x-gateway``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from gateway.standard import errors
from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Filter,
    Group,
    Inverse,
    Kind,
    Member,
    Reads,
    Ref,
    Resource,
    Variants,
)
from gateway.standard.table import API_VERSION, BASE_PATH, RESOURCES

Document = dict[str, Any]
READ: Final = ("get",)
ALL_VERBS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Described:
    """What an installation does with one resource. ``filters``: how each filter is answered."""

    verbs: tuple[str, ...] = READ
    sources: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)


Describe = Callable[[Resource], Described]


def document(
    describe: Describe,
    origin: str = "https://gateway.example",
    contact: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """The OpenAPI 3.0 document. ``origin`` is the scheme and host of the server, ``contact`` the
    name, email and url of who runs it."""
    paths: Document = {}
    verbs: set[str] = set()
    for resource in RESOURCES.values():
        told = describe(resource)
        verbs |= set(told.verbs)
        paths |= _paths(resource, told)
    paths["/openapi.json"] = {"get": _self_description()}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Klantinteracties",
            "version": API_VERSION,
            "description": "Klantinteracties van de gemeente, beantwoord door de systemen die de "
            "gegevens beheren. Deze gateway bewaart zelf niets.",
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
            **({"contact": dict(contact)} if contact else {}),
        },
        "servers": [{"url": origin + BASE_PATH}],
        "tags": [{"name": path} for path in (*RESOURCES, "openapi")],
        "security": [{"tokenAuth": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "tokenAuth": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "Het woord `Token`, een spatie en het token.",
                }
            },
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "responses": _problems(),
            "schemas": {**_schemas("patch" in verbs), **_PROBLEM_SCHEMAS},
        },
    }


# --- paths -------------------------------------------------------------------------------------


def _paths(resource: Resource, told: Described) -> Document:
    extra = {"x-gateway": {"bronnen": list(told.sources)}}
    collection: Document = {}
    item: Document = {"parameters": [{"$ref": "#/components/parameters/uuid"}]}
    for verb in told.verbs:
        if verb == "get":
            collection["get"] = _list_operation(resource, told) | extra
            item["get"] = _detail_operation(resource) | extra
        elif verb == "post":
            collection["post"] = _write_operation(resource, verb)
        else:
            item[verb] = _write_operation(resource, verb)
    return {f"/{resource.path}": collection, f"/{resource.path}/{{uuid}}": item}


def _list_operation(resource: Resource, told: Described) -> Document:
    parameters = [_filter_parameter(f, told.filters.get(f.param)) for f in resource.filters]
    parameters += [{"$ref": f"#/components/parameters/{n}"} for n in ("page", "pageSize")]
    if resource.expand:
        parameters.append(_expand_parameter(resource))
    page = {
        "type": "object",
        "required": ["count", "results"],
        "properties": {
            "count": {"type": "integer"},
            "next": {"type": "string", "format": "uri", "nullable": True},
            "previous": {"type": "string", "format": "uri", "nullable": True},
            "results": {"type": "array", "items": _ref(_shown(resource))},
        },
    }
    return _operation(
        resource, "List", f"Lijst van {resource.path}, nieuwste eerst.", {"200": _ok(page)}, 404
    ) | {"parameters": sorted(parameters, key=lambda p: str(p.get("name") or p["$ref"]))}


def _detail_operation(resource: Resource) -> Document:
    answer = {"200": _ok(_ref(_shown(resource)))}
    operation = _operation(resource, "Retrieve", f"Eén object uit {resource.path}.", answer, 404)
    if resource.expand:
        operation["parameters"] = [_expand_parameter(resource)]
    return operation


_PROBLEM_STATUSES: Final = (400, 401, 403, 405, 406, 500, 502, 503, 504)
_WRITES: Final = {
    "post": ("Create", "201"),
    "put": ("Update", "200"),
    "patch": ("PartialUpdate", "200"),
    "delete": ("Destroy", "204"),
}


def _write_operation(resource: Resource, verb: str) -> Document:
    name, status = _WRITES[verb]
    if verb == "delete":
        return _operation(resource, name, f"{resource.label} verwijderen.", {"204": _gone()}, 404)
    schema = _ref(("Patched" if verb == "patch" else "") + resource.label)
    operation = _operation(
        resource,
        name,
        f"{resource.label} vastleggen of wijzigen.",
        {status: _ok(_ref(resource.label))},
        *(() if verb == "post" else (404,)),
    )
    operation["requestBody"] = {
        "required": verb != "patch",
        "content": {"application/json": {"schema": schema}},
    }
    return operation


def _operation(
    resource: Resource, name: str, summary: str, answers: Document, *problems: int
) -> Document:
    stem = "".join(w.capitalize() for w in resource.path.split("-"))
    return {
        "operationId": stem[0].lower() + stem[1:] + name,
        "summary": summary,
        "description": summary,
        "tags": [resource.path],
        "responses": answers
        | {
            str(status): {"$ref": f"#/components/responses/{status}"}
            for status in sorted({*_PROBLEM_STATUSES, *problems})
        },
    }


def _self_description() -> Document:
    return {
        "operationId": "openapi",
        "summary": "Dit document.",
        "description": "Deze beschrijving van de API, als JSON.",
        "tags": ["openapi"],
        "security": [],
        "responses": {
            "200": {
                "description": "Het OpenAPI-document.",
                "headers": _header_refs()
                | {
                    "access-control-allow-origin": {
                        "description": "Het document mag vanaf elke plaats worden gelezen.",
                        "schema": {"type": "string", "enum": ["*"]},
                    }
                },
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _ok(schema: Document) -> Document:
    return {
        "description": "Het antwoord.",
        "headers": _header_refs(),
        "content": {"application/json": {"schema": schema}},
    }


def _gone() -> Document:
    return {"description": "Verwijderd.", "headers": _header_refs()}


def _header_refs() -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}


_FORMATS: Final[Mapping[Reads, Document]] = {
    Reads.UUID: {"type": "string", "format": "uuid"},
    Reads.URL: {"type": "string", "format": "uri"},
    Reads.DATE: {"type": "string", "format": "date"},
    Reads.DATETIME: {"type": "string", "format": "date-time"},
    Reads.BOOLEAN: {"type": "boolean"},
}


def _filter_parameter(spec: Filter, fares: str | None) -> Document:
    schema: Document = dict(_FORMATS.get(spec.reads, {"type": "string"}))
    if spec.choices:
        schema["enum"] = list(spec.choices)
    parameter: Document = {
        "in": "query",
        "name": spec.param,
        "description": f"Filter op {'/'.join((*spec.hops, spec.attribute))} ({spec.op.value}).",
        "schema": schema,
    }
    if fares:
        parameter["x-gateway"] = fares
    return parameter


def _expand_parameter(resource: Resource) -> Document:
    return {
        "in": "query",
        "name": "expand",
        "description": "Gerelateerde objecten die in het antwoord worden opgenomen.",
        "explode": False,
        "style": "form",
        "schema": {"type": "array", "items": {"type": "string", "enum": list(resource.expand)}},
    }


_PARAMETERS: Final[Document] = {
    "uuid": {
        "in": "path",
        "name": "uuid",
        "required": True,
        "description": "Het uuid van het object.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "page": {
        "in": "query",
        "name": "page",
        "description": "Het nummer van de pagina, of `last`.",
        "schema": {"type": "integer"},
    },
    "pageSize": {
        "in": "query",
        "name": "pageSize",
        "description": "Objecten per pagina; standaard 100, hoogstens 500.",
        "schema": {"type": "integer"},
    },
}
_HEADERS: Final[Document] = {
    "API-version": {
        "description": "De versie van de API.",
        "schema": {"type": "string"},
    }
}


# --- schemas -----------------------------------------------------------------------------------


def _schemas(patched: bool) -> Document:
    schemas: Document = {"Verwijzing": _reference()}
    for resource in RESOURCES.values():
        schemas[resource.label] = _object(resource.members)
        if patched:
            schemas["Patched" + resource.label] = _object(resource.members, require=False)
        if resource.expand:
            schemas["Expand" + resource.label] = _expanded(resource)
    return schemas


def _shown(resource: Resource) -> str:
    return ("Expand" if resource.expand else "") + resource.label


def _ref(name: str) -> Document:
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
            return {"type": "array", "items": _ref("Verwijzing")}
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
    items = _ref("Verwijzing")
    if member.embed is Embed.OBJECT:
        far = RESOURCES[member.via]
        then = far.member(member.then) if member.then else None
        items = _ref(RESOURCES[then.to].label if isinstance(then, Ref) else far.label)
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
            far = _ref(_shown(RESOURCES[target]))
            member = resource.member(path)
            many = isinstance(member, Inverse) or (isinstance(member, Ref) and member.many)
            properties[path] = (
                {"type": "array", "items": far} if many else {"nullable": True, "allOf": [far]}
            )
    expand = {"type": "object", "properties": properties}
    return {
        "allOf": [
            _ref(resource.label),
            {"type": "object", "properties": {"_expand": expand}},
        ]
    }


# --- problems ----------------------------------------------------------------------------------


def _problems() -> Document:
    return {
        str(status): {
            "description": " / ".join(
                dict.fromkeys(k.title for k in errors.KINDS if k.status == status)
            ),
            "headers": _header_refs(),
            "content": {
                "application/json": {"schema": _ref("ValidatieFout" if status == 400 else "Fout")}
            },
        }
        for status in (*_PROBLEM_STATUSES, 404)
    }


_PROBLEM_PROPERTIES: Final[Document] = {
    "type": {"type": "string", "format": "uri"},
    "code": {"type": "string"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
    "instance": {"type": "string"},
}
_PROBLEM_SCHEMAS: Final[Document] = {
    "Fout": {
        "type": "object",
        "required": list(_PROBLEM_PROPERTIES),
        "properties": _PROBLEM_PROPERTIES,
    },
    "ValidatieFout": {
        "type": "object",
        "required": list(_PROBLEM_PROPERTIES),
        "properties": {
            **_PROBLEM_PROPERTIES,
            "invalidParams": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "code", "reason"],
                    "properties": {n: {"type": "string"} for n in ("name", "code", "reason")},
                },
            },
        },
    },
}
