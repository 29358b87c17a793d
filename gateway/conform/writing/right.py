"""What holds of objects that are made as it should be: they are there, and as the body says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from gateway.conform.answer import Answer, Obj
from gateway.conform.server import Server
from gateway.conform.shapes import Shape
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    NOT_KEPT,
    Body,
    body_of,
    make,
    makeable,
    post,
    verb,
)
from gateway.standard.model import Embed, Field, Fill, Group, Inverse, Kind, Ref, Resource, Variants

_SOON: Final = timedelta(minutes=2)
"""How far the clock of a server may be from the one here."""


async def creates(server: Server) -> AsyncIterator[Seen]:
    """With what it needs: made, complete, at the address that is told, and there."""
    async for resource in makeable(server):
        where = verb(resource)
        answer = await post(server, resource.path, await body_of(server, resource))
        if answer.status != 201:
            yield Seen(where, wrong=answer.told)
            continue
        one = answer.object()
        misfit = next(Shape(server.root).attributes(resource.members, one), None)
        yield judged(where, misfit is None, f"{misfit[0]}: {misfit[1]}" if misfit else "")
        yield judged(where, answer.header("Location") == one["url"], "Location is niet de url")
        again = await server.ask(f"{resource.path}/{one['uuid']}")
        same = again.status == 200 and again.object() == one
        yield judged(where, same, "anders opgevraagd dan gemaakt")


async def keeps(server: Server) -> AsyncIterator[Seen]:
    """All that a body can say comes back."""
    async for resource in makeable(server):
        body = await body_of(server, resource, required=False)
        _consistent(body)
        async for seen in _kept(server, resource, body):
            yield seen


async def _kept(server: Server, resource: Resource, body: Body) -> AsyncIterator[Seen]:
    """What a body says comes back, but for what the server says that it cannot keep."""
    where = verb(resource)
    answer = await post(server, resource.path, body)
    for name in sorted(answer.not_kept):
        yield Seen(f"{where}: {name}", lacks=NOT_KEPT)
        body.pop(name.partition(".")[0], None)
    if answer.not_kept:
        answer = await post(server, resource.path, body)
    if answer.status != 201:
        yield Seen(where, wrong=_refused(answer))
        return
    one = answer.object()
    for name, given in body.items():
        # References come back with their url, and names with the whole name.
        fine = within(given, one.get(name))
        yield judged(f"{where}: {name}", fine, "komt anders terug")


def within(given: Any, found: Any) -> bool:
    """Whether all that stands in the one stands in the other, where there may be more."""
    if isinstance(given, dict) and given and isinstance(found, dict):
        return all(name in found and within(given[name], found[name]) for name in given)
    if isinstance(given, list) and isinstance(found, list) and len(given) == len(found):
        return all(map(within, given, found))
    return bool(given == found)


def _refused(answer: Answer) -> str:
    """The status, with the attributes that a refusal names."""
    names = ", ".join(sorted(name for name, _ in answer.codes))
    return f"{answer.told}: {names}" if names else answer.told


def _consistent(body: Body) -> None:
    """What a body with everything in it may not say at once."""
    if "afgehandeldOp" in body:
        body["status"] = "verwerkt"
    if "isStandaardAdres" in body:
        body["isStandaardAdres"] = False


async def longest(server: Server) -> AsyncIterator[Seen]:
    """Text of the length that is allowed is kept, letters of two bytes too."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        long = {name: "ë" * length for name, length in _free(resource)}
        if long:
            async for seen in _kept(server, resource, {**body, **long}):
                yield seen


def _free(resource: Resource) -> Iterator[tuple[str, int]]:
    """Attributes of free text, with how long they may be."""
    for member in resource.members:
        if isinstance(member, Field) and is_free(member) and member.max_length:
            yield member.name, member.max_length


def is_free(spec: Field) -> bool:
    """Whether an attribute takes any text."""
    bound = spec.nature or spec.pattern or spec.format or spec.deprecated or spec.min_length
    return spec.kind is Kind.TEXT and not bound


async def empty(server: Server) -> AsyncIterator[Seen]:
    """What may be null or empty text, may all be so at once."""
    async for resource in makeable(server):
        for value, may in ((None, _may_be_null), ("", _may_be_empty)):
            said = dict.fromkeys(may(resource), value)
            if not said:
                continue
            body = {**await body_of(server, resource), **_nested(said)}
            answer = await post(server, resource.path, body)
            where = f"{verb(resource)} met {'null' if value is None else 'lege tekst'}"
            if answer.not_kept:
                yield Seen(where, lacks=NOT_KEPT)
            else:
                yield judged(where, answer.status == 201, _refused(answer))


def _may_be_null(resource: Resource) -> Iterator[str]:
    for member in resource.members:
        match member:
            case Field(nullable=True, read_only=False):
                yield member.name
            case Group(required=False):
                yield member.name
            case Ref(required=False, many=False):
                yield member.name
            case Inverse(writable=True):
                yield member.name


