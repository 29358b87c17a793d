"""A new contact, when the way to its system fails: what is told is what is so, and nothing is made
twice. Of a Klantinteracties register, Open Klant 1 and the e-Suite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from demo.v1.register import CONTACTEN
from demo.v1.service import Service
from tests.faults.bench import Sources, gateway
from tests.faults.matrix import UNKNOWN, Case, each
from tests.faults.systems import ALIASES, all_systems
from tests.helpers import problem
from tests.support.fakes import Mood
from tests.support.faults import PASS, Cut, Garbage, Hang, Lost, Refuse, ResetAtOnce
from tests.support.register import WRITER

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

CONTACT = {
    "kanaal": "Telefoon",
    "onderwerp": "Vraag over de afvalpas",
    "taal": "nld",
    "vertrouwelijk": True,
}
POST = b"POST "
WRITING = {"clients": WRITER}


CASES: Mapping[str, Case] = {
    "the answer is lost": Case(Lost(POST), *UNKNOWN, 1),
    "half of the answer comes": Case(Cut(0.5), *UNKNOWN, 1),
    "the question is lost": Case(Lost(POST, asked_for=False), *UNKNOWN, 0),
    "silence": Case(Hang(on=POST), *UNKNOWN, 0),
    "garbage": Case(Garbage(seed=3), *UNKNOWN, 0),
    "an error": Case(Mood(status=500), *UNKNOWN, 0),
    "nobody listens": Case(Refuse(), 503, "bron-niet-beschikbaar", 0),
    "unavailable": Case(Mood(status=503), 503, "bron-begrensd", 0),
    "not logged in": Case(Mood(status=401), 502, "bron-weigert", 0),
    "forbidden": Case(Mood(status=403), 502, "bron-weigert", 0),
    "reset at once": Case(ResetAtOnce(), *UNKNOWN, 0),
}
EVERY_TIME = ("the answer is lost", "nobody listens")


@dataclass(frozen=True)
class World:
    sources: Sources
    fakes: Mapping[str, Service]

    async def contacts(self, client: httpx.AsyncClient, alias: str) -> int:
        """How many contacts a system has."""
        if alias in self.fakes:
            return len(self.fakes[alias].register.rows[CONTACTEN])
        return int((await client.get("klantcontacten?pageSize=1")).json()["count"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with all_systems(tmp_path_factory.mktemp("systems")) as (sources, fakes):
        yield World(sources, fakes)


@each("case", CASES, EVERY_TIME)
@pytest.mark.parametrize("alias", ALIASES)
async def test_a_contact_is_made_once_or_not_at_all(
    world: World, tmp_path: Path, alias: str, case: Case
) -> None:
    source = world.sources[alias]
    written = replace(source, settings={**source.settings, "read_only": False})
    async with gateway(tmp_path, {alias: written}, source_seconds=4, sections=WRITING) as client:
        before = await world.contacts(client, alias)
        await source.fail(case.fault)
        answer = await client.post("klantcontacten", json=CONTACT)
        await source.fail(PASS)
        assert await world.contacts(client, alias) == before + case.made
        problem(answer, case.status, case.code)
    # What was left alone for a while is asked again by another gateway, and takes one.
    async with gateway(tmp_path, {alias: written}, sections=WRITING) as client:
        answer = await client.post("klantcontacten", json=CONTACT)
        assert answer.status_code == 201, answer.text
        assert await world.contacts(client, alias) == before + case.made + 1
