"""What may be wrong with a source, and what an honest answer is while it is.

An answer is the healthy one to the byte of its JSON, or an error that names the source; or, where
the source may be missing, the answer of a gateway that never had it, and it says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.bench import Fault, Sources, gateway, shown
from tests.support.fakes import Mood
from tests.support.faults import (
    Cut,
    Drip,
    Garbage,
    Hang,
    Latency,
    Refuse,
    ResetAtOnce,
    ShortLength,
)

SLOW_BUT_WHOLE = [Latency(0.02), Drip(2_000_000)]
LATE: Mapping[str, Fault] = {
    "silence": Hang(),
    "latency": Latency(30),
    "drip": Drip(20),
    "slow service": Mood(seconds=30),
}
FAULTS: Mapping[str, Fault] = {
    **LATE,
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

REQUIRED_OR_NOT = pytest.mark.parametrize("required", [True, False], ids=["required", "optional"])


def each(
    what: str, cases: Mapping[str, object], every_time: Collection[str]
) -> pytest.MarkDecorator:
    """A test for each case, called by its name and given as the argument ``what``; those that are
    not tried every time are for the soak."""
    params = [
        pytest.param(case, id=name, marks=() if name in every_time else pytest.mark.soak)
        for name, case in cases.items()
    ]
    return pytest.mark.parametrize(what, params)


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


async def world_of(
    folders: pytest.TempPathFactory,
    sources: Sources,
    asked: dict[str, str],
    missing: Collection[str],
    **seconds: float,
) -> World:
    """What is answered when all is well, and without each of the sources that will be ``missing``.
    ``seconds``: the times of the gateways that are asked."""

    async def answers(of: Sources) -> dict[str, httpx.Response]:
        async with gateway(folders.mktemp("asked"), of, **seconds) as client:
            return {name: await client.get(url) for name, url in asked.items()}

    healthy = await answers(sources)
    assert {answer.status_code for answer in healthy.values()} == {200}
    without = {
        alias: await answers({name: one for name, one in sources.items() if name != alias})
        for alias in missing
    }
    return World(sources, asked, {name: shown(one) for name, one in healthy.items()}, without)


@asynccontextmanager
async def failing(
    world: World,
    folder: Path,
    alias: str,
    fails: Callable[[], Awaitable[None]],
    *,
    required: bool,
    opened: bool = True,
    request_seconds: float = REQUEST_SECONDS,
    source_seconds: float = REQUEST_SECONDS,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway of which a source is ``required`` or not, and ``fails``. ``opened``:
    by then it was asked something, so connections that are open fail, and then new ones."""
    async with gateway(
        folder,
        world.sources,
        optional=[] if required else [alias],
        request_seconds=request_seconds,
        source_seconds=source_seconds,
    ) as client:
        if opened:
            assert (await client.get(world.asked["partij"])).status_code == 200
        await fails()
        yield client


@dataclass(frozen=True)
class Case:
    """What goes wrong with a write; what is told of it, by status and code; how many objects are
    made."""

    fault: Fault
    status: int
    code: str
    made: int


UNKNOWN = (504, "uitkomst-onbekend")


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


async def whole(client: httpx.AsyncClient, world: World) -> None:
    """Every question is answered as when all is well."""
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
