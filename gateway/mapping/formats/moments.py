"""Dates, and moments in local wall time without a zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import field_validator

from gateway.mapping.formats.base import Format, Sources, Unreadable


class Datum(Format):
    """A date written as text; ``pattern`` as in ``strptime`` (default ``%Y%m%d``)."""

    pattern: str = "%Y%m%d"

    @field_validator("pattern")
    @classmethod
    def _complete(cls, value: str) -> str:
        return _needs(value, ("%Y", "%m", "%d"))

    @property
    def monotone(self) -> bool:
        return _orders(self.pattern, ("%Y", "%m", "%d"))

    def read(self, raw: str | int) -> str:
        return _parser(self.pattern)(str(raw)).date().isoformat()

    def sources(self, value: str) -> Sources:
        return Sources((self.write(value),))

    def write(self, value: str) -> str:
        return _text(date.fromisoformat(value), self.pattern)


class Tijdstip(Format):
    """A moment written as local wall time without a zone.

    ``pattern`` as in ``strptime``, and ``%L``: milliseconds, in three digits. ``zone`` is an IANA
    name. A time that occurred twice (the hour before winter time) is the first; one that never
    occurred is the moment of the change. So later texts never become earlier moments. (PEP 495 for
    the ambiguity.) ``rounds``: what is finer than the pattern is left out of a moment that is
    written, instead of refusing it.
    """

    pattern: str = "%Y%m%d%H%M%S"
    zone: str = "Europe/Amsterdam"
    rounds: bool = False

    @field_validator("pattern")
    @classmethod
    def _complete(cls, value: str) -> str:
        whole = _needs(value, ("%Y", "%m", "%d", "%H", "%M"))
        if _MILLIS in whole and _order(whole) is None:
            raise ValueError(
                f"bij `{_MILLIS}` hoort `%S`, en verder alleen wat vaste breedte heeft"
            )
        return whole

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception:
            raise ValueError("onbekende tijdzone") from None
        return value

    @property
    def monotone(self) -> bool:
        return _orders(self.pattern, tuple(_DIGITS))

    def read(self, raw: str | int) -> str:
        return self.reader()(raw)

    def reader(self) -> Callable[[str | int], str]:
        return _moments(self.pattern, self.zone)

    def sources(self, value: str) -> Sources:
        try:
            return self._sources(datetime.fromisoformat(value), value)
        except OverflowError:
            return Sources()  # At the ends of the calendar there is no wall time.

    def _sources(self, moment: datetime, value: str) -> Sources:
        zone = _zone(self.zone)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        text = _text(wall, self.pattern)
        earlier = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset()
        if earlier != moment.astimezone(zone).utcoffset():
            # The moment of a change: wall times that never occurred read as it too.
            return Sources(exact=False, fragments=(_text(wall, self.pattern.partition("%H")[0]),))
        return Sources((text,)) if self._reads_as(text, value) else Sources()

    def _reads_as(self, text: str, value: str) -> bool:
        try:
            return self.read(text) == value
        except Unreadable:
            return False

    def kept(self, value: str) -> str:
        if not self.rounds:
            return value
        found = self.read(self._written(value))
        lost = datetime.fromisoformat(value) - datetime.fromisoformat(found)
        return found if timedelta() <= lost < timedelta(minutes=1) else value

    def write(self, value: str) -> str:
        text = self._written(value)
        if self.read(text) != self.kept(value):
            raise Unreadable("dit tijdstip kan de bron niet onderscheiden")
        return text

    def _written(self, value: str) -> str:
        try:
            wall = datetime.fromisoformat(value).astimezone(_zone(self.zone))
        except OverflowError:
            raise Unreadable(_UNREADABLE) from None
        return _text(wall.replace(tzinfo=None), self.pattern)


_zone = lru_cache(ZoneInfo)
_DAYS: Final = 4096
_MOMENTS: Final = 4096


@lru_cache
def _moments(pattern: str, zone_name: str) -> Callable[[str | int], str]:
    """``Tijdstip.read``. What a list is sorted by is what is written next, and records of one
    moment are many: so what was read last is kept."""
    parse, zone, steady = _parser(pattern), _zone(zone_name), _steady(zone_name)

    @lru_cache(_MOMENTS, typed=True)
    def read(raw: str | int) -> str:
        wall = parse(str(raw))
        try:
            offset = steady(wall.toordinal())
            moment = _utc(wall, zone) if offset is None else wall - offset
        except OverflowError:
            raise Unreadable(_UNREADABLE) from None
        return moment.isoformat() + "Z"

    return read


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Wall time as time in UTC, both without a zone."""
    first = wall.replace(tzinfo=zone).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    assert first is not None and second is not None
    if first >= second:
        return wall - first  # The usual case, or the first of two.
    # The wall time never occurred: it lies between the readings before and after the change.
    wall = wall.replace(microsecond=0)
    low, high = wall - second, wall - first
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == first:
            low = middle
        else:
            high = middle
    return high


