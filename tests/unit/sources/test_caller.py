"""The sources as one request sees them: so many questions, and what a client hears of a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

import pytest

from adapters.base import Adapter, Failure, Query, SourceError
from adapters.concurrency import together
from gateway.bounds import Bounds, TooMany
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.errors import Problem
from tests.support.clock import quick
from tests.unit.sources.scripted import Act, Scripted, takes


def caller(*acts: Act, calls: int = 50) -> tuple[Caller, Scripted]:
    """The sources of a request: one, that acts like this."""
    adapter = Scripted(*acts)
    source = Source("kcc", cast(Adapter, adapter), 3, 5)
    return Caller({"kcc": source}, Meter(Bounds(calls, 1, 1, 1, 1))), adapter


async def problem_of(asked: Awaitable[Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        await asked
    return caught.value


@quick
async def test_requests_share_the_connections_of_a_source() -> None:
    adapter = Scripted(takes(0.1))
    source = Source("kcc", cast(Adapter, adapter), 2, 5)
    requests = [Caller({"kcc": source}, Meter(Bounds(50, 1, 1, 1, 1))) for _ in range(4)]
    await together(r.find("kcc", "KLANT", Query()) for r in requests for _ in range(5))
    assert (adapter.most, adapter.count) == (2, 20)


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Failure.REFUSED, 502, "bron-weigert"),
        (Failure.BAD_DATA, 502, "bron-gegevens-onjuist"),
        (Failure.THROTTLED, 503, "bron-begrensd"),
        (Failure.UNAVAILABLE, 503, "bron-niet-beschikbaar"),
        (Failure.TIMEOUT, 504, "bron-te-laat"),
    ],
)
@quick
async def test_a_failure_is_a_kind_of_problem(failure: Failure, status: int, code: str) -> None:
    asking, _ = caller(takes(0, SourceError(failure, "status 500")))
    problem = await problem_of(asking.get("kcc", "KLANT", {"ID": 1}))
    assert (problem.kind.status, problem.kind.code) == (status, code)
    assert asking.meter.sources["kcc"].outcome == failure.value


@quick
async def test_a_problem_names_the_source_and_keeps_the_note_for_the_log() -> None:
    asking, _ = caller(takes(0, SourceError(Failure.UNAVAILABLE, "status 500")))
    problem = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert (problem.detail, problem.note, problem.source) == ("Bron: kcc.", "status 500", "kcc")


@pytest.mark.parametrize(("seconds", "header"), [(7, "7"), (0.4, "1"), (0, "0"), (-3, "0")])
@quick
async def test_when_to_come_back_is_passed_on(seconds: float, header: str) -> None:
    asking, _ = caller(takes(0, SourceError(Failure.THROTTLED, retry_after=seconds)))
    problem = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert problem.headers == {"Retry-After": header}


@quick
async def test_another_error_is_not_hidden() -> None:
    asking, _ = caller(takes(0, LookupError("999993653")))
    with pytest.raises(LookupError):
        await asking.find("kcc", "KLANT", Query())


@quick
async def test_so_many_questions_in_all() -> None:
    asking, adapter = caller(takes(0), calls=3)
    for _ in range(3):
        await asking.find("kcc", "KLANT", Query())
    with pytest.raises(TooMany, match="meer dan 3 aanroepen"):
        await asking.find("kcc", "KLANT", Query())
    assert adapter.count == 3


@quick
async def test_a_key_is_one_question_in_any_order() -> None:
    asking, adapter = caller(takes(0, None))
    for key in ({"A": 1, "B": 2}, {"B": 2, "A": 1}):
        assert await asking.get("kcc", "KLANT", key) is None
    assert adapter.asked == [{"A": 1, "B": 2}] * 2


@quick
async def test_what_is_asked_together_comes_in_order() -> None:
    async def after(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    assert await together(after(s) for s in (0.02, 0, 0.01)) == [0.02, 0, 0.01]


@quick
async def test_the_first_failure_ends_the_rest() -> None:
    asking, adapter = caller(takes(60), takes(1, SourceError(Failure.REFUSED)), takes(60))
    await problem_of(together(asking.find("kcc", "KLANT", Query()) for _ in range(3)))
    assert (adapter.count, adapter.under_way) == (3, 0)


@quick
async def test_whether_a_source_answers() -> None:
    asking, _ = caller(takes(0, None), takes(0, SourceError(Failure.REFUSED)))
    await asking.check("kcc")
    assert (await problem_of(asking.check("kcc"))).kind.code == "bron-weigert"
