"""Folders of which all is asked are walked through by one at a time, and to the end."""

from __future__ import annotations

import asyncio

import pytest

from adapters.base import Failure, SourceError
from adapters.imap import walks
from adapters.imap.session import Folder
from adapters.imap.skeleton import Skeleton
from adapters.imap.walks import Walks


class Folders:
    """Counts who walks; a walk waits until it may go on."""

    def __init__(self) -> None:
        self.walked = 0
        self.at_once = 0
        self.go_on = asyncio.Event()
        self.failure: SourceError | None = None

    async def walk(self, folder: str, skeleton: Skeleton) -> None:
        self.at_once += 1
        assert self.at_once == 1
        try:
            await self.go_on.wait()
            if self.failure is not None:
                raise self.failure
            skeleton.begin(Folder(7, 3, 2))
            self.walked += 1
        finally:
            self.at_once -= 1


async def test_who_asks_during_a_walk_sees_what_came_since() -> None:
    folders = Folders()
    known = Walks(folders.walk)
    first = asyncio.create_task(known.known("INBOX"))
    await asyncio.sleep(0)
    others = [asyncio.create_task(known.known("INBOX")) for _ in range(5)]
    await asyncio.sleep(0.01)
    folders.go_on.set()
    skeletons = await asyncio.gather(first, *others)
    # The others share a walk that began after they asked.
    assert folders.walked == 2
    assert all(one is skeletons[0] for one in skeletons)
    await known.close()


async def test_a_walk_goes_on_without_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "PATIENCE", 0.01)
    folders = Folders()
    known = Walks(folders.walk)
    for _ in range(3):
        with pytest.raises(SourceError) as caught:
            await known.known("INBOX")
        # Not that the source is down: other questions can be asked meanwhile.
        assert caught.value.failure is Failure.THROTTLED
        assert caught.value.retry_after == walks.COME_BACK
    given_up = asyncio.create_task(known.known("INBOX"))
    await asyncio.sleep(0)
    given_up.cancel()
    folders.go_on.set()
    await asyncio.sleep(0.02)
    assert folders.walked == 1
    await known.known("INBOX")
    assert folders.walked == 2
    await known.close()


async def test_a_walk_that_fails_is_begun_anew() -> None:
    folders = Folders()
    folders.go_on.set()
    folders.failure = SourceError(Failure.UNAVAILABLE)
    known = Walks(folders.walk)
    for _ in range(2):
        with pytest.raises(SourceError):
            await known.known("INBOX")
    folders.failure = None
    await known.known("INBOX")
    assert folders.walked == 1
    await known.close()


async def test_nothing_goes_on_after_the_end() -> None:
    folders = Folders()
    known = Walks(folders.walk)
    waiting = asyncio.create_task(known.known("INBOX"))
    await asyncio.sleep(0.01)
    await known.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert folders.at_once == 0
