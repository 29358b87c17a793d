"""The namespaces of StUF, and names in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

STUF: Final = "http://www.egem.nl/StUF/StUF0301"
BG: Final = "http://www.egem.nl/StUF/sector/bg/0310"
ZKN: Final = "http://www.egem.nl/StUF/sector/zkn/0310"
ZDS: Final = "http://www.stufstandaarden.nl/koppelvlak/zds0120"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES: Final = {"BG": BG, "ZKN": ZKN, "StUF": STUF}
"""As namespaces are written in a path."""

ENTITY: Final = f"{{{STUF}}}entiteittype"
NO_VALUE: Final = f"{{{STUF}}}noValue"
NIL: Final = f"{{{XSI}}}nil"


def named(namespace: str, name: str) -> str:
    """A name as lxml has it."""
    return f"{{{namespace}}}{name}"


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def texts(element: etree._Element) -> Iterator[str]:
    """All text in an element and in what is in it."""
    return (str(text) for text in element.itertext())
