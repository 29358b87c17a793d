"""A real Open Zaak refuses what its fake refuses, and tells why as the fake does.

Run with ``pytest -m real``; ``OPENZAAK_URL`` is where it is, ``OPENZAAK_CLIENT`` and
``OPENZAAK_SECRET`` know a client that may do everything. It has to have a published zaaktype.
Nothing is made there: all is refused.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from demo.openzaak.shown import path
from demo.v1.register import RSIN
from tests.support.openzaak import EMPTY_QUESTIONS, GEO, REFUSED_QUESTIONS, REFUSED_ZAKEN

pytestmark = pytest.mark.real


def _token(**claims: Any) -> dict[str, str]:
    name, now = os.environ["OPENZAAK_CLIENT"], int(time.time())
    given = {"iss": name, "client_id": name, "iat": now - 60, "exp": now + 600} | claims
    payload = {name: value for name, value in given.items() if value is not None}
    token = jwt.encode(payload, os.environ["OPENZAAK_SECRET"], algorithm="HS256")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def there() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=os.environ["OPENZAAK_URL"], timeout=60, headers=GEO) as client:
        yield client


def _wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(p["name"], p["code"]) for p in answer.json()["invalidParams"]}


@pytest.mark.parametrize(("where", "params", "wrong"), REFUSED_QUESTIONS)
def test_what_cannot_be_asked(
    there: httpx.Client, where: str, params: dict[str, str], wrong: tuple[str, str]
) -> None:
    assert _wrong(there.get(path(where), params=params, headers=_token())) == {wrong}


@pytest.mark.parametrize(("where", "params"), EMPTY_QUESTIONS)
def test_what_nobody_has(there: httpx.Client, where: str, params: dict[str, str]) -> None:
    answer = there.get(path(where), params=params, headers=_token())
    assert (answer.status_code, answer.json()["count"]) == (200, 0)


@pytest.mark.parametrize(("change", "wrong"), REFUSED_ZAKEN)
def test_a_zaak_that_cannot_be(
    there: httpx.Client, change: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    types = there.get(path("zaaktypen"), headers=_token()).json()["results"]
    good = {
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "zaaktype": types[0]["url"],
        "startdatum": "2026-11-02",
    }
    answer = there.post(path("zaken"), json=good | change, headers=_token())
    assert _wrong(answer) == wrong


def test_coordinates_are_asked_for_with_zaken_only(there: httpx.Client) -> None:
    for where, status in (("zaken", 412), ("rollen", 200)):
        del there.headers["Accept-Crs"]
        answer = there.get(path(where), params={"pageSize": "1"}, headers=_token())
        assert answer.status_code == status
        there.headers["Accept-Crs"] = GEO["Accept-Crs"]


@pytest.mark.parametrize(
    ("claims", "status"),
    [({}, 200), ({"exp": 1}, 403), ({"iat": None}, 403), ({"iat": 1}, 403), ({"iss": None}, 200)],
)
def test_a_token(there: httpx.Client, claims: dict[str, Any], status: int) -> None:
    answer = there.get(path("rollen"), params={"pageSize": "1"}, headers=_token(**claims))
    assert answer.status_code == status
