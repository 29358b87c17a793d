"""The text of a message: which part it is in, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.mail.charsets import text_of
from adapters.mail.html import text_of_html
from adapters.mail.quoting import own_text
from adapters.mail.structure import Part

MAX_BYTES: Final = 64 * 1024
"""Of a text no more is read."""

_ENCRYPTED: Final = (
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "application/pgp-encrypted",
)
_ENDS: Final = " \n"


def text_part(parts: Sequence[Part]) -> Part | None:
    """The part with the text: plain if there is such, else HTML; ``None`` when there is none."""
    texts = [part for part in parts if not part.attached]
    for media in ("text/plain", "text/html"):
        found = next((part for part in texts if part.media == media), None)
        if found is not None:
            return found
    return None


def is_encrypted(parts: Sequence[Part]) -> bool:
    """Whether what was written is for the holder of a key only (RFC 8551, RFC 3156)."""
    return text_part(parts) is None and any(part.media in _ENCRYPTED for part in parts)


def attachments(parts: Sequence[Part]) -> list[Part]:
    """What was sent along: not the text, nor images that are shown in it."""
    return [
        part
        for part in parts
        if part.attached
        or not (part.media.startswith("text/") or (part.content_id and _is_image(part)))
    ]


def attachment(parts: Sequence[Part], number: int) -> Part | None:
    """What was sent along under a number; ``None`` when that is nothing that was."""
    return next((part for part in attachments(parts) if part.number == number), None)


def _is_image(part: Part) -> bool:
    return part.media.startswith("image/")


def read_text(part: Part, content: bytes, disclaimers: Sequence[str] = ()) -> str:
    """What the sender wrote in a part; ``content``: its bytes, or as many as are read of it."""
    text = text_of(content[:MAX_BYTES], part.charset)
    if part.media == "text/html":
        text = text_of_html(text)
    return own_text(text.replace("\x00", ""), disclaimers)


def shortened(text: str, most: int) -> tuple[str, bool]:
    """A text of at most ``most`` characters, which ends in ``…`` where it was longer, and whether
    it was."""
    if len(text) <= most:
        return text, False
    cut = text[: most - 1]
    end = max(map(cut.rfind, _ENDS))
    return f"{cut[: end if end > most // 2 else None].rstrip()}…", True
