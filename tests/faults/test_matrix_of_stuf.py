"""Each fault in a StUF back end beside a KCC: required or optional, for a partij that both know and
for one that only the registration knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from adapters.base import Failure
from demo.kcc.data import KNOWN_BSNS, SMALL, generate
from demo.rest.app import create_app as kcc_service
from demo.stuf.data import Thing, holdings
from demo.stuf.service import StufService
from tests.faults.bench import Fault, Source, Sources, gateway, port_of, shown
from tests.faults.matrix import (
    BROKEN,
    EVERY_TIME,
    LATE,
    REQUEST_SECONDS,
    SLOW_BUT_WHOLE,
    SOURCE_SECONDS,
    World,
    honest,
    states,
)
from tests.helpers import ROOT
from tests.support.fakes import fake_source
from tests.support.faults import PASS, FaultProxy
from tests.support.stuf import options

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

BASIS = "basis"
ROWS = generate(SMALL)
STRANGER = Thing("NPS", "stranger", {"inp.bsn": "999990081", "geslachtsnaam": "Onbekend"})
"""Somebody of whom the KCC never heard."""

HELD = holdings(SMALL)
HELD.put(STRANGER)
RSIN = next(
    thing.values["inn.nnpId"]
    for thing in HELD.of("NNP")
    if "rps.isEigenaarVan/gerelateerde/kvkNummer" in thing.values
)
WHO = "partijen?partijIdentificator__codeSoortObjectId={}&partijIdentificator__objectId={}"
ASKED = {
    "a stranger": WHO.format("bsn", STRANGER.values["inp.bsn"]),
    "a company": WHO.format("rsin", RSIN) + "&expand=digitaleAdressen",
    "partij": WHO.format("bsn", KNOWN_BSNS[0]) + "&expand=digitaleAdressen",
}


@asynccontextmanager
async def kcc_and_registration() -> AsyncIterator[tuple[Sources, StufService]]:
    """Both as sources, each behind a network."""
    service = StufService(HELD)
    async with (
        fake_source(kcc_service(ROWS)) as kcc,
        fake_source(service.app()) as basis,
        FaultProxy(port_of(kcc)) as kcc_network,
        FaultProxy(port_of(basis)) as network,
    ):
        of_kcc = {
            "number": 1,
            "adapter": "adapters.rest:RestAdapter",
            "collections": "rest",
            "mapping": str(ROOT / "mappings" / "kcc"),
            "options": {"base_url": kcc_network.origin, "separator": ",", "max_values": 20},
        }
        url = f"{network.origin}/bg/services/BeantwoordVraag"
        of_basis = {
            "number": 2,
            "adapter": "adapters.stuf.adapter:StufAdapter",
            "collections": "stuf",
            "mapping": str(ROOT / "mappings" / "stuf-bg"),
            "options": options(urls={"beantwoord_vraag": url}),
        }
        sources = {
            "kcc": Source(kcc, kcc_network, of_kcc),
            BASIS: Source(basis, network, of_basis),
        }
        yield sources, service


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both() -> AsyncIterator[tuple[Sources, StufService]]:
    async with kcc_and_registration() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    both: tuple[Sources, StufService], tmp_path_factory: pytest.TempPathFactory
) -> World:
    sources, _ = both
    alone = {"kcc": sources["kcc"]}
    healthy = await answers(tmp_path_factory.mktemp("both"), sources)
    without = await answers(tmp_path_factory.mktemp("alone"), alone)
    assert {a.status_code for a in (*healthy.values(), *without.values())} == {200}
    assert shown(healthy["a stranger"]) != shown(without["a stranger"])
    return World(sources, ASKED, {n: shown(a) for n, a in healthy.items()}, {BASIS: without})


async def answers(folder: Path, sources: Sources) -> dict[str, httpx.Response]:
    async with gateway(folder, sources) as client:
        return {name: await client.get(url) for name, url in ASKED.items()}


@pytest_asyncio.fixture(loop_scope="module")
async def _healed(both: tuple[Sources, StufService]) -> AsyncIterator[None]:
    yield
    sources, service = both
    service.deviations = frozenset()
    await sources[BASIS].fail(PASS)


@pytest.mark.parametrize("fault", SLOW_BUT_WHOLE, ids=repr)
@pytest.mark.usefixtures("_healed")
async def test_what_is_slow_is_whole(world: World, tmp_path: Path, fault: Fault) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=REQUEST_SECONDS) as client:
        await world.sources[BASIS].fail(fault)
        for name, url in world.asked.items():
            answer = await client.get(url)
            assert (answer.status_code, shown(answer)) == (200, world.healthy[name]), name


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name, marks=() if name in EVERY_TIME else pytest.mark.soak)
        for name, fault in (LATE | BROKEN).items()
    ],
)
@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
@pytest.mark.usefixtures("_healed")
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, tmp_path: Path, required: bool, fault: Fault
) -> None:
    async with gateway(
        tmp_path,
        world.sources,
        optional=[] if required else [BASIS],
        request_seconds=REQUEST_SECONDS,
        source_seconds=SOURCE_SECONDS if fault in LATE.values() else REQUEST_SECONDS,
    ) as client:
        assert (await client.get(world.asked["partij"])).status_code == 200
        await world.sources[BASIS].fail(fault)
        await honest(client, world, BASIS, required)


@pytest.mark.parametrize(
    ("deviation", "state"),
    [
        ("no-content", Failure.BAD_DATA),
        ("web-page-as-answer", Failure.BAD_DATA),
        ("undeclared-prefix", Failure.BAD_DATA),
        ("policy", Failure.UNAVAILABLE),
        ("unavailable", Failure.THROTTLED),
        ("own-soap-actions", Failure.REFUSED),
    ],
)
@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
@pytest.mark.usefixtures("_healed")
async def test_what_answers_otherwise_is_missing_as_well(
    world: World,
    both: tuple[Sources, StufService],
    tmp_path: Path,
    required: bool,
    deviation: str,
    state: Failure,
) -> None:
    _, service = both
    async with gateway(tmp_path, world.sources, optional=[] if required else [BASIS]) as client:
        service.deviations = frozenset([deviation])
        await honest(client, world, BASIS, required)
        if not required:
            answer = await client.get(world.asked["a company"])
            assert states(answer)[BASIS] in (state, Failure.UNAVAILABLE)
