"""What the values of a field look like, and how a rule reads such values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from stdnum.nl import bsn

from gateway.mapping.formats import Datum, Tijdstip, Unreadable
from gateway.mapping.formats.base import Format


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that all values of a field have. ``words``: of a rule that reads them. ``certain``:
    hardly anything else looks so."""

    name: str
    words: Mapping[str, Any] = field(default_factory=dict)
    certain: bool = False


_EMAIL: Final = re.compile(r"[^@\s<>]+@[\w-]+(\.[\w-]+)+")
_PHONE: Final = re.compile(
    r"(\+|00)\d{1,3}[\s\-().]*(\d[\s\-().]*){8,12}|0(\(0\))?([\s\-()]*\d){9}|\(0\d+\)([\s-]*\d)+"
)
_POSTCODE: Final = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_YES_NO: Final = (
    ("J", "N"),
    ("j", "n"),
    ("Ja", "Nee"),
    ("ja", "nee"),
    ("JA", "NEE"),
    ("Y", "N"),
    ("yes", "no"),
    ("true", "false"),
    ("True", "False"),
    ("T", "F"),
)
_DAYS: Final = ("%Y%m%d", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d%m%Y", "%Y/%m/%d")
_TIMES: Final = (
    *("%H%M%S", "%H:%M:%S", "%H%M", "%H:%M"),
    *("%H:%M:%S.%f", "%H%M%S%f", "%H:%M:%S.%L", "%H%M%S%L"),
)
_BETWEEN: Final = ("", "T", " ")
_ZONES: Final = ("", "Z", "+00:00", "+0000")
_SINCE: Final = range(1900, 2101)


def shape(values: Sequence[Any]) -> Shape | None:
    """The shape of some values that are not empty, ``None`` where there are none, or they have
    nothing in common but that they are text."""
    texts = [str(value).strip() for value in values]
    if not texts:
        return None
    for look in (_yes_no, _moment, _date, _certain, _numbers):
        found = look(texts)
        if found is not None:
            return found
    return None


def time_pattern(values: Sequence[Any]) -> str | None:
    """The pattern of a time of the day, which stands in a field of its own."""
    texts = [str(value).strip() for value in values]
    for pattern in _TIMES:
        reader = Tijdstip(pattern=f"%Y%m%d {pattern}")
        if texts and _read_all(reader, [f"20260101 {text}" for text in texts]):
            return pattern
    return None


def _yes_no(texts: Sequence[str]) -> Shape | None:
    for yes, no in _YES_NO:
        if set(texts) <= {yes, no}:
            # T and F, or an N alone, may be codes of something else.
            return Shape("ja-nee", {"values": {yes: True, no: False}}, len({*texts}) == 2)
    if set(texts) <= {"0", "1"}:
        return Shape("ja-nee", {"values": {"1": True, "0": False}})
    return None


def _moment(texts: Sequence[str]) -> Shape | None:
    for day, between, time in product(_DAYS, _BETWEEN, _TIMES):
        if not between and ("-" in day or "/" in day or "." in day):
            continue
        for suffix in _ZONES:
            zone = {"zone": "UTC"} if suffix else {}
            pattern = f"{day}{between}{time}{suffix}"
            if _likely(Tijdstip.model_validate({"pattern": pattern, **zone}), texts):
                if pattern == "%Y%m%d%H%M%S":
                    return Shape("tijdstip", {"format": "tijdstip"}, True)
                words = {"name": "tijdstip", "pattern": pattern, **zone}
                return Shape("tijdstip", {"format": words}, True)
    return None


def _date(texts: Sequence[str]) -> Shape | None:
    for day in _DAYS:
        if _likely(Datum(pattern=day), texts):
            words: Any = "datum" if day == "%Y%m%d" else {"name": "datum", "pattern": day}
            return Shape("datum", {"format": words}, day != "%d%m%Y")
    return None


def _likely(reader: Format, texts: Sequence[str]) -> bool:
    """Whether all can be read, as moments of a time in which records are made."""
    return _read_all(reader, texts) and all(int(reader.read(t)[:4]) in _SINCE for t in texts)


def _read_all(reader: Format, texts: Sequence[str]) -> bool:
    try:
        return all(reader.read(text) for text in texts)
    except Unreadable:
        return False


def _certain(texts: Sequence[str]) -> Shape | None:
    for name, pattern, words in (
        ("uuid", _UUID, {}),
        ("e-mail", _EMAIL, {}),
        ("postcode", _POSTCODE, {"format": "postcode"}),
    ):
        if all(pattern.fullmatch(text) for text in texts):
            return Shape(name, words, True)
    return None


def _numbers(texts: Sequence[str]) -> Shape | None:
    if all(text.isascii() and text.isdigit() for text in texts):
        for name, fits, words in _DIGITS:
            if all(fits(text) for text in texts):
                return Shape(name, words)
    if all(_PHONE.fullmatch(text) for text in texts):
        return Shape("telefoon", {"format": "telefoon"}, True)
    return Shape("getal") if all(re.fullmatch(r"\d+", t, re.ASCII) for t in texts) else None


_DIGITS: Final[tuple[tuple[str, Callable[[str], bool], Mapping[str, Any]], ...]] = (
    ("bsn", lambda t: len(t) == 9 and bsn.is_valid(t), {"format": "bsn"}),
    ("kvk", lambda t: len(t) == 8, {"format": {"name": "cijfers", "length": 8}}),
    ("vestiging", lambda t: len(t) == 12, {"format": {"name": "cijfers", "length": 12}}),
)
"""What numbers identify. Of 9 digits one in eleven meets the eleven test by chance; KvK and
vestigingsnummers have no test (KVK API)."""
