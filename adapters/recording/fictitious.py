"""Fictitious persons: for each value another of its kind, the same one each time.

What a value becomes hangs on a key that is random for each recording and kept nowhere. Without it
nobody can compute who was meant, not even by trying all numbers there are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from stdnum import iban as account
from stdnum.nl import bsn

from adapters.recording.shapes import UNUSED_LETTERS, day_of, digits, is_eleven_proof, real

_WORD: Final = re.compile(r"[^\W\d_]+")
_PARTICLES: Final = frozenset(
    ("van", "de", "der", "den", "het", "t", "ten", "ter", "te", "in", "en", "bv", "nv", "vof")
)
_SYLLABLES: Final = [a + b for a in "bdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u", "oe")]
_LENGTHS: Final = (12, 40, 80, 200, 255, 1000, 4000, 16000)
_TRIES: Final = 200


class Fictitious:
    """Everybody in one recording.

    ``exact``: all that was met in fields of persons, with what came instead; ``personal``: what of
    that is long enough to be known as somebody's wherever it stands; ``words``: which of these are
    words, in small letters; ``invented``: words that came from here, and so tell of nobody.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: dict[tuple[str, str], str] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self.exact: dict[str, str] = {}
        self.personal: dict[str, str] = {}
        self.words: set[str] = set()
        self.invented: set[str] = set()

    def shaped(self, shape: str, value: str) -> str:
        """Instead of what has one of ``shapes``."""
        by_shape: dict[str, Callable[[str], str]] = {
            "uuid": self.uuid,
            "email": self.email,
            "iban": self.iban,
            "phone": self.phone,
            "number": self.number,
            "postcode": self.postcode,
        }
        return by_shape[shape](value)

    def number(self, value: str) -> str:
        """A BSN or RSIN that is right, a KvK-nummer or vestigingsnummer that nobody has, any other
        number with as many digits at the same places."""
        plain = digits(value)
        if len(plain) == 9 and is_eleven_proof(plain):
            return self._noted(value, _laid_out(value, self._once("bsn", plain, _bsn)))
        if len(plain) == 12 and plain == value:
            made = self._once("vestiging", plain, lambda n: "9999" + _digits(n, 8))
            return self._noted(value, made)
        if not plain:
            return value
        made = self._once("digits", value, lambda n: _laid_out(value, _like(n, plain)))
        return self._noted(value, made)

    def bsn(self, value: str) -> str:
        """As ``number``, of a BSN or RSIN of which leading zeros may be gone."""
        whole = value.zfill(9)
        if value.isascii() and value.isdigit() and is_eleven_proof(whole):
            return self._noted(value, self.number(whole))
        return self.number(value)

    def uuid(self, value: str) -> str:
        """Of the same version and variant."""

        def make(number: Iterator[int]) -> str:
            given = value.lower().replace("-", "")
            made = "".join("0123456789abcdef"[n % 16] for n, _ in zip(number, given, strict=False))
            return str(UUID(made[:12] + given[12] + made[13:16] + given[16] + made[17:]))

        made = self._once("uuid", value.lower(), make)
        return made.upper() if value.upper() == value else made

    def email(self, value: str) -> str:
        """Under ``.example``, which leads to nobody (RFC 2606)."""
        made = self._once(
            "email", value.lower(), lambda n: f"{self._invent(n, 3)}@{self._invent(n, 2)}.example"
        )
        return self._noted(value, made)

    def phone(self, value: str) -> str:
        """A mobile number that begins with 060: the same for one number however it is written."""
        plain = digits(value)
        prefix = next((p for p in ("0031", "31", "0") if plain.startswith(p)), "")
        country = value.strip().startswith("+") or prefix == "0031"
        core = plain.removeprefix(prefix) if country or prefix == "0" else plain
        made = self._once("phone", core.removeprefix("0"), lambda n: "60" + _digits(n, 7))
        lead = "+31" if value.strip().startswith("+") else "0031" if country else "0"
        return self._noted(value, lead + made)

    def postcode(self, value: str) -> str:
        """With letters that are not given out."""

        def make(number: Iterator[int]) -> str:
            return f"{1000 + _large(number) % 9000}{UNUSED_LETTERS[next(number) % 3]}"

        made = self._once("postcode", value[:4] + value[-2:].upper(), make)
        letters = made[4:] if value[-1].isupper() else made[4:].lower()
        return self._noted(value, made[:4] + value[4:-2] + letters)

    def iban(self, value: str) -> str:
        """At a bank that there is not."""

        def make(number: Iterator[int]) -> str:
            rest = "TEST" + _digits(number, 10)
            return f"NL{account.calc_check_digits('NL00' + rest)}{rest}"

        return self._noted(value, self._once("iban", value.replace(" ", "").upper(), make))

    def name(self, value: str) -> str:
        """Word by word, so that a name that is put together stays so; what links them stays."""
        made = _WORD.sub(lambda found: self._noted(found[0], self.word(found[0])), value)
        made = re.sub(r"\d+", lambda found: self.number(found[0]), made)
        return self._noted(value, made)

    def word(self, value: str) -> str:
        """One word of a name, with capitals where it had them."""
        low = value.lower()
        if low in _PARTICLES:
            return value
        if len(value) == 1:
            made = self._any("letter", low, lambda n: string.ascii_lowercase[next(n) % 26])
        else:
            made = self._once("word", low, lambda n: self._invent(n, 3 + (len(value) > 8)))
        made = made.upper() if value.isupper() else made.title() if value[0].isupper() else made
        return made

    def birth(self, value: str) -> str:
        """Another day up to four years away, for one day the same, written as it was."""

        def make(number: Iterator[int]) -> str:
            days = 30 + _large(number) % 1431
            return str(days if next(number) % 2 else -days)

        found = day_of(value)
        if found is None:
            return self.number(value)
        with suppress(OverflowError):
            moved = found.date + timedelta(days=int(self._any("birth", str(found.date), make)))
            made = list(value)
            for (start, stop), number in (
                (found.year, moved.year),
                (found.month, moved.month),
                (found.day, moved.day),
            ):
                made[start:stop] = [f"{number:02}", *[""] * (stop - start - 1)]
            return self._noted(value, "".join(made))
        return self.number(value)

    def place(self, value: str) -> str:
        """As many digits at the same places. Short ones say nothing elsewhere."""
        plain = digits(value)
        return self._once("place", value, lambda n: _laid_out(value, _like(n, plain)))

    def code(self, value: str) -> str:
        """Letters and digits, with others of the same sort at each place."""

        def make(number: Iterator[int]) -> str:
            return "".join(_sort(c)[next(number) % len(_sort(c))] for c in value)

        return self._once("code", value, make)

    def text(self, value: str) -> str:
        """Made-up words, up to the least of a few lengths that is enough for what was there."""
        if _WORD.fullmatch(value):
            return self.word(value)
        if any(c.isdigit() for c in value) and not any(c.isspace() for c in value):
            return self.code(value)
        most = next((length for length in _LENGTHS if len(value) <= length), _LENGTHS[-1])

        def make(number: Iterator[int]) -> str:
            words = [self._invent(number, 3)]
            while sum(map(len, words)) + len(words) + 6 <= most:
                words.append(self._invent(number, 2 + next(number) % 2))
            return " ".join(words).capitalize()[:most]

        return self._once("text", value, make)

    def _once(self, kind: str, value: str, make: Callable[[Iterator[int]], str]) -> str:
        """The same for a value each time, and of no other value as long as there are any left."""
        return self._any(kind, value, make, _TRIES)

    def _any(
        self, kind: str, value: str, make: Callable[[Iterator[int]], str], tries: int = 1
    ) -> str:
        at = (kind, value)
        if at not in self._made:
            made = value
            for again in range(tries):
                made = make(self._numbers(kind, value, again))
                free = self._taken.get((kind, made), value) == value
                # By chance it may be somebody's number.
                if free and made != value and not real(made):
                    break
            self._taken.setdefault((kind, made), value)
            self._made[at] = made
        return self._made[at]

    def _noted(self, value: str, made: str) -> str:
        if value == made:
            return made
        self.exact[value] = made
        if len(value) >= (5 if value.isdigit() else 3 if value.istitle() else 4):
            self.personal[value] = made
            if value.isalpha():
                self.words.add(value.lower())
        return made

    def _numbers(self, kind: str, value: str, again: int) -> Iterator[int]:
        """As many numbers below 256 as are asked for, which only the key makes."""
        block = 0
        while True:
            said = f"{kind}\0{value}\0{again}\0{block}".encode("utf-8", "surrogatepass")
            yield from hmac.new(self._key, said, hashlib.sha256).digest()
            block += 1

    def _invent(self, number: Iterator[int], syllables: int) -> str:
        made = "".join(_SYLLABLES[_large(number) % len(_SYLLABLES)] for _ in range(syllables))
        self.invented.add(made)
        return made


def _laid_out(value: str, made: str) -> str:
    """Digits at the places of those of a value."""
    left = iter(made)
    return "".join(next(left) if c in string.digits else c for c in value)


def _large(number: Iterator[int]) -> int:
    return int.from_bytes(bytes(next(number) for _ in range(4)), "big")


def _digits(number: Iterator[int], count: int) -> str:
    return "".join(str(_large(number) % 10) for _ in range(count))


def _like(number: Iterator[int], plain: str) -> str:
    """As many digits; begins with a zero only where they did."""
    made = _digits(number, len(plain))
    if plain[0] == "0":
        return "0" + made[1:]
    return str(1 + int(made[0]) % 9) + made[1:]


def _bsn(number: Iterator[int]) -> str:
    while True:
        made = "999" + _digits(number, 6)
        if bsn.is_valid(made):
            return made


def _sort(letter: str) -> str:
    """The letters or digits of which one is; itself where it is neither."""
    if letter.isdigit():
        return string.digits
    if letter.isalpha():
        return string.ascii_uppercase if letter.isupper() else string.ascii_lowercase
    return letter
