"""No answer is late: neither beyond the deadline of its request, nor because another source is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.faults.bench import Fault, Sources, both_sources, gateway, questions
from tests.support.fakes import Mood
from tests.support.faults import PASS, Drip, Hang, Latency, Refuse, ResetAtOnce

pytestmark = [pytest.mark.slow]

REQUEST_SECONDS = 1.0


@pytest.fixture
async def sources() -> AsyncIterator[Sources]:
    async with both_sources() as made:
        yield made


async def timed(client: httpx.AsyncClient, url: str) -> tuple[int, float]:
    """The status of an answer, and how long it took."""
    began = time.perf_counter()
    answer = await client.get(url)
    return answer.status_code, time.perf_counter() - began


def quantile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)]


LATE: list[Fault] = [Hang(), Drip(20), Latency(0.7), Latency(30), Mood(seconds=30)]


@pytest.mark.parametrize(
    ("times", "at_once", "margin"),
    [
        # Beside other tests a machine is late itself, so this too is no part of every run.
        pytest.param(1, 5, 1.0, id="on a busy machine", marks=pytest.mark.soak),
        pytest.param(4, 1, 0.1, id="on a machine of its own", marks=pytest.mark.soak),
    ],
)
async def test_no_answer_is_beyond_its_deadline(
    sources: Sources, tmp_path: Path, times: int, at_once: int, margin: float
) -> None:
    """Whatever the fault; calls have no shorter time of their own here."""
    async with gateway(tmp_path, sources) as client:
        urls = list((await questions(client)).values()) * times
    limits = {"request_seconds": REQUEST_SECONDS, "source_seconds": 60}
    taken: list[float] = []
    for fault in LATE:
        for alias in sources:
            async with gateway(tmp_path, sources, optional=["sociaal"], **limits) as client:
                await sources[alias].fail(fault)
                for at in range(0, len(urls), at_once):
                    calls = (timed(client, url) for url in urls[at : at + at_once])
                    answers = await asyncio.gather(*calls)
                    assert {status for status, _ in answers} <= {200, 502, 503, 504}
                    taken += [seconds for _, seconds in answers]
                await sources[alias].fail(PASS)
    assert quantile(taken, 0.99) <= REQUEST_SECONDS + margin


@pytest.mark.parametrize(
    ("times", "share", "ratio"),
    [
        # Beside other tests only the middle says something.
        pytest.param(40, 0.5, 1.5, id="on a busy machine", marks=pytest.mark.soak),
        pytest.param(400, 0.99, 1.2, id="on a machine of its own", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("fault", [Hang(), Refuse()], ids=repr)
async def test_a_source_that_fails_takes_no_time_of_another(
    sources: Sources, tmp_path: Path, fault: Fault, times: int, share: float, ratio: float
) -> None:
    # The categorieen are of the KCC alone, and lead nowhere. An answer takes two milliseconds, and
    # a machine is late by itself now and then: what counts is the best of three rounds.
    url, ratios = "categorieen", []
    for _ in range(3):
        async with gateway(tmp_path, sources) as client:
            healthy = [await timed(client, url) for _ in range(times)]
            await sources["sociaal"].fail(fault)
            waiting = [asyncio.create_task(client.get("betrokkenen?pageSize=5")) for _ in range(5)]
            await asyncio.sleep(0.1)
            beside = [await timed(client, url) for _ in range(times)]
            # What hangs is waited for, and not left alone.
            assert not isinstance(fault, Hang) or not any(task.done() for task in waiting)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            await sources["sociaal"].fail(PASS)
        assert {status for status, _ in healthy + beside} == {200}
        usual, now = (quantile([s for _, s in them], share) for them in (healthy, beside))
        ratios.append(now / usual)
    assert min(ratios) <= ratio


async def test_a_dead_source_costs_nothing_while_it_is_left_alone(
    sources: Sources, tmp_path: Path
) -> None:
    async with gateway(tmp_path, sources) as client:
        await sources["sociaal"].fail(ResetAtOnce())
        url = "klantcontacten?pageSize=1"
        for _ in range(10):
            assert (await client.get(url)).status_code == 503
        network = sources["sociaal"].network
        before = network.connections
        answers = [await client.get(url) for _ in range(10)]
        assert {answer.status_code for answer in answers} == {503}
        assert all(int(answer.headers["retry-after"]) <= 5 for answer in answers)
        assert network.connections == before


async def test_a_failing_source_is_not_asked_much_more_than_planned(
    sources: Sources, tmp_path: Path
) -> None:
    """Retries have a budget; what is planned is one call for each request."""
    async with gateway(tmp_path, sources) as client:
        service = sources["sociaal"].service
        await sources["sociaal"].fail(Mood(status=429))
        service.forget()
        for _ in range(50):
            assert (await client.get("klantcontacten?pageSize=1")).status_code == 503
        assert 50 <= service.requests <= 60
