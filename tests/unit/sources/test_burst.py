"""A burst of the same questions is one call."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from adapters.base import Failure, SourceError
from gateway.sources.burst import Burst
from gateway.sources.call import now
from gateway.sources.outcome import Outcome
from gateway.sources.remembered import Remembered
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    BAD_DATA,
    HANGS,
    PAGE,
    REFUSED,
    THROTTLED,
    TIMEOUT,
    UNAVAILABLE,
    Act,
    Scripted,
    call,
    failure,
    takes,
)


class Bursting:
    """A source behind the layer."""

    def __init__(self, *acts: Act, fresh: float = 5, stale: float = 0) -> None:
        self.memory = Remembered(1_000_000)
        self.source = Scripted(*acts)
        self.burst = Burst(self.source, "kcc", self.memory, fresh=fresh, stale=stale, seconds=5)

    def start(self, *args: Any) -> asyncio.Task[Any]:
        """Ask, and do not wait."""
        return asyncio.create_task(self.burst.ask(call(*args)))


@quick
async def test_a_hundred_at_once_are_one_call() -> None:
    bursting = Bursting(takes(1))
    calls = [call() for _ in range(100)]
    answers = await asyncio.gather(*(bursting.burst.ask(c) for c in calls))
    assert (answers, bursting.source.count) == ([PAGE] * 100, 1)
    assert [c.use.cached for c in calls] == [0] + [1] * 99


@quick
async def test_an_answer_is_kept_for_a_while() -> None:
    bursting = Bursting(takes(1))
    await bursting.burst.ask(call())
    await asyncio.sleep(4.9)
    later = call()
    assert await bursting.burst.ask(later) == PAGE
    assert (bursting.source.count, later.use.cached) == (1, 1)
    await asyncio.sleep(0.2)
    await bursting.burst.ask(call())
    assert bursting.source.count == 2


@quick
async def test_that_there_is_nothing_is_an_answer() -> None:
    bursting = Bursting(takes(0, None))
    assert [await bursting.burst.ask(call()) for _ in range(3)] == [None] * 3
    assert bursting.source.count == 1


@quick
async def test_another_question_or_other_rights_are_another_call() -> None:
    bursting = Bursting(takes(1))
    calls = [call(), call(collection="CONTACT"), call(rights="lezer"), call(rights="ander")]
    await asyncio.gather(*(bursting.burst.ask(c) for c in calls))
    assert bursting.source.count == 4


@quick
async def test_without_seconds_only_what_is_under_way_is_shared() -> None:
    bursting = Bursting(takes(1), fresh=0)
    await asyncio.gather(bursting.burst.ask(call()), bursting.burst.ask(call()))
    await bursting.burst.ask(call())
    assert bursting.source.count == 2


@pytest.mark.parametrize("error", [UNAVAILABLE, LookupError()], ids=repr)
@quick
async def test_a_failure_is_for_all_who_wait_and_not_for_who_comes_after(error: Exception) -> None:
    bursting = Bursting(takes(1, error), takes(0))
    asked = [bursting.burst.ask(call()) for _ in range(10)]
    assert await asyncio.gather(*asked, return_exceptions=True) == [error] * 10
    assert await bursting.burst.ask(call()) == PAGE
    assert bursting.source.count == 2


@quick
async def test_who_asked_first_may_leave_first() -> None:
    bursting = Bursting(takes(2))
    leader = bursting.start()
    await asyncio.sleep(1)
    followers = [bursting.start() for _ in range(3)]
    await asyncio.sleep(0)
    leader.cancel()
    assert await asyncio.gather(*followers) == [PAGE] * 3
    assert (leader.cancelled(), bursting.source.count) == (True, 1)


@quick
async def test_when_all_have_left_the_call_ends_and_is_not_joined() -> None:
    bursting = Bursting(HANGS, takes(0))
    asked = [bursting.start() for _ in range(3)]
    await asyncio.sleep(1)
    for one in asked:
        one.cancel()
    await asyncio.sleep(0)
    # The call has not even ended yet.
    assert await bursting.burst.ask(call()) == PAGE
    assert (bursting.source.count, bursting.source.under_way) == (2, 0)


@quick
async def test_everybody_waits_as_long_as_its_own_request() -> None:
    bursting = Bursting(takes(4))
    began = now()
    short, long = bursting.start(10), bursting.start(3)
    error = await failure(long)
    assert (error.failure, now() - began) == (Failure.TIMEOUT, 3)
    assert await short == PAGE


@quick
async def test_the_short_time_of_one_request_is_not_that_of_another() -> None:
    bursting = Bursting(HANGS, takes(1))
    short = bursting.start(1)
    await asyncio.sleep(0.5)
    long, third = bursting.start(10), bursting.start(2)
    assert await asyncio.gather(long, third) == [PAGE, PAGE]
    assert (await failure(short)).failure is Failure.TIMEOUT
    assert bursting.source.count == 2


@quick
async def test_what_is_asked_after_a_change_is_asked_anew() -> None:
    bursting = Bursting(takes(1))
    before = bursting.start()
    await asyncio.sleep(0)
    bursting.memory.forget("kcc")
    after = bursting.start()
    await asyncio.gather(before, after)
    assert bursting.source.count == 2
    await bursting.burst.ask(call())
    assert bursting.source.count == 2


@pytest.mark.parametrize(
    ("error", "helped"),
    [(THROTTLED, True), (TIMEOUT, True), (UNAVAILABLE, True), (REFUSED, False), (BAD_DATA, False)],
    ids=str,
)
@quick
async def test_an_older_answer_stands_in_for_one_that_did_not_come(
    error: SourceError, helped: bool
) -> None:
    bursting = Bursting(takes(0), takes(0, error), stale=60)
    await bursting.burst.ask(call())
    await asyncio.sleep(30)
    later = call()
    if helped:
        assert await bursting.burst.ask(later) == PAGE
        assert (later.use.outcome, bursting.source.count) == (Outcome.STALE, 2)
    else:
        assert await failure(bursting.burst.ask(later)) is error
    await asyncio.sleep(40)
    assert await failure(bursting.burst.ask(call())) is error


@quick
async def test_a_failure_that_nobody_waited_for_is_not_complained_about() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise UNAVAILABLE from None

    bursting = Bursting(stubborn)
    asked = bursting.start()
    await asyncio.sleep(1)
    asked.cancel()
    await asyncio.sleep(1)
    gc.collect()
    assert complaints == []
