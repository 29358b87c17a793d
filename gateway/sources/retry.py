"""A second try, where that may help and costs the source little.

Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/. The budget
is that of gRPC (https://github.com/grpc/proposal/blob/master/A6-client-retries.md, "Throttling
Retry Attempts"): a source earns its retries by answering, so one that is down is left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_random_exponential,
)

from adapters.base import Failure, SourceError
from gateway.sources.call import Answer, Call, Layer, NotAskedError, now

PASSING: Final = frozenset({Failure.THROTTLED, Failure.TIMEOUT, Failure.UNAVAILABLE})
"""What may be over soon. Of a write it means that nothing was done, so that may be tried again."""
_ATTEMPTS: Final = 3
_JITTER: Final = wait_random_exponential(multiplier=0.1, max=1)


class Budget:
    """How many retries a source may still cost: at most three, each ten answers give one back."""

    MOST: Final = 3.0
    SHARE: Final = 0.1

    def __init__(self) -> None:
        self._left = self.MOST

    def earn(self) -> None:
        """The source answered."""
        self._left = min(self._left + self.SHARE, self.MOST)

    def spend(self) -> bool:
        """Whether one more retry is within the budget; it is taken from it."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Retry:
    """Asks again after a failure that may pass, as long as there is time and budget.

    It waits as long as the source asked (``Retry-After``), and a random moment more. When that,
    and as long again as the failure took to come, does not fit before the deadline, it gives up at
    once.
    """

    def __init__(self, inner: Layer, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        began = now()
        try:
            answer = await self._inner.ask(call)
        except SourceError as error:
            if call.once or not _may_pass(error):
                raise
            return await self._again(call, error, now() - began)
        self._budget.earn()
        return answer

    async def _again(self, call: Call[Answer], first: SourceError, took: float) -> Answer:
        """Tenacity is entered only now, with the failure that there was for its first attempt."""
        known = [first]

        async def attempt() -> Answer:
            if known:
                raise known.pop()
            call.use.retries += 1
            return await self._inner.ask(call)

        def enough(state: RetryCallState) -> bool:
            too_late = now() + state.upcoming_sleep + took >= call.deadline
            # The budget is spent last: only when nothing else speaks against a retry.
            return state.attempt_number >= _ATTEMPTS or too_late or not self._budget.spend()

        return await patiently(_may_pass, enough)(attempt)


def _may_pass(error: BaseException) -> bool:
    return (
        isinstance(error, SourceError)
        and not isinstance(error, NotAskedError)
        and error.failure in PASSING
    )


def patiently(
    passes: Callable[[BaseException], bool], enough: Callable[[RetryCallState], bool]
) -> AsyncRetrying:
    """Tries again after what ``passes``, a while later each time, until it is ``enough``: then
    what went wrong last is raised."""
    return AsyncRetrying(
        sleep=asyncio.sleep,
        retry=retry_if_exception(passes),
        wait=_pause,
        stop=enough,
        reraise=True,
    )


def _pause(state: RetryCallState) -> float:
    """Seconds until the next try."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, SourceError) else None
    return max(asked or 0, 0) + _JITTER(state)
