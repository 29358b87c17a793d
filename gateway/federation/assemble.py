"""Putting objects together: a page of rows becomes complete objects, relations in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapters.concurrency import together
from gateway.federation.bounds import TooMany
from gateway.federation.search import Row, Search
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Embed, Inverse, Ref, Resource
from gateway.standard.table import far_side

Tree = Mapping[str, "Tree"]
"""What to expand: attribute -> what to expand inside it."""

Far = dict[str, list[list[Row]]]
"""Per relation (dotted path), per row of a page, the rows it leads to."""


def expand_tree(paths: Iterable[str]) -> Tree:
    """Expand paths as a tree; a nested path counts only where its parent is asked too (EXP-05)."""
    wanted = set(paths)
    tree: dict[str, Any] = {}
    for path in sorted(wanted):
        steps = path.split(".")
        if all(".".join(steps[:i]) in wanted for i in range(1, len(steps))):
            node = tree
            for step in steps:
                node = node.setdefault(step, {})
    return tree


class Assembler:
    """Writes rows as objects for one client.

    ``url`` makes an absolute url of (resource, uuid). ``may_read`` says whether the client has a
    resource in its scopes: what it may not read stays a reference.
    """

    def __init__(
        self, search: Search, url: Callable[[str, str], str], may_read: Callable[[str], bool]
    ) -> None:
        self._search = search
        self._catalogue = search.catalogue
        self._url = url
        self._may_read = may_read
        self._related = 0

    async def objects(
        self, resource: Resource, rows: Sequence[Row], tree: Tree
    ) -> list[dict[str, Any]]:
        """The complete objects, each with ``_expand`` last when ``tree`` asks for something."""
        far = await self._relations(resource, rows)
        written = {
            path: await self._written(far_side(resource, path), far[path])
            for path in _embedded(resource)
        }
        objects = [self._object(resource, row, i, far, written) for i, row in enumerate(rows)]
        if tree:
            await self._expand(resource, objects, far, tree)
        return objects

    async def _expand(
        self, resource: Resource, objects: Sequence[dict[str, Any]], far: Far, tree: Tree
    ) -> None:
        names = [m.name for m in resource.members if m.name in tree]
        names = [n for n in names if self._may_read(far_side(resource, n).path)]
        below = await together(
            self._by_uuid(far_side(resource, name), far[name], tree[name]) for name in names
        )
        for i, one in enumerate(objects):
            one["_expand"] = {}
            for name, known in zip(names, below, strict=True):
                found = [known[row.uuid] for row in far[name][i]]
                many = isinstance(one[name], list)
                one["_expand"][name] = found if many else next(iter(found), None)

    async def _by_uuid(
        self, resource: Resource, lists: Sequence[Sequence[Row]], tree: Tree
    ) -> dict[str, dict[str, Any]]:
        unique = {row.uuid: row for rows in lists for row in rows}
        objects = await self.objects(resource, list(unique.values()), tree)
        return dict(zip(unique, objects, strict=True))

    async def _written(
        self, resource: Resource, lists: Sequence[Sequence[Row]]
    ) -> dict[str, dict[str, Any]]:
        return await self._by_uuid(resource, lists, {}) if self._may_read(resource.path) else {}

    # --- relations -----------------------------------------------------------------------------

    async def _relations(self, resource: Resource, rows: Sequence[Row]) -> Far:
        refs = dict(resource.refs())
        inverses = [i for i in resource.inverses() if i.embed is not Embed.HIDDEN]
        forward = await together(self._forward(path, rows) for path in refs)
        inverse = await together(self._inverse(i, rows) for i in inverses)
        far = dict(zip(refs, forward, strict=True))
        far |= dict(zip((i.name for i in inverses), inverse, strict=True))
        self._related += sum(len(found) for lists in inverse for found in lists)
        most = self._search.caller.bounds.related_objects
        if self._related > most:
            raise TooMany(f"Dit antwoord omvat meer dan {most} gerelateerde objecten.")
        return far

    async def _forward(self, path: str, rows: Sequence[Row]) -> list[list[Row]]:
        """Per row the objects that its references at ``path`` point at, in order of the rules."""
        wanted: dict[Stream, set[str]] = defaultdict(set)
        within: dict[Stream, dict[str, Row]] = defaultdict(dict)
        pointed: list[list[tuple[Stream, str]]] = []
        for row in rows:
            targets = list(self._catalogue.targets(row.stream, path))
            pairs = [(far, str(k)) for e, far in targets if (k := e.key(row.record)) is not None]
            pointed.append(pairs)
            for edge, far in targets:
                key = edge.key(row.record)
                if key is None:
                    continue
                if self._catalogue.same_record(row.stream, edge.field, far, far.key_field):
                    within[far][str(key)] = row
                else:
                    wanted[far].add(str(key))
        found: dict[tuple[Stream, str], Row] = {}
        outside = await together(self._search.by_key(far, keys) for far, keys in wanted.items())
        for far, by_key in zip(wanted, outside, strict=True):
            found |= {(far, key): row for key, row in by_key.items()}
        inside = await together(
            self._search.shown(far, [row.record for row in near.values()])
            for far, near in within.items()
        )
        for far, shown in zip(within, inside, strict=True):
            found |= {(far, str(row.key[0])): row for row in shown}
        return [[found[p] for p in pairs if p in found] for pairs in pointed]

    async def _inverse(self, inverse: Inverse, rows: Sequence[Row]) -> list[list[Row]]:
        """Per row the objects that refer to it, oldest first within each of their streams."""
        by_stream: dict[Stream, dict[str, int]] = defaultdict(dict)
        for i, row in enumerate(rows):
            by_stream[row.stream][str(row.key[0])] = i
        asked = [
            (stream, edge, holder)
            for stream in by_stream
            if len(stream.key) == 1
            for edge, holder in self._catalogue.holders(stream, inverse)
        ]
        answers = await together(
            self._holders(stream, edge, holder, [rows[i] for i in by_stream[stream].values()])
            for stream, edge, holder in asked
        )
        found: list[list[Row]] = [[] for _ in rows]
        for (stream, edge, _), holders in zip(asked, answers, strict=True):
            for row in holders:
                key = edge.key(row.record)
                place = by_stream[stream].get(str(key))
                if place is not None:
                    found[place].append(row)
        for one in found:
            one.sort(key=lambda r: (r.stream.number, r.stream.sort_key(r.record), r.key))
        return await self._then(inverse.then, found) if inverse.then else found

    async def _holders(
        self, stream: Stream, edge: Edge, holder: Stream, near: Sequence[Row]
    ) -> list[Row]:
        if self._catalogue.same_record(stream, stream.key_field, holder, edge.field):
            return await self._search.shown(holder, [row.record for row in near])
        node = self._search.planner.holder(edge, holder)
        return await self._search.holders(node, edge.field, (str(row.key[0]) for row in near))

    async def _then(self, ref: str, lists: Sequence[Sequence[Row]]) -> list[list[Row]]:
        """One reference further; each object once."""
        flat = [row for rows in lists for row in rows]
        beyond = iter(await self._forward(ref, flat))
        result = []
        for rows in lists:
            unique = {far.uuid: far for _ in rows for far in next(beyond)}
            result.append(list(unique.values()))
        return result

    # --- writing -------------------------------------------------------------------------------

    def _object(
        self,
        resource: Resource,
        row: Row,
        place: int,
        far: Far,
        written: Mapping[str, Mapping[str, dict[str, Any]]],
    ) -> dict[str, Any]:
        refs = dict(resource.refs())

        def related(path: str) -> Any:
            found = far[path][place]
            if path in written:
                return [self._far_side(resource, path, r, written[path]) for r in found]
            ref = refs.get(path)
            if ref is None or ref.many:
                return [self._reference(r) for r in found]
            return self._to_one(ref, found[0]) if found else None

        write = self._catalogue.writers[row.stream]
        return write(row.record, row.uuid, self._url_of(row), related)

    def _far_side(
        self, resource: Resource, path: str, row: Row, written: Mapping[str, dict[str, Any]]
    ) -> dict[str, Any]:
        member = resource.member(path)
        complete = written.get(row.uuid)
        if complete is None:
            return self._reference(row)
        if not isinstance(member, Inverse) or member.embed is Embed.OBJECT:
            return complete
        return self._reference(row) | {n: _dig(complete, p) for n, p in member.shows.items()}

    def _to_one(self, ref: Ref, row: Row) -> dict[str, Any]:
        reference = self._reference(row)
        if ref.shows and self._may_read(ref.to):
            values = row.stream.read(row.record)
            reference |= {name: values.get(name, "") for name in ref.shows}
        return reference

    def _reference(self, row: Row) -> dict[str, Any]:
        return {"uuid": row.uuid, "url": self._url_of(row)}

    def _url_of(self, row: Row) -> str:
        return self._url(row.stream.resource.path, row.uuid)


def _embedded(resource: Resource) -> list[str]:
    """Relations whose far side is written with more than uuid and url."""
    return [i.name for i in resource.inverses() if i.embed is Embed.OBJECT or i.shows]


def _dig(value: dict[str, Any], path: str) -> Any:
    found: Any = value
    for step in path.split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found
