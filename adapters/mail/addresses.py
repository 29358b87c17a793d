"""Addresses in the header of a message (RFC 5322, section 3.4), read strictly.

Who an answer goes to and whose contact this is hang on them. What is not plainly an address is
none: parsers that make the best of ``alice@x)bob@y`` have let one person pass for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapters.mail.headers import MAX_FIELD, decoded

MAX_ADDRESSES: Final = 100
MAX_LENGTH: Final = 254
"""Of an address, in characters (RFC 5321, section 4.5.3.1.3)."""

_ADDRESS: Final = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """``name``: of who it is of, as the sender wrote it; ``""`` when it was not given."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """By which two spellings of an address are the same."""
        return self.address.casefold()

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


def addresses(field: str) -> list[Address]:
    """The addresses in a field, in their order and each once; no more than a hundred."""
    found: dict[str, Address] = {}
    for name, spec in _mailboxes(field[:MAX_FIELD]):
        address = spec.strip()
        if len(address) <= MAX_LENGTH and _ADDRESS.fullmatch(address):
            one = Address(decoded(name).strip("'\" "), address)
            found.setdefault(one.key, one)
        if len(found) == MAX_ADDRESSES:
            break
    return list(found.values())


def is_address(text: str) -> bool:
    """Whether a text is an address and nothing else."""
    return len(text) <= MAX_LENGTH and _ADDRESS.fullmatch(text) is not None


def _mailboxes(field: str) -> Iterator[tuple[str, str]]:
    """Name and address of each mailbox, without comments and the names of groups."""
    plain: list[str] = []
    within: list[str] | None = None
    angled: str | None = None
    quoted = escaped = False
    depth = 0
    for character in f"{field},":
        if escaped:
            escaped = False
            if quoted and not depth:
                plain.append(character)
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif depth:
            depth += {"(": 1, ")": -1}.get(character, 0)
        elif quoted:
            quoted = character != '"'
            if quoted:
                plain.append(character)
        elif within is not None and character not in ">,;":
            within.append(character)
        elif character == ">" and within is not None:
            angled, within = "".join(within), None
        elif angled is not None and character not in ",; \t(":
            # Behind the address nothing is to follow: then it is not plain which is meant.
            angled = ""
        elif character == "<":
            within = []
        elif character == '"':
            quoted = True
        elif character == "(":
            depth = 1
        elif character == ":":
            plain.clear()
        elif character in ",;":
            text = "".join(plain)
            if angled is not None:
                yield text, angled
            elif within is None:
                yield "", text
            plain, within, angled = [], None, None
        else:
            plain.append(character)
