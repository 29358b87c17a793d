"""Tokens of ZGW: a JWT that is made anew for every call, signed with a secret shared with a source.

As the standard for ZGW APIs has it (VNG Realisatie, gemma-zaken, "Authenticatie en autorisatie"):
HS256, with ``iss``, ``iat`` and ``client_id``, and who asks in ``user_id`` and
``user_representation``. The e-Suite also wants ``exp``, at most an hour ahead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import jwt
from pydantic import Field

from adapters.http_adapter import revealed
from adapters.secrets import SecretReference
from adapters.settings import Closed
from adapters.user import user

BEFORE: Final = 60
"""So many seconds before now a token is made out, for a source whose clock is behind."""

LIFE: Final = 300
"""So many seconds after now it is still good. A call takes less."""


class ZgwCredentials(Closed):
    """What a token says. ``user_id`` and ``user_representation``: who asks, where nobody in
    particular is known. ``user_header``: a header in which the source wants the original user, as
    the e-Suite does (``X-Esuite-Request-User-Id``)."""

    client_id: str = Field(min_length=1)
    secret: SecretReference
    user_id: str = ""
    user_representation: str = ""
    original_user: bool = Field(
        False, description="Whether the source is told on whose behalf it is asked."
    )
    user_header: str | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")

    def headers(self, now: Callable[[], float] = time.time) -> Mapping[str, str]:
        """The headers of one call. Raises ``SourceError`` when the secret is not there."""
        secret = revealed(self.secret)
        asker = user() if self.original_user else None
        moment = int(now())
        claims = {
            "iss": self.client_id,
            "client_id": self.client_id,
            "iat": moment - BEFORE,
            "exp": moment + LIFE,
            "user_id": asker or self.user_id,
            "user_representation": asker or self.user_representation,
        }
        token = jwt.encode(claims, secret, algorithm="HS256")
        told = {self.user_header: asker} if self.user_header and asker else {}
        return {"Authorization": f"Bearer {token}", **told}
