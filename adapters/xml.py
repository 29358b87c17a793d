"""Bytes as XML, within bounds. Needs lxml (extra ``stuf``).

A DTD is refused, as SOAP 1.1 (section 3) forbids one: so there are no entities but the five of XML.
What would take much memory is refused before it is parsed, for the parser keeps some hundred bytes
for each element and attribute, however short it is.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from adapters.base import Failure, SourceError

MAX_TAGS: Final = 300_000
"""Begins and ends of elements together. A hundred zaken with all that is known of them have
fifty thousand."""

MAX_ATTRIBUTES: Final = 100_000

_ENCODINGS: Final = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252")
"""In all of these ``<`` and ``=`` can be counted as bytes."""

_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)")
# Possessive: what was taken for a part of the prolog is not looked at again.
_PROLOG: Final = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE: Final = "<!DOCTYPE"
_START: Final = 1000
_WITH_DTD: Final = "XML with a DTD"


def parse(body: bytes) -> etree._Element:
    """The root of a document, of which comments and instructions are left out.

    Raises ``SourceError`` (``BAD_DATA``) for what is no XML, or not within the bounds.
    """
    text = body.removeprefix(codecs.BOM_UTF8).lstrip()
    _look(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        # The words of the parser hold what it read.
        raise SourceError(Failure.BAD_DATA, "no well-formed XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(Failure.BAD_DATA, _WITH_DTD)
    return root


def _look(text: bytes) -> None:
    """What can be told before anything is parsed."""
    start = text[:_START]
    wide = b"\0" in start
    if wide:
        start = start.replace(b"\0", b"").lstrip(b"\xff\xfe")
    if not start:
        raise SourceError(Failure.BAD_DATA, "an empty answer")
    if re.match(rb"(?:<!doctype\s+html|<html)\b", start, re.IGNORECASE):
        raise SourceError(Failure.BAD_DATA, "a web page")
    if not start.startswith(b"<"):
        raise SourceError(Failure.BAD_DATA, "no XML")
    declared = _DECLARED.search(start)
    if declared and declared[1].decode("ascii").lower() not in _ENCODINGS:
        raise SourceError(Failure.BAD_DATA, "XML in an encoding that is not read")
    if _has_dtd(text, wide):
        raise SourceError(Failure.BAD_DATA, _WITH_DTD)
    if text.count(b"<") > MAX_TAGS or text.count(b"=") > MAX_ATTRIBUTES:
        raise SourceError(Failure.BAD_DATA, "XML with too many elements")


def _has_dtd(text: bytes, wide: bool) -> bool:
    """Whether a DTD begins where one can. In UTF-16 the text is looked for everywhere: it can
    stand elsewhere only in what means nothing."""
    if wide:
        return any(_DOCTYPE.encode(order) in text for order in ("utf-16-le", "utf-16-be"))
    prolog = _PROLOG.match(text)
    return prolog is not None and text.startswith(_DOCTYPE.encode(), prolog.end())
