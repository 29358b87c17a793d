"""The address that a partij wants to be reached at, in whichever way its source says so.

There are three ways: the partij refers to it, the address has the reference `portaalvoorkeur`
(as portals write it), or the address is the standard one. A client that reads one of them has to
find what another wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.federation.rows import Row
from gateway.federation.same import double, text
from gateway.standard.model import Op
from gateway.standard.question import Test

PREFERRED: Final = "voorkeursDigitaalAdres"
ADDRESSES: Final = "digitaleAdressen"
_FOR_PORTALS: Final = Test("referentie", Op.EQ, "portaalvoorkeur")
_STANDARD: Final = Test("isStandaardAdres", Op.EQ, True)


def preferred(referred: Sequence[Row], addresses: Sequence[Row]) -> list[Row]:
    """The preferred address of a partij, or none: ``referred`` is what it refers to, ``addresses``
    are all that it has, without doubles. Raises ``RuleError``."""
    for row in referred:
        if any(other.id == row.id for other in addresses):
            return [row]
        same = double(row)
        return [next((other for other in addresses if double(other) == same), row)]
    marked = [row for row in addresses if row.stream.meets(_FOR_PORTALS, row.record)]
    standard = [row for row in addresses if row.stream.meets(_STANDARD, row.record)]
    by_mail = [row for row in standard if text(row, "soortDigitaalAdres") == "email"]
    return [*marked, *by_mail, *standard][:1]
