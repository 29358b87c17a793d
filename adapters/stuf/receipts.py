"""What a back end says to a message that changes something.

A Bv01 or Bv02 says that it was done, a Bv03 only that the message came. A Du02 is the answer to a
question that is not about an entity, as for the number of a new zaak. Which of them it is stands in
the name of the element, wherever that is.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from lxml import etree

from adapters.base import Failure, SourceError
from adapters.stuf.documents import parse
from adapters.stuf.envelope import within
from adapters.stuf.faults import fo_message, soap_fault
from adapters.stuf.names import local

_RECEIPT: Final = re.compile(r"Bv0([123])(?:Bericht)?")
_GIVEN: Final = re.compile(r".*Du0[12]()")
_FAULT: Final = re.compile(r"Fo0[123](?:Bericht)?")
_NUMBER: Final = re.compile(r"[!-~]{1,40}")


class Receipt(Enum):
    """``DONE``: the change is there. ``RECEIVED``: it will be, or not."""

    DONE = "done"
    RECEIVED = "received"


def receipt(body: bytes) -> Receipt:
    """What is said to a kennisgeving.

    Raises ``StufFault`` for a fault of StUF, ``SourceError`` for anything else that tells nothing.
    """
    _, kind = _message(body, _RECEIPT)
    return Receipt.RECEIVED if kind == "3" else Receipt.DONE


def number(body: bytes) -> str:
    """The number that is given for a new zaak. Raises as ``receipt``."""
    message, _ = _message(body, _GIVEN)
    for one in message.iter("{*}identificatie"):
        found = (one.text or "").strip()
        if _NUMBER.fullmatch(found):
            return found
    raise SourceError(Failure.BAD_DATA, "no number for a zaak")


def _message(body: bytes, wanted: re.Pattern[str]) -> tuple[etree._Element, str]:
    """The message with such a name, and what the name says."""
    fault = None
    for element in within(parse(body)):
        name = local(element)
        match = wanted.fullmatch(name)
        if match is not None:
            return element, match[1]
        if _FAULT.fullmatch(name):
            raise fo_message(element)
        if name == "Fault" and fault is None:
            fault = element
    raise (
        SourceError(Failure.BAD_DATA, "XML that is no answer")
        if fault is None
        else soap_fault(fault)
    )
