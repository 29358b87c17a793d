"""Which messages of a folder are contacts, and when: keys and moments, nothing of whom or what.

It is made by walking all headers once, and brought up to date by what came and went since. With it
a list can be counted and ordered without asking for all headers again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.imap.session import Folder
from adapters.mail.light import Hit, Light

CHUNK: Final = 500
"""So many headers are fetched at once."""


class Skeleton:
    """One folder. ``None`` stands for a message that is no contact. ``version``: another whenever
    something came or went."""

    def __init__(self) -> None:
        self._validity = 0
        self._next_uid = 1
        self._hits: dict[int, Hit | None] = {}
        self.version = 0

    def begin(self, folder: Folder) -> None:
        """Forget all when the uids of a folder are others than before."""
        if self._validity != folder.validity:
            self._validity, self._next_uid, self._hits = folder.validity, 1, {}
            self.version += 1

    @property
    def next_uid(self) -> int:
        """From this uid on nothing is known."""
        return self._next_uid

    def lacks(self, folder: Folder) -> bool:
        """Whether something may have come since."""
        return self._next_uid < folder.next_uid or len(self._hits) < folder.exists

    def has_too_much(self, folder: Folder) -> bool:
        """Whether something went."""
        return len(self._hits) > folder.exists

    def learn(self, uids: Sequence[int], lights: Mapping[int, Light]) -> None:
        """What the headers of messages with these uids say."""
        for uid in uids:
            light = lights.get(uid)
            self._hits[uid] = Hit(light.key, light.moment, light.place) if light else None
        self._next_uid = max([self._next_uid, *(uid + 1 for uid in uids)])
        self.version += 1

    def keep(self, uids: Iterable[int]) -> None:
        """Forget all but these."""
        there = set(uids)
        self._hits = {uid: hit for uid, hit in self._hits.items() if uid in there}
        self.version += 1

    @property
    def hits(self) -> list[Hit]:
        return [hit for hit in self._hits.values() if hit is not None]
