"""Answers of moments ago, with the tags by which their source tells whether they still hold.

By RFC 9110, section 13.1.2: a source that is asked with ``If-None-Match`` answers 304, without the
record, where that is as it was. So nothing is shown that was not looked at; it only costs less.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache

from adapters.user import user

SECONDS: Final = 15
"""So long an answer is kept: longer than it would be shown without asking, and no more."""

MAX_BYTES: Final = 1024 * 1024
"""All answers of one source together. What does not fit is not kept."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as it came, and its tag."""

    etag: str
    body: bytes


class Revalidation:
    """What one source answered, by url and by who asked. ``timer``: seconds that go on."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._seen: TTLCache[tuple[str, str | None], Seen] = TTLCache(
            MAX_BYTES, SECONDS, timer, getsizeof=lambda seen: len(seen.body)
        )

    def seen(self, url: str) -> Seen | None:
        """What this url answered who asks now."""
        return self._seen.get((url, user()))

    def keep(self, url: str, etag: str | None, body: bytes) -> None:
        """Keep an answer that has a tag."""
        self._seen.pop((url, user()), None)
        if etag is not None and etag.isascii() and etag.isprintable() and len(body) <= MAX_BYTES:
            self._seen[url, user()] = Seen(etag, body)
