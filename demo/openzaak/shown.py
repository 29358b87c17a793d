"""Rows as Open Zaak writes them: with urls, with what follows from other rows, and with what
`expand` asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from demo.v1.register import Row, by

from .holdings import (
    REFERENCES,
    RESULTAATTYPEN,
    RESULTATEN,
    ROLLEN,
    ROLTYPEN,
    STATUSSEN,
    STATUSTYPEN,
    TYPES,
    ZAAKTYPEN,
    ZAKEN,
    Holdings,
)

ZAKEN_API: Final = "/zaken/api/v1"
CATALOGI_API: Final = "/catalogi/api/v1"
CATALOGUS: Final = "6a0b1c9e-93f4-4c50-8a53-6f3c9c0d2f11"
"""All zaaktypen are in one."""

_BRINGS: Final = {
    "rollen": (ROLLEN, ("roltype",)),
    "status": (STATUSSEN, ("statustype",)),
    "resultaat": (RESULTATEN, ("resultaattype",)),
    "zaaktype": (ZAAKTYPEN, ()),
    "zaakobjecten": ("", ()),
    "zaakinformatieobjecten": ("", ()),
}
_LINKED: Final = {
    "roltype": ROLTYPEN,
    "statustype": STATUSTYPEN,
    "resultaattype": RESULTAATTYPEN,
}
EXPANDS: Final = frozenset(
    [
        *(
            f"{before}{name}{after}"
            for before in ("", "hoofdzaak.", "deelzaken.")
            for name, (_, below) in _BRINGS.items()
            for after in ("", *(f".{one}" for one in below))
        ),
        "hoofdzaak",
        "deelzaken",
        "eigenschappen",
        "eigenschappen.eigenschap",
    ]
)
"""What `expand` takes."""


def path(collection: str) -> str:
    """Where a collection is."""
    return f"{CATALOGI_API if collection in TYPES else ZAKEN_API}/{collection}"


@dataclass(frozen=True)
class Writer:
    """Writes rows. `host`: what their urls begin with."""

    holdings: Holdings
    host: str

    def url(self, collection: str, uuid: str) -> str:
        """The url of a row."""
        return f"{self.host}{path(collection)}/{uuid}"

    def row(self, collection: str, row: Row, expand: Iterable[str] | None = None) -> Row:
        """A row with its own url, and the urls of what it refers to. `expand`: what comes along
        with a zaak; `None` when nothing can."""
        made: Row = {"url": self.url(collection, row["uuid"]), **row}
        if collection in TYPES:
            del made["uuid"]
            made["catalogus"] = f"{self.host}{CATALOGI_API}/catalogussen/{CATALOGUS}"
        for field, other in REFERENCES[collection].items():
            if made[field] is not None:
                made[field] = self.url(other, made[field])
        match collection:
            case "zaken":
                made = self._zaak(made)
                if expand is not None:
                    brought = self._brought(row, expand)
                    made["_expand"] = {k: v for k, v in brought.items() if v is not None}
            case "statussen":
                last = self.holdings.status(row["zaak"])
                made["indicatieLaatstGezetteStatus"] = last is row
            case "zaaktypen":
                for name, other in (
                    ("statustypen", STATUSTYPEN),
                    ("resultaattypen", RESULTAATTYPEN),
                    ("roltypen", ROLTYPEN),
                ):
                    own = [r["uuid"] for r in self._with(other, "zaaktype", row)]
                    # The last status first.
                    order = -1 if other == STATUSTYPEN else 1
                    made[name] = [self.url(other, uuid) for uuid in own[::order]]
            case "statustypen" | "roltypen" | "resultaattypen":
                kind = self.holdings.rows[ZAAKTYPEN][row["zaaktype"]]
                made["zaaktypeIdentificatie"] = kind["identificatie"]
        return made

    def _zaak(self, made: Row) -> Row:
        uuid = made["uuid"]
        status = self.holdings.status(uuid)
        result = next(iter(self.holdings.of(RESULTATEN, uuid)), None)
        deelzaken = [r["uuid"] for r in self._with(ZAKEN, "hoofdzaak", made)]
        return made | {
            "betalingsindicatieWeergave": "",
            "deelzaken": [self.url(ZAKEN, one) for one in deelzaken],
            "eigenschappen": [],
            "rollen": [self.url(ROLLEN, r["uuid"]) for r in self.holdings.of(ROLLEN, uuid)],
            "status": self.url(STATUSSEN, status["uuid"]) if status else None,
            "zaakinformatieobjecten": [],
            "zaakobjecten": [],
            "resultaat": self.url(RESULTATEN, result["uuid"]) if result else None,
        }

    def _with(self, collection: str, field: str, row: Row) -> list[Row]:
        """The rows of a collection that refer to a row with a field, oldest first."""
        return self.holdings.found(collection, [(by(field), row["uuid"])])

    def _brought(self, zaak: Row, expand: Iterable[str]) -> dict[str, Any]:
        asked = list(expand)
        found: dict[str, Any] = {}
        for name in dict.fromkeys(one.partition(".")[0] for one in asked):
            if name not in asked:
                continue
            below = [one.partition(".")[2] for one in asked if one.startswith(f"{name}.")]
            if name == "zaaktype":
                found[name] = self.row(ZAAKTYPEN, self.holdings.rows[ZAAKTYPEN][zaak["zaaktype"]])
            elif name == "status":
                status = self.holdings.status(zaak["uuid"])
                found[name] = status and self._linked(STATUSSEN, status, below)
            elif name in (ROLLEN, "resultaat"):
                collection = ROLLEN if name == ROLLEN else RESULTATEN
                rows = [
                    self._linked(collection, row, below)
                    for row in self.holdings.of(collection, zaak["uuid"])
                ]
                found[name] = (rows or None) if name == ROLLEN else next(iter(rows), None)
            elif name == "hoofdzaak" and zaak["hoofdzaak"]:
                found[name] = self.row(
                    ZAKEN, self.holdings.rows[ZAKEN][zaak["hoofdzaak"]], below or None
                )
            elif name == "deelzaken":
                rows = self._with(ZAKEN, "hoofdzaak", zaak)
                found[name] = [self.row(ZAKEN, row, below or None) for row in rows] or None
        return found

    def _linked(self, collection: str, row: Row, below: Sequence[str]) -> Row:
        """A row with its type, where that is asked for."""
        made = self.row(collection, row)
        types = {n: self.row(_LINKED[n], self.holdings.rows[_LINKED[n]][row[n]]) for n in below}
        return made | ({"_expand": types} if types else {})
