"""What a question found a moment ago, for as long as nothing came or went in the folder."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from cachetools import TTLCache

from adapters.imap.session import Folder
from adapters.mail.light import Light

SECONDS: Final = 30.0
"""So long something is kept, for whoever turns a page."""

MESSAGES: Final = 20_000
"""Of so many messages at most the headers are kept."""

Lights = Sequence[Light]


class Remembered:
    """Messages that were found, by folder and question.

    A message never changes. So with the same uids, as many messages and none to come that is known,
    a folder would answer the same; flags, which others set while they read, make no difference.
    """

    def __init__(self) -> None:
        self._kept: TTLCache[Hashable, tuple[Folder, Lights]] = TTLCache(
            MESSAGES, SECONDS, getsizeof=lambda kept: 1 + len(kept[1])
        )

    def get(self, question: Hashable, folder: Folder) -> Lights | None:
        """What was found in a folder that is as it was; else ``None``."""
        before, lights = self._kept.get(question, (None, ()))
        return lights if before == folder else None

    def put(self, question: Hashable, folder: Folder, lights: Lights) -> None:
        """Keep it, where the server tells enough of the folder to know when it changes."""
        if folder.next_uid and len(lights) < MESSAGES:
            self._kept[question] = folder, lights

    def forget(self) -> None:
        self._kept.clear()
