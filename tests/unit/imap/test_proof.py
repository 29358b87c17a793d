"""Being let in by a mail server with an access token (XOAUTH2) of an application."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Failure, SourceError
from adapters.imap.adapter import ImapAdapter
from adapters.imap.settings import Options
from adapters.imap.store import ImapStore
from demo.graph.app import ORIGIN, Graph
from tests.support.imap import Connection, Scripted, scripted
from tests.support.mails import INFO, OPTIONS


class Office:
    """Where tokens are given out (that of the fake of Graph), and a server that looks at them."""

    def __init__(self) -> None:
        self.graph = Graph(INFO, [])
        self.shown: list[str] = []

    async def asked(self, connection: Connection, tag: bytes) -> None:
        """AUTHENTICATE, as Exchange and Dovecot answer it: what is wrong with a token comes as a
        question, to which the answer is an empty line."""
        proof = base64.b64decode(connection.server.told[-1].split(b" ")[-1]).decode()
        user, _, rest = proof.partition("\x01")
        assert user == "user=kcc"
        assert rest.endswith("\x01\x01")
        token = rest.removeprefix("auth=Bearer ").rstrip("\x01")
        self.shown.append(token)
        if token in self.graph.tokens:
            await connection.say(tag + b" OK")
            return
        await connection.say(b"+ eyJzdGF0dXMiOiI0MDEifQ==")
        assert await connection.reader.readline() == b"\r\n"
        await connection.say(tag + b" NO [AUTHENTICATIONFAILED] no")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def server(office: Office) -> AsyncIterator[Scripted]:
    async with scripted() as found:
        found.answers["AUTHENTICATE"] = office.asked
        yield found


def options(server: Scripted, folder: Path, **given: Any) -> dict[str, Any]:
    (folder / "secret").write_text(Graph(INFO, []).secret)
    credentials = {
        "token_url": f"{ORIGIN}/token",
        "client_id": "gateway",
        "secret": f"file:{folder / 'secret'}",
        "scope": "https://outlook.office365.com/.default",
    }
    return server.options(folder, **OPTIONS, credentials=credentials, **given)


@pytest.fixture
async def store(server: Scripted, office: Office, tmp_path: Path) -> AsyncIterator[ImapStore]:
    given = Options.model_validate(options(server, tmp_path))
    made = ImapStore(given, httpx.ASGITransport(office.graph.app()))
    yield made
    await made.close()


async def test_connections_share_a_token(store: ImapStore, office: Office) -> None:
    await asyncio.gather(*(store.check() for _ in range(4)))
    assert office.graph.calls == ["token"]
    assert set(office.shown) == office.graph.tokens


async def test_a_token_that_is_refused_is_asked_for_anew_once(
    store: ImapStore, office: Office, server: Scripted
) -> None:
    await store.check()
    office.graph.tokens.clear()
    server.answers["EXAMINE"] = _hangs_up_once(server)
    await store.check()
    assert office.graph.calls == ["token", "token"]
    assert len(office.shown) == 3


def _hangs_up_once(server: Scripted) -> Any:
    async def fault(connection: Connection, tag: bytes) -> None:
        del server.answers["EXAMINE"]
        connection.writer.transport.abort()

    return fault


async def test_an_account_that_no_token_lets_in_is_told_as_such(
    store: ImapStore, office: Office, server: Scripted
) -> None:
    async def never(connection: Connection, tag: bytes) -> None:
        office.graph.tokens.clear()
        await office.asked(connection, tag)

    server.answers["AUTHENTICATE"] = never
    with pytest.raises(SourceError) as caught:
        await store.check()
    assert (caught.value.failure, caught.value.note) == (
        Failure.REFUSED,
        "the account was not let in",
    )
    # Once more with another token, and no more than that.
    assert len(office.shown) == 2


async def test_an_application_that_gets_no_token_asks_no_mail_server(
    store: ImapStore, office: Office, server: Scripted
) -> None:
    office.graph.secret = "something else"
    with pytest.raises(SourceError) as caught:
        await store.check()
    assert caught.value.note == "no token is given to this application"
    assert server.connections == 0


async def test_a_password_is_shown_once(server: Scripted, tmp_path: Path) -> None:
    async def refused(connection: Connection, tag: bytes) -> None:
        await connection.say(tag + b" NO [AUTHENTICATIONFAILED] no")

    server.answers["LOGIN"] = refused
    archive = ImapAdapter.create(server.options(tmp_path, **OPTIONS), {})
    with pytest.raises(SourceError):
        await archive.check()
    assert server.connections == 1


@pytest.mark.parametrize("both", [True, False])
async def test_there_is_a_password_or_there_are_credentials(
    server: Scripted, tmp_path: Path, both: bool
) -> None:
    given = options(server, tmp_path)
    (tmp_path / "password").write_text("geheim")
    given |= {"password": f"file:{tmp_path / 'password'}"} if both else {"credentials": None}
    with pytest.raises(ValueError, match="een van"):
        ImapAdapter.create(given, {})


async def test_a_connection_that_was_still_for_long_is_tried_first(
    server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = server.options(tmp_path, **OPTIONS, connect_seconds=0.2)
    store = ImapAdapter.create(given, {})
    await store.check()
    monkeypatch.setattr("adapters.imap.pool.STILL", 0)
    await store.check()
    assert server.connections == 1
    assert server.told[-2].split(b" ")[1] == b"NOOP"

    async def silent(connection: Connection, tag: bytes) -> None:
        await asyncio.sleep(60)

    server.answers["NOOP"] = silent
    await store.check()
    assert server.connections == 2
    monkeypatch.undo()
    await store.close()
