"""What a write comes down to in terms of the standard: objects made, changed and deleted, in order.

Steps are the same whatever system owns the objects; ``gateway.writing.translation`` makes changes
of source records of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.federation.rows import Row
from gateway.standard.draft import Kept
from gateway.standard.model import Resource


@dataclass(frozen=True, eq=False)
class Content:
    """What an object is to say: ``values``; per attribute of several shapes whether it is there
    (``present``); and by path what its ``references`` point at, none when cleared. ``assumed``:
    values that nobody asked for."""

    values: Mapping[str, Kept] = field(default_factory=dict)
    present: Mapping[str, bool] = field(default_factory=dict)
    references: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()

    def without(self, paths: Iterable[str]) -> Content | None:
        """The same, saying nothing of these paths; ``None`` where it does not say anything of them
        as it is."""
        gone = frozenset(paths)
        values = {
            path: {n: text for n, text in one.items() if f"{path}.{n}" not in gone}
            if isinstance(one, Mapping)
            else one
            for path, one in self.values.items()
            if path not in gone
        }
        less = replace(
            self,
            values=values,
            present={path: there for path, there in self.present.items() if path not in gone},
            references={path: to for path, to in self.references.items() if path not in gone},
        )
        same = (less.values, less.present, less.references)
        return None if same == (self.values, self.present, self.references) else less


@dataclass(frozen=True, eq=False)
class Make:
    """A new object. ``name``: how the client's body calls it, for errors about its attributes
    (``betrokkene.``); the body itself has no name."""

    resource: Resource
    content: Content
    name: str = ""


@dataclass(frozen=True, eq=False)
class Alter:
    """Other values for an object that there is. ``name`` as with ``Make``; ``None``: the client
    did not mention this object. ``whole``: the partij that the row is one of several records of.
    ``unlinks``: it only takes away what the object belongs to, and a source that keeps it nowhere
    else may let it go."""

    row: Row
    content: Content
    name: str | None = None
    whole: Row | None = None
    unlinks: bool = False


@dataclass(frozen=True, eq=False)
class Remove:
    """An object less."""

    row: Row


Point = Row | Make
"""What a reference points at: an object that there is, or one that an earlier step makes."""

Step = Make | Alter | Remove
