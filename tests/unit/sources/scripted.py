"""The end of the line in these tests: it does what it is told, and tells what it saw."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pytest

from adapters.base import Change, Collection, Failure, Page, Query, SourceError
from gateway.sources.call import Answer, Call, Find, now
from gateway.sources.meter import SourceUse

Act: TypeAlias = Callable[[], Awaitable[Any]]

PAGE = Page(({"ID": 1},))
REFUSED = SourceError(Failure.REFUSED)
THROTTLED = SourceError(Failure.THROTTLED)
TIMEOUT = SourceError(Failure.TIMEOUT)
UNAVAILABLE = SourceError(Failure.UNAVAILABLE)
BAD_DATA = SourceError(Failure.BAD_DATA)
CONFLICT = SourceError(Failure.CONFLICT)
UNKNOWN = SourceError(Failure.UNKNOWN)


def takes(seconds: float, answer: object = PAGE) -> Act:
    """An answer, or an exception, after so long."""

    async def act() -> Any:
        await asyncio.sleep(seconds)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return act


HANGS = takes(3600)


class Scripted:
    """A layer and an adapter: one act for each call, the last one for all that follow."""

    atomic = True

    def __init__(self, *acts: Act, collections: Mapping[str, Collection] | None = None) -> None:
        self.collections = collections or {}
        self.acts = list(acts)
        self.began: list[float] = []
        self.calls: list[Call[Any]] = []
        self.asked: list[Mapping[str, Any]] = []
        self.written: list[Sequence[Change]] = []
        self.under_way = 0
        self.most = 0

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.began)

    async def ask(self, call: Call[Answer]) -> Answer:
        self.calls.append(call)
        answer: Answer = await self._act()
        return answer

    async def find(self, collection: str, query: Query) -> Page:
        page: Page = await self._act()
        return page

    async def get(self, collection: str, key: Mapping[str, Any]) -> Any:
        self.asked.append(key)
        return await self._act()

    async def write(self, changes: Sequence[Change]) -> Any:
        self.written.append(changes)
        return await self._act()

    async def check(self) -> None:
        await self._act()

    async def _act(self) -> Any:
        self.began.append(now())
        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await act()
        finally:
            self.under_way -= 1


def call(seconds: float = 10, collection: str = "KLANT", rights: str = "") -> Call[Page]:
    """A call of a request that has so long left."""
    return Call(Find(collection, Query()), now() + seconds, SourceUse(), rights)


async def failure(asked: Awaitable[object]) -> SourceError:
    """How a call fails."""
    with pytest.raises(SourceError) as caught:
        await asked
    return caught.value
