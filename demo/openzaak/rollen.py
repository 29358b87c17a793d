"""Who a zaak is about and who handles it: klanten and medewerkers of the KCC, as betrokkenen."""

from collections.abc import Mapping
from typing import Any, Final

from demo.openklant1.data import identified
from demo.v1.register import Row, surname, trimmed

_DIGITS: Final = {"BSN": 9, "RSIN": 9, "KVK_NR": 8, "VEST_NR": 12}

NATUURLIJK: Final = "natuurlijk_persoon"
NIET_NATUURLIJK: Final = "niet_natuurlijk_persoon"
VESTIGING: Final = "vestiging"
MEDEWERKER: Final = "medewerker"
EENHEID: Final = "organisatorische_eenheid"

SHAPES: Final[Mapping[str, Mapping[str, Any]]] = {
    NATUURLIJK: {
        "inpBsn": "",
        "anpIdentificatie": "",
        "inpA_nummer": "",
        "geslachtsnaam": "",
        "voorvoegselGeslachtsnaam": "",
        "voorletters": "",
        "voornamen": "",
        "geslachtsaanduiding": "",
        "geboortedatum": "",
        "verblijfsadres": None,
        "subVerblijfBuitenland": None,
    },
    NIET_NATUURLIJK: {
        "innNnpId": "",
        "annIdentificatie": "",
        "kvkNummer": "",
        "vestigingsNummer": "",
        "statutaireNaam": "",
        "innRechtsvorm": "",
        "bezoekadres": "",
        "verblijfsadres": None,
        "subVerblijfBuitenland": None,
    },
    VESTIGING: {
        "vestigingsNummer": "",
        "handelsnaam": [],
        "verblijfsadres": None,
        "subVerblijfBuitenland": None,
        "kvkNummer": "",
    },
    EENHEID: {"identificatie": "", "naam": "", "isGehuisvestIn": ""},
    MEDEWERKER: {
        "identificatie": "",
        "achternaam": "",
        "voorletters": "",
        "voorvoegselAchternaam": "",
    },
}
"""By kind of betrokkene all that there is room for; it comes back, empty as it may be."""

CONTACTPERSOON: Final = {"emailadres": "", "functie": "", "telefoonnummer": "", "naam": ""}
MANDATED: Final = (NATUURLIJK, NIET_NATUURLIJK, VESTIGING)
"""Of these the API also says how they made themselves known."""


def whole(klant: Row) -> Row:
    """A klant with trimmed texts, and with all digits of his numbers, of which the KCC dropped
    zeros."""
    row = trimmed(klant)
    return row | {name: row[name].zfill(n) for name, n in _DIGITS.items() if row[name]}


def betrokkene(klant: Row) -> tuple[str, Row] | None:
    """The kind of a klant and what identifies him; `None` when he has no number."""
    match klant["SRT"]:
        case "P" if klant["BSN"]:
            prefix, name = surname(klant["NAAM"])
            return NATUURLIJK, {
                "inpBsn": klant["BSN"],
                "geslachtsnaam": name,
                "voorvoegselGeslachtsnaam": prefix,
                "voorletters": klant["VOORL"],
                "voornamen": klant["VOORNAAM"],
            }
        case "B" if klant["RSIN"] or klant["KVK_NR"]:
            return NIET_NATUURLIJK, {
                "innNnpId": klant["RSIN"],
                "kvkNummer": klant["KVK_NR"],
                "statutaireNaam": klant["NAAM"],
            }
        case "V" if klant["VEST_NR"] and klant["KLANT_ID"] % 2:
            return VESTIGING, {
                "vestigingsNummer": klant["VEST_NR"],
                "handelsnaam": [klant["NAAM"]],
                "kvkNummer": klant["KVK_NR"],
            }
        case "V" if klant["VEST_NR"]:
            # As Open Zaak wants it by now: a vestiging is a company with two numbers.
            return NIET_NATUURLIJK, {
                "kvkNummer": klant["KVK_NR"],
                "vestigingsNummer": klant["VEST_NR"],
                "statutaireNaam": klant["NAAM"],
            }
    return None


def reached(klant: Row) -> Row:
    """Where a klant can be reached about a zaak, as his rol tells it; empty when nowhere."""
    mail, phone = klant["EMAIL"], klant["TEL_MOBIEL"] or klant["TEL_PRIVE"]
    if not mail and not phone:
        return dict(CONTACTPERSOON)
    name = " ".join(filter(None, [klant["VOORNAAM"], *surname(klant["NAAM"])]))
    return CONTACTPERSOON | {"emailadres": mail, "telefoonnummer": phone[:20], "naam": name}


def medewerker(row: Row) -> tuple[str, Row]:
    """A colleague of the KCC."""
    return MEDEWERKER, dict(identified(row) or {})


def eenheid(row: Row) -> tuple[str, Row]:
    """A department of the KCC."""
    return EENHEID, {"identificatie": row["AFD_CODE"], "naam": row["NAAM"]}


def rol(roltype: Row, who: tuple[str, Row], zaak: str, moment: str, **more: Any) -> Row:
    """A rol of someone in a zaak; `more`: what differs from the usual."""
    kind, known = who
    context = {"authenticatieContext": None} if kind in MANDATED else {}
    return {
        "zaak": zaak,
        "betrokkene": "",
        "betrokkeneType": kind,
        "afwijkendeNaamBetrokkene": "",
        "roltype": roltype["uuid"],
        "omschrijving": roltype["omschrijving"],
        "omschrijvingGeneriek": roltype["omschrijvingGeneriek"],
        "roltoelichting": roltype["omschrijving"],
        "registratiedatum": moment,
        "indicatieMachtiging": "",
        "contactpersoonRol": dict(CONTACTPERSOON),
        "statussen": [],
        "beginGeldigheid": None,
        "eindeGeldigheid": None,
        "betrokkeneIdentificatie": {**SHAPES[kind], **known},
        **context,
        **more,
    }
