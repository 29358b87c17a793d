"""Each fault in a StUF back end beside a KCC: required or optional, for a partij that both know and
for one that only the registration knows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.base import Failure
from demo.kcc.data import KNOWN_BSNS, SMALL
from demo.stuf.data import Thing, holdings
from demo.stuf.service import StufService
from tests.faults.bench import Fault, Sources, gateway, reached, shown, the_kcc
from tests.faults.matrix import (
    EVERY_TIME,
    FAULTS,
    LATE,
    REQUEST_SECONDS,
    REQUIRED_OR_NOT,
    SLOW_BUT_WHOLE,
    SOURCE_SECONDS,
    World,
    each,
    failing,
    honest,
    states,
    whole,
    world_of,
)
from tests.helpers import ROOT
from tests.support.stuf import options

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

BASIS = "basis"
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


def _settings(origin: str) -> Mapping[str, Any]:
    return {
        "number": 2,
        "adapter": "adapters.stuf.adapter:StufAdapter",
        "collections": "stuf",
        "mapping": str(ROOT / "mappings" / "stuf-bg"),
        "options": options(urls={"beantwoord_vraag": f"{origin}/bg/services/BeantwoordVraag"}),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both() -> AsyncIterator[tuple[Sources, StufService]]:
    """Both as sources, each behind a network."""
    service = StufService(HELD)
    async with the_kcc() as kcc, reached(service.app(), _settings) as basis:
        yield {"kcc": kcc, BASIS: basis}, service


@pytest.fixture
def service(both: tuple[Sources, StufService]) -> Iterator[StufService]:
    """The registration, which deviates from nothing after a test."""
    _, found = both
    yield found
    found.deviations = frozenset()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    both: tuple[Sources, StufService], tmp_path_factory: pytest.TempPathFactory
) -> World:
    sources, _ = both
    found = await world_of(tmp_path_factory, sources, ASKED, missing=[BASIS])
    without = found.without[BASIS]
    assert {answer.status_code for answer in without.values()} == {200}
    assert found.healthy["a stranger"] != shown(without["a stranger"])
    return found


@pytest.mark.parametrize("fault", SLOW_BUT_WHOLE, ids=repr)
@pytest.mark.usefixtures("healed")
async def test_what_is_slow_is_whole(world: World, tmp_path: Path, fault: Fault) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=REQUEST_SECONDS) as client:
        await world.sources[BASIS].fail(fault)
        await whole(client, world)


@each("fault", FAULTS, EVERY_TIME)
@REQUIRED_OR_NOT
@pytest.mark.usefixtures("healed")
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, tmp_path: Path, required: bool, fault: Fault
) -> None:
    fails = partial(world.sources[BASIS].fail, fault)
    seconds = SOURCE_SECONDS if fault in LATE.values() else REQUEST_SECONDS
    async with failing(
        world, tmp_path, BASIS, fails, required=required, source_seconds=seconds
    ) as client:
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
@REQUIRED_OR_NOT
async def test_what_answers_otherwise_is_missing_as_well(
    world: World,
    service: StufService,
    tmp_path: Path,
    required: bool,
    deviation: str,
    state: Failure,
) -> None:
    async def deviates() -> None:
        service.deviations = frozenset([deviation])

    async with failing(world, tmp_path, BASIS, deviates, required=required, opened=False) as client:
        await honest(client, world, BASIS, required)
        if not required:
            answer = await client.get(world.asked["a company"])
            assert states(answer)[BASIS] in (state, Failure.UNAVAILABLE)
