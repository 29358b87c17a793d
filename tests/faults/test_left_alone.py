"""A source that is left alone costs next to nothing: it is not asked, and not waited for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.faults.bench import Fault, Sources, both_sources, gateway
from tests.support.faults import Hang, Refuse, ResetAtOnce

pytestmark = [pytest.mark.slow]

ITS_OWN = "klantcontacten/5d6f0000-0000-4000-8000-000000000001"
"""Only the social domain has uuids of this version, so only it can say that there is none."""


@pytest.fixture
async def sources() -> AsyncIterator[Sources]:
    async with both_sources() as made:
        yield made


async def timed(client: httpx.AsyncClient) -> float:
    """How many seconds it takes to hear that a source is not there."""
    began = time.perf_counter()
    answer = await client.get(ITS_OWN)
    taken = time.perf_counter() - began
    assert answer.status_code == 503
    assert answer.json()["detail"] == "Bron: sociaal."
    return taken


@pytest.mark.parametrize(
    ("times", "most"),
    [
        # Beside other tests a machine is late itself.
        pytest.param(20, 0.25, id="on a busy machine"),
        pytest.param(200, 0.005, id="on a machine of its own", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("fault", [ResetAtOnce(), Refuse(), Hang()], ids=repr)
async def test_that_it_is_left_alone_is_heard_at_once(
    sources: Sources, tmp_path: Path, fault: Fault, times: int, most: float
) -> None:
    async with gateway(tmp_path, sources, source_seconds=0.2) as client:
        await sources["sociaal"].fail(fault)
        for _ in range(10):
            await client.get(ITS_OWN)
        taken = sorted([await timed(client) for _ in range(times)])
    assert taken[times * 99 // 100] <= most
