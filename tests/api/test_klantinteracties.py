"""A gateway before a Klantinteracties register: it says what that says, and writes there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from gateway.standard.table import RESOURCES
from tests.helpers import BSN
from tests.support.register import Register, before, register
from tests.support.rekeyed import as_there, random_keys

OF_BSN = (
    "hadBetrokkene__wasPartij__partijIdentificator__objectId"
    f"={BSN}&hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn"
)
EXPAND = "expand=hadBetrokkenen,leiddeTotInterneTaken,hadBetrokkenen.digitaleAdressen"


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with register(tmp_path) as client:
        yield client


@pytest.fixture
async def here(tmp_path: Path, there: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    async with before(tmp_path) as client:
        yield client


async def asked(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(random_keys(answer.text))
    # Cursors are of the gateway that made them.
    return {k: v for k, v in found.items() if k not in ("next", "previous")}


QUESTIONS = (
    *(f"{path}?pageSize=7" for path in RESOURCES),
    *(f"{path}?pageSize=3&page=2" for path in RESOURCES if path != "categorieen"),
    f"klantcontacten?{OF_BSN}&{EXPAND}",
    f"partijen?partijIdentificator__objectId={BSN}&expand=digitaleAdressen",
    "klantcontacten?onderwerp=a&pageSize=5",
    "partij-identificatoren?partijIdentificatorCodeRegister=hr",
)


async def test_it_says_what_the_register_says(
    here: httpx.AsyncClient, there: httpx.AsyncClient
) -> None:
    differ = [url for url in QUESTIONS if await asked(here, url) != await asked(there, url)]
    assert not differ


OBJECT = "hadBetrokkene__wasPartij__partijIdentificator__objectId"


@pytest.mark.parametrize(
    ("url", "calls"),
    [
        ("klantcontacten?pageSize=20", 1),
        (f"klantcontacten?pageSize=20&{EXPAND}", 1),
        (f"klantcontacten?{OBJECT}={BSN}", 1),
        # Which partij it is, for both have to hold of one identificator; and its contacts.
        (f"klantcontacten?{OF_BSN}&{EXPAND}", 3),
        ("klantcontacten?leiddeTotInterneTaken=true", 1),
        ("klantcontacten?hadBetrokkene__wasPartij=false", 1),
        ("klantcontacten?hadBetrokkene__digitaaladres__adres__icontains=a", 1),
        ("betrokkenen?wasPartij__partijIdentificator__codeRegister=brp", 1),
        ("digitaleadressen?verstrektDoorPartij__partijIdentificator__codeRegister=hr", 1),
        ("digitaleadressen?isStandaardAdres=false", 1),
        ("digitaleadressen?verstrektDoorBetrokkene__rol=klant", 1),
        ("internetaken?actoren__naam=Pieter%20Yilmaz", 1),
        ("internetaken?pageSize=20", 1),
        # Beside the list: the categorieen, and each partij that one of them represents.
        ("partijen?partijIdentificator__objectId=999993653", 3),
        ("partijen?subIdentificatorVan__codeSoortObjectId=kvk_nummer", 3),
    ],
)
async def test_calls_for_a_question(here: httpx.AsyncClient, url: str, calls: int) -> None:
    Register.calls.clear()
    assert (await asked(here, url))["count"]
    assert len(Register.calls) == calls, Register.calls


async def test_several_categorieen_are_one_question(
    here: httpx.AsyncClient, there: httpx.AsyncClient
) -> None:
    found = (await asked(there, "categorieen"))["results"]
    url = f"partijen?categorierelatie__categorie__naam={quote(','.join(c['naam'] for c in found))}"
    assert (await asked(there, url))["count"] > 1
    Register.calls.clear()
    assert await asked(here, url) == await asked(there, url)
    assert Register.calls.count("GET partijen") == 1


async def test_an_object_takes_one_call(here: httpx.AsyncClient) -> None:
    for path in ("klantcontacten", "betrokkenen", "internetaken", "actoren", "onderwerpobjecten"):
        (one, *_) = (await asked(here, f"{path}?pageSize=1"))["results"]
        Register.calls.clear()
        assert (await here.get(f"{path}/{one['uuid']}")).status_code == 200
        assert len(Register.calls) == 1, Register.calls


@pytest.mark.usefixtures("there")
async def test_what_was_only_named_is_fetched_when_it_is_asked_for(tmp_path: Path) -> None:
    """Of a rekeningnummer a partij only says which it is, of a link not even that."""
    async with before(tmp_path, limits={"burst_seconds": 60}) as here:
        found = (await here.get("partijen?pageSize=20")).json()["results"]
        named = [one["uuid"] for partij in found for one in partij["rekeningnummers"]]
        one = await here.get(f"rekeningnummers/{named[0]}")
        assert one.json()["iban"]
        contacts = (await here.get("klantcontacten?pageSize=20")).json()["results"]
        contact = next(one for one in contacts if one["hadBetrokkenActoren"])
        links = await here.get(f"actorklantcontacten?klantcontact__uuid={contact['uuid']}")
        actoren = {one["actor"]["uuid"] for one in links.json()["results"]}
        assert actoren == {one["uuid"] for one in contact["hadBetrokkenActoren"]}


async def test_what_is_written_is_in_the_register(
    here: httpx.AsyncClient, there: httpx.AsyncClient
) -> None:
    partij = {
        "soortPartij": "persoon",
        "indicatieActief": True,
        "partijIdentificatie": {"contactnaam": {"voornaam": "Sophie"}},
    }
    made = (await here.post("partijen", json=partij)).json()
    path = f"partijen/{made['uuid']}"
    assert await asked(there, as_there(path)) == made
    adres = {
        "verstrektDoorPartij": {"uuid": made["uuid"]},
        "verstrektDoorBetrokkene": None,
        "adres": "sophie@example.nl",
        "soortDigitaalAdres": "email",
        "isStandaardAdres": True,
    }
    first = (await here.post("digitaleadressen", json=adres)).json()
    second = (await here.post("digitaleadressen", json={**adres, "adres": "s@example.nl"})).json()
    changed = await here.patch(path, json={"digitaleAdressen": [{"uuid": second["uuid"]}]})
    assert changed.status_code == 200, changed.text
    assert [one["uuid"] for one in changed.json()["digitaleAdressen"]] == [second["uuid"]]
    left = await asked(there, as_there(f"digitaleadressen/{first['uuid']}"))
    assert left["verstrektDoorPartij"] is None
    assert (await here.delete(path)).status_code == 204
    assert (await there.get(as_there(path))).status_code == 404
    gone = as_there(f"digitaleadressen/{second['uuid']}")
    assert (await there.get(gone)).status_code == 404
