"""Calling sources: so many at once, so long, so often; and what a client hears of a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import pytest

from adapters.base import Adapter, Failure, Page, Query, SourceError
from gateway.federation.bounds import Bounds, TooMany
from gateway.federation.search import together
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.errors import Problem

EMPTY = Page(())


class Scripted:
    """An adapter that does what it is told on every call, and sees how many come at once."""

    def __init__(self, act: Callable[[], Awaitable[Page]]) -> None:
        self._act = act
        self.under_way = 0
        self.most = 0

    async def find(self, collection: str, query: Query) -> Page:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await self._act()
        finally:
            self.under_way -= 1

    async def get(self, collection: str, key: Mapping[str, Any]) -> None:
        await self.find(collection, Query())


def caller(act: Callable[[], Awaitable[Page]], **bounds: float) -> tuple[Caller, Scripted]:
    """The sources of a request: one, that acts like this."""
    adapter = Scripted(act)
    source = Source(
        "kcc", cast(Adapter, adapter), int(bounds.get("connections", 3)), bounds.get("seconds", 5)
    )
    budget = Bounds(int(bounds.get("calls", 50)), 1, 1, 1, 1)
    return Caller({"kcc": source}, Meter(budget)), adapter


async def answer() -> Page:
    await asyncio.sleep(0)
    return EMPTY


async def hang() -> Page:
    await asyncio.sleep(60)
    return EMPTY


def failing(error: Exception) -> Callable[[], Awaitable[Page]]:
    async def fail() -> Page:
        raise error

    return fail


async def problem_of(call: Awaitable[Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        await call
    return caught.value


async def test_so_many_calls_at_once() -> None:
    asking, adapter = caller(answer, connections=3)
    await together(asking.find("kcc", "KLANT", Query()) for _ in range(20))
    assert adapter.most == 3


async def test_requests_share_the_connections_of_a_source() -> None:
    adapter = Scripted(answer)
    source = Source("kcc", cast(Adapter, adapter), 2, 5)
    budget = Bounds(50, 1, 1, 1, 1)
    requests = [Caller({"kcc": source}, Meter(budget)) for _ in range(4)]
    await together(r.find("kcc", "KLANT", Query()) for r in requests for _ in range(5))
    assert adapter.most == 2


async def test_a_source_that_does_not_answer_in_time() -> None:
    asking, _ = caller(hang, seconds=0.02)
    problem = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert (problem.kind.status, problem.kind.code) == (504, "bron-te-laat")
    assert problem.detail == "Bron: kcc."


async def test_waiting_for_a_free_connection_is_bounded() -> None:
    asking, adapter = caller(hang, connections=1, seconds=0.05)
    first = asyncio.ensure_future(asking.find("kcc", "KLANT", Query()))
    await asyncio.sleep(0)
    second = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert (second.kind.code, first.done(), adapter.most) == ("bron-begrensd", False, 1)
    assert (await problem_of(first)).kind.code == "bron-te-laat"


async def test_a_call_that_was_too_late_frees_its_connection() -> None:
    asking, adapter = caller(hang, connections=1, seconds=0.02)
    await problem_of(asking.find("kcc", "KLANT", Query()))
    adapter._act = answer
    assert await asking.find("kcc", "KLANT", Query()) == EMPTY


async def test_a_call_that_failed_frees_its_connection() -> None:
    asking, adapter = caller(failing(SourceError(Failure.UNAVAILABLE)), connections=1)
    await problem_of(asking.find("kcc", "KLANT", Query()))
    adapter._act = answer
    assert await asking.find("kcc", "KLANT", Query()) == EMPTY


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
async def test_a_failure_is_a_kind_of_problem(failure: Failure, status: int, code: str) -> None:
    asking, _ = caller(failing(SourceError(failure, "status 500")))
    problem = await problem_of(asking.get("kcc", "KLANT", {"ID": 1}))
    assert (problem.kind.status, problem.kind.code) == (status, code)


async def test_a_problem_names_the_source_and_keeps_the_note_for_the_log() -> None:
    asking, _ = caller(failing(SourceError(Failure.UNAVAILABLE, "status 500")))
    problem = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert (problem.detail, problem.note) == ("Bron: kcc.", "status 500")


@pytest.mark.parametrize(("seconds", "header"), [(7, "7"), (0.4, "1"), (0, "0"), (-3, "0")])
async def test_when_to_come_back_is_passed_on(seconds: float, header: str) -> None:
    asking, _ = caller(failing(SourceError(Failure.THROTTLED, retry_after=seconds)))
    problem = await problem_of(asking.find("kcc", "KLANT", Query()))
    assert problem.headers == {"Retry-After": header}


async def test_another_error_is_not_hidden() -> None:
    asking, _ = caller(failing(LookupError("999993653")))
    with pytest.raises(LookupError):
        await asking.find("kcc", "KLANT", Query())


async def test_so_many_calls_in_all() -> None:
    asking, adapter = caller(answer, calls=3)
    for _ in range(3):
        await asking.find("kcc", "KLANT", Query())
    with pytest.raises(TooMany, match="meer dan 3 aanroepen"):
        await asking.find("kcc", "KLANT", Query())
    assert adapter.most == 1


async def test_calls_are_counted_by_source() -> None:
    asking, _ = caller(answer)
    await asking.find("kcc", "KLANT", Query())
    await asking.get("kcc", "KLANT", {"ID": 1})
    assert asking.meter.sources["kcc"].calls == 2


async def test_what_is_asked_together_comes_in_order() -> None:
    async def after(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    assert await together(after(s) for s in (0.02, 0, 0.01)) == [0.02, 0, 0.01]


async def test_the_first_failure_ends_the_rest() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("ended")

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise SourceError(Failure.REFUSED)

    with pytest.raises(SourceError):
        await together([wait(), fail(), wait()])
    assert ended == ["ended", "ended"]
