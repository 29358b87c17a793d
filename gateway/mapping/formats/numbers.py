"""Numbers that identify: BSN, RSIN, KvK-nummer, vestigingsnummer, telephone numbers."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field
from stdnum.nl import bsn

from gateway.mapping.formats.base import Format, Sources, Unreadable


class _Digits(Format):
    """A number of a fixed number of digits."""

    @property
    def digits(self) -> int:
        raise NotImplementedError

    def read(self, raw: str | int) -> str:
        text = str(raw)
        return text.zfill(self.digits) if text.isascii() and text.isdigit() else text

    def sources(self, value: str) -> Sources:
        if not (value.isascii() and value.isdigit()):
            return Sources((value,))
        if len(value) < self.digits:
            return Sources()
        zeros = len(value) - len(value.lstrip("0")) if len(value) == self.digits else 0
        return Sources(tuple(value[n:] for n in range(zeros + 1) if value[n:]))

    def write(self, value: str) -> str:
        if not (value.isascii() and value.isdigit() and len(value) == self.digits):
            raise Unreadable(f"geen getal van {self.digits} cijfers")
        return value


class Cijfers(_Digits):
    """A number of ``length`` digits; leading zeros that the source dropped are put back.

    A KvK-nummer has 8 digits, a vestigingsnummer 12 (KVK API). Other text stays as it is.
    """

    length: int = Field(ge=1, le=20)

    @property
    def digits(self) -> int:
        return self.length


class Bsn(_Digits):
    """A BSN or RSIN: nine digits that meet the eleven test. One that does not is shown as it
    stands, and cannot be written (Logisch Ontwerp BRP, element 01.20)."""

    @property
    def digits(self) -> int:
        return 9

    def write(self, value: str) -> str:
        if not bsn.is_valid(value):
            raise Unreadable("voldoet niet aan de elfproef")
        return super().write(value)


class Telefoon(Format):
    """A telephone number in one spelling: Dutch ones as ``0`` and nine digits, others ``+…``.

    Separators, ``+31``, ``0031`` and ``(0)`` are taken away. Text that is no number stays as it
    is, trimmed. (Numbering: Nummerplan telefoon- en ISDN-diensten; ITU-T E.164.)
    """

    def read(self, raw: str | int) -> str:
        before, text = "", str(raw).strip()
        while text != before:
            before, text = text, self._once(text)
        return text

    @staticmethod
    def _once(text: str) -> str:
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

    def kept(self, value: str) -> str:
        return self.read(value)

    def write(self, value: str) -> str:
        return value


_MOST_DIGITS = 10


class Nummer(Format):
    """A number of at most ten digits, as ``nummer`` in the standard is. Other text gives no value:
    it cannot be such a number."""

    def read(self, raw: str | int) -> str:
        text = str(raw)
        return text if self._fits(text) else ""

    def sources(self, value: str) -> Sources:
        return Sources((value,) if self._fits(value) else ())

    def write(self, value: str) -> str:
        if not self._fits(value):
            raise Unreadable(f"geen getal van hoogstens {_MOST_DIGITS} cijfers")
        return value

    @staticmethod
    def _fits(text: str) -> bool:
        return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


class Jaarnummer(Format):
    """A number that begins again each year, ``73-2024``, as a number of ten digits: the year and
    then the number in six, ``2024000073``. Other text gives no value. ``first``: which of the two
    the source begins with; with the year first the number may have zeros before it, and is written
    in four digits."""

    first: Literal["nummer", "jaar"] = "nummer"

    def read(self, raw: str | int) -> str:
        found = _NUMBER_OF_YEAR[self.first].fullmatch(str(raw))
        return f"{found['year']}{found['number']:0>6}" if found else ""

    def sources(self, value: str) -> Sources:
        found = _PACKED.fullmatch(value)
        if not found:
            return Sources()
        year, number = found["year"], found["number"]
        if self.first == "nummer":
            return Sources((f"{number}-{year}",))
        return Sources(tuple(f"{year}-{number:0>{n}}" for n in range(len(number), 7)))

    def write(self, value: str) -> str:
        found = _PACKED.fullmatch(value)
        if not found:
            raise Unreadable("geen jaar met een nummer")
        year, number = found["year"], found["number"]
        return f"{number}-{year}" if self.first == "nummer" else f"{year}-{number:0>4}"


_NUMBER_OF_YEAR = {
    "nummer": re.compile(r"(?P<number>[1-9]\d{0,5})-(?P<year>\d{4})", re.ASCII),
    "jaar": re.compile(r"(?P<year>\d{4})-(?=\d{1,6}$)0*(?P<number>[1-9]\d{0,5})", re.ASCII),
}
_PACKED = re.compile(r"(?=.{10}$)(?P<year>\d{4})0*(?P<number>[1-9]\d{0,5})", re.ASCII)
