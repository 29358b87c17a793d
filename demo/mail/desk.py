"""What all mails have in common: who works there, and what chance decides."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from demo.kcc.values import mail_part

from .mime import Mailbox
from .people import Writer

OWN: Final = "zilverdam.example"
OFFICES: Final = {
    "info": "Klant Contact Centrum",
    "burgerzaken": "Burgerzaken",
    "belastingen": "Belastingen",
    "openbareruimte": "Openbare Ruimte",
    "reiniging": "Groen en Reiniging",
    "parkeren": "Parkeren",
    "vergunningen": "Vergunningen",
    "inkomen": "Werk en Inkomen",
    "zorg": "Zorg en Ondersteuning",
}
"""The mailboxes, by what stands before the ``@``."""

FORMS: Final[Mailbox] = ("Formulieren Zilverdam", f"formulieren@{OWN}")
"""What forms on the site are sent by."""

_LOCAL: Final = ZoneInfo("Europe/Amsterdam")


class Desk:
    """``known``: who can write; ``staff``: the names of colleagues."""

    def __init__(self, random: Random, known: Sequence[Writer], staff: Sequence[str]) -> None:
        self.random = random
        self.known = known
        self._staff = staff

    def worker(self) -> Mailbox:
        name = self.random.choice(self._staff)
        return name, f"{mail_part(name)}@{OWN}"

    def number(self, address: str) -> str:
        """A new Message-ID, of a program at the domain of an address."""
        return f"{self.random.getrandbits(72):018x}@{address.rpartition('@')[2].lower()}"


def office(code: str) -> Mailbox:
    return f"{OFFICES[code]} gemeente Zilverdam", f"{code}@{OWN}"


def local(moment: datetime) -> datetime:
    """A moment on the clocks of the gemeente, in whole seconds."""
    return moment.replace(microsecond=0, tzinfo=_LOCAL)


def is_own(address: str) -> bool:
    return address.endswith(f"@{OWN}")
