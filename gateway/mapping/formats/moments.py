"""Dates, and moments in local wall time without a zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import field_validator

from gateway.mapping.formats.base import Format, Sources


class Datum(Format):
    """A date written as text; ``pattern`` as in ``strptime`` (default ``%Y%m%d``)."""

    pattern: str = "%Y%m%d"

    @property
    def monotone(self) -> bool:
        return _orders(self.pattern, ("%Y", "%m", "%d"))

    def read(self, raw: str | int) -> str:
        return _parse(str(raw), self.pattern).date().isoformat()

    def sources(self, value: str) -> Sources:
        return Sources((self.write(value),))

    def write(self, value: str) -> str:
        return date.fromisoformat(value).strftime(self.pattern)


class Tijdstip(Format):
    """A moment written as local wall time without a zone.

    ``zone`` is an IANA name. A time that occurred twice (the hour before winter time) is the
    first; one that never occurred is the moment of the change. So later texts never become
    earlier moments. (PEP 495 for the ambiguity.)
    """

    pattern: str = "%Y%m%d%H%M%S"
    zone: str = "Europe/Amsterdam"

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
        return _orders(self.pattern, ("%Y", "%m", "%d", "%H", "%M", "%S"))

    def read(self, raw: str | int) -> str:
        return self._utc(_parse(str(raw), self.pattern)).isoformat() + "Z"

    def _utc(self, wall: datetime) -> datetime:
        """Wall time as time in UTC, both without a zone."""
        zone = _zone(self.zone)
        first = wall.replace(tzinfo=zone).utcoffset()
        second = wall.replace(tzinfo=zone, fold=1).utcoffset()
        assert first is not None and second is not None
        if first >= second:
            return wall - first  # The usual case, or the first of two.
        # The wall time never occurred: it lies between the readings before and after the change.
        low, high = wall - second, wall - first
        while high - low > timedelta(seconds=1):
            middle = (low + (high - low) / 2).replace(microsecond=0)
            if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == first:
                low = middle
            else:
                high = middle
        return high

    def sources(self, value: str) -> Sources:
        moment = datetime.fromisoformat(value)
        zone = _zone(self.zone)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        text = wall.strftime(self.pattern)
        earlier = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset()
        if earlier is not None and earlier != moment.astimezone(zone).utcoffset():
            # The moment of a change: wall times that never occurred read as it too.
            return Sources(exact=False, fragments=(wall.strftime(self.pattern.partition("%H")[0]),))
        return Sources((text,)) if self.read(text) == value else Sources()

    def write(self, value: str) -> str:
        wall = datetime.fromisoformat(value).astimezone(_zone(self.zone)).replace(tzinfo=None)
        text = wall.strftime(self.pattern)
        if self.read(text) != value:
            raise ValueError("dit tijdstip kan de bron niet onderscheiden")
        return text


_zone = lru_cache(ZoneInfo)


@lru_cache
def _cuts(pattern: str) -> tuple[tuple[int, int], ...] | None:
    """Where year, month, day, hour, minute and second stand in a text of this pattern; ``None``
    when they are not all of fixed width."""
    at, found = 0, dict[str, tuple[int, int]]()
    for literal, directive in re.findall(r"([^%]*)(%[A-Za-z])?", pattern):
        at += len(literal)
        if directive:
            width = _WIDTHS.get(directive)
            if width is None or directive in found:
                return None
            found[directive] = (at, at + width)
            at += width
    order = list(_WIDTHS)
    if list(found) and set(found) == set(order[: len(found)]) and len(found) >= 3:
        return (*(found[d] for d in order[: len(found)]), (0, at))
    return None


_WIDTHS: Final = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}


def _parse(text: str, pattern: str) -> datetime:
    cuts = _cuts(pattern)
    moment = None
    try:
        if cuts is None:
            moment = datetime.strptime(text, pattern)
        elif text.isascii():
            moment = datetime(*(int(text[a:b]) for a, b in cuts[:-1]))  # type: ignore[arg-type]
    except ValueError:
        pass
    # What does not come back the same would not be found back by its full form.
    if moment is None or _written(moment, pattern) != text:
        raise ValueError("geen datum of tijd in het opgegeven patroon")
    return moment


def _written(moment: datetime, pattern: str) -> str:
    if pattern == "%Y%m%d%H%M%S":  # By far the most common; strftime is slow.
        m = moment
        return f"{m.year:04}{m.month:02}{m.day:02}{m.hour:02}{m.minute:02}{m.second:02}"
    return moment.strftime(pattern)


def _orders(pattern: str, parts: tuple[str, ...]) -> bool:
    """Whether texts in this pattern order as their moments: largest unit first, all fixed width."""
    found = re.findall(r"%[A-Za-z]", pattern)
    return tuple(found) == parts[: len(found)]
