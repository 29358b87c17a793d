"""A register that has something against a change that the gateway has not: its client hears what,
by names and codes, and nothing of what the register says about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.helpers import BSN, LogLines, problem
from tests.support.register import Counted, before, register

SECRET: Final = f"Jansen met BSN {BSN} mag dit niet"
CONTACT: Final = {"kanaal": "fax", "onderwerp": "Vraag", "taal": "nld", "vertrouwelijk": False}
PARTIJ: Final = {
    "soortPartij": "persoon",
    "indicatieActief": True,
    "partijIdentificatie": {"contactnaam": {"achternaam": "Jansen"}},
}
ADRES: Final = {
    "verstrektDoorBetrokkene": None,
    "adres": "jansen@example.nl",
    "soortDigitaalAdres": "email",
    "isStandaardAdres": True,
}

Objecting = Callable[..., None]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with register(tmp_path), before(tmp_path) as client:
        yield client


@pytest.fixture
def objecting(monkeypatch: pytest.MonkeyPatch) -> Objecting:
    """Lets the register refuse one kind of change, by a method and a list: names and codes."""
    ask = Counted.handle_async_request

    def refuse(method: str, path: str, *params: tuple[Any, Any]) -> None:
        told = [{"name": n, "code": c, "reason": SECRET} for n, c in params]

        async def asked(self: Counted, request: httpx.Request) -> httpx.Response:
            if request.method == method and f"/{path}" in request.url.path:
                return httpx.Response(400, json={"detail": SECRET, "invalidParams": told})
            return await ask(self, request)

        monkeypatch.setattr(Counted, "handle_async_request", asked)

    return refuse


def told(answer: httpx.Response) -> set[tuple[str, str]]:
    """What is wrong, after a look at what else is said."""
    params = problem(answer, 400, "invalid")["invalidParams"]
    assert BSN not in answer.text and "Jansen" not in answer.text
    assert all(one["reason"] for one in params)
    return {(one["name"], one["code"]) for one in params}


async def test_a_member_is_named_as_the_standard_does(
    here: httpx.AsyncClient, objecting: Objecting, log: LogLines
) -> None:
    objecting("POST", "klantcontacten", ("kanaal", "invalid_choice"))
    answer = await here.post("klantcontacten", json=CONTACT)
    assert told(answer) == {("kanaal", "invalid_choice")}
    assert BSN not in str(log) and "Jansen" not in str(log)
    (line,) = (one for one in log.events("request") if one["status"] == 400)
    assert line["note"] == "status 400, invalid_choice"


async def test_what_is_no_member_or_no_code_is_not_passed_on(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    params = [("Jansen", "invalid"), ("inhoud", "verzonnen"), ("taal", BSN), ("taal", None)]
    objecting("POST", "klantcontacten", *params)
    answer = await here.post("klantcontacten", json=CONTACT)
    assert told(answer) == {("nonFieldErrors", "invalid"), ("inhoud", "not-kept")}


async def test_of_a_400_without_anything_to_pass_on_is_said_that_the_source_refuses(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    objecting("POST", "klantcontacten")
    answer = await here.post("klantcontacten", json=CONTACT)
    assert "Jansen" not in str(problem(answer, 502, "bron-weigert"))


async def test_a_part_of_a_contact_is_called_as_the_body_does(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    objecting("POST", "betrokkenen", ("rol", "invalid_choice"), ("wasPartij", "does_not_exist"))
    body = {"klantcontact": CONTACT, "betrokkene": {"rol": "klant", "initiator": True}}
    before = (await here.get("klantcontacten?pageSize=1")).json()["count"]
    answer = await here.post("maak-klantcontact", json=body)
    assert told(answer) == {
        ("betrokkene.rol", "invalid_choice"),
        ("betrokkene.wasPartij", "not-kept"),
    }
    assert (await here.get("klantcontacten?pageSize=1")).json()["count"] == before


async def test_an_identificator_has_two_kinds_of_names(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    partij = (await here.post("partijen", json=PARTIJ)).json()
    objecting(
        "POST",
        "partij-identificatoren",
        ("partijIdentificatorObjectId", "invalid"),
        ("partijIdentificator.codeRegister", "invalid_choice"),
        ("__all__", "unique"),
    )
    body = {
        "identificeerdePartij": {"uuid": partij["uuid"]},
        "partijIdentificator": {
            "codeObjecttype": "natuurlijk_persoon",
            "codeSoortObjectId": "bsn",
            "objectId": "999900006",
            "codeRegister": "brp",
        },
    }
    there = await here.get("partijen?partijIdentificator__objectId=999900006")
    assert there.json()["count"] == 0
    answer = await here.post("partij-identificatoren", json=body)
    assert told(answer) == {
        ("partijIdentificator.objectId", "invalid"),
        ("partijIdentificator.codeRegister", "invalid_choice"),
        ("nonFieldErrors", "unique"),
    }


async def test_of_an_object_that_the_client_did_not_mention_nothing_is_named(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    """Another address is standard no longer, and the register does not want that."""
    partij = (await here.post("partijen", json=PARTIJ)).json()
    adres = {**ADRES, "verstrektDoorPartij": {"uuid": partij["uuid"]}}
    assert (await here.post("digitaleadressen", json=adres)).status_code == 201
    objecting("PATCH", "digitaleadressen", ("isStandaardAdres", "invalid"))
    answer = await here.post("digitaleadressen", json={**adres, "adres": "j@example.nl"})
    problem(answer, 502, "bron-weigert")


async def test_what_something_else_cannot_do_without_is_not_deleted(
    here: httpx.AsyncClient, objecting: Objecting
) -> None:
    found = (
        await here.get("partij-identificatoren?partijIdentificatorCodeSoortObjectId=bsn")
    ).json()
    objecting("DELETE", "partij-identificatoren", ("nonFieldErrors", "invalid"))
    answer = await here.delete(f"partij-identificatoren/{found['results'][0]['uuid']}")
    assert told(answer) == {("nonFieldErrors", "invalid")}
