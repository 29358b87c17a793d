"""Who asks: tokens from the configuration, hashed, and the scopes they carry."""

from __future__ import annotations

import hmac
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from gateway.standard.errors import AUTHENTICATION_FAILED, NOT_AUTHENTICATED, Problem

TOKEN_LENGTH: Final = 40
_CHALLENGE: Final = {"WWW-Authenticate": "Token"}
_ALPHABET: Final = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Client:
    """One consumer and the resources that it may read and write (``*``: all)."""

    name: str
    reads: frozenset[str]
    writes: frozenset[str] = frozenset()

    def may_read(self, resource: str) -> bool:
        return "*" in self.reads or resource in self.reads

    def may_write(self, resource: str) -> bool:
        return "*" in self.writes or resource in self.writes

    @property
    def rights(self) -> str:
        """What it may see, as text: the same for clients that may read the same."""
        return " ".join(sorted(self.reads))


class Tokens:
    """The clients by their hashed tokens."""

    def __init__(self, clients: Iterable[tuple[Client, Iterable[str]]]) -> None:
        self._clients: Mapping[str, Client] = {
            token: client for client, tokens in clients for token in tokens
        }

    def client(self, authorization: list[str]) -> Client:
        """The client of the Authorization headers of a request. Raises ``Problem`` 401.

        Texts and codes are those of Open Klant (AUTH-01 … AUTH-05); a header that occurs twice
        counts as none.
        """
        words = authorization[0].split() if len(authorization) == 1 else []
        if not words or words[0].lower() != "token":
            raise Problem(NOT_AUTHENTICATED, headers=_CHALLENGE)
        if len(words) == 1:
            raise _failed("Ongeldige token header. Geen logingegevens opgegeven")
        if len(words) > 2:
            raise _failed("Ongeldige token header. Token kan geen spaties bevatten.")
        given = hashed(words[1])
        found = None
        for token, client in self._clients.items():
            # Every token is compared, so that the time tells nothing.
            if hmac.compare_digest(token, given):
                found = client
        if found is None:
            raise _failed("Ongeldige token.")
        return found


def _failed(detail: str) -> Problem:
    return Problem(AUTHENTICATION_FAILED, detail, headers=_CHALLENGE)


def hashed(token: str) -> str:
    """A token as the configuration holds it. Tokens are random, so a plain hash is enough."""
    return "sha256:" + sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def new_token() -> str:
    """A random token of the length that clients of Open Klant can store."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_LENGTH))
