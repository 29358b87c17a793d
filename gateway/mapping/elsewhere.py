"""References from one source to objects of another, by the uuid that the other gave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.mapping.stream import Stream


def unfit(
    alias: str, refers_to: Mapping[str, Sequence[str]], streams: Iterable[Stream]
) -> Iterator[tuple[str, str]]:
    """What is wrong with where a source refers to, now that all streams are known: by resource,
    in Dutch. A key that is no uuid means something in its own source only."""
    known = list(streams)
    used = {e.ref.to for s in known if s.source == alias for e in s.edges if e.elsewhere}
    for resource, others in refers_to.items():
        if resource not in used:
            yield resource, f"geen regel van bron `{alias}` verwijst naar {resource} elders."
        for other in others:
            there = [s for s in known if (s.source, s.resource.path) == (other, resource)]
            if not there:
                yield resource, f"bron `{other}` heeft geen {resource}."
            for stream in there:
                if [part.type for part in stream.key.values()] != ["uuid"]:
                    yield (
                        resource,
                        f"naar {stream} kan een andere bron niet verwijzen: de sleutel is geen "
                        "uuid.",
                    )
