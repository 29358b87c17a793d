"""One configured source: its adapter, with everything around it that keeps calls in bounds."""

from __future__ import annotations

import math
from typing import Final

from adapters.base import Adapter, Failure, SourceError
from gateway.sources.breaker import Breaker, Breaking, State
from gateway.sources.bulkhead import Bulkhead
from gateway.sources.burst import Burst
from gateway.sources.call import Answer, Call, Layer
from gateway.sources.deadline import Deadline
from gateway.sources.remembered import Remembered
from gateway.sources.retry import Budget, Retry
from gateway.standard import errors
from gateway.standard.errors import Problem

_LONGEST_WAIT: Final = 86_400

_KINDS: Final = {
    Failure.REFUSED: errors.SOURCE_REFUSED,
    Failure.THROTTLED: errors.SOURCE_THROTTLED,
    Failure.TIMEOUT: errors.SOURCE_TIMEOUT,
    Failure.UNAVAILABLE: errors.SOURCE_UNAVAILABLE,
    Failure.BAD_DATA: errors.SOURCE_BAD_DATA,
    Failure.CONFLICT: errors.CONFLICT,
    Failure.GONE: errors.CONFLICT,
    Failure.UNKNOWN: errors.OUTCOME_UNKNOWN,
}


class Source:
    """One configured source.

    ``connections``: calls under way at once. ``seconds``: the longest call. ``required``: whether
    an answer without it is no answer. ``memory``: where answers are kept, for ``fresh`` seconds,
    and ``stale`` seconds longer for when the source fails; without it nothing is kept or shared.
    What else may be kept of this source goes there too, for as long.
    """

    def __init__(
        self,
        alias: str,
        adapter: Adapter,
        connections: int,
        seconds: float,
        *,
        required: bool = True,
        memory: Remembered | None = None,
        fresh: float = 0,
        stale: float = 0,
    ) -> None:
        self.alias = alias
        self.adapter = adapter
        self.required = required
        self.memory = memory
        self.fresh = fresh
        self._breaker = Breaker()
        layer: Layer = Bulkhead(_Asked(adapter), connections)
        layer = Retry(layer, Budget())
        layer = Breaking(layer, self._breaker, patience=seconds / 2)
        layer = Deadline(layer, seconds)
        if memory is not None:
            layer = Burst(layer, alias, memory, fresh=fresh, stale=stale, seconds=seconds)
        self._layer = layer

    async def ask(self, call: Call[Answer]) -> Answer:
        """The answer to a question. Raises ``SourceError``."""
        return await self._layer.ask(call)

    @property
    def breaker(self) -> State:
        """Whether the source is left alone at this moment."""
        return self._breaker.state

    def forget(self) -> None:
        """Nothing that was asked before this is shown after it: something changed."""
        if self.memory is not None:
            self.memory.forget(self.alias)

    def problem(self, error: SourceError) -> Problem:
        """The answer to a client when this source failed. Says which, never what it said."""
        headers = {}
        if error.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(min(max(error.retry_after, 0), _LONGEST_WAIT)))
        return Problem(
            _KINDS[error.failure],
            f"Bron: {self.alias}.",
            headers=headers,
            source=self.alias,
            note=error.note or None,
        )


class _Asked:
    """The end of the line: the adapter."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    async def ask(self, call: Call[Answer]) -> Answer:
        call.use.calls += 1
        return await call.question.put_to(self._adapter)
