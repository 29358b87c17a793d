"""A source as it is examined: every call has its time, and is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from adapters.base import Adapter, Failure, Page, Query, SourceError
from adapters.conditions import Record


class Timed:
    """``longest``: of all calls so far, in seconds."""

    def __init__(self, adapter: Adapter, seconds: float) -> None:
        self._adapter = adapter
        self._seconds = seconds
        self.longest = 0.0

    async def find(self, collection: str, query: Query) -> Page:
        """As of an adapter. Raises ``SourceError``, also where it takes too long."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds):
                return await self._adapter.find(collection, query)
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT) from None
        finally:
            self.longest = max(self.longest, time.monotonic() - begun)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        """As of an adapter. Raises ``SourceError``, also where it takes too long."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._adapter.get(collection, key)
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT) from None
