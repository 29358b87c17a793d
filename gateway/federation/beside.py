"""What stood on one page, whichever sources it came from.

A desk goes through a list object by object. What one of them needs is asked for its neighbours
along with it (see ``Search``), but that is within one source. What stood on the page of other
sources is asked for at the same time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from gateway.bounds import TooMany
from gateway.federation.persons import Persons
from gateway.federation.rows import Row
from gateway.federation.same import PARTIJEN
from gateway.federation.search import AHEAD, Search, TooBroad
from gateway.federation.tree import Branches
from gateway.mapping.stream import RuleError
from gateway.standard.errors import Problem
from gateway.standard.model import Resource

Answer = TypeVar("Answer")

PAGES: Final = 24
"""So many pages are known at a time."""

HEAD_START: Final = 0.005
"""Seconds that an object has to itself: one that is at hand needs nothing of this."""


@dataclass(eq=False, slots=True)
class _Page:
    """``name``: under which its objects are remembered. ``ahead``: for which resources, with what
    expanded, it was asked ahead already."""

    name: str
    ahead: set[tuple[str, Branches]] = field(default_factory=set)


class Pages:
    """The pages that clients with the same rights were shown, newest first."""

    def __init__(self) -> None:
        self.shown: deque[_Page] = deque(maxlen=PAGES)
        self.made = 0


class Beside:
    """What one request sees of that, and adds to it."""

    def __init__(self, search: Search, persons: Persons, pages: Pages) -> None:
        self._search = search
        self._persons = persons
        self._pages = pages

    def note(self, resource: Resource, rows: Sequence[Row]) -> None:
        """Note the page that these rows were written as, with what they refer to."""
        if len({row.stream.source for row in rows}) < 2 or resource.path == PARTIJEN:
            # A partij is of several sources itself.
            return
        if not all(self._search.notes.keeps(stream) for stream in {row.stream for row in rows}):
            return
        found: dict[str, dict[str, str]] = {resource.path: _sources(rows)}
        for path, ref in resource.refs():
            if ref.to == PARTIJEN:
                continue
            far = self._persons.forward_now(path, rows) or []
            found.setdefault(ref.to, {}).update(_sources([r for one in far for r in one]))
        self._pages.made += 1
        name = f"page {self._pages.made}"
        self._search.notes.remember(name, found)
        self._pages.shown.appendleft(_Page(name))

    def elsewhere(self, path: str, uuid: str, branches: Branches) -> list[str]:
        """The uuids of the objects of other sources that stood on a page with this one, those
        behind it first. Once for a page, and for what is expanded."""
        for page in self._pages.shown:
            found = self._search.notes.remembered(page.name)
            here = found.get(path, {}) if isinstance(found, dict) else {}
            if uuid not in here:
                continue
            if (path, branches) in page.ahead or len(page.ahead) == PAGES:
                return []
            page.ahead.add((path, branches))
            uuids = list(here)
            at = uuids.index(uuid)
            others = [one for one in uuids[at:] + uuids[:at] if here[one] != here[uuid]]
            return others[:AHEAD]
        return []


def _sources(rows: Sequence[Row]) -> dict[str, str]:
    return {row.uuid: row.stream.source for row in rows}


async def alongside(own: Awaitable[Answer], ahead: Callable[[], Awaitable[object]]) -> Answer:
    """An answer, with something else under way. That is waited for no longer than the answer took
    by itself, and how it ends is nobody's concern: another source may be slow, or fail."""
    now = asyncio.get_running_loop().time
    began = now()
    other = asyncio.ensure_future(_later(ahead))
    try:
        answer = await own
        await asyncio.wait([other], timeout=now() - began)
        return answer
    finally:
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)


async def _later(ahead: Callable[[], Awaitable[object]]) -> None:
    await asyncio.sleep(HEAD_START)
    # Who needs it asks for it, and hears what is the matter.
    with suppress(Problem, RuleError, TooBroad, TooMany):
        await ahead()
