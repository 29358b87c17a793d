"""Moments as services write them, in the one form in which their texts order as they do."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from adapters.base import Failure, SourceError


def in_utc(text: object, zone: tzinfo = UTC) -> str | None:
    """A moment (RFC 3339) in UTC, of fixed width; without a zone it is in ``zone``, and of a date
    it is the beginning. ``None`` for none. Raises ``SourceError``."""
    if text is None or text == "":
        return None
    try:
        moment = datetime.fromisoformat(str(text))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return f"{aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    except (ValueError, OverflowError):
        raise SourceError(Failure.BAD_DATA, "a moment that is none") from None
