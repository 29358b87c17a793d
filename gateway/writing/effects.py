"""What a body asks for beyond the values of its own object: lists of others, and what has to agree.

Source: the contract, measured on Open Klant 2.18 (rules DIG-04, PAR-04 … PAR-07).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from gateway.federation.rows import Row, RowId
from gateway.federation.same import PARTIJEN
from gateway.standard.draft import Draft, Nested
from gateway.standard.model import Inverse
from gateway.standard.table import RESOURCES
from gateway.writing.introduction import introduced
from gateway.writing.objects import Objects
from gateway.writing.owners import Owners
from gateway.writing.removal import Removal
from gateway.writing.steps import Alter, Content, Make, Point, Step

IDENTIFICATOREN: Final = "partij-identificatoren"
_STANDARD: Final = "isStandaardAdres"


class Effects:
    """The steps of one body, in the order in which they can be done."""

    def __init__(self, objects: Objects, owners: Owners) -> None:
        self._objects = objects
        self._owners = owners
        self._introduced: dict[RowId, Point] = {}
        self.steps: list[Step] = []

    async def make(
        self, draft: Draft, name: str = "", known: Mapping[str, Point] | None = None
    ) -> Make:
        """A new object with what belongs to it. ``known``: references that are no uuids yet."""
        able = self._owners.creating(draft.resource.path)
        source = able[0].stream.source if able else None
        made = Make(draft.resource, await self._content(draft, known or {}, source), name)
        self.steps.append(made)
        await self._beside(draft, made, None, name)
        return made

    async def alter(self, row: Row, draft: Draft, name: str = "") -> None:
        """Other values for an object, and what follows from them."""
        member = self._owners.member(row)
        content = await self._content(draft, {}, member.stream.source)
        whole = row if row.others else None
        self.steps.append(Alter(member, content, name, whole))
        await self._beside(draft, row, row, name)

    async def _content(
        self, draft: Draft, known: Mapping[str, Point], source: str | None = None
    ) -> Content:
        """``source``: the one that is to keep it."""
        own = dict(draft.resource.refs())
        references: dict[str, Sequence[Point]] = {path: [p] for path, p in known.items()}
        for path, uuids in draft.references.items():
            if path in own:
                rows = await self._rows(own[path].to, uuids)
                references[path] = [await self._there(row, source) for row in rows]
        return Content(draft.values, draft.present, references, draft.assumed)

    async def _there(self, row: Row, source: str | None) -> Point:
        """What a source that is to refer to an object refers to: a partij that it does not know is
        made there, where that is wanted and can be."""
        there = any(member.stream.source == source for member in row.members)
        if row.stream.resource.path != PARTIJEN or there or not self._owners.introduces(source):
            return row
        if row.id not in self._introduced:
            draft = await introduced(row, self._objects, self._objects.desk.persons.kinds)
            self._introduced[row.id] = row if draft is None else await self.make(draft)
        return self._introduced[row.id]

    async def _rows(self, resource: str, uuids: Sequence[str]) -> list[Row]:
        found = [await self._objects.row(resource, uuid) for uuid in uuids]
        return [row for row in found if row is not None]

    async def _beside(self, draft: Draft, point: Point, row: Row | None, name: str) -> None:
        for path, uuids in draft.references.items():
            member = draft.resource.member(path)
            if isinstance(member, Inverse):
                await self._listed(member, uuids, point, row)
        if draft.nested is not None:
            await self._nested(draft.nested, point, row, name)
        if draft.resource.path == "digitaleadressen" and draft.values.get(_STANDARD) is True:
            await self._only_standard(draft, row)

    async def _listed(
        self, member: Inverse, uuids: Sequence[str], point: Point, row: Row | None
    ) -> None:
        """The objects of a list, and no others, refer to this one."""
        now = await self._objects.inverse(row, member.name) if row else ()
        for far in now:
            # What a source only shows is not for this gateway to take away; it stays to be seen.
            if far.uuid not in uuids and self._owners.keeper(far.stream) is not None:
                content = Content(references={member.ref: ()})
                self.steps.append(Alter(far, content, unlinks=True))
        there = {far.uuid for far in now}
        for far in await self._rows(member.via, [u for u in uuids if u not in there]):
            self.steps.append(Alter(far, Content(references={member.ref: [point]})))

    async def _nested(
        self, nested: Sequence[Nested], point: Point, row: Row | None, name: str
    ) -> None:
        """The identificatoren of a partij: those with a uuid stay or move here, others are new,
        and what is not named goes."""
        member = RESOURCES["partijen"].member("partijIdentificatoren")
        assert isinstance(member, Inverse)
        named = {one.uuid for one in nested}
        for old in await self._objects.inverse(row, member.name) if row else ():
            if old.uuid not in named:
                removal = Removal(self._objects)
                await removal.remove(old)
                self.steps += removal.steps
        for i, one in enumerate(nested):
            at = f"{name}{member.name}.{i}."
            content = await self._content(one.draft, {member.ref: point})
            known = await self._objects.row(IDENTIFICATOREN, one.uuid) if one.uuid else None
            if known is None:
                self.steps.append(Make(RESOURCES[IDENTIFICATOREN], content, at))
            else:
                self.steps.append(Alter(known, content, at))

    async def _only_standard(self, draft: Draft, row: Row | None) -> None:
        """One standard address of a kind for a partij: the others are it no longer."""
        stored = await self._objects.stored(row) if row else None
        soort = draft.values.get("soortDigitaalAdres")
        partijen = draft.references.get("verstrektDoorPartij")
        if stored is not None:
            soort = soort or stored.values.get("soortDigitaalAdres")
            partijen = stored.references["verstrektDoorPartij"] if partijen is None else partijen
        for partij in await self._rows("partijen", partijen or ()):
            for adres in await self._objects.inverse(partij, "digitaleAdressen"):
                values = adres.stream.read(adres.record)
                same = values.get("soortDigitaalAdres") == soort and values.get(_STANDARD) is True
                if same and (row is None or adres.id != row.id):
                    # Before the new one, so that there is never more than one.
                    self.steps.insert(0, Alter(adres, Content({_STANDARD: False})))
