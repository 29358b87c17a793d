"""The folders of an account that are read, by their names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from adapters.base import Failure, SourceError
from adapters.imap.pool import Pool
from adapters.imap.settings import ROLES

SECONDS: Final = 300.0
"""So long it is taken for granted which folder is used for what."""


class Folders:
    """``wanted``: names, and roles that the server says which folders have."""

    def __init__(self, wanted: Sequence[str], pool: Pool) -> None:
        self._wanted = wanted
        self._pool = pool
        self._roles = [name for name in wanted if name in ROLES]
        self._named: Sequence[str] = () if self._roles else wanted
        self._until = 0.0

    async def names(self) -> Sequence[str]:
        """Each once, in the order in which they were given. Raises ``SourceError``, ``REFUSED``
        when no folder has a role."""
        if self._roles and time.monotonic() >= self._until:
            # Every account has an INBOX (RFC 9051, section 5.1).
            async with self._pool.reading("INBOX") as (session, _):
                found = await session.with_role(self._roles)
            if not all(found.values()):
                raise SourceError(Failure.REFUSED, "no folder has this role")
            each = (found.get(name, [name]) for name in self._wanted)
            self._named = list(dict.fromkeys(name for names in each for name in names))
            self._until = time.monotonic() + SECONDS
        return self._named
