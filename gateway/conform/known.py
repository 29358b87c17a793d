"""What a server holds that a filter can be tried with: an object, and a value that finds it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from gateway.conform.answer import Obj, values
from gateway.conform.server import Server
from gateway.standard.model import Embed, Filter, Inverse, Op, Reads, Resource
from gateway.standard.table import RESOURCES, far_side
from gateway.standard.values import uuid_of

_MOST: Final = 12
"""How many objects are looked at for one with a value, where each may cost a request."""

_FOLLOWED: Final = 25
"""How many references of an object are followed to see whether it meets a filter."""

_ABOUT: Final = "onderwerpobjectidentificator.objectId"
_UNHEARD: Final = re.compile(r"adresregel\d$")

Place = tuple[Resource, Obj]
"""An object, and of which resource it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """``text``: a value of a filter; ``uuid``: an object that meets it."""

    text: str
    uuid: str


def is_unheard(spec: Filter) -> bool:
    """Whether a register may take a parameter and not filter by it: Open Klant 2.18 knows those of
    the lines of an address by names that its objects do not have."""
    return _UNHEARD.search(spec.attribute) is not None


async def known(server: Server, resource: Resource, spec: Filter) -> Known | None:
    """A value of a filter with an object that meets it; ``None`` where the sample has none."""
    async for uuid, (_, owner) in _owners(server, resource, spec.hops):
        for value in _held(owner, spec):
            text = _asked(spec, value)
            if text is not None:
                return Known(text, uuid)
    return None


async def meets(
    server: Server, resource: Resource, spec: Filter, text: str, obj: Obj
) -> bool | None:
    """Whether an object has what a filter asks; ``None`` where that cannot be seen."""
    if spec.hops and _hidden(resource, spec.hops[0]):
        return None
    # Of a relation that leads nowhere a server may say both that nothing is there, and nothing.
    every = not (spec.op is Op.EXISTS and spec.hops and text.lower() == "false")
    async for place in _along(server, (resource, obj), spec.hops, most=_FOLLOWED):
        if place is None:
            every = False
        elif any(_matches(spec, text, value) for value in _held(place[1], spec)):
            return True
    return False if every else None


async def named(server: Server, resource: Resource, spec: Filter, obj: Obj) -> list[str]:
    """What an object has where a filter looks at what it is about, which may have several names: a
    zaak is called by its uuid and by its number. Of other filters nothing."""
    if spec.attribute != _ABOUT or (spec.hops and _hidden(resource, spec.hops[0])):
        return []
    found = _along(server, (resource, obj), spec.hops, most=_FOLLOWED)
    owners = [place[1] async for place in found if place is not None]
    return [str(value) for owner in owners for value in _held(owner, spec)]


async def _owners(
    server: Server, resource: Resource, hops: Sequence[str]
) -> AsyncIterator[tuple[str, Place]]:
    """Objects at the end of a filter's path, each with the uuid of the object where it begins."""
    if hops and _hidden(resource, hops[0]):
        member = resource.member(hops[0])
        assert isinstance(member, Inverse)
        via = RESOURCES[member.via]
        for one in (await server.sample(via))[:_MOST]:
            rest = (member.then, *hops[1:]) if member.then else hops[1:]
            for uuid in values(one, f"{member.ref}.uuid")[:1]:
                async for place in _along(server, (via, one), rest):
                    if place is not None:
                        yield str(uuid), place
        return
    objects = await server.sample(resource)
    for one in objects if not hops else _with(objects, hops[0])[:_MOST]:
        async for place in _along(server, (resource, one), hops):
            if place is not None:
                yield one["uuid"], place


def _with(objects: Iterable[Obj], relation: str) -> list[Obj]:
    return [one for one in objects if values(one, relation)]


async def _along(
    server: Server, place: Place, hops: Sequence[str], most: int = 3
) -> AsyncIterator[Place | None]:
    """The objects that a path leads to from an object, at each step as many as ``most``; ``None``
    where there are more, or one is not shown."""
    if not hops:
        yield place
        return
    resource, obj = place
    member, far = resource.member(hops[0]), far_side(resource, hops[0])
    refs = values(obj, hops[0])
    if _hidden(resource, hops[0]) or len(refs) > most:
        yield None
    for ref in refs[:most]:
        if not isinstance(ref, dict) or not isinstance(ref.get("uuid"), str):
            continue
        within = isinstance(member, Inverse) and member.embed is Embed.OBJECT
        there = ref if within else await server.one(far.path, ref["uuid"])
        if there is None:
            yield None
        else:
            async for found in _along(server, (far, there), hops[1:], most):
                yield found


def _hidden(resource: Resource, relation: str) -> bool:
    member = resource.member(relation)
    return isinstance(member, Inverse) and member.embed is Embed.HIDDEN


def _held(owner: Obj, spec: Filter) -> list[Any]:
    """The values of an attribute that a filter looks at; for whether there is something: that."""
    if spec.op in (Op.EXISTS, Op.PRESENT):
        return [bool(values(owner, spec.attribute))]
    return values(owner, spec.attribute)


def _asked(spec: Filter, value: Any) -> str | None:
    """The text of a parameter that finds this value; ``None`` where there is none."""
    match spec.reads:
        case Reads.BOOLEAN:
            return str(value).lower() if isinstance(value, bool) else None
        case Reads.URL:
            return f"https://conform.example/{value}"
        case Reads.DATE:
            days = {Op.GT: -1, Op.LT: 1}.get(spec.op, 0)
            return str(date.fromisoformat(value) + timedelta(days))
        case Reads.LIST if "," in str(value):
            return None
    text = str(value)
    # A parameter is trimmed, and an empty one is none.
    return text if text.strip() == text and text and "\0" not in text else None


def _matches(spec: Filter, text: str, value: Any) -> bool:
    """Whether a value is what a filter with this text asks."""
    if isinstance(value, bool) or spec.reads is Reads.BOOLEAN:
        return str(value).lower() == text.lower()
    if value is None:
        return False
    held = str(value)
    match spec.op:
        case Op.CONTAINS:
            return text.casefold() in held.casefold()
        case Op.IN:
            return held in text.split(",")
        case Op.GT:
            return held > text
        case Op.GTE:
            return held >= text
        case Op.LT:
            return held < text
        case Op.LTE:
            return held <= text
    match spec.reads:
        case Reads.UUID:
            return held == uuid_of(text)
        case Reads.URL:
            return held == uuid_of(text.rstrip("/").rpartition("/")[2])
        case Reads.DATETIME:
            return datetime.fromisoformat(held) == datetime.fromisoformat(text)
    return held == text
