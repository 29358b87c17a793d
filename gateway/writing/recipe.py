"""Carrying out the changes of a write: at once where a source can, else step by step with undo.

Nothing is kept to finish later. What a crash could leave behind stands in the log before it can
be left behind, and what could not be undone stands in the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypedDict
from uuid import uuid4

from adapters.base import Change, Create, Delete, Generated, Update, Value
from adapters.conditions import Record, get
from gateway.federation.catalogue import Catalogue
from gateway.sources.caller import Caller
from gateway.sources.source import Objected
from gateway.standard.errors import OUTCOME_UNKNOWN, PARTLY_DONE, Problem
from gateway.writing.changes import GeneratedElsewhere, SourceStep, Translation
from gateway.writing.refused import objected

_log: Final = logging.getLogger("gateway")
_SAID: Final = {"create": "gemaakt", "update": "gewijzigd", "delete": "verwijderd"}


class StepEvent(TypedDict):
    """What is logged before a part of a write."""

    write: str
    source: str
    next: Sequence[str]
    done: Sequence[str]


class LeftEvent(TypedDict):
    """What is logged when something of a write is left that failed."""

    write: str
    left: Sequence[str]
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is done whole or not at all: changes of one source, and the place of the first."""

    source: str
    first: int
    steps: Sequence[SourceStep]


class Recipe:
    """One write. ``caller``: within the deadline of the request; ``patient``: one with time to
    undo what was done, also when the request has none left."""

    def __init__(
        self,
        catalogue: Catalogue,
        caller: Caller,
        patient: Callable[[], Caller],
        atomic: Callable[[str], bool],
    ) -> None:
        self._catalogue = catalogue
        self._caller = caller
        self._patient = patient
        self._atomic = atomic
        self._id = uuid4().hex
        self._done: list[tuple[str, SourceStep, Record]] = []

    async def carry_out(self, translation: Translation) -> Mapping[str, Sequence[Record]]:
        """The records as they are afterwards, per source in the order of its steps.

        Raises ``Problem``: the one of the source when nothing is left of the write; 504
        ``uitkomst-onbekend`` when that cannot be said; 502 ``gedeeltelijk-verwerkt`` when it is
        known what is left. Of the last two the detail names what is.
        """
        parts = list(self._parts(translation))
        records: dict[str, list[Record]] = {alias: [] for alias in translation.steps}
        for part in parts:
            if len(parts) > 1:
                self._announce(part)
            known = records[part.source]
            changes = [_resolved(step.change, part, records) for step in part.steps]
            try:
                found = await self._caller.write(part.source, changes)
            except Problem as problem:
                told = _told(problem, part)
                raise (told if len(parts) == 1 else await self._undone(told, part)) from None
            known += found
            self._done += [
                (part.source, _filled(step, part.source, records), record)
                for step, record in zip(part.steps, found, strict=True)
            ]
        return records

    def _parts(self, translation: Translation) -> Iterator[_Part]:
        for alias, steps in translation.steps.items():
            if self._atomic(alias):
                yield _Part(alias, 0, steps)
            else:
                yield from (_Part(alias, i, [step]) for i, step in enumerate(steps))

    def _announce(self, part: _Part) -> None:
        """Before each part: what there is of this write already, and what comes now."""
        fields = StepEvent(
            write=self._id,
            source=part.source,
            next=[f"{step.kind} {self._coming(step)}" for step in part.steps],
            done=[f"{step.kind} {self._path(step, r)}" for _, step, r in self._done],
        )
        _log.info("write-step", extra={"fields": fields})

    def _coming(self, step: SourceStep) -> str:
        """As ``_path``, of what is not done yet: without uuid where only the source knows it."""
        change = step.change
        known = step.before or (change.values if isinstance(change, Create) else change.key)
        values = [get(known, name) for name in step.stream.key]
        if any(value is None or isinstance(value, Generated) for value in values):
            return step.resource
        return self._path(step, known)

    def _path(self, step: SourceStep, record: Record) -> str:
        """Resource and uuid of what a step was about: no key of a source, no value."""
        key = step.stream.native_key(record)
        return f"{step.resource}/{self._catalogue.identity.encode(step.stream, key)}"

    # --- undoing ---------------------------------------------------------------------------------

    async def _undone(self, problem: Problem, part: _Part) -> Problem:
        """What to answer now that a part failed: everything before it is undone, last first."""
        caller = self._patient()
        left: list[str] = []
        for alias, step, record in reversed(self._done):
            undo = self._undo(step, record)
            try:
                if undo is not None:
                    await caller.write(alias, [undo])
                    continue
            except Problem:
                pass  # Then it is left, whatever was the matter.
            left.insert(0, f"{step.kind} {self._path(step, record)}")
        unknown = problem.kind is OUTCOME_UNKNOWN
        maybe = [f"{step.kind} {self._coming(step)}" for step in part.steps if unknown]
        if not left and not maybe:
            return problem
        fields = LeftEvent(write=self._id, left=left, unknown=maybe)
        _log.error("write-left", extra={"fields": fields})
        said = f"Niet teruggedraaid: {_in_dutch(left)}." if left else ""
        if not unknown:
            return Problem(PARTLY_DONE, said, source=problem.source, note=problem.note)
        detail = f"{problem.detail} Onbekend: {_in_dutch(maybe)}. {said}".rstrip()
        return Problem(OUTCOME_UNKNOWN, detail, source=problem.source, note=problem.note)

    def _undo(self, step: SourceStep, record: Record) -> Change | None:
        """The change that takes back another, if nobody changed the record since; ``None`` when
        there is no such. ``record``: as the change left it."""
        collection = self._catalogue.collection(step.stream)
        assert collection.writes is not None
        key: Mapping[str, Value] = {name: get(record, name) for name in collection.key}
        version = collection.writes.version
        made = {version: get(record, version)} if version else {}
        # Where records are not deleted, a code says that an object is not there.
        cleared = step.stream.writing.cleared if step.stream.writing else None
        match step.change:
            case Create() if collection.writes.delete:
                return Delete(step.change.collection, key, made)
            case Create() if cleared is not None and collection.writes.update:
                return Update(step.change.collection, key, cleared, made)
            case Update(values=values) if step.before is not None:
                before = {name: get(step.before, name) for name in values}
                expected = {name: get(record, name) for name in values}
                return Update(step.change.collection, key, before, {**expected, **made})
        return None


