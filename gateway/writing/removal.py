"""What goes with an object that is deleted (contract: the cascades of Open Klant 2.18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.federation.rows import Row, RowId
from gateway.standard.errors import Problem, invalid
from gateway.standard.model import Gone
from gateway.writing.objects import Objects
from gateway.writing.steps import Alter, Content, Remove, Step

_OF_CONTACT: Final = ("klantcontact", "wasKlantcontact")


class Removal:
    """Collects the steps of one deletion, what depends on an object before the object itself."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._gone: set[RowId] = set()
        self.steps: list[Step] = []

    async def remove(self, row: Row) -> None:
        """An object, with all its records, and what cannot do without it.

        Raises ``Problem`` 400 when something is protected by what refers to it.
        """
        self._gone |= {member.id for member in row.members}
        holders = await self._objects.holders(row)
        for holder, edge in holders:
            if holder.id in self._gone:
                continue
            match edge.ref.gone:
                case Gone.REFUSED:
                    raise _protected()
                case Gone.DELETED:
                    await self.remove(holder)
                case Gone.CLEARED:
                    self.steps.append(await self._without(holder, edge.path, row))
        self.steps += [Remove(member) for member in row.members]

    async def _without(self, holder: Row, path: str, row: Row) -> Alter:
        """The holder without its reference to a row; other references in the same list stay."""
        lists = await self._objects.desk.persons.forward(path, [holder])
        left = [far for far in lists[0] if far.id != row.id]
        return Alter(holder, Content(references={path: left}), unlinks=not left)

    async def with_contacts(self, row: Row) -> Sequence[Row]:
        """An onderwerpobject, with the klantcontacten that nothing else is about; addresses of
        their betrokkenen too, where they are of no partij. The klantcontacten that stay."""
        forward = self._objects.desk.persons.forward
        contacts = [far for path in _OF_CONTACT for far in (await forward(path, [row]))[0]]
        await self.remove(row)
        kept = []
        for contact in {one.id: one for one in contacts}.values():
            holders = await self._objects.holders(contact)
            others = (h for h, _ in holders if h.id not in self._gone)
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
