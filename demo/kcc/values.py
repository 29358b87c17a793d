"""Single values as the legacy database writes them, drawn from one seeded source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")

Row = dict[str, Any]
Tables = dict[str, list[Row]]

NO_DATE = "00000000"

# The sample lives in fixed local time, so that two runs on two days give the same rows.
NOW = datetime(2026, 10, 30, 16, 45)

# The showcase is made in the last week; everything else is older.
SHOWCASE_START = datetime(2026, 10, 26, 8, 30)
ORDINARY_END = datetime(2026, 10, 23, 17, 0)

# How many of the newest rows of each table hang together.
SHOWCASE_SIZE = 25


@dataclass(frozen=True)
class Scale:
    """How many rows to make, and from which seed."""

    persons: int
    organisations: int
    contacts: int
    tasks: int
    seed: int = 20261030

    def __post_init__(self) -> None:
        """Refuse sizes that leave no ordinary rows next to the showcase."""
        if self.persons < 40 or self.organisations < 6 or self.contacts < 80 or self.tasks < 35:
            raise ValueError(f"too small to hold the showcase and the oddities: {self}")

    @property
    def is_small(self) -> bool:
        """Whether values come from small pools, so that random filters find something."""
        return self.persons < 500

    def part(self, full: int, least: int) -> int:
        """The size of a side table that has `full` rows next to 2,000 persons."""
        return max(least, full * self.persons // 2_000)


FULL = Scale(persons=2_000, organisations=400, contacts=10_000, tasks=1_500)
SMALL = Scale(persons=60, organisations=15, contacts=150, tasks=40)


def stamp(moment: datetime) -> str:
    """A moment as YYYYMMDDHHMMSS."""
    return f"{moment:%Y%m%d%H%M%S}"


def day(moment: datetime) -> str:
    """The day of a moment as YYYYMMDD."""
    return f"{moment:%Y%m%d}"


def moment_of(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(f"{text[:8]}T{text[8:]}")


def passes_elfproef(number: str) -> bool:
    """Whether nine digits pass the 11-test of a BSN or RSIN."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if len(number) != len(weights):
        return False
    return sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def number_rows(rows: list[Row], key: str) -> list[Row]:
    """The rows from old to new, numbered from 1 in column `key`."""
    rows.sort(key=lambda row: str(row["AANMAAK"]))
    for number, row in enumerate(rows, 1):
        row[key] = number
    return rows


class Source:
    """Where every random value comes from; the same scale gives the same values, in order."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.random = Random(scale.seed)
        self._decks: dict[str, list[str]] = {}
        self._seen: dict[str, set[str]] = {}

    def pick(self, values: Sequence[T]) -> T:
        """One of the values; one of the first eight in a small set."""
        return self.random.choice(values[:8] if self.scale.is_small else values)

    def chance(self, percentage: int) -> bool:
        """True in about this percentage of the calls."""
        return self.random.randrange(100) < percentage

    def deal(self, name: str, cards: Mapping[str, int]) -> str:
        """A card from the deck `name`, which holds each card as often as `cards` says.

        Unlike a weighted choice this shows rare cards in short runs too.
        """
        deck = self._decks.setdefault(name, [])
        if not deck:
            deck.extend(card for card, times in cards.items() for _ in range(times))
            self.random.shuffle(deck)
        return deck.pop()

    def unique(self, name: str, make: Callable[[], str]) -> str:
        """What `make` gives, never the same twice within `name`."""
        seen = self._seen.setdefault(name, set())
        while (value := make()) in seen:
            pass
        seen.add(value)
        return value

    def reserve(self, name: str, *values: str) -> None:
        """Keep `unique` from giving these values."""
        self._seen.setdefault(name, set()).update(values)

    def digits(self, length: int) -> str:
        """A number of this many digits, leading zeros included."""
        return f"{self.random.randrange(10**length):0{length}}"

    def moment(self, first: datetime, last: datetime) -> datetime:
        """A moment from first to last, on a working day in office hours where that fits."""
        seconds = int((last - first).total_seconds())
        moment = first + timedelta(seconds=self.random.randint(0, max(seconds, 0)))
        moment = moment.replace(hour=8 + moment.hour * 9 // 24)
        if moment.weekday() > 4:
            moment -= timedelta(days=2)
        return max(first, min(moment, last))

    def minutes_after(self, moment: datetime, most: int) -> datetime:
        """A moment at most this many minutes later, never in the future."""
        return min(NOW, moment + timedelta(seconds=self.random.randint(20, most * 60)))

    def guid(self) -> str:
        """A random UUID in lower case."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def fiscal_number(self, first: str = "") -> str:
        """A new number of nine digits that passes the 11-test, as BSN and RSIN do."""

        def make() -> str:
            while not passes_elfproef(number := first + self.digits(9 - len(first))):
                pass
            return number

        return self.unique("fiscal", make)

    def iban(self) -> str:
        """A new account number with right check digits, at a bank that does not exist."""

        def make() -> str:
            account = self.pick(("TEST", "DEMO")) + self.digits(10)
            as_number = "".join(str(int(char, 36)) for char in account + "NL00")
            return f"NL{98 - int(as_number) % 97:02}{account}"

        return self.unique("iban", make)

    def reference(self) -> str:
        """A new reference of ten digits, apart from the numbers the application counts itself."""
        return self.unique("reference", lambda: self.pick("3456789") + self.digits(9))

    def mobile(self) -> str:
        """A mobile number in one of the five spellings that colleagues use."""
        end = self.digits(2) if self.scale.is_small else self.digits(4)
        number = "12345678"[: 8 - len(end)] + end
        pairs = " ".join(number[at : at + 2] for at in range(0, 8, 2))
        spelling = self.deal("mobile", {"06{}": 1, "06-{}": 1, "+31 6 {}": 1, "00316{}": 1, "": 1})
        return spelling.format(number) if spelling else f"06 {pairs}"

    def landline(self) -> str:
        """A landline number as older rows write it."""
        return f"({self.pick(('010', '0180', '078'))}) 123 {self.digits(2)} {self.digits(2)}"

    def website(self, name: str) -> str:
        """A website for this name."""
        return f"https://www.{mail_part(name).replace('.', '-')}.example"


def mail_part(text: str) -> str:
    """Text as the local part of an e-mail address: 'Maas & Zoon' gives 'maas.zoon'."""
    words = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    return ".".join(words)
