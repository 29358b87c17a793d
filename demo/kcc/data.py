"""The rows of the sample municipality: the same rows for the same scale, always.

`generate` gives the raw rows as the legacy database holds them, with CHAR columns padded and
moments in local Amsterdam time. `known` finds the records that a demonstration starts from.
"""

from dataclasses import dataclass
from functools import cache

from .contacten import bijlagen, contact_zaken, contacten, terugbelverzoeken
from .klanten import (
    KNOWN_BSNS,
    KNOWN_KVK,
    KNOWN_VESTIGING,
    adressen,
    kenmerken,
    klant_kenmerken,
    klanten,
    machtigingen,
    rekeningen,
)
from .medewerkers import afdelingen, medewerkers
from .schema import SCHEMA
from .values import FULL, NOW, SMALL, Row, Scale, Source, Tables

__all__ = [
    "FULL",
    "KNOWN_BSNS",
    "KNOWN_KVK",
    "KNOWN_VESTIGING",
    "NOW",
    "SMALL",
    "Known",
    "Row",
    "Scale",
    "Tables",
    "generate",
    "known",
    "shared",
]


@dataclass(frozen=True)
class Known:
    """The keys of the first known person and of what hangs on her open task."""

    klant_id: int
    contact_id: int
    zaak_guid: str
    mdw_code: str
    mdw_email: str


def generate(scale: Scale = FULL) -> Tables:
    """All rows of all tables, in the order of `SCHEMA`; every row has every column, in order.

    The tables in which other applications write have none, and neither have their columns.
    """
    source = Source(scale)
    all_klanten = klanten(source)
    departments, colleagues = afdelingen(source), medewerkers(source)
    contacts = contacten(source, all_klanten, colleagues)
    tables: Tables = {
        "KLANT": all_klanten.rows,
        "KLANT_ADRES": adressen(source, all_klanten),
        "CONTACT": contacts,
        "CONTACT_ZAAK": contact_zaken(source, contacts),
        "CONTACT_BIJLAGE": bijlagen(source, contacts),
        "MEDEWERKER": colleagues,
        "AFDELING": departments,
        "TERUGBEL": terugbelverzoeken(source, contacts, colleagues, departments),
        "MACHTIGING": machtigingen(source, all_klanten),
        "KENMERK": kenmerken(),
        "KLANT_KENMERK": klant_kenmerken(source, all_klanten),
        "BANKREK": rekeningen(source, all_klanten),
    }
    return {
        name: [
            {column: row.get(column) for column in table.columns} for row in tables.get(name, ())
        ]
        for name, table in SCHEMA.items()
    }


@cache
def shared(scale: Scale) -> Tables:
    """What `generate` gives, made once in a process: for what only reads it, as the other systems
    of the sample municipality do, which know the same persons."""
    return generate(scale)


def known(tables: Tables) -> Known:
    """The known keys in these rows."""
    klant_id = next(row["KLANT_ID"] for row in tables["KLANT"] if row["BSN"] == KNOWN_BSNS[0])
    hers = {row["CONTACT_ID"] for row in tables["CONTACT"] if row["KLANT_ID"] == klant_id}
    task = next(
        row
        for row in tables["TERUGBEL"]
        if row["CONTACT_ID"] in hers
        and row["STATUS"] == "O"
        and row["AFD_CODE"]
        and row["MDW_CODE"]
    )
    zaak = next(
        row
        for row in tables["CONTACT_ZAAK"]
        if row["CONTACT_ID"] == task["CONTACT_ID"] and row["ZAAK_GUID"]
    )
    colleague = next(row for row in tables["MEDEWERKER"] if row["MDW_CODE"] == task["MDW_CODE"])
    return Known(
        klant_id=klant_id,
        contact_id=task["CONTACT_ID"],
        zaak_guid=zaak["ZAAK_GUID"],
        mdw_code=task["MDW_CODE"],
        mdw_email=colleague["EMAIL"],
    )
