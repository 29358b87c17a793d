"""What holds of writing: what is made is there, what is wrong is refused, what is removed is gone.

Tried only where objects can be removed again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from typing import Any, Final
from uuid import uuid4

from gateway.conform.answer import Answer, values
from gateway.conform.making import MAAK, Body, body_of, can_make, make, own, post, remove, value_of
from gateway.conform.refusals import RULES, Rule
from gateway.conform.server import Server
from gateway.conform.shapes import Shape
from gateway.conform.statement import Seen, Statement, judged
from gateway.standard import errors
from gateway.standard.model import Field, Group, Kind, Nature, Ref, Resource
from gateway.standard.names import shown
from gateway.standard.table import RESOURCES

_NOT_KEPT: Final = frozenset({"not-kept", "too-many-to-keep"})
"""How a register in front of another says that it cannot keep a value."""

_NO_BODY: Final = (
    ("text/plain", b"x", "tekst", errors.UNSUPPORTED_MEDIA_TYPE),
    ("application/json", b"{kapot", "kapot", errors.PARSE_ERROR),
)

Place = tuple[str, Field]
"""An attribute with its dotted path."""


async def _made(server: Server) -> AsyncIterator[Resource]:
    """The resources of which objects can be made and removed."""
    for resource in await server.resources():
        if await can_make(server, resource):
            yield resource


def _verb(resource: Resource, method: str = "POST") -> str:
    return f"{method} {resource.path}"


# --- what is right ------------------------------------------------------------------------------


async def creates(server: Server) -> AsyncIterator[Seen]:
    """With what it needs: made, complete, at the address that is told, and there."""
    async for resource in _made(server):
        where = _verb(resource)
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
    async for resource in _made(server):
        where = _verb(resource)
        body = await body_of(server, resource, required=False)
        _consistent(body)
        answer = await post(server, resource.path, body)
        for name, code in answer.codes if answer.status == 400 else ():
            if code in _NOT_KEPT:
                yield Seen(f"{where}: {name}", lacks="de server kan dit niet bewaren, en zegt dat")
                body.pop(name.partition(".")[0], None)
        if answer.status == 400 and any(code in _NOT_KEPT for _, code in answer.codes):
            answer = await post(server, resource.path, body)
        if answer.status != 201:
            yield Seen(where, wrong=answer.told)
            continue
        one = answer.object()
        for name, given in body.items():
            # References come back with their url.
            if not _refers(resource, name):
                yield judged(f"{where}: {name}", one.get(name) == given, "komt anders terug")


def _consistent(body: Body) -> None:
    """What a body with everything in it may not say at once."""
    if "afgehandeldOp" in body:
        body["status"] = "verwerkt"
    if "isStandaardAdres" in body:
        body["isStandaardAdres"] = False


def _refers(resource: Resource, name: str) -> bool:
    return isinstance(resource.member(name), Ref)


async def ignores(server: Server) -> AsyncIterator[Seen]:
    """What a body may not say is not heard."""
    async for resource in _made(server):
        uuid = str(uuid4())
        more = {"uuid": uuid, "url": "https://conform.example/", "bestaatNiet": {"a": [1]}}
        answer = await post(server, resource.path, {**await body_of(server, resource), **more})
        if answer.status != 201:
            yield Seen(_verb(resource), wrong=answer.told)
            continue
        one = answer.object()
        fine = one["uuid"] != uuid and one["url"] != more["url"] and "bestaatNiet" not in one
        yield judged(_verb(resource), fine, "neemt over wat niet geschreven kan worden")


async def changes(server: Server) -> AsyncIterator[Seen]:
    """PATCH changes what it names and nothing else; PUT needs all that is required."""
    async for resource in _made(server):
        if not await server.allows(resource, "PATCH", "PUT"):
            yield Seen(_verb(resource, "PATCH"), lacks="kan de server niet")
            continue
        one = await make(server, resource)
        there = f"{resource.path}/{one['uuid']}"
        answer = await server.ask(there, method="PATCH", body={})
        same = answer.status == 200 and answer.object() == one
        yield judged(_verb(resource, "PATCH"), same, "een lege PATCH wijzigt iets")
        for name in _texts(resource)[:1]:
            change = {name: "anders"}
            answer = await server.ask(there, method="PATCH", body=change)
            if any(code in _NOT_KEPT for _, code in answer.codes):
                yield Seen(_verb(resource, "PATCH"), lacks="de server kan dit niet bewaren")
                continue
            fine = answer.status == 200 and answer.object() == {**one, **change}
            yield judged(_verb(resource, "PATCH"), fine, f"{answer.told}, of wijzigt meer")
        needed = list(own(resource.members, required=True))
        for name in needed[:1]:
            answer = await server.ask(there, method="PUT", body={})
            code = "required"
            wrong = answer.status != 400 or (name, code) not in answer.codes
            yield judged(_verb(resource, "PUT"), not wrong, f"{answer.told} zonder {name}")


def _texts(resource: Resource) -> list[str]:
    """Attributes of free text."""
    return [
        member.name
        for member in resource.members
        if isinstance(member, Field)
        and member.kind is Kind.TEXT
        and not (member.nature or member.pattern or member.format or member.deprecated)
    ]


async def removes(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        where = _verb(resource, "DELETE")
        one = await make(server, resource)
        there = f"{resource.path}/{one['uuid']}"
        answer = await server.ask(there, method="DELETE")
        fine = answer.status == 204 and not answer.response.content
        yield judged(where, fine, f"{answer.told} in plaats van 204 zonder inhoud")
        for method in ("GET", "DELETE"):
            again = await server.ask(there, method=method)
            yield Seen(where, again.unlike(errors.NOT_FOUND))


async def newest_first(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        if resource.order is not None:
            continue
        first, second = await make(server, resource), await make(server, resource)
        found = (await server.page(resource, {"pageSize": 25})).uuids
        if first["uuid"] not in found or second["uuid"] not in found:
            yield Seen(resource.path, wrong="wat nieuw is staat niet vooraan")
            continue
        fine = found.index(second["uuid"]) < found.index(first["uuid"])
        yield judged(resource.path, fine, "de nieuwste staat niet vooraan")


# --- what is wrong ------------------------------------------------------------------------------


def _places(resource: Resource) -> Iterator[Place]:
    for member in resource.members:
        match member:
            case Field(read_only=False):
                yield member.name, member
            case Group():
                for field in member.fields:
                    yield f"{member.name}.{field.name}", field


def _with(body: Body, path: str, value: Any) -> Body:
    """A body that says something else at a dotted path."""
    found = deepcopy(body)
    *groups, name = path.split(".")
    inside = found
    for group in groups:
        inside = inside.setdefault(group, {})
    inside[name] = value
    return found


def _without(body: Body, path: str) -> Body:
    found = _with(body, path, None)
    *groups, name = path.split(".")
    inside = found
    for group in groups:
        inside = inside[group]
    del inside[name]
    return found


async def _refused(server: Server, resource: Resource, body: Body, path: str, code: str) -> Seen:
    answer = await post(server, resource.path, body)
    return Seen(f"{_verb(resource)}: {path}", _unlike(answer, path, code))


def _unlike(answer: Answer, path: str, code: str) -> str:
    return answer.unlike(errors.VALIDATION, shown(path), code)


async def required(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.required:
                yield await _refused(server, resource, _without(body, path), path, "required")
        for ref in resource.members:
            if isinstance(ref, Ref) and ref.required:
                left = _without(body, ref.name)
                yield await _refused(server, resource, left, ref.name, "required")


async def null(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if not spec.nullable:
                yield await _refused(server, resource, _with(body, path, None), path, "null")


async def blank(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.kind is Kind.TEXT and not spec.blank and not spec.nullable:
                yield await _refused(server, resource, _with(body, path, " "), path, "blank")


async def too_long(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.kind is Kind.TEXT and spec.max_length:
                letter = "1" if spec.nature is Nature.NUMBER else "x"
                long = _with(body, path, letter * (spec.max_length + 1))
                yield await _refused(server, resource, long, path, "max_length")


async def other_types(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.kind is not Kind.MAP:
                code = "invalid_choice" if spec.choices else "invalid"
                wrong = {"a": 1} if spec.kind is Kind.TEXT else "geen-waarde"
                yield await _refused(server, resource, _with(body, path, wrong), path, code)


async def unknown_references(server: Server) -> AsyncIterator[Seen]:
    async for resource in _made(server):
        body = await body_of(server, resource)
        for ref in resource.members:
            if isinstance(ref, Ref) and not ref.many:
                wrong = {**body, ref.name: {"uuid": str(uuid4())}}
                yield await _refused(server, resource, wrong, f"{ref.name}.uuid", "invalid")


async def rules(server: Server) -> AsyncIterator[Seen]:
    """What attributes and objects have to do with each other."""
    for rule in RULES:
        resource = RESOURCES[rule.resource]
        if resource in await server.resources() and await can_make(server, resource):
            yield await _ruled(server, resource, rule)


async def _ruled(server: Server, resource: Resource, rule: Rule) -> Seen:
    body = {**await body_of(server, resource), **rule.says}
    for name, like in rule.same.items():
        body[name] = body[like]
    answer = await post(server, resource.path, body)
    return Seen(f"{_verb(resource)}: {rule.about}", _unlike(answer, rule.name, rule.code))


async def methods(server: Server) -> AsyncIterator[Seen]:
    """What an address does not do: 405, also where a server does less than the contract."""
    for resource in await server.resources():
        for method in ("PUT", "PATCH", "DELETE"):
            answer = await server.ask(resource.path, method=method, body={})
            yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))
        if not await server.allows(resource, "POST"):
            answer = await server.ask(resource.path, method="POST", body={})
            yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))
        answer = await server.ask(f"{resource.path}/{uuid4()}", method="POST", body={})
        yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))


async def bodies(server: Server) -> AsyncIterator[Seen]:
    """What is no JSON, or no object."""
    async for resource in _made(server):
        where = _verb(resource)
        for media, content, told, kind in _NO_BODY:
            headers = {"Content-Type": media}
            answer = await server.ask(
                resource.path, method="POST", headers=headers, content=content
            )
            yield Seen(f"{where}, {told}", answer.unlike(kind))
        answer = await post(server, resource.path, ["x"])
        yield Seen(f"{where}, een lijst", _unlike(answer, "nonFieldErrors", "invalid"))


async def unknown_uuids(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for method in ("PUT", "PATCH", "DELETE"):
            if await server.allows(resource, method):
                answer = await server.ask(f"{resource.path}/{uuid4()}", method=method, body={})
                yield Seen(answer.where, answer.unlike(errors.NOT_FOUND))


async def without_credentials(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        asked = {"POST": resource.path, "DELETE": f"{resource.path}/{uuid4()}"}
        for method, path in asked.items():
            answer = await server.ask(path, method=method, body={}, credentials=None)
            yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))


# --- maak-klantcontact --------------------------------------------------------------------------


async def _parts(server: Server) -> dict[str, Body] | None:
    """A body for three objects at once; ``None`` where that cannot be tried."""
    answer = await server.ask(MAAK, method="OPTIONS")
    contact = RESOURCES["klantcontacten"]
    if "POST" not in answer.allow or not await can_make(server, contact):
        return None
    return {
        "klantcontact": own(contact.members, required=True),
        "betrokkene": own(RESOURCES["betrokkenen"].members, required=True),
        "onderwerpobject": own(RESOURCES["onderwerpobjecten"].members, required=False),
    }


async def at_once(server: Server) -> AsyncIterator[Seen]:
    parts = await _parts(server)
    if parts is None:
        return
    answer = await post(server, MAAK, parts)
    where = f"POST {MAAK}"
    if answer.status != 201:
        yield Seen(where, wrong=answer.told)
        return
    made = answer.json()
    yield judged(where, list(made) == list(parts), "andere delen dan gevraagd")
    contact = values(made, "klantcontact.uuid")
    linked = (
        values(made, "betrokkene.hadKlantcontact.uuid"),
        values(made, "onderwerpobject.klantcontact.uuid"),
    )
    yield judged(where, linked == (contact, contact), "de delen verwijzen niet naar elkaar")
    answer = await post(server, MAAK, {"klantcontact": parts["klantcontact"]})
    yield judged(where, answer.status == 201, f"{answer.told} zonder de andere delen")


async def all_or_nothing(server: Server) -> AsyncIterator[Seen]:
    parts = await _parts(server)
    if parts is None:
        return
    kanaal = value_of(Field("kanaal", max_length=50))
    parts["klantcontact"]["kanaal"] = kanaal
    for name, wrong in (("rol", "bestaat-niet"), ("initiator", "geen-waarde")):
        body = {**parts, "betrokkene": {**parts["betrokkene"], name: wrong}}
        answer = await post(server, MAAK, body)
        code = "invalid_choice" if name == "rol" else "invalid"
        yield Seen(f"POST {MAAK}: {name}", _unlike(answer, f"betrokkene.{name}", code))
    answer = await server.ask("klantcontacten", {"kanaal": kanaal})
    if answer.refused:
        yield Seen(f"POST {MAAK}", lacks="de server kan niet op kanaal zoeken")
    else:
        yield judged(f"POST {MAAK}", answer.page().count == 0, "er is toch een deel gemaakt")


async def cleaned(server: Server) -> AsyncIterator[Seen]:
    """What was made here is gone again."""
    yield Seen("wat gemaakt is")
    for path, uuid in await remove(server):
        yield Seen(f"{path}/{uuid}", wrong="is er nog; verwijder het zelf")


def _statement(name: str, says: str, check: Any) -> Statement:
    return Statement(name, says, check, writes=True)


WRITING: Final = (
    _statement("schrijf.maken", "Wat gemaakt wordt is er.", creates),
    _statement("schrijf.alles", "Alles wat een body kan zeggen komt terug.", keeps),
    _statement("schrijf.overslaan", "Onbekende attributen tellen niet.", ignores),
    _statement("schrijf.wijzigen", "PATCH wijzigt wat het noemt.", changes),
    _statement("schrijf.weghalen", "Wat verwijderd is, is weg.", removes),
    _statement("schrijf.nieuwste", "Wat nieuw is staat vooraan.", newest_first),
    _statement("schrijf.verplicht", "Wat verplicht is moet er staan.", required),
    _statement("schrijf.null", "Wat niet null kan zijn is het niet.", null),
    _statement("schrijf.leeg", "Wat niet leeg kan zijn is het niet.", blank),
    _statement("schrijf.lengte", "Wat te lang is wordt geweigerd.", too_long),
    _statement("schrijf.type", "Een ander type wordt geweigerd.", other_types),
    _statement("schrijf.verwijzing", "Waarnaar verwezen wordt moet er zijn.", unknown_references),
    _statement("schrijf.regels", "De regels van de standaard gelden.", rules),
    _statement("schrijf.methoden", "Wat een adres niet doet: 405.", methods),
    _statement("schrijf.body", "Wat geen JSON-object is wordt geweigerd.", bodies),
    _statement("schrijf.onbekend", "Wat er niet is, is niet te wijzigen.", unknown_uuids),
    _statement("schrijf.aanmelden", "Wie schrijft heeft een token.", without_credentials),
    _statement("maak.samen", "maak-klantcontact maakt drie dingen samen.", at_once),
    _statement("maak.alles-of-niets", "... of niets.", all_or_nothing),
    _statement("schrijf.opgeruimd", "Wat hier gemaakt is, is weer weg.", cleaned),
)
"""What is tried with writing, and at the end removed."""
