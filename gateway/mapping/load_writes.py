"""What may be written through a stream: the mapping's word for it, and what the source does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.base import Collection
from gateway.documents import Location, suggestion
from gateway.mapping.checks import Checks
from gateway.mapping.stream import Writing
from gateway.mapping.words import StreamWord


def writing(checks: Checks, at: Location, word: StreamWord, known: Collection) -> Writing | None:
    """What can be done, ``None``: nothing. A source that does less than the mapping allows is no
    mistake, for adapters share a mapping."""
    wanted, source = word.write, known.writes
    if wanted is None:
        return None
    fields = {} if wanted.delete in (None, "record") else wanted.delete
    assert isinstance(fields, Mapping)
    checks.fields((*at, "set"), wanted.given, known)
    checks.fields((*at, "delete"), fields, known)
    if source is None:
        return None
    _writable(checks, (*at, "set"), wanted.given, source.fields)
    _writable(checks, (*at, "delete"), fields, source.fields)
    return Writing(
        create=wanted.create and (source.create or source.update),
        update=wanted.update and source.update,
        delete=bool(wanted.delete) and (source.update if fields else source.delete),
        given=wanted.given,
        cleared=dict(fields) if fields else None,
        source=source,
    )


def _writable(checks: Checks, at: Location, names: Iterable[str], writable: frozenset[str]) -> None:
    for name in names:
        if name not in writable:
            checks.find(
                (*at, name), f"de bron schrijft het veld `{name}` niet.{suggestion(name, writable)}"
            )
