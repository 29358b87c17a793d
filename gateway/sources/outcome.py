"""How a call to a source ended."""

from __future__ import annotations

from enum import StrEnum

from adapters.base import Failure


class Outcome(StrEnum):
    """From best to worst. ``STALE``: an older answer, because the source gave no new one.
    ``WITHHELD``: also of an answer without some records that the source keeps from who asks."""

    OK = "ok"
    STALE = "stale"
    WITHHELD = Failure.WITHHELD.value
    CONFLICT = Failure.CONFLICT.value
    GONE = Failure.GONE.value
    REFUSED = Failure.REFUSED.value
    THROTTLED = Failure.THROTTLED.value
    TIMEOUT = Failure.TIMEOUT.value
    UNAVAILABLE = Failure.UNAVAILABLE.value
    BAD_DATA = Failure.BAD_DATA.value
    UNKNOWN = Failure.UNKNOWN.value

    def worst(self, other: Outcome) -> Outcome:
        """The worse of two, for who can tell only one."""
        return max(self, other, key=list(Outcome).index)
