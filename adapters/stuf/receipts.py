"""What a back end says to a message that changes something.

A Bv01 or Bv02 says that it was done, a Bv03 only that the message came. A Du02 is the answer to a
question that is not about an entity, as for the number of a new zaak. Which of them it is stands in
the name of the element, wherever that is.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from adapters.base import Failure, SourceError
from adapters.stuf.messages import message

_RECEIPT: Final = re.compile(r"Bv0([123])(?:Bericht)?")
_GIVEN: Final = re.compile(r".*Du0[12]")
_NUMBER: Final = re.compile(r"[!-~]{1,40}")


class Receipt(Enum):
    """``DONE``: the change is there. ``RECEIVED``: it will be, or not."""

    DONE = "done"
    RECEIVED = "received"


def receipt(body: bytes) -> Receipt:
    """What is said to a kennisgeving.

    Raises ``StufFault`` for a fault of StUF, ``SourceError`` for anything else that tells nothing.
    """
    _, kind = message(body, _RECEIPT.fullmatch)
    return Receipt.RECEIVED if kind[1] == "3" else Receipt.DONE


def number(body: bytes) -> str:
    """The number that is given for a new zaak. Raises as ``receipt``."""
    given, _ = message(body, _GIVEN.fullmatch)
    for one in given.iter("{*}identificatie"):
        found = (one.text or "").strip()
        if _NUMBER.fullmatch(found):
            return found
    raise SourceError(Failure.BAD_DATA, "no number for a zaak")
