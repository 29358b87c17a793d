"""The register written a second time, as plain loops over plain objects in memory.

It reads records with the mapping (``Stream.value``, ``where``, ``when``), and from there knows
nothing of planner, conditions or sources: what it answers is what the gateway has to answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from adapters.conditions import Record, matches
from gateway.identity import Identity
from gateway.mapping.stream import NativeKey, Stream
from gateway.standard.model import Filter, Inverse, Kind, Op, Ref, Resource
from gateway.standard.table import RESOURCES
from tests.support.brief import Brief

Rows = Mapping[str, Sequence[Record]]
"""Per collection its records."""

Pointer = tuple[str, str, str, str]
"""Source, resource, stream and key of the object that a reference names."""


@dataclass(eq=False)
class Thing(Brief):
    """One object of the standard: plain values by dotted path, and what it refers to."""

    stream: Stream
    key: NativeKey
    uuid: str
    values: Mapping[str, Any]
    moments: tuple[str, str]
    pointers: Mapping[str, Sequence[Pointer]]
    given: Mapping[str, Any]
    addresses: Mapping[str, str] = field(default_factory=dict)
    """By reference the address by which it leads to whose that is."""
    refs: dict[str, list[Thing]] = field(default_factory=dict)
    parts: Sequence[Thing] = ()
    """Of a partij that is known more than once: all that is known of it, by precedence."""

    @property
    def resource(self) -> str:
        return self.stream.resource.path

    @property
    def uuids(self) -> set[str]:
        """All that it is known by."""
        return {self.uuid, *(part.uuid for part in self.parts)}

    @property
    def pointer(self) -> Pointer:
        return (self.stream.source, self.resource, self.stream.name, str(self.key[0]))

    def __repr__(self) -> str:
        return f"<{self.stream} {'/'.join(map(str, self.key))}>"


@dataclass(frozen=True, slots=True)
class Wish(Brief):
    """One filter parameter: as a client writes it, and the value that it means.

    ``value`` is ``IGNORED`` where the text asks nothing, ``None`` where nothing can meet it.
    """

    spec: Filter
    text: str
    value: Any

    def __repr__(self) -> str:
        return f"{self.spec.param}={self.text!r}"


class Ignored:
    """The value of a parameter that was left empty."""

    def __repr__(self) -> str:
        return "IGNORED"


IGNORED = Ignored()


class World:
    """All objects that the records of some sources give.

    ``shown`` is every list, unfiltered and in order; ``hidden`` are objects that a record gives,
    but that are not shown.
    """

    def __init__(
        self,
        streams: Iterable[Stream],
        identity: Identity,
        sources: Mapping[str, Rows],
        same_by: Sequence[str] = (),
    ) -> None:
        there = [t for s in streams for t in _things(s, identity, sources[s.source][s.collection])]
        shown = _closed(there)
        found = {t.pointer: t for t in shown if len(t.key) == 1}
        for thing in there:
            for path, pointers in thing.pointers.items():
                thing.refs[path] = [found[p] for p in pointers if p in found]
        visible = set(shown)
        self.hidden = [t for t in there if t not in visible]
        self.shown: dict[str, list[Thing]] = {path: [] for path in RESOURCES}
        for thing in shown:
            self.shown[thing.resource].append(thing)
        self._inverse: dict[tuple[str, str], dict[int, list[Thing]]] = {}
        self._addresses = list(self.shown["digitaleadressen"])
        if same_by:
            self._unite(list(sources), same_by)
        self._lead_by_address()
        for things in self.shown.values():
            _newest_first(things)
        self._preferred = {id(p): self._preference(p) for p in self.shown["partijen"]}
        added = [one for p in self.shown["partijen"] for one in self._added(p)]
        for thing, path, value in added:
            thing.values = {**thing.values, path: value}

    def _unite(self, sources: Sequence[str], same_by: Sequence[str]) -> None:
        """Make one partij of those that have an identificator in common."""
        groups: list[list[Thing]] = []
        for partij in self.shown["partijen"]:
            known = _links(partij, self.related(partij, "partijIdentificatoren"), same_by)
            near = [
                g
                for g in groups
                if any(
                    known & _links(t, self.related(t, "partijIdentificatoren"), same_by) for t in g
                )
            ]
            groups = [g for g in groups if g not in near]
            groups.append([partij, *(t for g in near for t in g)])
        one: dict[int, Thing] = {}
        for group in groups:
            if len(group) > 1:
                whole = _whole(group, sources)
                one |= {id(t): whole for t in group}
        for thing in [t for things in self.shown.values() for t in things] + [
            *{id(w): w for w in one.values()}.values()
        ]:
            for path, things in thing.refs.items():
                thing.refs[path] = [one.get(id(t), t) for t in things]
        whole_list = [one.get(id(t), t) for t in self.shown["partijen"]]
        self.shown["partijen"] = list({id(t): t for t in whole_list}.values())
        for path in _OWNER:
            self.shown[path] = _without_doubles(self.shown[path])
        self._inverse = {}

    def _lead_by_address(self) -> None:
        """Let what only has an address refer to the one partij that has it, if it is one."""
        owners: dict[str, dict[int, Thing]] = {}
        for one in self._addresses:
            if one.values["soortDigitaalAdres"] == "email":
                for partij in one.refs.get("verstrektDoorPartij", []):
                    owners.setdefault(one.values["adres"].lower(), {})[id(partij)] = partij
        for things in self.shown.values():
            for thing in things:
                for path, address in thing.addresses.items():
                    found = [*owners.get(address.lower(), {}).values()]
                    thing.refs[path] = found if len(found) == 1 else []

    def related(self, thing: Thing, relation: str) -> list[Thing]:
        """What a relation of an object leads to; for an inverse one in the order it is shown."""
        member = RESOURCES[thing.resource].member(relation)
        if relation == "voorkeursDigitaalAdres":
            return self._preferred[id(thing)]
        if isinstance(member, Ref):
            return thing.refs.get(relation, [])
        assert isinstance(member, Inverse), relation
        place = (thing.resource, relation)
        if place not in self._inverse:
            self._inverse[place] = self._holders(member)
        return self._inverse[place].get(id(thing), [])

    def _preference(self, partij: Thing) -> list[Thing]:
        """What it refers to, else what is marked for portals, else its standard address."""
        have = self.related(partij, "digitaleAdressen")
        for thing in partij.refs.get("voorkeursDigitaalAdres", []):
            return [thing] if thing in have else [t for t in have if _same(t) == _same(thing)][:1]
        marked = [t for t in have if self._said(partij, t, "referentie", "portaalvoorkeur")]
        standard = [t for t in have if self._said(partij, t, "isStandaardAdres", True)]
        standard.sort(key=lambda t: t.values["soortDigitaalAdres"] != "email")
        return [*marked, *standard][:1]

    def _added(self, partij: Thing) -> Iterator[tuple[Thing, str, Any]]:
        """What its addresses show because another way of preferring says so: of each soort the one
        it refers to, else the one for portals, else the standard one."""
        all_ = self.related(partij, "digitaleAdressen")
        referred = partij.refs.get("voorkeursDigitaalAdres", [])
        for soort in {t.values["soortDigitaalAdres"] for t in all_}:
            have = [t for t in all_ if t.values["soortDigitaalAdres"] == soort]
            pointed = [t for t in have if any(a in referred for a in self._alike(partij, t))]
            marked = [t for t in have if self._said(partij, t, "referentie", "portaalvoorkeur")]
            standard = [t for t in have if self._said(partij, t, "isStandaardAdres", True)]
            choice = (pointed + marked + standard)[:1]
            for thing in standard or choice:
                yield thing, "isStandaardAdres", True
            for thing in marked or choice:
                if thing.values["referentie"] in ("", None):
                    yield thing, "referentie", "portaalvoorkeur"

    def _said(self, partij: Thing, thing: Thing, path: str, value: Any) -> bool:
        return any(t.values[path] == value for t in self._alike(partij, thing))

    def _alike(self, partij: Thing, thing: Thing) -> list[Thing]:
        """An address with its doubles in other records of the same partij."""
        if not partij.parts:
            return [thing]
        return [
            t
            for t in self._addresses
            if partij in t.refs.get("verstrektDoorPartij", []) and _same(t) == _same(thing)
        ]

    def _holders(self, inverse: Inverse) -> dict[int, list[Thing]]:
        lists: dict[int, list[Thing]] = {}
        for holder in _oldest_first(self.shown[inverse.via]):
            for thing in holder.refs.get(inverse.ref, []):
                found = lists.setdefault(id(thing), [])
                if inverse.then:
                    found += [b for b in holder.refs.get(inverse.then, []) if b not in found]
                else:
                    found.append(holder)
        for found in lists.values():
            owners = [o for t in found for o in t.refs.get(inverse.ref, []) if o.parts]
            if owners:
                found.sort(key=lambda t: _rank(t, owners[0]))
        return lists

    def answer(self, resource: Resource, wishes: Iterable[Wish]) -> list[Thing]:
        """The objects that meet all wishes, in the order of the list."""
        asked = [w for w in wishes if w.value is not IGNORED]
        return [t for t in self.shown[resource.path] if self._meets(t, asked)]

    def _meets(self, thing: Thing, wishes: Sequence[Wish]) -> bool:
        own = [w for w in wishes if not w.spec.hops and w.spec.op is not Op.EXISTS]
        none = [w for w in wishes if w.spec.op is Op.EXISTS and not w.value]
        shared = [w for w in wishes if w not in own and w not in none]
        return (
            all(_holds(thing, w) for w in own)
            and not any(self._leads(thing, [(_path(w), None)]) for w in none)
            and all(
                self._leads(thing, [(_path(w), w) for w in shared if w.spec.prefix == prefix])
                for prefix in {w.spec.prefix for w in shared}
            )
        )

    def _leads(self, thing: Thing, ways: Sequence[tuple[tuple[str, ...], Wish | None]]) -> bool:
        """Whether one choice of related objects, one along each path, meets all wishes."""
        here = [w for path, w in ways if not path and w and w.spec.op is not Op.EXISTS]
        return all(_holds(thing, w) for w in here) and all(
            any(
                self._leads(far, [(path[1:], w) for path, w in ways if path[:1] == (step,)])
                for far in self.related(thing, step)
            )
            for step in {path[0] for path, _ in ways if path}
        )

    def far(self, resource: Resource, hops: Iterable[str]) -> str:
        """The resource that a path of relations ends at."""
        for hop in hops:
            member = resource.member(hop)
            if isinstance(member, Inverse):
                resource = RESOURCES[member.via]
                if member.then:
                    resource = RESOURCES[_target(resource, member.then)]
            else:
                resource = RESOURCES[_target(resource, hop)]
        return resource.path


def _path(wish: Wish) -> tuple[str, ...]:
    """The relations that a wish walks; an *exists* walks its own attribute too."""
    extra = (wish.spec.attribute,) if wish.spec.op is Op.EXISTS else ()
    return (*wish.spec.hops, *extra)


def _target(resource: Resource, name: str) -> str:
    member = resource.member(name)
    assert isinstance(member, Ref), name
    return member.to


def _holds(thing: Thing, wish: Wish) -> bool:
    """Whether one attribute of an object has the value that is asked for."""
    attribute, wanted = wish.spec.attribute, wish.value
    if attribute == "uuid":
        return wanted in thing.uuids
    have = thing.values[attribute]
    empty = have is None or have == ""
    match wish.spec.op:
        case Op.PRESENT:
            return empty is not wanted
        case Op.EQ:
            return not empty and type(have) is type(wanted) and have == wanted
        case Op.IN:
            return not empty and have in wanted
        case Op.CONTAINS:
            return not empty and wanted.lower() in have.lower()
        case op:
            if empty:
                return False
            a, b = date.fromisoformat(have), date.fromisoformat(wanted)
            return {Op.GT: a > b, Op.GTE: a >= b, Op.LT: a < b, Op.LTE: a <= b}[op]


# --- from records to objects --------------------------------------------------------------------


def _things(stream: Stream, identity: Identity, records: Iterable[Record]) -> Iterator[Thing]:
    for record in records:
        if not matches(stream.where, record):
            continue
        key = stream.native_key(record)
        values = dict(_values(stream, record))
        order = stream.resource.order
        yield Thing(
            stream,
            key,
            identity.encode(stream, key),
            values,
            (_moment(values[order] if order else None), _moment(stream.created.read(record))),
            _pointers(stream, record),
            {path: a.given(record) for path, a in stream.attributes.items()}
            | {path: a.read(record) or None for path, a in stream.presence.items()},
            {e.path: str(record[e.field]) for e in stream.edges if e.shared and record[e.field]},
        )


def _values(stream: Stream, record: Record) -> Iterator[tuple[str, Any]]:
    for path, spec in stream.resource.fields():
        yield path, spec.default if isinstance(spec.default, str | bool) else None
    for path, attribute in stream.attributes.items():
        value = stream.value(path, attribute, record)
        if attribute.field.kind is Kind.MAP and "." not in path:
            yield from (
                (f"{path}.{name}", text) for name, text in json.loads(value or "{}").items()
            )
        else:
            yield path, value
    for path, attribute in stream.presence.items():
        yield path, stream.value(path, attribute, record)


def _pointers(stream: Stream, record: Record) -> dict[str, list[Pointer]]:
    pointers: dict[str, list[Pointer]] = {edge.path: [] for edge in stream.edges}
    for edge in stream.edges:
        if edge.shared:
            continue
        value = record[edge.field]
        if value is not None and str(value).strip(" ") and matches(edge.when, record):
            pointers[edge.path].append((stream.source, *edge.target, str(value)))
    return pointers


def _closed(things: Iterable[Thing]) -> list[Thing]:
    """The objects that are shown: a required reference has to lead to one that is, or if it only
    counts when there is one, to nothing."""
    shown = {id(t): t for t in things}
    while True:
        there = {t.pointer for t in shown.values() if len(t.key) == 1}
        gone = [
            t
            for t in shown.values()
            for path, required in {(e.path, e.required) for e in t.stream.edges if e.required}
            if not any(p in there for p in t.pointers[path])
            if t.pointers[path] or required != "given"
        ]
        if not gone:
            return list(shown.values())
        for thing in gone:
            shown.pop(id(thing), None)


# --- partijen that are known more than once -------------------------------------------------------

_KIND, _VALUE = "partijIdentificator.codeSoortObjectId", "partijIdentificator.objectId"


def _links(partij: Thing, identificatoren: Iterable[Thing], same_by: Sequence[str]) -> set[object]:
    pairs = {(i.values[_KIND], i.values[_VALUE]) for i in identificatoren}
    pairs = {(kind, value) for kind, value in pairs if kind in same_by and value}
    own = {pair for pair in pairs if pair[0] == "vestigingsnummer"}
    return {(partij.values["soortPartij"], *pair) for pair in own or pairs}


def _whole(group: Sequence[Thing], sources: Sequence[str]) -> Thing:
    """One partij: by precedence of the sources, within one the newest first."""
    parts = sorted(group, key=lambda t: (*t.moments, t.key), reverse=True)
    parts.sort(key=lambda t: sources.index(t.stream.source))
    first = parts[0]
    giver: dict[str, Thing] = {}
    for path in [*first.values, *(path for t in parts for path in t.pointers)]:
        unit = path.partition(".")[0]
        giver[unit] = next((t for t in parts if _gives(t, unit)), first)
    values = {path: giver[path.partition(".")[0]].values[path] for path in first.values}
    paths = dict.fromkeys(path for t in parts for path in t.refs)
    refs = {path: next((t.refs[path] for t in parts if t.refs.get(path)), []) for path in paths}
    return Thing(
        first.stream, first.key, first.uuid, values, first.moments, {}, {}, {}, refs, tuple(parts)
    )


def _gives(thing: Thing, unit: str) -> bool:
    mine = [v for path, v in thing.given.items() if path.partition(".")[0] == unit]
    pointed = [p for path, p in thing.pointers.items() if path.partition(".")[0] == unit]
    return any(v not in (None, "") for v in mine) or any(pointed)


_OWNER = {
    "partij-identificatoren": "identificeerdePartij",
    "digitaleadressen": "verstrektDoorPartij",
}


def _without_doubles(things: Sequence[Thing]) -> list[Thing]:
    """Of the same identificator or address of one partij only the first by precedence."""
    best: dict[object, Thing] = {}
    for thing in things:
        owner = next(iter(thing.refs.get(_OWNER.get(thing.resource, ""), [])), None)
        key: object = id(thing)
        if owner is not None and owner.parts:
            key = (id(owner), _same(thing))
            if key in best and _rank(best[key], owner) < _rank(thing, owner):
                continue
        best[key] = thing
    kept = {id(t) for t in best.values()}
    return [t for t in things if id(t) in kept]


def _rank(thing: Thing, owner: Thing) -> tuple[Any, ...]:
    pointers = [p for ps in thing.pointers.values() for p in ps]
    places = [n for n, part in enumerate(owner.parts) if part.pointer in pointers]
    return (min(places, default=0), thing.stream.number, thing.moments, thing.key)


def _same(thing: Thing) -> object:
    if thing.pointers.get("verstrektDoorBetrokkene"):
        return id(thing)
    if thing.resource == "partij-identificatoren":
        return (thing.values[_KIND], thing.values[_VALUE])
    soort, adres = thing.values["soortDigitaalAdres"], thing.values["adres"].strip()
    if soort == "email":
        adres = adres.casefold()
    if soort == "telefoonnummer":
        adres = "".join(c for c in adres if c in "+0123456789")
        for abroad in ("+31", "0031"):
            if adres.startswith(abroad):
                adres = "0" + adres[len(abroad) :].removeprefix("0")
                break
    return (soort, adres)


def _moment(text: Any) -> str:
    """A moment in a form that orders as text; an absent one comes before all others."""
    return datetime.fromisoformat(text).isoformat(timespec="microseconds") if text else ""


def _newest_first(things: list[Thing]) -> None:
    """By moment; of equal moments the first stream, and within it the highest key."""
    streams = list(dict.fromkeys(t.stream for t in things))
    things.sort(key=lambda t: (streams.index(t.stream), t.key), reverse=True)
    things.sort(key=lambda t: streams.index(t.stream))
    things.sort(key=lambda t: t.moments, reverse=True)


def _oldest_first(things: Iterable[Thing]) -> list[Thing]:
    return sorted(things, key=lambda t: (t.stream.number, t.moments, t.key))
