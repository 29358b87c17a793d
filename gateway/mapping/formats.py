"""The formats of the rule language: how a source writes a value, read and inverted.

Each format declares both directions. ``read`` takes the source's text or number and gives a wire
value. ``sources`` inverts an exact question: every source text that reads as the value
(``exact``), or fragments that every such text contains. ``parts`` does so for *contains*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


@dataclass(frozen=True, slots=True)
class Sources:
    """Source texts that read as a value. ``exact`` is false when others may do so too, and then
    ``fragments`` occur, in order, in all of them."""

    texts: tuple[str, ...] = ()
    exact: bool = True
    fragments: tuple[str, ...] = ()


class Format(BaseModel):
    """A format with its options. ``monotone``: source texts order as the values do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def monotone(self) -> bool:
        return False

    def read(self, raw: str | int) -> str:
        """The wire value. Raises ``ValueError`` (without the value in its text) when unreadable."""
        raise NotImplementedError

    def sources(self, value: str) -> Sources:
        """The inverse of ``read`` for one wire value."""
        raise NotImplementedError

    def parts(self, text: str) -> tuple[str, ...] | None:
        """Fragments that a source text contains, in order and in any case, whenever its value
        contains ``text``; ``None`` when nothing can be said."""
        return None


class Trim(Format):
    """Text without white space around it."""

    def read(self, raw: str | int) -> str:
        return str(raw).strip()

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=(value,)) if value == value.strip() else Sources()

    def parts(self, text: str) -> tuple[str, ...] | None:
        return (text,)


class Bsn(Format):
    """A BSN or RSIN: nine digits; leading zeros that the source dropped are put back.

    Other text is shown as it stands (Wet algemene bepalingen burgerservicenummer, art. 1).
    """

    def read(self, raw: str | int) -> str:
        text = str(raw)
        return text.zfill(9) if text.isdigit() and text.isascii() else text

    def sources(self, value: str) -> Sources:
        if not (value.isdigit() and value.isascii()):
            return Sources((value,))
        if len(value) < 9:
            return Sources()
        zeros = len(value) - len(value.lstrip("0")) if len(value) == 9 else 0
        return Sources(tuple(value[n:] for n in range(zeros + 1) if value[n:]))


class Postcode(Format):
    """A Dutch postcode as ``1234 AB``; other text as it stands."""

    def read(self, raw: str | int) -> str:
        text = str(raw).strip()
        match = re.fullmatch(r"([1-9]\d{3})\s*([A-Za-z]{2})", text, re.ASCII)
        return f"{match[1]} {match[2].upper()}" if match else text

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=tuple(value.split()))


class Telefoon(Format):
    """A telephone number in one spelling: Dutch ones as ``0`` and nine digits, others ``+…``.

    Separators, ``+31``, ``0031`` and ``(0)`` are taken away. Text that is no number stays as it
    is, trimmed. (Numbering: Nummerplan telefoon- en ISDN-diensten; ITU-T E.164.)
    """

    def read(self, raw: str | int) -> str:
        text = str(raw).strip()
        digits = re.sub(r"\(0\)|[\s().\-/]", "", text)
        digits = re.sub(r"^00", "+", digits)
        digits = re.sub(r"^\+310?(?=\d{9}$)", "0", digits)
        return digits if re.fullmatch(r"\+?\d{7,15}", digits, re.ASCII) else text

    def sources(self, value: str) -> Sources:
        return Sources(exact=False, fragments=self.parts(value) or ())

    def parts(self, text: str) -> tuple[str, ...] | None:
        if not re.fullmatch(r"\+?\d*", text, re.ASCII):
            return (text,)  # Only text that is no number contains this, and that is left as it is.
        # Every digit of the value stands in the source text, apart from a national 0 that the
        # normal form may have put in front; what stands between the digits differs.
        digits = text.removeprefix("+")
        return tuple(digits.removeprefix("0"))


class Datum(Format):
    """A date written as text; ``pattern`` as in ``strptime`` (default ``%Y%m%d``)."""

    pattern: str = "%Y%m%d"

    @property
    def monotone(self) -> bool:
        return _orders(self.pattern, ("%Y", "%m", "%d"))

    def read(self, raw: str | int) -> str:
        return _parse(str(raw), self.pattern).date().isoformat()

    def sources(self, value: str) -> Sources:
        return Sources((date.fromisoformat(value).strftime(self.pattern),))


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
    def _known(cls, value: str, _: ValidationInfo) -> str:
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


FORMATS: Final[Mapping[str, type[Format]]] = {
    "trim": Trim,
    "bsn": Bsn,
    "postcode": Postcode,
    "telefoon": Telefoon,
    "datum": Datum,
    "tijdstip": Tijdstip,
}


def make(name: str, options: Mapping[str, Any]) -> Format:
    """The format with that name. Raises ``KeyError`` (name), ``ValidationError`` (options)."""
    return FORMATS[name](**options)
