"""What an installation covers of the standard: computed from its mappings and from what its
adapters declare, by asking what answers and what writes how it would; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from adapters.base import Collection, Writes
from gateway.coverage.attributes import attributes
from gateway.coverage.model import Attribute, Fares, Lacks, Part, Shows
from gateway.coverage.probing import Probe
from gateway.federation.foresight import Foresight, worst
from gateway.mapping.keeping import Keeper
from gateway.mapping.stream import Stream
from gateway.standard.model import Resource
from gateway.standard.question import EVERYTHING
from gateway.standard.table import RESOURCES
from gateway.writing.register import WritingRegister

__all__ = ["Attribute", "Fares", "Lacks", "Part", "Shows", "coverage"]

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
    for path, resource in RESOURCES.items():
        for source in dict.fromkeys(stream.source for stream in register.catalogue.of(path)):
            yield _part(register, resource, source)


def _part(register: WritingRegister, resource: Resource, source: str) -> Part:
    streams = _streams(register, resource.path, source)
    foresight = Foresight(register)
    return Part(
        resource.path,
        source,
        foresight.fares(resource.path, EVERYTHING)[source],
        all(_asked_by_key(register.catalogue.collection(s), s) for s in streams),
        attributes(resource, streams, register.catalogue, partial(_probe, register, source)),
        {
            spec.param: worst(fares[source] for _, fares in foresight.values(resource, spec))
            for spec in resource.filters
        },
        {verb: _lacks(register, resource.path, source, verb) for verb in _DOES},
        tuple(
            dict.fromkeys(
                keeper.within
                for keeper in _keepers(register, resource.path, source)
                if keeper.creates and keeper.within is not None
            )
        ),
    )


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
