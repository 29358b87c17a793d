"""Walking through folders of which all is asked, each once at a time.

A walk goes on when who asked for it has gone, so that a large folder is known some time after the
first question about it, and not after as many questions as that takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Final

from adapters.base import Failure, SourceError
from adapters.imap.skeleton import Skeleton

PATIENCE: Final = 4.0
"""Seconds that a question waits for a walk."""

COME_BACK: Final = 5.0
"""Seconds after which it may be worth while to ask again. Meanwhile all else can be asked."""


@dataclass(frozen=True, slots=True)
class _Walk:
    task: asyncio.Task[None]
    begun: float


class Walks:
    """The skeletons of folders. ``walk`` brings one up to date; it is only run by one at a time."""

    def __init__(self, walk: Callable[[str, Skeleton], Coroutine[None, None, None]]) -> None:
        self._walk = walk
        self._skeletons: dict[str, Skeleton] = {}
        self._under_way: dict[str, _Walk] = {}

    async def known(self, folder: str) -> Skeleton:
        """The skeleton of a folder as it is at this moment. Raises ``SourceError``,
        ``THROTTLED`` when it is not ready yet."""
        now = asyncio.get_running_loop().time
        asked = now()
        skeleton = self._skeletons.setdefault(folder, Skeleton())
        while True:
            walk = self._under_way.get(folder)
            if walk is None or walk.task.done():
                walk = self._begin(folder, skeleton, now())
            left = max(0.0, asked + PATIENCE - now())
            await asyncio.wait([walk.task], timeout=left)
            if not walk.task.done():
                note = "a folder that is yet to be walked through"
                raise SourceError(Failure.THROTTLED, note, COME_BACK)
            walk.task.result()
            # One that began before the question does not know of what came in between.
            if walk.begun >= asked:
                return skeleton

    def _begin(self, folder: str, skeleton: Skeleton, begun: float) -> _Walk:
        task = asyncio.create_task(self._walk(folder, skeleton))
        # All who wait may have gone when it fails; then nobody else looks at the failure.
        task.add_done_callback(lambda t: t.cancelled() or t.exception())
        self._under_way[folder] = walk = _Walk(task, begun)
        return walk

    async def close(self) -> None:
        """End what is under way, and forget all."""
        tasks = [walk.task for walk in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._under_way.clear()
        self._skeletons.clear()
