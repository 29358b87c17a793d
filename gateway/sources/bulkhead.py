"""So many calls at once, so that a slow source cannot take all there is."""

from __future__ import annotations

import asyncio
from typing import Final

from adapters.base import Failure
from gateway.sources.call import Answer, Call, Layer, NotAskedError, now


class Bulkhead:
    """At most ``connections`` calls under way; the next one waits.

    It waits half of its time at most, for a call that begins later hardly has a chance. Then it
    is throttled: not the source gave no answer, the gateway spared it the question.
    """

    COME_BACK_SECONDS: Final = 1.0

    def __init__(self, inner: Layer, connections: int) -> None:
        self._inner = inner
        self._free = asyncio.Semaphore(connections)

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        if self._free.locked():
            await self._wait(call.deadline)
        else:
            await self._free.acquire()
        try:
            return await self._inner.ask(call)
        finally:
            self._free.release()

    async def _wait(self, deadline: float) -> None:
        moment = now()
        try:
            async with asyncio.timeout_at(moment + (deadline - moment) / 2):
                await self._free.acquire()
        except TimeoutError:
            raise NotAskedError(
                Failure.THROTTLED, "no connection free", self.COME_BACK_SECONDS
            ) from None
