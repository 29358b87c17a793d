"""What goes with an object that is deleted (contract: the cascades of Open Klant 2.18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.conditions import ALWAYS
from gateway.federation.rows import Row, RowId
from gateway.mapping.stream import Edge
from gateway.standard.draft import Kept
from gateway.standard.errors import Problem, invalid
from gateway.standard.model import Gone, Variants
from gateway.writing.objects import Objects
from gateway.writing.steps import Alter, Content, Remove, Step

_OF_CONTACT: Final = ("klantcontact", "wasKlantcontact")


class Removal:
    """Collects the steps of one deletion, what depends on an object before the object itself."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._holders: dict[RowId, Sequence[tuple[Row, Edge]]] = {}
        self._going: set[RowId] = set()
        self._gone: set[RowId] = set()
        self.steps: list[Step] = []

    async def remove(self, row: Row) -> None:
        """An object, with all its records, and what cannot do without it.

        Raises ``Problem`` 400 when something is protected by what refers to it and stays.
        """
        if all(map(self._alone, row.members)):
            self._going |= {member.id for member in row.members}
            self.steps += [Remove(member) for member in row.members]
            return
        await self._gather(row)
        await self._remove(row)

    def _alone(self, row: Row) -> bool:
        """Whether the source itself sees to what depends on a record, all of which it holds."""
        catalogue = self._objects.desk.search.catalogue
        writes = catalogue.collection(row.stream).writes
        here = all(w.far.source == row.stream.source for w in catalogue.pointing(row.stream))
        return writes is not None and writes.cascades and here

    async def _gather(self, row: Row) -> None:
        """All that goes with an object, in whatever order."""
        self._going |= {member.id for member in row.members}
        self._holders[row.id] = await self._objects.holders(row)
        for holder, edge in self._holders[row.id]:
            if edge.ref.gone is Gone.DELETED and holder.id not in self._going:
                await self._gather(holder)

    async def _remove(self, row: Row) -> None:
        self._gone |= {member.id for member in row.members}
        within: list[Step] = []
        for holder, edge in self._holders[row.id]:
            if holder.id in self._gone:
                continue
            if holder.id in self._going:
                await self._remove(holder)
            elif edge.ref.gone is Gone.REFUSED:
                raise _protected()
            else:
                # What refers from the same record may do so no more once the object is gone.
                near = self._in_one_record(holder, row)
                (within if near else self.steps).append(await self._without(holder, edge, row))
        self.steps += [Remove(member) for member in row.members]
        self.steps += within

    def _in_one_record(self, one: Row, other: Row) -> bool:
        record = self._objects.desk.search.catalogue.record
        return record(one.stream, one.record) == record(other.stream, other.record)

    async def _without(self, holder: Row, edge: Edge, row: Row) -> Alter:
        """The holder without its reference to a row; other references in the same list stay.

        A reference within an attribute of several shapes takes all of that attribute with it: of
        who works for a partij that goes, the partijIdentificatie is null.
        """
        path = edge.path
        lists = await self._objects.desk.persons.forward(path, [holder])
        left = [far for far in lists[0] if far.id != row.id]
        member = holder.stream.resource.member(path.partition(".")[0])
        if not isinstance(member, Variants):
            # What stands in the record that goes may go with it; a taak that loses its actor not.
            within = edge.when == ALWAYS and edge.field in holder.stream.key
            return Alter(holder, Content(references={path: left}), unlinks=within)
        fields = holder.stream.resource.fields()
        shape = next(leaves for leaves in map(member.leaves, member.shapes) if path in leaves)
        values: dict[str, Kept] = {p: None if f.nullable else "" for p, f in fields if p in shape}
        return Alter(holder, Content(values, {member.name: False}, {path: left}))

    async def with_contacts(self, row: Row) -> Sequence[Row]:
        """An onderwerpobject, with the klantcontacten that nothing else is about; addresses of
        their betrokkenen too, where they are of no partij. The klantcontacten that stay."""
        forward = self._objects.desk.persons.forward
        contacts = [far for path in _OF_CONTACT for far in (await forward(path, [row]))[0]]
        await self.remove(row)
        kept = []
        for contact in {one.id: one for one in contacts}.values():
            holders = await self._objects.holders(contact)
            others = (h for h, _ in holders if h.id not in self._going)
            if any(h.stream.resource is row.stream.resource for h in others):
                kept.append(contact)
                continue
            for betrokkene in await self._objects.inverse(contact, "hadBetrokkenen"):
                for adres in await self._objects.inverse(betrokkene, "digitaleAdressen"):
                    partijen = await forward("verstrektDoorPartij", [adres])
                    if not partijen[0]:
                        await self.remove(adres)
            await self.remove(contact)
        return kept


def _protected() -> Problem:
    # Open Klant answers in English here (PID-09); the objects themselves are left out of the text.
    return invalid(
        "nonFieldErrors",
        "invalid",
        "Cannot delete some instances of model 'PartijIdentificator' because they are referenced "
        "through protected foreign keys: 'PartijIdentificator.sub_identificator_van'.",
    )
