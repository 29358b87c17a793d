"""What holds of objects that refer to each other: they say so on both sides, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from secrets import randbelow
from typing import Final

from gateway.conform.answer import Obj, values
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    NOT_KEPT,
    at,
    body_of,
    can_make,
    make,
    makeable,
    post,
    ref,
    refusal,
    verb,
)
from gateway.standard.model import Embed, Field, Inverse, Ref, Resource
from gateway.standard.table import RESOURCES

_PAIRS: Final = {
    "actorklantcontacten": ("actor", "klantcontact"),
    "vertegenwoordigingen": ("vertegenwoordigendePartij", "vertegenwoordigdePartij"),
}
"""References that are together those of one object."""


async def both_sides(server: Server) -> AsyncIterator[Seen]:
    """What refers to an object stands in it."""
    async for resource in makeable(server):
        one = await make(server, resource)
        for inverse in resource.inverses():
            if inverse.embed is Embed.HIDDEN:
                continue
            where = f"{resource.path}: {inverse.name}"
            via = RESOURCES[inverse.via]
            if not await can_make(server, via):
                yield Seen(where, lacks="de server kan dit niet maken en weghalen")
                continue
            body = {**await body_of(server, via), inverse.ref: ref(one)}
            answer = await post(server, via.path, body)
            if answer.not_kept:
                yield Seen(where, lacks=NOT_KEPT)
                continue
            far = answer.object()
            wanted = far[inverse.then]["uuid"] if inverse.then else far["uuid"]
            found = values((await server.ask(at(resource.path, one))).object(), inverse.name)
            fine = [other.get("uuid") for other in found] == [wanted]
            fine = fine and all({*inverse.shows} <= {*other} for other in found)
            yield judged(where, fine, "noemt niet wat ernaar verwijst")


async def unique(server: Server) -> AsyncIterator[Seen]:
    """A number is that of one object, and a link between two is made once, and with another."""
    async for resource in makeable(server):
        for member in resource.members:
            if isinstance(member, Field) and member.unique:
                number = {member.name: str(10**9 + randbelow(10**9))}
                body = await body_of(server, resource)
                answer = await post(server, resource.path, {**body, **number})
                where = f"{verb(resource)}: {member.name}"
                if answer.not_kept:
                    yield Seen(where, lacks=NOT_KEPT)
                    continue
                answer.object()
                body = await body_of(server, resource)
                again = await post(server, resource.path, {**body, **number})
                yield refusal(where, again, member.name, "unique")
        if resource.path in _PAIRS:
            one = await make(server, resource)
            async for seen in _linked(server, resource, one):
                yield seen


async def _linked(server: Server, resource: Resource, one: Obj) -> AsyncIterator[Seen]:
    first, second = _PAIRS[resource.path]
    body = {first: ref(one[first]), second: ref(one[second])}
    again = await post(server, resource.path, body)
    yield refusal(f"{verb(resource)}: nog eens", again, "nonFieldErrors", "unique")
    if await server.allows(resource, "PUT"):
        answer = await server.ask(at(resource.path, one), method="PUT", body=body)
        yield judged(verb(resource, "PUT"), answer.status == 200, f"{answer.told} op hetzelfde")
    refs = {m.name: m.to for m in resource.members if isinstance(m, Ref)}
    if refs[first] == refs[second]:
        answer = await post(server, resource.path, {first: body[second], second: body[first]})
        yield judged(f"{verb(resource)}: andersom", answer.status == 201, answer.told)
        answer = await post(server, resource.path, {first: body[first], second: body[first]})
        yield refusal(f"{verb(resource)}: met zichzelf", answer, second)


async def expanded_empty(server: Server) -> AsyncIterator[Seen]:
    """Of nothing, a list is empty when it is expanded, and one is null."""
    async for resource in makeable(server):
        one = await make(server, resource)
        for path in resource.expand:
            if "." in path:
                async for seen in _deeper(server, resource, one, path):
                    yield seen
                continue
            if values(one, path):
                continue
            there = at(resource.path, one)
            found = (await server.ask(there, {"expand": path})).object().get("_expand")
            empty: list[Obj] | None = [] if isinstance(resource.member(path), Inverse) else None
            where = f"{resource.path}: {path}"
            yield judged(where, found == {path: empty}, "is uitgeklapt niet leeg")


async def _deeper(server: Server, resource: Resource, one: Obj, path: str) -> AsyncIterator[Seen]:
    """The same of what refers to an object, with a path of two steps."""
    first, _, second = path.partition(".")
    inverse = resource.member(first)
    if "." in second or not isinstance(inverse, Inverse):
        return
    via = RESOURCES[inverse.via]
    if not await can_make(server, via):
        return
    far = await make(server, via, {**await body_of(server, via), inverse.ref: ref(one)})
    if values(far, second):
        return
    chain = {"expand": f"{first},{path}"}
    answer = await server.ask(at(resource.path, one), chain)
    found = [inner.get("_expand") for inner in values(answer.object(), f"_expand.{first}")]
    empty: list[Obj] | None = [] if isinstance(via.member(second), Inverse) else None
    fine = bool(found) and {second: empty} in found
    yield judged(f"{resource.path}: {path}", fine, "is uitgeklapt niet leeg")
