"""The e-Suite as the only source of a gateway: what a portal sees, and what that costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Row
from gateway.api.access import hashed
from tests.helpers import BSN, CLIENT
from tests.support.v1 import ESuite, config, gateway

OF_BSN = (
    "hadBetrokkene__wasPartij__partijIdentificator__objectId"
    f"={BSN}&hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn"
)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, "e-suite", limits={"burst_seconds": 5})) as client:
        yield client


async def results(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def rows(resource: str) -> list[Row]:
    return list(ESuite.last.register.rows[resource].values())


def hers() -> tuple[str, list[Row]]:
    """The klant with the known BSN, and the contacts linked to it."""
    (klant,) = [k for k in rows(KLANTEN) if k["subjectIdentificatie"].get("inpBsn") == BSN]
    linked = {link["contactmoment"] for link in rows(KLANTLINKS) if link["klant"] == klant["uuid"]}
    return klant["uuid"], [c for c in rows(CONTACTEN) if c["uuid"] in linked]


async def test_contacts_of_a_bsn_are_there_without_those_that_are_kept(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(f"klantcontacten?{OF_BSN}")
    _, contacts = hers()
    shown = {c["uuid"] for c in contacts if not c["_only"]}
    kept = len(contacts) - len(shown)
    assert shown
    assert kept
    assert {c["uuid"] for c in answer.json()["results"]} == shown
    assert answer.headers["Bronnen"] == f"e-suite;staat=withheld;afgeschermd={kept}"
    # One for the klant, one for the links, one for each contact, two for what is linked to it.
    assert len(ESuite.last.calls) == 2 + len(contacts) + 2 * len(shown)
    again = await client.get(f"klantcontacten?{OF_BSN}")
    assert again.headers["Bronnen"] == answer.headers["Bronnen"]


async def test_what_refers_to_a_contact_that_is_kept_stays(client: httpx.AsyncClient) -> None:
    klant, contacts = hers()
    kept = {c["uuid"] for c in contacts if c["_only"]}
    for _ in range(2):
        # The second time it is known that they are kept.
        answer = await client.get(f"betrokkenen?wasPartij__uuid={klant}")
        assert answer.status_code == 200
        assert answer.headers["Bronnen"] == f"e-suite;staat=withheld;afgeschermd={len(kept)}"
        calls = len(ESuite.last.calls)
    assert len(ESuite.last.calls) == calls
    betrokkenen = answer.json()["results"]
    assert {b["hadKlantcontact"]["uuid"] for b in betrokkenen} == {c["uuid"] for c in contacts}
    for betrokkene in betrokkenen:
        referred = betrokkene["hadKlantcontact"]
        assert list(referred) == ["uuid", "url"]
        assert (await client.get(betrokkene["url"])).json()["hadKlantcontact"] == referred


async def test_a_contact_that_is_kept_is_not_expanded(client: httpx.AsyncClient) -> None:
    klant, contacts = hers()
    kept = {c["uuid"] for c in contacts if c["_only"]}
    answer = await client.get(f"partijen/{klant}?expand=betrokkenen,betrokkenen.hadKlantcontact")
    assert answer.headers["Bronnen"] == f"e-suite;staat=withheld;afgeschermd={len(kept)}"
    betrokkenen = answer.json()["_expand"]["betrokkenen"]
    assert {b["hadKlantcontact"]["uuid"] for b in betrokkenen} == {c["uuid"] for c in contacts}
    for betrokkene in betrokkenen:
        expanded, uuid = (
            betrokkene["_expand"]["hadKlantcontact"],
            betrokkene["hadKlantcontact"]["uuid"],
        )
        assert expanded is None if uuid in kept else expanded["uuid"] == uuid


async def test_a_client_that_takes_no_403_is_not_told_of_what_is_kept(tmp_path: Path) -> None:
    clients = {
        "tests": {**CLIENT, "withheld": "omit"},
        "others": {**CLIENT, "tokens": [hashed("other")]},
    }
    path = config(tmp_path, "e-suite", limits={"burst_seconds": 5}, clients=clients)
    async with gateway(path) as client:
        klant, contacts = hers()
        shown = {c["uuid"] for c in contacts if not c["_only"]}
        url = f"betrokkenen?wasPartij__uuid={klant}"
        for _ in range(2):
            # Nor by what another was told of it.
            answer = await client.get(url, headers={"Authorization": "Token other"})
            assert len(answer.json()["results"]) == len(contacts)
            answer = await client.get(url)
            betrokkenen = answer.json()["results"]
            assert {b["hadKlantcontact"]["uuid"] for b in betrokkenen} == shown
            assert f"afgeschermd={len(contacts) - len(shown)}" in answer.headers["Bronnen"]
        kept = next(c["uuid"] for c in contacts if c["_only"])
        assert await results(client, f"betrokkenen?hadKlantcontact__uuid={kept}") == []


async def test_what_is_about_a_contact_that_is_kept_is_found_by_which_one_it_is_only(
    client: httpx.AsyncClient,
) -> None:
    _, contacts = hers()
    one = next(c for c in contacts if c["_only"])
    (found,) = await results(client, f"betrokkenen?hadKlantcontact__uuid={one['uuid']}")
    assert found["hadKlantcontact"]["uuid"] == one["uuid"]
    about = await results(client, f"onderwerpobjecten?klantcontact__uuid={one['uuid']}")
    linked = [link for link in rows(OBJECTLINKS) if link["contactmoment"] == one["uuid"]]
    assert [o["klantcontact"]["uuid"] for o in about] == [one["uuid"]] * len(linked)
    by_zaak = await client.get(
        "klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId="
        f"{linked[0]['object'].rpartition('/')[2]}"
    )
    assert one["uuid"] not in {c["uuid"] for c in by_zaak.json()["results"]}
    assert ";afgeschermd=" in by_zaak.headers["Bronnen"]
    # What it is about cannot be known, so it does not meet a question about that.
    by_number = f"betrokkenen?hadKlantcontact__uuid={one['uuid']}&hadKlantcontact__nummer=1"
    assert await results(client, by_number) == []


async def test_a_contact_that_is_kept_is_403(client: httpx.AsyncClient) -> None:
    _, contacts = hers()
    kept = next(c for c in contacts if c["_only"])
    answer = await client.get(f"klantcontacten/{kept['uuid']}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"


async def test_who_has_it_on_his_desk_sees_it(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        "e-suite",
        limits={"burst_seconds": 5},
        clients={"tests": {**CLIENT, "user_header": "X-User"}},
        credentials={"original_user": True, "user_header": "X-Esuite-Request-User-Id"},
    )
    async with gateway(path) as client:
        _, contacts = hers()
        kept = next(c for c in contacts if c["_only"])
        url = f"klantcontacten/{kept['uuid']}"
        owner, other = {"X-User": kept["_only"]}, {"X-User": "iemand.anders"}
        for headers, status in (({}, 403), (owner, 200), (other, 403), (owner, 200), ({}, 403)):
            assert (await client.get(url, headers=headers)).status_code == status
        found = (await client.get(f"klantcontacten?{OF_BSN}", headers=owner)).json()["results"]
        assert kept["uuid"] in {c["uuid"] for c in found}
        wrong = await client.get(url, headers={"X-User": "twee namen"})
        assert wrong.status_code == 400


async def test_a_number_of_a_year_finds_its_contact(client: httpx.AsyncClient) -> None:
    contact = next(c for c in rows(CONTACTEN) if not c["_only"])
    number, _, year = contact["identificatie"].partition("-")
    (found,) = await results(client, f"klantcontacten?nummer={year}{number:0>6}")
    assert found["uuid"] == contact["uuid"]
    assert found["nummer"] == f"{year}{number:0>6}"
    assert found["metadata"]["bronNummer"] == contact["identificatie"]
    for none in ("1", f"{year}000000", f"{year}999999"):
        assert await results(client, f"klantcontacten?nummer={none}") == []


async def test_contactverzoeken_are_taken_up_as_interne_taken(client: httpx.AsyncClient) -> None:
    asked = [c for c in rows(CONTACTEN) if c["type"] == "Terugbelverzoek"]
    for status, native in (
        ("te_verwerken", ("nieuw", "in_behandeling")),
        ("verwerkt", ("afgehandeld",)),
    ):
        found = await results(client, f"internetaken?status={status}")
        assert {t["uuid"] for t in found} == {c["uuid"] for c in asked if c["status"] in native}
    busy = next(c for c in asked if c["behandelaar"] and not c["_only"])
    one = (await client.get(f"internetaken/{busy['uuid']}")).json()
    assert one["aanleidinggevendKlantcontact"]["uuid"] == busy["uuid"]
    actor = (await client.get(one["toegewezenAanActor"]["url"])).json()
    assert actor["actoridentificator"]["objectId"] == busy["behandelaar"]["gebruikersnaam"]
    (same,) = await results(
        client, f"actoren?actoridentificatorObjectId={busy['behandelaar']['gebruikersnaam']}"
    )
    assert same == actor


async def test_a_taak_is_found_by_who_it_is_for(client: httpx.AsyncClient) -> None:
    taken = [c for c in rows(CONTACTEN) if c["type"] == "Terugbelverzoek" and c["behandelaar"]]
    name = taken[0]["behandelaar"]["gebruikersnaam"]
    found = await results(client, f"internetaken?actoren__naam={name}")
    of_name = {t["uuid"] for t in taken if t["behandelaar"]["gebruikersnaam"] == name}
    assert {t["uuid"] for t in found} == of_name


async def test_nobody_has_a_name_that_no_account_can_have(client: httpx.AsyncClient) -> None:
    for name in ("noor@zilverdam.example", "een.heel.lange.naam"):
        assert await results(client, f"actoren?actoridentificatorObjectId={name}") == []
        assert await results(client, f"internetaken?actoren__naam={name}") == []


async def test_what_was_left_for_a_contact_is_of_its_betrokkene(client: httpx.AsyncClient) -> None:
    contact = next(c for c in rows(CONTACTEN) if c["contactgegevens"] and not c["_only"])
    found = await results(client, f"betrokkenen?hadKlantcontact__uuid={contact['uuid']}")
    (own,) = [b for b in found if b["wasPartij"] is None]
    addresses = [(await client.get(a["url"])).json()["adres"] for a in own["digitaleAdressen"]]
    left = contact["contactgegevens"]
    assert addresses == [left.get("telefoonnummer") or left["emailadres"]]


@pytest.mark.parametrize("by_contact", ["ignored", "refused"])
async def test_links_of_others_are_never_shown(client: httpx.AsyncClient, by_contact: str) -> None:
    contact = next(c for c in rows(CONTACTEN) if c["_klant"] and not c["_only"])
    ESuite.last.by_contact = by_contact
    answer = await client.get(f"betrokkenen?hadKlantcontact__uuid={contact['uuid']}")
    assert answer.status_code == 502


@pytest.mark.parametrize(
    "resource", ["klantcontacten", "partijen", "betrokkenen", "digitaleadressen"]
)
async def test_what_cannot_be_listed_is_refused_without_a_call(
    client: httpx.AsyncClient, resource: str
) -> None:
    answer = await client.get(resource)
    assert answer.status_code == 400
    assert answer.json()["invalidParams"][0]["code"] == "filter-not-supported"
    assert not ESuite.last.calls


async def test_a_klant_is_found_by_one_number_at_a_time(client: httpx.AsyncClient) -> None:
    found = await results(
        client, f"partijen?partijIdentificator__objectId={BSN}&expand=digitaleAdressen"
    )
    klant, _ = hers()
    assert [p["uuid"] for p in found] == [klant]
    assert await results(client, "partijen?partijIdentificator__objectId=111222333") == []


async def test_tasks_are_found_by_who_has_them(client: httpx.AsyncClient) -> None:
    name = next(c for c in rows(CONTACTEN) if c["behandelaar"])["behandelaar"]["gebruikersnaam"]
    found = await results(client, f"internetaken?actoren__naam={name}")
    busy = [c for c in rows(CONTACTEN) if (c["behandelaar"] or {}).get("gebruikersnaam") == name]
    assert {t["uuid"] for t in found} <= {c["uuid"] for c in busy}
    assert found


@pytest.mark.parametrize("nobody", ["wie.zo.lang.heet.dat", "MET.HOOFDLETTERS"])
async def test_a_name_that_can_be_nobodys_is_nobodys(
    client: httpx.AsyncClient, nobody: str
) -> None:
    assert await results(client, f"actoren?actoridentificatorObjectId={nobody}") == []
    assert not ESuite.last.calls


async def test_what_refers_to_nothing_is_not_asked_for(client: httpx.AsyncClient) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    # By an actor it cannot be asked; but what is not there needs no asking.
    assert await results(client, f"actorklantcontacten?actor__uuid={unknown}") == []
    assert not ESuite.last.calls
