"""What may be written through a stream: the mapping's word for it, and what the source does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from adapters.base import Collection
from adapters.conditions import NEVER
from gateway.documents import Document, Finding, Location, suggestion
from gateway.mapping import words
from gateway.mapping.checks import Checks
from gateway.mapping.hosts import host
from gateway.mapping.stream import Filling, Stream, Writing


def writing(
    checks: Checks, at: Location, word: words.StreamWord, known: Collection
) -> Writing | None:
    """What can be done, ``None``: nothing. A source that does less than the mapping allows is no
    mistake, for adapters share a mapping."""
    wanted, source = word.write, known.writes
    if wanted is None:
        return None
    fields = {} if wanted.delete in (None, "record") else wanted.delete
    assert isinstance(fields, Mapping)
    checks.fields((*at, "set"), wanted.given, known)
    checks.fields((*at, "delete"), fields, known)
    fill = tuple(_filling(checks, (*at, "fill", i), f, known) for i, f in enumerate(wanted.fill))
    needs = checks.alternatives((*at, "needs"), wanted.needs, known)
    closed = checks.alternatives((*at, "closed"), wanted.closed, known) if wanted.closed else NEVER
    if source is None:
        return None
    _writable(checks, (*at, "set"), wanted.given, source.fields)
    _writable(checks, (*at, "delete"), fields, source.fields)
    for i, filling in enumerate(fill):
        _writable(checks, (*at, "fill", i, "set"), filling.given, source.fields)
    return Writing(
        create=wanted.create and (source.create or source.update),
        update=wanted.update and source.update,
        delete=bool(wanted.delete) and (source.update if fields else source.delete),
        given=wanted.given,
        cleared=dict(fields) if fields else None,
        closed=closed,
        source=source,
        fill=fill,
        needs=needs,
    )


def _filling(checks: Checks, at: Location, word: words.Filling, known: Collection) -> Filling:
    checks.fields((*at, "set"), word.given, known)
    return Filling(checks.alternatives((*at, "when"), word.when, known), word.given)


def unmade(
    document: Document, stream: Stream, word: words.Writing, streams: Sequence[Stream]
) -> Iterator[Finding]:
    """What is wrong with a stream that writes, seen beside the others of its source."""
    at: Location = ("streams", stream.name)
    if stream.writing is None:
        return
    within = host(stream, streams)
    if within is not None and word.delete == "record":
        yield document.finding(
            (*at, "write", "delete"),
            f"het record is ook dat van `{within.path}`: noem de velden die leeg worden.",
        )
    if within is None and stream.writing.create:
        for field in _made(stream):
            if stream.key[field].type == "integer":
                message = "is een geheel getal dat de bron niet zelf geeft en geen regel schrijft."
            elif field not in stream.writing.source.fields:
                message = "wordt door de bron niet gegeven, en laat zich niet schrijven."
            else:
                continue
            yield document.finding((*at, "key", field), f"de sleutel `{field}` {message}")


def _made(stream: Stream) -> Iterator[str]:
    """The parts of the key that the gateway has to make."""
    assert stream.writing is not None
    known = {*stream.writing.source.generated, *stream.writing.given}
    known |= {edge.field for edge in stream.edges if edge.writable}
    for attribute in stream.attributes.values():
        known |= {f for o in attribute.options if o.writable for f in o.expression.fields}
    return (field for field in stream.key if field not in known)


def _writable(checks: Checks, at: Location, names: Iterable[str], writable: frozenset[str]) -> None:
    for name in names:
        if name not in writable:
            checks.find(
                (*at, name), f"de bron schrijft het veld `{name}` niet.{suggestion(name, writable)}"
            )
