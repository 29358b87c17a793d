"""Open Klant 1 as the only source of a gateway: what a portal sees, and what that costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS
from tests.helpers import BSN
from tests.support.urls import are_found_again, urls_in
from tests.support.v1 import OpenKlant1, config, gateway

OF_BSN = (
    "hadBetrokkene__wasPartij__partijIdentificator__objectId"
    f"={BSN}&hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn"
)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, "open-klant-1", limits={"burst_seconds": 5})) as client:
        yield client


async def results(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


@pytest.mark.parametrize(
    ("expand", "calls"),
    [
        ("", 2),
        ("&expand=hadBetrokkenen,gingOverOnderwerpobjecten", 2),
        # All betrokkenen of a partij are shown with it.
        ("&expand=hadBetrokkenen,gingOverOnderwerpobjecten,hadBetrokkenen.wasPartij", 3),
    ],
)
async def test_contacts_of_a_bsn_take_few_calls(
    client: httpx.AsyncClient, expand: str, calls: int
) -> None:
    found = await results(client, f"klantcontacten?{OF_BSN}{expand}")
    fake = OpenKlant1.last
    assert len(fake.calls) == calls
    (klant,) = [
        k
        for k in fake.register.rows[KLANTEN].values()
        if k["subjectIdentificatie"].get("inpBsn") == BSN
    ]
    links = [
        link
        for link in fake.register.rows[KLANTLINKS].values()
        if link["klant"].endswith(klant["uuid"])
    ]
    assert {c["uuid"] for c in found} == {link["contactmoment"] for link in links}
    assert {b["uuid"] for c in found for b in c["hadBetrokkenen"]} == {lk["uuid"] for lk in links}
    moments = [c["plaatsgevondenOp"] for c in found]
    assert moments == sorted(moments, reverse=True)
    if calls == 3:
        partijen = {
            b["_expand"]["wasPartij"]["uuid"] for c in found for b in c["_expand"]["hadBetrokkenen"]
        }
        assert partijen == {klant["uuid"]}


async def test_every_uuid_that_is_given_out_is_found_again(client: httpx.AsyncClient) -> None:
    seen: set[str] = set()
    for resource in ("partijen", "klantcontacten", "betrokkenen", "onderwerpobjecten"):
        seen.update(urls_in(await results(client, f"{resource}?pageSize=5")))
    seen.update(urls_in(await results(client, f"klantcontacten?{OF_BSN}")))
    assert len(seen) > 40
    await are_found_again(client, seen)


async def test_filters_of_portals_are_answered(client: httpx.AsyncClient) -> None:
    (partij,) = await results(
        client,
        f"partijen?partijIdentificator__objectId={BSN}"
        "&partijIdentificator__codeSoortObjectId=bsn&expand=digitaleAdressen",
    )
    addresses = {d["adres"] for d in partij["_expand"]["digitaleAdressen"]}
    assert len(addresses) == 2
    for address in addresses:
        found = await results(client, f"digitaleadressen?adres={address}")
        assert partij["uuid"] in {d["verstrektDoorPartij"]["uuid"] for d in found}
    of_partij = await results(client, f"betrokkenen?wasPartij__uuid={partij['uuid']}")
    contacts = await results(
        client, f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij['uuid']}"
    )
    assert {b["hadKlantcontact"]["uuid"] for b in of_partij} == {c["uuid"] for c in contacts}
    objects = await results(client, f"onderwerpobjecten?klantcontact__uuid={contacts[0]['uuid']}")
    zaken = [
        o["onderwerpobjectidentificator"]["objectId"]
        for o in objects
        if o["onderwerpobjectidentificator"]["codeObjecttype"] == "zgw-Zaak"
    ]
    for zaak in zaken:
        about = await results(
            client, f"klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId={zaak}"
        )
        assert contacts[0]["uuid"] in {c["uuid"] for c in about}


async def test_a_list_is_walked_to_its_end(client: httpx.AsyncClient) -> None:
    found: list[str] = []
    url: str | None = "klantcontacten?pageSize=7"
    while url:
        body = (await client.get(url)).json()
        found += [c["uuid"] for c in body["results"]]
        url = body["next"]
    assert len(found) == len(set(found))
    assert set(found) == set(OpenKlant1.last.register.rows[CONTACTEN])


@pytest.mark.parametrize("number", ["ZAAK-2021-0001", "a b", "a,b", "1"])
async def test_a_number_that_is_no_uuid_is_of_no_zaak_here(
    client: httpx.AsyncClient, number: str
) -> None:
    for url in (
        "onderwerpobjecten?onderwerpobjectidentificatorObjectId",
        "klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId",
    ):
        assert await results(client, f"{url}={quote(number)}") == []


async def test_a_number_of_another_case_is_another_number(client: httpx.AsyncClient) -> None:
    url = "onderwerpobjecten?onderwerpobjectidentificatorObjectId"
    (one, *_) = [
        o["onderwerpobjectidentificator"]["objectId"]
        for o in await results(client, "onderwerpobjecten?pageSize=500")
        if o["wasKlantcontact"]
    ]
    assert await results(client, f"{url}={one}")
    assert await results(client, f"{url}={one.upper()}") == []


async def test_what_it_does_not_have_is_empty_and_what_it_cannot_find_is_refused(
    client: httpx.AsyncClient,
) -> None:
    for resource in ("internetaken", "rekeningnummers", "categorieen"):
        assert await results(client, resource) == []
    answer = await client.get("klantcontacten?nummer=1")
    assert answer.json()["results"] == []
    answer = await client.get("actoren")
    assert answer.status_code == 400


async def test_who_is_known_by_an_account_only_is_called_by_it(client: httpx.AsyncClient) -> None:
    rows = OpenKlant1.last.register.rows[CONTACTEN]
    row = next(row for row in rows.values() if row["medewerkerIdentificatie"])
    row["medewerkerIdentificatie"] = {"identificatie": "oip", "achternaam": "", "voorletters": ""}
    answer = await client.get(f"klantcontacten/{row['uuid']}")
    (actor,) = answer.json()["hadBetrokkenActoren"]
    assert actor["naam"] == "oip"


async def test_a_source_that_keeps_the_gateway_out_is_its_own_error(
    client: httpx.AsyncClient,
) -> None:
    fake = OpenKlant1.last
    fake.tokens = type(fake.tokens)({}, fake.tokens.now)
    answer = await client.get(f"klantcontacten?{OF_BSN}")
    assert answer.status_code == 502
    assert "open-klant-1" in answer.text
    assert BSN not in answer.text


@pytest.mark.parametrize(
    ("resource", "filter_", "path"),
    [
        ("klantcontacten", "kanaal", "kanaal"),
        ("klantcontacten", "plaatsgevondenOp", "plaatsgevondenOp"),
        ("klantcontacten", "onderwerp", "onderwerp"),
        ("partijen", "soortPartij", "soortPartij"),
        ("partijen", "nummer", "nummer"),
        ("digitaleadressen", "adres", "adres"),
        ("digitaleadressen", "soortDigitaalAdres", "soortDigitaalAdres"),
        ("partij-identificatoren", "partijIdentificatorObjectId", "partijIdentificator.objectId"),
        (
            "onderwerpobjecten",
            "onderwerpobjectidentificatorObjectId",
            "onderwerpobjectidentificator.objectId",
        ),
    ],
)
async def test_a_filter_gives_exactly_what_is_shown_with_that_value(
    client: httpx.AsyncClient, resource: str, filter_: str, path: str
) -> None:
    every = await results(client, f"{resource}?pageSize=500")
    shown: dict[str, set[str]] = {}
    for one in every:
        value: Any = one
        for step in path.split("."):
            value = value[step]
        if value:
            shown.setdefault(value, set()).add(one["uuid"])
    assert shown
    for value in sorted(shown)[:5]:
        answer = await client.get(resource, params={filter_: value, "pageSize": "500"})
        assert answer.status_code == 200, answer.text
        found = {one["uuid"] for one in answer.json()["results"]}
        if filter_ == "onderwerp":
            assert shown[value] <= found
        else:
            assert found == shown[value], value
