"""Text: trimmed, postcodes, names with a tussenvoegsel."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.mapping.formats.base import Format, Sources, Unreadable


class Trim(Format):
    """Text without white space around it."""

    def read(self, raw: str | int) -> str:
        return str(raw).strip()

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=(value,)) if value == value.strip() else Sources()

    def parts(self, text: str) -> tuple[str, ...] | None:
        return (text,)

    def kept(self, value: str) -> str:
        return value.strip()

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

    def kept(self, value: str) -> str:
        return self.read(value)

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


class JsonObject(Format):
    """A map of texts, kept as the text of a JSON object. As a value it is that text without white
    space, see ``as_map``."""

    def read(self, raw: str | int) -> str:
        return as_json(_parsed(str(raw)))

    def sources(self, value: str) -> Sources:
        return Sources(exact=False)

    def kept(self, value: str) -> str:
        return as_json(_parsed(value))

    def write(self, value: str) -> str:
        return self.kept(value) or "{}"


def as_json(names: Mapping[str, str]) -> str:
    """The spelling in which ``JsonObject`` gives a map; empty text for an empty one."""
    return json.dumps(dict(names), ensure_ascii=False, separators=(",", ":")) if names else ""


def as_map(text: str) -> dict[str, str]:
    """The map that ``JsonObject`` read as ``text``."""
    return _parsed(text) if text else {}


def _parsed(text: str) -> dict[str, str]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Unreadable("geen JSON-object met teksten")
    return found
