"""Objects that are made to try something with, out of what the contract says a body needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from secrets import randbelow, token_hex
from typing import Any, Final

from stdnum.nl import bsn

from gateway.conform.answer import Answer, Obj
from gateway.conform.server import Lacking, Server
from gateway.conform.statement import Seen
from gateway.standard import errors
from gateway.standard.model import Field, Group, Kind, Member, Nature, Ref, Resource, Variants
from gateway.standard.table import RESOURCES

Body = dict[str, Any]

MAAK: Final = "maak-klantcontact"
PARTS: Final[Mapping[str, str]] = {
    "klantcontact": "klantcontacten",
    "betrokkene": "betrokkenen",
    "onderwerpobject": "onderwerpobjecten",
}
"""The resource of each part of its body."""
NOT_KEPT: Final = "de server kan dit niet bewaren, en zegt dat"

_OF_NATURE: Final[Mapping[Nature, str]] = {
    Nature.PHONE: "0612345678",
    Nature.COUNTRY: "NL",
    Nature.LANGUAGE: "nld",
    Nature.ADDRESS: "conform@conform.example",
}
_OF_NAME: Final[Mapping[str, str]] = {
    "iban": "NL91ABNA0417164300",
    "bic": "ABNANL2A",
    "postcode": "1234 AB",
    "nummeraanduidingId": "0000000000000000",
    "referentie": "conform",
}
_OF_KIND: Final[Mapping[Kind, Any]] = {
    Kind.BOOLEAN: False,
    Kind.INTEGER: 1,
    Kind.DATE: "2024-01-01",
    Kind.DATETIME: "2024-01-01T12:00:00Z",
    Kind.MAP: {"bron": "conform"},
}
_ALSO: Final = frozenset({"toegewezenAanActoren"})
"""References that a body needs by a rule: an internetaak is somebody's."""


def value_of(spec: Field) -> Any:
    """A value that the contract takes for an attribute."""
    if spec.choices:
        return spec.choices[0]
    if spec.kind is not Kind.TEXT:
        return _OF_KIND[spec.kind]
    if spec.nature is Nature.NUMBER:
        return str(randbelow(9 * 10**8) + 10**8)
    if spec.nature is not None:
        return _OF_NATURE[spec.nature]
    if spec.format is not None:
        return "conform@conform.example" if spec.format == "email" else "https://conform.example/1"
    return _OF_NAME.get(spec.name) or f"conform {token_hex(4)}"[: spec.max_length]


def random_bsn() -> str:
    """A number that could be a BSN, of nobody in particular."""
    while True:
        number = f"9{randbelow(10**8):08}"
        if bsn.is_valid(number):
            return number


def own(members: Sequence[Member], *, required: bool) -> Body:
    """The attributes of a body that refer to nothing: those that it needs, or all."""
    body: Body = {}
    for member in members:
        match member:
            case Field(read_only=False) if member.required or not required:
                body[member.name] = value_of(member)
            case Group() if member.required or not required:
                body[member.name] = own(member.fields, required=required)
            case Variants() if not required:
                shape = next(iter(member.shapes.values()))
                body[member.name] = own(shape, required=False)
    if "objectId" in body and "codeSoortObjectId" in body and body["codeRegister"] == "brp":
        body["objectId"] = random_bsn()
    return body


async def can_make(server: Server, resource: Resource) -> bool:
    """Whether objects can be made and removed again, and so can what they cannot do without."""
    if not await server.allows(resource, "POST", "DELETE"):
        return False
    return all([await can_make(server, RESOURCES[ref.to]) for ref in _needed(resource)])


def _needed(resource: Resource) -> list[Ref]:
    found = [m for m in resource.members if isinstance(m, Ref)]
    return [ref for ref in found if ref.required or ref.name in _ALSO]


async def makeable(server: Server) -> AsyncIterator[Resource]:
    """The resources of which objects can be made and removed."""
    for resource in await server.resources():
        if await can_make(server, resource):
            yield resource


def verb(resource: Resource, method: str = "POST") -> str:
    """What is done with a resource."""
    return f"{method} {resource.path}"


