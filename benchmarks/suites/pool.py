"""Connections to a source: what idle ones cost, and what cancelled calls leave behind."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvloop

from adapters.base import Query
from adapters.rest import RestAdapter
from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.processes import serving
from gateway import documents

_IDLE: Final = 200
_CANCELLED: Final = 2000
_AT_ONCE: Final = 20
_POOL: Final = 10


def run(effort: Effort) -> Figures:
    """CPU of a call with few and with many idle connections; calls that succeed after 2,000 were
    cancelled by a deadline."""
    figures = Figures()
    with serving("benchmarks.servers.stub", "{port}", aside=True) as stub:
        for _ in range(effort.rounds):
            uvloop.run(_idle(figures, stub.origin, calls=200 if effort.quick else 1000))
        uvloop.run(_storm(figures, stub.origin))
    return figures


@asynccontextmanager
async def _source(origin: str, milliseconds: int, connections: int) -> AsyncIterator[RestAdapter]:
    url = f"{origin}/{milliseconds}/1"
    collections = documents.load(installing.MAPPING / "collections.rest.yaml").data
    adapter = RestAdapter.create({"base_url": url, "connections": connections}, collections or {})
    try:
        yield adapter
    finally:
        await adapter.close()


async def _ask(adapter: RestAdapter) -> None:
    await adapter.find("contacts", Query())


async def _idle(figures: Figures, origin: str, calls: int) -> None:
    # A source that takes its time makes one call at once need one connection each.
    async with _source(origin, 20, _IDLE) as adapter:
        await _ask(adapter)
        few = await _cost(adapter, calls)
        await asyncio.gather(*(_ask(adapter) for _ in range(_IDLE)))
        many = await _cost(adapter, calls)
    figures.add("pool: a call, CPU us", few)
    figures.add(f"pool: a call beside {_IDLE} idle connections, CPU us", many)


async def _cost(adapter: RestAdapter, calls: int) -> float:
    began = time.process_time()
    for _ in range(calls // 4):
        await asyncio.gather(*(_ask(adapter) for _ in range(4)))
    return (time.process_time() - began) / calls * 1e6


async def _storm(figures: Figures, origin: str) -> None:
    async with _source(origin, 5, _POOL) as adapter:

        async def impatient() -> None:
            for _ in range(_CANCELLED // _AT_ONCE):
                try:
                    async with asyncio.timeout(random.uniform(0, 0.012)):  # noqa: S311
                        await _ask(adapter)
                except TimeoutError:
                    continue

        await asyncio.gather(*(impatient() for _ in range(_AT_ONCE)))
        succeeded = 0
        try:
            async with asyncio.timeout(5):
                for _ in range(5):
                    await _ask(adapter)
                    succeeded += 1
        except TimeoutError:
            figures.notes.append("pool: a call waited for a connection that never came")
        figures.add("pool: calls of 5 that succeed after 2,000 cancelled", succeeded)
