"""The objects that a write is about, as the register has them now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from adapters.concurrency import together
from gateway.federation.listing import Asked
from gateway.federation.register import Desk
from gateway.federation.rows import Row
from gateway.federation.search import TooBroad
from gateway.mapping.keeping import Keeper
from gateway.mapping.stream import Edge
from gateway.standard.draft import Draft, Kept, Stored
from gateway.standard.errors import VALIDATION, InvalidParam, Problem
from gateway.standard.model import Gone, Inverse
from gateway.standard.question import ask
from gateway.standard.table import RESOURCES


class Objects:
    """Looks things up for one write: by uuid, by what they must be alone in, and by what refers to
    them. It is the ``Facts`` of ``gateway.standard.facts``.

    Its methods raise ``Problem`` when a source fails, and ``TooBroad`` and ``TooMany``.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._rows: dict[tuple[str, str], Row | None] = {}

    async def row(self, resource: str, uuid: str) -> Row | None:
        """The object with that uuid, whole; ``None`` when there is none."""
        key = resource, uuid
        if key not in self._rows:
            found = await self.desk.search.one(resource, uuid)
            self._rows[key] = await self.desk.persons.complete(found) if found else None
        return self._rows[key]

    async def absent(self, objects: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """See ``Facts``."""
        rows = await together(self.row(*one) for one in objects)
        return [one for one, row in zip(objects, rows, strict=True) if row is None]

    async def values(self, resource: str, uuid: str) -> Stored | None:
        """See ``Facts``."""
        row = await self.row(resource, uuid)
        return None if row is None else await self.stored(row)

    async def stored(self, row: Row) -> Stored:
        """The values and references of a row: those that the register shows."""
        persons = self.desk.persons
        paths = [path for path, _ in row.stream.resource.refs()]
        found = await together(persons.forward(path, [row]) for path in paths)
        references = {
            path: tuple(far.uuid for far in lists[0])
            for path, lists in zip(paths, found, strict=True)
        }
        return Stored(self._values(row), references)

    def _values(self, row: Row) -> dict[str, Kept]:
        read = {member.id: member.stream.read(member.record) for member in row.members}
        values: dict[str, Kept] = dict(read[row.id])
        for other in row.others:
            for path, value in read[other.id].items():
                giver = self.desk.persons.giver(row, path.partition(".")[0])
                if giver.id == other.id:
                    values[path] = value
        return values

    async def matching(self, resource: str, filters: Mapping[str, str]) -> Sequence[str]:
        """See ``Facts``."""
        where = ask(RESOURCES[resource], list(filters.items()))
        asked = Asked(tuple(filters.items()))
        try:
            page = await self.desk.lists.page(RESOURCES[resource], where, asked, None)
        except TooBroad:
            reason = "of iets anders deze waarde heeft, is bij de bron niet na te gaan"
            unknown = [InvalidParam(name, "not-kept", reason) for name in filters]
            raise Problem(VALIDATION, params=unknown) from None
        # Not by what is only shown, as an address is that another one makes the preferred one.
        return [
            row.uuid
            for row in page.rows
            if all(row.stream.meets(test, row.record) for test in where.tests)
        ]

    async def related(self, resource: str, uuid: str, inverse: str) -> Sequence[str]:
        """See ``Facts``."""
        row = await self.row(resource, uuid)
        return [far.uuid for far in await self.inverse(row, inverse)] if row else ()

    async def standing(self, draft: Draft, keepers: Iterable[Keeper]) -> str | None:
        """The uuid of what a draft of a new object is, if it is in a record that is there and that
        is not changed any more; ``None`` for one that is to be made."""
        resources = {path: ref.to for path, ref in draft.resource.refs()}
        for keeper in keepers:
            if not keeper.confirms or keeper.within is None:
                continue
            for uuid in draft.references.get(keeper.within, ()):
                host = await self.row(resources[keeper.within], uuid)
                if host is not None and keeper.stands_in(host.stream):
                    identity = self.desk.search.catalogue.identity
                    return identity.encode(keeper.stream, host.key)
        return None

    async def beside(self, draft: Draft, keepers: Iterable[Keeper]) -> Draft:
        """The same draft; or where it is of something that stands with another object than it
        names, and of the same whole, with a reference to that one. An address that was left for a
        contact may stand with that contact, and not with the one who called."""
        resources = {path: ref.to for path, ref in draft.resource.refs()}
        for keeper in keepers:
            within = keeper.within
            if within is None or not keeper.confirms:
                continue
            for uuid in draft.references.get(within, ()):
                named = await self.row(resources[within], uuid)
                if named is None or keeper.stands_in(named.stream):
                    continue
                kin = [far for far in await self._kin(named) if keeper.stands_in(far.stream)]
                if len(kin) == 1:
                    return replace(draft, references={**draft.references, within: (kin[0].uuid,)})
        return draft

    async def _kin(self, row: Row) -> Sequence[Row]:
        """The objects of the same resource that are parts of the same."""
        resource = row.stream.resource
        found: list[Row] = []
        for path, ref in resource.refs():
            if ref.gone is not Gone.DELETED:
                continue
            for whole in (await self.desk.persons.forward(path, [row]))[0]:
                for inverse in whole.stream.resource.inverses():
                    if (inverse.via, inverse.ref) == (resource.path, path):
                        found += await self.inverse(whole, inverse.name)
        return found

    async def inverse(self, row: Row, name: str) -> Sequence[Row]:
        """What an inverse relation of an object leads to."""
        member = row.stream.resource.member(name)
        assert isinstance(member, Inverse)
        return (await self.desk.persons.inverse(member, [row]))[0]

    async def holders(self, row: Row) -> Sequence[tuple[Row, Edge]]:
        """All objects that refer to one, each with the edge by which it does."""
        search = self.desk.search
        asked = [(m, way) for m in row.members for way in search.catalogue.pointing(m.stream)]
        found = await together(
            search.shown(way.far, [member.record])
            if way.within
            else search.holders(way, member.stream, [str(member.key[0])])
            for member, way in asked
        )
        return [
            (holder, way.edge)
            for (member, way), rows in zip(asked, found, strict=True)
            for holder in rows
            if str(way.edge.key(holder.record)) == str(member.key[0])
        ]
