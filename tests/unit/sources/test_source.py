"""A source with everything around it, as requests ask it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from adapters.base import Adapter, Query
from gateway.bounds import Bounds
from gateway.sources.breaker import Breaker
from gateway.sources.call import now
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.outcome import Outcome
from gateway.sources.remembered import Remembered
from gateway.sources.source import Source
from gateway.standard.errors import Problem
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    HANGS,
    PAGE,
    REFUSED,
    UNAVAILABLE,
    Act,
    Scripted,
    takes,
)


class Installed:
    """One source and the requests that ask it."""

    def __init__(self, *acts: Act, burst: bool = True, stale: float = 0) -> None:
        self.adapter = Scripted(*acts)
        self.source = Source(
            "kcc",
            cast(Adapter, self.adapter),
            connections=10,
            seconds=5,
            memory=Remembered(1_000_000) if burst else None,
            fresh=5,
            stale=stale,
        )
        self.meter = Meter(Bounds(50, 1, 1, 1, 1))

    def request(self, seconds: float | None = 10, rights: str = "") -> Caller:
        """The source as a new request sees it."""
        deadline = None if seconds is None else now() + seconds
        self.meter = Meter(Bounds(50, 1, 1, 1, 1), deadline)
        return Caller({"kcc": self.source}, self.meter, rights)

    async def ask(self, collection: str = "KLANT", seconds: float | None = 10) -> str:
        """Its answer in a word: ``ok``, or the code of the problem."""
        try:
            assert await self.request(seconds).find("kcc", collection, Query()) == PAGE
        except Problem as problem:
            assert problem.source == "kcc"
            return problem.kind.code
        return "ok"


@quick
async def test_the_meter_tells_how_it_went() -> None:
    installed = Installed(takes(1), takes(1), takes(1, UNAVAILABLE), takes(1))
    asking = installed.request()
    both = asking.find("kcc", "KLANT", Query()), asking.get("kcc", "KLANT", {"ID": 1})
    await asyncio.gather(*both)
    await asking.find("kcc", "KLANT", Query())
    await asking.check("kcc")
    (use,) = installed.meter.sources.values()
    assert (use.calls, use.retries, use.cached, use.outcome) == (4, 1, 1, Outcome.OK)


@quick
async def test_the_worst_outcome_is_told() -> None:
    installed = Installed(takes(0), takes(0, UNAVAILABLE), takes(0, REFUSED))
    asking = installed.request()
    await asking.find("kcc", "A", Query())
    for _ in range(2):
        with pytest.raises(Problem):
            await asking.find("kcc", "B", Query())
    assert installed.meter.sources["kcc"].outcome is Outcome.REFUSED
    asking.bad_data("kcc", "an answer that cannot be meant")
    assert installed.meter.sources["kcc"].outcome is Outcome.BAD_DATA


def test_outcomes_go_from_best_to_worst() -> None:
    assert Outcome.OK.worst(Outcome.STALE) is Outcome.STALE
    assert Outcome.TIMEOUT.worst(Outcome.REFUSED) is Outcome.TIMEOUT


@pytest.mark.parametrize(("seconds", "after"), [(10, 5), (2, 2), (None, 5)])
@pytest.mark.parametrize("burst", [True, False])
@quick
async def test_a_call_ends_with_its_request(
    seconds: float | None, after: float, burst: bool
) -> None:
    installed, began = Installed(HANGS, burst=burst), now()
    assert await installed.ask(seconds=seconds) == "bron-te-laat"
    assert now() - began == pytest.approx(after)
    await asyncio.sleep(0.001)
    assert installed.adapter.under_way == 0


@quick
async def test_a_request_without_time_asks_nothing() -> None:
    installed = Installed(takes(0))
    assert await installed.ask(seconds=0) == "bron-te-laat"
    use = installed.meter.sources["kcc"]
    assert (installed.adapter.count, use.calls, use.outcome) == (0, 0, Outcome.TIMEOUT)


@quick
async def test_a_source_that_is_down_is_found_again() -> None:
    installed = Installed(takes(0, UNAVAILABLE))
    codes = {await installed.ask() for _ in range(100)}
    assert codes == {"bron-niet-beschikbaar"}
    assert installed.adapter.count <= Breaker.IN_A_ROW + 3
    assert installed.meter.sources["kcc"].calls == 0
    installed.adapter.acts = [takes(0)]
    await asyncio.sleep(Breaker.SECONDS)
    assert {await installed.ask(str(n)) for n in range(10)} == {"ok"}


@quick
async def test_a_source_that_hangs_is_left_alone_soon() -> None:
    installed = Installed(HANGS)
    codes = await asyncio.gather(*(installed.ask(str(n)) for n in range(30)))
    assert set(codes) == {"bron-te-laat", "bron-begrensd"}
    assert installed.adapter.count == 10
    began = now()
    assert await installed.ask() == "bron-niet-beschikbaar"
    assert now() == began


@quick
async def test_an_older_answer_comes_at_once_when_the_source_is_left_alone() -> None:
    installed = Installed(takes(0), takes(0, UNAVAILABLE), stale=600)
    await installed.ask()
    for n in range(Breaker.IN_A_ROW):
        await installed.ask(str(n))
    began = now()
    await asyncio.sleep(5)
    assert await installed.ask() == "ok"
    assert now() - began < 5.2
    use = installed.meter.sources["kcc"]
    assert (use.outcome, use.cached) == (Outcome.STALE, 1)


@quick
async def test_what_was_asked_before_a_change_is_not_shown_after_it() -> None:
    installed = Installed(takes(0))
    for _ in range(2):
        await installed.ask()
        installed.source.forget()
    assert installed.adapter.count == 2


@quick
async def test_a_source_without_memory_is_asked_every_time() -> None:
    installed = Installed(takes(0), burst=False)
    await asyncio.gather(*(installed.ask() for _ in range(3)))
    installed.source.forget()
    assert installed.adapter.count == 3


@quick
async def test_answers_are_shared_under_the_same_rights_only() -> None:
    installed = Installed(takes(0))
    for rights in ("a", "b", "a"):
        await installed.request(rights=rights).find("kcc", "KLANT", Query())
    assert installed.adapter.count == 2


@quick
async def test_a_slow_source_does_not_hold_up_another() -> None:
    slow, fast = Installed(HANGS), Installed(takes(0.05))
    waiting = [asyncio.create_task(slow.ask(str(n))) for n in range(50)]
    began = now()
    assert await fast.ask() == "ok"
    assert now() - began < 0.06
    await asyncio.gather(*waiting)


@pytest.mark.parametrize("calls", [1, 3])
async def test_seconds_are_those_in_which_something_was_under_way(calls: int) -> None:
    meter = Meter(Bounds(50, 1, 1, 1, 1))

    async def one() -> None:
        with meter.count("kcc").under_way():
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(calls)))
    assert 0.04 < meter.sources["kcc"].seconds < 0.05 * (calls + 1)
    assert meter.sources["kcc"].seconds < 0.15
