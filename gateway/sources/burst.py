"""A burst of the same questions costs its source one call.

A desk that opens one customer asks the same things within a second, and so do its colleagues.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from typing import Any, Final

from adapters.base import Failure, SourceError
from gateway.sources.call import Answer, Call, Layer, now
from gateway.sources.outcome import Outcome
from gateway.sources.remembered import Key, Remembered

_STALE_HELPS: Final = frozenset({Failure.THROTTLED, Failure.TIMEOUT, Failure.UNAVAILABLE})
"""A refusal or nonsense is an answer as well, and the older one may be what it takes back."""


class Flight:
    """A question that is under way, in a task of its own: who asked first may leave first."""

    def __init__(self, task: asyncio.Task[Any], until: float, in_full: bool) -> None:
        self.task = task
        self.until = until
        self.in_full = in_full
        self.waiting = 0
        # Everyone may have left when it fails; then nobody else looks at the failure.
        task.add_done_callback(lambda t: t.cancelled() or t.exception())


class Burst:
    """Asks identical questions that are under way once, and keeps answers for ``fresh`` seconds.

    A failure goes to all who wait for it and is not kept, but in the ``stale`` seconds after that
    an answer that was kept stands in for a new one that did not come. ``seconds``: what the source
    is given for a call.
    """

    def __init__(
        self,
        inner: Layer,
        alias: str,
        memory: Remembered,
        *,
        fresh: float,
        stale: float,
        seconds: float,
    ) -> None:
        self._inner = inner
        self._alias = alias
        self._memory = memory
        self._fresh = fresh
        self._stale = stale
        self._seconds = seconds
        self._flights: dict[Key, Flight] = {}

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        key = self._memory.key(self._alias, call.rights, call.question)
        kept = self._memory.get(key)
        if kept is not None:
            call.use.kept_since(kept.fresh_until - self._fresh)
            answer: Answer = kept.value
            return answer
        try:
            return await self._join(key, call)
        except SourceError as error:
            kept = self._memory.get(key, stale=True) if error.failure in _STALE_HELPS else None
            if kept is None:
                raise
            call.use.kept_since(kept.fresh_until - self._fresh)
            call.use.ended(Outcome.STALE)
            answer = kept.value
            return answer

    async def _join(self, key: Key, call: Call[Answer]) -> Answer:
        """Wait for the answer of a flight that is under way, or of a new one."""
        flight = self._flights.get(key)
        # One that ends with the short time of another request would end too early for this one.
        if flight is not None and (flight.in_full or flight.until >= call.deadline):
            joined = 1
        else:
            flight, joined = self._start(key, call), 0
        flight.waiting += 1
        try:
            left = None if call.deadline == math.inf else call.deadline - now()
            await asyncio.wait([flight.task], timeout=left)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._land(key, flight)
                flight.task.cancel()
        if not flight.task.done():
            raise SourceError(Failure.TIMEOUT)
        answer: Answer = flight.task.result()
        call.use.cached += joined
        return answer

    def _start(self, key: Key, call: Call[Answer]) -> Flight:
        full = now() + self._seconds
        until = min(full, call.deadline)
        task = asyncio.create_task(self._fetch(key, replace(call, deadline=until)))
        flight = self._flights[key] = Flight(task, until, in_full=until == full)
        task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    async def _fetch(self, key: Key, call: Call[Answer]) -> Answer:
        answer = await self._inner.ask(call)
        self._memory.put(key, answer, self._fresh, self._stale)
        return answer

    def _land(self, key: Key, flight: Flight) -> None:
        """No one joins it any more. A newer flight of the same question stays."""
        if self._flights.get(key) is flight:
            del self._flights[key]
