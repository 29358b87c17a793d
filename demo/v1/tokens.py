"""Checking the tokens of ZGW: a JWT that is signed with HS256 under a secret that each client has.

The claims tell the client, the client tells the secret, and then signature and moments are looked
at. Open Klant 1 (tag 1.0.0) falls over a moment that is not right: it answers 500, not 403.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

LONGEST = 3600
"""Seconds that a token is good for after ``iat`` at the e-Suite, whatever its ``exp`` says."""


class BadToken(Exception):
    """A token that opens nothing; ``code`` says why, ``broken`` that who looked at it fell over."""

    def __init__(self, code: str, *, broken: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.broken = broken


@dataclass(frozen=True)
class Tokens:
    """Who may come in.

    ``secrets``: by client. ``now``: the clock, in seconds. ``strict``: as the e-Suite, which wants
    ``iss``, ``iat``, an ``exp`` within the hour and a secret of 32 characters. Without it as Open
    Klant 1, which wants none of these. Neither takes a token that was made in the future.
    """

    secrets: Mapping[str, str]
    now: Callable[[], float]
    strict: bool = False

    def client(self, authorization: str) -> str:
        """The client of an Authorization header. Raises ``BadToken``."""
        scheme, space, token = authorization.partition(" ")
        if scheme != "Bearer" or not space:
            raise BadToken("not_authenticated" if self.strict else "permission_denied")
        claims = self._claims(token.strip())
        if self.strict:
            self._strictly(claims, self.now())
        else:
            self._loosely(claims, self.now())
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
        except jwt.InvalidSignatureError:
            raise BadToken("invalid-jwt-signature") from None
        except jwt.PyJWTError:
            raise BadToken("invalid-jwt-signature", broken=not self.strict) from None
        return claims

    def _loosely(self, claims: Mapping[str, Any], now: float) -> None:
        moments = {name: claims[name] for name in ("iat", "nbf", "exp") if name in claims}
        if not all(isinstance(moment, int | float) for moment in moments.values()):
            raise BadToken("jwt-decode-error", broken=True)
        if max(moments.get("iat", 0), moments.get("nbf", 0)) > now:
            raise BadToken("jwt-not-yet-valid", broken=True)
        if moments.get("exp", now + 1) <= now:
            raise BadToken("jwt-expired", broken=True)

    def _strictly(self, claims: Mapping[str, Any], now: float) -> None:
        if not all(isinstance(claims.get(name), int | float) for name in ("iat", "exp")):
            raise BadToken("jwt-missing-iat-claim")
        if claims.get("iss") != claims["client_id"]:
            raise BadToken("missing-client-identifier")
        if now - claims["iat"] >= LONGEST or not now < claims["exp"] <= now + LONGEST:
            raise BadToken("jwt-expired")
        if max(claims["iat"], claims.get("nbf", 0)) > now:
            raise BadToken("jwt-not-yet-valid")
        if len(self.secrets[str(claims["client_id"])]) < 32:
            raise BadToken("invalid-jwt-signature")
