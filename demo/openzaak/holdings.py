"""What an Open Zaak holds, by collection, and which of its fields refer to what.

Rows are as the API shows them, but for `uuid` instead of `url`, and for references to other rows,
which are uuids here. What the API works out of other rows (the rollen and the status of a zaak)
stands in none.
"""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from demo.v1.register import Register, Row

ZAKEN: Final = "zaken"
ROLLEN: Final = "rollen"
STATUSSEN: Final = "statussen"
RESULTATEN: Final = "resultaten"
CONTACTEN: Final = "zaakcontactmomenten"
KLANTCONTACTEN: Final = "klantcontacten"
ZAAKTYPEN: Final = "zaaktypen"
STATUSTYPEN: Final = "statustypen"
ROLTYPEN: Final = "roltypen"
RESULTAATTYPEN: Final = "resultaattypen"

TYPES: Final = (ZAAKTYPEN, STATUSTYPEN, ROLTYPEN, RESULTAATTYPEN)
"""What the Catalogi API has; all else the Zaken API."""

OF_A_ZAAK: Final = (ROLLEN, STATUSSEN, RESULTATEN, CONTACTEN, KLANTCONTACTEN)
COLLECTIONS: Final = (ZAKEN, *OF_A_ZAAK, *TYPES)

_ZAAK: Final = {"zaak": ZAKEN}
REFERENCES: Final[Mapping[str, Mapping[str, str]]] = {
    ZAKEN: {"zaaktype": ZAAKTYPEN, "hoofdzaak": ZAKEN},
    ROLLEN: {**_ZAAK, "roltype": ROLTYPEN},
    STATUSSEN: {**_ZAAK, "statustype": STATUSTYPEN, "gezetdoor": ROLLEN},
    RESULTATEN: {**_ZAAK, "resultaattype": RESULTAATTYPEN},
    CONTACTEN: _ZAAK,
    KLANTCONTACTEN: _ZAAK,
    ZAAKTYPEN: {},
    STATUSTYPEN: {"zaaktype": ZAAKTYPEN},
    ROLTYPEN: {"zaaktype": ZAAKTYPEN},
    RESULTAATTYPEN: {"zaaktype": ZAAKTYPEN},
}
"""By collection the fields that refer to a row, with the collection of that."""


class Holdings(Register):
    """The rows, each collection in the order in which they were made."""

    def __init__(self, random: Random) -> None:
        super().__init__(random, {name: {} for name in COLLECTIONS})
        self._of: dict[tuple[str, str], dict[str, Row]] = {}

    def add(self, resource: str, row: Mapping[str, Any]) -> Row:
        made = super().add(resource, row)
        if resource in OF_A_ZAAK:
            self._of.setdefault((resource, made["zaak"]), {})[made["uuid"]] = made
        return made

    def remove(self, collection: str, uuid: str) -> None:
        """Take a row away, and with a zaak all that belongs to it."""
        row = self.rows[collection].pop(uuid)
        if collection in OF_A_ZAAK:
            del self._of[collection, row["zaak"]][uuid]
        if collection == ZAKEN:
            for other in OF_A_ZAAK:
                for below in self.of(other, uuid):
                    self.remove(other, below["uuid"])

    def of(self, collection: str, zaak: str) -> list[Row]:
        """What a collection has of a zaak, oldest first."""
        return list(self._of.get((collection, zaak), {}).values())

    def status(self, zaak: str) -> Row | None:
        """The status that a zaak has: the one that was set last, whenever it was written."""
        found = self.of(STATUSSEN, zaak)
        return max(found, key=lambda row: str(row["datumStatusGezet"]), default=None)
