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
        timed = within(call, self._seconds)
        try:
            async with asyncio.timeout_at(timed.deadline):
                return await self._inner.ask(timed)
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT) from None


def within(call: Call[Answer], seconds: float) -> Call[Answer]:
    """The call with at most so many seconds. Raises ``NotAskedError`` when no time is left."""
    moment = now()
    if call.deadline <= moment:
        raise NotAskedError(Failure.TIMEOUT, "no time left")
    return replace(call, deadline=min(call.deadline, moment + seconds))
