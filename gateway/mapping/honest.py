"""The honest check: what a record would show, beside what was asked of it and what it shows now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from adapters.conditions import Record
from gateway.mapping.formats import Unreadable
from gateway.mapping.inverse import DIFFERS, NO_PLACE, empty, kept
from gateway.mapping.meaning import Wire, same
from gateway.mapping.sheet import GENERATED
from gateway.mapping.shown import Shown, shown
from gateway.mapping.stream import Stream
from gateway.mapping.wanted import Wanted
from gateway.standard.model import Required

WHOLE: Final = "nonFieldErrors"
"""The name under which a reason stands that is about no attribute in particular."""


def wrong(stream: Stream, after: Record, before: Shown | None, wanted: Wanted) -> dict[str, str]:
    """What is not as it should be in the record that a change would leave, with the reason why it
    is refused (in Dutch). ``before``: what the record shows now; ``None`` for a new one."""
    now = shown(stream, after)
    found = dict(_lacking(stream, now, after))
    found |= dict(_different(stream, now, after, wanted))
    if before is not None:
        found |= dict(_touched(before, now, wanted))
    return found


def _different(
    stream: Stream, now: Shown, after: Record, wanted: Wanted
) -> Iterator[tuple[str, str]]:
    """What was asked and does not read so."""
    for path, value in wanted.values.items():
        reason = _differs(stream, path, value, now, after)
        if reason is not None:
            yield path, reason
    for path, targets in wanted.references.items():
        if now.references.get(path, frozenset()) != frozenset(t.pointed(stream) for t in targets):
            yield path, DIFFERS
    for path, there in wanted.present.items():
        if now.present.get(path, False) is not there:
            yield path, DIFFERS


def _differs(stream: Stream, path: str, value: Wire, now: Shown, after: Record) -> str | None:
    attribute = stream.attributes.get(path)
    if attribute is None:
        return None if _alike(stream.default(path), value) else NO_PLACE
    if path in now.unknown:
        return None if empty(value) else GENERATED
    if path not in now.values:
        return None if empty(value) else NO_PLACE
    found = now.values[path]
    if isinstance(found, Unreadable) or not _alike(found, kept(attribute, value, after)):
        return DIFFERS
    return None


def _alike(one: Wire, other: Wire) -> bool:
    return same(one, other) or (empty(one) and empty(other))


def _lacking(stream: Stream, now: Shown, after: Record) -> Iterator[tuple[str, str]]:
    """What an answer could not show, whoever asked for it."""
    for path, found in now.values.items():
        required = isinstance(stream.attributes[path].field.default, Required)
        lacking = required and found is None and path not in now.unknown
        if lacking or isinstance(found, Unreadable):
            yield path, "de bron heeft hier een andere waarde nodig"
    try:
        stream.created.read(after)
    except ValueError:
        yield WHOLE, "de bron kan hiermee niet zeggen wanneer dit gemaakt is"


def _touched(before: Shown, now: Shown, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """What would read otherwise though nobody asked for it."""
    for path in {**now.values, **now.references, **now.present}:
        if not wanted.names(path) and _of(before, path) != _of(now, path):
            yield path, "dit zou hierdoor veranderen"


def _of(one: Shown, path: str) -> tuple[object, ...]:
    """All that is shown at a path."""
    references = one.references.get(path, frozenset())
    return one.values.get(path), references, one.present.get(path, False)
