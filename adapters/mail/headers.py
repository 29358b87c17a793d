"""Fields of the header of a message: unfolded, decoded, and of a bounded length.

RFC 5322 and RFC 2047 say how they are to be; these functions read what is sent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from adapters.mail.charsets import text_of

MAX_FIELD: Final = 8 * 1024
"""Of a field no more is read, in characters; RFC 5322 (2.1.1) allows lines of 998."""

_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\s]*)\?=")
_UNSEEN: Final = re.compile(
    r"[\x00-\x20\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\ufeff]+"
)


def field_text(raw: bytes) -> str:
    """A field as it was sent, in one line: what is not ASCII is UTF-8 (RFC 6532) or what Windows
    writes."""
    return text_of(raw[:MAX_FIELD], "utf-8").replace("\r", "").replace("\n", "")


def decoded(field: str) -> str:
    """A field with its encoded words (RFC 2047) as text, and every run of space as one space.

    Words that follow each other in one charset are put together before they are decoded, for many
    senders cut a character in two. A word that cannot be decoded stays as it is.
    """
    return _UNSEEN.sub(" ", "".join(_pieces(field[:MAX_FIELD]))).strip()


def _pieces(field: str) -> Iterator[str]:
    charset, data, end = "", b"", 0
    for word in _WORD.finditer(field):
        between = field[end : word.start()]
        content = _content(word[2], word[3])
        follows = data and content is not None and not between.strip()
        if data and not (follows and word[1].lower() == charset):
            yield text_of(data, charset)
            data = b""
        if not follows:
            yield between
        if content is None:
            yield word[0]
        else:
            charset, data = word[1].lower(), data + content
        end = word.end()
    if data:
        yield text_of(data, charset)
    yield field[end:]


def _content(encoding: str, text: str) -> bytes | None:
    if encoding in "qQ":
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
