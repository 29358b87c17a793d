"""What a new record gets that nobody gives it: a key, and the moment it was made."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from adapters.conditions import Record, get, is_absent
from gateway.identity.keys import expand
from gateway.mapping.expression import Const
from gateway.mapping.inverse import empty, put
from gateway.mapping.sheet import Sheet, Unwritable
from gateway.mapping.stream import Stream
from gateway.mapping.words import KeyPart

_LONG: Final = 32
_CHARACTERS: Final = string.ascii_lowercase + string.digits


def complete(stream: Stream, sheet: Sheet, now: str) -> None:
    """Write the moment, the parts of the key that neither the source nor what was written gives,
    and something by which the record can be found again where the source has a field for that,
    nothing else is in it, and no object would show it."""
    assert stream.writing is not None
    source = stream.writing.source
    _stamp(stream, sheet, now)
    for field, part in stream.key.items():
        if is_absent(get(sheet.record, field)) and field not in source.generated:
            sheet.give({field: fresh(part)})
    for field in source.natural:
        if is_absent(get(sheet.record, field)) and field not in source.generated:
            given = {field: _found_by(source.lengths.get(field, _LONG))}
            if not _shown(stream, {**sheet.record, **given}, field):
                sheet.give(given)


def _found_by(length: int) -> str:
    """A text that no record has. It begins with a letter, so it is no number to anybody."""
    rest = (secrets.choice(_CHARACTERS) for _ in range(length - 1))
    return secrets.choice(string.ascii_lowercase) + "".join(rest)


def _shown(stream: Stream, record: Record, field: str) -> bool:
    """Whether an attribute of the object shows something by a field, or cannot read it."""
    reading = (
        attribute
        for attribute in stream.attributes.values()
        if any(field in option.expression.fields for option in attribute.options)
    )
    try:
        return any(not empty(attribute.given(record)) for attribute in reading)
    except ValueError:
        return True


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
