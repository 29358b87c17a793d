"""The zaaktypen of the sample municipality: one for each subject of its KCC, and one for being
called back."""

from dataclasses import dataclass
from typing import Final

from demo.kcc.names import ONDERWERPEN
from demo.v1.register import RSIN, Row

from .holdings import RESULTAATTYPEN, ROLTYPEN, STATUSTYPEN, ZAAKTYPEN, Holdings

TERUGBEL: Final = "Terugbelverzoek"
BEGUN: Final = "2020-01-01"
_SELECTIELIJST: Final = "https://selectielijst.example/api/v1"

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


_ALWAYS: Final = dict.fromkeys(("beginGeldigheid", "eindeGeldigheid", "beginObject", "eindeObject"))
_ZAAKTYPE: Final[Row] = {
    "omschrijvingGeneriek": "",
    "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
    "doel": "Een vraag behandelen",
    "aanleiding": "Een vraag",
    "toelichting": "",
    "indicatieInternOfExtern": "extern",
    "handelingInitiator": "aanvragen",
    "handelingBehandelaar": "behandelen",
    "doorlooptijd": "P56D",
    "servicenorm": None,
    "opschortingEnAanhoudingMogelijk": False,
    "verlengingMogelijk": False,
    "verlengingstermijn": None,
    "trefwoorden": [],
    "publicatieIndicatie": False,
    "publicatietekst": "",
    "verantwoordingsrelatie": [],
    "productenOfDiensten": [],
    "selectielijstProcestype": "",
    "referentieproces": {"naam": "Vraag", "link": ""},
    "concept": False,
    "verantwoordelijke": RSIN,
    "broncatalogus": {"url": "", "domein": "", "rsin": ""},
    "bronzaaktype": {"url": "", "identificatie": "", "omschrijving": ""},
    "beginGeldigheid": BEGUN,
    "eindeGeldigheid": None,
    "versiedatum": BEGUN,
    "beginObject": BEGUN,
    "eindeObject": None,
    "eigenschappen": [],
    "informatieobjecttypen": [],
    "besluittypen": [],
    "deelzaaktypen": [],
    "gerelateerdeZaaktypen": [],
    "zaakobjecttypen": [],
}
_STATUSTYPE: Final = {
    "omschrijvingGeneriek": "",
    "statustekst": "",
    "informeren": False,
    "doorlooptijd": None,
    "toelichting": None,
    "checklistitemStatustype": [],
    "eigenschappen": [],
    "zaakobjecttypen": [],
}
_RESULTAATTYPE: Final[Row] = {
    **_ALWAYS,
    "omschrijving": "Verwerkt",
    "resultaattypeomschrijving": f"{_SELECTIELIJST}/resultaattypeomschrijvingen/1",
    "omschrijvingGeneriek": "Verwerkt",
    "selectielijstklasse": f"{_SELECTIELIJST}/resultaten/1",
    "toelichting": "",
    "archiefnominatie": "vernietigen",
    "archiefactietermijn": "P5Y",
    "brondatumArchiefprocedure": {
        "afleidingswijze": "afgehandeld",
        "datumkenmerk": "",
        "einddatumBekend": False,
        "objecttype": "",
        "registratie": "",
        "procestermijn": None,
    },
    "procesobjectaard": "",
    "indicatieSpecifiek": None,
    "procestermijn": None,
    "besluittypen": [],
    "besluittypeOmschrijving": [],
    "informatieobjecttypen": [],
    "informatieobjecttypeOmschrijving": [],
}
"""All that there is room for comes back."""


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
        label: holdings.add(
            ROLTYPEN, own | _ALWAYS | {"omschrijving": label, "omschrijvingGeneriek": word}
        )
        for label, word in _ROLTYPEN.items()
    }
    resultaattype = holdings.add(RESULTAATTYPEN, own | _RESULTAATTYPE)
    return Kind(
        uuid,
        statustypen,
        {label: row["uuid"] for label, row in roltypen.items()},
        resultaattype["uuid"],
    )


def _zaaktype(name: str, number: int) -> Row:
    return {
        **_ZAAKTYPE,
        "identificatie": f"ZAAKTYPE-{number:03}",
        "omschrijving": name,
        "onderwerp": name,
    }


def _statustype(name: str, place: int) -> Row:
    last = {"volgnummer": place, "isEindstatus": name == DONE}
    return {**_STATUSTYPE, **_ALWAYS, "omschrijving": name, **last}
