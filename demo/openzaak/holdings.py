"""What an Open Zaak holds, by collection, and which of its fields refer to what.

Rows are as the API shows them, but for `uuid` instead of `url`, and for references to other rows,
which are uuids here. What the API works out of other rows (the rollen and the status of a zaak)
stands in none.
"""

from collections.abc import Mapping
from random import Random
from typing import Final

from demo.v1.register import Register, Row, by

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
        super().__init__(random, COLLECTIONS)

    def remove(self, resource: str, uuid: str) -> None:
        """Take a row away, and with a zaak all that belongs to it."""
        super().remove(resource, uuid)
        if resource == ZAKEN:
            for other in OF_A_ZAAK:
                for below in self.of(other, uuid):
                    self.remove(other, below["uuid"])

    def of(self, collection: str, zaak: str) -> list[Row]:
        """What a collection has of a zaak, oldest first."""
        return self.found(collection, [(by("zaak"), zaak)])

    def status(self, zaak: str) -> Row | None:
        """The status that a zaak has: the one that was set last, whenever it was written."""
        found = self.of(STATUSSEN, zaak)
        return max(found, key=lambda row: str(row["datumStatusGezet"]), default=None)
