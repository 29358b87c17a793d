"""One configured source: its adapter, bounded, with failures turned into problem answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.base import Adapter, Failure, SourceError
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
        """One call. Raises ``SourceError``."""
        try:
            async with asyncio.timeout(self._seconds), self._free:
                return await ask(self.adapter)
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT) from None

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
