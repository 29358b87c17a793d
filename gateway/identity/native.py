"""Native uuids: given out as they are, or with the slot of a derived object in the version."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from gateway.mapping.formats import Unreadable
from gateway.mapping.stream import Stream

SLOT_VERSIONS: Final = {1: 5, 2: 3, 3: 8, 4: 2}
"""Per slot the version of RFC 9562 that stands for it. That of slot 3 is that of packed keys too: a
resource cannot have both."""


def is_native(stream: Stream) -> bool:
    return [part.type for part in stream.key.values()] == ["uuid"]


def native_uuid(text: str, slot: int, taken: Collection[int | None]) -> str:
    # Given out in another spelling than the source's, it would not be found again.
    value = UUID(text)
    if str(value) != text:
        raise Unreadable("een uuid-sleutel moet in kleine letters met streepjes zijn")
    if value.version in taken:
        raise Unreadable("de versie van deze uuid-sleutel is al die van een ander slot")
    if slot and value.version != 4:
        raise Unreadable("alleen bij een sleutel van versie 4 is plaats voor een slot")
    return with_version(value, SLOT_VERSIONS[slot]) if slot else str(value)


def with_version(value: UUID, version: int) -> str:
    return str(UUID(int=value.int & ~(0xF << 76) | version << 76))
