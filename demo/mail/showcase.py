"""What Merel Kooyman, of whom everything is known, wrote in the last days."""

from datetime import datetime
from typing import Final

from .desk import local, office
from .mime import Mail, file

_HOME: Final = ("Merel Kooyman", "merel.kooyman@post.example")
_WORK: Final = ("Merel Kooyman", "m.kooyman@werk.example")
_SUBJECT: Final = "Trouwen in de Zilverzaal (ZAAK-2026-0009004)"
_OFFICE: Final = office("burgerzaken")
_ASKED: Final = "showcase-1@post.example"
_TOLD: Final = "showcase-2@zilverdam.example"


def _day(number: int, hour: int, minute: int) -> datetime:
    return local(datetime(2026, 10, number, hour, minute))


SHOWN: Final = (
    Mail(
        _HOME,
        (_OFFICE,),
        _SUBJECT,
        "Goedemiddag,\n\nVandaag nam ik aan de balie een optie op de Zilverzaal. Past daar ook een "
        "koor van twaalf mensen in?\n\nMet vriendelijke groet,\nMerel Kooyman",
        _day(29, 12, 31),
        _ASKED,
        html="beside",
    ),
    Mail(
        _OFFICE,
        (_HOME,),
        f"Re: {_SUBJECT}",
        "Beste Merel Kooyman,\n\nDat past: het koor staat dan op het balkon. Stuur ons voor de "
        "repetitie de namen, dan leggen wij passen klaar.\n\nMet vriendelijke groet,\n\n"
        "Noor van der Wiel\nBurgerzaken, gemeente Zilverdam\n\n"
        "Op do 29 okt 2026 om 12:31 schreef Merel Kooyman:\n> Goedemiddag,\n>\n> Vandaag nam ik "
        "aan de balie een optie op de Zilverzaal.",
        _day(29, 15, 4),
        _TOLD,
        (_ASKED,),
    ),
    Mail(
        _WORK,
        (_OFFICE,),
        "Namen van het koor (ZAAK-2026-0009004)",
        "Hallo,\n\nDe namen staan in de bijlage.\n\nGroeten,\nMerel",
        _day(30, 9, 12),
        "showcase-3@werk.example",
        (_ASKED, _TOLD),
        files=(file("koor.pdf", b"%%EOF\n"),),
    ),
)
"""From old to new."""
