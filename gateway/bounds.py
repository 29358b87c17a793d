"""What one request may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one request; the settings under ``limits``."""

    calls: int
    scan_records: int
    scan_pages: int
    related_objects: int
    merged_records: int


class TooMany(Exception):
    """A request that costs more than its bounds. ``reason``: which bound, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