def _told(problem: Problem, part: _Part) -> Problem:
    """What to answer when a part failed: of a change that the client asked for, what the source has
    against it."""
    if not isinstance(problem, Objected) or len(part.steps) > 1:
        return problem
    (step,) = part.steps
    return problem if step.name is None else objected(step.name, step.stream, problem)


def _in_dutch(steps: Sequence[str]) -> str:
    """What was done, as the log names it, for who reads the answer."""
    named = (step.split(" ", 1) for step in steps)
    return ", ".join(f"{_SAID[kind]} {path}" for kind, path in named)


Records = Mapping[str, Sequence[Record]]
"""By source what there is of its steps, in their order."""


def _got(value: Generated, source: str, records: Records) -> Value:
    """What a step got. ``source``: of the step that asks for it."""
    where = value.source if isinstance(value, GeneratedElsewhere) else source
    found: Value = get(records[where][value.change], value.field)
    return found


def _filled(step: SourceStep, source: str, records: Records) -> SourceStep:
    """A step whose record before it has what was given since the step was planned."""
    if step.before is None:
        return step
    before = {
        name: _got(value, source, records) if isinstance(value, Generated) else value
        for name, value in step.before.items()
    }
    return replace(step, before=before)


def _resolved(change: Change, part: _Part, records: Records) -> Change:
    """A change of a part in which keys that earlier parts got are filled in; those of its own count
    from where it begins."""

    def value(given: Value) -> Value:
        if not isinstance(given, Generated):
            return given
        if isinstance(given, GeneratedElsewhere) or given.change < part.first:
            return _got(given, part.source, records)
        return replace(given, change=given.change - part.first)

    def filled(values: Mapping[str, Value]) -> Mapping[str, Value]:
        return {name: value(one) for name, one in values.items()}

    match change:
        case Create():
            return replace(change, values=filled(change.values))
        case Update():
            return replace(change, key=filled(change.key), values=filled(change.values))
        case Delete():
            return replace(change, key=filled(change.key))
