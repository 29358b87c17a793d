"""What the mapping in ``source/`` does, written by hand: the reference for the compiled one.

Each function makes one object of a record, as the compiled writer of its stream does; ``expanded``
makes the whole answer for one contact, with the related objects in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.mapping.formats.moments import Tijdstip

Record = Mapping[str, Any]
Related = Callable[[str], Any]
Object = dict[str, Any]

_KANAAL: Final = {
    "TE": "telefoon",
    "EM": "e-mail",
    "BA": "balie",
    "BR": "brief",
    "WF": "webformulier",
    "CH": "chat",
}
_TAAL: Final = {"NL": "nld", "EN": "eng", "TR": "tur"}
_JA: Final = {"J": True, "N": False}
_ROL: Final = {"K": "klant", "V": "vertegenwoordiger"}
_INITIATOR: Final = {"K": True, "G": False}
_STATUS: Final = {"O": "te_verwerken", "B": "te_verwerken", "A": "verwerkt"}
# What is compared is the mapping, so moments are read by the same function.
_moment: Final = Tijdstip().reader()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if value.__class__ is str else str(value)
    return text if text.strip(" ") else None


def klantcontact(r: Record, uuid: str, url: str, related: Related) -> Object:
    gelukt, vervolg = _text(r.get("success")), _text(r.get("followUp"))
    taal, vertrouwelijk = _text(r.get("language")), _text(r.get("confidential"))
    kanaal, onderwerp = _text(r.get("channel")), _text(r.get("subject"))
    date, time = _text(r.get("date")), _text(r.get("time"))
    bron = _text(r.get("origin"))
    if kanaal is None or onderwerp is None:
        raise ValueError("incomplete")
    if date is None or time is None or len(date) != 8 or len(time) != 6:
        raise ValueError("no moment")
    return {
        "uuid": uuid,
        "url": url,
        "gingOverOnderwerpobjecten": related("gingOverOnderwerpobjecten"),
        "hadBetrokkenActoren": related("hadBetrokkenActoren"),
        "omvatteBijlagen": related("omvatteBijlagen"),
        "hadBetrokkenen": related("hadBetrokkenen"),
        "leiddeTotInterneTaken": related("leiddeTotInterneTaken"),
        "nummer": _text(r.get("number")),
        "referentienummer": _text(r.get("reference")),
        "kanaal": _KANAAL[kanaal],
        "onderwerp": onderwerp,
        "inhoud": _text(r.get("question")) or "",
        "reactie": _text(r.get("answer")) or "",
        "indicatieContactGelukt": None if gelukt is None else _JA[gelukt],
        "hoofdOnderwerpType": _text(r.get("product")) or "",
        "verdereActieOndernomen": False if vervolg is None else _JA[vervolg],
        "taal": "nld" if taal is None else _TAAL[taal],
        "vertrouwelijk": True if vertrouwelijk is None else _JA[vertrouwelijk],
        "plaatsgevondenOp": _moment(date + time),
        "metadata": {"bron": bron} if bron else {},
    }


def betrokkene(r: Record, uuid: str, url: str, related: Related) -> Object:
    caller = r["caller"]
    rol, initiator = _text(caller.get("role")), _text(caller.get("initiative"))
    voornaam, voorvoegsel = _text(caller.get("firstName")), _text(caller.get("prefix"))
    achternaam, huisnummer = _text(caller.get("name")), caller.get("house")
    if rol is None or initiator is None:
        raise ValueError("incomplete")
    return {
        "uuid": uuid,
        "url": url,
        "wasPartij": related("wasPartij"),
        "hadKlantcontact": related("hadKlantcontact"),
        "digitaleAdressen": related("digitaleAdressen"),
        "bezoekadres": {
            "nummeraanduidingId": "",
            "straatnaam": _text(caller.get("street")) or "",
            "huisnummer": None if huisnummer is None else int(huisnummer),
            "huisnummertoevoeging": "",
            "postcode": _text(caller.get("postcode")) or "",
            "stad": _text(caller.get("city")) or "",
            "adresregel1": "",
            "adresregel2": "",
            "adresregel3": "",
            "land": "nl",
        },
        "correspondentieadres": {
            "nummeraanduidingId": "",
            "straatnaam": "",
            "huisnummer": None,
            "huisnummertoevoeging": "",
            "postcode": "",
            "stad": "",
            "adresregel1": "",
            "adresregel2": "",
            "adresregel3": "",
            "land": "",
        },
        "contactnaam": {
            "voorletters": _text(caller.get("initials")) or "",
            "voornaam": voornaam or "",
            "voorvoegselAchternaam": voorvoegsel or "",
            "achternaam": achternaam or "",
        },
        "volledigeNaam": " ".join([p for p in (voornaam, voorvoegsel, achternaam) if p]),
        "rol": _ROL[rol],
        "organisatienaam": _text(caller.get("organisation")) or "",
        "initiator": _INITIATOR[initiator],
    }


def digitaal_adres(r: Record, uuid: str, url: str, related: Related) -> Object:
    return {
        "uuid": uuid,
        "url": url,
        "verstrektDoorBetrokkene": related("verstrektDoorBetrokkene"),
        "verstrektDoorPartij": related("verstrektDoorPartij"),
        "adres": _text(r["caller"].get("email")) or "",
        "soortDigitaalAdres": "email",
        "isStandaardAdres": False,
        "omschrijving": "e-mail",
        "referentie": "",
        "verificatieDatum": None,
    }


def interne_taak(r: Record, uuid: str, url: str, related: Related) -> Object:
    task = r["task"]
    action, status = _text(task.get("action")), _text(task.get("status"))
    assigned, finished = _text(task.get("assigned")), _text(task.get("finished"))
    if action is None or status is None or assigned is None:
        raise ValueError("incomplete")
    actoren = related("toegewezenAanActoren")
    return {
        "uuid": uuid,
        "url": url,
        "nummer": _text(task.get("number")),
        "referentienummer": None,
        "gevraagdeHandeling": action,
        "aanleidinggevendKlantcontact": related("aanleidinggevendKlantcontact"),
        "toegewezenAanActor": actoren[0] if actoren else {"uuid": None},
        "toegewezenAanActoren": actoren,
        "toelichting": _text(task.get("note")) or "",
        "status": _STATUS[status],
        "toegewezenOp": _moment(assigned),
        "afgehandeldOp": None if finished is None else _moment(finished),
    }


WRITERS: Final = {
    "klantcontacten": klantcontact,
    "betrokkenen": betrokkene,
    "digitaleadressen": digitaal_adres,
    "internetaken": interne_taak,
}


def expanded(r: Record, uuids: Mapping[str, str], base: str) -> Object:
    """One contact with everything in ``installing.EXPAND``; ``uuids`` by resource."""
    references = {
        path: {"uuid": uuid, "url": f"{base}/{path}/{uuid}"} for path, uuid in uuids.items()
    }
    contact, caller = references["klantcontacten"], references["betrokkenen"]
    address, task = references["digitaleadressen"], references["internetaken"]
    of_contact = {"hadBetrokkenen": [caller], "leiddeTotInterneTaken": [task]}
    of_caller = {"hadKlantcontact": contact, "wasPartij": None, "digitaleAdressen": [address]}
    of_address = {"verstrektDoorBetrokkene": caller, "verstrektDoorPartij": None}
    of_task = {"aanleidinggevendKlantcontact": contact, "toegewezenAanActoren": []}
    one = klantcontact(r, contact["uuid"], contact["url"], lambda path: of_contact.get(path, []))
    who = betrokkene(r, caller["uuid"], caller["url"], of_caller.__getitem__)
    where = digitaal_adres(r, address["uuid"], address["url"], of_address.__getitem__)
    what = interne_taak(r, task["uuid"], task["url"], of_task.__getitem__)
    who["_expand"] = {"digitaleAdressen": [where]}
    one["_expand"] = {"hadBetrokkenen": [who], "leiddeTotInterneTaken": [what]}
    return one
