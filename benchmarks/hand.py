"""What the mapping of klantcontacten and partijen does, written by hand: the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Record = Mapping[str, Any]
Related = Callable[[str], Any]

_ZONE = ZoneInfo("Europe/Amsterdam")
_KANAAL = {
    "TE": "telefoon",
    "EM": "e-mail",
    "BA": "balie",
    "BR": "brief",
    "WF": "webformulier",
    "CH": "chat",
}
_TAAL = {"NL": "nld", "DE": "deu", "EN": "eng", "TR": "tur", "AR": "ara"}
_JA = {"J": True, "N": False}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if value.__class__ is str else str(value)
    return text if text.strip(" ") else None


def _moment(date: str | None, time: str | None) -> str | None:
    if date is None or time is None:
        return None
    if len(date) != 8 or len(time) != 6:
        raise ValueError("no moment")
    wall = datetime(
        int(date[:4]), int(date[4:6]), int(date[6:]), int(time[:2]), int(time[2:4]), int(time[4:])
    )
    first = wall.replace(tzinfo=_ZONE).utcoffset()
    second = wall.replace(tzinfo=_ZONE, fold=1).utcoffset()
    if first is None or second is None or first < second:
        raise ValueError("a time that never occurred")
    return (wall - first).isoformat() + "Z"


def klantcontact(r: Record, uuid: str, url: str, related: Related) -> dict[str, Any]:
    """One row of CONTACT as a klantcontact."""
    gelukt, vervolg = _text(r.get("GELUKT")), _text(r.get("VERVOLG"))
    taal, vertrouwelijk = _text(r.get("TAAL")), _text(r.get("VERTR"))
    kanaal, onderwerp = _text(r.get("KANAAL_CD")), _text(r.get("ONDERWERP"))
    moment = _moment(_text(r.get("DATUM")), _text(r.get("TIJD")))
    bron = _text(r.get("BRON"))
    if kanaal is None or onderwerp is None or moment is None:
        raise ValueError("incomplete")
    return {
        "uuid": uuid,
        "url": url,
        "gingOverOnderwerpobjecten": related("gingOverOnderwerpobjecten"),
        "hadBetrokkenActoren": related("hadBetrokkenActoren"),
        "omvatteBijlagen": related("omvatteBijlagen"),
        "hadBetrokkenen": related("hadBetrokkenen"),
        "leiddeTotInterneTaken": related("leiddeTotInterneTaken"),
        "nummer": _text(r.get("CONTACT_NR")),
        "referentienummer": _text(r.get("REF_NR")),
        "kanaal": _KANAAL[kanaal],
        "onderwerp": onderwerp,
        "inhoud": _text(r.get("VRAAG")) or "",
        "reactie": _text(r.get("ANTWOORD")) or "",
        "indicatieContactGelukt": None if gelukt is None else _JA[gelukt],
        "hoofdOnderwerpType": _text(r.get("PRODUCT_URL")) or "",
        "verdereActieOndernomen": False if vervolg is None else _JA[vervolg],
        "taal": "nld" if taal is None else _TAAL[taal],
        "vertrouwelijk": True if vertrouwelijk is None else _JA[vertrouwelijk],
        "plaatsgevondenOp": moment,
        "metadata": {"bron": bron} if bron else {},
    }
