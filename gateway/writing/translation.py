"""Steps as changes of source records, in batches per source. Pure: nothing is asked or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from adapters.base import Generated, Value
from adapters.conditions import Record, Scalar, matches
from gateway.federation.catalogue import Catalogue, RecordId
from gateway.federation.rows import Row, RowId
from gateway.mapping.keeping import Keeper, Target
from gateway.mapping.meaning import Wire
from gateway.mapping.refusal import NoPlace, NotKept, most_telling
from gateway.mapping.sheet import fields_of
from gateway.mapping.stream import Stream
from gateway.standard.errors import METHOD_NOT_ALLOWED, Problem
from gateway.writing.changes import Changes, GeneratedElsewhere, Known, Translation
from gateway.writing.owners import Owners
from gateway.writing.refused import closed, in_the_way, lacking, not_kept, read_only
from gateway.writing.steps import Alter, Content, Make, Point, Remove, Step


@dataclass(frozen=True, slots=True)
class _New:
    """An object that this write makes: its key, as far as it is known, and its record."""

    stream: Stream
    key: tuple[Any, ...]
    known: Known


class Translator:
    """Translates the steps of one write. ``now``: the moment of creation, as wire text. ``giver``:
    of a whole partij the row that gives a member its value."""

    def __init__(
        self, catalogue: Catalogue, owners: Owners, now: str, giver: Callable[[Row, str], Row]
    ) -> None:
        self._catalogue = catalogue
        self._owners = owners
        self._now = now
        self._giver = giver
        self._changes = Changes(catalogue)
        self._new: dict[Make, _New] = {}
        self._result = Translation(self._changes.steps)
        self._going: Set[RecordId] = frozenset()

    def translate(self, steps: Sequence[Step], versions: Mapping[RowId, str]) -> Translation:
        """All changes of these steps. ``versions``: what the version of a row has to be still.

        Raises ``Problem``: 400 naming what the owner cannot keep, 405 for an object that its
        source only shows, 409 when an object that the client did not name cannot be changed, or
        when a record that is not changed any more says something else.
        """
        self._going = {self._changes.record_id(s.row) for s in steps if self._takes_record(s)}
        for step in steps:
            match step:
                case Make():
                    self._make(step)
                case Alter():
                    self._alter(step, versions.get(step.row.id))
                case Remove():
                    self._remove(step, versions.get(step.row.id))
        for made in self._result.made:
            self._check_whole(made)
        return self._result

    # --- the three kinds of step -----------------------------------------------------------------

    def _make(self, step: Make) -> None:
        refused: list[NotKept] = []
        able = self._owners.creating(step.resource.path)
        for keeper in able:
            try:
                values = self._kept(keeper, step.content)
            except NotKept as error:
                refused.append(error)
            else:
                self._add(step, keeper, values)
                return
        if not refused:
            raise Problem(METHOD_NOT_ALLOWED, f"Geen bron neemt nieuwe {step.resource.path} aan.")
        raise not_kept(step.name, most_telling(refused), able[0].stream.source)

    def _kept(self, keeper: Keeper, content: Content) -> Mapping[str, Value]:
        """The fields of a new object. What cannot be kept is left out where the contract filled it
        in and nobody asked for it, or where that is allowed. Raises ``NotKept``."""

        def kept(asked: Content) -> Mapping[str, Value]:
            targets = self._targets(keeper.stream, asked)
            return keeper.create(asked.values, asked.present, targets, self._now)

        return self._forgiven(kept, content, keeper.stream, content.assumed)

    def _forgiven(
        self,
        kept: Callable[[Content], Mapping[str, Value]],
        content: Content,
        stream: Stream,
        assumed: frozenset[str] = frozenset(),
    ) -> Mapping[str, Value]:
        """What is kept of a content, without what may be missing. Raises ``NotKept``."""
        while True:
            try:
                return kept(content)
            except NoPlace:
                raise
            except NotKept as error:
                less = content.without(
                    path
                    for path in error.reasons
                    if path in assumed or self._owners.forgives(stream.resource, path)
                )
                if less is None:
                    raise
                content = less

    def _add(self, step: Make, keeper: Keeper, values: Mapping[str, Value]) -> None:
        if keeper.within is not None:
            self._fill_in(step, keeper, step.content.references[keeper.within][0], values)
            return
        stream = keeper.stream
        known, at = self._changes.create(stream, values, step.name)
        assert known.record is not None
        self._result.made[step] = stream, at
        key = tuple(known.record[n] for n in stream.key)
        self._new[step] = _New(stream, key, known)

    def _fill_in(
        self, step: Make, keeper: Keeper, host: Point, values: Mapping[str, Value]
    ) -> None:
        """An object that has no record of its own: it is filled in in that of another."""
        stream = keeper.stream
        if isinstance(host, Make):
            known = self._new[host].known
            self._result.made[step] = stream, self._changes.fill_in(stream, known, values)
        else:
            near = next(m for m in host.members if m.stream.source == stream.source)
            known = self._changes.known(near)
            assert known.record is not None
            if keeper.confirms or (keeper.stays and not values):
                self._result.there[step] = stream, known.record
            else:
                at = self._changes.update(stream, known, values, None, step.name)
                self._result.made[step] = stream, at
        assert known.record is not None
        key = tuple(known.record[n] for n in stream.key)
        self._new[step] = _New(stream, key, known)

    def _check_whole(self, step: Make) -> None:
        """Whether a new record has what it cannot do without, now that all of the write is in it.
        Raises ``Problem``."""
        new = self._new[step]
        writing = new.stream.writing
        if writing is None or new.known.record is None:
            return
        if not matches(writing.needs, new.known.record):
            fields = fields_of(writing.needs)
            able = self._owners.writing(new.stream, fields)
            own = [
                path
                for path, attribute in new.stream.attributes.items()
                if any(o.writable and fields & {*o.expression.fields} for o in attribute.options)
            ]
            others = sorted(able - {new.stream.resource.path})
            raise lacking(step.name, [*own, *(f"{one} in hetzelfde verzoek" for one in others)])

    def _alter(self, step: Alter, version: str | None) -> None:
        keeper = self._owners.keeper(step.row.stream)
        if keeper is None or not keeper.updates:
            raise read_only(step.row, step.name)
        known = self._changes.known(step.row)
        if known.record is None:
            return
        record, content, ended = known.record, step.content, keeper.closed(known.record)

        def kept(asked: Content) -> Mapping[str, Value]:
            targets = self._targets(keeper.stream, asked)
            return keeper.update(record, asked.values, asked.present, targets)

        try:
            values = self._forgiven(kept, content, keeper.stream)
            if step.whole is not None:
                self._check_shown(step.whole, step.row, {**known.record, **values}, content)
        except NotKept as error:
            if ended:
                raise closed(step.row) from None
            if step.unlinks and keeper.deletes:
                self._remove(Remove(step.row), version)
                return
            if step.name is None:
                raise in_the_way(step.row) from None
            raise not_kept(step.name, error, step.row.stream.source) from None
        if values and ended:
            raise closed(step.row)
        if values:
            self._changes.update(step.row.stream, known, values, version, step.name)

    def _check_shown(self, whole: Row, row: Row, record: Record, content: Content) -> None:
        """Whether a partij shows what is written to one of its records. Raises ``NotKept``."""
        members = [replace(m, record=record) if m.id == row.id else m for m in whole.members]
        then = replace(members[0], others=tuple(members[1:]))
        reasons = {}
        for path in (*content.values, *content.references):
            giver = self._giver(then, path.partition(".")[0])
            if giver.id == row.id:
                continue
            if _refers(giver, path) or _read(giver, path) != content.values.get(path):
                reasons[path] = f"bron {giver.stream.source} gaat voor"
        if reasons:
            raise NotKept(reasons)

    def _remove(self, step: Remove, version: str | None) -> None:
        keeper = self._owners.keeper(step.row.stream)
        known = self._changes.known(step.row)
        if known.record is None:
            return
        if keeper is None or not keeper.deletes:
            raise read_only(step.row, None)
        if keeper.closed(known.record):
            raise closed(step.row)
        if keeper.within is not None and self._changes.record_id(step.row) in self._going:
            # It goes with the record that it stands in.
            return
        try:
            values = keeper.delete(known.record)
        except NotKept:
            raise in_the_way(step.row) from None
        if values is not None:
            self._changes.update(step.row.stream, known, values, version, "")
            return
        self._changes.delete(step.row.stream, known, version)

    # --- references ------------------------------------------------------------------------------

    def _takes_record(self, step: Step) -> TypeGuard[Remove]:
        """Whether a step deletes a record itself."""
        if not isinstance(step, Remove):
            return False
        keeper = self._owners.keeper(step.row.stream)
        return keeper is not None and keeper.deletes and keeper.whole

    def _targets(self, stream: Stream, content: Content) -> Mapping[str, Sequence[Target]]:
        """What references point at, for one stream. Raises ``NotKept`` for what is elsewhere."""
        return {
            path: [self._target(stream, path, point) for point in points]
            for path, points in content.references.items()
        }

    def _target(self, stream: Stream, path: str, point: Point) -> Target:
        if isinstance(point, Make):
            new = self._new[point]
            made = point in self._result.made
            key = tuple(self._from(new.stream.source, one, stream, path) for one in new.key)
            return Target(new.stream, key, new.known.record, new=made)
        # A partij may have records in several sources; only one can be referred to from here.
        reached = {way.far for way in self._catalogue.targets(stream, path)}
        near = [m for m in point.members if m.stream in reached]
        near += [m for m in point.members if m.stream.source == stream.source]
        found = next(iter(near), None)
        if found is None:
            reason = f"staat in bron {point.stream.source}, en dit hoort in {stream.source}"
            raise NotKept({path: reason})
        return Target(found.stream, found.key, self._changes.known(found).record)

    def _from(
        self, source: str, value: Scalar | Generated, stream: Stream, path: str
    ) -> Scalar | Generated:
        """A part of the key of a new object of ``source``, for a reference of a stream. Raises
        ``NotKept`` where changes would have to wait for each other."""
        if source == stream.source or not isinstance(value, Generated):
            return value
        order = list(self._result.steps)
        if stream.source in order and order.index(stream.source) < order.index(source):
            raise NotKept({path: f"wordt in bron {source} pas later gemaakt"})
        return GeneratedElsewhere(value.change, value.field, source)


def _read(row: Row, path: str) -> Wire:
    attribute = row.stream.attributes.get(path)
    return row.stream.value(path, attribute, row.record) if attribute else None


def _refers(row: Row, path: str) -> bool:
    return any(e.path == path and e.key(row.record) is not None for e in row.stream.edges)