@lru_cache
def _steady(name: str) -> Callable[[int], timedelta | None]:
    """For a zone, a function of a day (its ordinal): the one offset that its clocks have all day,
    ``None`` for a day on which they change. Almost no day is, and an offset is slow to find."""
    zone = _zone(name)

    @lru_cache(_DAYS)
    def offset(ordinal: int) -> timedelta | None:
        if ordinal == date.max.toordinal():
            return None  # No midnight ends this day.
        midnight = datetime.combine(date.fromordinal(ordinal), time(), zone)
        hours = [midnight + timedelta(hours=hour) for hour in range(25)]
        found = {h.replace(fold=fold).utcoffset() for h in hours for fold in (0, 1)}
        return found.pop() if len(found) == 1 else None

    return offset


@lru_cache
def _parser(pattern: str) -> Callable[[str], datetime]:
    """A function that reads a text of this pattern; it raises ``Unreadable`` for another one."""
    if pattern in _COMPACT:
        return _compact(_COMPACT[pattern])
    order = _order(pattern)
    return _general(pattern) if order is None else _fixed(pattern, order)


def _compact(length: int) -> Callable[[str], datetime]:
    """For digits alone, the largest unit first."""

    def read(text: str) -> datetime:
        if len(text) != length or not text.isdecimal() or not text.isascii():
            raise Unreadable(_UNREADABLE)
        try:
            fraction = f".{text[14:]}" if length > 14 else ""
            return datetime.fromisoformat(f"{text[:8]}T{text[8:14] or '00'}{fraction}")
        except ValueError:
            raise Unreadable(_UNREADABLE) from None

    return read


def _fixed(pattern: str, order: Sequence[int]) -> Callable[[str], datetime]:
    """For units of fixed width in any order: the texts that ``strptime`` reads, in a quarter of
    its time."""
    units = {**_DIGITS, _MILLIS: r"(\d{3})"}
    parts = (units.get(part) or re.escape(part) for part in re.split("(%.)", pattern))
    shape = re.compile("".join(parts), re.ASCII)
    scale = 1000 if _MILLIS in pattern else 1

    def read(text: str) -> datetime:
        match = shape.fullmatch(text)
        if match is None:
            raise Unreadable(_UNREADABLE)
        units = [*map(int, match.group(*order)), 0, 0, 0, 0]
        year, month, day, hour, minute, second, fraction = units[:7]
        try:
            return datetime(year, month, day, hour, minute, second, fraction * scale)
        except ValueError:
            raise Unreadable(_UNREADABLE) from None

    return read


def _general(pattern: str) -> Callable[[str], datetime]:
    """For whatever ``strptime`` knows."""

    def read(text: str) -> datetime:
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            raise Unreadable(_UNREADABLE) from None
        # strptime takes shorter forms too; those would not be found back by their full form.
        if _text(moment, pattern) != text:
            raise Unreadable(_UNREADABLE)
        return moment

    return read


_DIGITS: Final = {
    "%Y": r"(\d{4})",
    **dict.fromkeys(("%m", "%d", "%H", "%M", "%S"), r"(\d\d)"),
    "%f": r"(\d{6})",
}
"""Units of fixed width, the largest first."""
_MILLIS: Final = "%L"
"""In place of ``%f``, which it counts as: what many services write, and strptime does not read."""


def _order(pattern: str) -> list[int] | None:
    """Where in a pattern the units stand (from 1), the largest first; ``None`` when it has
    something else, or leaves one out."""
    found = re.findall("%.", pattern.replace(_MILLIS, "%f"))
    units = list(_DIGITS)[: len(found)]
    return [found.index(unit) + 1 for unit in units] if sorted(found) == sorted(units) else None


_COMPACT: Final = {"%Y%m%d": 8, "%Y%m%d%H%M": 12, "%Y%m%d%H%M%S": 14, "%Y%m%d%H%M%S%f": 20}
_UNREADABLE: Final = "geen datum of tijd in het opgegeven patroon"


def _needs(pattern: str, parts: tuple[str, ...]) -> str:
    """The pattern. Raises ``ValueError`` when a part that makes it whole is lacking."""
    lacking = [part for part in parts if part not in pattern]
    if lacking:
        raise ValueError(f"in het patroon ontbreekt `{lacking[0]}`")
    return pattern


def _text(moment: date, pattern: str) -> str:
    """A moment in a pattern; strftime itself writes early years with fewer digits."""
    if isinstance(moment, datetime):
        pattern = pattern.replace(_MILLIS, f"{moment.microsecond // 1000:03}")
    return moment.strftime(pattern.replace("%Y", f"{moment.year:04}"))


def _orders(pattern: str, parts: tuple[str, ...]) -> bool:
    """Whether texts in this pattern order as their moments: largest unit first, all fixed width."""
    found = re.findall(r"%[A-Za-z]", pattern.replace(_MILLIS, "%f"))
    return tuple(found) == parts[: len(found)]
