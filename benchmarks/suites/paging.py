"""Lists over three sources: what a page costs them, counted rather than timed."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

import httpx

from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.generated import Generated, Traffic
from gateway.installation import Installation
from gateway.standard.table import BASE_PATH

_SIZE: Final = 25
_LIST: Final = f"{BASE_PATH}/klantcontacten?pageSize={_SIZE}"
# Records, and the seconds between two: over the same twelve years, 1,350,000 contacts together.
_SOURCES: Final = ((1_000_000, 378.0), (300_000, 1261.0), (50_000, 7570.0))
_DEPTHS: Final = (1000, 12_345, 40_000, 53_999)
_WALK: Final = 20


def run(effort: Effort) -> Figures:
    """Calls, rounds and records of pages along ``next``, and of pages asked by their number."""
    figures = Figures()
    for kind, keyset in (("places", True), ("offsets", False)):
        asyncio.run(_measured(figures, kind, keyset))
    return figures


async def _measured(figures: Figures, kind: str, keyset: bool) -> None:
    sources = [
        installing.generated(records=count, step_seconds=step, milliseconds=1, keyset=keyset)
        for count, step in _SOURCES
    ]
    async with installing.installed(sources) as (built, client):
        traffic = _shared(built)
        first = (await client.get(_LIST)).json()
        await _walk(figures, f"paging: {kind}, next", client, traffic, first)
        refused: list[int] = []
        for number in _DEPTHS:
            answer = await _by_number(
                figures, f"paging: {kind}, by number", client, traffic, number
            )
            if answer is None:
                refused.append(number)
            elif number == 40_000:
                await _walk(figures, f"paging: {kind}, next of page 40000", client, traffic, answer)
        if refused:
            figures.notes.append(f"paging, {kind}: pages {refused} were refused")


def _shared(built: Installation) -> Traffic:
    """The account of all sources together."""
    traffic = Traffic()
    for adapter in built.adapters.values():
        assert isinstance(adapter, Generated)
        adapter.traffic = traffic
    return traffic


async def _walk(
    figures: Figures, name: str, client: httpx.AsyncClient, traffic: Traffic, page: Any
) -> None:
    """Per page along ``next``: calls, and records fetched for each that is shown."""
    traffic.clear()
    for _ in range(_WALK):
        page = (await client.get(page["next"])).raise_for_status().json()
        assert len(page["results"]) == _SIZE
    figures.add(f"{name}, calls", traffic.calls / _WALK)
    figures.add(f"{name}, records for one shown", traffic.records / _WALK / _SIZE)


async def _by_number(
    figures: Figures, name: str, client: httpx.AsyncClient, traffic: Traffic, number: int
) -> Any | None:
    """A page that nobody walked to; ``None`` when it is refused."""
    traffic.clear()
    began = time.process_time()
    answer = await client.get(f"{_LIST}&page={number}")
    if answer.status_code != 200:
        return None
    figures.add(f"{name}, rounds", traffic.rounds)
    figures.add(f"{name}, calls", traffic.calls)
    # A source is another process, but for these.
    figures.add(f"{name}, CPU ms", (time.process_time() - began - traffic.cpu) * 1000)
    return answer.json()
