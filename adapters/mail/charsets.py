"""Bytes of a message as text, whatever they say that they are."""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Final

# What most senders that say the first mean (WHATWG Encoding Standard, section 4.2).
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "ks_c_5601": "cp949",
}
_KNOWN: Final = (
    "utf",
    "iso8859",
    "cp",
    "koi8",
    "gb",
    "big5",
    "euc",
    "shift",
    "mac",
    "ascii",
    "tis",
)
"""How codecs begin that are for text of people; Python has others."""

_LONGEST: Final = 40
"""Of the name of a charset (RFC 2978, section 2.3)."""


def text_of(data: bytes, declared: str | None) -> str:
    """The text of some bytes. ``declared``: the charset that came with them, as it was spelled.

    A charset that is not known, or in which the bytes make no sense, is left aside: then they are
    UTF-8 if they can be, else what Windows writes. Nothing is lost but what no charset explains.
    """
    codec = _codec(declared) if declared and len(declared) <= _LONGEST else None
    # What is said to be ASCII is not said to be anything: a mail server says it of all that has no
    # charset.
    for name in (codec, "utf-8") if codec not in (None, "ascii") else ("utf-8",):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


@lru_cache(256)
def _codec(declared: str) -> str | None:
    try:
        name = codecs.lookup(declared.strip().strip("'\"")).name
    except (LookupError, ValueError):
        return None
    if not name.startswith(_KNOWN):
        return None
    return _MEANT.get(name, name)
