"""Each fault, in each source, required or optional, for a list, a detail and an expanded one.

An answer is the healthy one to the byte of its JSON, or an error that names the source; or, where
the source may be missing, the answer of a gateway that never had it, and it says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.bench import Fault, both_sources, gateway, questions
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
    refused_honestly,
    whole,
    without_it_and_saying_so,
    world_of,
)
from tests.support.faults import Cut, after

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with both_sources() as sources:
        async with gateway(tmp_path_factory.mktemp("first"), sources) as client:
            asked = await questions(client)
        yield await world_of(tmp_path_factory, sources, asked, missing=tuple(sources))


@pytest.mark.parametrize("fault", SLOW_BUT_WHOLE, ids=repr)
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("healed")
async def test_what_is_slow_is_whole(
    world: World, tmp_path: Path, alias: str, fault: Fault
) -> None:
    async with gateway(tmp_path, world.sources, source_seconds=REQUEST_SECONDS) as client:
        await world.sources[alias].fail(fault)
        await whole(client, world)


@each("fault", FAULTS, EVERY_TIME)
@REQUIRED_OR_NOT
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("healed")
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, tmp_path: Path, alias: str, required: bool, fault: Fault
) -> None:
    fails = partial(world.sources[alias].fail, fault)
    seconds = SOURCE_SECONDS if fault in LATE.values() else REQUEST_SECONDS
    async with failing(
        world, tmp_path, alias, fails, required=required, source_seconds=seconds
    ) as client:
        await honest(client, world, alias, required)


@pytest.mark.parametrize("questions", [1, 3, 8])
@REQUIRED_OR_NOT
@pytest.mark.parametrize("alias", ["kcc", "sociaal"])
@pytest.mark.usefixtures("healed")
async def test_what_fails_midway_leaves_nothing_out(
    world: World, tmp_path: Path, alias: str, required: bool, questions: int
) -> None:
    """The first calls are answered: of a list with many of them, by then something is known."""
    fails = partial(world.sources[alias].fail, after(questions, Cut(0.5)))
    async with failing(world, tmp_path, alias, fails, required=required, opened=False) as client:
        answer = await client.get(world.asked["expanded list"])
    if required:
        refused_honestly(answer, alias)
    else:
        without_it_and_saying_so(answer, alias, world.without[alias]["expanded list"])
