"""What a client may not read it does not see, in whatever way it asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.api.access import hashed
from gateway.config import Client
from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import TOKEN, client_of, problem, values

Reader = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def reader(kcc: Installation) -> Reader:
    """Makes a client of the sample municipality that may read these resources only."""

    @asynccontextmanager
    async def made(*resources: str) -> AsyncIterator[httpx.AsyncClient]:
        scopes = [f"{name}:read" for name in resources]
        clients = {"reader": Client(tokens=[hashed(TOKEN)], scopes=scopes)}
        config = kcc.config.model_copy(update={"clients": clients})
        async with client_of(replace(kcc, config=config).app()) as client:
            yield client

    return made


async def rows(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    response = await client.get(url, params=None)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def bare(references: list[dict[str, Any]]) -> bool:
    """Whether these are references, and nothing more."""
    return all(list(reference) == ["uuid", "url"] for reference in references)


@pytest.mark.parametrize("resource", list(RESOURCES))
async def test_a_client_reads_what_it_may(reader: Reader, resource: str) -> None:
    async with reader(resource) as client:
        assert (await client.get(resource)).status_code == 200


@pytest.mark.parametrize("resource", list(RESOURCES))
async def test_a_client_does_not_read_what_it_may_not(reader: Reader, resource: str) -> None:
    others = [name for name in RESOURCES if name != resource]
    async with reader(*others) as client:
        problem(await client.get(resource), 403, "permission_denied")


async def test_a_client_without_scopes_reads_nothing(reader: Reader) -> None:
    async with reader() as client:
        for resource in RESOURCES:
            problem(await client.get(resource), 403, "permission_denied")


async def test_a_single_object_may_not_be_read_either(
    reader: Reader, client: httpx.AsyncClient
) -> None:
    (partij,) = await rows(client, "partijen?pageSize=1")
    async with reader("betrokkenen") as other:
        problem(await other.get(partij["url"]), 403, "permission_denied")


async def test_that_an_object_exists_is_not_told(reader: Reader, client: httpx.AsyncClient) -> None:
    (partij,) = await rows(client, "partijen?pageSize=1")
    async with reader("betrokkenen") as other:
        there = (await other.get(f"partijen/{partij['uuid']}")).json()
        gone = (await other.get("partijen/5d6f0000-0000-4000-8000-000000000001")).json()
    assert {k: v for k, v in there.items() if k != "instance"} == {
        k: v for k, v in gone.items() if k != "instance"
    }


async def test_references_elsewhere_stay_references(
    reader: Reader, client: httpx.AsyncClient
) -> None:
    url = "betrokkenen?pageSize=500"
    async with reader("betrokkenen") as other:
        assert await rows(other, url) == await rows(client, url)


async def test_what_may_not_be_read_is_not_embedded(
    reader: Reader, client: httpx.AsyncClient
) -> None:
    embedded = [p["partijIdentificatoren"] for p in await rows(client, "partijen?pageSize=500")]
    async with reader("partijen") as other:
        found = [p["partijIdentificatoren"] for p in await rows(other, "partijen?pageSize=500")]
    assert [[{k: i[k] for k in ("uuid", "url")} for i in one] for one in embedded] == found
    assert any(found)


async def test_what_may_be_read_is_embedded(reader: Reader, client: httpx.AsyncClient) -> None:
    url = "partijen?pageSize=500"
    async with reader("partijen", "partij-identificatoren") as other:
        found = [p["partijIdentificatoren"] for p in await rows(other, url)]
    assert found == [p["partijIdentificatoren"] for p in await rows(client, url)]


async def test_actoren_that_may_not_be_read_are_not_embedded(reader: Reader) -> None:
    async with reader("klantcontacten") as client:
        found = [k["hadBetrokkenActoren"] for k in await rows(client, "klantcontacten")]
    assert any(found)
    assert all(map(bare, found))


async def test_labels_that_may_not_be_read_are_not_shown(reader: Reader) -> None:
    async with reader("partijen") as client:
        found = [p["categorieRelaties"] for p in await rows(client, "partijen?pageSize=500")]
    assert any(found)
    assert all(map(bare, found))


async def test_a_name_that_may_not_be_read_does_not_stand_in_a_reference(reader: Reader) -> None:
    async with reader("categorie-relaties") as client:
        found = [r["categorie"] for r in await rows(client, "categorie-relaties")]
    assert any(found)
    assert bare([one for one in found if one])


async def test_a_name_may_stand_in_a_reference(reader: Reader) -> None:
    async with reader("categorie-relaties", "categorieen") as client:
        found = [r["categorie"] for r in await rows(client, "categorie-relaties")]
    assert all(one["naam"] for one in found if one)


async def test_what_may_not_be_read_is_not_expanded(reader: Reader) -> None:
    url = "klantcontacten?pageSize=50&expand=hadBetrokkenen,gingOverOnderwerpobjecten"
    async with reader("klantcontacten", "onderwerpobjecten") as client:
        found = [k["_expand"] for k in await rows(client, url)]
    assert {tuple(one) for one in found} == {("gingOverOnderwerpobjecten",)}


async def test_what_may_not_be_read_is_not_expanded_deeper_either(reader: Reader) -> None:
    url = "klantcontacten?pageSize=50&expand=hadBetrokkenen,hadBetrokkenen.wasPartij"
    async with reader("klantcontacten", "betrokkenen") as client:
        contacts = await rows(client, url)
    found = [b for k in contacts for b in k["_expand"]["hadBetrokkenen"]]
    assert any(b["wasPartij"] for b in found)
    assert [b["_expand"] for b in found] == [{}] * len(found)


@pytest.mark.parametrize("resource", ["klantcontacten", "betrokkenen", "internetaken"])
async def test_nothing_of_a_person_comes_along(
    reader: Reader, client: httpx.AsyncClient, resource: str
) -> None:
    numbers = await rows(client, "partij-identificatoren?pageSize=500")
    addresses = await rows(client, "digitaleadressen?pageSize=500")
    private = {n["partijIdentificator"]["objectId"] for n in numbers}
    private |= {a["adres"] for a in addresses}
    expand = ",".join(RESOURCES[resource].expand)
    url = f"{resource}?pageSize=500" + (f"&expand={expand}" if expand else "")
    async with reader(resource) as other:
        shown = set(values(await rows(other, url)))
    assert not private & shown
