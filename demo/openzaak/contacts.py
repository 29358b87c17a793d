"""The contacts that zaken are linked with: those of the KCC, by the urls that the gateway of the
sample municipality gives them, and those of Open Klant 1, which knows of each link too."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from demo.kcc.values import Scale, Tables
from demo.known import HOST
from demo.openklant1.data import PUBLIC, generate_register
from demo.v1.register import CONTACTEN as CONTACTMOMENTEN
from demo.v1.register import OBJECTLINKS
from gateway import installation
from gateway.federation.catalogue import Catalogue
from gateway.standard.table import BASE_PATH

from .holdings import CONTACTEN, ROLLEN, ZAKEN, Holdings

Link = tuple[str, str]
"""The uuid of a zaak and the url of a contact."""


def link(holdings: Holdings, tables: Tables, scale: Scale) -> None:
    """Add the links to the holdings."""
    for zaak, url in [*_of_open_klant(holdings, scale), *_of_the_kcc(holdings, tables)]:
        holdings.add(CONTACTEN, {"zaak": zaak, "contactmoment": url})


def _of_open_klant(holdings: Holdings, scale: Scale) -> Iterator[Link]:
    for row in generate_register(scale).rows[OBJECTLINKS].values():
        zaak = row["object"].rpartition("/")[2]
        if zaak in holdings.rows[ZAKEN]:
            yield zaak, f"{PUBLIC}/contactmomenten/api/v1/{CONTACTMOMENTEN}/{row['contactmoment']}"


def _of_the_kcc(holdings: Holdings, tables: Tables) -> Iterator[Link]:
    """One in three of the links that the KCC has as well, and some that it has not: of a contact
    about no zaak, with the newest zaak that whoever was in touch had asked for by then."""
    catalogue = _catalogue()
    stream = catalogue.stream("kcc", ("klantcontacten", "contact"))

    def url(contact: int) -> str:
        uuid = catalogue.identity.encode(stream, (contact,))
        return f"{HOST}{BASE_PATH}/klantcontacten/{uuid}"

    numbers = {row["identificatie"]: row["uuid"] for row in holdings.rows[ZAKEN].values()}
    linked = set()
    for row in tables["CONTACT_ZAAK"]:
        linked.add(row["CONTACT_ID"])
        zaak = numbers.get(row["ZAAK_NR"].strip())
        if zaak is not None and row["CONTACT_ID"] % 3 == 1:
            yield zaak, url(row["CONTACT_ID"])
    own = _asked_for(holdings)
    bsns = {row["KLANT_ID"]: str(row["BSN"] or "").strip() for row in tables["KLANT"]}
    for row in tables["CONTACT"]:
        if row["CONTACT_ID"] in linked or row["VERWIJDERD"] == "J" or row["CONTACT_ID"] % 2:
            continue
        stamp = f"{row['DATUM'][:4]}-{row['DATUM'][4:6]}-{row['DATUM'][6:]}"
        zaken = [z for z in own.get(bsns.get(row["KLANT_ID"], ""), ()) if z["startdatum"] <= stamp]
        if zaken:
            yield zaken[-1]["uuid"], url(row["CONTACT_ID"])


@cache
def _catalogue() -> Catalogue:
    """What gives the contacts of the KCC their uuids."""
    with as_file(files("demo")) as folder:
        return installation.build(folder / "config.yaml").catalogue


def _asked_for(holdings: Holdings) -> dict[str, list[dict[str, Any]]]:
    """By BSN the zaken that a person asked for, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for rol in holdings.rows[ROLLEN].values():
        bsn = rol["betrokkeneIdentificatie"].get("inpBsn")
        if bsn and rol["omschrijvingGeneriek"] == "initiator":
            found.setdefault(bsn, []).append(holdings.rows[ZAKEN][rol["zaak"]])
    return found
