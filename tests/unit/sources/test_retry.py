"""A second try, where that may help and costs the source little."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.base import Failure, SourceError
from gateway.sources.call import NotAskedError, now
from gateway.sources.retry import Budget, Retry
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    BAD_DATA,
    PAGE,
    REFUSED,
    THROTTLED,
    TIMEOUT,
    UNAVAILABLE,
    Scripted,
    call,
    failure,
    takes,
)


@pytest.mark.parametrize("passing", [THROTTLED, TIMEOUT, UNAVAILABLE], ids=str)
@quick
async def test_what_may_pass_is_tried_again(passing: SourceError) -> None:
    source = Scripted(takes(0, passing), takes(0, passing), takes(0))
    asked = call()
    assert await Retry(source, Budget()).ask(asked) == PAGE
    assert (source.count, asked.use.retries) == (3, 2)


@pytest.mark.parametrize(
    "lasting", [REFUSED, BAD_DATA, NotAskedError(Failure.UNAVAILABLE), LookupError()], ids=repr
)
@quick
async def test_what_does_not_pass_is_not(lasting: Exception) -> None:
    source = Scripted(takes(0, lasting))
    with pytest.raises(type(lasting)) as caught:
        await Retry(source, Budget()).ask(call())
    assert (caught.value, source.count) == (lasting, 1)


@quick
async def test_what_is_asked_once_is_asked_once() -> None:
    source = Scripted(takes(0, UNAVAILABLE))
    await failure(Retry(source, Budget()).ask(replace(call(), once=True)))
    assert source.count == 1


@quick
async def test_three_times_is_enough_and_the_last_failure_counts() -> None:
    source = Scripted(takes(0, UNAVAILABLE), takes(0, UNAVAILABLE), takes(0, THROTTLED))
    error = await failure(Retry(source, Budget()).ask(call()))
    assert (error, source.count) == (THROTTLED, 3)


@quick
async def test_a_source_that_asks_for_time_gets_it() -> None:
    source = Scripted(takes(0, SourceError(Failure.THROTTLED, retry_after=2)), takes(0))
    await Retry(source, Budget()).ask(call(5))
    first, second = source.began
    assert 2 <= second - first <= 2.1


@pytest.mark.parametrize("asked", [5, 6, 3600])
@quick
async def test_more_time_than_there_is_ends_it_at_once(asked: float) -> None:
    source = Scripted(takes(0, SourceError(Failure.THROTTLED, retry_after=asked)))
    began = now()
    error = await failure(Retry(source, Budget()).ask(call(5)))
    assert (error.retry_after, source.count, now() - began) == (asked, 1, 0)


@quick
async def test_a_failure_that_took_long_is_not_tried_again_in_less() -> None:
    source = Scripted(takes(3, TIMEOUT))
    await failure(Retry(source, Budget()).ask(call(5)))
    assert source.count == 1


@quick
async def test_pauses_are_random_and_short() -> None:
    pauses = set()
    for _ in range(20):
        source = Scripted(takes(0, UNAVAILABLE), takes(0))
        await Retry(source, Budget()).ask(call())
        pauses.add(source.began[1] - source.began[0])
    assert len(pauses) > 10
    assert max(pauses) <= 0.1


@quick
async def test_a_source_that_keeps_failing_is_hardly_asked_more() -> None:
    source = Scripted(takes(0, UNAVAILABLE))
    retry = Retry(source, Budget())
    for _ in range(100):
        await failure(retry.ask(call()))
    assert source.count == 103


@quick
async def test_answers_earn_retries_up_to_a_bound() -> None:
    source, budget = Scripted(takes(0)), Budget()
    while budget.spend():
        pass
    retry = Retry(source, budget)
    for _ in range(11):
        await retry.ask(call())
    assert (budget.spend(), budget.spend()) == (True, False)
    for _ in range(1000):
        await retry.ask(call())
    assert [budget.spend() for _ in range(4)] == [True, True, True, False]


@quick
async def test_a_pause_can_be_cancelled() -> None:
    source = Scripted(takes(0, SourceError(Failure.THROTTLED, retry_after=2)))
    asked = asyncio.ensure_future(Retry(source, Budget()).ask(call()))
    await asyncio.sleep(1)
    asked.cancel()
    await asyncio.wait([asked])
    assert (asked.cancelled(), source.count) == (True, 1)
