"""Each fault, in each source, required or optional, for a list, a detail and an expanded one.

An answer is the healthy one to the byte of its JSON, or an error that names the source; or, where
the source may be missing, the answer of a gateway that never had it, and it says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.faults.bench import Fault, Sources, both_sources, gateway, questions, shown
from tests.support.fakes import Mood
from tests.support.faults import (
    PASS,
    Cut,
    Drip,
    Garbage,
    Hang,
    Latency,
    Refuse,
    ResetAtOnce,
    ShortLength,
    after,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

SLOW_BUT_WHOLE = [Latency(0.02), Drip(2_000_000)]
LATE: dict[str, Fault] = {
    "silence": Hang(),
    "latency": Latency(30),
    "drip": Drip(20),
    "slow service": Mood(seconds=30),
}
BROKEN: dict[str, Fault] = {
    "refused": Refuse(),
    "reset at once": ResetAtOnce(),
    "reset midway": Cut(0.5, reset=True),
    "closed at once": Cut(0),
    "half a body": Cut(0.5),
    "almost a body": Cut(0.99),
    "short length": ShortLength(),
    "garbage": Garbage(seed=1),
    "garbage as a body": Garbage(seed=2, head=b"HTTP/1.1 200 OK\r\n\r\n"),
    "an empty body": Garbage(head=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", size=0),
    "no JSON": Mood(status=200),
    "moved": Mood(status=302, headers={"Location": "/elsewhere"}),
    "not logged in": Mood(status=401),
    "forbidden": Mood(status=403),
    "gone": Mood(status=404),
    "patience": Mood(status=429, headers={"Retry-After": "30"}),
    "an error": Mood(status=500),
    "unavailable": Mood(status=503),
}
# One of each kind is tried every time, all of them with ``-m soak``.
EVERY_TIME = ("silence", "refused", "reset midway", "half a body", "garbage", "not logged in")

# Time enough for the source that is well, also on a busy machine; how late an answer may be is
# for ``test_lateness``.
REQUEST_SECONDS, SOURCE_SECONDS = 10.0, 2.0


@dataclass(frozen=True)
class World:
    """The sources, what is asked, and what is answered when all is well; by question, and for
    each source also by a gateway that does not have it."""

    sources: Sources
    asked: dict[str, str]
    healthy: dict[str, Any]
    without: dict[str, dict[str, httpx.Response]]


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


def states(answer: httpx.Response) -> dict[str, str]:
    """What an answer says of its sources."""
    members = (one.partition(";staat=") for one in answer.headers["bronnen"].split(", "))
    return {alias: state.partition(";")[0] for alias, _, state in members}


def refused_honestly(answer: httpx.Response, alias: str) -> None:
    """An error of the gateway's own, that names the source or says that time is up."""
    body = answer.json()
    assert answer.status_code in (502, 503, 504), body
    assert answer.headers["content-type"] == "application/json"
    assert body["status"] == answer.status_code
    assert body["code"] == "tijd-verstreken" or body["detail"].startswith(f"Bron: {alias}")


def without_it_and_saying_so(answer: httpx.Response, alias: str, other: httpx.Response) -> None:
    """The answer of a gateway without this source, that says it is missing."""
    assert shown(answer) == shown(other)
    assert states(answer)[alias] not in ("ok", "stale")
    assert answer.headers["cache-control"] == "no-store"


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


async def honest(client: httpx.AsyncClient, world: World, alias: str, required: bool) -> None:
    """Every question is answered as it should be while this source fails."""
    answers = await asyncio.gather(*(client.get(url) for url in world.asked.values()))
    for name, answer in zip(world.asked, answers, strict=True):
        other = world.without[alias][name]
        if required or other.status_code == 404:
            refused_honestly(answer, alias)
        else:
            assert answer.status_code == 200, (name, answer.text)
            without_it_and_saying_so(answer, alias, other)


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
