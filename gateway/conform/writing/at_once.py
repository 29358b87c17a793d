"""What holds of ``maak-klantcontact``: three objects made at once, or none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from gateway.conform.answer import values
from gateway.conform.server import Server
from gateway.conform.shapes import Shape
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    MAAK,
    NOT_KEPT,
    PARTS,
    Body,
    at,
    can_make,
    own,
    post,
    value_of,
)
from gateway.standard import errors
from gateway.standard.model import Field
from gateway.standard.table import RESOURCES

_WHERE: Final = f"POST {MAAK}"


async def _parts(server: Server) -> dict[str, Body] | None:
    """A body for three objects at once; ``None`` where that cannot be tried."""
    answer = await server.ask(MAAK, method="OPTIONS")
    contact = RESOURCES["klantcontacten"]
    looked_at = contact in await server.resources()
    if not looked_at or "POST" not in answer.allow or not await can_make(server, contact):
        return None
    return {
        "klantcontact": own(contact.members, required=True),
        "betrokkene": own(RESOURCES["betrokkenen"].members, required=True),
        "onderwerpobject": own(RESOURCES["onderwerpobjecten"].members, required=False),
    }


async def at_once(server: Server) -> AsyncIterator[Seen]:
    """All three are made, whole, and refer to each other."""
    parts = await _parts(server)
    if parts is None:
        return
    answer = await post(server, MAAK, parts)
    if answer.status != 201:
        told = {"lacks": NOT_KEPT} if answer.not_kept else {"wrong": answer.told}
        yield Seen(_WHERE, **told)
        return
    made = answer.json()
    yield judged(_WHERE, list(made) == list(parts), "andere delen dan gevraagd")
    yield judged(_WHERE, not answer.header("Location"), "met een Location, van drie objecten")
    contact = values(made, "klantcontact.uuid")
    linked = (
        values(made, "betrokkene.hadKlantcontact.uuid"),
        values(made, "onderwerpobject.klantcontact.uuid"),
    )
    yield judged(_WHERE, linked == (contact, contact), "de delen verwijzen niet naar elkaar")
    for name, path in PARTS.items():
        misfit = next(Shape(server.root).attributes(RESOURCES[path].members, made[name]), None)
        yield judged(f"{_WHERE}: {name}", misfit is None, ": ".join(misfit or ()))
        alone = await server.ask(at(path, made[name]))
        same = alone.status == 200 and alone.object() == made[name]
        yield judged(f"{_WHERE}: {name}", same, "anders dan het object zelf")


async def alone(server: Server) -> AsyncIterator[Seen]:
    """The klantcontact alone will do: the others are null then."""
    parts = await _parts(server)
    if parts is None:
        return
    others: tuple[Body, ...] = ({}, {"onderwerpobject": {}})
    for more in others:
        answer = await post(server, MAAK, {"klantcontact": parts["klantcontact"], **more})
        made = answer.json() if answer.status == 201 else {}
        fine = [made.get(name, made) for name in ("betrokkene", "onderwerpobject")] == [None] * 2
        yield judged(_WHERE, fine, f"{answer.told} zonder de andere delen, of die zijn niet null")


async def wrong(server: Server) -> AsyncIterator[Seen]:
    """What is wrong is named with the part that it stands in."""
    parts = await _parts(server)
    if parts is None:
        return
    contact, betrokkene = parts["klantcontact"], parts["betrokkene"]
    both = {"indicatieContactGelukt": True, "verdereActieOndernomen": True}
    nobody = {"wasPartij": {"uuid": str(uuid4())}}
    for more, name, code in (
        ({"klantcontact": None}, "klantcontact", "null"),
        ({"betrokkene": None}, "betrokkene", "null"),
        ({"betrokkene": {}}, "betrokkene.rol", "required"),
        ({"betrokkene": []}, "betrokkene.nonFieldErrors", "invalid"),
        ({"betrokkene": {**betrokkene, **nobody}}, "betrokkene.wasPartij.uuid", "invalid"),
        ({"klantcontact": {**contact, "kanaal": "x" * 51}}, "klantcontact.kanaal", "max_length"),
        (
            {"klantcontact": {**contact, **both}},
            "klantcontact.nonFieldErrors",
            "no-further-action-when-contact-succesful",
        ),
    ):
        answer = await post(server, MAAK, {"klantcontact": contact, **more})
        yield Seen(f"{_WHERE}: {name}", answer.unlike(errors.VALIDATION, name, code))
    answer = await post(server, MAAK, {})
    yield Seen(_WHERE, answer.unlike(errors.VALIDATION, "klantcontact", "required"))


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
        told = answer.unlike(errors.VALIDATION, f"betrokkene.{name}", code)
        yield Seen(f"{_WHERE}: {name}", told)
    answer = await server.ask("klantcontacten", {"kanaal": kanaal})
    if answer.refused:
        yield Seen(_WHERE, lacks="de server kan niet op kanaal zoeken")
    else:
        yield judged(_WHERE, answer.page().count == 0, "er is toch een deel gemaakt")


async def methods(server: Server) -> AsyncIterator[Seen]:
    if await _parts(server) is None:
        return
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await server.ask(MAAK, method=method)
        yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))
