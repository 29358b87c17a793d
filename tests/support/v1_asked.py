"""Asking the fakes of Open Klant 1 and the e-Suite, without a gateway between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from demo.kcc.data import KNOWN_BSNS
from demo.v1.register import KLANTEN
from demo.v1.service import Service

NOW = 1_800_000_000
BSN = KNOWN_BSNS[0]


def token(secret: str, **claims: Any) -> dict[str, str]:
    """The header of a token that opens both."""
    given = {"iss": "gateway", "client_id": "gateway", "iat": NOW - 60, "exp": NOW + 600} | claims
    payload = {name: value for name, value in given.items() if value is not None}
    return {"Authorization": "Bearer " + jwt.encode(payload, secret, algorithm="HS256")}


async def ask(
    service: Service,
    path: str,
    params: Any = None,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> httpx.Response:
    """One request to one of the two APIs, by the name of its resource."""
    root = service.dialect.klanten if path.startswith(KLANTEN) else service.dialect.contactmomenten
    secret = next(iter(service.tokens.secrets.values()))
    transport = httpx.ASGITransport(service.app())
    async with httpx.AsyncClient(transport=transport, base_url=service.public) as client:
        return await client.request(
            method,
            f"{root}/{path}",
            params=params,
            headers=token(secret) | dict(headers or {}),
            json=body,
        )


async def klant_of(service: Service, bsn: str = BSN) -> dict[str, Any]:
    answer = await ask(service, KLANTEN, {"subjectNatuurlijkPersoon__inpBsn": bsn})
    (found,) = answer.json()["results"]
    return dict(found)
