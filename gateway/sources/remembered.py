"""What is remembered for a few seconds: bounded in bytes, and gone when its source changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from cachetools import TLRUCache

from gateway.sources.call import now
from gateway.sources.size import size_of


@dataclass(frozen=True, slots=True)
class Key:
    """What something is remembered by. ``era`` makes that ``forget`` reaches it."""

    source: str
    era: int
    rights: str
    name: Hashable


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is remembered: fresh until a moment, then stale until another."""

    value: Any
    size: int
    fresh_until: float
    until: float


class Remembered:
    """Values of all sources, at most ``max_bytes`` of them; the least recently used go first.

    ``clock``: seconds; that of the event loop by default.
    """

    ENTRY: Final = 1024
    """What an entry costs besides its key and value: in the store, and in the allocator."""

    SHARE: Final = 8
    """No value takes more than this part of the store: it would push out all others."""

    SWEEP_SECONDS: Final = 1.0

    def __init__(self, max_bytes: int, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._most = max_bytes // self.SHARE
        self._eras: dict[str, int] = {}
        self._sweep: asyncio.TimerHandle | None = None
        self._entries: TLRUCache[Key, Kept] = TLRUCache(
            max_bytes, ttu=lambda _, kept, __: kept.until, timer=clock, getsizeof=lambda k: k.size
        )

    @property
    def bytes(self) -> int:
        """What is taken now, as it is estimated."""
        return int(self._entries.currsize)

    def key(self, source: str, rights: str, name: Hashable) -> Key:
        """The key for what is about to be asked.

        It is made *before* asking: what was asked before ``forget`` is not found after it, also
        when it comes in later.
        """
        return Key(source, self._eras.get(source, 0), rights, name)

    def get(self, key: Key, stale: bool = False) -> Kept | None:
        """What is remembered, if it is fresh; with ``stale``, if it is there."""
        kept: Kept | None = self._entries.get(key)
        if kept is None or not (stale or self._clock() < kept.fresh_until):
            return None
        return kept

    def put(self, key: Key, value: Any, seconds: float, stale_seconds: float = 0) -> None:
        """Remember a value: fresh for ``seconds``, then stale for ``stale_seconds``.

        A value that is too large is not remembered.
        """
        if seconds + stale_seconds <= 0:
            return
        size = self.ENTRY + size_of(key) + size_of(value)
        if size > self._most:
            return
        fresh_until = self._clock() + seconds
        self._entries[key] = Kept(value, size, fresh_until, fresh_until + stale_seconds)
        if self._sweep is None:
            self._sweep_later()

    def forget(self, source: str) -> None:
        """All of a source, and all that is on its way from it."""
        self._eras[source] = self._eras.get(source, 0) + 1

    def _sweep_later(self) -> None:
        # What has expired goes when something comes in. Without traffic nothing does, and personal
        # data would stay.
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(self.SWEEP_SECONDS, self._swept)

    def _swept(self) -> None:
        self._entries.expire()
        self._sweep = None
        if self._entries.currsize:
            self._sweep_later()
