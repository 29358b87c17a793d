"""Objects whose relations all stay within one record, written in one go.

What one system keeps in one record, a contact with its caller, the caller's address and the task
that followed, is many objects here. What they refer to is then known before any record is: each
other. So for a stream, and what is to be expanded, code is made that writes a record's object with
all that hangs on it. What goes further than the record is not for this: see ``Assembler``, which
says the same of any object, relation by relation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from adapters.conditions import All, Record
from gateway.federation.catalogue import Catalogue, Way
from gateway.federation.plan import Planner
from gateway.federation.preferred import of_partijen
from gateway.federation.rows import Row
from gateway.federation.same import PARTIJEN
from gateway.federation.tree import Branches
from gateway.identity import Identity
from gateway.mapping.code import Code
from gateway.mapping.compiler import object_code
from gateway.mapping.stream import UNREADABLE, RuleError, Stream
from gateway.standard.model import Embed, Inverse, Ref
from gateway.standard.table import far_side

Object = dict[str, Any]
Reference = dict[str, str]
Write = Callable[[Record, Sequence[Reference | None], list[int]], Object]

KEPT: Final = 256
"""So many ways of writing are kept: a client may expand what it likes."""


@dataclass(frozen=True, slots=True)
class Written:
    """Complete objects, and how many related objects were found for them."""

    objects: Sequence[Object]
    related: int


class Within:
    """How the objects of one stream, ``own``, are written. ``others``: streams of which an object
    may be in it, and whether a record gives one that is shown."""

    def __init__(
        self,
        identity: Identity,
        own: Stream,
        others: Sequence[tuple[Stream, Callable[[Record], bool]]],
        write: Write,
    ) -> None:
        self._identity = identity
        self._own = own
        self._others = others
        self._write = write

    def objects(self, rows: Sequence[Row], prefixes: Mapping[str, str]) -> Written | None:
        """The complete objects of rows of the stream; ``None`` where one cannot be read.

        ``prefixes``: of the urls of each resource.
        """
        prefix, related = prefixes[self._own.resource.path], [0]
        own = [{"uuid": row.uuid, "url": prefix + row.uuid} for row in rows]
        try:
            others = [self._column(*other, rows, prefixes) for other in self._others]
            columns = zip(own, *others, strict=True)
            objects = [
                self._write(row.record, column, related)
                for row, column in zip(rows, columns, strict=True)
            ]
        except (RuleError, *UNREADABLE):
            # Who writes them one relation after another can say of which rule that is.
            return None
        return Written(objects, related[0])

    def _column(
        self,
        stream: Stream,
        shown: Callable[[Record], bool],
        rows: Sequence[Row],
        prefixes: Mapping[str, str],
    ) -> Sequence[Reference | None]:
        """Per row a reference to the object that a stream makes of the same record, if it does."""
        prefix = prefixes[stream.resource.path]
        there = [shown(row.record) for row in rows]
        keys = [row.key for row, is_there in zip(rows, there, strict=True) if is_there]
        made = iter(self._identity.encode_all(stream, keys) if keys else ())
        return [
            {"uuid": (uuid := next(made)), "url": prefix + uuid} if is_there else None
            for is_there in there
        ]


class Withins:
    """All of them, of one installation. ``merging``: a partij may be known in several sources."""

    def __init__(self, catalogue: Catalogue, planner: Planner, merging: bool) -> None:
        self._catalogue = catalogue
        self._planner = planner
        self._merging = merging
        self._made = lru_cache(KEPT)(self._make)

    def of(self, stream: Stream, branches: Branches, readable: frozenset[str]) -> Within | None:
        """How objects of a stream are written with these branches expanded, for who may read these
        resources; ``None`` where that takes more than the record."""
        return self._made(stream, branches, readable)

    def _make(self, stream: Stream, branches: Branches, readable: frozenset[str]) -> Within | None:
        writers = _Writers(self._catalogue, self._planner, self._merging, readable)
        try:
            write = writers.of(stream, branches)
        except _Further:
            return None
        _, *others = writers.places
        everything = [(s, self._planner.everything(s).node.meets) for s in others]
        return Within(self._catalogue.identity, stream, everything, write)


class _Further(Exception):
    """Something leads out of the record."""


class _Writers:
    """Makes the functions that write a record's objects, of several streams.

    Each takes the record; by the number in ``places``, a reference to the object of every stream,
    ``None`` where the record gives no such object; and a list with the number of related objects
    found, to which it adds its own.
    """

    def __init__(
        self, catalogue: Catalogue, planner: Planner, merging: bool, readable: frozenset[str]
    ) -> None:
        self._catalogue = catalogue
        self._planner = planner
        self._merging = merging
        self._readable = readable
        self.places: dict[Stream, int] = {}

    def of(self, stream: Stream, branches: Branches) -> Write:
        """What writes an object of a stream. Raises ``_Further``."""
        if stream.resource.path == PARTIJEN or stream in of_partijen(self._planner):
            # What a partij is, and which address it prefers, is not said by its record alone.
            raise _Further
        code = Code()
        own = code.local("own", f"o[{self._place(stream)}]")
        code.lines.append(f'    uuid, url = {own}["uuid"], {own}["url"]')
        found = {path: self._found(code, stream, path) for path in _relations(stream)}
        for inverse in stream.resource.inverses():
            code.lines += (
                f"    n[0] += {local} is not None" for local, _ in found.get(inverse.name, ())
            )
        expanded = {
            name: _written(
                stream,
                name,
                [
                    f"{code.bind('write', self.of(far, below))}(r, o, n) if {local} else None"
                    for local, far in found[name]
                ],
            )
            for name, below in self._expanded(stream, branches)
        }

        def relation(path: str) -> str:
            return _written(stream, path, [local for local, _ in found[path]])

        more = {"_expand": _members(expanded)} if branches else {}
        body = object_code(code, stream, relation, more)
        title = f"{stream}, with what hangs on it"
        _, write = code.function("write(r, o, n)", body, title)
        return write

    def _expanded(self, stream: Stream, branches: Branches) -> Iterable[tuple[str, Branches]]:
        """What is expanded of an object, in the order in which it is written."""
        wanted = dict(branches)
        for member in stream.resource.members:
            name = member.name
            if name in wanted and far_side(stream.resource, name).path in self._readable:
                yield name, wanted[name]

    def _found(self, code: Code, stream: Stream, path: str) -> list[tuple[str, Stream]]:
        """Where a relation may lead: locals with a reference or ``None``, and their streams."""
        found: list[tuple[str, Stream]] = []
        for edge, far, within in self._ways(stream, path):
            if not within or tuple(far.key) != tuple(stream.key) or not self._is_simple(far):
                raise _Further
            there = f"o[{self._place(far)}]"
            if edge.when != All():
                there = f"{there} if {code.condition(edge.when)} else None"
            found.append((code.local("far", there), far))
        return found

    def _ways(self, stream: Stream, path: str) -> Sequence[Way]:
        member = dict(stream.resource.refs()).get(path) or stream.resource.member(path)
        if isinstance(member, Ref):
            ways = self._catalogue.targets(stream, path)
            plain = not member.shows
        else:
            assert isinstance(member, Inverse)
            holders = self._catalogue.holders(stream, member)
            ways = sorted(holders, key=lambda way: way.far.number)
            plain = member.then is None and member.embed is Embed.REFERENCE and not member.shows
        if ways and not plain:
            raise _Further
        return ways

    def _is_simple(self, far: Stream) -> bool:
        """Whether the record says all of whether there is such an object."""
        if self._merging and far.resource.path == PARTIJEN:
            return False
        return not self._planner.everything(far).node.crosses

    def _place(self, stream: Stream) -> int:
        return self.places.setdefault(stream, len(self.places))


def _relations(stream: Stream) -> Iterable[str]:
    yield from (path for path, _ in stream.resource.refs())
    yield from (i.name for i in stream.resource.inverses() if i.embed is not Embed.HIDDEN)


def _written(stream: Stream, path: str, parts: Sequence[str]) -> str:
    """What stands at a relation: a list of, or the first of, some expressions not ``None``."""
    ref = dict(stream.resource.refs()).get(path)
    if ref is not None and not ref.many:
        return " or ".join(f"({part})" for part in parts) or "None"
    if len(parts) == 1:
        return f"[found] if (found := {parts[0]}) else []"
    return f"[found for found in ({', '.join(parts)},) if found]" if parts else "[]"


def _members(parts: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name!r}: {code}' for name, code in parts.items())}}}"
