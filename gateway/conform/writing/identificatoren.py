"""What holds of the numbers by which a partij is known elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from gateway.conform.answer import Answer, Obj
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    at,
    changed,
    made,
    needs,
    post,
    random_bsn,
    random_kvk,
    random_vestiging,
    ref,
    refusal,
)
from gateway.standard import errors

PATH: Final = "partij-identificatoren"
GROUP: Final = "partijIdentificator"
_CODES: Final = {
    "bsn": ("natuurlijk_persoon", "brp"),
    "rsin": ("niet_natuurlijk_persoon", "hr"),
    "kvk_nummer": ("niet_natuurlijk_persoon", "hr"),
    "vestigingsnummer": ("vestiging", "hr"),
}


def known_as(soort: str, number: str, **more: Any) -> dict[str, Any]:
    """A body for an identificator of a soort."""
    objecttype, register = _CODES[soort]
    group = {"codeObjecttype": objecttype, "codeSoortObjectId": soort}
    return {GROUP: {**group, "objectId": number, "codeRegister": register}, **more}


async def _posted(server: Server, soort: str, number: str, **more: Any) -> Answer:
    return await post(server, PATH, known_as(soort, number, **more))


async def _kvk(server: Server) -> Obj:
    return await made(server, PATH, **known_as("kvk_nummer", random_kvk()))


async def good(server: Server) -> AsyncIterator[Seen]:
    """Numbers that are right are taken, of nobody too."""
    await needs(server, PATH)
    for soort, number in (
        ("bsn", random_bsn()),
        ("rsin", random_bsn()),
        ("kvk_nummer", random_kvk()),
    ):
        answer = await _posted(server, soort, number)
        yield judged(f"POST {PATH}: {soort}", answer.status == 201, answer.told)


async def branches(server: Server) -> AsyncIterator[Seen]:
    """A vestiging is one of a KvK-nummer, and has a number of twelve digits."""
    where = f"POST {PATH}: vestigingsnummer"
    kvk = await _kvk(server)
    for number in ("12345678901", "1234567890123", "12345678901x"):
        answer = await _posted(server, "vestigingsnummer", number, subIdentificatorVan=ref(kvk))
        yield refusal(where, answer, "partijIdentificatorObjectId")
    person = await made(server, PATH, **known_as("bsn", random_bsn()))
    sub = {"subIdentificatorVan": ref(person)}
    answer = await _posted(server, "vestigingsnummer", random_vestiging(), **sub)
    yield refusal(where, answer, "subIdentificatorVan")


async def unique(server: Server) -> AsyncIterator[Seen]:
    """A number is that of one partij; that of a vestiging is so within its KvK-nummer."""
    where = f"POST {PATH}, nog eens"
    one, other = await _kvk(server), await _kvk(server)
    yield refusal(where, await post(server, PATH, {GROUP: one[GROUP]}), "__all__")
    number = random_vestiging()
    first = known_as("vestigingsnummer", number, subIdentificatorVan=ref(one))
    await made(server, PATH, **first)
    answer = await _posted(server, "vestigingsnummer", number, subIdentificatorVan=ref(other))
    yield judged(f"{where} onder een ander KvK-nummer", answer.status == 201, answer.told)
    yield refusal(f"{where} onder hetzelfde", await post(server, PATH, first), "__all__")


async def one_of_a_kind(server: Server) -> AsyncIterator[Seen]:
    """A partij has one number of each soort."""
    whose = {"identificeerdePartij": ref(await made(server, "partijen"))}
    await made(server, PATH, **known_as("bsn", random_bsn(), **whose))
    answer = await _posted(server, "bsn", random_bsn(), **whose)
    yield refusal(f"POST {PATH}: nog een bsn", answer, "__all__")
    answer = await _posted(server, "rsin", random_bsn(), **whose)
    yield judged(f"POST {PATH}: ook een rsin", answer.status == 201, answer.told)


async def protected(server: Server) -> AsyncIterator[Seen]:
    """What others are part of is not removed, and nothing is part of itself."""
    kvk = await _kvk(server)
    body = known_as("vestigingsnummer", random_vestiging(), subIdentificatorVan=ref(kvk))
    branch = await made(server, PATH, **body)
    answer = await server.ask(at(PATH, kvk), method="DELETE")
    yield refusal(f"DELETE {PATH} met een vestiging", answer, "nonFieldErrors")
    for one in (branch, kvk):
        answer = await server.ask(at(PATH, one), method="DELETE")
        yield judged(f"DELETE {PATH}", answer.status == 204, answer.told)
    alone = await _kvk(server)
    answer = await changed(server, PATH, alone, subIdentificatorVan=ref(alone))
    yield refusal(f"PATCH {PATH}: deel van zichzelf", answer, "subIdentificatorVan")


async def whole(server: Server) -> AsyncIterator[Seen]:
    """Another number is said with all that goes with it."""
    one, number = await _kvk(server), random_kvk()
    answer = await changed(server, PATH, one, **{GROUP: {"objectId": number}})
    lacking = {f"{GROUP}.{name}" for name in one[GROUP] if name != "objectId"}
    told = answer.unlike(errors.VALIDATION)
    if not told and answer.codes != {(name, "required") for name in lacking}:
        told = "noemt niet wat ontbreekt"
    yield Seen(f"PATCH {PATH}: alleen objectId", told)
    said = {**one[GROUP], "objectId": number}
    answer = await changed(server, PATH, one, **{GROUP: said})
    fine = answer.status == 200 and answer.object()[GROUP] == said
    yield judged(f"PATCH {PATH}: het geheel", fine, answer.told)
