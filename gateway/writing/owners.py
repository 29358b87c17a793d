"""Who may write what: the streams that take changes, and the one source that takes new objects."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import cached_property

from gateway.federation.catalogue import Catalogue
from gateway.federation.rows import Row
from gateway.mapping.keeping import Keeper, keepers
from gateway.mapping.stream import Stream
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES

CONTACT_PARTS = ("klantcontacten", "betrokkenen", "onderwerpobjecten")
"""What ``maak-klantcontact`` makes."""


class Owners:
    """The writing side of an installation. ``chosen``: by resource the source that takes new
    objects, where several could. ``known_actoren``: who asks for an actor that no source can take
    is given the one that there is. ``lenient``: by resource the attributes that may be given though
    they cannot be kept. ``introducing``: a partij that the source of something new does not know,
    is made there."""

    def __init__(
        self,
        catalogue: Catalogue,
        chosen: Mapping[str, str],
        *,
        known_actoren: bool = False,
        lenient: Mapping[str, Sequence[str]] | None = None,
        introducing: bool = False,
    ) -> None:
        streams = [s for group in catalogue.streams.values() for s in group]
        self._keepers: Mapping[Stream, Keeper] = {k.stream: k for k in keepers(streams)}
        self._catalogue = catalogue
        self._chosen = chosen
        self._known_actoren = known_actoren
        self._lenient = lenient or {}
        self._introducing = introducing

    def keeper(self, stream: Stream) -> Keeper | None:
        """What writes objects of a stream; ``None`` when it is only read."""
        return self._keepers.get(stream)

    def creating(self, resource: str) -> Sequence[Keeper]:
        """What can take a new object, in the order in which it is tried."""
        return self._creating.get(resource, ())

    def forgives(self, resource: Resource, path: str) -> bool:
        """Whether a client may give an attribute that cannot be kept, or a part of it."""
        allowed = self._lenient.get(resource.path, ())
        return any(path == one or path.startswith(one + ".") for one in allowed)

    def finds(self, resource: str) -> bool:
        """Whether a new object is not made, but one that there is given instead."""
        able = self._known_actoren and resource == "actoren"
        return able and bool(self._catalogue.of(resource)) and not self.creating(resource)

    def introduces(self, source: str | None) -> bool:
        """Whether a partij is made in a source that is to refer to it and does not know it."""
        parts = ("partijen", "partij-identificatoren")
        takes = [{k.stream.source for k in self.creating(part)} for part in parts]
        return self._introducing and all(sources == {source} for sources in takes)

    @cached_property
    def _creating(self) -> Mapping[str, Sequence[Keeper]]:
        found: dict[str, Sequence[Keeper]] = {}
        for resource in RESOURCES:
            able = [k for k in self._of(resource) if k.creates]
            owner = self._chosen.get(resource) or (able[0].stream.source if able else None)
            found[resource] = tuple(k for k in able if k.stream.source == owner)
        return found

    def writing(self, stream: Stream, fields: Container[str]) -> frozenset[str]:
        """The resources of which objects write one of these fields in the records of a stream."""
        return frozenset(
            s.resource.path
            for s in self._keepers
            if (s.source, s.collection) == (stream.source, stream.collection)
            for attribute in s.attributes.values()
            for option in attribute.options
            if option.writable and any(f in fields for f in option.expression.fields)
        )

    def member(self, row: Row) -> Row:
        """Of a whole partij the record that changes are written to: the one in the source that
        takes new partijen, else the first that can be changed at all."""
        able = [m for m in row.members if (k := self.keeper(m.stream)) is not None and k.updates]
        owners = {keeper.stream.source for keeper in self.creating(row.stream.resource.path)}
        return next((m for m in able if m.stream.source in owners), next(iter(able), row))

    def undecided(self) -> Mapping[str, Sequence[str]]:
        """By resource the sources that could take new objects, where it is not said which does."""
        found: dict[str, Sequence[str]] = {}
        for resource in RESOURCES:
            able = dict.fromkeys(k.stream.source for k in self._of(resource) if k.creates)
            if len(able) > 1 and resource not in self._chosen:
                found[resource] = tuple(able)
        return found

    def verbs(self, path: str) -> frozenset[str]:
        """Which of POST, PUT, PATCH and DELETE can be done at all on a path of the API."""
        if path == "maak-klantcontact":
            complete = all(self.creating(part) for part in CONTACT_PARTS)
            return frozenset({"POST"} if complete else ())
        able = self._of(path)
        verbs = {"POST"} if self.creating(path) or self.finds(path) else set()
        verbs |= {"PUT", "PATCH"} if any(k.updates for k in able) else set()
        verbs |= {"DELETE"} if any(k.deletes for k in able) else set()
        return frozenset(verbs)

    def _of(self, resource: str) -> Sequence[Keeper]:
        streams = self._catalogue.of(resource)
        return [self._keepers[stream] for stream in streams if stream in self._keepers]
