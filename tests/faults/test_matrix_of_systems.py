"""Each fault in each of four systems beside each other: a Klantinteracties register, Open Klant 1,
the e-Suite and an Open Zaak; required or optional, for lists and for single contacts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.faults.bench import LISTS, Fault, gateway, shown
from tests.faults.matrix import (
    FAULTS,
    LATE,
    REQUEST_SECONDS,
    REQUIRED_OR_NOT,
    SOURCE_SECONDS,
    World,
    failing,
    refused_honestly,
    states,
    without_it_and_saying_so,
    world_of,
)
from tests.faults.systems import ALIASES, ZAKEN, all_systems
from tests.support.faults import Cut, after

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

# A list of all contacts is more than the e-Suite gives.
LISTED = {name: LISTS[name] for name in ("expanded list", "partij")}
EVERY_TIME = ("half a body", "not logged in")
SAID = {"gone": 404, "forbidden": 403}
"""By fault what it says of a single record, which is then no fault."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with all_systems(tmp_path_factory.mktemp("systems"), ZAKEN) as (sources, _):
        asked = dict(LISTED)
        for alias, source in sources.items():
            async with gateway(tmp_path_factory.mktemp("alone"), {alias: source}) as client:
                contacts = (await client.get(LISTED["expanded list"])).json()["results"]
                asked[f"detail of {alias}"] = f"klantcontacten/{contacts[0]['uuid']}"
        seconds = {"request_seconds": 2 * REQUEST_SECONDS, "source_seconds": REQUEST_SECONDS}
        yield await world_of(tmp_path_factory, sources, asked, missing=tuple(sources), **seconds)


async def honest(client: httpx.AsyncClient, world: World, alias: str, required: bool) -> None:
    """Every question is answered as it should be while this source fails. Whether a contact of
    another source is there is asked of all that could have it: of a source that could still say
    that it is not, the answer is whole."""
    gathered = await asyncio.gather(*(client.get(url) for url in world.asked.values()))
    for name, answer in zip(world.asked, gathered, strict=True):
        other = world.without[alias][name]
        elsewhere = name not in LISTED and name != f"detail of {alias}"
        if elsewhere and answer.status_code == 200 and states(answer).get(alias, "ok") == "ok":
            assert shown(answer) == world.healthy[name]
        elif required or other.status_code == 404:
            refused_honestly(answer, alias)
        else:
            assert answer.status_code == 200, (name, answer.text)
            without_it_and_saying_so(answer, alias, other)


def uuids(page: Any) -> list[str]:
    """Those of the objects of a page."""
    return [one["uuid"] for one in page["results"]]


@pytest.mark.parametrize(
    ("alias", "name", "fault"),
    [
        pytest.param(
            alias,
            name,
            fault,
            id=f"{alias}-{name}",
            marks=() if name in EVERY_TIME[: 1 if alias == ZAKEN else 2] else pytest.mark.soak,
        )
        for alias in (*ALIASES, ZAKEN)
        for name, fault in FAULTS.items()
    ],
)
@REQUIRED_OR_NOT
@pytest.mark.usefixtures("healed")
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, tmp_path: Path, alias: str, required: bool, name: str, fault: Fault
) -> None:
    if name in SAID:
        world = replace(world, asked={n: u for n, u in world.asked.items() if n in LISTED})
    fails = partial(world.sources[alias].fail, fault)
    async with failing(
        world,
        tmp_path,
        alias,
        fails,
        required=required,
        # A list takes many calls of the e-Suite, one list after another.
        request_seconds=2 * REQUEST_SECONDS,
        source_seconds=2 * SOURCE_SECONDS if fault in LATE.values() else 2 * REQUEST_SECONDS,
    ) as client:
        await honest(client, world, alias, required)


@pytest.mark.parametrize("questions", [1, 3, 8])
@REQUIRED_OR_NOT
@pytest.mark.parametrize("alias", [*ALIASES, ZAKEN])
@pytest.mark.soak
@pytest.mark.usefixtures("healed")
async def test_what_fails_midway_leaves_nothing_out(
    world: World, tmp_path: Path, alias: str, required: bool, questions: int
) -> None:
    """Where so many questions are not asked, the answer is whole."""
    fails = partial(world.sources[alias].fail, after(questions, Cut(0.5)))
    async with failing(
        world,
        tmp_path,
        alias,
        fails,
        required=required,
        opened=False,
        request_seconds=2 * REQUEST_SECONDS,
    ) as client:
        answer = await client.get(world.asked["expanded list"])
    if answer.status_code == 200 and states(answer)[alias] == "ok":
        # What may be missing gives no uuids to partijen, so these are others.
        assert uuids(shown(answer)) == uuids(world.healthy["expanded list"])
    elif required:
        refused_honestly(answer, alias)
    else:
        without_it_and_saying_so(answer, alias, world.without[alias]["expanded list"])