def _may_be_empty(resource: Resource) -> Iterator[str]:
    for member in resource.members:
        fields = member.fields if isinstance(member, Group) and not member.required else ()
        if isinstance(member, Field):
            fields = (member,)
        for field in fields:
            if field.kind is Kind.TEXT and field.blank and not field.read_only:
                yield member.name if field is member else f"{member.name}.{field.name}"


def _nested(said: Mapping[str, Any]) -> Body:
    """Values by dotted paths of at most two steps, as a body."""
    found: Body = {}
    for path, value in said.items():
        group, dot, name = path.partition(".")
        if dot:
            found.setdefault(group, {})[name] = value
        else:
            found[group] = value
    return found


async def defaults(server: Server) -> AsyncIterator[Seen]:
    """What a body does not say has the value that the contract gives it."""
    async for resource in makeable(server):
        given = await body_of(server, resource)
        one = await make(server, resource, given)
        for member in resource.members:
            if member.name not in given:
                where = f"{verb(resource)}: {member.name}"
                fine = _is_default(member, one.get(member.name))
                yield judged(where, fine, "heeft niet de waarde die hoort bij niets")


def _is_default(member: object, found: Any) -> bool:
    match member:
        case Field(fill=Fill.NOW):
            moment = datetime.fromisoformat(str(found))
            return abs(datetime.now(UTC) - moment) < _SOON
        case Field(fill=Fill.TODAY):
            return found in (str(date.today()), str(datetime.now(UTC).date()))
        case Field(kind=Kind.MAP):
            return bool(found == {})
        case Field():
            return bool(found == member.default)
        case Group():
            return bool(found == {field.name: field.default for field in member.fields})
        case Inverse(embed=Embed.HIDDEN):
            return found is None
        case Inverse():
            return bool(found == [])
        case Variants():
            return found is None
        case Ref(many=False):
            return found is None
        case _:
            return True


async def ignores(server: Server) -> AsyncIterator[Seen]:
    """What a body may not say is not heard."""
    async for resource in makeable(server):
        uuid = str(uuid4())
        more: Body = {"url": "https://conform.example/", "bestaatNiet": {"a": [1]}}
        # An identificator may be named by its uuid in the body of its partij.
        more |= {"uuid": uuid} if resource.path != "partij-identificatoren" else {}
        computed = [i.name for i in resource.inverses() if not i.writable]
        more |= dict.fromkeys(computed, "x")
        answer = await post(server, resource.path, {**await body_of(server, resource), **more})
        if answer.status != 201:
            yield Seen(verb(resource), wrong=_refused(answer))
            continue
        one = answer.object()
        fine = one["uuid"] != uuid and one["url"] != more["url"] and "bestaatNiet" not in one
        fine = fine and all(one.get(name) in ([], None) for name in computed)
        yield judged(verb(resource), fine, "neemt over wat niet geschreven kan worden")


async def spelled(server: Server) -> AsyncIterator[Seen]:
    """Names of attributes may also be written with underscores."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        apart = {snake(name): value for name, value in body.items()}
        if apart.keys() == body.keys():
            continue
        answer = await post(server, resource.path, apart)
        fine = answer.status == 201 and within(body, answer.object())
        yield judged(verb(resource), fine, f"{_refused(answer)} met lage streepjes in de namen")


def snake(name: str) -> str:
    """The name of an attribute with underscores."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


async def newest_first(server: Server) -> AsyncIterator[Seen]:
    async for resource in makeable(server):
        moments = ("2021-01-01T00:00:00Z", "2021-01-03T00:00:00Z", "2021-01-02T00:00:00Z") * 2
        if resource.order is None:
            made = [await make(server, resource) for _ in range(2)]
            page = await server.page(resource, {"pageSize": 25})
            wanted = made[::-1]
        else:
            kanaal = {"kanaal": f"conform {uuid4().hex[:12]}"}
            body = {**await body_of(server, resource), **kanaal}
            said = [{**body, resource.order: moment} for moment in moments]
            made = [await make(server, resource, one) for one in said]
            answer = await server.ask(resource.path, kanaal)
            if answer.refused:
                yield Seen(resource.path, lacks="de server kan niet op kanaal zoeken")
                continue
            page = answer.page()
            wanted = _newest(made, resource.order)
        uuids = [one["uuid"] for one in wanted]
        found = [uuid for uuid in page.uuids if uuid in uuids]
        yield judged(resource.path, found == uuids, "wat nieuw is staat niet vooraan")


def _newest(made: list[Obj], order: str) -> list[Obj]:
    """Those of the latest moment first, and of one moment those that were made last."""
    latest = made[::-1]
    return sorted(latest, key=lambda one: str(one[order]), reverse=True)
