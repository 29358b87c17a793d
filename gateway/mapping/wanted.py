"""What is asked of one object of a stream, by the paths that its rules have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.mapping.formats import as_json
from gateway.mapping.meaning import Wire
from gateway.mapping.referring import Target
from gateway.mapping.stream import Stream
from gateway.standard.model import Variants

Asked = Mapping[str, Wire | Mapping[str, str]]
Present = Mapping[str, bool]
References = Mapping[str, Sequence[Target]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``values``: each name of a map by itself, or all of it as one text. ``present``: per member
    of several shapes whether there is an object; of one that is not, nothing stays."""

    values: Mapping[str, Wire]
    present: Present
    references: References

    @classmethod
    def of(
        cls,
        stream: Stream,
        values: Asked,
        present: Present,
        references: References,
        *,
        new: bool = False,
    ) -> Wanted:
        """What is asked of an object, as its stream can be told. Of a map in a ``new`` one only
        the names that are given: others may be the source's own."""
        gone = frozenset(
            path
            for member in stream.resource.members
            if isinstance(member, Variants) and present.get(member.name) is False
            for path in member.leaves()
        )
        return cls(
            {
                **dict.fromkeys(gone & stream.attributes.keys(), ""),
                **dict(_by_rule(stream, values, new)),
            },
            present,
            {**dict.fromkeys(gone & {e.path for e in stream.edges}, ()), **references},
        )

    def names(self, path: str) -> bool:
        """Whether something is asked of a path, or of what is in it."""
        asked = (*self.values, *self.present, *self.references)
        return any(one == path or one.startswith(path + ".") for one in asked)


def _by_rule(stream: Stream, values: Asked, new: bool) -> Iterator[tuple[str, Wire]]:
    for path, value in values.items():
        if not isinstance(value, Mapping):
            yield path, value
        elif path in stream.attributes:
            yield path, as_json(value)
        else:
            inside = [] if new else [p for p in stream.attributes if p.startswith(path + ".")]
            names = {f"{path}.{name}": text for name, text in value.items()}
            yield from {**dict.fromkeys(inside, ""), **names}.items()
