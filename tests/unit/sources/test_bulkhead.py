"""So many calls at once."""

from __future__ import annotations

import asyncio

import pytest

from adapters.base import Failure
from gateway.sources.bulkhead import Bulkhead
from gateway.sources.call import NotAskedError, now
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    HANGS,
    PAGE,
    UNAVAILABLE,
    Scripted,
    call,
    failure,
    takes,
)


@quick
async def test_no_more_than_there_are_connections() -> None:
    source = Scripted(takes(0.1))
    bulkhead = Bulkhead(source, 3)
    await asyncio.gather(*(bulkhead.ask(call()) for _ in range(20)))
    assert (source.most, source.count) == (3, 20)


@quick
async def test_waiting_takes_half_the_time_at_most() -> None:
    source = Scripted(HANGS)
    bulkhead = Bulkhead(source, 1)
    first = asyncio.ensure_future(bulkhead.ask(call()))
    await asyncio.sleep(0)
    began = now()
    error = await failure(bulkhead.ask(call(4)))
    assert isinstance(error, NotAskedError)
    assert (error.failure, error.retry_after) == (Failure.THROTTLED, Bulkhead.COME_BACK_SECONDS)
    assert (now() - began, source.count) == (2, 1)
    first.cancel()


@pytest.mark.parametrize("end", ["failed", "cancelled", "waited in vain", "cancelled waiting"])
@quick
async def test_a_connection_comes_free_however_a_call_ends(end: str) -> None:
    source = Scripted(takes(1, UNAVAILABLE) if end == "failed" else HANGS)
    bulkhead = Bulkhead(source, 1)
    first = asyncio.ensure_future(bulkhead.ask(call()))
    await asyncio.sleep(0)
    if end == "waited in vain":
        await failure(bulkhead.ask(call()))
    if end == "cancelled waiting":
        second = asyncio.ensure_future(bulkhead.ask(call()))
        await asyncio.sleep(0)
        second.cancel()
    if end != "failed":
        first.cancel()
    await asyncio.wait([first])
    source.acts = [takes(0)]
    assert await bulkhead.ask(call()) == PAGE
    assert first.cancelled() or first.exception() is UNAVAILABLE
