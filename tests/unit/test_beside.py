"""Something beside an answer: it has as long as the answer takes, and does it no harm."""

from __future__ import annotations

import asyncio

import pytest

from gateway.bounds import TooMany
from gateway.federation.beside import HEAD_START, alongside
from gateway.standard.errors import NOT_FOUND, Problem
from tests.support.clock import quick


async def after(seconds: float, answer: str = "own") -> str:
    await asyncio.sleep(seconds)
    return answer


@quick
async def test_it_may_take_as_long_again() -> None:
    done: list[str] = []

    async def ahead() -> None:
        done.append(await after(1.5, "ahead"))

    assert await alongside(after(1), ahead) == "own"
    assert done == ["ahead"]


@quick
async def test_it_is_given_up_after_that() -> None:
    ended: list[bool] = []

    async def ahead() -> None:
        try:
            await after(60)
        finally:
            ended.append(True)

    began = asyncio.get_running_loop().time()
    assert await alongside(after(1), ahead) == "own"
    assert asyncio.get_running_loop().time() - began == pytest.approx(2)
    assert ended == [True]


@quick
async def test_what_is_at_hand_starts_nothing() -> None:
    started: list[bool] = []

    async def ahead() -> None:
        started.append(True)

    assert await alongside(after(HEAD_START / 4), ahead) == "own"
    assert started == []


@quick
async def test_its_failure_is_not_that_of_the_answer() -> None:
    for failure in (Problem(NOT_FOUND), TooMany("te veel")):

        async def ahead(failure: Exception = failure) -> None:
            raise failure

        assert await alongside(after(1), ahead) == "own"


@quick
async def test_an_answer_that_fails_ends_it() -> None:
    ended: list[bool] = []

    async def own() -> str:
        await asyncio.sleep(1)
        raise Problem(NOT_FOUND)

    async def ahead() -> None:
        try:
            await after(60)
        finally:
            ended.append(True)

    with pytest.raises(Problem):
        await alongside(own(), ahead)
    assert ended == [True]
