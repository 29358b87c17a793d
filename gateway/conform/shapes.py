"""What holds of objects: their attributes, values and references."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from gateway.conform.answer import Obj, values
from gateway.conform.server import Server, bare
from gateway.conform.statement import Seen, judged
from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Group,
    Inverse,
    Kind,
    Member,
    Ref,
    Resource,
    Variants,
)
from gateway.standard.table import RESOURCES, far_side

_FEW: Final = 25
"""Of how many objects the shape is looked at."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")

Misfit = tuple[str, str]
"""A dotted path, and what is wrong there, in Dutch."""


class Shape:
    """How objects are written on a server; ``root``: of its API."""

    def __init__(self, root: str) -> None:
        self._root = root

    def attributes(self, members: Sequence[Member], obj: Any, path: str = "") -> Iterator[Misfit]:
        """Attributes that are lacking, too many or in another order."""
        if not isinstance(obj, Mapping):
            yield path or "object", "geen object"
            return
        shown = [m.name for m in members if not _hidden(m)]
        if list(obj) != shown:
            yield path or "object", _told(shown, obj)
            return
        for member in members:
            at = f"{path}.{member.name}".lstrip(".")
            for inner, value in _inside(member, obj):
                yield from self.attributes(inner, value, at)

    def values(self, members: Sequence[Member], obj: Any, path: str = "") -> Iterator[Misfit]:
        """Values of another type, and references that are none."""
        if not isinstance(obj, Mapping):
            return
        for member in members:
            at = f"{path}.{member.name}".lstrip(".")
            if member.name in obj and not _hidden(member):
                wrong = self._wrong(member, obj[member.name])
                if wrong:
                    yield at, wrong
            for inner, value in _inside(member, obj):
                yield from self.values(inner, value, at)

    def _wrong(self, member: Member, value: Any) -> str:
        match member:
            case Field():
                return "" if _is_kind(member, value) else f"geen {member.kind}"
            case Derived(rule="uuid"):
                return "" if _is_uuid(value) else "geen uuid"
            case Derived(rule="url"):
                fine = isinstance(value, str) and value.startswith(self._root + "/")
                return "" if fine else "geen url van deze API"
            case Derived(rule="volledige_naam"):
                return "" if isinstance(value, str) else "geen tekst"
            case Ref(many=True):
                return self._references(RESOURCES[member.to], member.shows, value)
            case Ref():
                if value is None:
                    return "null" if member.required else ""
                return self._reference(RESOURCES[member.to], member.shows, value)
            case _:
                return ""

    def inverses(self, resource: Resource, obj: Obj) -> Iterator[Misfit]:
        """Lists of references that follow from others, and are none."""
        for member in resource.inverses():
            if member.embed is Embed.REFERENCE and member.name in obj:
                far = far_side(resource, member.name)
                wrong = self._references(far, tuple(member.shows), obj[member.name])
                if wrong:
                    yield member.name, wrong

    def _references(self, to: Resource, shows: Sequence[str], value: Any) -> str:
        if not isinstance(value, list):
            return "geen lijst"
        return next(filter(None, (self._reference(to, shows, one) for one in value)), "")

    def _reference(self, to: Resource, shows: Sequence[str], value: Any) -> str:
        if not isinstance(value, dict) or list(value) != ["uuid", "url", *shows]:
            return "geen verwijzing met " + ", ".join(("uuid", "url", *shows))
        there = f"{self._root}/{to.path}/{value['uuid']}"
        return "" if value["url"] == there else f"de url is niet die van {to.path}"


def _hidden(member: Member) -> bool:
    return isinstance(member, Inverse) and member.embed is Embed.HIDDEN


def _inside(member: Member, obj: Mapping[str, Any]) -> Iterable[tuple[Sequence[Member], Any]]:
    """The objects in an attribute, with their members."""
    value = obj.get(member.name)
    match member:
        case Group():
            return [(member.fields, value)]
        case Variants():
            shape = member.shapes.get(str(obj.get(member.by)))
            return [] if shape is None or value is None else [(shape, value)]
        case Inverse(embed=Embed.OBJECT):
            then = RESOURCES[member.via].member(member.then) if member.then else None
            to = RESOURCES[then.to if isinstance(then, Ref) else member.via]
            return [(to.members, one) for one in value] if isinstance(value, list) else []
        case _:
            return []


def _told(shown: Sequence[str], obj: Mapping[str, Any]) -> str:
    """What is wrong with the attributes of an object; names of its own are not repeated."""
    lacking = [name for name in shown if name not in obj]
    if lacking:
        return f"zonder {', '.join(lacking)}"
    more = len(obj) - len(shown)
    return f"{more} attribuut te veel" if more else "attributen in een andere volgorde"


def _is_kind(spec: Field, value: Any) -> bool:
    if value is None:
        return spec.nullable
    match spec.kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.ENUM:
            return value in spec.choices
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.DATE:
            return isinstance(value, str) and _DATE.fullmatch(value) is not None
        case Kind.DATETIME:
            return isinstance(value, str) and _MOMENT.fullmatch(value) is not None
        case Kind.MAP:
            return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _seen(path: str, misfits: Iterable[Misfit]) -> Iterator[Seen]:
    """One try for an object: right, or each thing that is wrong with it."""
    found = [Seen(f"{path}: {at}", wrong) for at, wrong in dict(misfits).items()]
    yield from found or [Seen(path)]


