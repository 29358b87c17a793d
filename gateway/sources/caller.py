"""The sources as one request sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from adapters.base import Adapter, Failure, Page, Query, SourceError
from adapters.conditions import Record
from gateway.federation.bounds import Bounds
from gateway.sources.meter import Meter
from gateway.sources.outcome import Outcome
from gateway.sources.source import Source
from gateway.standard.errors import Problem

Answer = TypeVar("Answer")


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
        return await self._call(alias, lambda a: a.find(collection, query))

    async def get(self, alias: str, collection: str, key: Mapping[str, Any]) -> Record | None:
        """A record by its native key. Raises ``Problem``."""
        return await self._call(alias, lambda a: a.get(collection, key))

    def bad_data(self, alias: str, note: str) -> Problem:
        """The problem of a source that answers what it cannot mean."""
        self.meter.use(alias).ended(Outcome.BAD_DATA)
        return self._sources[alias].problem(SourceError(Failure.BAD_DATA, note))

    async def _call(self, alias: str, ask: Callable[[Adapter], Awaitable[Answer]]) -> Answer:
        use = self.meter.count(alias)
        use.calls += 1
        with use.under_way():
            try:
                return await self._sources[alias].call(ask)
            except SourceError as error:
                use.ended(Outcome(error.failure.value))
                raise self._sources[alias].problem(error) from None
