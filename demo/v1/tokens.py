"""Checking the tokens of ZGW: a JWT signed with HS256 under a secret that each client has.

The order of checks is that of the reference implementation: the claims tell the client, the client
tells the secret, and then the signature, ``iat`` and ``exp`` are looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

LONGEST = 3600
"""Seconds that a token is good for after ``iat``, whatever its ``exp`` says."""


class BadToken(Exception):
    """A token that opens nothing; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Tokens:
    """Who may come in.

    ``secrets``: by client. ``now``: the clock, in seconds. ``strict``: as the e-Suite, which wants
    ``iss``, an ``exp`` within the hour and a secret of 32 characters, and refuses a token that was
    made in the future. The others only look at the age.
    """

    secrets: Mapping[str, str]
    now: Callable[[], float]
    strict: bool = False

    def client(self, authorization: str) -> str:
        """The client of an Authorization header. Raises ``BadToken``."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer":
            raise BadToken("not_authenticated")
        claims = self._claims(token)
        now = self.now()
        if now - claims["iat"] >= LONGEST or claims.get("exp", now + 1) <= now:
            raise BadToken("jwt-expired")
        if self.strict:
            self._strictly(claims, now)
        return str(claims["client_id"])

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            named = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise BadToken("jwt-decode-error") from None
        if "client_id" not in named:
            raise BadToken("missing-client-identifier")
        secret = self.secrets.get(str(named["client_id"]))
        if secret is None:
            raise BadToken("invalid-client-identifier")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                # By another clock, see the class.
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.PyJWTError:
            raise BadToken("invalid-jwt-signature") from None
        if not isinstance(claims.get("iat"), int | float):
            raise BadToken("jwt-missing-iat-claim")
        return claims

    def _strictly(self, claims: Mapping[str, Any], now: float) -> None:
        if claims.get("iss") != claims["client_id"]:
            raise BadToken("missing-client-identifier")
        if "exp" not in claims or claims["exp"] - now > LONGEST:
            raise BadToken("jwt-expired")
        if max(claims["iat"], claims.get("nbf", 0)) > now:
            raise BadToken("jwt-not-yet-valid")
        if len(self.secrets[str(claims["client_id"])]) < 32:
            raise BadToken("invalid-jwt-signature")
