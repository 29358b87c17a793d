"""Telling what is not to be told, and answering one at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from adapters.base import (
    Page,
    Query,
    SourceError,
)
from adapters.conditions import Record
from tests.kit.memory import Memory, Options
from tests.kit.over_http import OverHttp


class Telltale(Memory):
    """Its name holds its secret."""

    def __repr__(self) -> str:
        return f"Telltale({self.secret})"


class Chatty(Memory):
    """The log tells what was found."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        logging.getLogger("chatty").debug("found %s", page.records)
        return page


class HoldsOn(Memory):
    """A call that is given up keeps the only connection."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        self.free = True

    async def find(self, collection: str, query: Query) -> Page:
        if not self.free:
            return Page([])
        self.free = False
        await asyncio.sleep(0)
        self.free = True
        return await super().find(collection, query)


class MixesUp(Memory):
    """Of questions at the same time all get the answer to the last."""

    asked: Query

    async def find(self, collection: str, query: Query) -> Page:
        self.asked = query
        await asyncio.sleep(0)
        return await super().find(collection, self.asked)


class Confesses(OverHttp):
    """Who asks how it is, is told the secret."""

    async def check(self) -> None:
        try:
            await super().check()
        except SourceError as error:
            raise SourceError(error.failure, f"no entry with {Options().secret}") from None


class RepeatsWhatIsWritten(Memory):
    """What cannot be written is told in the log, whole."""

    def unique(self, there: Sequence[Record], made: Record) -> None:
        try:
            super().unique(there, made)
        except SourceError:
            logging.getLogger("repeats").warning("there already: %s", made)
            raise


BROKEN: Mapping[type, str] = {
    Telltale: "discreet",
    Chatty: "discreet",
    HoldsOn: "at-once",
    MixesUp: "at-once",
    Confesses: "discreet",
    RepeatsWhatIsWritten: "discreet",
}
