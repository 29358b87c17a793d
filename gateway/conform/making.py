"""Objects that are made to try something with, out of what the contract says a body needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import randbelow, token_hex
from typing import Any, Final

from stdnum.nl import bsn

from gateway.conform.answer import Answer, Obj
from gateway.conform.server import Server
from gateway.standard.model import Field, Group, Kind, Member, Nature, Ref, Resource
from gateway.standard.table import RESOURCES

Body = dict[str, Any]

MAAK: Final = "maak-klantcontact"

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
    if "objectId" in body and "codeSoortObjectId" in body and body["codeRegister"] == "brp":
        body["objectId"] = random_bsn()
    return body


async def can_make(server: Server, resource: Resource) -> bool:
    """Whether objects can be made and removed again, and so can what they cannot do without."""
    if not await server.allows(resource, "POST") or not await server.removes(resource):
        return False
    return all([await can_make(server, RESOURCES[ref.to]) for ref in _needed(resource)])


def _needed(resource: Resource) -> list[Ref]:
    found = [m for m in resource.members if isinstance(m, Ref)]
    return [ref for ref in found if ref.required or ref.name in _ALSO]


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
    """Make an object. Raises ``Misshapen`` where it is not made."""
    given = await body_of(server, resource) if body is None else body
    return (await post(server, resource.path, given)).object()


async def post(server: Server, path: str, body: Any) -> Answer:
    """Send a body; what is made by it is removed at the end."""
    answer = await server.ask(path, method="POST", body=body)
    if answer.status == 201:
        made = answer.json()
        # Of several at once each stands under its name.
        parts = [(path, made)] if path in RESOURCES else list(_parts(made).items())
        for name, one in parts:
            if isinstance(one, dict) and isinstance(one.get("uuid"), str):
                server.made.append((name, one["uuid"]))
    return answer


def _parts(made: object) -> dict[str, Any]:
    names = {
        "klantcontact": "klantcontacten",
        "betrokkene": "betrokkenen",
        "onderwerpobject": "onderwerpobjecten",
    }
    return {p: made.get(n) for n, p in names.items()} if isinstance(made, dict) else {}


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
