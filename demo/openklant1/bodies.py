"""What Open Klant 1 (tag 1.0.0) takes in a body. Found by asking the real one."""

from collections.abc import Mapping
from typing import Final

from demo.v1.forms import EMAIL, FISCAL, URL
from demo.v1.members import Shape, choice, group, moment, number, several, text, truth

_ABROAD: Final = group({})
_PERSON: Final = {
    "inpBsn": text(form=FISCAL),
    "anpIdentificatie": text(17),
    "inpANummer": text(10),
    "geslachtsnaam": text(200),
    "voorvoegselGeslachtsnaam": text(80),
    "voorletters": text(20),
    "voornamen": text(200),
    "geslachtsaanduiding": choice("m", "v", "o"),
    "geboortedatum": text(18),
    "verblijfsadres": _ABROAD,
    "subVerblijfBuitenland": _ABROAD,
}
_ORGANISATION: Final = {
    # An RSIN: the number of the KVK does not pass.
    "innNnpId": text(form=FISCAL),
    "annIdentificatie": text(17),
    "statutaireNaam": text(500),
    "innRechtsvorm": text(50),
    "bezoekadres": text(1000),
    "subVerblijfBuitenland": _ABROAD,
}
_BRANCH: Final = {
    "vestigingsNummer": text(24),
    "handelsnaam": several(625),
    "verblijfsadres": _ABROAD,
    "subVerblijfBuitenland": _ABROAD,
}
SUBJECTS: Final[Mapping[str, Shape]] = {
    "natuurlijk_persoon": _PERSON,
    "niet_natuurlijk_persoon": _ORGANISATION,
    "vestiging": _BRANCH,
}

_ADRES: Final = {
    "straatnaam": text(100),
    "huisnummer": number(),
    "huisletter": text(1),
    "huisnummertoevoeging": text(4),
    "postcode": text(7),
    "woonplaatsnaam": text(80),
    "landcode": text(4),
}


def klant(subject_type: str) -> Shape:
    """Of a klant of this kind."""
    return {
        "bronorganisatie": text(form=FISCAL, required=True),
        "klantnummer": text(8, required=True),
        "bedrijfsnaam": text(200),
        "functie": text(200),
        "websiteUrl": text(1000, URL),
        "voornaam": text(200),
        "voorvoegselAchternaam": text(10),
        "achternaam": text(200),
        "telefoonnummer": text(20),
        "emailadres": text(254, EMAIL),
        "adres": group(_ADRES),
        "subject": text(1000),
        "subjectType": choice(*SUBJECTS),
        "aanmaakkanaal": text(50),
        "geverifieerd": truth(),
        "subjectIdentificatie": group(SUBJECTS.get(subject_type, {}), nullable=False),
    }


CONTACT: Final[Shape] = {
    "bronorganisatie": text(form=FISCAL, required=True),
    "registratiedatum": moment(),
    "kanaal": text(50),
    "voorkeurskanaal": text(50),
    "voorkeurstaal": text(3),
    "tekst": text(),
    "onderwerpLinks": several(1000, URL),
    "initiatiefnemer": choice("gemeente", "klant"),
    "medewerker": text(1000, URL),
    "medewerkerIdentificatie": group(
        {
            "identificatie": text(24),
            "achternaam": text(200),
            "voorletters": text(20),
            "voorvoegselAchternaam": text(10),
        }
    ),
}
KLANT_LINK: Final[Shape] = {
    "klant": text(1000, URL, required=True),
    "rol": choice("belanghebbende", "gesprekspartner", required=True),
    "gelezen": truth(),
}
OBJECT_LINK: Final[Shape] = {
    "object": text(1000, URL, required=True),
    "objectType": choice("zaak", required=True),
}
