"""What such a register holds, and making it out of the rows of the sample municipality.

Rows are as the API shows them, but for `uuid` instead of `url`, and for references to other rows
of the register, which are uuids here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from demo.kcc.data import KNOWN_BSNS, KNOWN_KVK
from demo.kcc.values import Tables, moment_of

Row = dict[str, Any]

RSIN = "820151130"
"""Of the sample municipality; fictitious, and it passes the eleven test."""

KLANTEN = "klanten"
CONTACTEN = "contactmomenten"
KLANTLINKS = "klantcontactmomenten"
OBJECTLINKS = "objectcontactmomenten"


@dataclass
class Register:
    """Rows by resource, in the order in which they were made, each under its uuid."""

    random: Random
    rows: dict[str, dict[str, Row]] = field(
        default_factory=lambda: {r: {} for r in (KLANTEN, CONTACTEN, KLANTLINKS, OBJECTLINKS)}
    )

    def add(self, resource: str, row: Mapping[str, Any]) -> Row:
        """Add a row under a new uuid; the row with it."""
        made = {"uuid": str(UUID(int=self.random.getrandbits(128), version=4)), **row}
        self.rows[resource][made["uuid"]] = made
        return made

    def newest(self, resource: str) -> list[Row]:
        """The rows of a resource, the last one made first."""
        return list(reversed(self.rows[resource].values()))

    def links(self, resource: str, contact: str) -> list[Row]:
        """The links of a contactmoment, the last one made first."""
        return [row for row in self.newest(resource) if row["contactmoment"] == contact]


def people(tables: Tables, one_in: int) -> list[Row]:
    """Rows of KLANT who were known to an older system too: one in so many of those with a number,
    and all that journeys start from. Everybody in them passes for real, so no one without."""
    numbered = [k for k in tables["KLANT"] if k["STATUS"] == "A" and _number(k)]
    wanted = {*KNOWN_BSNS, KNOWN_KVK}
    return [k for k in numbered if k["KLANT_ID"] % one_in == 0 or {k["BSN"], k["KVK_NR"]} & wanted]


def _number(klant: Row) -> bool:
    """Whether an older system would know a klant by his number: complete, as it was typed in."""
    if klant["SRT"] == "P":
        return len(klant["BSN"] or "") == 9
    if klant["SRT"] == "V":
        return len(klant["VEST_NR"] or "") == 12
    return klant["SRT"] == "B" and len(klant["KVK_NR"] or "") == 8


def contacts(tables: Tables, klanten: Iterable[Row]) -> list[Row]:
    """The rows of CONTACT of these klanten, oldest first, with trimmed texts."""
    wanted = {k["KLANT_ID"] for k in klanten}
    found = (c for c in tables["CONTACT"] if c["KLANT_ID"] in wanted and c["VERWIJDERD"] != "J")
    return sorted(map(trimmed, found), key=lambda c: (c["AANMAAK"], c["CONTACT_ID"]))


def trimmed(row: Row) -> Row:
    """A row without the padding of its texts, and with `""` for null."""
    return {k: (v.strip() if isinstance(v, str) else v) or "" for k, v in row.items()}


def earlier(stamp: str, years: int) -> datetime:
    """The moment of a stamp so many years before, in local time without a zone."""
    moment = moment_of(stamp)
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - years, day=day)


def surname(naam: str) -> tuple[str, str]:
    """Prefix and surname of `Heuvel, van der`."""
    after, _, before = naam.partition(", ")
    return before, after
