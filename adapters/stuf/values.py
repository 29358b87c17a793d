"""What a value in a StUF message means.

A value is absent when the element is nil, has a ``noValue``, or is empty: in practice each of these
occurs without the others (the standard wants the first two together; StUF 03.01, section 3.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from adapters.base import Failure, SourceError
from adapters.stuf.names import NIL, NO_VALUE, STUF

UNKNOWN_DATE: Final = "onbekend"
"""A date that there is, of which not even the year is known."""

_INCOMPLETE: Final = f"{{{STUF}}}indOnvolledigeDatum"
_KNOWN: Final = {"V": 10, "D": 7, "M": 4, "J": 0}
"""How much of ``yyyy-mm-dd`` holds: all, no day, no month, no year. The digits that do not are
anything."""

_DATE: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_MOMENT: Final = re.compile(r"\d{8}(?:\d\d(?:\d\d(?:\d\d\d{0,3})?)?)?", re.ASCII)
_MIDNIGHT: Final = "00000000000000000"

Reads = Callable[[etree._Element, str], str]
"""How an element that has a value, and its text, is read."""


def no_value(element: etree._Element) -> str | None:
    """Why there is no value, as the source says it."""
    return element.get(NO_VALUE) or element.get("noValue")


def is_absent(element: etree._Element) -> bool:
    """Whether an element stands for nothing."""
    if element.get(NIL) in ("true", "1") or no_value(element) is not None:
        return True
    return not len(element) and not (element.text or "").strip()


def is_withheld(element: etree._Element) -> bool:
    """Whether there may be a value that is kept from who asks."""
    return no_value(element) == "nietGeautoriseerd"


def text(_: etree._Element, value: str) -> str:
    """Text as it stands."""
    return value


def digits(length: int) -> Reads:
    """A number of so many digits: too short or too long by zeros before it, it is brought to
    that. Other text stays as it is."""

    def read(_: etree._Element, value: str) -> str:
        if not value.isascii() or not value.isdecimal():
            return value
        return value.lstrip("0").zfill(length)

    return read


def words(known: Mapping[str, str]) -> Reads:
    """A code as the word for it; a code without one stays as it is."""

    def read(_: etree._Element, value: str) -> str:
        return known.get(value, value)

    return read


def day(element: etree._Element, value: str) -> str:
    """``yyyy-mm-dd``, or as much of it as is known; never more.

    Raises ``SourceError`` for what is no date.
    """
    match = _DATE.fullmatch(value)
    if match is None:
        raise SourceError(Failure.BAD_DATA, "a date that is none")
    year, month, of_month = match.groups()
    known = _KNOWN.get(element.get(_INCOMPLETE) or element.get("indOnvolledigeDatum") or "V", 0)
    # Not by the standard, but as the registrations themselves write it (Logisch Ontwerp BRP).
    zeros = 0 if year == "0000" else 4 if month == "00" else 7 if of_month == "00" else 10
    whole = f"{year}-{month}-{of_month}"
    if min(known, zeros) == 10:
        try:
            date.fromisoformat(whole)
        except ValueError:
            raise SourceError(Failure.BAD_DATA, "a date that is none") from None
    return whole[: min(known, zeros)] or UNKNOWN_DATE


def moment(zone: ZoneInfo) -> Reads:
    """A moment in UTC, of fixed width, so that texts order as the moments do. In the message it
    is the time of a clock in ``zone``, in 8 to 17 digits; what is not there is zero.

    Raises ``SourceError`` for what is no moment.
    """

    def read(_: etree._Element, value: str) -> str:
        if _MOMENT.fullmatch(value) is None:
            raise SourceError(Failure.BAD_DATA, "a moment that is none")
        full = value + _MIDNIGHT[len(value) :]
        try:
            wall = datetime.fromisoformat(f"{full[:8]}T{full[8:14]}.{full[14:]}")
            utc = wall.replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            raise SourceError(Failure.BAD_DATA, "a moment that is none") from None
        return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"

    return read


def written(at: datetime) -> str:
    """A moment as it is sent: 17 digits."""
    return at.strftime("%Y%m%d%H%M%S") + f"{at.microsecond // 1000:03}"


def local_moment(value: str, zone: ZoneInfo) -> str | None:
    """A moment in UTC, as ``moment`` reads it, as it is sent: to the millisecond, by the clock in
    ``zone``. ``None`` for what is none, and for an hour that is read as another: the second time
    that a clock shows it."""
    try:
        at = datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None
    local = at.astimezone(zone)
    return None if local.fold else written(local)
