"""One configured source: its adapter, with everything around it that keeps calls in bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

from adapters.base import Adapter, Failure, Objection, SourceError, WritingAdapter
from adapters.conditions import Record
from gateway.sources.breaker import Breaker, Breaking, State
from gateway.sources.bulkhead import Bulkhead
from gateway.sources.burst import Burst
from gateway.sources.call import Answer, Call, Layer, Write
from gateway.sources.deadline import Deadline
from gateway.sources.remembered import Remembered
from gateway.sources.retry import Budget, Retry
from gateway.sources.writing import Settling, Timed, sent
from gateway.standard import errors
from gateway.standard.errors import Problem

_LONGEST_WAIT: Final = 86_400

_KINDS: Final = {
    Failure.WITHHELD: errors.PERMISSION_DENIED,
    Failure.REFUSED: errors.SOURCE_REFUSED,
    Failure.THROTTLED: errors.SOURCE_THROTTLED,
    Failure.TIMEOUT: errors.SOURCE_TIMEOUT,
    Failure.UNAVAILABLE: errors.SOURCE_UNAVAILABLE,
    Failure.BAD_DATA: errors.SOURCE_BAD_DATA,
    Failure.CONFLICT: errors.CONFLICT,
    Failure.GONE: errors.CONFLICT,
    Failure.UNKNOWN: errors.OUTCOME_UNKNOWN,
}

_NOT_DONE: Final = "Niet verwerkt."
_TOLD: Final = {
    Failure.CONFLICT: "Niet verwerkt: wat er staat is intussen anders, of sluit dit uit.",
    Failure.GONE: "Niet verwerkt: wat gewijzigd zou worden is er niet meer.",
    Failure.UNKNOWN: ("Het kan verwerkt zijn: kijk of het er staat voordat u het nog eens vraagt."),
}
"""What a client hears of a change that failed so; of another failure that it was not done."""


class Objected(Problem):
    """A problem of a source that says what it has against a change, in its own fields."""

    def __init__(self, objections: Sequence[Objection], of: Problem) -> None:
        super().__init__(of.kind, of.detail, (), of.headers, of.source, of.note)
        self.objections = tuple(objections)


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
        writes = Timed(layer, seconds)
        layer = Deadline(layer, seconds)
        self._writes = Settling(writes, layer, adapter.collections)
        self._unkept = layer
        if memory is not None:
            layer = Burst(layer, alias, memory, fresh=fresh, stale=stale, seconds=seconds)
        self._layer = layer

    async def ask(self, call: Call[Answer]) -> Answer:
        """The answer to a question. Raises ``SourceError``."""
        return await self._layer.ask(call)

    async def read(self, call: Call[Answer]) -> Answer:
        """As ``ask``, and the answer is not kept. Raises ``SourceError``."""
        return await self._unkept.ask(call)

    @property
    def writable(self) -> bool:
        """Whether anything can be written in it."""
        return any(c.writes is not None for c in self.adapter.collections.values())

    @property
    def atomic(self) -> bool:
        """Whether changes that are written together are all done or none of them. Otherwise they
        are written one by one."""
        return self.writable and cast(WritingAdapter, self.adapter).atomic

    async def write(self, call: Call[Sequence[Record]]) -> Sequence[Record]:
        """Make changes; the records as they are afterwards. At most once: it is tried again only
        after what certainly was not done. Raises ``SourceError``.
        """
        try:
            return await self._writes.ask(call)
        finally:
            # Also when nothing was done: what was in the way may not have been seen before.
            self.forget()

    @property
    def breaker(self) -> State:
        """Whether the source is left alone at this moment."""
        return self._breaker.state

    def forget(self) -> None:
        """Nothing that was asked before this is shown after it: something changed."""
        if self.memory is not None:
            self.memory.forget(self.alias)

    def problem(self, error: SourceError, *, writing: bool = False) -> Problem:
        """The answer to a client when this source failed, while ``writing`` or not. Says which,
        never what it said."""
        detail, headers = f"Bron: {self.alias}.", {}
        if writing:
            detail += f" {_TOLD.get(error.failure, _NOT_DONE)}"
        if error.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(min(max(error.retry_after, 0), _LONGEST_WAIT)))
        problem = Problem(
            _KINDS[error.failure],
            detail,
            headers=headers,
            source=self.alias,
            note=error.note or None,
        )
        return Objected(error.objections, problem) if error.objections else problem


class _Asked:
    """The end of the line: the adapter."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    async def ask(self, call: Call[Answer]) -> Answer:
        call.use.calls += 1
        question: object = call.question
        answer = call.question.put_to(self._adapter)
        return await (sent(answer, call.deadline) if isinstance(question, Write) else answer)
