"""The text of a letter: who is greeted, what is said, and what is quoted below it."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from demo.kcc import names

_DAYS: Final = (
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
)  # fmt: skip
_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip
_GREETINGS: Final = (
    "Geachte heer/mevrouw,", "Beste gemeente,", "Goedemiddag,", "L.S.,", "Hallo,",
    "Beste medewerker,",
)  # fmt: skip
_CLOSINGS: Final = (
    "Met vriendelijke groet,",
    "Groeten,",
    "Mvg,",
    "Alvast bedankt,",
    "Hoogachtend,",
)
_FOOTERS: Final = (
    "Verstuurd vanaf mijn telefoon",
    "Verzonden met een tablet",
    "Outlook voor Android",
)
DISCLAIMER: Final = (
    "Dit bericht is alleen bestemd voor wie het is geadresseerd. Ontving u het bij vergissing, "
    "meld dat dan aan de afzender."
)
"""What the gemeente puts under each of its mails."""


@dataclass(frozen=True)
class Letter:
    """What is written in one mail: paragraphs from the greeting to the name under it."""

    paragraphs: tuple[str, ...]
    footer: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(filter(None, (*self.paragraphs, self.footer)))


def filled(random: Random, text: str, moment: datetime) -> str:
    """A text with a street, a day and so on in the places for these; days lie around ``moment``."""
    return text.format(
        straat=random.choice(names.STRATEN),
        nummer=random.randint(1, 180),
        dag=random.choice(_DAYS[:5]),
        datum=f"{random.randint(1, 28)} {_month(moment, random.randint(-1, 2))}",
        maand=_month(moment, random.randint(1, 3)),
        jaar=moment.year,
        bedrag=f"€ {random.randint(8, 480)},{random.choice(('00', '50', '95'))}",
        kenteken=f"{random.choice('GHJKRSTX')}-{random.randint(100, 999)}-ZD",
        kind=random.choice(("zoon", "dochter", "oudste", "jongste")),
    )


def question(random: Random, said: list[str], name: str) -> Letter:
    """What a resident writes."""
    footer = random.choice(_FOOTERS) if random.random() < 0.25 else ""
    greeting, closing = random.choice(_GREETINGS), random.choice(_CLOSINGS)
    return Letter((greeting, *said, f"{closing}\n{name}"), footer)


def answer(random: Random, said: list[str], name: str, worker: str, office: str) -> Letter:
    """What the gemeente writes to him."""
    opening = random.choice(("Dank voor uw bericht.", "Hartelijk dank voor uw mail.", ""))
    closing = f"Met vriendelijke groet,\n\n{worker}\n{office}, gemeente Zilverdam"
    return Letter((f"Beste {name},", opening, *said, closing), DISCLAIMER)


def form(said: list[str], name: str, address: str) -> Letter:
    """What the site makes of a form that somebody filled in."""
    fields = f"Naam: {name}\nE-mailadres: {address}"
    return Letter(("Via het contactformulier kwam deze vraag binnen.", fields, *said))


def quoted(random: Random, before: str, sender: str, moment: datetime) -> str:
    """The mail that is answered, as the two usual kinds of programs put it below the answer."""
    if random.random() < 0.5:
        day = f"{_DAYS[moment.weekday()][:2]} {moment.day} {_MONTHS[moment.month - 1][:3]}"
        head = f"Op {day} {moment:%Y om %H:%M} schreef {sender}:"
        return "\n".join([head, *(f"> {line}".rstrip() for line in before.split("\n"))])
    date = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M}"
    return f"Van: {sender}\nVerzonden: {date}\nOnderwerp: uw bericht\n\n{before}"


def _month(moment: datetime, later: int) -> str:
    return _MONTHS[(moment.month - 1 + later) % 12]
