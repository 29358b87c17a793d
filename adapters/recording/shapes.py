"""What can be told from a text alone: what is of a person, and whether it is a fictitious one.

Fictitious is what nobody has: a BSN or RSIN that begins with 999, as those for tests do, an address
under ``.example`` (RFC 2606), a mobile number that begins with 060, a postcode with the letters SA,
SD or SS, which are not given out, an account at a bank called TEST.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.nl import bsn

UNUSED_LETTERS: Final = ("SA", "SD", "SS")

PATTERN: Final = re.compile(
    r"""
    (?P<uuid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)
  | (?P<email>[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+)
  | (?P<iban>\b[A-Za-z]{2}\d{2}[ ]?[A-Za-z]{4}(?:[ ]?\d){10}(?!\d))
  | (?P<phone>(?<![\w+.:-])(?:(?:\+31|0031|0)(?:[ -]?\(0\))?[ -]?[1-9](?:[ -]?\d){8}
              |\+[1-9](?:[ -]?\d){8,13})(?!\d))
  | (?P<number>(?<!\d)(?:\d{9}|\d{4}[. -]\d{2}[. -]\d{3}|\d{3}[. -]\d{3}[. -]\d{3})(?!\d))
  | (?P<postcode>\b[1-9]\d{3}[ -]?(?:[A-Z]{2}|[a-z]{2})\b)
    """,
    re.VERBOSE,
)

_TIME: Final = r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_CLOCK: Final = re.compile(_TIME)
_MOMENT: Final = re.compile(
    rf"""
    (?: (?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)
      | (?P<day_>\d{{1,2}})(?P<sign_>[-/.])(?P<month_>\d{{1,2}})(?P=sign_)(?P<year_>\d{{4}})
    ) (?:[T ]{_TIME}[ ]?(?:Z|[+-]\d\d:?\d\d)?)?
  | (?P<year__>(?:19|20)\d\d)(?P<month__>\d\d)(?P<day__>\d\d)(?:\d{{6}}(?:\d{{2,3}})?)?
    """,
    re.VERBOSE,
)


def digits(text: str) -> str:
    """Only the digits of a text."""
    return "".join(c for c in text if c.isascii() and c.isdigit())


def is_eleven_proof(text: str) -> bool:
    """Whether the digits of a text can be a BSN or an RSIN."""
    return bool(bsn.is_valid(digits(text)))


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text, and where its year, month and day stand."""

    date: date
    year: tuple[int, int]
    month: tuple[int, int]
    day: tuple[int, int]


def day_of(text: str) -> Day | None:
    """The day that a text is, with or without a time: ISO 8601, the digits alone as in StUF, or the
    day first. ``None`` for any other text."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    end = next(e for e in ("", "_", "__") if found[f"year{e}"])
    year, first, second = (found.span(name + end) for name in ("year", "month", "day"))
    orders = [(first, second)]
    if end == "_":  # with the month first, as in America
        orders.append((second, first))
    for month, day in orders:
        with suppress(ValueError):
            numbers = (int(text[slice(*place)]) for place in (year, month, day))
            return Day(date(*numbers), year, month, day)
    return None


def is_moment(text: str) -> bool:
    """Whether a text is a day, a time or both."""
    return bool(_CLOCK.fullmatch(text)) or day_of(text) is not None


def replaced(text: str, replace: Callable[[str, str], str]) -> str:
    """A text with everything in it that has the shape of a person's replaced: ``replace`` is given
    the name of the shape and what was found."""

    def one(found: re.Match[str]) -> str:
        shape, value = str(found.lastgroup), found[0]
        if shape == "number" and not is_eleven_proof(value):
            return value
        return replace(shape, value)

    return PATTERN.sub(one, text)


def real(text: str) -> list[str]:
    """The names of the shapes in a text that may be of somebody."""
    found: list[str] = []

    def look(shape: str, value: str) -> str:
        if not _FICTITIOUS[shape](value):
            found.append(shape)
        return value

    replaced(text, look)
    return found


_FICTITIOUS: Final[dict[str, Callable[[str], bool]]] = {
    "uuid": lambda _: True,
    "email": lambda value: value.lower().endswith(".example"),
    "iban": lambda value: "TEST" in value,
    "phone": lambda value: re.match(r"(?:31|0031|0)60", digits(value)) is not None,
    "number": lambda value: digits(value).startswith("999"),
    "postcode": lambda value: value[-2:].upper() in UNUSED_LETTERS,
}
