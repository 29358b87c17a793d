"""What an installation covers of the standard: computed from its mappings and from what its
adapters declare, by asking what answers and what writes how it would; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from adapters.base import Collection, Writes
from gateway.coverage.attributes import attributes
from gateway.coverage.model import Attribute, Fares, Lacks, Part, Shows
from gateway.coverage.probing import Probe
from gateway.federation.foresight import Foresight, worst
from gateway.federation.preferred import FOR_PORTALS, STANDARD, of_partijen
from gateway.mapping.expression import Const
from gateway.mapping.keeping import Keeper
from gateway.mapping.sheet import fields_of
from gateway.mapping.stream import Stream
from gateway.standard.model import Resource
from gateway.standard.question import EVERYTHING
from gateway.standard.table import RESOURCES
from gateway.writing.register import WritingRegister

__all__ = ["Attribute", "Fares", "Lacks", "Part", "Shows", "coverage"]

_NOTHING: Final = Attribute(Shows.NOT)

_DOES: Final[Mapping[str, Callable[[Keeper], bool]]] = {
    "POST": lambda keeper: keeper.creates,
    "PUT": lambda keeper: keeper.updates,
    "PATCH": lambda keeper: keeper.updates,
    "DELETE": lambda keeper: keeper.deletes,
}
_COULD: Final[Mapping[str, Callable[[Writes], bool]]] = {
    # An object can be filled in in a record that is there, and cleared out of it.
    "POST": lambda writes: writes.create or writes.update,
    "PUT": lambda writes: writes.update,
    "PATCH": lambda writes: writes.update,
    "DELETE": lambda writes: writes.delete or writes.update,
}


def coverage(register: WritingRegister) -> Iterator[Part]:
    """Each resource of each source that has it, in the order of the standard."""
    foresight = Foresight(register)
    for path, resource in RESOURCES.items():
        sources = dict.fromkeys(stream.source for stream in register.catalogue.of(path))
        if sources:
            listed = foresight.fares(path, EVERYTHING)
            # Of all sources at once, for that takes as long as of one.
            filters = {
                spec.param: [fares for _, fares in foresight.values(resource, spec)]
                for spec in resource.filters
            }
            for source in sources:
                fared = {param: worst(o[source] for o in of) for param, of in filters.items()}
                yield _part(register, resource, source, listed[source], fared)


def _part(
    register: WritingRegister,
    resource: Resource,
    source: str,
    listed: Fares,
    filters: Mapping[str, Fares],
) -> Part:
    streams = _streams(register, resource.path, source)
    creating = [k for k in _keepers(register, resource.path, source) if k.creates]
    return Part(
        resource.path,
        source,
        listed,
        all(_asked_by_key(register.catalogue.collection(s), s) for s in streams),
        _with_preference(
            register,
            streams,
            attributes(resource, streams, register.catalogue, partial(_probe, register, source)),
        ),
        filters,
        {verb: _lacks(register, resource.path, source, verb) for verb in _DOES},
        tuple(verb for verb in _DOES if _in_part(register, streams, verb)),
        all(_newest(register, stream) for stream in streams),
        tuple(dict.fromkeys(k.within for k in creating if k.within is not None)),
        _along(register, creating),
    )


def _in_part(register: WritingRegister, streams: Iterable[Stream], verb: str) -> bool:
    """Whether a verb is for objects of one kind and not of another."""
    found = {(k := register.owners.keeper(s)) is not None and _DOES[verb](k) for s in streams}
    return len(found) > 1


def _newest(register: WritingRegister, stream: Stream) -> bool:
    """Whether it is known when the objects of a stream were made, which is not when a client says
    that something took place."""
    if register.catalogue.collection(stream).own_order:
        return True
    created = stream.created
    return not isinstance(created, Const) and not register.owners.writing(stream, created.fields)


def _with_preference(
    register: WritingRegister, streams: Iterable[Stream], found: Mapping[str, Attribute]
) -> Mapping[str, Attribute]:
    """What an address of a partij shows where no source says it: whether it is preferred."""
    if not any(stream in of_partijen(register.planner) for stream in streams):
        return found
    shown = {one.attribute for one in (STANDARD, FOR_PORTALS) if found[one.attribute] == _NOTHING}
    return {**found, **dict.fromkeys(shown, Attribute(Shows.DERIVED))}


def _along(register: WritingRegister, creating: Iterable[Keeper]) -> tuple[str, ...]:
    """Resources of which one has to come along, for what a new record cannot do without."""
    needs = [(k.stream, fields_of(k.stream.writing.needs)) for k in creating if k.stream.writing]
    if not all(fields for _, fields in needs):
        return ()
    found = {path for stream, fields in needs for path in register.owners.writing(stream, fields)}
    return tuple(sorted(found - {stream.resource.path for stream, _ in needs}))


def _asked_by_key(collection: Collection, stream: Stream) -> bool:
    return not collection.asked_by or any(name in collection.asked_by for name in stream.key)


def _streams(register: WritingRegister, path: str, source: str) -> list[Stream]:
    return [stream for stream in register.catalogue.of(path) if stream.source == source]


def _keepers(register: WritingRegister, path: str, source: str) -> list[Keeper]:
    found = map(register.owners.keeper, _streams(register, path, source))
    return [keeper for keeper in found if keeper is not None]


def _probe(register: WritingRegister, source: str, path: str) -> Probe:
    return Probe(register.catalogue, _keepers(register, path, source))


def _lacks(register: WritingRegister, path: str, source: str, verb: str) -> Lacks | None:
    """Why a source does not do something; ``None``: it does."""
    keepers = _keepers(register, path, source)
    if any(map(_DOES[verb], keepers)):
        owners = {keeper.stream.source for keeper in register.owners.creating(path)}
        return Lacks.OWNER if verb == "POST" and source not in owners else None
    collections = map(register.catalogue.collection, _streams(register, path, source))
    could = any(one.writes and _COULD[verb](one.writes) for one in collections)
    return Lacks.MAPPING if could else Lacks.SOURCE
