"""A call ends in time."""

from __future__ import annotations

import pytest

from adapters.base import Failure
from gateway.sources.call import NotAskedError, now
from gateway.sources.deadline import Deadline
from tests.support.clock import quick
from tests.unit.sources.scripted import HANGS, PAGE, Scripted, call, failure, takes


@quick
async def test_an_answer_in_time() -> None:
    assert await Deadline(Scripted(takes(4.9)), 5).ask(call()) == PAGE


@pytest.mark.parametrize(("of_source", "of_request", "after"), [(5, 10, 5), (5, 2, 2)])
@quick
async def test_a_call_ends_with_its_time_or_its_request(
    of_source: float, of_request: float, after: float
) -> None:
    began = now()
    error = await failure(Deadline(Scripted(HANGS), of_source).ask(call(of_request)))
    assert (error.failure, now() - began) == (Failure.TIMEOUT, pytest.approx(after))


@quick
async def test_a_time_out_of_the_adapter_is_one_of_the_call() -> None:
    error = await failure(Deadline(Scripted(takes(1, TimeoutError())), 5).ask(call()))
    assert error.failure is Failure.TIMEOUT


@pytest.mark.parametrize("left", [0, -1])
@quick
async def test_without_time_there_is_no_call(left: float) -> None:
    source = Scripted(takes(0))
    error = await failure(Deadline(source, 5).ask(call(left)))
    assert isinstance(error, NotAskedError)
    assert (error.failure, source.count) == (Failure.TIMEOUT, 0)


@quick
async def test_what_is_inside_sees_the_deadline() -> None:
    source = Scripted(takes(0))
    await Deadline(source, 5).ask(call(10))
    await Deadline(source, 5).ask(call(3))
    assert [c.deadline - now() for c in source.calls] == [5, 3]
