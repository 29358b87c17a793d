"""What an account shows to be let in: a password, or an access token."""

from __future__ import annotations

import httpx

from adapters.http_adapter import revealed
from adapters.imap.settings import Options
from adapters.oauth2 import Tokens


class Proof:
    """The password or token of the account. ``transport``: to where tokens are given, for tests."""

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._password = options.password
        self._tokens: Tokens | None = None
        if options.credentials is not None:
            self._tokens = Tokens(
                options.credentials,
                transport,
                connect_seconds=options.connect_seconds,
                read_seconds=options.read_seconds,
            )

    async def shown(self) -> str:
        """What is to be shown now. Raises ``SourceError``."""
        if self._tokens is not None:
            await self._tokens.ready()
            return self._tokens.token
        assert self._password is not None
        return revealed(self._password)

    def refused(self, shown: str) -> bool:
        """It was not taken; whether another can be had. A token can end before its time."""
        if self._tokens is None:
            return False
        self._tokens.forget(shown)
        return True

    async def close(self) -> None:
        if self._tokens is not None:
            await self._tokens.close()
