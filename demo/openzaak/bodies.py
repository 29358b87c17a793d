"""What Open Zaak 1.30 takes in a body, member by member."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from demo.v1.answers import Refused
from demo.v1.forms import EMAIL, FISCAL, URL
from demo.v1.members import Bad, Member, Shape, Wrong, choice, group, moment, row_of, several, text
from demo.v1.register import Row

from . import rollen
from .rollen import EENHEID, MEDEWERKER, NATUURLIJK, NIET_NATUURLIJK, VESTIGING


def day(*, required: bool = False) -> Member:
    """A day, or `null` where it is not required."""

    def read(value: Any, _: Any) -> str | None:
        if value is None and not required:
            return None
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise Bad("null" if value is None else "invalid") from None

    return Member(read, None, required)


def _fiscal(rsin: bool) -> Callable[[Any, Any], str]:
    """Reads a BSN or RSIN, of which more than one thing can be wrong at once."""
    plain = text()

    def read(value: Any, kept: Any) -> str:
        made: str = plain.read(value, kept)
        code = FISCAL.wrong(made) if made else None
        if rsin and not made:
            raise Bad("blank")
        codes = [("invalid" if rsin or code == "invalid-length" else code)] if code else []
        codes += ["min_length"] if 0 < len(made) < 9 else []
        codes += ["max_length"] if len(made) > 9 else []
        if codes:
            raise Bad(wrong=[("", code, "Voer een geldige waarde in.") for code in codes])
        return made

    return read


def _fetched(value: Any, kept: Any) -> str:
    """A url that is asked for what it leads to; of what is none, both things are told."""
    made: str = text(1000).read(value, kept)
    if made and URL.wrong(made):
        codes = ("bad-url", "invalid")
        raise Bad(wrong=[("", code, "Voer een geldige waarde in.") for code in codes])
    return made


RSIN: Final = Member(_fiscal(rsin=True), required=True)
BSN: Final = Member(_fiscal(rsin=False))


def _moment(value: Any, kept: Any) -> str:
    """A moment; a day is the beginning of it."""
    whole = isinstance(value, str) and len(value) == 10
    made: str = moment().read(f"{value}T00:00:00Z" if whole else value, kept)
    return made


def _kenmerken(value: Any, _: Any) -> list[Row]:
    if not isinstance(value, list):
        raise Bad(wrong=[("nonFieldErrors", "not_a_list", "Geen lijst.")])
    members = {"kenmerk": text(40, required=True), "bron": text(40, required=True)}
    made: list[Row] = []
    wrong: Wrong = []
    for place, each in enumerate(value):
        try:
            made.append(row_of(members, each, None, partly=False))
        except Refused as refused:
            wrong += [(f"{place}.{name}", code, why) for name, code, why in refused.params]
    if wrong:
        raise Bad(wrong=wrong)
    return made


def _contactpersoon(value: Any, kept: Any) -> Row:
    """Without a name there is nobody, and nobody takes nobody's place."""
    if value is None:
        return kept or dict(rollen.CONTACTPERSOON)
    members = {
        "emailadres": text(254, EMAIL),
        "functie": text(50),
        "telefoonnummer": text(20),
        "naam": text(200, required=True),
    }
    try:
        return row_of(members, value, None, partly=False)
    except Refused as refused:
        raise Bad(wrong=list(refused.params)) from None


CONFIDENTIAL: Final = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)
"""From what anybody may see to what hardly anybody may."""

ZAAK: Final[Shape] = {
    "identificatie": text(40),
    "bronorganisatie": RSIN,
    "omschrijving": text(80),
    "toelichting": text(1000),
    "registratiedatum": Member(day(required=True).read, None),
    "verantwoordelijkeOrganisatie": RSIN,
    "startdatum": day(required=True),
    "einddatumGepland": day(),
    "uiterlijkeEinddatumAfdoening": day(),
    "publicatiedatum": day(),
    "communicatiekanaal": Member(_fetched),
    "communicatiekanaalNaam": text(250),
    "productenOfDiensten": several(1000, URL),
    "vertrouwelijkheidaanduiding": Member(choice(*CONFIDENTIAL, required=True).read),
    "kenmerken": Member(_kenmerken, []),
}
STATUS: Final[Shape] = {
    "datumStatusGezet": Member(_moment, required=True),
    "statustoelichting": text(1000),
}
RESULTAAT: Final[Shape] = {"toelichting": text(1000)}
CONTACT: Final[Shape] = {"contactmoment": Member(_fetched, required=True)}
KLANTCONTACT: Final[Shape] = {
    "identificatie": Member(text(14, required=True).read),
    "datumtijd": Member(_moment, required=True),
    "kanaal": text(20),
    "onderwerp": text(200),
    "toelichting": text(1000),
}

_AS_IT_IS: Final = Member(lambda value, _: value, None)
_LONGEST: Final[Mapping[str, Mapping[str, Member]]] = {
    NATUURLIJK: {
        "inpBsn": BSN,
        "anpIdentificatie": text(17),
        "inpA_nummer": text(10),
        "geslachtsnaam": text(200),
        "voorvoegselGeslachtsnaam": text(80),
        "voorletters": text(20),
        "voornamen": text(200),
        "geslachtsaanduiding": choice("m", "v", "o"),
        "geboortedatum": text(18),
    },
    NIET_NATUURLIJK: {
        "innNnpId": BSN,
        "annIdentificatie": text(17),
        "kvkNummer": text(8),
        "vestigingsNummer": text(24),
        "statutaireNaam": text(500),
        "innRechtsvorm": text(50),
        "bezoekadres": text(1000),
    },
    VESTIGING: {
        "vestigingsNummer": text(24),
        "handelsnaam": several(625),
        "kvkNummer": text(8),
    },
    EENHEID: {
        "identificatie": text(255),
        "naam": text(255),
        "isGehuisvestIn": text(255),
    },
    MEDEWERKER: {
        "identificatie": text(128),
        "achternaam": text(200),
        "voorletters": text(20),
        "voorvoegselAchternaam": text(10),
    },
}


def rol(kind: str) -> Shape:
    """Of a rol of this kind of betrokkene."""
    known = rollen.SHAPES.get(kind, {})
    members = {name: _LONGEST[kind].get(name, _AS_IT_IS) for name in known}
    context = {"authenticatieContext": _AS_IT_IS} if kind in rollen.MANDATED else {}
    return {
        "betrokkene": text(1000, URL),
        "betrokkeneType": choice(*rollen.SHAPES, required=True),
        "afwijkendeNaamBetrokkene": text(625),
        "roltoelichting": text(1000),
        "indicatieMachtiging": choice("gemachtigde", "machtiginggever"),
        "contactpersoonRol": Member(_contactpersoon, dict(rollen.CONTACTPERSOON)),
        "beginGeldigheid": day(),
        "eindeGeldigheid": day(),
        "betrokkeneIdentificatie": group(members, nullable=False),
        **context,
    }
