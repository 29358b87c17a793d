"""What can be told from a text alone: what is of a person, and whether it is a fictitious one.

Fictitious is what nobody has: a BSN or RSIN that begins with 999, as those for tests do, an address
under ``.example`` (RFC 2606), a mobile number that begins with 060, a postcode with the letters SA,
SD or SS, which are not given out, an account at a bank called TEST.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from stdnum.nl import bsn

UNUSED_LETTERS: Final = ("SA", "SD", "SS")

PATTERN: Final = re.compile(
    r"""
    (?P<uuid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)
  | (?P<email>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<iban>\b[A-Z]{2}\d{2}[ ]?[A-Z]{4}(?:[ ]?\d){10}(?!\d))
  | (?P<phone>(?<![\w+.:-])(?:(?:\+31|0031|0)(?:[ -]?\(0\))?[ -]?[1-9](?:[ -]?\d){8}
              |\+[1-9](?:[ -]?\d){8,13})(?!\d))
  | (?P<number>(?<!\d)(?:\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3})(?!\d))
  | (?P<postcode>\b[1-9]\d{3}[ ]?[A-Z]{2}\b)
    """,
    re.VERBOSE,
)

_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d\d:\d\d(?::\d\d)?"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{6}(?:\d{2,3})?)?")


def digits(text: str) -> str:
    """Only the digits of a text."""
    return "".join(c for c in text if c.isascii() and c.isdigit())


def is_eleven_proof(text: str) -> bool:
    """Whether the digits of a text can be a BSN or an RSIN."""
    return bool(bsn.is_valid(digits(text)))


def is_moment(text: str) -> bool:
    """Whether a text is a day, a time or both (ISO 8601, or the digits alone as in StUF)."""
    if _MOMENT.fullmatch(text):
        return True
    compact = _COMPACT.fullmatch(text)
    try:
        return compact is not None and bool(date(*map(int, compact.groups())))
    except ValueError:
        return False


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
    "postcode": lambda value: value[-2:] in UNUSED_LETTERS,
}
