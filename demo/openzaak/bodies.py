"""What Open Zaak 1.30 takes in a body, member by member."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from demo.v1.forms import EMAIL, FISCAL, URL
from demo.v1.members import Bad, Member, Shape, choice, group, moment, several, text
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


def needed(member: Member) -> Member:
    """The same, but it has to be given."""
    return Member(member.read, member.default, required=True)


def _kenmerken(value: Any, _: Any) -> list[Row]:
    if not isinstance(value, list):
        raise Bad("not_a_list")
    one = group({"kenmerk": text(40, required=True), "bron": text(40, required=True)})
    made = [one.read(each, None) for each in value]
    if any(each is None or not all(each.values()) for each in made):
        raise Bad("required")
    return made


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
    "bronorganisatie": text(form=FISCAL, required=True),
    "omschrijving": text(80),
    "toelichting": text(1000),
    "registratiedatum": day(),
    "verantwoordelijkeOrganisatie": text(form=FISCAL, required=True),
    "startdatum": day(required=True),
    "einddatumGepland": day(),
    "uiterlijkeEinddatumAfdoening": day(),
    "publicatiedatum": day(),
    "communicatiekanaal": text(1000, URL),
    "communicatiekanaalNaam": text(250),
    "productenOfDiensten": several(1000, URL),
    "vertrouwelijkheidaanduiding": choice(*CONFIDENTIAL),
    "kenmerken": Member(_kenmerken, []),
}
STATUS: Final[Shape] = {
    "datumStatusGezet": needed(moment()),
    "statustoelichting": text(1000),
}
RESULTAAT: Final[Shape] = {"toelichting": text(1000)}
CONTACT: Final[Shape] = {"contactmoment": text(1000, URL, required=True)}
KLANTCONTACT: Final[Shape] = {
    "identificatie": text(14),
    "datumtijd": needed(moment()),
    "kanaal": text(20),
    "onderwerp": text(200),
    "toelichting": text(1000),
}

_AS_IT_IS: Final = Member(lambda value, _: value, None)
_LONGEST: Final[Mapping[str, Mapping[str, Member]]] = {
    NATUURLIJK: {
        "inpBsn": text(form=FISCAL),
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
        "innNnpId": text(form=FISCAL),
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
        "roltoelichting": text(1000, required=True),
        "indicatieMachtiging": choice("gemachtigde", "machtiginggever"),
        "contactpersoonRol": group(
            {
                "emailadres": text(254, EMAIL),
                "functie": text(50),
                "telefoonnummer": text(20),
                "naam": text(200),
            }
        ),
        "beginGeldigheid": day(),
        "eindeGeldigheid": day(),
        "betrokkeneIdentificatie": group(members),
        **context,
    }
