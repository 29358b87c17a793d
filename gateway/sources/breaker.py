"""A source that is down is left alone for a while, and costs its callers no time.

The pattern is Nygard's circuit breaker, https://martinfowler.com/bliki/CircuitBreaker.html.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from adapters.base import Failure, SourceError
from gateway.sources.call import Answer, Call, Layer, NotAskedError, now

_DOWN: Final = frozenset({Failure.TIMEOUT, Failure.UNAVAILABLE, Failure.UNKNOWN})
"""A source that refuses, asks for rest or answers nonsense does answer: leaving it alone would
take away the answers to the other questions, and hide what is really wrong."""


class State(StrEnum):
    """What a breaker does with the next call: let it through, as it does while closed; refuse it,
    because a probe is under way; refuse it or, when its time has come, make it the probe."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one call; ``probe``: the one that finds out whether the source is back."""

    era: int
    probe: bool


class Breaker:
    """Whether a source is asked, by how its last calls went.

    It opens after ``IN_A_ROW`` failures, or when half of the last ``WINDOW`` calls failed. After
    ``SECONDS`` it lets one call through, the probe: an answer closes it, a failure opens it anew.
    Each permit is given back by exactly one of ``answered``, ``failed`` and ``abandoned``. Calls
    that were under way when it opened or closed change nothing any more.
    """

    IN_A_ROW: Final = 5
    WINDOW: Final = 20
    SECONDS: Final = 5.0
    PROBE_SECONDS: Final = 1.0
    """When to come back while a probe is under way: nobody knows how long it takes."""

    def __init__(self, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._failed: deque[bool] = deque(maxlen=self.WINDOW)
        self._in_a_row = 0
        self._open_until: float | None = None
        self._probing = False
        self._era = 0

    @property
    def state(self) -> State:
        """The state, without looking at the clock: any thread may ask."""
        if self._open_until is None:
            return State.CLOSED
        return State.HALF_OPEN if self._probing else State.OPEN

    def admit(self) -> Permit:
        """Leave for a call. Raises ``NotAskedError`` while the source is left alone."""
        if self._open_until is None:
            return Permit(self._era, probe=False)
        wait = self._open_until - self._clock()
        if wait > 0 or self._probing:
            seconds = wait if wait > 0 else self.PROBE_SECONDS
            raise NotAskedError(Failure.UNAVAILABLE, "left alone after failures", seconds)
        self._probing = True
        return Permit(self._era, probe=True)

    def answered(self, permit: Permit) -> None:
        """The source answered, be it with a refusal."""
        if permit.era != self._era:
            return
        if permit.probe:
            self._turn(None)
        self._in_a_row = 0
        self._failed.append(False)

    def failed(self, permit: Permit) -> None:
        """The source did not answer."""
        if permit.era != self._era:
            return
        self._in_a_row += 1
        self._failed.append(True)
        full = len(self._failed) == self.WINDOW
        if (
            permit.probe
            or self._in_a_row >= self.IN_A_ROW
            or (full and 2 * sum(self._failed) >= self.WINDOW)
        ):
            self._turn(self._clock() + self.SECONDS)

    def abandoned(self, permit: Permit) -> None:
        """The call was given up before it told anything."""
        if permit.probe and permit.era == self._era:
            self._probing = False

    def _turn(self, open_until: float | None) -> None:
        self._open_until = open_until
        self._probing = False
        self._in_a_row = 0
        self._failed.clear()
        self._era += 1


class Breaking:
    """Puts a breaker before a source.

    A call that is given up, by its deadline or by its client, counts as a failure if the source
    had at least ``patience`` seconds; the last calls of a request that ran out of time, all of
    them short, say nothing about the source.
    """

    def __init__(self, inner: Layer, breaker: Breaker, patience: float) -> None:
        self._inner = inner
        self._breaker = breaker
        self._patience = patience

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        permit = self._breaker.admit()
        tell = self._breaker.abandoned
        began = now()
        try:
            # A probe is one call, so it is not retried.
            answer = await self._inner.ask(replace(call, once=True) if permit.probe else call)
            tell = self._breaker.answered
            return answer
        except NotAskedError:
            raise
        except SourceError as error:
            if error.failure not in _DOWN:
                tell = self._breaker.answered
            elif now() < call.deadline or self._had_time(began):
                tell = self._breaker.failed
            raise
        except asyncio.CancelledError:
            if self._had_time(began):
                tell = self._breaker.failed
            raise
        finally:
            tell(permit)

    def _had_time(self, began: float) -> bool:
        return now() - began >= self._patience
