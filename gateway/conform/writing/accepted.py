"""Bodies that are taken, and what they come back as."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from secrets import randbelow
from typing import Any, Final

from gateway.conform.server import Server
from gateway.conform.statement import Check, Seen, judged
from gateway.conform.writing.making import NOT_KEPT, body_of, can_make, post, verb
from gateway.standard.table import RESOURCES

_NAAM: Final = ("voorletters", "voornaam", "voorvoegselAchternaam", "achternaam")
_JAN: Final = {"voornaam": "Jan", "voorvoegselAchternaam": "van", "achternaam": "Dam"}
_NAMEN: Final = (
    (_JAN, "Jan van Dam"),
    ({"voornaam": "Jan", "achternaam": "Dam"}, "Jan Dam"),
    ({"achternaam": "Dam", "voorletters": "J"}, "Dam"),
    ({"voorletters": "J"}, ""),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """``about``: what it is about, in Dutch. A body with what it needs, that also ``says`` this,
    is taken, and what is made ``shows`` this."""

    resource: str
    about: str
    says: Mapping[str, Any]
    shows: Mapping[str, Any]


def accepted(*bodies: Taken) -> Check:
    """These bodies are taken, and come back as they should."""

    async def check(server: Server) -> AsyncIterator[Seen]:
        for one in bodies:
            resource = RESOURCES[one.resource]
            if resource in await server.resources() and await can_make(server, resource):
                where = f"{verb(resource)}: {one.about}"
                body = {**await body_of(server, resource), **one.says}
                answer = await post(server, resource.path, body)
                if answer.not_kept:
                    yield Seen(where, lacks=NOT_KEPT)
                    continue
                found = answer.object() if answer.status == 201 else {}
                fine = all(name in found and found[name] == v for name, v in one.shows.items())
                yield judged(where, bool(found) and fine, f"{answer.told}, of komt anders terug")

    return check


def _as_it_is(resource: str, about: str, **says: Any) -> Taken:
    return Taken(resource, about, says, says)


def _contact(about: str, name: str, sent: Any, shown: Any) -> Taken:
    return Taken("klantcontacten", about, {name: sent}, {name: shown})


def _soort(path: str, soort: str, given: Mapping[str, Any], shown: Any) -> Taken:
    by, name = {
        "partijen": ("soortPartij", "partijIdentificatie"),
        "actoren": ("soortActor", "actorIdentificatie"),
    }[path]
    return Taken(path, f"{name} van een {soort}", {by: soort, name: given}, {name: shown})


def _whole(naam: Mapping[str, str]) -> dict[str, str]:
    return {**dict.fromkeys(_NAAM, ""), **naam}


def _adres(soort: str, adres: str) -> Taken:
    about = f"een adres als {soort}"
    return _as_it_is("digitaleadressen", about, soortDigitaalAdres=soort, adres=adres)


MOMENTEN: Final = tuple(
    _contact("een moment", "plaatsgevondenOp", sent, shown)
    for sent, shown in (
        ("2024-01-01T12:00:00Z", "2024-01-01T12:00:00Z"),
        ("2024-01-01T12:00:00.120000Z", "2024-01-01T12:00:00.120000Z"),
        ("2024-06-01T12:00:00+02:00", "2024-06-01T10:00:00Z"),
        ("2024-01-01T12:00:00", "2024-01-01T12:00:00Z"),
        ("2024-01-01", "2024-01-01T00:00:00Z"),
        ("2024-01-01T12:00", "2024-01-01T12:00:00Z"),
    )
)

OMGEZET: Final = (
    *(
        _contact("een boolean", "vertrouwelijk", sent, True)
        for sent in ("true", "True", "1", 1, "yes", "on")
    ),
    *(
        _contact("een boolean", "vertrouwelijk", sent, False)
        for sent in ("false", "0", 0, "no", "off")
    ),
    _contact("een getal als tekst", "kanaal", 5, "5"),
    _contact("een getal als tekst", "kanaal", 1.5, "1.5"),
    _contact("spaties om tekst", "kanaal", "  spatie  ", "spatie"),
)

CONTACTEN: Final = (
    *(
        _as_it_is(
            "klantcontacten",
            "gelukt en verdere actie",
            indicatieContactGelukt=gelukt,
            verdereActieOndernomen=actie,
        )
        for gelukt, actie in ((True, False), (False, True), (None, True), (False, False))
    ),
    *(
        _contact("metadata", "metadata", sent, shown)
        for sent, shown in (
            ({"a": "x" * 255}, {"a": "x" * 255}),
            ({}, {}),
            ({"a": 1}, {"a": "1"}),
            ({"Een sleutel": "é"}, {"Een sleutel": "é"}),
        )
    ),
    *(
        _contact("een nummer", "nummer", number, str(number))
        for number in (10**6 + randbelow(10**8), f"-{10**6 + randbelow(10**8)}")
    ),
)

NAMEN: Final = (
    *(
        _soort(
            "partijen",
            "persoon",
            {"contactnaam": naam},
            {"contactnaam": _whole(naam), "volledigeNaam": whole},
        )
        for naam, whole in _NAMEN
    ),
    *(
        Taken("betrokkenen", "een naam", {"contactnaam": naam}, {"volledigeNaam": whole})
        for naam, whole in _NAMEN
    ),
)

SOORTEN: Final = (
    _soort("partijen", "organisatie", {"naam": "X"}, {"naam": "X"}),
    _soort("partijen", "organisatie", {"contactnaam": {"voornaam": "x"}}, None),
    _soort("partijen", "organisatie", {}, None),
    _soort("partijen", "persoon", {"naam": "x"}, None),
    _soort(
        "actoren",
        "geautomatiseerde_actor",
        {"functie": "f"},
        {"functie": "f", "omschrijving": ""},
    ),
    _soort("actoren", "organisatorische_eenheid", {"naam": "x"}, None),
    _soort(
        "actoren",
        "organisatorische_eenheid",
        {"faxnummer": "1"},
        {"omschrijving": "", "emailadres": "", "faxnummer": "1", "telefoonnummer": ""},
    ),
    _soort(
        "actoren",
        "medewerker",
        {"functie": "f", "telefoonnummer": "0612345678"},
        {"functie": "f", "emailadres": "", "telefoonnummer": "0612345678"},
    ),
)

ADRESSEN: Final = (
    *(_adres("email", adres) for adres in ("a@b.nl", "A.B+c@Sub.Domein.NL", "a@localhost")),
    *(
        _adres("telefoonnummer", adres)
        for adres in ("0612345678", "0201234567", "0881234567", "+31612345678", "0031612345678")
    ),
    _adres("overig", "@handle ☎ 1"),
)

REKENINGEN: Final = tuple(
    _as_it_is("rekeningnummers", "een IBAN", iban=iban)
    for iban in ("NL91ABNA0417164300", "NL00ABNA0417164300", "nl91abna0417164300", "XX001")
)
