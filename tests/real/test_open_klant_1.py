"""A real Open Klant 1 refuses what its fake refuses, and tells why as the fake does.

Run with ``pytest -m real``; ``OPENKLANT1_URL`` is where it is, ``OPENKLANT1_CLIENT`` and
``OPENKLANT1_SECRET`` know a client that may do everything. Nothing is made there: all is refused.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from demo.v1.dialects import OPEN_KLANT_1
from demo.v1.register import CONTACTEN, KLANTEN
from tests.support.open_klant_1 import (
    NEW_CONTACT,
    NEW_KLANT,
    REFUSED_CONTACTS,
    REFUSED_KLANTEN,
    REFUSED_VALUES,
)

pytestmark = pytest.mark.real


def _token(**claims: Any) -> dict[str, str]:
    name, now = os.environ["OPENKLANT1_CLIENT"], int(time.time())
    given = {"iss": name, "client_id": name, "iat": now - 60, "exp": now + 600} | claims
    token = jwt.encode(given, os.environ["OPENKLANT1_SECRET"], algorithm="HS256")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def there() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=os.environ["OPENKLANT1_URL"], timeout=60) as client:
        yield client


def _path(resource: str) -> str:
    root = OPEN_KLANT_1.klanten if resource == KLANTEN else OPEN_KLANT_1.contactmomenten
    return f"{root}/{resource}"


def _wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(p["name"], p["code"]) for p in answer.json()["invalidParams"]}


@pytest.mark.parametrize(("resource", "params", "code"), REFUSED_VALUES)
def test_a_value_that_cannot_be(
    there: httpx.Client, resource: str, params: dict[str, str], code: str
) -> None:
    answer = there.get(_path(resource), params=params, headers=_token())
    assert _wrong(answer) == {(name, code) for name in params}


@pytest.mark.parametrize(("change", "wrong"), REFUSED_KLANTEN)
def test_a_klant_that_is_not_right(
    there: httpx.Client, change: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    answer = there.post(_path(KLANTEN), json=NEW_KLANT | change, headers=_token())
    assert _wrong(answer) == wrong


@pytest.mark.parametrize(("change", "name", "code"), REFUSED_CONTACTS)
def test_a_contact_that_is_not_right(
    there: httpx.Client, change: dict[str, Any], name: str, code: str
) -> None:
    answer = there.post(_path(CONTACTEN), json=NEW_CONTACT | change, headers=_token())
    assert _wrong(answer) == {(name, code)}


@pytest.mark.parametrize(
    ("claims", "status"),
    [({}, 200), ({"exp": 1}, 500), ({"iat": 4_000_000_000}, 500), ({"client_id": "?"}, 403)],
)
def test_a_token(there: httpx.Client, claims: dict[str, Any], status: int) -> None:
    assert there.get(_path(KLANTEN), headers=_token(**claims)).status_code == status
