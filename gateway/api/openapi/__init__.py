"""The OpenAPI document, generated from the table of the standard.

It describes this installation: the verbs that are answered, the sources behind each resource and
how its filters fare (``x-gateway``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gateway.api.openapi import operations
from gateway.api.openapi.answers import HEADERS, PROBLEM_SCHEMAS, WRITING, problem_responses
from gateway.api.openapi.operations import ALL_VERBS, PARAMETERS, READ, Described
from gateway.api.openapi.schemas import Document, schemas
from gateway.standard.model import Resource
from gateway.standard.table import API_VERSION, BASE_PATH, RESOURCES

__all__ = ["ALL_VERBS", "READ", "Describe", "Described", "Document", "document"]

Describe = Callable[[Resource], Described]


def document(
    describe: Describe,
    origin: str = "https://gateway.example",
    contact: Mapping[str, str] = MappingProxyType({}),
    *,
    combined: bool = False,
) -> Document:
    """The OpenAPI 3.0 document. ``origin`` is the scheme and host of the server, ``contact`` the
    name, email and url of who runs it; ``combined``: whether maak-klantcontact can be done."""
    paths: Document = {}
    verbs: set[str] = set()
    for resource in RESOURCES.values():
        told = describe(resource)
        verbs |= set(told.verbs)
        paths |= operations.paths(resource, told)
    if combined:
        paths["/maak-klantcontact"] = {"post": operations.contact()}
    paths["/openapi.json"] = {"get": operations.self_description()}
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
        "tags": [{"name": path} for path in (*RESOURCES, "maak-klantcontact", "openapi")],
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
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": problem_responses(WRITING),
            "schemas": {
                **schemas(patched="patch" in verbs, contact=combined),
                **PROBLEM_SCHEMAS,
            },
        },
    }
