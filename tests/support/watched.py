"""Sources that take their time, and tell what they were asked and when."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

from adapters.base import Page, Query
from adapters.rest import RestAdapter
from adapters.sql import SqlAdapter
from gateway.installation import Installation


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: what was asked, from when to when on the clock of the event loop, and how many
    records came."""

    collection: str
    query: Query
    began: float
    ended: float
    records: int


class Watched:
    """Put before an adapter class: every call takes ``seconds`` longer and is noted."""

    seconds = 0.0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: list[Asked] = []

    async def find(self, collection: str, query: Query) -> Page:
        """See ``adapters.base.Adapter``. The adapters here make a ``get`` of it too."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await asyncio.sleep(self.seconds)
        page: Page = await super().find(collection, query)  # type: ignore[misc]
        self.asked.append(Asked(collection, query, began, clock(), len(page.records)))
        return page


class WatchedSql(Watched, SqlAdapter):
    """A database."""


class WatchedRest(Watched, RestAdapter):
    """A plain REST service within this process: the application that it is given."""

    def serve(self, app: ASGIApp) -> None:
        """From the first question on it is this application that answers."""
        self._transport = httpx.ASGITransport(app)


def watched(installed: Installation, seconds: float = 0) -> Sequence[Watched]:
    """The sources of an installation, of which every call takes so long from now on."""
    found = [a for a in installed.adapters.values() if isinstance(a, Watched)]
    for adapter in found:
        adapter.seconds = seconds
        adapter.asked.clear()
    return found


def rounds(asked: Iterable[Asked]) -> int:
    """How many times a call had to wait for another: the longest row of calls of which each began
    after the one before it had ended."""
    found, free = 0, float("-inf")
    for one in sorted(asked, key=lambda call: call.ended):
        if one.began >= free:
            found, free = found + 1, one.ended
    return found
