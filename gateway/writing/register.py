"""The register with its writing side: what the API asks to be written, in terms of the standard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from adapters.concurrency import together
from gateway.federation.register import Desk, Done, Register, View
from gateway.federation.rows import Row
from gateway.federation.version import entity_tag, matches, version_of
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.standard import rules
from gateway.standard.body import read_body
from gateway.standard.contact import read_contact
from gateway.standard.draft import Verb
from gateway.standard.errors import CONFLICT, NOT_FOUND, PARTLY_DONE, PRECONDITION_FAILED, Problem
from gateway.standard.model import Resource
from gateway.standard.settle import settle
from gateway.standard.table import RESOURCES
from gateway.standard.values import datetime_text
from gateway.writing.changes import Translation
from gateway.writing.effects import Effects
from gateway.writing.known import known_actor
from gateway.writing.objects import Objects
from gateway.writing.owners import Owners
from gateway.writing.recipe import Recipe
from gateway.writing.removal import Removal
from gateway.writing.steps import Make, Step
from gateway.writing.translation import Translator

_OF_CONTACT: Final = {"betrokkene.": "hadKlantcontact", "onderwerpobject.": "klantcontact"}
"""Of the parts of ``maak-klantcontact``: how each refers to the klantcontact."""

UNDO_SECONDS: Final = 5.0
"""Time to undo what was done, when the request itself has none left."""


@dataclass(frozen=True)
class _Plan:
    """A write that was checked and can begin. ``kept``: objects that a cascade left alone."""

    translation: Translation
    made: Sequence[Make] = ()
    row: Row | None = None
    kept: Sequence[Row] = field(default_factory=tuple)


class WritingRegister(Register):
    """One installation, written to as well. Its methods raise ``Problem`` and nothing else that is
    expected; once a source has been told something, they run to their end whoever stops waiting."""

    def __init__(self, *reading: Any, owners: Owners) -> None:
        super().__init__(*reading)
        self.owners = owners

    def verbs(self, path: str) -> frozenset[str]:
        """See ``Register``."""
        return self.owners.verbs(path)

    async def create(self, resource: Resource, body: object, view: View, meter: Meter) -> Done:
        """Make the object that a body describes, or give the one that is meant where no source
        takes a new one (``Owners.finds``)."""
        now = datetime.now(UTC)
        reading = read_body(resource, body, Verb.CREATE, now=now)

        async def find(desk: Desk) -> Done:
            objects = Objects(desk)
            await rules.check(reading, objects)
            row = await objects.row(resource.path, await known_actor(reading.draft, objects))
            if row is None:
                raise Problem(CONFLICT, "Het object is intussen verwijderd.")
            return await self._read(desk, row)

        if self.owners.finds(resource.path):
            return await self._answered(resource, view, meter, find, frozenset())

        async def prepare(desk: Desk) -> _Plan:
            objects = Objects(desk)
            able = self.owners.creating(resource.path)
            await rules.check(reading, objects, await objects.standing(reading.draft, able))
            effects = Effects(objects, self.owners)
            draft = settle(reading.draft, None, now=now)
            lenient = [k for k in able if k.within and self.owners.forgives(resource, k.within)]
            made = await effects.make(await objects.beside(draft, lenient))
            return _Plan(self._translated(desk, effects.steps), [made])

        plan = await self._prepared(resource, view, meter, prepare)
        return (await self._carried_out(plan, resource, view, meter))[0]

    async def update(
        self,
        resource: Resource,
        uuid: str,
        verb: Verb,
        body: object,
        view: View,
        meter: Meter,
        if_match: str | None = None,
    ) -> Done:
        """Replace or change the object with a uuid. ``if_match``: as the header has it."""

        async def prepare(desk: Desk) -> _Plan:
            objects = Objects(desk)
            row = await self._present(objects, resource, uuid, if_match)
            now = datetime.now(UTC)
            reading = read_body(resource, body, verb, now=now)
            stored = await objects.stored(row)
            await rules.check(reading, objects, row.uuid, stored)
            effects = Effects(objects, self.owners)
            await effects.alter(row, settle(reading.draft, stored, now=now))
            return _Plan(self._translated(desk, effects.steps, row, if_match), row=row)

        plan = await self._prepared(resource, view, meter, prepare)
        return (await self._carried_out(plan, resource, view, meter))[0]

    async def delete(
        self,
        resource: Resource,
        uuid: str,
        view: View,
        meter: Meter,
        cascade: bool = False,
        if_match: str | None = None,
    ) -> list[str] | None:
        """Delete the object with a uuid and what goes with it. With ``cascade`` (of an
        onderwerpobject) its klantcontacten too; the urls of those that stay."""

        async def prepare(desk: Desk) -> _Plan:
            objects = Objects(desk)
            row = await self._present(objects, resource, uuid, if_match)
            removal = Removal(objects)
            kept: Sequence[Row] = ()
            if cascade:
                kept = await removal.with_contacts(row)
            else:
                await removal.remove(row)
            return _Plan(self._translated(desk, removal.steps, row, if_match), kept=kept)

        plan = await self._prepared(resource, view, meter, prepare)
        await self._carried_out(plan, resource, view, meter)
        urls = [view.url(row.stream.resource.path, row.uuid) for row in plan.kept]
        return urls if cascade else None

    async def make_contact(self, body: object, view: View, meter: Meter) -> dict[str, Any]:
        """A klantcontact with the betrokkene and the onderwerpobject of one body, all or none."""
        parts = read_contact(body, now=datetime.now(UTC))

        async def prepare(desk: Desk) -> _Plan:
            objects = Objects(desk)
            await rules.check_contact(parts, objects)
            effects = Effects(objects, self.owners)
            made: list[Make] = []
            for part in parts.parts:
                known = {_OF_CONTACT[part.prefix]: made[0]} if made else {}
                made.append(await effects.make(part.draft, part.prefix, known))
            return _Plan(self._translated(desk, effects.steps), made)

        resource = RESOURCES["klantcontacten"]
        plan = await self._prepared(resource, view, meter, prepare)
        done = await self._carried_out(plan, resource, view, meter)
        objects = {m.name: one.object for m, one in zip(plan.made, done, strict=True)}
        names = ("klantcontact", "betrokkene", "onderwerpobject")
        return {name: objects.get(f"{name}.") for name in names}

    # --- before ----------------------------------------------------------------------------------

    async def _prepared(
        self,
        resource: Resource,
        view: View,
        meter: Meter,
        prepare: Callable[[Desk], Awaitable[_Plan]],
    ) -> _Plan:
        """A write, checked against what the sources say now: what was seen moments ago may have
        been changed by somebody else."""
        for source in self._sources.values():
            source.forget()
        return await self._answered(resource, view, meter, prepare, frozenset())

    async def _present(
        self, objects: Objects, resource: Resource, uuid: str, if_match: str | None
    ) -> Row:
        """The object that a write is about. Raises ``Problem`` 404 or 412."""
        row = await objects.row(resource.path, uuid)
        if row is None:
            raise Problem(NOT_FOUND)
        tag = entity_tag(self.catalogue, row)
        if if_match is not None and not matches(if_match, tag):
            raise Problem(PRECONDITION_FAILED)
        return row

    def _translated(
        self, desk: Desk, steps: Sequence[Step], row: Row | None = None, if_match: str | None = None
    ) -> Translation:
        now = datetime_text(datetime.now(UTC))
        versions = {}
        if row is not None and if_match not in (None, "*"):
            versions = {m.id: v for m in row.members if (v := version_of(self.catalogue, m))}
        translator = Translator(self.catalogue, self.owners, now, desk.persons.giver)
        return translator.translate(steps, versions)

    # --- from the first change on ----------------------------------------------------------------

    async def _carried_out(
        self, plan: _Plan, resource: Resource, view: View, meter: Meter
    ) -> list[Done]:
        """What there is afterwards of the objects that a write is about."""

        def patient() -> Caller:
            deadline = asyncio.get_running_loop().time() + UNDO_SECONDS
            return Caller(self._sources, Meter(self.bounds, deadline), view.rights)

        caller = Caller(self._sources, meter, view.rights)
        recipe = Recipe(self.catalogue, caller, patient, self._atomic)
        records = await recipe.carry_out(plan.translation)

        async def read(desk: Desk) -> list[Done]:
            if plan.row is not None:
                return [await self._read(desk, plan.row)]
            found = (plan.translation.record(made, records) for made in plan.made)
            rows = [desk.search.rows(stream, [record])[0] for stream, record in found]
            return list(await together(self._made(desk, row) for row in rows))

        try:
            return await self._answered(resource, view, meter, read, frozenset())
        except Problem as problem:
            # It is done all the same, and whoever tries again would do it twice.
            detail = "Het is verwerkt; het antwoord kon daarna niet worden gelezen."
            raise Problem(PARTLY_DONE, detail, source=problem.source, note=problem.note) from None

    async def _read(self, desk: Desk, row: Row) -> Done:
        """An object as it is now."""
        now = await desk.search.one(row.stream.resource.path, row.uuid)
        if now is None:
            raise Problem(CONFLICT, "Het object is intussen verwijderd.")
        return await self._written(desk, now)

    async def _made(self, desk: Desk, row: Row) -> Done:
        """A new object as it is now; as its source answered where that cannot be asked for it."""
        now = await desk.search.one(row.stream.resource.path, row.uuid)
        return await self._written(desk, now or row)

    async def _written(self, desk: Desk, row: Row) -> Done:
        whole = await desk.persons.complete(row)
        written = (await desk.write(row.stream.resource, [whole], {}))[0]
        return Done(written["uuid"], written, entity_tag(self.catalogue, whole))

    def _atomic(self, alias: str) -> bool:
        return self._sources[alias].atomic
