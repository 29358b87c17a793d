"""Reading the body of a write: what it asks for, and what is wrong with its attributes.

Nothing here knows more than the body: whether what it refers to exists is noted, to be found out.
The reading follows the table, never the body, so it goes no deeper than the contract does. Names in
errors are those of Open Klant, down to ``bezoekadres.adresregel_1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from gateway.standard.draft import (
    Draft,
    Kept,
    Nested,
    Reading,
    Verb,
)
from gateway.standard.errors import InvalidParam
from gateway.standard.fields import EMPTY, MISSING, Unfit, read_field
from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Fill,
    Group,
    Inverse,
    Kind,
    Member,
    Nature,
    Ref,
    Required,
    Resource,
    Variants,
)
from gateway.standard.names import named, shown
from gateway.standard.notes import ABSENT, Notes
from gateway.standard.table import RESOURCES, far_side
from gateway.standard.values import datetime_text


def read_body(
    resource: Resource,
    body: object,
    verb: Verb,
    *,
    now: datetime,
    prefix: str = "",
    without: frozenset[str] = frozenset(),
) -> Reading:
    """Read ``body``, which is JSON, as an object of ``resource``.

    ``now``: an aware moment, for what the contract fills in, to the second. ``prefix``: what names
    in errors begin with. ``without``: attributes that are ignored, as read-only ones are.
    """
    reader = _Reader(resource, verb, now, prefix)
    if isinstance(body, Mapping):
        reader.read(body, without)
    else:
        reader.no_object(body)
    return reader.reading()


class _Reader:
    """Reads one object; what it finds is gathered in the order of the contract."""

    def __init__(self, resource: Resource, verb: Verb, now: datetime, prefix: str) -> None:
        self._resource = resource
        self._verb = verb
        self._now = now.replace(microsecond=0)
        self._named: frozenset[str] = frozenset()
        self._values: dict[str, Kept] = {}
        self._present: dict[str, bool] = {}
        self._references: dict[str, tuple[str, ...]] = {}
        self._nested: tuple[Nested, ...] | None = None
        self._assumed: set[str] = set()
        self._notes = Notes(prefix)

    def reading(self) -> Reading:
        """What was found."""
        draft = Draft(
            self._resource,
            self._values,
            self._present,
            self._references,
            self._nested,
            frozenset(self._assumed),
        )
        return Reading(draft, self._verb, self._notes.prefix, self._named, tuple(self._notes.found))

    def no_object(self, body: object) -> None:
        """There is nothing to read."""
        self._notes.not_an_object("", body)

    def read(self, body: Mapping[str, object], without: frozenset[str]) -> None:
        """Read the attributes of the object itself."""
        whole = self._verb is Verb.CREATE
        given = named(body)
        members = [m for m in self._resource.members if m.name not in without]
        self._named = frozenset(m.name for m in members if m.name in given and _writable(m))
        self._members(members, given, "", whole=whole, strict=self._verb is not Verb.CHANGE)

    def _members(
        self,
        members: Iterable[Member],
        given: Mapping[str, object],
        path: str,
        *,
        whole: bool,
        strict: bool,
    ) -> None:
        """Read ``members`` of the object at ``path``, which is empty or ends with a dot.

        ``whole``: what is not given gets its default. ``strict``: what is required has to be given.
        """
        for member in members:
            raw = given.get(member.name, ABSENT)
            at = path + member.name
            match member:
                case Field():
                    self._field(member, raw, at, whole=whole, strict=strict)
                case Group():
                    self._group(member, raw, at, whole=whole, strict=strict)
                case Ref():
                    self._reference(member, raw, at, whole=whole, strict=strict)
                case Inverse(writable=True, embed=Embed.OBJECT):
                    self._objects(member, raw)
                case Inverse(writable=True):
                    self._list(at, member.via, raw, whole=whole, nullable=True)
                case Derived(rule="first_reference"):
                    self._first(member, raw)
                case Variants():
                    self._variant(member, raw)
                case Inverse() | Derived():
                    pass

    def _field(self, spec: Field, raw: object, path: str, *, whole: bool, strict: bool) -> None:
        name = shown(path)
        if raw is ABSENT or spec.read_only:
            if strict and spec.required:
                self._notes.refuse(name, "required", MISSING)
            elif whole or (spec.resets and self._verb is Verb.REPLACE):
                self._assume(spec, path)
            return
        try:
            value = read_field(spec, raw)
        except Unfit as unfit:
            for place, code, reason in unfit.faults:
                self._notes.refuse(f"{name}.{place}" if place else name, code, reason)
            return
        if value is None and spec.fill and whole:
            self._assume(spec, path)
            return
        self._values[path] = value
        if spec.unique and isinstance(value, str):
            self._notes.free(name, self._resource.path, path, value)
        if spec.nature is Nature.ADDRESS and isinstance(value, str):
            self._notes.fits(name, value)

    def _assume(self, spec: Field, path: str) -> None:
        self._assumed.add(path)
        if spec.fill is Fill.NOW:
            self._values[path] = datetime_text(self._now)
        elif spec.fill is Fill.TODAY:
            self._values[path] = datetime_text(self._now)[:10]
        elif spec.kind is Kind.MAP:
            self._values[path] = {}
        else:
            assert not isinstance(spec.default, Required), path
            self._values[path] = spec.default

    def _group(self, group: Group, raw: object, path: str, *, whole: bool, strict: bool) -> None:
        """A group is replaced as a whole, also when a part of it is given (PUT-03)."""
        if raw is ABSENT and (group.required or not whole):
            if group.required and strict:
                self._notes.refuse(path, "required", MISSING)
        elif raw is None and group.required:
            self._notes.refuse(path, "null", EMPTY)
        elif raw is ABSENT or raw is None:
            self._members(group.fields, {}, path + ".", whole=True, strict=True)
        elif isinstance(raw, Mapping):
            self._members(group.fields, named(raw), path + ".", whole=True, strict=True)
        else:
            self._notes.not_an_object(path, raw)

    def _reference(self, ref: Ref, raw: object, path: str, *, whole: bool, strict: bool) -> None:
        if ref.many:
            self._list(path, ref.to, raw, whole=whole, nullable=False)
        elif raw is ABSENT:
            if (strict and ref.required) or (whole and ref.stated):
                self._notes.refuse(path, "required", MISSING)
            elif whole:
                self._references[path] = ()
        elif raw is None:
            if ref.required:
                self._notes.refuse(path, "null", EMPTY)
            else:
                self._references[path] = ()
        else:
            self._references[path] = self._notes.uuid(path, ref.to, raw, ref.soort)

    def _first(self, member: Derived, raw: object) -> None:
        """The older way to name one object of a list, by an attribute of its own (INT-04)."""
        if raw is None:
            self._notes.refuse(member.name, "null", EMPTY)
        elif raw is not ABSENT:
            to = far_side(self._resource, member.of).path
            self._references[member.of] = self._notes.uuid(member.name, to, raw)

    def _list(self, name: str, to: str, raw: object, *, whole: bool, nullable: bool) -> None:
        items = self._notes.items(name, raw, nullable=nullable)
        if items is not None:
            uuids = (self._notes.uuid(f"{name}.{i}", to, item) for i, item in enumerate(items))
            # In the order given, each once.
            self._references[name] = tuple(dict.fromkeys(uuid for found in uuids for uuid in found))
        elif whole and raw is ABSENT:
            self._references.setdefault(name, ())

    def _variant(self, member: Variants, raw: object) -> None:
        """The attribute whose shape follows from another. Without that other it is ignored
        (PAR-03), and an object of which no attribute is known says nothing."""
        soort = self._values.get(member.by)
        if not isinstance(soort, str):
            return
        shape = member.shapes[soort]
        given: dict[str, object] = {}
        if raw is None:
            self._notes.refuse(member.name, "null", EMPTY)
        elif isinstance(raw, Mapping):
            given = named(raw)
        elif raw is not ABSENT:
            self._notes.not_an_object(member.name, raw)
        told = any(part.name in given for part in shape if _writable(part))
        demands = any(isinstance(part, Field) and part.required for part in shape)
        if told or (demands and isinstance(raw, Mapping)):
            self._present[member.name] = True
            self._members(shape, given, f"{member.name}.", whole=True, strict=True)
        elif self._verb is Verb.CREATE:
            self._present[member.name] = False

    def _objects(self, member: Inverse, raw: object) -> None:
        """Objects that are written within this one; null leaves them as they are (PAR-05)."""
        name = member.name
        items = None if raw is None else self._notes.items(name, raw, nullable=True)
        if items is None:
            self._nested = () if self._verb is Verb.CREATE else None
            return
        before = len(self._notes.found)
        found = [self._object(member, f"{name}.{i}", item) for i, item in enumerate(items)]
        if not any(isinstance(note, InvalidParam) for note in self._notes.found[before:]):
            self._twice(f"{name}.{member.ref}", found)
            self._theirs(f"{name}.{member.ref}", member.ref, found)
        self._nested = tuple(
            Nested(uuid, _part(reading.draft, member.ref)) for uuid, reading in found
        )

    def _object(self, member: Inverse, name: str, raw: object) -> tuple[str | None, Reading]:
        resource = RESOURCES[member.via]
        key = raw.get("uuid", ABSENT) if isinstance(raw, Mapping) else ABSENT
        uuid: str | None = None
        if key is not ABSENT:
            uuid = next(iter(self._notes.uuid(name, member.via, raw)), None)
        verb = Verb.CREATE if key is ABSENT else Verb.REPLACE
        reading = read_body(
            resource, raw, verb, now=self._now, prefix=f"{self._notes.prefix}{name}."
        )
        self._notes.found += reading.notes
        return uuid, reading

    def _twice(self, name: str, found: Iterable[tuple[str | None, Reading]]) -> None:
        uuids = [uuid for uuid, _ in found if uuid is not None]
        if len(set(uuids)) < len(uuids):
            reason = "Duplicaat uuid kan niet worden ingevoerd voor `partij_identificatoren`."
            self._notes.refuse(name, "duplicated", reason)

    def _theirs(self, name: str, ref: str, found: Iterable[tuple[str | None, Reading]]) -> None:
        """A new object cannot say to which object its parts belong (PAR-09)."""
        if self._verb is Verb.CREATE and any(r.draft.references.get(ref) for _, r in found):
            reason = (
                "Het veld `identificeerde_partij` wordt automatisch ingesteld en dient niet te "
                "worden opgegeven."
            )
            self._notes.refuse(name, "invalid", reason)


def _part(draft: Draft, ref: str) -> Draft:
    """An object as a part of the one that ``ref`` leads to. What it does not refer to here, it does
    not refer to."""
    references = {path: draft.references.get(path, ()) for path, _ in draft.resource.refs()}
    del references[ref]
    return replace(draft, references=references)


def _writable(member: Member) -> bool:
    match member:
        case Field(read_only=True) | Inverse(writable=False):
            return False
        case Derived(rule=rule):
            return rule == "first_reference"
    return True
