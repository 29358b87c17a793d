"""Which message an answer holds, or which fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from adapters.base import Failure, SourceError
from adapters.stuf.envelope import within
from adapters.stuf.faults import fo_message, soap_fault
from adapters.stuf.names import local
from adapters.xml import parse

_FAULT: Final = re.compile(r"Fo0[123](?:Bericht)?")


def message(
    body: bytes, wanted: Callable[[str], re.Match[str] | None]
) -> tuple[etree._Element, re.Match[str]]:
    """The first message with a name that is wanted, and what matched it.

    Raises ``StufFault`` for a fault, ``SourceError`` for anything else that is no answer.
    """
    fault = None
    for element in within(parse(body)):
        name = local(element)
        match = wanted(name)
        if match is not None:
            return element, match
        if _FAULT.fullmatch(name):
            raise fo_message(element)
        if name == "Fault" and fault is None:
            fault = element
    raise (
        SourceError(Failure.BAD_DATA, "XML that is no answer")
        if fault is None
        else soap_fault(fault)
    )
