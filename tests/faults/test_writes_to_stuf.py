"""A zaak that is made, or gets a status, when the way to the zaaksysteem fails: what is told is so,
and nothing is made twice. What got lost is found out where it can be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from demo.stuf.data import Holdings
from demo.stuf.service import StufService
from tests.faults.bench import Fault, Sources, gateway, reached
from tests.faults.matrix import UNKNOWN, Case, each
from tests.helpers import ROOT, problem
from tests.support.fakes import Mood
from tests.support.faults import PASS, Garbage, Hang, Lost, Refuse, ResetAtOnce
from tests.support.register import WRITER
from tests.support.stuf import options

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

CONTACT: dict[str, Any] = {
    "kanaal": "telefoon",
    "onderwerp": "Afvalcontainer",
    "taal": "nld",
    "vertrouwelijk": False,
    "metadata": {"achternaam": "Kooyman"},
}
WRITING = {"clients": WRITER}
MAKES = b"creeerZaak"
GIVES = b"actualiseerZaakstatus"
READS = b"geefZaakdetails"


CASES: Mapping[str, Case] = {
    "the answer is lost": Case(Lost(MAKES), 201, "", 1),
    "the zaak is lost": Case(Lost(MAKES, asked_for=False), *UNKNOWN, 0),
    "silence to the zaak": Case(Hang(MAKES), *UNKNOWN, 0),
    "it cannot be read": Case(Lost(READS), *UNKNOWN, 1),
    "silence to its reading": Case(Hang(READS), *UNKNOWN, 1),
    "the number is lost": Case(Lost(b"genereerZaak"), 503, "bron-niet-beschikbaar", 0),
    "silence": Case(Hang(), 504, "bron-te-laat", 0),
    "garbage": Case(Garbage(seed=3), 503, "bron-niet-beschikbaar", 0),
    "an error": Case(Mood(status=500), 503, "bron-niet-beschikbaar", 0),
    "unavailable": Case(Mood(status=503), 503, "bron-begrensd", 0),
    "forbidden": Case(Mood(status=403), 502, "bron-weigert", 0),
    "nobody listens": Case(Refuse(), 503, "bron-niet-beschikbaar", 0),
    "reset at once": Case(ResetAtOnce(), 503, "bron-niet-beschikbaar", 0),
}
EVERY_TIME = ("the answer is lost", "the zaak is lost", "it cannot be read", "nobody listens")


@dataclass(frozen=True)
class World:
    sources: Sources
    service: StufService

    @property
    def zaken(self) -> int:
        return len(self.service.holdings.of("ZAK"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    service = StufService(Holdings())
    async with reached(service.app(), _settings) as zaken:
        yield World({"taken": zaken}, service)


def _settings(origin: str) -> Mapping[str, Any]:
    ports = {
        "beantwoord_vraag": "BeantwoordVraag",
        "vrije_berichten": "VrijeBerichten",
        "ontvang_asynchroon": "OntvangAsynchroon",
    }
    urls = {name: f"{origin}/zkn/services/{port}" for name, port in ports.items()}
    return {
        "number": 1,
        "adapter": "adapters.stuf.adapter:StufAdapter",
        "collections": "stuf",
        "mapping": str(ROOT / "mappings" / "stuf-zkn-terugbellen"),
        "shows": "asked-for",
        "options": options(urls=urls, profile="zds11", lists=True),
    }


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _healed(world: World) -> AsyncIterator[None]:
    yield
    world.service.changes.loses = False
    await world.sources["taken"].fail(PASS)


@each("case", CASES, EVERY_TIME)
async def test_a_zaak_is_made_once_or_not_at_all(world: World, tmp_path: Path, case: Case) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=1.5, sections=WRITING) as client:
        before = world.zaken
        await world.sources["taken"].fail(case.fault)
        answer = await client.post("klantcontacten", json=CONTACT)
        await world.sources["taken"].fail(PASS)
        assert world.zaken == before + case.made
        if case.status == 201:
            assert answer.status_code == 201, answer.text
        else:
            problem(answer, case.status, case.code)


@pytest.mark.parametrize(
    ("fault", "status", "given"),
    [
        (Lost(GIVES), 200, "verwerkt"),
        (Lost(GIVES, asked_for=False), 504, "te_verwerken"),
    ],
    ids=["the answer is lost", "the status is lost"],
)
async def test_a_status_is_given_or_not_and_told(
    world: World, tmp_path: Path, fault: Fault, status: int, given: str
) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=1.5, sections=WRITING) as client:
        contact = (await client.post("klantcontacten", json=CONTACT)).json()
        url = f"internetaken/{contact['leiddeTotInterneTaken'][0]['uuid']}"
        await world.sources["taken"].fail(fault)
        answer = await client.patch(url, json={"status": "verwerkt"})
        await world.sources["taken"].fail(PASS)
        assert answer.status_code == status, answer.text
        assert (await client.get(url)).json()["status"] == given


async def test_what_is_received_and_not_done_is_unknown(world: World, tmp_path: Path) -> None:
    world.service.changes.loses = True
    async with gateway(tmp_path, world.sources, source_seconds=1, sections=WRITING) as client:
        answer: httpx.Response = await client.post("klantcontacten", json=CONTACT)
        problem(answer, *UNKNOWN)
