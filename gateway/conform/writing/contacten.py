"""What holds of klantcontacten, internetaken and onderwerpobjecten as they are worked on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from gateway.conform.answer import Answer, Obj, values
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import Body, at, changed, made, needs, post, ref, refusal

_TAKEN: Final = "internetaken"
_OBJECTEN: Final = "onderwerpobjecten"
_MOMENT: Final = "2024-01-01T00:00:00Z"


async def no_further_action(server: Server) -> AsyncIterator[Seen]:
    """After a contact that succeeded no action follows, also when that is said later."""
    one = await made(server, "klantcontacten", indicatieContactGelukt=True)
    answer = await changed(server, "klantcontacten", one, verdereActieOndernomen=True)
    code = "no-further-action-when-contact-succesful"
    yield refusal("PATCH klantcontacten: verdere actie", answer, "nonFieldErrors", code)


async def _taak(server: Server, **says: Any) -> Answer:
    contact = await made(server, "klantcontacten")
    body = {"gevraagdeHandeling": "conform", "status": "te_verwerken"}
    return await post(
        server, _TAKEN, {**body, "aanleidinggevendKlantcontact": ref(contact), **says}
    )


async def assigned(server: Server) -> AsyncIterator[Seen]:
    """A taak is of one actor or of several, in their order, and is told in one of two ways."""
    await needs(server, _TAKEN)
    one, other = await made(server, "actoren"), await made(server, "actoren")
    said = {"toegewezenAanActor": ref(one), "toegewezenAanActoren": [ref(one)]}
    answer = await _taak(server, **said)
    yield refusal(f"POST {_TAKEN}: op twee manieren", answer, "nonFieldErrors")
    for about, says, wanted in (
        ("een actor", {"toegewezenAanActor": ref(one)}, [one]),
        ("meer actoren", {"toegewezenAanActoren": [ref(other), ref(one)]}, [other, one]),
    ):
        answer = await _taak(server, **says)
        if answer.not_kept:
            yield Seen(f"POST {_TAKEN}: {about}", lacks="de server kan dit niet bewaren")
            continue
        taak = answer.object()
        links = [{"uuid": actor["uuid"], "url": actor["url"]} for actor in wanted]
        fine = taak["toegewezenAanActoren"] == links and taak["toegewezenAanActor"] == links[0]
        yield judged(f"POST {_TAKEN}: {about}", fine, "komt anders terug")
    now = datetime.now(UTC)
    said = {"toegewezenAanActor": ref(one), "toegewezenOp": "2020-01-01T00:00:00Z"}
    taak = (await _taak(server, **said)).object()
    since = abs(now - datetime.fromisoformat(taak["toegewezenOp"]))
    fine = since < timedelta(minutes=2)
    yield judged(f"POST {_TAKEN}: toegewezenOp", fine, "is niet van nu")
    answer = await changed(server, _TAKEN, taak, toegewezenAanActoren=[ref(other)])
    found = values(answer.object(), "toegewezenAanActoren.uuid")
    yield judged(f"PATCH {_TAKEN}: een ander", found == [other["uuid"]], "blijft wie het was")
    contact = ref(taak["aanleidinggevendKlantcontact"])
    body: Body = {"gevraagdeHandeling": "conform", "status": "te_verwerken"}
    body |= {"aanleidinggevendKlantcontact": contact}
    answer = await server.ask(at(_TAKEN, taak), method="PUT", body=body)
    yield refusal(f"PUT {_TAKEN}: van niemand", answer, "nonFieldErrors")
    body |= {"toegewezenAanActor": ref(one)}
    answer = await server.ask(at(_TAKEN, taak), method="PUT", body=body)
    yield judged(f"PUT {_TAKEN}", answer.status == 200, answer.told)


async def handled(server: Server) -> AsyncIterator[Seen]:
    """When a taak was done follows from its status, and needs it."""
    taak = await made(server, _TAKEN, status="verwerkt")
    yield judged(f"POST {_TAKEN}: verwerkt", bool(taak["afgehandeldOp"]), "zonder afgehandeldOp")
    answer = await changed(server, _TAKEN, taak, status="te_verwerken")
    fine = answer.status == 200 and answer.object()["afgehandeldOp"] is None
    yield judged(f"PATCH {_TAKEN}: te_verwerken", fine, "houdt afgehandeldOp")
    answer = await changed(server, _TAKEN, taak, afgehandeldOp=_MOMENT)
    yield refusal(f"PATCH {_TAKEN}: afgehandeldOp", answer, "afgehandeldOp")
    answer = await changed(server, _TAKEN, taak, status="verwerkt", afgehandeldOp=_MOMENT)
    fine = answer.status == 200 and answer.object()["afgehandeldOp"] == _MOMENT
    yield judged(f"PATCH {_TAKEN}: verwerkt", fine, answer.told)


async def cascade(server: Server) -> AsyncIterator[Seen]:
    """With an onderwerpobject its klantcontact goes where that is asked, unless it has others."""
    for query, status, left in (
        ("", 204, 200),
        ("?cascade=false", 204, 200),
        ("?cascade=x", 204, 200),
        ("?cascade=true", 200, 404),
        ("?cascade=TRUE", 200, 404),
    ):
        contact = await made(server, "klantcontacten")
        one = await made(server, _OBJECTEN, klantcontact=ref(contact))
        answer = await server.ask(at(_OBJECTEN, one) + query, method="DELETE")
        fine = answer.status == status and (status == 204 or _kept(answer) == [])
        yield judged(f"DELETE {_OBJECTEN}{query}", fine, answer.told)
        there = await server.ask(at("klantcontacten", contact))
        told = f"{there.told} op het klantcontact"
        yield judged(f"DELETE {_OBJECTEN}{query}", there.status == left, told)
    contact = await made(server, "klantcontacten")
    one = await made(server, _OBJECTEN, klantcontact=ref(contact))
    await made(server, _OBJECTEN, wasKlantcontact=ref(contact))
    answer = await server.ask(at(_OBJECTEN, one) + "?cascade=true", method="DELETE")
    there = await server.ask(at("klantcontacten", contact))
    fine = answer.status == 200 and _kept(answer) == [contact["url"]] and there.status == 200
    yield judged(f"DELETE {_OBJECTEN}, met nog een", fine, "het klantcontact is weg")


def _kept(answer: Answer) -> Any:
    body = answer.json()
    return body.get("behouden") if isinstance(body, dict) else None


async def of_categories(server: Server) -> AsyncIterator[Seen]:
    """Partijen are found by several categories at once."""
    pairs: list[tuple[Obj, Obj]] = []
    for _ in range(2):
        partij = await made(server, "partijen")
        categorie = await made(server, "categorieen", naam=f"conform {uuid4().hex[:8]}")
        links = {"partij": ref(partij), "categorie": ref(categorie)}
        await made(server, "categorie-relaties", **links)
        pairs.append((partij, categorie))
    for some in (pairs[:1], pairs):
        names = ",".join(categorie["naam"] for _, categorie in some)
        answer = await server.ask("partijen", {"categorierelatie__categorie__naam": names})
        if answer.refused:
            yield Seen(answer.where, lacks="de server weigert dit filter, en zegt dat")
            continue
        wanted = {partij["uuid"] for partij, _ in some}
        yield judged(answer.where, set(answer.page().uuids) == wanted, "vindt andere partijen")
