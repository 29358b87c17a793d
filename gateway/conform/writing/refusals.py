"""Rules between attributes and objects, each with a body that breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_BSN: Final = ("natuurlijk_persoon", "bsn", "brp")
_RSIN: Final = ("niet_natuurlijk_persoon", "rsin", "hr")
_KVK: Final = ("niet_natuurlijk_persoon", "kvk_nummer", "hr")
_VESTIGING: Final = ("vestiging", "vestigingsnummer", "hr")


@dataclass(frozen=True, slots=True)
class Rule:
    """``about``: what it is about, in Dutch. A body with what it needs, that also ``says`` this
    and does not have the attributes in ``without``, is refused with ``code`` on ``name``; with
    ``reason``, where that is told."""

    resource: str
    about: str
    name: str
    code: str = "invalid"
    says: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    reason: str = ""


def identificator(codes: tuple[str, str, str], number: str) -> dict[str, str]:
    """An identificator of a kind: objecttype, soort and register."""
    names = ("codeObjecttype", "codeSoortObjectId", "codeRegister")
    return {**dict(zip(names, codes, strict=True)), "objectId": number}


def _number(about: str, codes: tuple[str, str, str], number: str, name: str = "ObjectId") -> Rule:
    says = {"partijIdentificator": identificator(codes, number)}
    return Rule("partij-identificatoren", about, "partijIdentificator" + name, says=says)


def _adres(soort: str, adres: str) -> Rule:
    says = {"soortDigitaalAdres": soort, "adres": adres}
    return Rule("digitaleadressen", f"een adres als {soort}", "adres", says=says)


def _contact(about: str, name: str, code: str = "invalid", **says: Any) -> Rule:
    return Rule("klantcontacten", about, name, code, says)


def _metadata(about: str, value: Any, name: str, code: str) -> Rule:
    return _contact(f"metadata: {about}", name, code, metadata=value)


def _partij(about: str, name: str, code: str = "invalid", **says: Any) -> Rule:
    return Rule("partijen", about, name, code, says)


def _adresregel(name: str, value: object, code: str = "invalid") -> Rule:
    return _partij(f"een {name}", f"bezoekadres.{name}", code, bezoekadres={name: value})


def _actor(soort: str, says: Mapping[str, str], name: str, code: str = "required") -> Rule:
    body = {"soortActor": soort, "actorIdentificatie": says}
    about = f"actorIdentificatie van een {soort}"
    return Rule("actoren", about, f"actorIdentificatie.{name}", code, body)


IDENTIFICATOREN: Final = (
    _number("de 11-proef van een BSN", _BSN, "123456789"),
    _number("de lengte van een BSN", _BSN, "12345678"),
    _number("de lengte van een BSN", _BSN, "1234567890"),
    _number("letters in een BSN", _BSN, "12345678a"),
    _number("een spatie in een BSN", _BSN, "11122233 "),
    _number("de 11-proef van een RSIN", _RSIN, "123456789"),
    _number("de lengte van een RSIN", _RSIN, "12345"),
    _number("letters in een RSIN", _RSIN, "12345678x"),
    _number("de lengte van een KvK-nummer", _KVK, "1234567"),
    _number("de lengte van een KvK-nummer", _KVK, "123456789"),
    _number("letters in een KvK-nummer", _KVK, "1234567a"),
    _number(
        "register en objecttype",
        ("natuurlijk_persoon", "bsn", "hr"),
        "111222333",
        "CodeObjecttype",
    ),
    _number(
        "register en objecttype",
        ("niet_natuurlijk_persoon", "kvk_nummer", "brp"),
        "12345678",
        "CodeObjecttype",
    ),
    _number(
        "objecttype en soort",
        ("niet_natuurlijk_persoon", "bsn", "hr"),
        "111222333",
        "CodeSoortObjectId",
    ),
    _number(
        "objecttype en soort",
        ("vestiging", "kvk_nummer", "hr"),
        "12345678",
        "CodeSoortObjectId",
    ),
    _number(
        "objecttype en soort",
        ("natuurlijk_persoon", "rsin", "brp"),
        "111222333",
        "CodeSoortObjectId",
    ),
    Rule(
        "partij-identificatoren",
        "een vestiging zonder KvK-nummer",
        "subIdentificatorVan",
        says={"partijIdentificator": identificator(_VESTIGING, "000012345678")},
    ),
)

ADRESSEN: Final = (
    *(_adres("email", adres) for adres in ("a", "a@b", "a b@c.nl", "é@b.nl", "@b.nl")),
    *(
        _adres("telefoonnummer", adres)
        for adres in (
            *("06 12345678", "06-12345678", "0800123456", "0900123456", "14030", "1400", "112"),
            *("+123", "+31 612345678", "0012", "00612345678901234", "abc"),
        )
    ),
    Rule(
        "digitaleadressen",
        "een standaardadres van niemand",
        "isStandaardAdres",
        says={"isStandaardAdres": True},
    ),
    Rule(
        "digitaleadressen",
        "een referentie met een spatie",
        "referentie",
        says={"referentie": "met spatie"},
    ),
)

REKENINGEN: Final = (
    *(
        Rule("rekeningnummers", "de vorm van een IBAN", "iban", says={"iban": iban})
        for iban in ("XX00", "NL91 ABNA 0417", "1234", "NL9")
    ),
    Rule("rekeningnummers", "de lengte van een BIC", "bic", "min_length", {"bic": "ABC"}),
    Rule("rekeningnummers", "een BIC met een spatie", "bic", "invalid", {"bic": "ABC DEFGH"}),
)

CONTACTEN: Final = (
    _contact(
        "gelukt, en toch verdere actie",
        "nonFieldErrors",
        "no-further-action-when-contact-succesful",
        indicatieContactGelukt=True,
        verdereActieOndernomen=True,
    ),
    _contact("een nummer met een punt", "nummer", nummer="1.5"),
    _contact("een nummer met letters", "referentienummer", referentienummer="abc"),
    _contact("een nummer dat te lang is", "nummer", "max_length", nummer="12345678901"),
    _contact("een onderwerp dat geen url is", "hoofdOnderwerpType", hoofdOnderwerpType="geen-url"),
    _metadata("null", {"a": None}, "metadata.a", "null"),
    _metadata("te lang", {"a": "x" * 256}, "metadata.a", "max_length"),
    _metadata("een object", {"a": {"b": "c"}}, "metadata.a", "invalid"),
    _metadata("geen tekst", {"a": True}, "metadata.a", "invalid"),
    _metadata("leeg", {"a": ""}, "metadata.a", "blank"),
    _metadata("een lijst", [], "metadata", "not_a_dict"),
    *(
        _contact("een moment", "plaatsgevondenOp", plaatsgevondenOp=moment)
        for moment in ("01-01-2024", 1704110400, "2024-13-01T00:00:00Z", "morgen")
    ),
    _contact("een boolean als tekst", "kanaal", kanaal=True),
    _contact("een lijst als tekst", "kanaal", kanaal=[]),
    _contact("een object als tekst", "kanaal", kanaal={}),
)

TAKEN: Final = (
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
        "internetaken",
        "van niemand",
        "toegewezenAanActor",
        "null",
        {"toegewezenAanActor": None},
        without=("toegewezenAanActoren",),
    ),
    Rule(
        "internetaken",
        "zonder actoren",
        "nonFieldErrors",
        without=("toegewezenAanActoren",),
    ),
)

SOORTEN: Final = (
    _actor("medewerker", {"functie": "conform"}, "telefoonnummer"),
    _actor("medewerker", {"telefoonnummer": "0612345678"}, "functie"),
    _actor("geautomatiseerde_actor", {"omschrijving": "conform"}, "functie"),
    _actor(
        "medewerker",
        {"functie": "conform", "telefoonnummer": "06"},
        "telefoonnummer",
        "invalid",
    ),
    _actor(
        "medewerker",
        {"functie": "conform", "telefoonnummer": "0612345678", "emailadres": "x"},
        "emailadres",
        "invalid",
    ),
    _partij(
        "een deel van een naam dat te lang is",
        "partijIdentificatie.contactnaam.voorvoegselAchternaam",
        "max_length",
        soortPartij="persoon",
        partijIdentificatie={"contactnaam": {"voorvoegselAchternaam": "x" * 11}},
    ),
)

WAARDEN: Final = (
    _adresregel("land", "XX"),
    _adresregel("land", "nl"),
    _adresregel("postcode", "1234AB"),
    _adresregel("nummeraanduidingId", "123"),
    _adresregel("huisnummer", 100000, "max_value"),
    Rule(
        "digitaleadressen",
        "een datum met een tijd",
        "verificatieDatum",
        says={"verificatieDatum": "2024-01-01T00:00:00Z"},
    ),
    Rule("categorie-relaties", "een maand 13", "beginDatum", says={"beginDatum": "2024-13-01"}),
    Rule("categorie-relaties", "dag eerst", "eindDatum", says={"eindDatum": "01-01-2024"}),
    Rule("internetaken", "een moment", "afgehandeldOp", says={"afgehandeldOp": "gisteren"}),
)


def _told(reason: str, name: str, code: str, **says: Any) -> Rule:
    return Rule("klantcontacten", "hoe het gezegd wordt", name, code, says, reason=reason)


TEKSTEN: Final = (
    Rule(
        "klantcontacten",
        "hoe het gezegd wordt",
        "kanaal",
        "required",
        without=("kanaal",),
        reason="Dit veld is vereist.",
    ),
    _told("Dit veld mag niet leeg zijn.", "kanaal", "null", kanaal=None),
    _told("Dit veld mag niet leeg zijn.", "kanaal", "blank", kanaal=""),
    _told(
        "Zorg ervoor dat dit veld niet meer dan 50 karakters bevat.",
        "kanaal",
        "max_length",
        kanaal="x" * 51,
    ),
    _told("Must be a valid boolean.", "vertrouwelijk", "invalid", vertrouwelijk="x"),
    _told("Not a valid string.", "kanaal", "invalid", kanaal={}),
    _told("Voer een geldige URL in.", "hoofdOnderwerpType", "invalid", hoofdOnderwerpType="x"),
    _told("Voer een geldig geheel getal in.", "nummer", "invalid", nummer="x"),
    Rule(
        "betrokkenen",
        "hoe het gezegd wordt",
        "rol",
        "invalid_choice",
        {"rol": "x"},
        reason='"x" is een ongeldige keuze.',
    ),
    Rule(
        "betrokkenen",
        "hoe het gezegd wordt",
        "hadKlantcontact.uuid",
        "invalid",
        {"hadKlantcontact": {"uuid": "00000000-0000-4000-8000-000000000000"}},
        reason="Klantcontact object bestaat niet.",
    ),
)
