"""Numbers that identify: BSN, RSIN, KvK-nummer, vestigingsnummer, telephone numbers."""

from __future__ import annotations

import re

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
