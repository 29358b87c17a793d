"""Text: trimmed, postcodes, names with a tussenvoegsel."""

from __future__ import annotations

import re
from typing import Final

from gateway.mapping.formats.base import Format, Sources


class Trim(Format):
    """Text without white space around it."""

    def read(self, raw: str | int) -> str:
        return str(raw).strip()

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=(value,)) if value == value.strip() else Sources()

    def parts(self, text: str) -> tuple[str, ...] | None:
        return (text,)

    def write(self, value: str) -> str:
        return value.strip()


class Postcode(Format):
    """A Dutch postcode as ``1234 AB``; other text as it stands."""

    def read(self, raw: str | int) -> str:
        text = str(raw).strip()
        match = re.fullmatch(r"([1-9]\d{3})\s*([A-Za-z]{2})", text, re.ASCII)
        return f"{match[1]} {match[2].upper()}" if match else text

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=tuple(value.split()))

    def write(self, value: str) -> str:
        return value


_WORDS = (
    "'s 't 't. a aan af al am auf aus ben bij bin d da dal de degli dei del della den der des di",
    "do don dos du el het i im in la las le les lo los met of onder op over s t te ten ter tho",
    "thoe thor to toe tot uijt uit unter v v. van vom von voor vor y zu zum zur",
)
TUSSENVOEGSELS: Final = frozenset(" ".join(_WORDS).split())
"""Words before a Dutch surname, after the words in Landelijke Tabel 36 (Voorvoegsels, BRP)."""


class _Naam(Format):
    """A surname with its tussenvoegsel before it: ``van den Berg``."""

    @property
    def writable(self) -> bool:
        return False

    def _split(self, raw: str | int) -> tuple[str, str]:
        words = str(raw).split()
        n = 0
        while n < len(words) - 1 and words[n].lower() in TUSSENVOEGSELS:
            n += 1
        return " ".join(words[:n]), " ".join(words[n:])

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=tuple(value.split()))

    def parts(self, text: str) -> tuple[str, ...] | None:
        return tuple(text.split())


class Tussenvoegsel(_Naam):
    """The tussenvoegsel of a surname that is written with it: of ``van den Berg``, ``van den``."""

    def read(self, raw: str | int) -> str:
        return self._split(raw)[0]


class Achternaam(_Naam):
    """The surname without its tussenvoegsel: of ``van den Berg``, ``Berg``."""

    def read(self, raw: str | int) -> str:
        return self._split(raw)[1]
