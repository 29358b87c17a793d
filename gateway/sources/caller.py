"""The sources as one request sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.base import Change, Failure, Page, Piece, Query, SourceError
from adapters.conditions import Record
from gateway.bounds import Bounds
from gateway.sources.call import Answer, Call, Check, Find, Get, Question, Read, Write
from gateway.sources.meter import Meter
from gateway.sources.outcome import Outcome
from gateway.sources.source import Source
from gateway.standard.errors import Problem


class Caller:
    """Asks for one request, within its bounds; ``meter`` tells afterwards how each source did.

    ``rights``: what answers may be shared under. Requests with equal rights may get each other's
    answers, for as long as those are kept.

    Its methods raise ``Problem`` (502, 503, 504; 409 for changes) with ``source`` set when the
    source fails, and those that ask ``TooMany``.
    """

    def __init__(self, sources: Mapping[str, Source], meter: Meter, rights: str = "") -> None:
        self._sources = sources
        self.rights = rights
        self.meter = meter

    @property
    def bounds(self) -> Bounds:
        return self.meter.bounds

    async def find(self, alias: str, collection: str, query: Query) -> Page:
        """Records of a collection."""
        page = await self._ask(alias, Find(collection, query))
        self.meter.use(alias).kept_back(collection, page.withheld)
        return page

    async def get(self, alias: str, collection: str, key: Mapping[str, Any]) -> Record | None:
        """A record by its native key."""
        return await self._ask(alias, Get.of(collection, key))

    async def piece(
        self, alias: str, collection: str, key: Mapping[str, Any], token: str | None
    ) -> Piece | None:
        """A piece of the file of a record; see ``ContentAdapter``."""
        question = Read(collection, tuple(sorted(key.items())), token)
        return await self._ask(alias, question, kept=False)

    async def check(self, alias: str) -> None:
        """Whether a source answers."""
        await self._ask(alias, Check())

    async def write(self, alias: str, changes: Sequence[Change]) -> Sequence[Record]:
        """Make changes; the records as they are afterwards, of a deletion as it was.

        All of them or none where the source is ``atomic``, else one at a time. 504
        ``uitkomst-onbekend`` when they may have been made; any other problem says that they were
        not. It is never one call too many, for what was begun has to be ended.
        """
        use = self.meter.use(alias)
        with use.under_way():
            try:
                call = Call(Write(tuple(changes)), self.meter.deadline, use, self.rights)
                return await self._sources[alias].write(call)
            except SourceError as error:
                raise self._failed(alias, error, writing=True) from None

    def withheld(self, alias: str) -> Problem:
        """The problem of a single record that a source keeps from who asks."""
        return self._failed(alias, SourceError(Failure.WITHHELD))

    def bad_data(self, alias: str, note: str) -> Problem:
        """The problem of a source that answers what it cannot mean."""
        return self._failed(alias, SourceError(Failure.BAD_DATA, note))

    async def _ask(self, alias: str, question: Question[Answer], *, kept: bool = True) -> Answer:
        use = self.meter.count(alias)
        source = self._sources[alias]
        with use.under_way():
            try:
                call = Call(question, self.meter.deadline, use, self.rights)
                return await (source.ask(call) if kept else source.read(call))
            except SourceError as error:
                raise self._failed(alias, error) from None

    def _failed(self, alias: str, error: SourceError, *, writing: bool = False) -> Problem:
        self.meter.use(alias).ended(Outcome(error.failure.value))
        return self._sources[alias].problem(error, writing=writing)
