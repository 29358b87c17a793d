"""A call ends in time, whatever the source does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from adapters.base import Failure, SourceError
from gateway.sources.call import Answer, Call, Layer, NotAskedError, now


class Deadline:
    """Ends a call after ``seconds``, or sooner when its request ends sooner.

    What is inside sees the moment in ``Call.deadline``, so that nobody waits for what comes after
    it. When nothing is left the call is not made.
    """

    def __init__(self, inner: Layer, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        moment = now()
        if call.deadline <= moment:
            raise NotAskedError(Failure.TIMEOUT, "no time left")
        until = min(call.deadline, moment + self._seconds)
        try:
            async with asyncio.timeout_at(until):
                return await self._inner.ask(replace(call, deadline=until))
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT) from None
