"""Asking a source whether it answers, and what to tell whoever runs the gateway if it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from adapters.base import Adapter, Failure, SourceError

_TOLD: Final[Mapping[Failure, str]] = {
    Failure.REFUSED: "weigert. Klopt het geheim, en heeft de gateway er de rechten die zij nodig "
    "heeft?",
    Failure.WITHHELD: "schermt af wat ter controle werd gevraagd. Heeft de gateway er de rechten "
    "die zij nodig heeft?",
    Failure.THROTTLED: "vraagt om rust. Probeer het later, en stel minder verbindingen in als het "
    "vaker voorkomt.",
    Failure.TIMEOUT: "antwoordt niet op tijd. Houdt iets onderweg het verkeer tegen, of is de bron "
    "traag?",
    Failure.UNAVAILABLE: "is niet bereikbaar. Kloppen het adres en het certificaat, is er een weg "
    "in het netwerk, en is het geheim er?",
    Failure.BAD_DATA: "antwoordt iets anders dan de gateway verwacht. Is dit het adres van het "
    "goede systeem, in de goede versie?",
}


async def examined(adapter: Adapter, seconds: float) -> SourceError | None:
    """Why a source does not answer within so many seconds; ``None`` when it does."""
    try:
        async with asyncio.timeout(seconds):
            await adapter.check()
    except TimeoutError:
        return SourceError(Failure.TIMEOUT)
    except SourceError as error:
        return error
    return None


def diagnosis(error: SourceError) -> str:
    """What is the matter with a source, and what may help; in Dutch, behind its name."""
    told = _TOLD.get(error.failure, "antwoordt niet zoals het hoort.")
    if error.ahead is not None:
        told = (
            f"weigert, en haar klok loopt {abs(error.ahead)} seconden "
            f"{'voor' if error.ahead > 0 else 'achter'}. Een token dat hier wordt gemaakt is daar "
            "dan verlopen of nog niet geldig. Zet beide klokken gelijk (NTP)."
        )
    return f"{told} ({error.note})" if error.note else told
