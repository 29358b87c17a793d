"""Who asks: tokens from the configuration, hashed, and the scopes they carry."""

from __future__ import annotations

import hmac
import re
import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from gateway.standard.errors import (
    AUTHENTICATION_FAILED,
    NOT_AUTHENTICATED,
    Problem,
    invalid,
)

TOKEN_LENGTH: Final = 40
_CHALLENGE: Final = {"WWW-Authenticate": "Token"}
_ALPHABET: Final = string.ascii_letters + string.digits
_USER: Final = re.compile(r"[A-Za-z0-9._@\\-]{1,128}")


@dataclass(frozen=True, slots=True)
class Client:
    """One consumer and the resources that it may read and write (``*``: all). ``user_header``: the
    header in which it says for whom it asks; ``user``: who that is, in this request.
    ``omits_withheld``: it is not shown what refers to a record that a source withholds."""

    name: str
    reads: frozenset[str]
    writes: frozenset[str] = frozenset()
    user_header: str | None = None
    user: str | None = None
    omits_withheld: bool = False

    def asking_for(self, headers: Mapping[str, str]) -> Client:
        """The client in a request with these headers. Raises ``Problem`` 400 for a user whose name
        cannot be one: without, more might be seen than that user may see."""
        name = headers.get(self.user_header) if self.user_header else None
        if not name:
            return self
        if not _USER.fullmatch(name):
            raise invalid(str(self.user_header), "invalid", "Dit is geen gebruikersnaam.")
        return replace(self, user=name)

    def may_read(self, resource: str) -> bool:
        return "*" in self.reads or resource in self.reads

    def may_write(self, resource: str) -> bool:
        return "*" in self.writes or resource in self.writes

    @property
    def rights(self) -> str:
        """What it may see, as text: the same for clients that see the same, for one user."""
        reads = " ".join(sorted(self.reads)) + (" zonder" if self.omits_withheld else "")
        return f"{reads} als {self.user}" if self.user else reads


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