async def body_of(server: Server, resource: Resource, *, required: bool = True) -> Body:
    """A body that makes an object, with new objects for what it has to refer to. Raises
    ``Misshapen`` where these cannot be made."""
    body = own(resource.members, required=required)
    for ref in _needed(resource):
        made = {"uuid": (await make(server, RESOURCES[ref.to]))["uuid"]}
        body[ref.name] = [made] if ref.many else made
    body |= {m.name: None for m in resource.members if isinstance(m, Ref) and m.stated}
    return body


async def make(server: Server, resource: Resource, body: Body | None = None) -> Obj:
    """Make an object. Raises ``Misshapen`` where it is not made, and ``Lacking`` where the server
    says that it cannot keep it."""
    given = await body_of(server, resource) if body is None else body
    answer = await post(server, resource.path, given)
    if answer.not_kept:
        raise Lacking(f"POST {resource.path}: {', '.join(sorted(answer.not_kept))}", NOT_KEPT)
    return answer.object()


async def made(server: Server, path: str, **says: Any) -> Obj:
    """An object with what it needs that also says this. Raises as ``make``, and ``Lacking`` where
    such objects cannot be made and removed."""
    resource = RESOURCES[path]
    await needs(server, path)
    return await make(server, resource, {**await body_of(server, resource), **says})


async def needs(server: Server, path: str, *methods: str) -> None:
    """Raises ``Lacking`` where objects of a resource cannot be made and removed, or another of
    these methods is not there."""
    resource = RESOURCES[path]
    if not await can_make(server, resource) or not await server.allows(resource, *methods):
        told = "de server kan dit niet maken, wijzigen en weghalen"
        raise Lacking(" ".join(("POST", *methods, path)), told)


def at(path: str, one: Obj) -> str:
    """Where an object is, from the root of the API."""
    return f"{path}/{one['uuid']}"


def ref(one: Obj) -> Body:
    """A reference to an object, in a body."""
    return {"uuid": one["uuid"]}


async def shown(server: Server, path: str, one: Obj) -> Obj:
    """An object as it is now. Raises ``Misshapen`` where it is not there."""
    return (await server.ask(at(path, one))).object()


async def changed(server: Server, path: str, one: Obj, **says: Any) -> Answer:
    """What a PATCH answers. Raises ``Lacking`` where the server cannot, or says that it cannot
    keep this."""
    await needs(server, path, "PATCH")
    answer = await server.ask(at(path, one), method="PATCH", body=says)
    if answer.not_kept:
        raise Lacking(f"PATCH {path}: {', '.join(sorted(answer.not_kept))}", NOT_KEPT)
    return answer


async def post(server: Server, path: str, body: Any, query: str = "") -> Answer:
    """Send a body, with a query if there is one; what is made by it is removed at the end."""
    answer = await server.ask(path + query, method="POST", body=body)
    remember(server, path, answer)
    return answer


def remember(server: Server, path: str, answer: Answer) -> None:
    """What is made by a POST is removed at the end."""
    if answer.status == 201:
        made = answer.json()
        # Of several at once each stands under its name.
        parts = [(path, made)] if path in RESOURCES else list(_parts(made).items())
        for name, one in parts:
            if isinstance(one, dict) and isinstance(one.get("uuid"), str):
                server.made.append((name, one["uuid"]))


def _parts(made: object) -> dict[str, Any]:
    return {p: made.get(n) for n, p in PARTS.items()} if isinstance(made, dict) else {}


async def remove(server: Server) -> list[tuple[str, str]]:
    """Remove all that was made, the last first; what is still there."""
    left = []
    for path, uuid in reversed(server.made):
        there = f"{path}/{uuid}"
        await server.ask(there, method="DELETE")
        if (await server.ask(there)).status != 404:
            left.append((path, uuid))
    server.made = left[::-1]
    server.forget()
    return left


def refusal(where: str, answer: Answer, name: str, code: str = "invalid") -> Seen:
    """Whether an answer is a refusal that names an attribute."""
    return Seen(where, answer.unlike(errors.VALIDATION, name, code))


def random_kvk() -> str:
    """A number that could be one of the KvK."""
    return str(randbelow(9 * 10**7) + 10**7)


def random_vestiging() -> str:
    """A number that could be that of a vestiging."""
    return f"{randbelow(10**12):012}"