async def attributes(server: Server) -> AsyncIterator[Seen]:
    shape = Shape(server.root)
    for resource in await server.resources():
        for one in (await server.sample(resource))[:_FEW]:
            for seen in _seen(resource.path, shape.attributes(resource.members, one)):
                yield seen


async def typed(server: Server) -> AsyncIterator[Seen]:
    shape = Shape(server.root)
    for resource in await server.resources():
        for one in (await server.sample(resource))[:_FEW]:
            for seen in _seen(resource.path, shape.values(resource.members, one)):
                yield seen


async def inverses(server: Server) -> AsyncIterator[Seen]:
    shape = Shape(server.root)
    for resource in await server.resources():
        if any(one.embed is Embed.REFERENCE for one in resource.inverses()):
            for obj in (await server.sample(resource))[:_FEW]:
                for seen in _seen(resource.path, shape.inverses(resource, obj)):
                    yield seen


async def singles(server: Server) -> AsyncIterator[Seen]:
    """An object alone is as its list shows it, at the url that it says."""
    for resource in await server.resources():
        for one in (await server.sample(resource))[:3]:
            where = f"{resource.path}/…"
            there = f"{server.root}/{resource.path}/{one['uuid']}"
            yield judged(where, one["url"] == there, "de url is niet die van het object")
            answer = await server.ask(there)
            if answer.status != 200:
                yield Seen(where, wrong=answer.told)
                continue
            alone = answer.object()
            differ = [name for name in one if alone.get(name) != one[name]]
            fine = list(alone) == list(one) and not differ
            yield judged(where, fine, f"anders dan in de lijst: {', '.join(differ) or 'volgorde'}")


async def expand_key(server: Server) -> AsyncIterator[Seen]:
    """``_expand`` stands in lists of what can be expanded, and nowhere else."""
    for resource in await server.resources():
        page = await server.page(resource, {"pageSize": 3})
        for one in page.results:
            fine = one.get("_expand") == {} if resource.expand else "_expand" not in one
            told = "zonder lege _expand" if resource.expand else "met _expand"
            yield judged(resource.path, fine, told)
            alone = (await server.ask(f"{resource.path}/{one['uuid']}")).object()
            yield judged(f"{resource.path}/…", "_expand" not in alone, "met _expand")


async def references(server: Server) -> AsyncIterator[Seen]:
    """What is referred to is there; of what is shown within, it is the same."""
    for resource in await server.resources():
        for member in resource.members:
            if not isinstance(member, Ref | Inverse) or _hidden(member):
                continue
            far = far_side(resource, member.name)
            refs = (values(one, member.name) for one in await server.sample(resource))
            ref = next((found[0] for found in refs if found), None)
            where = f"{resource.path}: {member.name}"
            if not isinstance(ref, dict) or not isinstance(ref.get("uuid"), str):
                yield Seen(where, lacks="geen object dat naar iets verwijst")
                continue
            answer = await server.ask(f"{far.path}/{ref['uuid']}")
            if answer.status == 403:
                yield Seen(where, lacks="dit token mag er niet bij")
                continue
            there = answer.object() if answer.status == 200 else {}
            yield judged(where, there.get("uuid") == ref["uuid"], f"{answer.told} op de verwijzing")
            if isinstance(member, Inverse) and member.embed is Embed.OBJECT:
                yield judged(where, bare(there) == ref, "anders dan het object zelf")


async def kinds(server: Server) -> AsyncIterator[Seen]:
    """What depends on the soort of an object, has the attributes of that soort."""
    shape = Shape(server.root)
    for resource in await server.resources():
        for member in resource.members:
            if not isinstance(member, Variants):
                continue
            for soort in member.shapes:
                where = f"{resource.path}: {soort}"
                answer = await server.ask(resource.path, {member.by: soort, "pageSize": _FEW})
                found = [] if answer.refused else answer.page().results
                full = [one for one in found if one.get(member.name)]
                if not full:
                    yield Seen(where, lacks="geen object van deze soort")
                for one in map(bare, full):
                    for seen in _seen(where, shape.attributes(resource.members, one)):
                        yield seen


async def both_sides(server: Server) -> AsyncIterator[Seen]:
    """What an object refers to, says so too."""
    for resource in await server.resources():
        for inverse in resource.inverses():
            if inverse.embed is Embed.HIDDEN or inverse.then:
                continue
            where = f"{resource.path}: {inverse.name}"
            via = await server.sample(RESOURCES[inverse.via])
            one = next((o for o in via if values(o, f"{inverse.ref}.uuid")), None)
            if one is None:
                yield Seen(where, lacks="geen object dat naar iets verwijst")
                continue
            answer = await server.ask(f"{resource.path}/{one[inverse.ref]['uuid']}")
            if answer.status == 403:
                yield Seen(where, lacks="dit token mag er niet bij")
                continue
            found = values(answer.object(), f"{inverse.name}.uuid")
            yield judged(where, one["uuid"] in found, "noemt niet wat ernaar verwijst")
