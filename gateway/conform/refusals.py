"""Rules between attributes and objects, each with a body that breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_BSN: Final = {
    "codeObjecttype": "natuurlijk_persoon",
    "codeSoortObjectId": "bsn",
    "codeRegister": "brp",
}
_KVK: Final = {
    "codeObjecttype": "niet_natuurlijk_persoon",
    "codeSoortObjectId": "kvk_nummer",
    "codeRegister": "hr",
}
_VESTIGING: Final = {
    "codeObjecttype": "vestiging",
    "codeSoortObjectId": "vestigingsnummer",
    "codeRegister": "hr",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """``about``: what it is about, in Dutch. A body with what it needs, that also ``says`` this,
    and says of the attributes in ``same`` what it says of others, is refused with ``code`` on
    ``name``."""

    resource: str
    about: str
    name: str
    code: str = "invalid"
    says: Mapping[str, Any] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)


def _number(about: str, codes: Mapping[str, str], number: str, name: str = "ObjectId") -> Rule:
    says = {"partijIdentificator": {**codes, "objectId": number}}
    return Rule("partij-identificatoren", about, "partijIdentificator" + name, says=says)


def _adres(soort: str, adres: str) -> Rule:
    says = {"soortDigitaalAdres": soort, "adres": adres}
    return Rule("digitaleadressen", f"een adres als {soort}", "adres", says=says)


RULES: Final = (
    _number("de 11-proef van een BSN", _BSN, "123456789"),
    _number("de lengte van een BSN", _BSN, "12345678"),
    _number("de lengte van een KvK-nummer", _KVK, "1234567"),
    _number("letters in een KvK-nummer", _KVK, "1234567a"),
    _number(
        "register en objecttype", {**_BSN, "codeRegister": "hr"}, "111222333", "CodeObjecttype"
    ),
    _number(
        "objecttype en soort",
        {**_KVK, "codeSoortObjectId": "bsn"},
        "111222333",
        "CodeSoortObjectId",
    ),
    Rule(
        "partij-identificatoren",
        "een vestiging zonder KvK-nummer",
        "subIdentificatorVan",
        says={"partijIdentificator": {**_VESTIGING, "objectId": "000012345678"}},
    ),
    _adres("email", "geen-adres"),
    _adres("telefoonnummer", "12"),
    _adres("telefoonnummer", "0900123456"),
    Rule(
        "digitaleadressen",
        "een standaardadres van niemand",
        "isStandaardAdres",
        says={"isStandaardAdres": True},
    ),
    Rule(
        "klantcontacten",
        "gelukt, en toch verdere actie",
        "nonFieldErrors",
        "no-further-action-when-contact-succesful",
        {"indicatieContactGelukt": True, "verdereActieOndernomen": True},
    ),
    Rule(
        "internetaken",
        "afgehandeld voordat zij verwerkt is",
        "afgehandeldOp",
        says={"afgehandeldOp": "2024-01-01T12:00:00Z"},
    ),
    Rule(
        "internetaken",
        "van niemand",
        "toegewezenAanActoren",
        "null",
        {"toegewezenAanActoren": None},
    ),
    Rule(
        "vertegenwoordigingen",
        "iemand die zichzelf vertegenwoordigt",
        "vertegenwoordigdePartij",
        same={"vertegenwoordigdePartij": "vertegenwoordigendePartij"},
    ),
    Rule("rekeningnummers", "de vorm van een IBAN", "iban", says={"iban": "NL9"}),
    Rule("rekeningnummers", "de lengte van een BIC", "bic", "min_length", {"bic": "ABC"}),
    Rule(
        "partijen",
        "een land dat er niet is",
        "bezoekadres.land",
        says={"bezoekadres": {"land": "XX"}},
    ),
    Rule(
        "partijen",
        "de vorm van een postcode",
        "bezoekadres.postcode",
        says={"bezoekadres": {"postcode": "1234AB"}},
    ),
    Rule(
        "actoren",
        "een medewerker zonder telefoonnummer",
        "actorIdentificatie.telefoonnummer",
        "required",
        {"soortActor": "medewerker", "actorIdentificatie": {"functie": "conform"}},
    ),
)
