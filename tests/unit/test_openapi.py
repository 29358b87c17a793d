"""The OpenAPI document against the one that VNG and Open Klant published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from gateway.api import openapi
from gateway.standard.table import RESOURCES
from tests.shared import shared

Facts = dict[str, Any]

SCHEMAS = {
    "actoren": "Actor",
    "actorklantcontacten": "ActorKlantcontact",
    "betrokkenen": "Betrokkene",
    "bijlagen": "Bijlage",
    "categorieen": "Categorie",
    "categorie-relaties": "CategorieRelatie",
    "digitaleadressen": "DigitaalAdres",
    "internetaken": "InterneTaak",
    "klantcontacten": "Klantcontact",
    "onderwerpobjecten": "Onderwerpobject",
    "partijen": "Partij",
    "partij-identificatoren": "PartijIdentificator",
    "rekeningnummers": "Rekeningnummer",
    "vertegenwoordigingen": "Vertegenwoordigden",
}

# Every difference that is meant, with its reason.
_NOT_CHOSEN = "a client cannot choose it: the gateway derives it from the source's key"
_ALWAYS = "uuid stands in every answer"
DIFFERENCES = {
    "partij-identificatoren.uuid readOnly": _NOT_CHOSEN,
    "partij-identificatoren required": _ALWAYS,
    "partijen.partijIdentificatoren[].uuid readOnly": _NOT_CHOSEN,
    "partijen.partijIdentificatoren[] required": _ALWAYS,
    "partijen.partijIdentificatie.uuid readOnly": _NOT_CHOSEN,
    "partijen.partijIdentificatie required": _ALWAYS,
}


@pytest.fixture(scope="module")
def published() -> Facts:
    return dict(yaml.safe_load((shared() / "contract" / "openapi.yaml").read_text()))


@pytest.fixture(scope="module")
def ours() -> Facts:
    return openapi.document(lambda _: openapi.Described(verbs=openapi.ALL_VERBS), combined=True)


@pytest.mark.shared
def test_paths_and_verbs(published: Facts, ours: Facts) -> None:
    """Every path with its verbs; ours names itself too."""
    verbs = ("get", "post", "put", "patch", "delete")
    theirs = {(p, v) for p, item in published["paths"].items() for v in item if v in verbs}
    mine = {(p, v) for p, item in ours["paths"].items() for v in item if v in verbs}
    assert {p for p, _ in theirs ^ mine} == {"/openapi.json"}


@pytest.mark.shared
@pytest.mark.parametrize("path", RESOURCES)
def test_parameters(path: str, published: Facts, ours: Facts) -> None:
    """Names, types, formats and enumerations of the parameters of a list."""
    theirs = dict(_parameters(published, path))
    mine = dict(_parameters(ours, path))
    assert mine == theirs


@pytest.mark.shared
@pytest.mark.parametrize("path", RESOURCES)
def test_schema(path: str, published: Facts, ours: Facts) -> None:
    """Types, formats, lengths, patterns, enumerations, what is required, null or read-only."""
    theirs = dict(_facts(published, _schema(published, SCHEMAS[path]), path))
    mine = dict(_facts(ours, _schema(ours, RESOURCES[path].label), path))
    differences = {
        f"{at} {what}"
        for at in theirs.keys() | mine.keys()
        for what in theirs.get(at, {}).keys() | mine.get(at, {}).keys()
        if theirs.get(at, {}).get(what) != mine.get(at, {}).get(what)
    }
    assert differences <= DIFFERENCES.keys(), {
        d: (theirs.get(d.split()[0]), mine.get(d.split()[0])) for d in differences
    }


@pytest.mark.shared
def test_bodies(published: Facts, ours: Facts) -> None:
    """Which operation takes a body, and of which attributes."""
    assert dict(_bodies(ours)) == dict(_bodies(published))


def _bodies(document: Facts) -> Iterator[tuple[str, set[str]]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                facts = _resolve(document, schema)
                options = [_resolve(document, s) for s in facts.get("oneOf", ())] or [facts]
                parts = [p for o in options for p in o.get("allOf", [o])]
                resolved = [_resolve(document, part) for part in parts]
                yield f"{verb} {path}", {n for p in resolved for n in p.get("properties", ())}


@pytest.mark.parametrize("combined", [True, False])
@pytest.mark.parametrize("verbs", [openapi.READ, openapi.ALL_VERBS, ("get", "post", "delete")])
def test_everything_that_is_referred_to_is_there(verbs: tuple[str, ...], combined: bool) -> None:
    document = openapi.document(lambda _: openapi.Described(verbs=verbs), combined=combined)
    for reference in _references(document):
        _resolve(document, {"$ref": reference})


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def test_only_what_can_be_done_is_described() -> None:
    document = openapi.document(lambda _: openapi.Described(verbs=("get", "post", "patch")))
    assert set(document["paths"]["/partijen"]) == {"get", "post"}
    assert set(document["paths"]["/partijen/{uuid}"]) == {"get", "patch", "parameters"}
    assert "/maak-klantcontact" not in document["paths"]


def test_operations_have_names_of_their_own(ours: Facts) -> None:
    names = [o["operationId"] for i in ours["paths"].values() for o in _operations(i)]
    assert len(names) == len(set(names))


def _operations(item: Facts) -> Iterator[Facts]:
    return (operation for verb, operation in item.items() if verb in openapi.ALL_VERBS)


def _parameters(document: Facts, path: str) -> Iterator[tuple[str, Facts]]:
    for given in document["paths"][f"/{path}"]["get"]["parameters"]:
        parameter = _resolve(document, given)
        schema = _resolve(document, parameter["schema"])
        items = _resolve(document, schema.get("items", {}))
        yield (
            parameter["name"],
            {
                "type": schema["type"],
                "format": schema.get("format"),
                "enum": sorted(schema.get("enum", items.get("enum", ()))),
            },
        )


def _schema(document: Facts, name: str) -> Facts:
    return dict(document["components"]["schemas"][name])


def _resolve(document: Facts, schema: Facts) -> Facts:
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        if "$ref" in schema:
            found: Any = document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        else:
            schema = {**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}}
            if "$ref" in schema:
                inner = _resolve(document, {"$ref": schema["$ref"]})
                schema = {**inner, **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


_COMPARED = (
    "type",
    "format",
    "maxLength",
    "minLength",
    "pattern",
    "minimum",
    "maximum",
    "nullable",
    "readOnly",
)


def _facts(document: Facts, given: Facts, at: str, depth: int = 0) -> Iterator[tuple[str, Facts]]:
    """What a schema says about each attribute; polymorphic ones by their common part."""
    schema = _resolve(document, given)
    if "oneOf" in schema:
        yield from _polymorphic(document, schema, at, depth)
        return
    told = {k: schema[k] for k in _COMPARED if schema.get(k)}
    if "enum" in schema:
        told["enum"] = sorted(schema["enum"])
    if schema.get("required"):
        told["required"] = sorted(schema["required"])
    yield at, told
    if depth < 3:
        for name, inner in schema.get("properties", {}).items():
            yield from _facts(document, inner, f"{at}.{name}", depth + 1)
        if schema.get("type") == "array":
            yield from _facts(document, schema["items"], f"{at}[]", depth + 1)


def _polymorphic(
    document: Facts, schema: Facts, at: str, depth: int
) -> Iterator[tuple[str, Facts]]:
    """Open Klant describes a polymorphic resource as one schema per soort; ours has the soort's
    attributes inside one schema. What all of them share is compared."""
    merged: dict[str, Facts] = {}
    for option in schema["oneOf"]:
        for part in _resolve(document, option).get("allOf", [option]):
            facts = dict(_facts(document, part, at, depth))
            for place, told in facts.items():
                merged.setdefault(place, {}).update(told)
    yield from merged.items()
