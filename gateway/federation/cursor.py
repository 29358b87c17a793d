"""The cursor: where a page of a merged list begins, carried by the client. Pure.

A link to the next or previous page holds, in the reserved parameter ``_c``, how far each stream
was read. It is enciphered, for order values and native keys are not for the client to read, and
authenticated together with the question and the page, so that it serves no other. That is
AES-SIV (RFC 5297): deterministic, and without a nonce to keep.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.conditions import Scalar
from gateway.federation.merge import SortKey

Order = tuple[Scalar | None, ...]

# Part of the key: a cursor of another form is another gateway's, and opens nothing here.
_FORM: Final = b"klantinteracties-gateway cursor 1"
# Deflate finds a first occurrence here; the commonest stand last.
_COMMON: Final = b'null,false,true,"","00:00:00.000000","20:00","202","20'


@dataclass(frozen=True, slots=True)
class Place:
    """A place in one stream.

    ``offset``: how many records lie before it. ``after``: the values of the source's order
    fields of the record next to it, on the side the walk comes from (forwards the last record
    before the place, backwards the first one behind it); empty: there is none. ``share``: how
    many the stream gave to the last page. ``total``: how many records it had; ``None``: unknown.
    """

    offset: int = 0
    after: Order = ()
    share: int = 0
    total: int | None = None

    def ahead(
        self, skipped: int, taken: int, orders: Sequence[Order], backwards: bool = False
    ) -> Place:
        """The place behind a page that was read from here, to go on in the same direction.

        ``orders``: the order values of what was read, nearest first; of those ``skipped`` came
        before the page and ``taken`` are on it.
        """
        read = skipped + taken
        offset = self.offset - read if backwards else self.offset + read
        return Place(offset, orders[read - 1] if read else self.after, taken, self.total)

    def turned(
        self, skipped: int, taken: int, orders: Sequence[Order], backwards: bool = False
    ) -> Place:
        """The place where a page began that was read from here, to go in the other direction."""
        offset = self.offset - skipped if backwards else self.offset + skipped
        return Place(offset, next(iter(orders[skipped:]), ()), taken, self.total)


@dataclass(frozen=True, slots=True)
class Last:
    """The record of the whole list next to a place: its sort key and its stream."""

    key: SortKey
    stream: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where ``page`` begins, or (``backwards``) ends.

    ``last``: the record next to that place, on the side the walk comes from. ``places``: by
    stream, under a name that is its own within the resource. ``missing``: the aliases of the
    sources that were left out, and so are left out until the last page.
    """

    page: int
    places: Mapping[str, Place]
    last: Last | None = None
    backwards: bool = False
    missing: frozenset[str] = frozenset()


class Cursors:
    """Seals and opens cursors.

    ``secrets`` maps key versions to the secrets of identity; ``current`` seals, all open.
    """

    def __init__(self, secrets: Mapping[int, bytes], current: int) -> None:
        self._current = _cipher(secrets[current])
        others = [_cipher(s) for v, s in secrets.items() if v != current]
        self._ciphers = [self._current, *others]

    def seal(self, cursor: Cursor, question: bytes) -> str:
        """A cursor as text for a url. ``question`` stands for all that it depends on: resource,
        filters, page size, streams, what the client may see."""
        return _text(self._current.encrypt(_packed(cursor), _bound_to(cursor.page, question)))

    def open(self, text: str, question: bytes, page: int) -> Cursor | None:
        """The cursor that was sealed for this question and page; ``None`` for anything else."""
        sealed = _bytes(text)
        if sealed is None:
            return None
        for cipher in self._ciphers:
            try:
                packed = cipher.decrypt(sealed, _bound_to(page, question))
            except InvalidTag:
                continue
            return _unpacked(packed, page)
        return None


def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(HKDF(SHA256(), 32, salt=None, info=_FORM).derive(secret))


def _bound_to(page: int, question: bytes) -> list[bytes]:
    return [str(page).encode(), question]


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    try:
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    # Base64 has more than one spelling of the same bytes; only ours counts.
    return sealed if sealed and _text(sealed) == text else None


def _packed(cursor: Cursor) -> bytes:
    last = [*cursor.last.key, cursor.last.stream] if cursor.last else []
    places = [[n, p.offset, p.share, p.total, *p.after] for n, p in cursor.places.items()]
    form = [last, places, int(cursor.backwards), *sorted(cursor.missing)]
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_COMMON)
    return squeeze.compress(json.dumps(form, separators=(",", ":")).encode()) + squeeze.flush()


def _unpacked(packed: bytes, page: int) -> Cursor:
    expand = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_COMMON)
    last, places, backwards, *missing = json.loads(expand.decompress(packed))
    return Cursor(
        page,
        {
            name: Place(offset, tuple(after), share, total)
            for name, offset, share, total, *after in places
        },
        Last((last[0], last[1]), last[2]) if last else None,
        bool(backwards),
        frozenset(missing),
    )
