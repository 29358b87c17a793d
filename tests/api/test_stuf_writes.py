"""Somebody is to be called back: a contact with a task that is kept as a zaak, over StUF."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.stuf.data import Thing
from tests.helpers import problem, write_config
from tests.support.register import WRITER
from tests.support.stuf import Taken, source
from tests.support.v1 import gateway

BSN = "999993653"
CONTACT: dict[str, Any] = {
    "kanaal": "telefoon",
    "onderwerp": "Afvalcontainer",
    "inhoud": "Graag terugbellen",
    "taal": "nld",
    "vertrouwelijk": False,
    "plaatsgevondenOp": "2026-01-05T09:30:00Z",
}
SAID = {"bsn": BSN, "naam": "J. Jansen", "telefoonnummer": "0612345678", "medewerker": "bram"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = source("stuf-zkn-terugbellen", shows="asked-for")
    limits = {"source_seconds": 1}
    path = write_config(tmp_path, {"taken": settings}, clients=WRITER, limits=limits)
    async with gateway(path) as client:
        yield client


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def task(contact: dict[str, Any], actor: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "gevraagdeHandeling": "Contact opnemen met betrokkene",
        "aanleidinggevendKlantcontact": {"uuid": contact["uuid"]},
        "toegewezenAanActoren": [{"uuid": actor["uuid"]}],
        "status": "te_verwerken",
        **others,
    }


async def the_actor(client: httpx.AsyncClient) -> dict[str, Any]:
    found = await listed(
        client, "actoren?actoridentificatorObjectId=bram&actoridentificatorCodeObjecttype=mdw"
    )
    (actor,) = found
    return actor


async def test_a_desk_registers_a_task_piece_by_piece(client: httpx.AsyncClient) -> None:
    contact = await made(client, "klantcontacten", {**CONTACT, "metadata": SAID})
    (partij,) = await listed(client, f"partijen?partijIdentificator__objectId={BSN}")
    betrokkene = await made(
        client,
        "betrokkenen",
        {
            "hadKlantcontact": {"uuid": contact["uuid"]},
            "wasPartij": {"uuid": partij["uuid"]},
            "rol": "klant",
            "initiator": True,
        },
    )
    await made(
        client,
        "digitaleadressen",
        {
            "verstrektDoorBetrokkene": {"uuid": betrokkene["uuid"]},
            "verstrektDoorPartij": None,
            "adres": SAID["telefoonnummer"],
            "soortDigitaalAdres": "telefoonnummer",
            "omschrijving": "",
        },
    )
    actor = await the_actor(client)
    taak = await made(client, "internetaken", task(contact, actor))
    # All of that is one zaak.
    assert [one.partition(" ")[0] for one in Taken.last.asked if "Lv01" not in one] == [
        "genereerZaakIdentificatie_Di02",
        "creeerZaak_ZakLk01",
    ]
    shown = await client.get(f"klantcontacten/{contact['uuid']}?expand=leiddeTotInterneTaken")
    (of_contact,) = shown.json()["_expand"]["leiddeTotInterneTaken"]
    assert of_contact["uuid"] == taak["uuid"]
    by_person = f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij['uuid']}"
    assert [one["uuid"] for one in await listed(client, by_person)] == [contact["uuid"]]


async def test_a_task_is_done_when_its_zaak_has_its_last_status(client: httpx.AsyncClient) -> None:
    contact = await made(client, "klantcontacten", {**CONTACT, "metadata": SAID})
    url = f"internetaken/{contact['leiddeTotInterneTaken'][0]['uuid']}"
    assert (await client.get(url)).json()["status"] == "te_verwerken"
    done = {"status": "verwerkt", "toelichting": "Klant gesproken"}
    answer = await client.patch(url, json=done)
    assert answer.status_code == 200, answer.text
    assert answer.json().items() >= done.items()
    assert answer.json()["afgehandeldOp"] is not None
    (zaak,) = (t for t in Taken.last.holdings.of("ZAK") if "heeft/datumStatusGezet" in t.values)
    assert zaak.values["heeft/gerelateerde/omschrijving"] == "Afgehandeld"
    assert zaak.values["einddatum"]
    # To do it again is another status.
    again = await client.patch(url, json={"status": "te_verwerken"})
    assert again.json()["status"] == "te_verwerken", again.text


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"kanaal": "chat"}, {"kanaal"}),
        ({"taal": "eng", "reactie": "Ja."}, {"taal", "reactie"}),
        ({"vertrouwelijk": True}, {"vertrouwelijk"}),
        ({"onderwerp": "x" * 81}, {"onderwerp"}),
        ({"metadata": {"bsn": BSN, "kleur": "rood"}}, {"metadata.kleur"}),
        ({"inhoud": "x" * 1001}, {"inhoud"}),
    ],
)
async def test_what_a_zaak_cannot_keep_is_refused_by_name(
    client: httpx.AsyncClient, given: dict[str, Any], names: set[str]
) -> None:
    answer = await client.post(
        "klantcontacten", json={**CONTACT, "metadata": {"bsn": BSN}, **given}
    )
    told = problem(answer, 400, "invalid")
    assert {one["name"] for one in told["invalidParams"]} == names
    assert Taken.last.asked == []


async def test_a_zaak_is_somebodys(client: httpx.AsyncClient) -> None:
    body = {**CONTACT, "metadata": {"telefoonnummer": "0612345678"}}
    told = problem(await client.post("klantcontacten", json=body), 400, "invalid")
    (one,) = told["invalidParams"]
    assert all(name in one["reason"] for name in ("bsn", "rsin", "achternaam")), one
    assert Taken.last.asked == []
    body["metadata"]["achternaam"] = "Kooyman"
    contact = await made(client, "klantcontacten", body)
    betrokkene = (await client.get(f"betrokkenen/{contact['hadBetrokkenen'][0]['uuid']}")).json()
    assert betrokkene["contactnaam"]["achternaam"] == "Kooyman"
    assert betrokkene["wasPartij"] is None


async def test_what_was_not_said_at_once_is_not_added(client: httpx.AsyncClient) -> None:
    contact = await made(client, "klantcontacten", {**CONTACT, "metadata": {"bsn": BSN}})
    answer = await client.post(
        "internetaken", json=task(contact, await the_actor(client), toelichting="Na vier uur")
    )
    told = problem(answer, 409, "staat-anders")
    assert {one["name"] for one in told["invalidParams"]} == {
        "toegewezenAanActoren",
        "toelichting",
    }


async def test_what_does_not_show_is_unknown_and_not_made_twice(client: httpx.AsyncClient) -> None:
    Taken.last.changes.loses = True
    answer = await client.post("klantcontacten", json={**CONTACT, "metadata": SAID})
    problem(answer, 504, "uitkomst-onbekend")
    assert sum("creeerZaak" in one for one in Taken.last.asked) == 1


async def test_all_who_are_named_in_a_zaak_are_shown(client: httpx.AsyncClient) -> None:
    who = "gerelateerde/natuurlijkPersoon"
    Taken.last.holdings.put(
        Thing(
            "ZAK",
            "zak-1",
            {
                "identificatie": "ZAAK-2026-1",
                "omschrijving": "Bezwaar",
                "startdatum": "20260105",
                "isVan/gerelateerde/omschrijving": "Terugbelverzoek",
                "isVan/gerelateerde/code": "TBV",
                f"heeftAlsBelanghebbende/{who}/inp.bsn": "999990020",
                f"heeftAlsBelanghebbende/{who}/geslachtsnaam": "Buur",
                f"heeftAlsGemachtigde/{who}/inp.bsn": "999990019",
                f"heeftAlsGemachtigde/{who}/geslachtsnaam": "Helper",
                f"heeftAlsInitiator/{who}/inp.bsn": BSN,
                "heeftAlsUitvoerende/gerelateerde/organisatorischeEenheid/identificatie": "kcc",
                "heeftAlsVerantwoordelijke/gerelateerde/medewerker/identificatie": "noor",
            },
        )
    )
    (partij,) = await listed(client, f"partijen?partijIdentificator__objectId={BSN}")
    url = f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij['uuid']}"
    (contact,) = await listed(client, f"{url}&expand=hadBetrokkenen,leiddeTotInterneTaken")
    # Of a zaak that tells no moment, the day.
    assert contact["plaatsgevondenOp"] == "2026-01-04T23:00:00Z"
    assert {
        (
            one["rol"],
            one["initiator"],
            one["contactnaam"]["achternaam"] if one["contactnaam"] else "",
        )
        for one in contact["_expand"]["hadBetrokkenen"]
    } == {("klant", True, ""), ("klant", False, "Buur"), ("vertegenwoordiger", False, "Helper")}
    assert [one["naam"] for one in contact["hadBetrokkenActoren"]] == ["noor"]
    (taak,) = contact["_expand"]["leiddeTotInterneTaken"]
    (actor,) = taak["toegewezenAanActoren"]
    found = (await client.get(f"actoren/{actor['uuid']}")).json()
    assert (found["naam"], found["soortActor"]) == ("kcc", "organisatorische_eenheid")


async def test_who_may_only_read_a_back_end_is_told(tmp_path: Path) -> None:
    settings = source("stuf-zkn-terugbellen", read_only=True, shows="asked-for")
    path = write_config(tmp_path, {"taken": settings}, clients=WRITER)
    async with gateway(path) as client:
        assert (await client.post("klantcontacten", json=CONTACT)).status_code == 405
