"""The formats of the rule language, by the name they have in a mapping file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.mapping.formats.base import Format, Sources, Unreadable
from gateway.mapping.formats.codes import Land, Taal
from gateway.mapping.formats.moments import Datum, Tijdstip
from gateway.mapping.formats.numbers import Bsn, Cijfers, Jaarnummer, Nummer, Telefoon
from gateway.mapping.formats.text import (
    Achternaam,
    JsonObject,
    Postcode,
    Trim,
    Tussenvoegsel,
    as_json,
    as_map,
)

__all__ = [
    "FORMATS",
    "Achternaam",
    "Bsn",
    "Cijfers",
    "Datum",
    "Format",
    "JsonObject",
    "Land",
    "Postcode",
    "Sources",
    "Taal",
    "Telefoon",
    "Tijdstip",
    "Trim",
    "Tussenvoegsel",
    "Unreadable",
    "as_json",
    "as_map",
    "make",
]

FORMATS: Final[Mapping[str, type[Format]]] = {
    "trim": Trim,
    "bsn": Bsn,
    "cijfers": Cijfers,
    "nummer": Nummer,
    "jaarnummer": Jaarnummer,
    "postcode": Postcode,
    "telefoon": Telefoon,
    "tussenvoegsel": Tussenvoegsel,
    "achternaam": Achternaam,
    "datum": Datum,
    "tijdstip": Tijdstip,
    "taal": Taal,
    "land": Land,
    "json-object": JsonObject,
}


def make(name: str, options: Mapping[str, Any]) -> Format:
    """The format with that name. Raises ``KeyError`` (name), ``ValidationError`` (options)."""
    return FORMATS[name](**options)
