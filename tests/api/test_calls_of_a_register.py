"""What a question costs in calls, of a Klantinteracties register: the numbers are those of
docs/bronnen.md. Each is asked of a gateway that has seen nothing yet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.api.test_calls_of_old_systems import QUESTIONS
from tests.helpers import BSN
from tests.support.klantbeeld import Desk
from tests.support.register import Register, before, register

LISTED: Final[Mapping[str, str]] = {
    **QUESTIONS,
    "een bladzijde klantcontacten": "klantcontacten?pageSize=100",
    "een bladzijde partijen": "partijen?pageSize=20&expand=digitaleAdressen",
}
COSTS: Final[Mapping[str, int]] = {
    "contacten van een BSN": 3,
    "met betrokkenen en onderwerpen": 3,
    "en met de partijen": 5,
    "contacten van een partij": 1,
    "contacten van een zaak": 1,
    # The links, under both names that a zaak has there; then each of its ten contacts.
    "contacten van een zaak, met codes": 12,
    "een contact": 1,
    "betrokkenen van een contact": 1,
    "onderwerpen van een contact": 1,
    "partij van een BSN": 4,
    "betrokkenen van een partij": 1,
    "adressen van een partij": 1,
    "contact met een nummer": 1,
    "open taken": 1,
    "een bladzijde klantcontacten": 1,
    "een bladzijde partijen": 3,
}


async def about(client: httpx.AsyncClient) -> Mapping[str, str]:
    """What the questions are about."""
    found = await client.get(f"partijen?partijIdentificator__objectId={BSN}")
    partij = found.json()["results"][0]["uuid"]
    of_hers = f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij}"
    contact = (await client.get(of_hers)).json()["results"][0]
    links = (await client.get("onderwerpobjecten?pageSize=500")).json()["results"]
    objects = (one["onderwerpobjectidentificator"] for one in links)
    zaak = next(one["objectId"] for one in objects if one["codeObjecttype"] == "zgw-Zaak")
    return {"partij": partij, "contact": contact["uuid"], "zaak": zaak, "nummer": contact["nummer"]}


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with register(tmp_path) as client:
        yield client


@pytest.mark.usefixtures("there")
async def test_a_question_costs_as_many_calls_as_it_is_said(tmp_path: Path) -> None:
    async with before(tmp_path) as client:
        asked = await about(client)
    costs = {}
    for question, url in LISTED.items():
        async with before(tmp_path, limits={"burst_seconds": 5}) as client:
            Register.calls.clear()
            answer = await client.get(url.format(**asked))
            assert answer.status_code == 200, answer.text
            costs[question] = len(Register.calls)
    assert costs == COSTS


@pytest.mark.usefixtures("there")
async def test_a_klantbeeld_costs_as_many_calls_as_it_is_said(tmp_path: Path) -> None:
    """All that KISS asks when a person is opened: 10 requests, 2 for each contact and more."""
    async with before(tmp_path, limits={"burst_seconds": 60}) as client:
        Register.calls.clear()
        desk = Desk(client)
        await desk.open()
        assert (desk.requests, len(Register.calls)) == (34, 24), Register.calls
