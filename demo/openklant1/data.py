"""What was left behind in the Open Klant 1 of the sample municipality, years ago."""

from datetime import UTC, datetime
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from demo.kcc.data import FULL, shared
from demo.kcc.values import Scale
from demo.v1.register import (
    CONTACTEN,
    KLANTEN,
    KLANTLINKS,
    OBJECTLINKS,
    RSIN,
    Register,
    Row,
    contacts,
    earlier,
    people,
    surname,
    trimmed,
)

PUBLIC: Final = "http://openklant1.example"
ZAKEN: Final = "https://zaken.zilverdam.example/zaken/api/v1/zaken/"
YEARS: Final = 4

_LOCAL: Final = ZoneInfo("Europe/Amsterdam")
_TYPES: Final = {"P": "natuurlijk_persoon", "B": "niet_natuurlijk_persoon", "V": "vestiging"}
_LANGUAGES: Final = {"NL": "nld", "DE": "ger", "EN": "eng", "TR": "tur", "AR": "ara"}
_CHANNELS: Final = {
    "TE": "telefoon",
    "EM": "mail",
    "BA": "balie",
    "BR": "post",
    "WF": "contactformulier",
    "CH": "chat",
}

# Some contacts came out of an older system, all of them in the same second: less than fit on a
# page, but a page may end among them.
_IMPORTED_MOST: Final = 600
_IMPORTED: Final = "2021-02-01T06:00:00Z"


def generate_register(scale: Scale = FULL) -> Register:
    """The register: the same rows for the same scale, always."""
    tables = shared(scale)
    register = Register(Random(20211030))
    known = people(tables, 2)
    urls: dict[int, str] = {}
    for klant in map(trimmed, known):
        made = register.add(KLANTEN, _klant(klant))
        urls[klant["KLANT_ID"]] = f"{PUBLIC}/klanten/api/v1/klanten/{made['uuid']}"
    colleagues = {m["MDW_CODE"]: trimmed(m) for m in tables["MEDEWERKER"]}
    zaken: dict[int, list[str]] = {}
    for link in tables["CONTACT_ZAAK"]:
        if link["ZAAK_GUID"]:
            zaken.setdefault(link["CONTACT_ID"], []).append(ZAKEN + link["ZAAK_GUID"])
    made_of: dict[int, str] = {}
    for n, contact in enumerate(contacts(tables, known)):
        row = _contact(contact, colleagues.get(contact["MDW_CODE"]))
        row["vorigContactmoment"] = made_of.pop(contact["VORIG_ID"] or 0, None)
        if n % 10 == 9 and n < _IMPORTED_MOST:
            row["registratiedatum"] = _IMPORTED
        made = register.add(CONTACTEN, row)
        made_of[contact["CONTACT_ID"]] = made["uuid"]
        _link(register, made, urls[contact["KLANT_ID"]], contact["ROL"] == "V" or n % 7 == 0)
        for zaak in dict.fromkeys(zaken.get(contact["CONTACT_ID"], ())):
            link = {"contactmoment": made["uuid"], "object": zaak, "objectType": "zaak"}
            register.add(OBJECTLINKS, link)
    return register


def _link(register: Register, contact: Row, klant: str, both: bool) -> None:
    """Who asks for himself has one link; of some it is said twice that they were there."""
    rollen = ["belanghebbende", "gesprekspartner"] if both else ["gesprekspartner"]
    for rol in rollen:
        link = {"contactmoment": contact["uuid"], "klant": klant, "rol": rol, "gelezen": False}
        register.add(KLANTLINKS, link)


