"""Calling sources: bounded in time and number, failures turned into problem answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from adapters.base import Adapter, Failure, Page, Query, SourceError
from adapters.conditions import Record
from gateway.federation.bounds import Bounds, TooMany
from gateway.standard import errors
from gateway.standard.errors import Problem

Answer = TypeVar("Answer")

_LONGEST_WAIT = 86_400

_KINDS = {
    Failure.REFUSED: errors.SOURCE_REFUSED,
    Failure.THROTTLED: errors.SOURCE_THROTTLED,
    Failure.TIMEOUT: errors.SOURCE_TIMEOUT,
    Failure.UNAVAILABLE: errors.SOURCE_UNAVAILABLE,
    Failure.BAD_DATA: errors.SOURCE_BAD_DATA,
}


class Source:
    """One configured source. ``connections`` bounds the calls under way at once."""

    def __init__(self, alias: str, adapter: Adapter, connections: int, seconds: float) -> None:
        self.alias = alias
        self.adapter = adapter
        self._free = asyncio.Semaphore(connections)
        self._seconds = seconds

    async def call(self, ask: Callable[[Adapter], Awaitable[Answer]]) -> Answer:
        """One call. Raises ``Problem`` (502, 503, 504) naming the source when it fails."""
        try:
            async with asyncio.timeout(self._seconds), self._free:
                return await ask(self.adapter)
        except TimeoutError:
            raise self.problem(SourceError(Failure.TIMEOUT)) from None
        except SourceError as error:
            raise self.problem(error) from None

    def problem(self, error: SourceError) -> Problem:
        """The answer to a client when this source failed. Says which, never what it said."""
        headers = {}
        if error.retry_after is not None:
            headers["Retry-After"] = str(round(min(max(error.retry_after, 0), _LONGEST_WAIT)))
        return Problem(
            _KINDS[error.failure],
            f"Bron: {self.alias}.",
            headers=headers,
            source=self.alias,
            note=error.note or None,
        )


@dataclass
class Meter:
    """What one request has asked so far, by source; the log shows it."""

    bounds: Bounds
    calls: dict[str, int] = field(default_factory=dict)

    def count(self, alias: str) -> None:
        """One more call. Raises ``TooMany`` when the request asks too much."""
        self.calls[alias] = self.calls.get(alias, 0) + 1
        if sum(self.calls.values()) > self.bounds.calls:
            raise TooMany(f"Deze vraag kost meer dan {self.bounds.calls} aanroepen van bronnen.")


class Caller:
    """The sources as one request sees them."""

    def __init__(self, sources: Mapping[str, Source], meter: Meter) -> None:
        self._sources = sources
        self.meter = meter

    @property
    def bounds(self) -> Bounds:
        return self.meter.bounds

    async def find(self, alias: str, collection: str, query: Query) -> Page:
        """Records of a collection. Raises ``Problem``."""
        self.meter.count(alias)
        return await self._sources[alias].call(lambda a: a.find(collection, query))

    async def get(self, alias: str, collection: str, key: Mapping[str, Any]) -> Record | None:
        """A record by its native key. Raises ``Problem``."""
        self.meter.count(alias)
        return await self._sources[alias].call(lambda a: a.get(collection, key))

    def bad_data(self, alias: str, note: str) -> Problem:
        """The problem of a source that answers what it cannot mean."""
        return self._sources[alias].problem(SourceError(Failure.BAD_DATA, note))
