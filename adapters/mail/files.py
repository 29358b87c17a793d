"""Files that go with a message: itself, and what was sent along with it."""

from __future__ import annotations

import re
from typing import Final

from adapters.base import Piece
from adapters.mail.structure import Part, in_clear

PIECE: Final = 2 * 1024 * 1024
"""Bytes of a piece."""

_MESSAGE: Final = "message/rfc822"
_NAME: Final = "bericht.eml"
_LETTERS: Final = re.compile(rb"[A-Za-z0-9+/]")
_BLIND: Final = re.compile(
    rb"^(?:Resent-)?Bcc[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?", re.IGNORECASE | re.MULTILINE
)
_EMPTY_LINE: Final = re.compile(rb"^\r?\n", re.MULTILINE)


def piece_of_message(data: bytes, start: int, size: int) -> Piece:
    """Bytes of the message itself, from ``start`` on; ``size``: of all of it."""
    following = None if _is_last(data, start, size) else str(start + len(data))
    shown = data if start else without_blind_copies(data)
    return Piece(shown, _NAME, _MESSAGE, size, following)


def without_blind_copies(beginning: bytes) -> bytes:
    """The beginning of a message without the fields that tell who got it unseen by others."""
    end = _EMPTY_LINE.search(beginning)
    stop = end.start() if end else len(beginning)
    return _BLIND.sub(b"", beginning[:stop]) + beginning[stop:]


def piece_of_part(part: Part, content: bytes, start: int) -> Piece:
    """From ``start`` on, of the whole content of a part, out of its transfer encoding."""
    data = content[start : start + PIECE]
    stop = start + len(data)
    following = str(stop) if data and stop < len(content) else None
    return Piece(data, part.name, part.media, len(content), following)


def piece_of_encoded(part: Part, data: bytes, start: int, encoding: str, size: int) -> Piece:
    """From ``start`` on, of the bytes of a part as they are sent; ``size``: of all of these."""
    encoding = encoding.strip().lower()
    whole = _is_last(data, start, size)
    used = len(data) if whole else whole_until(data, encoding)
    most = size * 3 // 4 if encoding == "base64" else size
    # Behind the padding of base64 there is nothing that counts.
    ended = whole or (encoding == "base64" and b"=" in data[:used])
    following = None if ended else str(start + used)
    return Piece(in_clear(data[:used], encoding), part.name, part.media, most, following)


def _is_last(data: bytes, start: int, size: int) -> bool:
    """Whether nothing follows; a size of 0 is one that is not known."""
    return len(data) < PIECE or 0 < size <= start + len(data)


def whole_until(data: bytes, encoding: str) -> int:
    """How many of these bytes can be taken out of their encoding without what follows."""
    if encoding == "quoted-printable":
        return data.rfind(b"\n") + 1 or len(data)
    if encoding != "base64":
        return len(data)
    over = sum(1 for _ in _LETTERS.finditer(data)) % 4
    stop = len(data)
    while over and stop:
        stop -= 1
        over -= _LETTERS.match(data, stop) is not None
    return stop or len(data)
