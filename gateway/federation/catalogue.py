"""What an installation has: its streams, what their sources can do, and their identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from adapters.base import Collection
from adapters.conditions import ALWAYS, Record, get
from gateway.identity import Identity
from gateway.mapping.compiler import Writer
from gateway.mapping.elsewhere import carries
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Inverse

RecordId = tuple[str, str, tuple[Any, ...]]
"""Source, collection, native key."""


class Way(NamedTuple):
    """A reference between streams, from whichever side: the edge, the stream on the other side,
    and whether following it stays within the record."""

    edge: Edge
    far: Stream
    within: bool


@dataclass(frozen=True)
class Catalogue:
    """Streams by resource, in the order of their source and file; capabilities by source.
    ``adding``: sources that are shown where they can be asked what is asked for, and else only add
    to what others show."""

    streams: Mapping[str, tuple[Stream, ...]]
    collections: Mapping[str, Mapping[str, Collection]]
    identity: Identity
    adding: frozenset[str] = frozenset()

    @cached_property
    def writers(self) -> Mapping[Stream, Writer]:
        """The compiled rules of each stream."""
        return {stream: Writer(stream) for group in self.streams.values() for stream in group}

    def of(self, resource: str) -> tuple[Stream, ...]:
        """The streams that give objects of a resource."""
        return self.streams.get(resource, ())

    def stream(self, source: str, id: tuple[str, str]) -> Stream:
        """The stream of a source by resource and name."""
        return next(s for s in self.of(id[0]) if s.source == source and s.name == id[1])

    def collection(self, stream: Stream) -> Collection:
        """The capabilities of the collection under a stream."""
        return self.collections[stream.source][stream.collection]

    def record(self, stream: Stream, record: Record) -> RecordId:
        """Which record an object of a stream stands in."""
        key = self.collection(stream).key
        return stream.source, stream.collection, tuple(get(record, name) for name in key)

    @cached_property
    def _targets(self) -> Mapping[tuple[Stream, str], tuple[Way, ...]]:
        found: dict[tuple[Stream, str], list[Way]] = defaultdict(list)
        for stream in self._all:
            for edge in stream.edges:
                for far in self.of(edge.ref.to):
                    if edge.leads(stream, far):
                        within = self.same_record(stream, edge.field, far, far.key_field)
                        found[stream, edge.path].append(Way(edge, far, within))
        return {key: tuple(ways) for key, ways in found.items()}

    @cached_property
    def _holders(self) -> Mapping[tuple[Stream, str, str], tuple[Way, ...]]:
        found: dict[tuple[Stream, str, str], list[Way]] = defaultdict(list)
        for (holder, path), targets in self._targets.items():
            for edge, stream, within in targets:
                found[stream, holder.resource.path, path].append(Way(edge, holder, within))
        return {key: tuple(ways) for key, ways in found.items()}

    @cached_property
    def _all(self) -> tuple[Stream, ...]:
        return tuple(stream for group in self.streams.values() for stream in group)

    def targets(self, stream: Stream, path: str) -> Sequence[Way]:
        """The edges of the reference at ``path``, each with the stream it points at."""
        return self._targets.get((stream, path), ())

    def holders(self, stream: Stream, inverse: Inverse) -> Sequence[Way]:
        """The streams that refer to ``stream`` by an inverse relation, with the edge they use."""
        return self._holders.get((stream, inverse.via, inverse.ref), ())

    @cached_property
    def _pointing(self) -> Mapping[Stream, tuple[Way, ...]]:
        found: dict[Stream, list[Way]] = defaultdict(list)
        for (holder, _), targets in self._targets.items():
            for edge, stream, within in targets:
                if edge.shared is None:
                    found[stream].append(Way(edge, holder, within))
        return {stream: tuple(ways) for stream, ways in found.items()}

    def pointing(self, stream: Stream) -> Sequence[Way]:
        """Every edge that points at a stream by its key, with the stream that holds it."""
        return self._pointing.get(stream, ())

    def carriers(self, edge: Edge) -> Sequence[Stream]:
        """The streams whose objects say of whom the keys are that an edge shares with them."""
        assert edge.shared is not None
        return [
            stream
            for stream in self.of(edge.shared.resource)
            if stream.source in edge.elsewhere and carries(stream, edge.shared, edge.ref.to)
        ]

    def certain(self, stream: Stream, way: Way) -> bool:
        """Whether what a stream refers to by an edge is there and shown, wherever it refers to
        something."""
        source = self.collection(stream)
        return way.edge.field in source.certain and self.whole(way.far)

    def whole(self, stream: Stream) -> bool:
        """Whether every record of its collection is an object of a stream, and shown."""
        certain = self.collection(stream).certain
        return stream.where == ALWAYS and all(
            not edge.required or edge.field in certain for edge in stream.edges
        )

    def without(self, aliases: Container[str]) -> Catalogue:
        """The same without the streams of some sources; ids of theirs still decode."""
        kept = {r: tuple(s for s in g if s.source not in aliases) for r, g in self.streams.items()}
        return replace(self, streams=kept)

    def same_record(self, near: Stream, near_field: str, far: Stream, far_field: str) -> bool:
        """Whether following near_field → far_field stays within the record."""
        return (
            near.source == far.source
            and near.collection == far.collection
            and near_field == far_field
            and self.collection(near).key == (near_field,)
        )
