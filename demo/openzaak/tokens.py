"""Checking tokens as Open Zaak 1.30 does: all that is wrong is 403, and how old a token may be it
decides itself."""

from collections.abc import Mapping
from typing import Any, Final

from demo.v1.tokens import LONGEST, BadToken, Tokens

_NUMBERS: Final = {"exp": "jwt-decodeerror", "nbf": "jwt-decodeerror", "iat": "permission_denied"}


class OpenZaakTokens(Tokens):
    """Who may come in. A token may be made out for later, but not be of long ago."""

    def _loosely(self, claims: Mapping[str, Any], now: float) -> None:
        if "iat" not in claims:
            raise BadToken("jwt-missing-iat-claim")
        for name, code in _NUMBERS.items():
            if not isinstance(claims.get(name, 0), int | float):
                raise BadToken(code)
        if claims.get("nbf", 0) > now:
            raise BadToken("jwt-immaturesignatureerror")
        if claims.get("exp", now + 1) <= now:
            raise BadToken("jwt-expiredsignatureerror")
        if now - claims["iat"] >= LONGEST:
            raise BadToken("jwt-expired")
