"""A few connections to one account, each with the folder that it has open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from adapters.base import Failure, SourceError
from adapters.imap.proof import Proof
from adapters.imap.session import Folder, NotLetIn, Session
from adapters.imap.settings import Options

MAX_AGE: Final = 25 * 60
"""Seconds after which a connection is made anew: servers end them after half an hour without a
word (RFC 9051, section 5.4)."""

STILL: Final = 60
"""Seconds without a word after which a connection has to show that it is still there. What stands
between may have dropped it, and then no answer would ever come."""


@dataclass(slots=True)
class _Idle:
    session: Session
    since: float


class Pool:
    """Connections by need. ``reading``: with a folder open, and what the server says of it."""

    def __init__(self, options: Options, proof: Proof) -> None:
        self._options = options
        self._proof = proof
        self._room = asyncio.Semaphore(options.connections)
        self._idle: list[_Idle] = []

    @asynccontextmanager
    async def reading(self, folder: str) -> AsyncIterator[tuple[Session, Folder]]:
        """A connection with this folder open. A connection that turns out to be gone before it was
        of any use is made anew, once. Raises ``SourceError``."""
        async with self._room:
            session, state = await self._opened(folder)
            try:
                yield session, state
            except BaseException as error:
                # What was asked and not read to its end would be the answer to the next.
                if not isinstance(error, SourceError):
                    session.drop()
                raise
            finally:
                if session.usable:
                    self._idle.append(_Idle(session, time.monotonic()))

    async def _opened(self, folder: str) -> tuple[Session, Folder]:
        kept = await self._take(folder)
        if kept is not None:
            try:
                return kept, await kept.examine(folder)
            except SourceError as error:
                if error.failure is not Failure.UNAVAILABLE:
                    raise
            except BaseException:
                kept.drop()
                raise
        session = await self._made()
        try:
            return session, await session.examine(folder)
        except BaseException:
            session.drop()
            raise

    async def _take(self, folder: str) -> Session | None:
        """A connection that is not in use, rather one that has this folder open."""
        now = time.monotonic()
        for idle in [one for one in self._idle if now - one.since > MAX_AGE]:
            self._idle.remove(idle)
            idle.session.drop()
        while self._idle:
            same = (one for one in reversed(self._idle) if one.session.folder == folder)
            found = next(same, self._idle[-1])
            self._idle.remove(found)
            if now - found.since < STILL or await found.session.is_there():
                return found.session
        return None

    async def _made(self) -> Session:
        shown = await self._proof.shown()
        try:
            return await Session.connect(self._options, shown)
        except NotLetIn:
            if not self._proof.refused(shown):
                raise
        return await Session.connect(self._options, await self._proof.shown())

    async def close(self) -> None:
        """End all that are not in use."""
        idle, self._idle = self._idle, []
        for one in idle:
            await one.session.leave()
        await self._proof.close()
