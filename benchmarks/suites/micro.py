"""Within one process: the compiled mapping against the same by hand, and the id codec."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from benchmarks import hand, installing
from benchmarks.data import Record, records
from benchmarks.effort import Effort, Figures, race
from gateway import installation
from gateway.federation.catalogue import Catalogue
from gateway.mapping.compiler import interpret
from gateway.mapping.stream import Stream

_RECORDS = 1000
_PAGE = 100


def run(effort: Effort) -> Figures:
    """Per record of four objects, seconds of CPU in all rounds together; ids per page."""
    figures = Figures()
    with installing.configured([installing.rest("http://127.0.0.1:1/source")]) as file:
        catalogue = installation.build(file).catalogue
    found = records(_RECORDS)
    streams = {path: catalogue.of(path)[0] for path in hand.WRITERS}
    race(figures, _mapping(catalogue, streams, found), 15 if effort.quick else 25)
    race(figures, _codec(catalogue, streams["klantcontacten"], found), 15 if effort.quick else 25)
    forged = 10**5 if effort.quick else 10**6
    figures.add("micro: forged ids that are accepted", _accepted(catalogue, forged))
    figures.notes.append(f"{forged} forged ids were tried")
    return figures


def _related(path: str) -> Any:
    return ()


def _mapping(
    catalogue: Catalogue, streams: Mapping[str, Stream], found: Sequence[Record]
) -> Mapping[str, Callable[[], None]]:
    ours = [catalogue.writers[s] for s in streams.values()]
    pages = [found[i : i + _PAGE] for i in range(0, len(found), _PAGE)]

    def by_hand() -> None:
        for write in hand.WRITERS.values():
            for r in found:
                write(r, "u", "l", _related)

    def compiled() -> None:
        for write in ours:
            for r in found:
                write(r, "u", "l", _related)

    def interpreted() -> None:
        for stream in streams.values():
            for r in found[::10]:
                interpret(stream, r, "u", "l", _related)

    def with_ids() -> None:
        for stream, write in zip(streams.values(), ours, strict=True):
            for page in pages:
                keys = stream.native_keys(page)
                uuids = catalogue.identity.encode_all(stream, keys)
                for r, uuid in zip(page, uuids, strict=True):
                    write(r, uuid, "l", _related)

    return {
        "micro: by hand": by_hand,
        "micro: compiled": compiled,
        "micro: interpreted, a tenth": interpreted,
        "micro: compiled, with ids": with_ids,
    }


def _codec(
    catalogue: Catalogue, stream: Stream, found: Sequence[Record]
) -> Mapping[str, Callable[[], None]]:
    keys = [stream.native_key(r) for r in found]
    uuids = catalogue.identity.encode_all(stream, keys)

    def batch() -> None:
        for i in range(0, len(keys), _PAGE):
            catalogue.identity.encode_all(stream, keys[i : i + _PAGE])

    def decoded() -> None:
        for uuid in uuids:
            catalogue.identity.decode("klantcontacten", uuid)

    def reference() -> None:
        for (key,) in keys:
            str(uuid5(NAMESPACE_URL, str(key)))

    return {
        "micro: ids of a page": batch,
        "micro: ids decoded": decoded,
        "micro: uuid5": reference,
    }


def _accepted(catalogue: Catalogue, tries: int) -> int:
    """How many of random uuids of the version of packed keys mean something."""
    clear, version = ~(0xF << 76), 8 << 76
    forged = (str(UUID(int=uuid4().int & clear | version)) for _ in range(tries))
    return sum(bool(catalogue.identity.decode("klantcontacten", uuid)) for uuid in forged)
