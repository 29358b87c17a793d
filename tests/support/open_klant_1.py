"""What Open Klant 1 (tag 1.0.0) refuses, and why: so does the fake."""

from __future__ import annotations

from typing import Any, Final

from demo.openklant1.data import PUBLIC
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS

_OWN: Final = f"{PUBLIC}/contactmomenten/api/v1/contactmomenten"

NEW_KLANT: Final = {
    "bronorganisatie": "820151130",
    "klantnummer": "nieuw1",
    "subjectType": "natuurlijk_persoon",
    "subjectIdentificatie": {"inpBsn": "999990482"},
}

NEW_CONTACT: Final = {
    "bronorganisatie": "820151130",
    "medewerkerIdentificatie": {"identificatie": "x1"},
}

REFUSED_VALUES: Final[list[tuple[str, dict[str, str], str]]] = [
    (KLANTEN, {"bronorganisatie": "niets"}, "only-digits"),
    (KLANTEN, {"bronorganisatie": "12345678"}, "invalid-length"),
    (KLANTEN, {"bronorganisatie": "123456789"}, "invalid"),
    (KLANTEN, {"subjectType": "mens"}, "invalid_choice"),
    (KLANTEN, {"achternaam": "a\0b"}, "null_characters_not_allowed"),
    (CONTACTEN, {"initiatiefnemer": " klant "}, "invalid_choice"),
    (CONTACTEN, {"medewerker": "iemand"}, "invalid"),
    (CONTACTEN, {"vorigContactmoment": ""}, "invalid"),
    (CONTACTEN, {"registratiedatum": "2021-02-01"}, "invalid"),
    (CONTACTEN, {"registratiedatum__gt": "20210201T060000Z"}, "invalid"),
    (KLANTLINKS, {"klant": "een klant"}, "invalid"),
    (KLANTLINKS, {"rol": "ander"}, "invalid_choice"),
    (OBJECTLINKS, {"object": "https://zaken.zilverdam.example/a b"}, "invalid"),
    (OBJECTLINKS, {"objectType": "ding"}, "invalid_choice"),
]
"""Of a list a parameter with its value, and the code."""

REFUSED_KLANTEN: Final[list[tuple[dict[str, Any], set[tuple[str, str]]]]] = [
    ({"klantnummer": "123456789"}, {("klantnummer", "max_length")}),
    ({"klantnummer": ""}, {("klantnummer", "blank")}),
    ({"bronorganisatie": "123456789"}, {("bronorganisatie", "invalid")}),
    ({"subjectIdentificatie": None}, {("subjectIdentificatie", "null")}),
    ({"subjectIdentificatie": {}}, {("nonFieldErrors", "invalid-subject")}),
    (
        {"subjectIdentificatie": {"vestigingsNummer": "1"}},
        {("nonFieldErrors", "invalid-subject")},
    ),
    (
        {"subjectIdentificatie": {"inpBsn": "1"}},
        {("subjectIdentificatie.inpBsn", "invalid-length")},
    ),
    ({"subjectType": ""}, {("nonFieldErrors", "invalid-subject")}),
    ({"subjectType": "", "emailadres": "x"}, {("emailadres", "invalid")}),
    (
        {"subjectType": "mens", "emailadres": "nergens"},
        {("subjectType", "invalid_choice"), ("emailadres", "invalid")},
    ),
    ({"telefoonnummer": None}, {("telefoonnummer", "null")}),
    ({"telefoonnummer": True}, {("telefoonnummer", "invalid")}),
    ({"websiteUrl": "nergens"}, {("websiteUrl", "invalid")}),
    ({"subject": "https://x.example/1"}, {("subject", "bad-url")}),
    ({"geverifieerd": "ja"}, {("geverifieerd", "invalid")}),
    ({"adres": "thuis"}, {("adres.nonFieldErrors", "invalid")}),
    (
        {"adres": {"huisnummer": "x", "huisletter": "ab"}},
        {("adres.huisnummer", "invalid"), ("adres.huisletter", "max_length")},
    ),
    ({"adres": {"huisnummer": 100_000}}, {("adres.huisnummer", "max_value")}),
]
"""What is otherwise than in a new klant that is right, and the names and codes of what is wrong."""

REFUSED_CONTACTS: Final[list[tuple[dict[str, Any], str, str]]] = [
    ({"registratiedatum": "2026-10-01"}, "registratiedatum", "invalid"),
    ({"registratiedatum": None}, "registratiedatum", "null"),
    ({"onderwerpLinks": "x"}, "onderwerpLinks", "not_a_list"),
    ({"onderwerpLinks": ["x"]}, "onderwerpLinks.0", "invalid"),
    (
        {"medewerkerIdentificatie": {"identificatie": "x" * 25}},
        "medewerkerIdentificatie.identificatie",
        "max_length",
    ),
    ({"initiatiefnemer": "ander"}, "initiatiefnemer", "invalid_choice"),
    ({"initiatiefnemer": None}, "initiatiefnemer", "null"),
    ({"vorigContactmoment": "x"}, "vorigContactmoment", "no_match"),
    (
        {"vorigContactmoment": "http://a.example/klanten/api/v1/klanten/1"},
        "vorigContactmoment",
        "incorrect_match",
    ),
    (
        {"vorigContactmoment": f"{_OWN}/1"},
        "vorigContactmoment",
        "invalid",
    ),
    (
        {"vorigContactmoment": f"{_OWN}/00000000-0000-4000-8000-000000000000"},
        "vorigContactmoment",
        "does_not_exist",
    ),
]
"""The same of a contactmoment: name and code."""
