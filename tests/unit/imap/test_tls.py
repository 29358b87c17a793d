"""A mail server is trusted by its certificate, and nothing is said to it before that."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from adapters.base import Failure, SourceError
from adapters.imap.adapter import ImapAdapter
from tests.support.authority import Authority
from tests.support.imap import Answer, Connection, Scripted, scripted
from tests.support.mails import OPTIONS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of a server by its address, of one by another, and of who signed them."""
    found = tmp_path_factory.mktemp("tls")
    signer = Authority(found, "signer")
    signer.certificate("server", "127.0.0.1")
    signer.certificate("other", "127.0.0.2")
    Authority(found, "stranger")
    return found


def shown(folder: Path, name: str) -> ssl.SSLContext:
    """What a server shows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def archive(server: Scripted, folder: Path, ca: str, **given: Any) -> ImapAdapter:
    options = server.options(
        folder, **OPTIONS, ca_file=str(folder / f"{ca}.pem"), connect_seconds=5
    )
    return ImapAdapter.create(options | given, {})


async def failed(made: ImapAdapter) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await made.check()
    await made.close()
    return caught.value


async def test_a_server_that_is_trusted_is_read(folder: Path) -> None:
    async with scripted(shown(folder, "server")) as server:
        made = archive(server, folder, "signer", security="tls")
        await made.check()
        await made.close()


@pytest.mark.parametrize(("name", "ca"), [("other", "signer"), ("server", "stranger")])
async def test_a_server_that_is_not_trusted_hears_nothing(folder: Path, name: str, ca: str) -> None:
    async with scripted(shown(folder, name)) as server:
        error = await failed(archive(server, folder, ca, security="tls"))
        assert error.failure is Failure.UNAVAILABLE
        assert server.told == []


async def test_certificates_that_are_not_there_are_told_as_such(folder: Path) -> None:
    async with scripted(shown(folder, "server")) as server:
        error = await failed(archive(server, folder, "nobody", security="tls"))
    assert error.note == "certificates that cannot be read"


def upgraded(folder: Path, name: str, before: bytes = b"") -> Answer:
    """STARTTLS; ``before``: what somebody in between adds to the answer."""

    async def answer(connection: Connection, tag: bytes) -> None:
        connection.writer.write(tag + b" OK begin\r\n" + before)
        await connection.writer.drain()
        await connection.writer.start_tls(shown(folder, name))

    return answer


async def test_encryption_can_begin_later(folder: Path) -> None:
    async with scripted() as server:
        server.answers["STARTTLS"] = upgraded(folder, "server")
        made = archive(server, folder, "signer", security="starttls")
        await made.check()
        await made.close()
        words = [command.split(b" ")[1] for command in server.told]
        assert words[:3] == [b"STARTTLS", b"CAPABILITY", b"LOGIN"]


async def refuses(connection: Connection, tag: bytes) -> None:
    await connection.say(tag + b" NO not here")


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("other", Failure.UNAVAILABLE), ("refused", Failure.REFUSED), ("added", Failure.BAD_DATA)],
)
async def test_without_encryption_nobody_is_told_who_reads(
    folder: Path, kind: str, failure: Failure
) -> None:
    answers = {
        "other": upgraded(folder, "other"),
        "refused": refuses,
        "added": upgraded(folder, "server", b"* OK [CAPABILITY IMAP4rev1]\r\n"),
    }
    async with scripted() as server:
        server.answers["STARTTLS"] = answers[kind]
        error = await failed(archive(server, folder, "signer", security="starttls"))
        assert error.failure is failure
        assert [command.split(b" ")[1] for command in server.told] == [b"STARTTLS"]
