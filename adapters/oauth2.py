"""Access tokens of an application, by its own credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import asyncio
import time
from typing import Final
from urllib.parse import urlencode

import httpx
from pydantic import Field
from pydantic_core import from_json

from adapters.base import Failure, SourceError
from adapters.http import HttpSource
from adapters.http_adapter import Address, revealed
from adapters.secrets import SecretReference
from adapters.settings import Closed
from adapters.wiring import Wiring, as_usual

EARLY: Final = 300.0
"""Seconds before its end that a token is no longer used."""


class ClientCredentials(Closed):
    """Where tokens are given out, and as whom the gateway asks for them."""

    token_url: Address
    client_id: str
    secret: SecretReference
    scope: str = Field(description="What the token is for, as the service names it.")


class Tokens:
    """The token of one application, asked for when there is none that is still good."""

    def __init__(
        self,
        credentials: ClientCredentials,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        connect_seconds: float,
        read_seconds: float,
    ) -> None:
        self._credentials = credentials
        self._transport = transport
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._wiring: Wiring = as_usual
        self._source: HttpSource | None = None
        self._asking = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    def rewire(self, wiring: Wiring) -> None:
        """See ``adapters.wiring.Rewired``."""
        self._wiring = wiring

    @property
    def token(self) -> str:
        """The token that is in use; ``ready`` comes first."""
        return self._token

    @property
    def headers(self) -> dict[str, str]:
        """The header of a call; ``ready`` comes first."""
        return {"Authorization": f"Bearer {self._token}"}

    async def ready(self) -> None:
        """See to it that there is a good token. Raises ``SourceError``: ``REFUSED`` when none is
        given to this application."""
        async with self._asking:
            if time.monotonic() < self._until:
                return
            self._token, seconds = await self._given()
            self._until = time.monotonic() + max(0.0, seconds - EARLY)

    def forget(self, token: str) -> None:
        """A token turned out to be no good. Another one may be in use since."""
        if token == self._token:
            self._until = 0.0

    async def close(self) -> None:
        if self._source is not None:
            await self._source.close()
            self._source = None

    async def _given(self) -> tuple[str, float]:
        given = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": given.client_id,
            "client_secret": revealed(given.secret),
            "scope": given.scope,
        }
        if self._source is None:
            self._source = HttpSource(
                given.token_url,
                {},
                1,
                self._transport,
                self._wiring,
                connect_seconds=self._connect_seconds,
                read_seconds=self._read_seconds,
            )
        answer = await self._source.exchange(
            urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if answer.failure is not None:
            if answer.failure.failure is Failure.REFUSED:
                raise SourceError(Failure.REFUSED, "no token is given to this application")
            raise answer.failure
        try:
            said = from_json(answer.body)
            token, seconds = said["access_token"], float(said.get("expires_in", EARLY))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise SourceError(Failure.BAD_DATA, "no token") from None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SourceError(Failure.BAD_DATA, "a token that fits in no header")
        return token, seconds
