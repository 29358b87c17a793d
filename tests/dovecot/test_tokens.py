"""A real mail server that takes access tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.base import Failure, SourceError
from adapters.imap.adapter import ImapAdapter
from benchmarks.servers.dovecot import USER, Dovecot, given, running
from demo.graph.app import Graph
from tests.support.fakes import serving
from tests.support.mails import INFO, OPTIONS, found, mail, maildir


class Tokens:
    """Gives tokens out, and tells the mail server which are good. One may end before its time."""

    def __init__(self) -> None:
        self.office = Graph(INFO, [])

    def app(self) -> Starlette:
        given_out = Route("/token", self.office._token, methods=["POST"])
        return Starlette(routes=[given_out, Route("/token-info", self._told)])

    async def _told(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.office.tokens:
            return JSONResponse({"active": False}, 401)
        return JSONResponse({"active": True, "username": USER})


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
async def origin(tokens: Tokens) -> AsyncIterator[str]:
    async with serving(tokens.app()) as origin:
        yield origin


@pytest.fixture
async def taking(server: Dovecot, origin: str) -> AsyncIterator[Dovecot]:
    """Another server than the one of the other tests, which has to be there for these as well."""
    manager = running(f"{origin}/token-info")
    made = await asyncio.to_thread(manager.__enter__)
    maildir(made.maildir, [mail(1), mail(2)])
    given(made)
    yield made
    await asyncio.to_thread(manager.__exit__, None, None, None)


@pytest.fixture
async def archive(
    taking: Dovecot, tokens: Tokens, origin: str, tmp_path: Path
) -> AsyncIterator[ImapAdapter]:
    (tmp_path / "secret").write_text(tokens.office.secret)
    options = taking.options(**OPTIONS) | {
        "password": None,
        "credentials": {
            "token_url": f"{origin}/token",
            "client_id": "gateway",
            "secret": f"file:{tmp_path / 'secret'}",
            "scope": "https://outlook.office365.com/.default",
        },
    }
    made = ImapAdapter.create(options, {})
    yield made
    await made.close()


async def test_an_archive_is_read_with_a_token(archive: ImapAdapter, tokens: Tokens) -> None:
    assert len(await found(archive, "berichten")) == 2
    assert tokens.office.calls == ["token"]


async def test_a_token_that_ended_is_asked_for_anew(archive: ImapAdapter, tokens: Tokens) -> None:
    await archive.check()
    tokens.office.tokens.clear()
    await asyncio.gather(*(found(archive, "berichten") for _ in range(3)))
    assert tokens.office.calls == ["token", "token"]


async def test_an_account_that_no_token_lets_in_is_told_as_such(
    archive: ImapAdapter, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens.office, "tokens", _Forgetful())
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert (caught.value.failure, caught.value.note) == (
        Failure.REFUSED,
        "the account was not let in",
    )
    assert tokens.office.calls == ["token", "token"]


class _Forgetful(set[str]):
    """Tokens that are no good as soon as they are given."""

    def add(self, _: str) -> None:
        """Nothing of it is kept."""
