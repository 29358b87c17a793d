"""What is in the e-Suite of the sample municipality: contacts and contactverzoeken of last year."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from demo.kcc.data import FULL, shared
from demo.kcc.values import Scale, Tables
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

PUBLIC: Final = "http://esuite.example"
ZAKEN: Final = f"{PUBLIC}/zgw-apis-provider/zrc/api/v1/zaken/"
YEARS: Final = 1

CONTACTVERZOEK: Final = "Terugbelverzoek"
TYPES: Final = ("Contactmoment", CONTACTVERZOEK)
CHANNELS: Final[Mapping[str, str]] = {
    "TE": "Telefoon",
    "EM": "E-mail",
    "BA": "Balie",
    "BR": "Post",
    "WF": "Webformulier",
    "CH": "Chat",
}
GROUPS: Final = ("KCC", "Backoffice Burgerzaken")

_LOCAL: Final = ZoneInfo("Europe/Amsterdam")
_TYPES: Final = {"P": "natuurlijk_persoon", "B": "niet_natuurlijk_persoon", "V": "vestiging"}
_STATUSES: Final = {"O": "nieuw", "B": "in_behandeling", "A": "afgehandeld"}


def generate_register(scale: Scale = FULL) -> Register:
    """The register: the same rows for the same scale, always.

    A contact knows its klant as `_klant`, and who alone may read it as `_only`: neither is shown.
    """
    tables = shared(scale)
    register = Register(Random(20251030))
    known = people(tables, 3)
    klanten = {k["KLANT_ID"]: register.add(KLANTEN, _klant(k)) for k in map(trimmed, known)}
    taken = {t["CONTACT_ID"]: trimmed(t) for t in tables["TERUGBEL"]}
    anonymous = [
        trimmed(c) for c in tables["CONTACT"] if not c["KLANT_ID"] and (c["BEL_TEL"] or "").strip()
    ]
    every = [*contacts(tables, known), *anonymous[: len(anonymous) // 3 + 1]]
    numbers: dict[int, int] = {}
    for contact in sorted(every, key=lambda c: (c["AANMAAK"], c["CONTACT_ID"])):
        row = _contact(contact, taken.get(contact["CONTACT_ID"]), tables)
        year = int(row["registratiedatum"][:4])
        numbers[year] = numbers.get(year, 0) + 1
        row["identificatie"] = f"{numbers[year]}-{year}"
        klant = klanten.get(contact["KLANT_ID"] or 0)
        row["_klant"] = klant and klant["uuid"]
        made = register.add(CONTACTEN, row)
        if klant:
            link = {"contactmoment": made["uuid"], "klant": klant["uuid"]}
            register.add(KLANTLINKS, link)
        for zaak in dict.fromkeys(_zaken(tables, contact)):
            register.add(OBJECTLINKS, {"contactmoment": made["uuid"], "object": ZAKEN + zaak})
    return register


def surroundings(scale: Scale = FULL) -> tuple[set[str], Mapping[str, frozenset[str]]]:
    """The numbers of persons and companies that the country knows, and what exists by name."""
    tables = shared(scale)
    persons = {k["BSN"] for k in tables["KLANT"] if k["BSN"] and len(k["BSN"]) == 9}
    companies = {k["KVK_NR"] for k in tables["KLANT"] if len(k["KVK_NR"] or "") == 8}
    return persons | companies, {
        "kanaal": frozenset(CHANNELS.values()),
        "type": frozenset(TYPES),
        "afdeling": frozenset(a["NAAM"].strip() for a in tables["AFDELING"]),
        "groep": frozenset(GROUPS),
        "gebruikersnaam": frozenset(m["MDW_CODE"] for m in tables["MEDEWERKER"]),
    }


def _zaken(tables: Tables, contact: Row) -> list[str]:
    links = tables["CONTACT_ZAAK"]
    return [
        link["ZAAK_GUID"]
        for link in links
        if link["CONTACT_ID"] == contact["CONTACT_ID"] and link["ZAAK_GUID"]
    ]


def _klant(klant: Row) -> Row:
    person = klant["SRT"] == "P"
    prefix, name = surname(klant["NAAM"]) if person else ("", "")
    numbers = {
        "P": {"inpBsn": klant["BSN"]},
        "B": {"innNnpId": klant["KVK_NR"]},
        "V": {"vestigingsNummer": klant["VEST_NR"]},
    }
    first = klant["TEL_PRIVE"] or klant["TEL_MOBIEL"]
    return {
        "bronorganisatie": RSIN,
        "klantnummer": str(klant["KLANT_NR"]).zfill(8),
        "voornaam": klant["VOORNAAM"] or klant["VOORL"] if person else "",
        "voorvoegselAchternaam": prefix,
        "achternaam": name,
        "bedrijfsnaam": "" if person else klant["NAAM"],
        "emailadres": klant["EMAIL"] or None,
        "telefoonnummer": first or None,
        "telefoonnummerAlternatief": klant["TEL_MOBIEL"]
        if klant["TEL_PRIVE"] and klant["TEL_MOBIEL"]
        else None,
        "subjectType": _TYPES[klant["SRT"]],
        "subjectIdentificatie": numbers[klant["SRT"]],
    }


def _contact(contact: Row, task: Row | None, tables: Tables) -> Row:
    moment = earlier(contact["AANMAAK"], YEARS).replace(tzinfo=_LOCAL)
    colleagues = {m["MDW_CODE"]: m["NAAM"].strip() for m in tables["MEDEWERKER"]}
    departments = {a["AFD_CODE"]: a["NAAM"].strip() for a in tables["AFDELING"]}
    status = _STATUSES[task["STATUS"]] if task else "afgehandeld"
    department = departments.get(task["AFD_CODE"], "") if task else ""
    answers = []
    if status == "in_behandeling":
        answers.append(
            {
                "antwoord": "Eerste poging: niet bereikt.",
                "registratiedatum": (moment + timedelta(hours=2)).isoformat(),
                "gebruikersnaam": contact["MDW_CODE"],
                "volledigeNaam": colleagues.get(contact["MDW_CODE"], ""),
                "afdeling": department,
            }
        )
    owner = task["MDW_CODE"] if task else ""
    return {
        "bronorganisatie": RSIN,
        "registratiedatum": moment.isoformat(),
        "kanaal": CHANNELS[contact["KANAAL_CD"]],
        "tekst": f"{contact['ONDERWERP']}\n{contact['VRAAG']}".strip(),
        "antwoord": (contact["ANTWOORD"] or "N.v.t.") if status == "afgehandeld" else "",
        "status": status,
        "type": CONTACTVERZOEK if task else TYPES[0],
        "afdeling": department,
        "groep": GROUPS[0] if task and not department else "",
        "onderwerp": f"afd:{department}" if department else f"grp:{GROUPS[0]}" if task else "",
        "behandelaar": {"gebruikersnaam": owner, "volledigeNaam": colleagues[owner]}
        if owner
        else None,
        "medewerkerIdentificatie": {
            "identificatie": contact["MDW_CODE"],
            "achternaam": colleagues[contact["MDW_CODE"]],
        }
        if contact["MDW_CODE"]
        else None,
        "contactgegevens": {
            name: address
            for name, address in (
                ("emailadres", contact["BEL_EMAIL"]),
                ("telefoonnummer", contact["BEL_TEL"]),
            )
            if address
        },
        "toelichting": task["TOELICHTING"] if task else "",
        "recentsteVoorlopigAntwoord": answers[0] if answers else None,
        "voorlopigeAntwoorden": answers,
        # What is kept within a team may only be read by who has it on his desk.
        "_only": owner if owner and contact["CONTACT_ID"] % 4 == 0 else "",
    }
