"""The parts of a message out of its bytes, where no server has taken it apart (RFC 2046).

The standard library reads the fields of each part. It is not asked for the parts themselves: parts
within parts take it a time that grows with the square of their number.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from itertools import islice
from typing import Any, Final

from adapters.mail.headers import MAX_FIELD, decoded

MAX_PARTS: Final = 200
MAX_DEPTH: Final = 30
MAX_HEADER: Final = 64 * 1024
"""Of the fields of one part no more is read, in bytes."""

_NO_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_END_OF_BOUNDARY: Final = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n|^\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds no others. ``number``: its place among all of these, from 1 on.

    ``media``: as ``text/plain``; ``charset``: as it was spelled; ``name``: of the file, ``""`` when
    it has none; ``attached``: whether it is put beside the text instead of in it.
    """

    number: int
    media: str
    charset: str | None
    name: str
    attached: bool
    content_id: str


class _Bounded(Compat32):
    """Fields as they are sent, and no more of one than is read of it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_FIELD]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_PARSER: Final = BytesParser(policy=_Bounded())


@dataclass(frozen=True, slots=True)
class _Leaf:
    header: Message[Any, Any]
    body: bytes


class Opened:
    """A message of which the parts are known; their contents are there when they are asked for.

    No more than 200 parts, and no deeper than 30: what is deeper is one part.
    """

    def __init__(self, raw: bytes) -> None:
        self._leaves: list[_Leaf] = []
        for leaf in _leaves(raw, "text/plain", 0):
            self._leaves.append(leaf)
            if len(self._leaves) == MAX_PARTS:
                break
        self.parts = [_part(number, one.header) for number, one in enumerate(self._leaves, 1)]

    def content(self, part: Part) -> bytes:
        """What is in a part, out of its transfer encoding as far as that is whole."""
        leaf = self._leaves[part.number - 1]
        return in_clear(leaf.body, leaf.header.get("Content-Transfer-Encoding") or "")


def in_clear(body: bytes, encoding: str) -> bytes:
    """The content of a part out of its transfer encoding, as far as that is whole (RFC 2045,
    section 6). An encoding that is not known is taken for none."""
    match encoding.strip().lower():
        case "base64":
            return _from_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case _:
            return body


def _leaves(raw: bytes, default: str, depth: int) -> Iterator[_Leaf]:
    """``default``: what a part is that does not say so."""
    end = _EMPTY_LINE.search(raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    header: Message[Any, Any] = _PARSER.parsebytes(head[:MAX_HEADER], headersonly=True)
    header.set_default_type(default)
    boundary = header.get_boundary("")
    # A message in a message is one part: what is in it was not written for this one.
    if header.get_content_maintype() != "multipart" or not boundary or depth == MAX_DEPTH:
        yield _Leaf(header, body)
        return
    within = "message/rfc822" if header.get_content_subtype() == "digest" else "text/plain"
    parts = list(islice(_split(body, boundary.encode("utf-8", "surrogateescape")), MAX_PARTS))
    for part in parts:
        yield from _leaves(part, within, depth + 1)
    if not parts:
        # What is to be in parts and is not is shown as it stands there.
        yield _Leaf(_PARSER.parsebytes(b"", headersonly=True), body)


def _split(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between lines of a boundary; also what the last of it lacks."""
    mark = b"--" + boundary
    start: int | None = None
    at = body.find(mark)
    while at >= 0:
        begins = at == 0 or body[at - 1 : at] == b"\n"
        found = _END_OF_BOUNDARY.match(body, at + len(mark)) if begins else None
        if found is not None:
            if start is not None:
                yield _without_end(body[start:at])
            if found[1]:
                return
            start = found.end()
        at = body.find(mark, found.end() if found is not None else at + 1)
    if start is not None:
        yield body[start:]


def _without_end(part: bytes) -> bytes:
    """The end of the line before a boundary belongs to the boundary."""
    return part.removesuffix(b"\n").removesuffix(b"\r")


def _from_base64(body: bytes) -> bytes:
    letters = _NO_BASE64.sub(b"", body.partition(b"=")[0])
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _part(number: int, header: Message[Any, Any]) -> Part:
    disposition = (header.get("Content-Disposition") or "").partition(";")[0].strip().lower()
    charset = header.get_param("charset")
    return Part(
        number,
        header.get_content_type(),
        charset if isinstance(charset, str) else None,
        decoded(header.get_filename() or ""),
        disposition == "attachment",
        (header.get("Content-ID") or "").strip().strip("<>"),
    )
