"""A source that is down is left alone, and found again."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from adapters.base import Failure, SourceError
from gateway.sources.breaker import Breaker, Breaking, Permit
from gateway.sources.call import NotAskedError
from gateway.sources.deadline import Deadline
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    BAD_DATA,
    HANGS,
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


def breaking(source: Scripted) -> Breaking:
    return Breaking(source, Breaker(), patience=2.5)


async def opened(source: Scripted) -> Breaking:
    """A breaker that has just opened; what the source does then is up to the test."""
    layer, acts = breaking(source), source.acts
    source.acts = [takes(0, UNAVAILABLE)]
    for _ in range(Breaker.IN_A_ROW):
        await failure(layer.ask(call()))
    source.acts = acts
    source.began.clear()
    return layer


@pytest.mark.parametrize("down", [UNAVAILABLE, TIMEOUT], ids=str)
@quick
async def test_failures_in_a_row_open_it(down: SourceError) -> None:
    source = Scripted(takes(0, down))
    layer = breaking(source)
    for _ in range(Breaker.IN_A_ROW):
        assert await failure(layer.ask(call())) is down
    error = await failure(layer.ask(call()))
    assert isinstance(error, NotAskedError)
    assert (error.failure, error.retry_after) == (Failure.UNAVAILABLE, Breaker.SECONDS)
    assert source.count == Breaker.IN_A_ROW


@quick
async def test_half_of_many_open_it() -> None:
    acts = [takes(0), takes(0, UNAVAILABLE)] * Breaker.WINDOW
    source = Scripted(*acts)
    layer = breaking(source)
    for n in range(Breaker.WINDOW):
        await (failure(layer.ask(call())) if n % 2 else layer.ask(call()))
    assert isinstance(await failure(layer.ask(call())), NotAskedError)


@pytest.mark.parametrize(
    "answer", [REFUSED, THROTTLED, BAD_DATA, NotAskedError(Failure.THROTTLED)], ids=repr
)
@quick
async def test_what_is_no_sign_of_being_down_does_not(answer: SourceError) -> None:
    source = Scripted(takes(0, answer))
    layer = breaking(source)
    for _ in range(100):
        assert await failure(layer.ask(call())) is answer


@quick
async def test_a_call_that_was_not_made_does_not_hide_failures() -> None:
    full = NotAskedError(Failure.THROTTLED)
    source = Scripted(*[takes(0, UNAVAILABLE), takes(0, full)] * Breaker.IN_A_ROW)
    layer = breaking(source)
    for _ in range(2 * Breaker.IN_A_ROW - 1):
        await failure(layer.ask(call()))
    error = await failure(layer.ask(call()))
    assert (error.failure, source.count) == (Failure.UNAVAILABLE, 2 * Breaker.IN_A_ROW - 1)


@pytest.mark.parametrize(("of_request", "opens"), [(10, True), (2, False)])
@quick
async def test_a_call_cut_short_says_nothing(of_request: float, opens: bool) -> None:
    source = Scripted(HANGS)
    layer = Deadline(breaking(source), 5)
    for _ in range(Breaker.IN_A_ROW):
        await failure(layer.ask(call(of_request)))
    error = await failure(layer.ask(call(of_request)))
    assert isinstance(error, NotAskedError) is opens


@quick
async def test_an_open_one_costs_no_time() -> None:
    layer = await opened(Scripted(HANGS))
    began = time.perf_counter()
    for _ in range(100):
        await failure(layer.ask(call()))
    assert (time.perf_counter() - began) / 100 < 0.005


@quick
async def test_one_call_finds_out_whether_it_is_back() -> None:
    source = Scripted(takes(1))
    layer = await opened(source)
    await asyncio.sleep(Breaker.SECONDS)
    ends = await asyncio.gather(*(layer.ask(call()) for _ in range(10)), return_exceptions=True)
    assert ends.count(PAGE) == source.count == 1
    assert {e.retry_after for e in ends if isinstance(e, SourceError)} == {Breaker.PROBE_SECONDS}
    assert await asyncio.gather(*(layer.ask(call()) for _ in range(10))) == [PAGE] * 10


@quick
async def test_a_probe_is_not_retried() -> None:
    source = Scripted(takes(0))
    layer = await opened(source)
    source.calls.clear()
    await asyncio.sleep(Breaker.SECONDS)
    await layer.ask(call())
    await layer.ask(call())
    assert [c.once for c in source.calls] == [True, False]


@quick
async def test_a_probe_that_fails_opens_it_anew() -> None:
    source = Scripted(takes(1, UNAVAILABLE))
    layer = await opened(source)
    await asyncio.sleep(Breaker.SECONDS)
    assert await failure(layer.ask(call())) is UNAVAILABLE
    error = await failure(layer.ask(call()))
    assert (error.retry_after, source.count) == (Breaker.SECONDS, 1)


@quick
async def test_a_refusal_to_a_probe_is_a_sign_of_life() -> None:
    source = Scripted(takes(0, REFUSED))
    layer = await opened(source)
    await asyncio.sleep(Breaker.SECONDS)
    assert [await failure(layer.ask(call())) for _ in range(3)] == [REFUSED] * 3


@pytest.mark.parametrize("given_up", ["cancelled", "unexpected"])
@quick
async def test_a_probe_that_is_given_up_leaves_room_for_the_next(given_up: str) -> None:
    source = Scripted(HANGS if given_up == "cancelled" else takes(1, LookupError()), takes(0))
    layer = await opened(source)
    await asyncio.sleep(Breaker.SECONDS)
    probe = asyncio.ensure_future(layer.ask(call()))
    await asyncio.sleep(1)
    probe.cancel()
    await asyncio.wait([probe])
    assert await layer.ask(call()) == PAGE


@quick
async def test_calls_from_before_change_nothing() -> None:
    source = Scripted(takes(1), takes(0, UNAVAILABLE))
    layer = breaking(source)
    early = asyncio.ensure_future(layer.ask(call()))
    await asyncio.sleep(0)
    for _ in range(Breaker.IN_A_ROW):
        await failure(layer.ask(call()))
    assert await early == PAGE
    assert isinstance(await failure(layer.ask(call())), NotAskedError)


class AnyBreaker(RuleBasedStateMachine):
    """Whatever happens in whatever order: at most one probe, and never shut for good."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = 0
        self.breaker = Breaker(lambda: self.moment)
        self.out: list[Permit] = []

    @rule()
    def asks(self) -> None:
        try:
            self.out.append(self.breaker.admit())
        except SourceError as error:
            assert error.retry_after is not None
            assert 0 < error.retry_after <= Breaker.SECONDS

    @rule(seconds=st.integers(1, 10))
    def waits(self, seconds: int) -> None:
        self.moment += seconds

    @precondition(lambda self: self.out)
    @rule(pick=st.integers(0, 100), end=st.sampled_from(["answered", "failed", "abandoned"]))
    def ends(self, pick: int, end: str) -> None:
        getattr(self.breaker, end)(self.out.pop(pick % len(self.out)))

    @precondition(lambda self: self.out)
    @rule()
    def all_fail(self) -> None:
        while self.out:
            self.breaker.failed(self.out.pop())

    @invariant()
    def one_probe(self) -> None:
        newest = max((p.era for p in self.out), default=0)
        assert sum(p.probe and p.era == newest for p in self.out) <= 1

    def teardown(self) -> None:
        """When all calls have ended and time has passed, a source that answers is asked again."""
        while self.out:
            self.breaker.abandoned(self.out.pop())
        self.moment += int(Breaker.SECONDS)
        self.breaker.answered(self.breaker.admit())
        assert not self.breaker.admit().probe


TestAnyBreaker = AnyBreaker.TestCase
