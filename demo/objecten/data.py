"""The call-back tasks that an older KISS made of contacts in the sample Open Klant 1."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from demo.kcc.data import FULL, shared
from demo.kcc.values import Scale
from demo.openklant1 import data as openklant1
from demo.v1.register import CONTACTEN, KLANTEN, Register, trimmed

PUBLIC: Final = "http://objecten.example"
ROOT: Final = "/api/v2"
TYPE: Final = "http://objecttypen.example/api/v2/objecttypes/7b1f2f0e-3d5c-4d0c-9c3e-1d2b5b7a9e10"
CONTACTMOMENTEN: Final = f"{openklant1.PUBLIC}/contactmomenten/api/v1/contactmomenten/"

_ONE_IN: Final = 3
"""Of so many contacts one led to a task."""

_ASKED: Final = ("Graag terugbellen.", "Wil weten hoe het ermee staat.", "Bellen in de middag.")

Row = dict[str, Any]


def generate_tasks(scale: Scale = FULL) -> dict[str, list[Row]]:
    """By uuid the versions of each object: the same for the same scale, always."""
    register = openklant1.generate_register(scale)
    tables = shared(scale)
    colleagues = [trimmed(m) for m in tables["MEDEWERKER"]]
    departments = {a["AFD_CODE"]: a["NAAM"] for a in map(trimmed, tables["AFDELING"])}
    klanten = _klanten(register)
    random = Random(20230728)
    objects: dict[str, list[Row]] = {}
    pk = 0
    for n, contact in enumerate(register.rows[CONTACTEN].values()):
        if n % _ONE_IN:
            continue
        uuid = str(UUID(int=random.getrandbits(128), version=4))
        colleague = colleagues[n % len(colleagues)]
        klant = klanten.get(contact["uuid"]) if n % 4 else None
        made = _task(n, contact["registratiedatum"], _actor(n, colleague, departments), klant)
        made["contactmoment"] = CONTACTMOMENTEN + contact["uuid"]
        objects[uuid] = []
        for data in _versions(n, made):
            pk += 1
            objects[uuid].append(_version(pk, uuid, len(objects[uuid]) + 1, data))
    return objects


def _klanten(register: Register) -> dict[str, Row]:
    """Who each contact was with."""
    found = {}
    for link in register.rows["klantcontactmomenten"].values():
        uuid = link["klant"].rpartition("/")[2]
        found[link["contactmoment"]] = {**register.rows[KLANTEN][uuid], "url": link["klant"]}
    return found


def _task(n: int, moment: str, actor: Row, klant: Row | None) -> Row:
    registered = datetime.fromisoformat(moment) + timedelta(minutes=5)
    return {
        "verantwoordelijkeAfdeling": actor.get("naamOrganisatorischeEenheid", actor["naam"]),
        "nummer": f"{registered.year}-{n + 1:04}",
        "status": "te verwerken",
        "registratiedatum": registered.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "toelichting": _ASKED[n % len(_ASKED)],
        "actor": actor,
        "betrokkene": _betrokkene(n, klant),
    }


def _actor(n: int, colleague: Mapping[str, Any], departments: Mapping[str, str]) -> Row:
    """A colleague in a department, or a whole department or group."""
    department = colleague["AFD_CODE"] or next(iter(departments))
    kind = "groep" if n % 2 else "afdeling"
    if n % 5 == 0:
        return {
            "naam": departments[department],
            "soortActor": "organisatorische eenheid",
            "identificatie": department,
            "typeOrganisatorischeEenheid": kind,
        }
    return {
        "naam": colleague["NAAM"],
        "soortActor": "medewerker",
        "identificatie": colleague["MDW_CODE"],
        "typeOrganisatorischeEenheid": kind,
        "naamOrganisatorischeEenheid": departments[department],
        "identificatieOrganisatorischeEenheid": department,
    }


def _betrokkene(n: int, klant: Row | None) -> Row:
    """Who wants to be called, and where. Of who is not known the name was typed in."""
    adressen = [
        {
            "adres": f"06{12000000 + n}",
            "omschrijving": "telefoonnummer",
            "soortDigitaalAdres": "telefoonnummer",
        }
    ]
    if n % 2:
        adressen.append(
            {
                "adres": f"beller.{n}@voorbeeld.example",
                "omschrijving": "e-mailadres",
                "soortDigitaalAdres": "email",
            }
        )
    if n % 7 == 0:
        adressen.append({**adressen[0], "adres": f"010{2000000 + n}", "omschrijving": "werk"})
    made: Row = {"rol": "klant", "persoonsnaam": {}, "digitaleAdressen": adressen}
    if klant is None:
        made["persoonsnaam"] = {"voornaam": "Sam", "achternaam": f"Beller{n}"}
        return made
    names = ("voornaam", "voorvoegselAchternaam", "achternaam")
    return {
        **made,
        "klant": klant["url"],
        "persoonsnaam": {name: klant[name] for name in names if klant[name]},
        "organisatie": klant["bedrijfsnaam"],
    }


def _versions(n: int, made: Row) -> list[Row]:
    """A task as it was made, and as it is since somebody called."""
    if n % 2:
        return [made]
    done = datetime.fromisoformat(made["registratiedatum"]) + timedelta(days=1, hours=2)
    when = done.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [made, {**made, "status": "verwerkt", "datumVerwerkt": when}]


def _version(pk: int, uuid: str, index: int, data: Row) -> Row:
    started: str = data["registratiedatum"][:10]
    registered: str = data.get("datumVerwerkt") or data["registratiedatum"]
    return {
        "pk": pk,
        "uuid": uuid,
        "type": TYPE,
        "index": index,
        "typeVersion": 1,
        "data": data,
        "geometry": None,
        "references": [],
        "startAt": started,
        "endAt": None,
        "registrationAt": registered[:10],
        "correctionFor": None,
        "correctedBy": None,
    }
