"""References from one source to objects of another: by the uuid that the other gave them, or by a
key that both know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.mapping.shared import SharedKey
from gateway.mapping.stream import Stream


def unfit(
    alias: str, refers_to: Mapping[str, Sequence[str]], streams: Iterable[Stream]
) -> Iterator[tuple[str, str]]:
    """What is wrong with where a source refers to, now that all streams are known: by resource,
    in Dutch. A key that is no uuid means something in its own source only."""
    known = list(streams)
    used = {e for s in known if s.source == alias for e in s.edges if e.elsewhere}
    for resource, others in refers_to.items():
        here = [edge for edge in used if edge.ref.to == resource]
        if not here:
            yield resource, f"geen regel van bron `{alias}` verwijst naar {resource} elders."
        for other in others:
            there = [s for s in known if (s.source, s.resource.path) == (other, resource)]
            if not there:
                yield resource, f"bron `{other}` heeft geen {resource}."
            for shared in dict.fromkeys(e.shared for e in here if e.shared is not None):
                if not any(s.source == other and carries(s, shared, resource) for s in known):
                    yield resource, f"bron `{other}` heeft geen {shared.resource} van {resource}."
            by_uuid = any(edge.shared is None for edge in here)
            for stream in there if by_uuid else ():
                if [part.type for part in stream.key.values()] != ["uuid"]:
                    yield (
                        resource,
                        f"naar {stream} kan een andere bron niet verwijzen: de sleutel is geen "
                        "uuid.",
                    )


def carries(stream: Stream, shared: SharedKey, to: str) -> bool:
    """Whether objects of a stream can say of whom a key is, of the objects of a resource."""
    path = shared.reference(to)
    return stream.resource.path == shared.resource and any(e.path == path for e in stream.edges)
