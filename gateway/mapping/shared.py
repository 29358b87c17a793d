"""Keys that sources have in common, by which a record of one leads to an object of another. Pure.

A source that never heard of a partij may know an address, and another source whose address that
is. Such a key is compared by its kind: two spellings of one address are one address, and what is
only part of an address is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from gateway.standard.model import Inverse, Op
from gateway.standard.question import Test
from gateway.standard.table import RESOURCES

Kind = Literal["email"]
"""The kinds that there are, by the names that a mapping gives them."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A kind of key, and where the standard keeps it.

    ``attribute`` of the objects of ``resource`` that meet ``tests`` holds one. ``normal`` makes one
    spelling of all that mean the same, ``None`` of what is no such key; a source that is asked for
    ``ALIKE`` normal spellings gives all others too.
    """

    name: Kind
    resource: str
    attribute: str
    tests: tuple[Test, ...]
    normal: Callable[[str], str | None]

    def wanted(self, keys: tuple[str, ...]) -> Test:
        """What is asked of an object that holds one of these keys."""
        return Test(self.attribute, Op.ALIKE, keys)

    def reference(self, to: str) -> str | None:
        """The reference by which what holds such a key says whose it is, where that is an object of
        the resource ``to``; ``None``: it does not say."""
        refs = RESOURCES[self.resource].refs()
        return next((path for path, ref in refs if ref.to == to), None)

    def inverse(self, to: str) -> Inverse:
        """The list of what holds such keys, of an object of the resource ``to``."""
        via = (self.resource, self.reference(to))
        return next(i for i in RESOURCES[to].inverses() if (i.via, i.ref) == via)


_ADDRESS: Final = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,253}")


def email(text: str) -> str | None:
    """An address of e-mail, without regard to case. Of letters beyond ASCII systems do not agree
    which are the same, and nobody may pass for another: these are no key."""
    small = text.lower()
    return small if _ADDRESS.fullmatch(small) else None


KINDS: Final[Mapping[str, SharedKey]] = {
    "email": SharedKey(
        "email",
        "digitaleadressen",
        "adres",
        (Test("soortDigitaalAdres", Op.EQ, "email"),),
        email,
    ),
}
