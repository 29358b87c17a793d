"""The header of a message as its fields, of which the first that is asked for counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.mail.headers import field_text

MAX_HEADER: Final = 256 * 1024
_MAX_FIELDS: Final = 2000


class Fields:
    """Fields by name, whatever the case of it; texts are as they were sent, not decoded."""

    def __init__(self, found: Mapping[str, Sequence[str]]) -> None:
        self._found = found

    def first(self, name: str) -> str:
        """The first field of a name, ``""`` when there is none."""
        return next(iter(self._found.get(name.lower(), ())), "")

    def all(self, name: str) -> Sequence[str]:
        """All fields of a name, each by itself."""
        return self._found.get(name.lower(), ())

    def has(self, name: str) -> bool:
        return name.lower() in self._found

    def every(self, *names: str) -> str:
        """All fields of these names as one list."""
        return ", ".join(text for name in names for text in self._found.get(name.lower(), ()))


def fields_of(block: bytes) -> Fields:
    """The fields at the beginning of a message, up to the first empty line; folded ones are made
    one line (RFC 5322, section 2.2.3). What is no field is passed over."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(_unfolded(block[:MAX_HEADER])):
        name, colon, value = line.partition(b":")
        if number == _MAX_FIELDS:
            break
        if colon and name.strip().isascii():
            key = name.strip().decode("ascii").lower()
            found.setdefault(key, []).append(field_text(value.strip()))
    return Fields(found)


def _unfolded(block: bytes) -> Iterator[bytes]:
    parts: list[bytes] = []
    for line in block.splitlines():
        if not line:
            break
        if line[:1] in b" \t" and parts:
            parts.append(line)
            continue
        if parts:
            yield b"".join(parts)
        parts = [line]
    if parts:
        yield b"".join(parts)
