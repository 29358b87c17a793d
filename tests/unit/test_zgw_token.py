"""Tokens for sources of ZGW: made for one call, taken by both fakes, and telling nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

import httpx
import jwt
import pytest
import respx

from adapters.base import Failure, SourceError
from adapters.http import HttpError, HttpSource
from adapters.user import acting_for, user
from adapters.zgw_token import ZgwCredentials
from demo.v1.tokens import BadToken, Tokens
from tests.helpers import FromRouter

SECRET = "a-secret-for-tests-of-thirty-two-characters"
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZGW_SECRET", SECRET)


def credentials(**options: Any) -> ZgwCredentials:
    given = {"client_id": "gateway", "secret": "env:ZGW_SECRET", **options}
    return ZgwCredentials.model_validate(given)


def claims(headers: Mapping[str, str]) -> dict[str, Any]:
    token = headers["Authorization"].removeprefix("Bearer ")
    options = {"verify_exp": False, "verify_iat": False}
    return dict(jwt.decode(token, SECRET, algorithms=["HS256"], options=options))  # type: ignore[arg-type]


@pytest.mark.parametrize("skew", [-50, 0, 50])
def test_a_token_opens_both_systems_though_their_clocks_differ(skew: int) -> None:
    header = credentials().headers(lambda: NOW)["Authorization"]
    for strict in (False, True):
        tokens = Tokens({"gateway": SECRET}, lambda: NOW + skew, strict)
        assert tokens.client(header) == "gateway"


def test_a_token_is_for_one_call() -> None:
    made = credentials()
    first, later = made.headers(lambda: NOW), made.headers(lambda: NOW + 3700)
    tokens = Tokens({"gateway": SECRET}, lambda: NOW + 3700)
    assert tokens.client(later["Authorization"]) == "gateway"
    with pytest.raises(BadToken, match="jwt-expired"):
        tokens.client(first["Authorization"])


def test_a_token_names_the_user_of_the_configuration() -> None:
    made = credentials(user_id="gw", user_representation="Gateway", user_header="X-User")
    with acting_for("jansen1"):
        headers = made.headers()
    assert claims(headers)["user_id"] == "gw"
    assert claims(headers)["user_representation"] == "Gateway"
    assert set(headers) == {"Authorization"}


def test_a_token_names_the_original_user_where_that_is_wanted() -> None:
    made = credentials(user_id="gw", original_user=True, user_header="X-Esuite-Request-User-Id")
    with acting_for("jansen1"):
        headers = made.headers()
    assert claims(headers)["user_id"] == "jansen1"
    assert headers["X-Esuite-Request-User-Id"] == "jansen1"
    assert user() is None
    nobody = made.headers()
    assert claims(nobody)["user_id"] == "gw"
    assert set(nobody) == {"Authorization"}


def test_a_secret_that_is_not_there_makes_the_source_unavailable() -> None:
    with pytest.raises(SourceError) as caught:
        credentials(secret="env:NO_SUCH_SECRET").headers()
    assert caught.value.failure is Failure.UNAVAILABLE
    assert "NO_SUCH_SECRET" not in caught.value.note


def test_a_secret_stands_elsewhere() -> None:
    with pytest.raises(ValueError, match="env:NAAM"):
        credentials(secret=SECRET)
    assert SECRET not in repr(credentials())


async def _refused(status: int, headers: Mapping[str, str]) -> HttpError:
    router = respx.MockRouter()
    router.get("http://bron.example/x").mock(return_value=httpx.Response(status, headers=headers))
    source = HttpSource("http://bron.example", {}, 1, FromRouter(router))
    with pytest.raises(HttpError) as caught:
        await source.get("x")
    await source.close()
    return caught.value


@pytest.mark.parametrize(
    ("status", "failure"),
    [(401, Failure.REFUSED), (403, Failure.REFUSED), (500, Failure.UNAVAILABLE)],
)
async def test_a_clock_that_is_wrong_is_told(status: int, failure: Failure) -> None:
    for apart, told in ((0, False), (-7200, True), (7200, True)):
        error = await _refused(status, {"Date": formatdate(time.time() + apart, usegmt=True)})
        assert error.failure is failure
        assert error.status == status
        assert ("clock" in error.note) is told
    for date in ("", "yesterday"):
        assert "clock" not in (await _refused(status, {"Date": date})).note


async def test_each_call_has_credentials_of_its_own() -> None:
    router = respx.MockRouter()
    route = router.get("http://bron.example/x").mock(return_value=httpx.Response(200, json={}))
    made = iter(("one", "two"))
    source = HttpSource(
        "http://bron.example", {}, 1, FromRouter(router), credentials=lambda: {"X-Key": next(made)}
    )
    await source.get("x", {"expand": ["a", "b"]})
    await source.get("x")
    await source.close()
    assert [call.request.headers["X-Key"] for call in route.calls] == ["one", "two"]
    assert route.calls[0].request.url.params.get_list("expand") == ["a", "b"]
