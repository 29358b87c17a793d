"""Keeping objects in a source: what is asked becomes changes of a record, or is refused by name.

The inverse of the rules says which fields to write. Then comes the honest check: the record that
would result is read with the ordinary rules. What was asked has to read back as it was given, and
all else as it was before. So nothing is accepted that the source cannot keep, whatever the inverse
does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from adapters.base import Generated, Value
from adapters.conditions import Record, get, is_absent, matches
from gateway.mapping.confirming import confirm
from gateway.mapping.formats import Unreadable
from gateway.mapping.fresh import complete
from gateway.mapping.honest import WHOLE, wrong
from gateway.mapping.hosts import beside, host, others, root
from gateway.mapping.inverse import empty, gives, rank, write
from gateway.mapping.referring import Target, detach, refer
from gateway.mapping.refusal import NoPlace, NotKept, most_telling
from gateway.mapping.sheet import Sheet, Unwritable, fields_of
from gateway.mapping.shown import Shown, shown
from gateway.mapping.stream import Stream
from gateway.mapping.wanted import Asked, Present, References, Wanted
from gateway.standard.model import Variants

__all__ = ["WHOLE", "Keeper", "NotKept", "Target", "keepers", "most_telling"]

Fields = Mapping[str, Value]


class Keeper:
    """Keeps the objects of one stream.

    ``within``: the reference to the object in whose record this one stands. Such an object is not
    made as a record of its own: it is filled in there, and what ``create`` gives is an update.
    """

    def __init__(self, stream: Stream, streams: Iterable[Stream]) -> None:
        """``streams``: all of the source. Raises ``ValueError`` for a stream that only reads."""
        if stream.writing is None:
            raise ValueError(f"{stream} only reads")
        self.stream = stream
        self._writing = stream.writing
        self._source = stream.writing.source
        known = list(streams)
        edge = host(stream, known)
        self.within = edge.path if edge else None
        self._root = root(stream, known)
        # What a record that is there has for good.
        self._fixed = self._source.once | {*stream.key}
        self._beside = beside(stream, known)
        self._others = others(stream, known)

    @property
    def creates(self) -> bool:
        can = self._source.create or (self._source.update and self.within is not None)
        return self._writing.create and can

    @property
    def confirms(self) -> bool:
        """Whether an object is only filled in in a record that is made with it, and compared with
        one that is there: the source takes records whole, and changes none."""
        return self.within is not None and not self._source.update

    @property
    def stays(self) -> bool:
        """Whether an object came with the record that it stands in, for good: what says that it is
        there is given once."""
        decides = fields_of(self.stream.where)
        return self.within is not None and bool(decides) and decides <= self._source.once

    def stands_in(self, stream: Stream) -> bool:
        """Whether objects stand in the records of those of another stream."""
        edges = (e for e in self.stream.edges if e.path == self.within)
        return stream.source == self.stream.source and any(e.target == stream.id for e in edges)

    @property
    def updates(self) -> bool:
        return self._writing.update

    @property
    def deletes(self) -> bool:
        return self._writing.delete

    @property
    def whole(self) -> bool:
        """Whether an object is deleted with its record, and not by what is set in it."""
        return self._writing.cleared is None

    def closed(self, record: Record) -> bool:
        """Whether the source changes this record no more."""
        return matches(self._writing.closed, record)

    def create(self, values: Asked, present: Present, references: References, now: str) -> Fields:
        """The fields of a new record, or where ``within``, those to fill in in the record of the
        object that it stands in; none where that shows the object already, see ``confirms`` and
        ``stays``.
        ``now``: a wire value. Raises ``NotKept``."""
        wanted = Wanted.of(self.stream, values, present, references, new=True)
        before: Record = {}
        fixed = frozenset[str]()
        if self.within is not None:
            host = self._host(self.within, references)
            before = _of(host, self.stream)
            shown = matches(self.stream.where, before)
            if (self.confirms and not host.new) or (shown and (self.confirms or self.stays)):
                confirm(self.stream, before, wanted, self._root)
                return {}
            if shown:
                raise NoPlace({self.within: "de bron bewaart er hier maar een, en die is er al"})
            fixed = frozenset(self.stream.key) if host.new else self._fixed
        sheet = Sheet(before, self._source, fixed)
        sheet.give(self._writing.given)
        reasons = self._write(sheet, wanted)
        if not self.within:
            self._fill(sheet)
            complete(self.stream, sheet, now)
        after = {**sheet.record, **self._awaited(sheet.record)}
        self._check(after, None, wanted, reasons)
        self._require(after, reasons)
        self._show(sheet, after, reasons)
        if self.within:
            self._leave(before, after, self._beside, sheet, reasons)
        return _changes(sheet, reasons)

    def update(
        self, record: Record, values: Asked, present: Present, references: References
    ) -> Fields:
        """The fields of a record that change; none when it is so already. Raises ``NotKept``, and
        ``RuleError`` for a record that cannot be read."""
        before = self._readable(record)
        sheet = Sheet(record, self._source, self._fixed)
        wanted = Wanted.of(self.stream, values, present, references)
        self._forget(sheet, before, wanted)
        reasons = self._write(sheet, wanted)
        self._check(sheet.record, before, wanted, reasons)
        self._require(sheet.record, reasons)
        self._show(sheet, sheet.record, reasons)
        self._leave(record, sheet.record, self._beside, sheet, reasons)
        return _changes(sheet, reasons)

    def delete(self, record: Record) -> Fields | None:
        """The fields that are set instead of deleting a record; ``None``: the record itself goes.

        Raises ``NotKept`` where the object would still be shown, or others not any more.
        """
        if self._writing.cleared is None:
            return None
        sheet = Sheet(record, self._source, self._fixed)
        sheet.give(self._writing.cleared)
        reasons: dict[str, str] = {}
        if matches(self.stream.where, sheet.record):
            reasons[WHOLE] = "de bron kan dit niet verwijderen"
        self._leave(record, sheet.record, self._others, sheet, reasons)
        return _changes(sheet, reasons)

    # --- writing --------------------------------------------------------------------------------

    def _host(self, within: str, references: References) -> Target:
        """The object in whose record this one stands."""
        targets = references.get(within, ())
        if len(targets) != 1:
            raise NoPlace({within: "de bron bewaart dit niet zonder deze verwijzing"})
        if not self.stands_in(targets[0].stream):
            raise NoPlace({within: "de bron kan hier niet naar dit object verwijzen"})
        return targets[0]

    def _fill(self, sheet: Sheet) -> None:
        """What the mapping has for fields of a new record that nothing was written in."""
        for filling in self._writing.fill:
            if matches(filling.when, sheet.record):
                empty = {f: v for f, v in filling.given.items() if is_absent(get(sheet.record, f))}
                sheet.give(empty)

    def _forget(self, sheet: Sheet, before: Shown, wanted: Wanted) -> None:
        """Empty what only the shape has that a member had until now."""
        for member in self.stream.resource.members:
            if not isinstance(member, Variants) or empty(wanted.values.get(member.by)):
                continue
            old, new = str(before.values[member.by]), str(wanted.values[member.by])
            gone = member.leaves(old) - member.leaves(new)
            # What cannot be emptied stays, for it is not shown.
            for path in sorted(self.stream.attributes.keys() & gone):
                with suppress(Unwritable):
                    write(path, self.stream.attributes[path], None, sheet)
            for edge in self.stream.edges:
                if edge.path in gone:
                    with suppress(Unwritable):
                        detach(edge, self.stream, sheet)
        sheet.release()

    def _write(self, sheet: Sheet, wanted: Wanted) -> dict[str, str]:
        """Write all that is asked; why the rest could not be, by path."""
        reasons: dict[str, str] = {}
        refer(self.stream, wanted.references, sheet, reasons, conditional=False)
        known = [
            (attribute, path, value)
            for path, value in wanted.values.items()
            if (attribute := self.stream.attributes.get(path)) is not None
        ]
        known.sort(key=lambda one: rank(one[0], one[2]))
        # Once more for what hangs on something that was written after it.
        for attempt in (1, 2):
            for attribute, path, value in known:
                if attempt > 1 and gives(attribute, sheet.record, value):
                    continue
                try:
                    write(path, attribute, value, sheet)
                except Unwritable as error:
                    reasons.setdefault(path, str(error))
        refer(self.stream, wanted.references, sheet, reasons, conditional=True)
        now = shown(self.stream, sheet.record).present
        for path, there in wanted.present.items():
            rule = self.stream.presence.get(path)
            # Where it does not follow from what is in it.
            if rule is not None and now[path] is not there:
                try:
                    write(path, rule, there, sheet)
                except Unwritable as error:
                    reasons[path] = str(error)
        return reasons

    def _awaited(self, record: Record) -> Mapping[str, Generated]:
        """What stands for the values that the source is yet to give."""
        return {f: Generated(-1, f) for f in self._source.generated if is_absent(get(record, f))}

    # --- the honest check -----------------------------------------------------------------------

    def _readable(self, record: Record) -> Shown:
        found = shown(self.stream, record)
        for path, value in found.values.items():
            if isinstance(value, Unreadable):
                self.stream.value(path, self.stream.attributes[path], record)
        return found

    def _check(
        self, after: Record, before: Shown | None, wanted: Wanted, reasons: dict[str, str]
    ) -> None:
        """Make ``reasons`` those of the record that would result. ``before``: what it shows now, if
        it is there."""
        found = wrong(self.stream, after, before, wanted)
        # What could not be written may be so all the same, and what was written may not.
        for path in reasons.keys() - found.keys():
            del reasons[path]
        for path, reason in found.items():
            reasons.setdefault(path, reason)

    def _require(self, after: Record, reasons: dict[str, str]) -> None:
        """The record has what none can do without."""
        for field in self._source.required:
            if is_absent(get(after, field)):
                reasons.setdefault(self._about(field), "de bron bewaart dit niet zonder")

    def _about(self, field: str) -> str:
        """What of the object stands in a field."""
        paths = [edge.path for edge in self.stream.edges if edge.field == field]
        paths += [
            path
            for path, attribute in self.stream.attributes.items()
            if any(field in option.expression.fields for option in attribute.options)
        ]
        return next(iter(paths), WHOLE)

    def _show(self, sheet: Sheet, after: Record, reasons: dict[str, str]) -> None:
        """The object is one of the stream."""
        if not reasons and not matches(self.stream.where, after):
            self._blame(sheet, self.stream, "de bron zou dit niet tonen", reasons)

    def _leave(
        self,
        before: Record,
        after: Record,
        streams: Iterable[Stream],
        sheet: Sheet,
        reasons: dict[str, str],
    ) -> None:
        """The other objects of the record, of these streams, are there if they were."""
        for stream in streams:
            was, stays = matches(stream.where, before), matches(stream.where, after)
            if was is not stays:
                shown = "ook" if stays else "niet meer"
                reason = f"de bron zou hierdoor iets anders {shown} tonen ({stream.id[0]})"
                self._blame(sheet, stream, reason, reasons)

    def _blame(self, sheet: Sheet, stream: Stream, reason: str, reasons: dict[str, str]) -> None:
        """Name what was written in the fields that say whether an object is there."""
        fields = fields_of(stream.where)
        paths = {sheet.by(f) or WHOLE for f in fields & sheet.changes().keys()} or {WHOLE}
        for path in paths:
            reasons.setdefault(path, reason)


def keepers(streams: Iterable[Stream]) -> tuple[Keeper, ...]:
    """Those of all streams that write, in the order of the streams."""
    known = list(streams)
    return tuple(Keeper(s, known) for s in known if s.writing is not None)


def _of(host: Target, stream: Stream) -> Record:
    """The record of an object, with the key that both have."""
    if host.record is None:
        raise ValueError(f"{stream} needs the record of what it stands in")
    return {**host.record, **dict(zip(stream.key, host.key, strict=True))}


def _changes(sheet: Sheet, reasons: Mapping[str, str]) -> Fields:
    if reasons:
        raise NotKept(reasons)
    return sheet.changes()
