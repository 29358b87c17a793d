"""What is wanted of an archive as criteria of a search (RFC 9051, section 6.4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Final

from adapters.imap.session import Part
from adapters.imap.wire import Literal
from adapters.mail.light import moment_in
from adapters.mail.wanted import Wanted

_MONTHS: Final = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_OF_PERSON: Final = (b"FROM ", b"TO ", b"CC ", b"HEADER Reply-To ")
_SPARE: Final = timedelta(days=1)
"""Dates of a search are without a zone, and each server has its own."""

Criteria = list[Part]


def criteria(wanted: Wanted) -> Criteria:
    """Criteria that every wanted message meets; others may meet them too."""
    found: list[Criteria] = []
    if wanted.people is not None:
        found.append(
            _any([[f, Literal(a.encode())] for a in sorted(wanted.people) for f in _OF_PERSON])
        )
    if wanted.like is not None:
        found.append(_any([[f, Literal(wanted.like.encode())] for f in _OF_PERSON]))
    if wanted.zaken is not None:
        found.append(_any([[b"SUBJECT ", Literal(n.encode())] for n in sorted(wanted.zaken)]))
    if wanted.keys is not None:
        moments = [moment_in(key) for key in sorted(wanted.keys)]
        found.append(_any([_between(m, m) for m in moments if m is not None]))
    if wanted.since is not None or wanted.until is not None:
        found.append(_between(wanted.since, wanted.until))
    return _joined(found) if found else [b"ALL"]


def by_text_of_date(wanted: Wanted) -> Criteria:
    """Criteria that most messages meet of which a key is wanted, also where the server makes
    nothing of their date: it stands in their header, in the zone of who sent it."""
    moments = [moment_in(key) for key in sorted(wanted.keys or ())]
    days = {
        _day(moment, days * _SPARE).replace(b"-", b" ").lstrip(b"0")
        for moment in moments
        if moment is not None
        for days in (-1, 0, 1)
    }
    return _any([[b"HEADER Date ", Literal(day)] for day in sorted(days)])


def _between(since: int | None, until: int | None) -> Criteria:
    """Sent or received between two moments: which of the two counts, its header tells."""
    return _any([_dates(b"SENT", since, until), _dates(b"", since, until)])


def _dates(kind: bytes, since: int | None, until: int | None) -> Criteria:
    found: Criteria = []
    if since is not None:
        found += [kind + b"SINCE " + _day(since, -_SPARE)]
    if until is not None:
        found += [*([b" "] if found else []), kind + b"BEFORE " + _day(until, 2 * _SPARE)]
    return found


def _day(moment: int, spare: timedelta) -> bytes:
    first, last = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 1, tzinfo=UTC)
    day = min(max(datetime.fromtimestamp(min(moment, 2**35), UTC), first), last) + spare
    return b"%d-%s-%04d" % (day.day, _MONTHS[day.month - 1], day.year)


def _any(parts: Sequence[Criteria]) -> Criteria:
    """One of several; of none there is none."""
    if not parts:
        return [b"UID 1 NOT UID 1"]
    return reduce(lambda a, b: [b"OR (", *a, b") (", *b, b")"], parts)


def _joined(parts: Sequence[Criteria]) -> Criteria:
    found: Criteria = []
    for part in parts:
        found += [*([b" "] if found else []), *part]
    return found
