"""Objects that stand in the record of another: the address in a column of a klant."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.conditions import ALWAYS
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Gone


def host(stream: Stream, streams: Iterable[Stream]) -> Edge | None:
    """The reference of a stream to the object in whose record its own objects stand, ``None``
    where they have records of their own. The object is told by the key that both have."""
    near = {s.id: s for s in beside(stream, streams)}
    found = [
        edge
        for edge in _own(stream)
        # Of two that point at each other, the one that goes with the other stands within it.
        if edge.target in near
        and (_goes_along(edge) or all(e.target != stream.id for e in _own(near[edge.target])))
    ]
    return next(iter(sorted(found, key=_goes_along, reverse=True)), None)


def root(stream: Stream, streams: Iterable[Stream]) -> Stream:
    """The stream of the object in whose record one stands, however deep: itself where it has a
    record of its own."""
    known = list(streams)
    while (edge := host(stream, known)) is not None:
        stream = next(s for s in beside(stream, known) if s.id == edge.target)
    return stream


def inside(stream: Stream, streams: Iterable[Stream]) -> frozenset[Stream]:
    """The stream itself, and those whose objects stand within its own, however deep."""
    near = beside(stream, streams)
    found = {stream}
    while True:
        ids = {s.id for s in found}
        more = {
            s
            for s in near
            if s not in found and (edge := host(s, [stream, *near])) and edge.target in ids
        }
        if not more:
            return frozenset(found)
        found |= more


def others(stream: Stream, streams: Iterable[Stream]) -> list[Stream]:
    """The streams of the same records that do not go with the objects of this one."""
    known = list(streams)
    within = inside(stream, known)
    return [s for s in beside(stream, known) if s not in within]


def beside(stream: Stream, streams: Iterable[Stream]) -> list[Stream]:
    """The other streams of the same records."""
    return [
        s
        for s in streams
        if s is not stream and s.source == stream.source and s.collection == stream.collection
    ]


def _own(stream: Stream) -> list[Edge]:
    """The references that point with the stream's own key, always."""
    return [e for e in stream.edges if e.when == ALWAYS and tuple(stream.key) == (e.field,)]


def _goes_along(edge: Edge) -> bool:
    """Whether what refers is deleted with what it refers to."""
    return edge.ref.gone is Gone.DELETED
