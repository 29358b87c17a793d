"""Each fault, in each source, required or optional, for a list, a detail and an expanded one.

An answer is the healthy one to the byte of its JSON, or an error that names the source; or, where
the source may be missing, the answer of a gateway that never had it, and it says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.faults.bench import Fault, both_sources, gateway, questions, shown
from tests.faults.matrix import (
    BROKEN,
    EVERY_TIME,
    LATE,
    REQUEST_SECONDS,
    SLOW_BUT_WHOLE,
    SOURCE_SECONDS,
    World,
    honest,
    refused_honestly,
    without_it_and_saying_so,
)
from tests.support.faults import PASS, Cut, after

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with both_sources() as sources:
        async with gateway(tmp_path_factory.mktemp("both"), sources) as client:
            asked = await questions(client)
            answers = {name: await client.get(url) for name, url in asked.items()}
            assert {answer.status_code for answer in answers.values()} == {200}
            healthy = {name: shown(answer) for name, answer in answers.items()}
        without: dict[str, dict[str, httpx.Response]] = {}
        for alias in sources:
            others = {name: source for name, source in sources.items() if name != alias}
            async with gateway(tmp_path_factory.mktemp("without"), others) as client:
                without[alias] = {name: await client.get(url) for name, url in asked.items()}
        yield World(sources, asked, healthy, without)


@pytest_asyncio.fixture(loop_scope="module")
async def _healed(world: World) -> AsyncIterator[None]:
    yield
    for source in world.sources.values():
        await source.fail(PASS)


@pytest.mark.parametrize("fault", SLOW_BUT_WHOLE, ids=repr)
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("_healed")
async def test_what_is_slow_is_whole(
    world: World, tmp_path: Path, alias: str, fault: Fault
) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=REQUEST_SECONDS) as client:
        await world.sources[alias].fail(fault)
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
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("_healed")
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, tmp_path: Path, alias: str, required: bool, fault: Fault
) -> None:
    async with gateway(
        tmp_path,
        world.sources,
        optional=[] if required else [alias],
        request_seconds=REQUEST_SECONDS,
        source_seconds=SOURCE_SECONDS if fault in LATE.values() else REQUEST_SECONDS,
    ) as client:
        # The fault strikes connections that are open, and then new ones.
        assert (await client.get(world.asked["partij"])).status_code == 200
        await world.sources[alias].fail(fault)
        await honest(client, world, alias, required)


@pytest.mark.parametrize("questions", [1, 3, 8])
@pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("_healed")
async def test_what_fails_midway_leaves_nothing_out(
    world: World, tmp_path: Path, alias: str, required: bool, questions: int
) -> None:
    """The first calls are answered: of a list with many of them, by then something is known."""
    optional = [] if required else [alias]
    async with gateway(tmp_path, world.sources, optional=optional) as client:
        await world.sources[alias].fail(after(questions, Cut(0.5)))
        answer = await client.get(world.asked["expanded list"])
    if required:
        refused_honestly(answer, alias)
    else:
        without_it_and_saying_so(answer, alias, world.without[alias]["expanded list"])
