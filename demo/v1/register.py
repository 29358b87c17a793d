"""What such a register holds, and making it out of the rows of the sample municipality.

Rows are as the API shows them, but for `uuid` instead of `url`, and for references to other rows
of the register, which are uuids here.
"""

from collections.abc import Hashable, Iterable, Mapping, Set
from datetime import datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from demo.index import Indexed, Keys
from demo.kcc.data import KNOWN_BSNS, KNOWN_KVK
from demo.kcc.values import Tables, moment_of

Row = dict[str, Any]

RSIN = "820151130"
"""Of the sample municipality; fictitious, and it passes the eleven test."""

KLANTEN = "klanten"
CONTACTEN = "contactmomenten"
KLANTLINKS = "klantcontactmomenten"
OBJECTLINKS = "objectcontactmomenten"


def value(row: Any, path: str) -> Any:
    """The value at a dotted path of a row, `None` where there is none."""
    for step in path.split("."):
        row = row.get(step) if isinstance(row, Mapping) else None
    return row


@cache
def by(path: str) -> Keys[Row]:
    """Rows by the value at a path."""
    return lambda row: (value(row, path),)


class Register:
    """Rows by resource, in the order in which they were made, each under its uuid; `rows` is to be
    read only."""

    def __init__(
        self,
        random: Random,
        resources: Iterable[str] = (KLANTEN, CONTACTEN, KLANTLINKS, OBJECTLINKS),
    ) -> None:
        self.random = random
        self._indexed: Mapping[str, Indexed[Row]] = {name: Indexed() for name in resources}
        self.rows: Mapping[str, dict[str, Row]] = {n: i.things for n, i in self._indexed.items()}

    def add(self, resource: str, row: Mapping[str, Any]) -> Row:
        """Add a row under a new uuid; the row with it."""
        made = {"uuid": str(UUID(int=self.random.getrandbits(128), version=4)), **row}
        self._indexed[resource].put(made["uuid"], made)
        return made

    def change(self, resource: str, row: Row, values: Mapping[str, Any]) -> None:
        """Give a row that is there other values."""
        row.update(values)
        self._indexed[resource].put(row["uuid"], row)

    def remove(self, resource: str, uuid: str) -> None:
        """Take a row away."""
        self._indexed[resource].remove(uuid)

    def found(
        self,
        resource: str,
        asked: Iterable[tuple[Keys[Row], Hashable]],
        among: Set[str] | None = None,
    ) -> list[Row]:
        """The rows that are under each of these keys, oldest first; see `Indexed`."""
        return self._indexed[resource].found(asked, among)

    def newest(self, resource: str) -> list[Row]:
        """The rows of a resource, the last one made first."""
        return list(reversed(self.rows[resource].values()))

    def links(self, resource: str, contact: str) -> list[Row]:
        """The links of a contactmoment, the last one made first."""
        return self.found(resource, [(by("contactmoment"), contact)])[::-1]


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