def _klant(klant: Row) -> Row:
    person = klant["SRT"] == "P"
    prefix, name = surname(klant["NAAM"]) if person else ("", "")
    adres = {
        "straatnaam": klant["STRAAT"],
        "huisnummer": klant["HUISNR"] or None,
        "huisletter": klant["HUISNR_TOEV"] if len(klant["HUISNR_TOEV"]) == 1 else "",
        "huisnummertoevoeging": klant["HUISNR_TOEV"] if len(klant["HUISNR_TOEV"]) > 1 else "",
        "postcode": klant["POSTCODE"].replace(" ", ""),
        "woonplaatsnaam": klant["PLAATS"],
        "landcode": klant["LANDCODE"],
    }
    return {
        "bronorganisatie": RSIN,
        # Who was typed in by hand has a number, who came from a form a random text.
        "klantnummer": str(klant["KLANT_NR"])
        if klant["KLANT_ID"] % 3
        else f"k{klant['KLANT_ID']:05}x",
        "bedrijfsnaam": "" if person else klant["NAAM"],
        "functie": "",
        "websiteUrl": "" if person else "https://www.bedrijf.example",
        "voornaam": klant["VOORNAAM"] if person else "",
        "voorvoegselAchternaam": prefix,
        "achternaam": name,
        "telefoonnummer": klant["TEL_MOBIEL"] or klant["TEL_PRIVE"],
        "emailadres": klant["EMAIL"],
        "adres": adres if klant["STRAAT"] else None,
        "subject": "",
        "subjectType": _TYPES[klant["SRT"]],
        "aanmaakkanaal": "balie",
        "geverifieerd": klant["KLANT_ID"] % 2 == 0,
        "subjectIdentificatie": _identificatie(klant),
    }


def _identificatie(klant: Row) -> Row:
    """All that there is room for comes back, empty as it may be."""
    match klant["SRT"]:
        case "P":
            names = ("geslachtsnaam", "voorvoegselGeslachtsnaam", "voornamen")
            rest = dict.fromkeys((*names, "geslachtsaanduiding", "geboortedatum"), "")
            return {
                "inpBsn": klant["BSN"],
                "anpIdentificatie": "",
                "inpANummer": "",
                "voorletters": klant["VOORL"],
                **rest,
                "verblijfsadres": None,
                "subVerblijfBuitenland": None,
            }
        case "B":
            return {
                "innNnpId": klant["RSIN"],
                "annIdentificatie": "",
                "statutaireNaam": klant["NAAM"],
                "innRechtsvorm": "",
                "bezoekadres": "",
                "subVerblijfBuitenland": None,
            }
        case _:
            return {
                "vestigingsNummer": klant["VEST_NR"],
                "handelsnaam": [klant["NAAM"]],
                "verblijfsadres": None,
                "subVerblijfBuitenland": None,
            }


def _contact(contact: Row, colleague: Row | None) -> Row:
    moment = earlier(contact["AANMAAK"], YEARS).replace(tzinfo=_LOCAL).astimezone(UTC)
    if contact["CONTACT_ID"] % 2:
        moment = moment.replace(microsecond=contact["CONTACT_ID"] * 100)
    return {
        "vorigContactmoment": None,
        "bronorganisatie": RSIN,
        "registratiedatum": written(moment),
        "kanaal": _CHANNELS[contact["KANAAL_CD"]],
        "voorkeurskanaal": "",
        "voorkeurstaal": _LANGUAGES.get(contact["TAAL"], ""),
        "tekst": f"{contact['VRAAG']}\n{contact['ANTWOORD']}".strip(),
        "onderwerpLinks": [contact["PRODUCT_URL"]] if contact["PRODUCT_URL"] else [],
        "initiatiefnemer": {"K": "klant", "G": "gemeente"}.get(contact["INIT"], ""),
        "medewerker": "" if colleague else "https://medewerkers.zilverdam.example/1",
        "medewerkerIdentificatie": identified(colleague),
    }


def identified(colleague: Row | None) -> Row | None:
    """What a medewerker of the KCC is known by, as the APIs of ZGW write it."""
    if colleague is None:
        return None
    first, _, rest = colleague["NAAM"].partition(" ")
    *before, last = rest.split(" ")
    return {
        "identificatie": colleague["MDW_CODE"],
        "achternaam": last,
        "voorletters": first[:1] + ".",
        "voorvoegselAchternaam": " ".join(before)[:10],
    }


def written(moment: datetime) -> str:
    """A moment in UTC as the APIs of ZGW write it."""
    return moment.isoformat().replace("+00:00", "Z")
