"""Telling what is not to be told, and answering one at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from adapters.base import (
    Page,
    Query,
)
from tests.kit.memory import Memory


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


BROKEN: Mapping[type, str] = {
    Telltale: "discreet",
    Chatty: "discreet",
    HoldsOn: "at-once",
}
