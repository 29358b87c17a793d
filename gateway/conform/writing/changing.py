"""What holds of objects that are changed and removed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    NOT_KEPT,
    Body,
    at,
    body_of,
    can_make,
    make,
    makeable,
    post,
    ref,
    remove,
    value_of,
    verb,
)
from gateway.conform.writing.right import is_free
from gateway.standard import errors
from gateway.standard.model import Field, Gone, Group, Kind, Ref, Resource
from gateway.standard.table import RESOURCES

_CANNOT: Final = "kan de server niet"


async def changes(server: Server) -> AsyncIterator[Seen]:
    """PATCH changes what it names and nothing else."""
    async for resource in makeable(server):
        where = verb(resource, "PATCH")
        if not await server.allows(resource, "PATCH"):
            yield Seen(where, lacks=_CANNOT)
            continue
        one = await make(server, resource)
        there = at(resource.path, one)
        answer = await server.ask(there, method="PATCH", body={})
        same = answer.status == 200 and answer.object() == one
        yield judged(where, same, "een lege PATCH wijzigt iets")
        for change in _other(resource):
            answer = await server.ask(there, method="PATCH", body=change)
            if answer.not_kept:
                yield Seen(where, lacks=NOT_KEPT)
                continue
            fine = answer.status == 200 and answer.object() == {**one, **change}
            yield judged(where, fine, f"{answer.told}, of wijzigt meer")


def _other(resource: Resource) -> Iterator[Body]:
    """Something to change, if there is anything."""
    for member in resource.members:
        if isinstance(member, Field) and is_free(member):
            yield {member.name: "anders"}
            return
    for member in resource.members:
        if isinstance(member, Field) and member.kind is Kind.DATE:
            yield {member.name: "2030-01-01"}
            return
    if resource.member("bic"):
        yield {"bic": "INGBNL2A"}


async def replaces(server: Server) -> AsyncIterator[Seen]:
    """PUT needs all that is required, and leaves what it does not name but for what it resets."""
    async for resource in makeable(server):
        where = verb(resource, "PUT")
        if not await server.allows(resource, "PUT"):
            yield Seen(where, lacks=_CANNOT)
            continue
        needed = await body_of(server, resource)
        answer = await post(server, resource.path, {**needed, **_more(resource)})
        if answer.not_kept:
            answer = await post(server, resource.path, needed)
        one = answer.object()
        there = at(resource.path, one)
        # That an address is of nobody has to be said only when it is made.
        required = [name for name in needed if _is_required(resource, name)]
        answer = await server.ask(there, method="PUT", body={})
        if required:
            lacking = [name for name in required if (name, "required") not in answer.codes]
            yield judged(where, not lacking, f"{answer.told} zonder {', '.join(lacking)}")
        answer = await server.ask(there, method="PUT", body=needed)
        resets = {m.name: m.default for m in resource.members if isinstance(m, Field) and m.resets}
        fine = answer.status == 200 and answer.object() == {**one, **resets}
        yield judged(where, fine, f"{answer.told}, of laat niet wat niet genoemd is")


def _is_required(resource: Resource, name: str) -> bool:
    member = resource.member(name)
    return isinstance(member, Field | Group | Ref) and member.required


def _more(resource: Resource) -> Body:
    """What a body need not say, that a PUT without it leaves or resets."""
    found = {
        member.name: value_of(member)
        for member in resource.members
        if isinstance(member, Field) and is_free(member) and not member.required
    }
    resets = [m.name for m in resource.members if isinstance(m, Field) and m.resets]
    return {**found, **dict.fromkeys(resets, True)}


async def groups(server: Server) -> AsyncIterator[Seen]:
    """A group is replaced as a whole, and emptied by null."""
    async for resource in makeable(server):
        where = verb(resource, "PATCH")
        for group in resource.members:
            if not isinstance(group, Group) or group.required:
                continue
            if not await server.allows(resource, "PATCH"):
                yield Seen(where, lacks=_CANNOT)
                continue
            first, *_, last = (f for f in group.fields if is_free(f) or f.nature)
            said = {last.name: value_of(last)}
            before = {group.name: {first.name: value_of(first)}}
            body = {**await body_of(server, resource), **before}
            answer = await post(server, resource.path, body)
            if not answer.not_kept:
                there = at(resource.path, answer.object())
                answer = await server.ask(there, method="PATCH", body={group.name: said})
            if answer.not_kept:
                yield Seen(f"{where}: {group.name}", lacks=NOT_KEPT)
                continue
            nothing: Body = {field.name: field.default for field in group.fields}
            fine = answer.status == 200 and answer.object()[group.name] == nothing | said
            yield judged(
                f"{where}: {group.name}", fine, f"{answer.told}, of laat er iets van staan"
            )
            answer = await server.ask(there, method="PATCH", body={group.name: None})
            fine = answer.status == 200 and answer.object()[group.name] == nothing
            yield judged(f"{where}: {group.name}", fine, f"{answer.told}, of is na null niet leeg")


async def removes(server: Server) -> AsyncIterator[Seen]:
    async for resource in makeable(server):
        where = verb(resource, "DELETE")
        one = await make(server, resource)
        there = f"{resource.path}/{one['uuid']}"
        answer = await server.ask(there, method="DELETE")
        fine = answer.status == 204 and not answer.response.content
        yield judged(where, fine, f"{answer.told} in plaats van 204 zonder inhoud")
        for method in ("GET", "DELETE"):
            again = await server.ask(there, method=method)
            yield Seen(where, again.unlike(errors.NOT_FOUND))


async def takes_along(server: Server) -> AsyncIterator[Seen]:
    """What cannot be without an object is removed with it; what can, refers to nothing then."""
    async for resource in makeable(server):
        for member in resource.members:
            if not isinstance(member, Ref) or member.many or member.name in _PREFERRED:
                continue
            to = RESOURCES[member.to]
            if member.gone is Gone.REFUSED or not await can_make(server, to):
                continue
            where = f"DELETE {to.path}: {resource.path}"
            far = await make(server, to)
            body = {**await body_of(server, resource), member.name: ref(far)}
            answer = await post(server, resource.path, body)
            if answer.not_kept:
                yield Seen(where, lacks=NOT_KEPT)
                continue
            one = answer.object()
            await server.ask(at(to.path, far), method="DELETE")
            left = await server.ask(at(resource.path, one))
            if member.gone is Gone.DELETED:
                yield judged(where, left.status == 404, f"{left.told} op wat ervan was")
            else:
                fine = left.status == 200 and left.object()[member.name] is None
                yield judged(where, fine, f"{left.told}, of verwijst nog")


_PREFERRED: Final = frozenset({"voorkeursDigitaalAdres", "voorkeursRekeningnummer"})
"""References to what is of the object itself."""


async def cleaned(server: Server) -> AsyncIterator[Seen]:
    """What was made here is gone again."""
    yield Seen("wat gemaakt is")
    for path, uuid in await remove(server):
        yield Seen(f"{path}/{uuid}", wrong="is er nog; verwijder het zelf")
