"""What a new record gets that nobody gives it: a key, and the moment it was made."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from adapters.conditions import get, is_absent
from gateway.identity.keys import expand
from gateway.mapping.expression import Const
from gateway.mapping.inverse import put
from gateway.mapping.sheet import Sheet, Unwritable
from gateway.mapping.stream import Stream
from gateway.mapping.words import KeyPart


def complete(stream: Stream, sheet: Sheet, now: str) -> None:
    """Write the moment, the parts of the key that neither the source nor what was written gives,
    and something by which the record can be found again where the source has a field for that and
    nothing else is in it."""
    assert stream.writing is not None
    source = stream.writing.source
    _stamp(stream, sheet, now)
    for field, part in stream.key.items():
        if is_absent(get(sheet.record, field)) and field not in source.generated:
            sheet.give({field: fresh(part)})
    read = {f for a in stream.attributes.values() for o in a.options for f in o.expression.fields}
    for field in source.natural:
        if is_absent(get(sheet.record, field)) and field not in {*read, *source.generated}:
            sheet.give({field: uuid4().hex[: source.lengths.get(field)]})


def fresh(part: KeyPart) -> str:
    """A key that no record has. Raises ``ValueError`` for an integer: that cannot be known."""
    match part.type:
        case "uuid":
            return str(uuid4())
        case "text":
            characters = expand(part.alphabet or "")
            return "".join(secrets.choice(characters) for _ in range(part.length or 0))
        case _:
            raise ValueError("an integer key comes from the source")


def _stamp(stream: Stream, sheet: Sheet, now: str) -> None:
    """Write when the record was made, as precisely as the source keeps it. Where the source does
    that itself, or what was written says it already, nothing is done."""
    assert stream.writing is not None
    created, writable = stream.created, stream.writing.source.fields
    if isinstance(created, Const) or not writable.issuperset(created.fields):
        return
    if any(sheet.by(field) is not None for field in created.fields):
        return
    for moment in _coarser(now):
        try:
            put("created", created, moment, sheet)
        except Unwritable:
            continue
        return


def _coarser(now: str) -> Iterator[str]:
    """The moment, ever less precise. In the hour after the clock went back its wall time reads as
    that of an hour ago, so that is the last resort."""
    moment = datetime.fromisoformat(now)
    seconds = moment.replace(microsecond=0)
    minutes = seconds.replace(second=0)
    hour = timedelta(hours=1)
    day = minutes.replace(hour=0, minute=0)
    for one in (moment, seconds, minutes, seconds - hour, minutes - hour, day):
        yield one.replace(tzinfo=None).isoformat() + "Z"
