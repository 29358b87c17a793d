"""The operations: what can be asked of each url, with which parameters and what body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gateway.api.guard import IDEMPOTENCY_KEY, IDEMPOTENCY_STATUS
from gateway.api.openapi.answers import READING, WRITING, nothing, ok, problems, refs
from gateway.api.openapi.schemas import CONTACT, PATCHED, Document, ref, shown
from gateway.coverage.model import Part
from gateway.standard.model import Filter, Reads, Resource

READ: Final = ("get",)
COVERAGE: Final = "x-dekking"
"""Where the document says what each source covers, in the words of ``gateway.coverage``."""

ALL_VERBS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Described:
    """What an installation does with one resource. ``filters``: how each filter is answered;
    ``coverage``: what each source covers of it."""

    verbs: tuple[str, ...] = READ
    sources: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    coverage: Sequence[Part] = ()


def paths(resource: Resource, told: Described) -> Document:
    """The list of a resource, and one object of it."""
    extra = {"x-gateway": {"bronnen": list(told.sources)}}
    collection: Document = {}
    item: Document = {"parameters": [{"$ref": "#/components/parameters/uuid"}]}
    for verb in told.verbs:
        if verb == "get":
            collection["get"] = _list(resource, told) | extra | _covered(told.coverage)
            item["get"] = _detail(resource) | extra
        elif verb == "post":
            collection["post"] = _create(resource) | _done(told.coverage, "POST")
        elif verb == "delete":
            item["delete"] = _delete(resource) | _done(told.coverage, "DELETE")
        else:
            item[verb] = _update(resource, verb) | _done(told.coverage, verb.upper())
    return {f"/{resource.path}": collection, f"/{resource.path}/{{uuid}}": item}


def _covered(parts: Sequence[Part]) -> Document:
    """Of each source how a list without a filter fares, and where each attribute comes from."""
    told = {
        part.source: {
            "list": part.listed.value,
            "attributes": {path: one.shows.value for path, one in part.attributes.items()},
        }
        for part in parts
    }
    return {COVERAGE: told} if told else {}


def _done(parts: Sequence[Part], verb: str) -> Document:
    """Which sources do something: true, or why not."""
    told = {part.source: why.value if (why := part.verbs[verb]) else True for part in parts}
    return {COVERAGE: told} if told else {}


def contact() -> Document:
    """The combined write."""
    summary = "Een klantcontact vastleggen, met een betrokkene en een onderwerpobject."
    answer = {"201": ok(ref(CONTACT), IDEMPOTENCY_STATUS)}
    operation = _operation("maak-klantcontact", "Create", summary)
    return operation | _written(CONTACT) | _answers(answer, _CREATING)


def self_description() -> Document:
    """The description itself."""
    told = {
        "access-control-allow-origin": {
            "description": "Het document mag vanaf elke plaats worden gelezen.",
            "schema": {"type": "string", "enum": ["*"]},
        }
    }
    return {
        "operationId": "openapi",
        "summary": "Dit document.",
        "description": "Deze beschrijving van de API, als JSON.",
        "tags": ["openapi"],
        "security": [],
        "responses": {
            "200": {
                "description": "Het OpenAPI-document.",
                "headers": refs() | told,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _list(resource: Resource, told: Described) -> Document:
    parameters = [
        _filter_parameter(f, told.filters.get(f.param), told.coverage) for f in resource.filters
    ]
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
            "results": {"type": "array", "items": ref(shown(resource))},
        },
    }
    operation = _operation(resource.path, "List", f"Lijst van {resource.path}, nieuwste eerst.")
    operation["parameters"] = sorted(parameters, key=lambda p: str(p.get("name") or p["$ref"]))
    return operation | _answers({"200": ok(page)}, READING)


def _detail(resource: Resource) -> Document:
    operation = _operation(resource.path, "Retrieve", f"Eén object uit {resource.path}.")
    if resource.expand:
        operation["parameters"] = [_expand_parameter(resource)]
    return operation | _answers({"200": ok(ref(shown(resource)), "ETag")}, READING)


def _create(resource: Resource) -> Document:
    operation = _operation(resource.path, "Create", f"{resource.label} vastleggen.")
    made = ok(ref(resource.label), "Location", "ETag", IDEMPOTENCY_STATUS)
    return operation | _written(resource.label) | _answers({"201": made}, _CREATING)


def _update(resource: Resource, verb: str) -> Document:
    if verb == "put":
        name, about, schema = "Update", "vervangen", resource.label
    else:
        name, about, schema = "PartialUpdate", "voor een deel wijzigen", PATCHED + resource.label
    operation = _operation(resource.path, name, f"{resource.label} {about}.")
    written = _written(schema, "If-Match", required=verb == "put")
    answer = ok(ref(resource.label), "ETag", IDEMPOTENCY_STATUS)
    return operation | written | _answers({"200": answer}, WRITING)


def _delete(resource: Resource) -> Document:
    operation = _operation(resource.path, "Destroy", f"{resource.label} verwijderen.")
    answers = {"204": nothing(IDEMPOTENCY_STATUS)}
    written = _written(None, "If-Match")
    if resource.path == "onderwerpobjecten":
        written["parameters"].append({"$ref": "#/components/parameters/cascade"})
        answers["200"] = ok(_KEPT, IDEMPOTENCY_STATUS)
    return operation | written | _answers(answers, WRITING)


_CREATING: Final = tuple(status for status in WRITING if status != 404)
_KEPT: Final[Document] = {
    "type": "object",
    "required": ["behouden"],
    "properties": {"behouden": {"type": "array", "items": {"type": "string", "format": "uri"}}},
}


def _operation(path: str, name: str, summary: str) -> Document:
    stem = "".join(w.capitalize() for w in path.split("-"))
    return {
        "operationId": stem[0].lower() + stem[1:] + name,
        "summary": summary,
        "description": summary,
        "tags": [path],
    }


def _answers(answers: Document, statuses: Iterable[int]) -> Document:
    return {"responses": answers | problems(statuses)}


def _written(schema: str | None, *headers: str, required: bool = True) -> Document:
    """What a request that writes has: headers and, where there is a schema, a body."""
    names = (*headers, IDEMPOTENCY_KEY)
    told: Document = {"parameters": [{"$ref": f"#/components/parameters/{n}"} for n in names]}
    if schema is not None:
        content = {"application/json": {"schema": ref(schema)}}
        told["requestBody"] = {"required": required, "content": content}
    return told


_FORMATS: Final[Mapping[Reads, Document]] = {
    Reads.UUID: {"type": "string", "format": "uuid"},
    Reads.URL: {"type": "string", "format": "uri"},
    Reads.DATE: {"type": "string", "format": "date"},
    Reads.DATETIME: {"type": "string", "format": "date-time"},
    Reads.BOOLEAN: {"type": "boolean"},
}


def _filter_parameter(spec: Filter, fares: str | None, parts: Sequence[Part]) -> Document:
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
    if parts:
        parameter[COVERAGE] = {part.source: part.filters[spec.param].value for part in parts}
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


PARAMETERS: Final[Document] = {
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
    "cascade": {
        "in": "query",
        "name": "cascade",
        "description": "`true`: verwijder ook de klantcontacten waar geen ander onderwerpobject "
        "bij hoort.",
        "schema": {"type": "boolean"},
    },
    "If-Match": {
        "in": "header",
        "name": "If-Match",
        "description": "De ETag die het object moet hebben, anders 412.",
        "schema": {"type": "string"},
    },
    IDEMPOTENCY_KEY: {
        "in": "header",
        "name": IDEMPOTENCY_KEY,
        "description": f"Wordt niet onthouden; het antwoord zegt dat met `{IDEMPOTENCY_STATUS}`.",
        "schema": {"type": "string"},
    },
}
