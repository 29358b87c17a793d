"""The answers that operations have in common: their headers, and the problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gateway.api.guard import IDEMPOTENCY_KEY, IDEMPOTENCY_STATUS, NOT_SUPPORTED
from gateway.api.openapi.schemas import Document, ref
from gateway.api.outermost import REQUEST_ID
from gateway.api.status import BRONNEN, SERVER_TIMING
from gateway.standard import errors

READING: Final = (400, 401, 403, 404, 405, 406, 500, 502, 503, 504)
WRITING: Final = (*READING, 408, 409, 412, 413, 415)
VERSION: Final = "API-version"

_TEXT: Final[Document] = {"type": "string"}
_ALWAYS: Final = (VERSION, REQUEST_ID)
_ASKED: Final = ("Allow", BRONNEN, SERVER_TIMING)


def ok(schema: Document, *headers: str) -> Document:
    """An answer with a body, made out of what sources said."""
    return {
        "description": "Het antwoord.",
        "headers": refs(*_ASKED, *headers),
        "content": {"application/json": {"schema": schema}},
    }


def nothing(*headers: str) -> Document:
    """An answer without a body."""
    return {"description": "Verwijderd.", "headers": refs(*_ASKED, *headers)}


def refs(*headers: str) -> Document:
    """References to these headers, and to those that every answer has."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*_ALWAYS, *headers)}


def problems(statuses: Iterable[int]) -> Document:
    """References to these problems, by status."""
    return {str(s): {"$ref": f"#/components/responses/{s}"} for s in sorted(set(statuses))}


HEADERS: Final[Mapping[str, Document]] = {
    VERSION: {"description": "De versie van de API.", "schema": _TEXT},
    REQUEST_ID: {
        "description": "Het kenmerk van dit verzoek in de log van de gateway.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "Allow": {"description": "De methoden die hier kunnen.", "schema": _TEXT},
    BRONNEN: {
        "description": "De bronnen waar het antwoord van afhangt, elk met `staat` (RFC 9651); met "
        "`ontbreekt` als het antwoord zonder die bron is, met `vult-aan` als zij deze lijst niet "
        "kan geven en alleen aanvult wat andere tonen, en met `telling=grens` als `count` een "
        "grens is. Afwezig als geen bron nodig was.",
        "schema": _TEXT,
    },
    SERVER_TIMING: {
        "description": "Per bron het aantal milliseconden dat er iets gevraagd werd.",
        "schema": _TEXT,
    },
    "Location": {
        "description": "De url van wat is vastgelegd.",
        "schema": {"type": "string", "format": "uri"},
    },
    "ETag": {
        "description": "De versie van het object, voor `If-Match`. Alleen als de bron versies "
        "bijhoudt; over gerelateerde objecten zegt zij niets.",
        "schema": _TEXT,
    },
    "Retry-After": {
        "description": "Na hoeveel seconden de bron weer gevraagd kan worden, als zij dat zei.",
        "schema": _TEXT,
    },
    "WWW-Authenticate": {"description": "Hoe een token wordt meegegeven.", "schema": _TEXT},
    IDEMPOTENCY_STATUS: {
        "description": f"Op een verzoek met `{IDEMPOTENCY_KEY}`: die wordt niet onthouden, dus wie "
        "het verzoek herhaalt, legt misschien twee keer vast.",
        "schema": {"type": "string", "enum": [NOT_SUPPORTED]},
    },
}

_OF_PROBLEM: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    503: ("Retry-After",),
}


def problem_responses(statuses: Iterable[int]) -> Document:
    """The problems with these statuses."""
    return {
        str(status): {
            "description": " / ".join(
                dict.fromkeys(k.title for k in errors.KINDS if k.status == status)
            ),
            "headers": refs(*_ASKED, *_OF_PROBLEM.get(status, ()), IDEMPOTENCY_STATUS),
            "content": {
                "application/json": {"schema": ref("ValidatieFout" if status == 400 else "Fout")}
            },
        }
        for status in statuses
    }


_PROBLEM_PROPERTIES: Final[Document] = {
    "type": {"type": "string", "format": "uri"},
    "code": {"type": "string"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
    "instance": {"type": "string"},
}
PROBLEM_SCHEMAS: Final[Document] = {
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
