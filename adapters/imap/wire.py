"""The language of IMAP (RFC 9051, section 9): what a server sends, as values; what is sent to it.

Bounds are kept while reading, for a server may send what somebody else made up.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.base import Failure, SourceError

MAX_LINE: Final = 1024 * 1024
MAX_LITERAL: Final = 4 * 1024 * 1024
MAX_RESPONSE: Final = 32 * 1024 * 1024
MAX_DEPTH: Final = 100
"""Lists that are deeper are left out: one message must not keep a page from being shown."""

Value = Any
"""``bytes``, ``None`` for NIL, or a list of these."""

_LITERAL: Final = re.compile(rb"\{(\d{1,10})\}\r?\n\Z")
_TOKEN: Final = re.compile(
    rb'[ ]*(?:(\()|(\))|"((?:[^"\\\r\n]|\\["\\])*)"|((?:[^\s()"\[\]]|\[[^\]\r\n]*\])+))'
)


_SHIFTED: Final = re.compile(rb"&([A-Za-z0-9+,]*)-")


@dataclass(frozen=True, slots=True)
class Literal:
    """A value from elsewhere. It is sent by its length, so nothing in it can be a command."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """A line of a server with the literals in it, of which the last piece ends the line."""

    pieces: Sequence[bytes]
    literals: Sequence[bytes]

    @property
    def first(self) -> bytes:
        return self.pieces[0]

    def values(self, skipped: int = 0) -> list[Value]:
        """The values in it, after as many bytes. Raises ``SourceError`` when it is no list of
        values."""
        building = _Building()
        for number, piece in enumerate(self.pieces):
            for token in _tokens(piece[skipped:] if number == 0 else piece):
                building.add(token)
            if number < len(self.literals):
                building.put(self.literals[number])
        return building.done()


async def read_response(reader: asyncio.StreamReader) -> Response:
    """The next line with its literals. Raises ``SourceError`` when it is too much, and what
    ``reader`` raises; its limit is that of a line."""
    pieces: list[bytes] = []
    literals: list[bytes] = []
    size = 0
    while True:
        line = await reader.readuntil(b"\n")
        size += len(line)
        found = _LITERAL.search(line[-16:])
        if not found:
            pieces.append(line.rstrip(b"\r\n"))
            return Response(pieces, literals)
        length = int(found[1])
        size += length
        if length > MAX_LITERAL or size > MAX_RESPONSE:
            raise SourceError(Failure.BAD_DATA, "a response that is too large")
        pieces.append(line[: line.rindex(b"{")].removesuffix(b"~"))
        literals.append(await reader.readexactly(length))


def _tokens(piece: bytes) -> Iterator[re.Match[bytes]]:
    at = 0
    while at < len(piece):
        found = _TOKEN.match(piece, at)
        if found is None:
            if not piece[at:].strip():
                return
            raise SourceError(Failure.BAD_DATA, "no response of IMAP")
        yield found
        at = found.end()


class _Building:
    """Values in lists in lists."""

    def __init__(self) -> None:
        self._open: list[list[Value]] = [[]]
        self._too_deep = 0

    def add(self, token: re.Match[bytes]) -> None:
        opened, closed, quoted, atom = token.groups()
        if opened:
            self._begin()
        elif closed:
            self._end()
        elif quoted is not None:
            self.put(_unquoted(quoted))
        else:
            self.put(None if atom.upper() == b"NIL" else atom)

    def put(self, value: Value) -> None:
        if not self._too_deep:
            self._open[-1].append(value)

    def _begin(self) -> None:
        if self._too_deep or len(self._open) > MAX_DEPTH:
            self._too_deep += 1
            return
        within: list[Value] = []
        self._open[-1].append(within)
        self._open.append(within)

    def _end(self) -> None:
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) == 1:
            raise SourceError(Failure.BAD_DATA, "a list that ends twice")
        else:
            self._open.pop()

    def done(self) -> list[Value]:
        if len(self._open) > 1 or self._too_deep:
            raise SourceError(Failure.BAD_DATA, "a list that does not end")
        return self._open[0]


def _unquoted(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text) if b"\\" in text else text


def uid_set(uids: Sequence[int]) -> bytes:
    """Numbers as a set, in runs (RFC 9051: ``sequence-set``)."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return b",".join(b"%d" % a if a == b else b"%d:%d" % (a, b) for a, b in runs)


def uids_in(text: bytes, most: int) -> list[int]:
    """The numbers in a set. Raises ``SourceError`` when these are more than ``most``, or none."""
    found: list[int] = []
    for run in text.split(b","):
        first, _, last = run.partition(b":")
        if not first.isdigit() or (last and not last.isdigit()):
            raise SourceError(Failure.BAD_DATA, "no set of numbers")
        begin, end = sorted((int(first), int(last or first)))
        if end - begin + len(found) >= most:
            raise SourceError(Failure.BAD_DATA, "more messages than there can be")
        found += range(begin, end + 1)
    return found


def folder_name(name: str) -> bytes:
    """The name of a folder as it is sent (RFC 3501, section 5.1.3: a UTF-7 of its own)."""
    out: list[bytes] = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            out.append(run.encode().replace(b"&", b"&-"))
        else:
            encoded = run.encode("utf-16-be")
            out.append(b"&" + _base64(encoded) + b"-")
    return b"".join(out)


def folder_text(sent: bytes) -> str:
    """The name of a folder as people know it; what is no name in that encoding stays as it is."""

    def plain(run: re.Match[bytes]) -> str:
        if not run[1]:
            return "&"
        padded = run[1].replace(b",", b"/") + b"=" * (-len(run[1]) % 4)
        return base64.b64decode(padded).decode("utf-16-be")

    try:
        parts = re.split(rb"(&[A-Za-z0-9+,]*-)", sent)
        return "".join(
            plain(found) if (found := _SHIFTED.fullmatch(part)) else part.decode("utf-8")
            for part in parts
        )
    except ValueError:
        return sent.decode("utf-8", "replace")


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=").replace(b"/", b",")
