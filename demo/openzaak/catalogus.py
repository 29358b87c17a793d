"""The zaaktypen of the sample municipality: one for each subject of its KCC, and one for being
called back."""

from dataclasses import dataclass
from typing import Final

from demo.kcc.names import ONDERWERPEN
from demo.v1.register import Row

from .holdings import RESULTAATTYPEN, ROLTYPEN, STATUSTYPEN, ZAAKTYPEN, Holdings

TERUGBEL: Final = "Terugbelverzoek"
BEGUN: Final = "2020-01-01"

RECEIVED: Final = "Ontvangen"
HANDLED: Final = "In behandeling"
DONE: Final = "Afgehandeld"
_STATUSTYPEN: Final = (RECEIVED, HANDLED, DONE)

INITIATOR: Final = "Aanvrager"
BEHANDELAAR: Final = "Behandelaar"
BELANGHEBBENDE: Final = "Belanghebbende"
GEMACHTIGDE: Final = "Gemachtigde"
_ROLTYPEN: Final = {
    INITIATOR: "initiator",
    BEHANDELAAR: "behandelaar",
    BELANGHEBBENDE: "belanghebbende",
    GEMACHTIGDE: "mede_initiator",
}


@dataclass(frozen=True)
class Kind:
    """A zaaktype with, by their names, the uuids of what it can have."""

    uuid: str
    statustypen: dict[str, str]
    roltypen: dict[str, str]
    resultaattype: str


def catalogue(holdings: Holdings) -> dict[str, Kind]:
    """Make the zaaktypen in the holdings; by their name."""
    names = [*(onderwerp.titel for onderwerp in ONDERWERPEN), TERUGBEL]
    return {name: _kind(holdings, name, number) for number, name in enumerate(names, 1)}


def _kind(holdings: Holdings, name: str, number: int) -> Kind:
    uuid: str = holdings.add(ZAAKTYPEN, _zaaktype(name, number))["uuid"]
    own = {"zaaktype": uuid}
    statustypen = {
        label: holdings.add(STATUSTYPEN, own | _statustype(label, place))["uuid"]
        for place, label in enumerate(_STATUSTYPEN, 1)
    }
    roltypen = {
        label: holdings.add(ROLTYPEN, own | {"omschrijving": label, "omschrijvingGeneriek": word})
        for label, word in _ROLTYPEN.items()
    }
    resultaattype = holdings.add(RESULTAATTYPEN, own | {"omschrijving": "Verwerkt"})
    return Kind(
        uuid,
        statustypen,
        {label: row["uuid"] for label, row in roltypen.items()},
        resultaattype["uuid"],
    )


def _zaaktype(name: str, number: int) -> Row:
    return {
        "identificatie": f"ZAAKTYPE-{number:03}",
        "omschrijving": name,
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
        "beginGeldigheid": BEGUN,
        "eindeGeldigheid": None,
        "concept": False,
    }


def _statustype(name: str, place: int) -> Row:
    return {"omschrijving": name, "volgnummer": place, "isEindstatus": name == DONE}
