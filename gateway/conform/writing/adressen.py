"""What holds of digitale adressen beside each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from gateway.conform.answer import Obj
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import changed, made, post, ref, refusal, shown

PATH: Final = "digitaleadressen"
_POST: Final = f"POST {PATH}"
_EMAIL: Final = ("email", "conform@conform.example")
_PHONE: Final = ("telefoonnummer", "0612345678")


def _adres(adres: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"soortDigitaalAdres": adres[0], "adres": adres[1], **more}


async def standard(server: Server) -> AsyncIterator[Seen]:
    """Of each soort one address of a partij is the standard one: the last that was said to be."""
    whose = {"verstrektDoorPartij": ref(await made(server, "partijen")), "isStandaardAdres": True}
    first = await made(server, PATH, **_adres(_EMAIL, **whose))
    phone = await made(server, PATH, **_adres(_PHONE, **whose))
    second = await made(server, PATH, **_adres(("email", "ander@conform.example"), **whose))

    async def are() -> list[bool]:
        every: list[Obj] = [await shown(server, PATH, one) for one in (first, phone, second)]
        return [one["isStandaardAdres"] for one in every]

    told = "er zijn er twee, of een van een andere soort is het niet meer"
    yield judged(_POST, await are() == [False, True, True], told)
    await changed(server, PATH, first, isStandaardAdres=True)
    yield judged(f"PATCH {PATH}", await are() == [True, True, False], told)


async def referentie(server: Server) -> AsyncIterator[Seen]:
    """A referentie stands at one address of a partij and a soort; none may stand at more."""
    whose = {"verstrektDoorPartij": ref(await made(server, "partijen")), "referentie": "conform"}
    await made(server, PATH, **_adres(_EMAIL, **whose))
    other = ("email", "ander@conform.example")
    answer = await post(server, PATH, _adres(other, **whose))
    yield refusal(f"{_POST}: dezelfde referentie", answer, "nonFieldErrors", "unique")
    elsewhere = {**whose, "verstrektDoorPartij": ref(await made(server, "partijen"))}
    none = {**whose, "referentie": ""}
    for about, body in (
        ("van een andere soort", _adres(_PHONE, **whose)),
        ("van een ander", _adres(_EMAIL, **elsewhere)),
        ("zonder", _adres(_EMAIL, **none)),
        ("nog een zonder", _adres(_EMAIL, **none)),
    ):
        answer = await post(server, PATH, body)
        yield judged(f"{_POST}: referentie, {about}", answer.status == 201, answer.told)


async def other_adres(server: Server) -> AsyncIterator[Seen]:
    """An address that is changed is looked at by the soort that it has."""
    one = await made(server, PATH, **_adres(_EMAIL))
    answer = await changed(server, PATH, one, adres=_PHONE[1])
    yield refusal(f"PATCH {PATH}: een telefoonnummer", answer, "adres")
    answer = await changed(server, PATH, one, adres="ander@conform.example")
    fine = answer.status == 200 and answer.object()["adres"] == "ander@conform.example"
    yield judged(f"PATCH {PATH}: een ander adres", fine, answer.told)
