"""Changes on their way to a source: at most once, and when it is not known, it is found out.

A change is not asked again as a question is. Of most failures an adapter knows that nothing was
done. Of a lost answer nobody knows, unless the source can be asked whether the record is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tenacity import RetryCallState

from adapters.base import (
    Collection,
    Create,
    Failure,
    Generated,
    Match,
    Operator,
    Query,
    SourceError,
    Value,
)
from adapters.conditions import All, Condition, In, Record, get, is_absent
from gateway.sources.call import Answer, Call, Find, Layer, Question, Write, now
from gateway.sources.deadline import within
from gateway.sources.retry import PASSING, patiently

_ATTEMPTS: Final = 10


async def sent(changes: Awaitable[Answer], until: float) -> Answer:
    """What a source answers to changes. They are given up at a moment; what became of them then,
    the adapter may know. Raises ``SourceError``."""
    try:
        async with asyncio.timeout_at(until):
            return await changes
    except TimeoutError:
        raise SourceError(Failure.UNKNOWN, "no answer in time") from None


class Timed:
    """Gives changes at most ``seconds``. They end by themselves then, see ``sent``: whoever waits
    for a connection or between two tries does not wait beyond the deadline of the call."""

    def __init__(self, inner: Layer, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    async def ask(self, call: Call[Answer]) -> Answer:
        """See ``Layer``."""
        return await self._inner.ask(within(call, self._seconds))


@dataclass(frozen=True, slots=True)
class Sought:
    """A new record, by what no other record of its collection has."""

    collection: str
    where: Condition
    values: Mapping[str, Value]

    def matches(self, record: Record) -> bool:
        """Whether this is the record as it was sent. What a source fills in is not compared, and
        neither are the ways to be absent or spaces at the end."""
        return all(
            isinstance(value, Generated) or _same(value, get(record, name))
            for name, value in self.values.items()
        )


def _same(value: object, other: object) -> bool:
    if is_absent(value) or is_absent(other):
        return is_absent(value) and is_absent(other)
    return str(value).rstrip(" ") == str(other).rstrip(" ")


class Settling:
    """Finds out what became of a new record when the answer was lost.

    That can be done for one record, in a collection of which fields are declared ``natural``, if
    all of these were given. When it is there, that is the answer. When it is not, it is sent once
    more, and so on while there is time: the source allows no second one, should an earlier one
    come through after all. Otherwise it stays unknown. ``writes`` and ``reads``: where changes and
    questions go.
    """

    def __init__(self, writes: Layer, reads: Layer, collections: Mapping[str, Collection]) -> None:
        self._writes = writes
        self._reads = reads
        self._collections = collections

    async def ask(self, call: Call[Sequence[Record]]) -> Sequence[Record]:
        """The records afterwards. Raises ``SourceError``."""
        try:
            return await self._writes.ask(call)
        except SourceError as error:
            sought = self._sought(call.question)
            if error.failure is not Failure.UNKNOWN or sought is None:
                raise
            lost = error
        try:
            found = await self._settled(sought, call)
        except SourceError:
            raise lost from None
        if not all(map(sought.matches, found)):
            raise lost
        return found

    def _sought(self, question: Question[object]) -> Sought | None:
        if not isinstance(question, Write) or len(question.changes) != 1:
            return None
        (change,) = question.changes
        if not isinstance(change, Create):
            return None
        declared = self._collections[change.collection]
        names = declared.writes.natural if declared.writes is not None else ()
        parts = []
        for name in names:
            value = change.values.get(name)
            exact = declared.filters.get(name, {}).get(Operator.IN) is Match.EXACT
            if value is None or isinstance(value, Generated) or is_absent(value) or not exact:
                return None
            parts.append(In(name, (value,)))
        return Sought(change.collection, All(tuple(parts)), change.values) if parts else None

    async def _settled(self, sought: Sought, call: Call[Sequence[Record]]) -> Sequence[Record]:
        """The record that is there, or now is. Raises ``SourceError`` when it does not get known:
        not to know is worse than to ask more often than a question is worth."""
        question = Find(sought.collection, Query(sought.where, limit=1))
        asked = Call(question, call.deadline, call.use, call.rights)

        async def attempt() -> Sequence[Record]:
            page = await self._reads.ask(asked)
            if page.records:
                return page.records
            call.use.retries += 1
            return await self._writes.ask(call)

        def enough(state: RetryCallState) -> bool:
            too_late = now() + state.upcoming_sleep >= call.deadline
            return state.attempt_number >= _ATTEMPTS or too_late

        return await patiently(_may_get_known, enough)(attempt)


def _may_get_known(error: BaseException) -> bool:
    # A conflict may well be one with what was sent first.
    known_later = {*PASSING, Failure.UNKNOWN, Failure.CONFLICT}
    return isinstance(error, SourceError) and error.failure in known_later
