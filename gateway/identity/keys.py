"""Native keys as numbers: integers, short texts, and several of these together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Protocol

from adapters.conditions import Scalar
from gateway.mapping.formats import Unreadable


class KeyCodec(Protocol):
    """A native key as an integer below ``2 ** bits``, and back."""

    bits: int

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        """Raises ``ValueError`` when a value is not of the declared form."""
        ...

    def unpack(self, number: int) -> Scalar | None:
        """``None`` for a number that ``pack`` never gives."""
        ...


_NO_INTEGER: Final = "sleutel is geen geheel getal dat past"


class IntegerKey:
    """A non-negative integer of at most ``bits`` bits."""

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        # Almost always they are integers already, and a page can be seen to be so at once.
        numbers = [v for v in values if v.__class__ is int]
        if len(numbers) < len(values):
            numbers = [v if v.__class__ is int else self._number(v) for v in values]
        if numbers and (min(numbers) < 0 or max(numbers) >> self.bits):
            raise Unreadable(_NO_INTEGER)
        return numbers

    @staticmethod
    def _number(value: Scalar) -> int:
        try:
            number = int(value)
        except ValueError:
            raise Unreadable(_NO_INTEGER) from None
        if str(number) != value:
            raise Unreadable(_NO_INTEGER)
        return number

    def unpack(self, number: int) -> Scalar | None:
        return number


class TextKey:
    """Text of at most ``length`` characters of an alphabet, in bijective numeration."""

    def __init__(self, alphabet: str, length: int) -> None:
        self._characters = expand(alphabet)
        self._digit = {c: i for i, c in enumerate(self._characters, start=1)}
        self._length = length
        base = len(self._characters)
        self.bits = math.ceil(math.log2(sum(base**i for i in range(length + 1))))

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        return [self._number(str(value)) for value in values]

    def _number(self, text: str) -> int:
        if len(text) > self._length:
            raise Unreadable("sleutel is langer dan opgegeven")
        number = 0
        for character in text:
            digit = self._digit.get(character)
            if digit is None:
                raise Unreadable("sleutel heeft een teken buiten het opgegeven alfabet")
            number = number * len(self._characters) + digit
        return number

    def unpack(self, number: int) -> Scalar | None:
        base = len(self._characters)
        text: list[str] = []
        while number:
            number, digit = divmod(number - 1, base)
            text.append(self._characters[digit])
        return "".join(reversed(text)) if len(text) <= self._length else None


def expand(alphabet: str) -> str:
    """``a-z0-9_`` written out. A dash is itself at the start or the end.

    Raises ``ValueError`` for a range that runs backwards or a repeated character.
    """
    out: list[str] = []
    i = 0
    while i < len(alphabet):
        if i + 2 < len(alphabet) and alphabet[i + 1] == "-":
            first, last = ord(alphabet[i]), ord(alphabet[i + 2])
            if last < first:
                raise ValueError(f"`{alphabet[i : i + 3]}` loopt achteruit")
            out += map(chr, range(first, last + 1))
            i += 3
        else:
            out.append(alphabet[i])
            i += 1
    if len(set(out)) != len(out):
        raise ValueError("een teken staat er twee keer in")
    return "".join(out)
