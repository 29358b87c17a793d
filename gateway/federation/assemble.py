"""Putting objects together: a page of rows becomes complete objects, relations in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adapters.concurrency import together
from gateway.bounds import TooMany
from gateway.federation.agreement import Agreement
from gateway.federation.persons import Persons
from gateway.federation.preferred import ADDRESSES, PREFERRED
from gateway.federation.relations import Lists
from gateway.federation.rows import Row
from gateway.federation.same import ADRESSEN, OF_PARTIJ, PARTIJEN
from gateway.federation.search import Search
from gateway.federation.tree import Tree, branches_of
from gateway.federation.within import Withins
from gateway.mapping.stream import Stream
from gateway.standard.model import Embed, Field, Group, Inverse, Ref, Resource, Variants
from gateway.standard.shape import Related
from gateway.standard.table import RESOURCES, far_side

Far = Mapping[str, Lists]
"""Per relation (dotted path), per row of a page, the rows it leads to."""

Written = Mapping[str, dict[str, Any]]
"""Objects as they are written, by uuid."""


class Assembler:
    """Writes rows as objects for one client.

    ``url`` makes an absolute url of (resource, uuid). ``may_read`` says whether the client has a
    resource in its scopes: what it may not read stays a reference.
    """

    def __init__(
        self,
        search: Search,
        persons: Persons,
        agreement: Agreement,
        withins: Withins,
        url: Callable[[str, str], str],
        may_read: Callable[[str], bool],
    ) -> None:
        self._search = search
        self._persons = persons
        self._agreement = agreement
        self._withins = withins
        self._catalogue = search.catalogue
        self._prefixes = {path: url(path, "") for path in RESOURCES}
        self._references: dict[str, dict[str, Any]] = {}
        self._may_read = may_read
        self._readable = frozenset(path for path in RESOURCES if may_read(path))
        self._related = 0

    async def objects(
        self, resource: Resource, rows: Sequence[Row], tree: Tree
    ) -> list[dict[str, Any]]:
        """The complete objects, each with ``_expand`` last when ``tree`` asks for something."""
        branches = branches_of(tree)
        written: dict[Stream, Iterator[dict[str, Any]]] = {}
        for stream in dict.fromkeys(row.stream for row in rows):
            within = self._withins.of(stream, branches, self._readable)
            own = [row for row in rows if row.stream is stream] if within else ()
            found = within.objects(own, self._prefixes) if within else None
            if found is not None:
                written[stream] = iter(found.objects)
                self._count(found.related)
        left = [row for row in rows if row.stream not in written]
        others = iter(await self.step_by_step(resource, left, tree) if left else ())
        return [next(written.get(row.stream, others)) for row in rows]

    async def step_by_step(
        self, resource: Resource, rows: Sequence[Row], tree: Tree
    ) -> list[dict[str, Any]]:
        """The same of any rows, one relation after another."""
        far, written = await self._relations(resource, rows, tree)
        columns = [
            self._column(resource, path, lists, written.get(path)) for path, lists in far.items()
        ]
        related = (dict(zip(far, values, strict=True)) for values in zip(*columns, strict=True))
        objects = [self._object(resource, row, next(related, _NOTHING).__getitem__) for row in rows]
        if resource.path == ADRESSEN:
            added = await self._agreement.added(rows, far[OF_PARTIJ[ADRESSEN]])
            for one, more in zip(objects, added, strict=True):
                one |= more
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
        columns: list[Sequence[Any]] = []
        for name, known in zip(names, below, strict=True):
            # What is withheld stays the reference that it is.
            lists = [[known[row.uuid] for row in rows if not row.withheld] for rows in far[name]]
            member = resource.member(name)
            many = not isinstance(member, Ref) or member.many
            columns.append(lists if many else [next(iter(found), None) for found in lists])
        for i, one in enumerate(objects):
            one["_expand"] = {name: column[i] for name, column in zip(names, columns, strict=True)}

    async def _by_uuid(
        self, resource: Resource, lists: Sequence[Sequence[Row]], tree: Tree
    ) -> dict[str, dict[str, Any]]:
        unique = {row.uuid: row for rows in lists for row in rows if not row.withheld}
        objects = await self.objects(resource, list(unique.values()), tree) if unique else ()
        return dict(zip(unique, objects, strict=True))

    async def _written(self, resource: Resource, lists: Lists) -> Written:
        if not self._may_read(resource.path):
            return _NOTHING
        return await self._by_uuid(resource, lists, {})

    async def _relations(
        self, resource: Resource, rows: Sequence[Row], tree: Tree
    ) -> tuple[Far, Mapping[str, Written]]:
        """What each relation leads to, and by relation what of that is written in these objects.
        What is at hand is followed at once; the rest together, each as far as it goes."""
        persons = self._persons
        inverses = {i.name: i for i in resource.inverses() if i.embed is not Embed.HIDDEN}
        refs = dict(resource.refs())
        bare = {p: p not in tree and not ref.shows and self._alone(ref) for p, ref in refs.items()}
        now: dict[str, Lists | None] = {
            path: persons.forward_now(path, rows, bare=bare[path]) for path in refs
        }
        now |= {name: persons.inverse_now(inverse, rows) for name, inverse in inverses.items()}
        embedded = _embedded(resource)

        async def follow(path: str) -> tuple[Lists, Written]:
            found = now[path]
            if found is None and path in inverses:
                found = await persons.inverse(inverses[path], rows)
            elif found is None:
                found = await persons.forward(path, rows, bare=bare[path])
            if path not in embedded:
                return found, _NOTHING
            return found, await self._written(far_side(resource, path), found)

        open_ = [
            path
            for path, found in now.items()
            if found is None or (path in embedded and any(found))
        ]
        followed = dict(zip(open_, await together(map(follow, open_)), strict=True))
        known = {path: found for path, found in now.items() if found is not None}
        known |= {path: found for path, (found, _) in followed.items()}
        if PREFERRED in known:
            known[PREFERRED] = self._agreement.preferred(known[PREFERRED], known[ADDRESSES])
        self._count(sum(len(found) for name in inverses for found in known[name]))
        return known, {path: followed[path][1] if path in followed else {} for path in embedded}

    def _alone(self, ref: Ref) -> bool:
        """Whether an object is all by itself what is referred to; a partij may have more records,
        and an address may be preferred."""
        merging = self._persons.merging and ref.to == PARTIJEN
        return not merging and ref.name != PREFERRED

    def _count(self, related: int) -> None:
        """So many more related objects. Raises ``TooMany``."""
        self._related += related
        most = self._search.caller.bounds.related_objects
        if self._related > most:
            raise TooMany(f"Dit antwoord omvat meer dan {most} gerelateerde objecten.")

    # --- writing -------------------------------------------------------------------------------

    def _column(
        self,
        resource: Resource,
        path: str,
        lists: Lists,
        written: Written | None,
    ) -> list[Any]:
        """Per row how its relation at ``path`` is written."""
        if written is not None:
            member = resource.member(path)
            assert isinstance(member, Inverse)
            return [[self._far_side(member, r, written) for r in found] for found in lists]
        ref = dict(resource.refs()).get(path)
        if ref is None or ref.many:
            return [[self._reference(r) for r in found] for found in lists]
        return [self._to_one(ref, found[0]) if found else None for found in lists]

    def _object(self, resource: Resource, row: Row, related: Related) -> dict[str, Any]:
        url, writers = self._url_of(row), self._catalogue.writers
        if not row.others:
            return writers[row.stream](row.record, row.uuid, url, related)

        def written_by(member: Row) -> dict[str, Any]:
            return writers[member.stream](member.record, row.uuid, url, related)

        whole = written_by(row)
        objects = {member.id: written_by(member) for member in row.others}
        for member in resource.members:
            if isinstance(member, Field | Group | Variants):
                giver = self._persons.giver(row, member.name)
                whole[member.name] = objects.get(giver.id, whole)[member.name]
        return whole

    def _far_side(self, member: Inverse, row: Row, written: Written) -> dict[str, Any]:
        complete = written.get(row.uuid)
        if complete is None:
            return self._reference(row)
        if member.embed is Embed.OBJECT:
            return complete
        return self._reference(row) | {n: _dig(complete, p) for n, p in member.shows.items()}

    def _to_one(self, ref: Ref, row: Row) -> dict[str, Any]:
        reference = self._reference(row)
        if not ref.shows or row.withheld or not self._may_read(ref.to):
            return reference
        values = row.stream.read(row.record)
        return reference | {name: values.get(name, "") for name in ref.shows}

    def _reference(self, row: Row) -> dict[str, Any]:
        # The same for everything that refers to it, so never to be changed.
        url = self._url_of(row)
        made = self._references.get(url)
        if made is None:
            made = self._references[url] = {"uuid": row.uuid, "url": url}
        return made

    def _url_of(self, row: Row) -> str:
        return self._prefixes[row.stream.resource.path] + row.uuid


_NOTHING: Mapping[str, Any] = {}


def _embedded(resource: Resource) -> list[str]:
    """Relations whose far side is written with more than uuid and url."""
    return [i.name for i in resource.inverses() if i.embed is Embed.OBJECT or i.shows]


def _dig(value: dict[str, Any], path: str) -> Any:
    found: Any = value
    for step in path.split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found
