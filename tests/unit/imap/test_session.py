"""A mail server that does not do what it should."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.base import Failure, Query, SourceError
from adapters.conditions import Exists, In
from adapters.imap.adapter import ImapAdapter
from tests.support.imap import Answer, Connection, Scripted, fetch, fetched, scripted
from tests.support.imap_faults import (
    answers_something_else,
    asks,
    hangs_halfway,
    hangs_up,
    is_busy,
    is_too_large,
    is_too_long,
    nests_wrong,
    opens_too_much,
    says_bad,
    says_goodbye,
    says_no,
    says_nothing,
    stops_halfway,
)
from tests.support.mails import JAN, OPTIONS

OF_JAN = Exists("nummer", "personen", "bericht", In("adres", (JAN,)))


@pytest.fixture
async def server() -> AsyncIterator[Scripted]:
    async with scripted() as found:
        yield found


@pytest.fixture
async def archive(server: Scripted, tmp_path: Path) -> AsyncIterator[ImapAdapter]:
    made = ImapAdapter.create(server.options(tmp_path, **OPTIONS), {})
    yield made
    await made.close()


async def test_a_server_that_does_what_it_should_is_read(
    archive: ImapAdapter, server: Scripted
) -> None:
    page = await archive.find("berichten", Query(OF_JAN))
    assert [r["onderwerp"] for r in page.records] == ["Vraag 2", "Vraag 1"]
    assert page.records[0]["tekst"] == "Beste gemeente,\n\nIk heb vraag 2."
    # One connection; its folder is opened for each step: search and headers, then what is shown.
    words = [b" ".join(command.split(b" ")[1:3]) for command in server.told]
    assert [word.split(b" ")[0] if b"UID" not in word else word for word in words] == [
        *(b"CAPABILITY", b"LOGIN", b"CAPABILITY"),
        *(b"EXAMINE", b"UID SEARCH", b"UID FETCH"),
        *(b"EXAMINE", b"UID FETCH", b"UID FETCH"),
    ]
    assert server.connections == 1


FAULTS: list[tuple[str, Answer, Failure]] = [
    *((at, says_nothing, Failure.TIMEOUT) for at in ("LOGIN", "EXAMINE", "SEARCH", "FETCH")),
    *((at, hangs_up, Failure.UNAVAILABLE) for at in ("CAPABILITY", "LOGIN", "SEARCH", "FETCH")),
    *((at, says_no, Failure.REFUSED) for at in ("LOGIN", "EXAMINE", "SEARCH", "FETCH")),
    *((at, says_bad, Failure.REFUSED) for at in ("SEARCH", "FETCH")),
    *((at, is_busy, Failure.UNAVAILABLE) for at in ("LOGIN", "EXAMINE", "SEARCH")),
    *((at, says_goodbye, Failure.UNAVAILABLE) for at in ("EXAMINE", "SEARCH", "FETCH")),
    *((at, answers_something_else, Failure.BAD_DATA) for at in ("SEARCH", "FETCH")),
    ("FETCH", stops_halfway, Failure.UNAVAILABLE),
    ("FETCH", hangs_halfway, Failure.TIMEOUT),
    ("SEARCH", asks, Failure.BAD_DATA),
    ("SEARCH", opens_too_much, Failure.BAD_DATA),
    ("FETCH", nests_wrong, Failure.BAD_DATA),
    ("FETCH", is_too_long, Failure.BAD_DATA),
    ("FETCH", is_too_large, Failure.BAD_DATA),
]


@pytest.mark.parametrize(
    ("at", "fault", "failure"), FAULTS, ids=[f"{at} {fault.__name__}" for at, fault, _ in FAULTS]
)
async def test_a_fault_is_a_failure_and_the_next_question_is_answered(
    archive: ImapAdapter, server: Scripted, at: str, fault: Answer, failure: Failure
) -> None:
    server.answers[at] = fault
    with pytest.raises(SourceError) as caught:
        await archive.find("berichten", Query(OF_JAN))
    assert caught.value.failure is failure
    assert JAN not in caught.value.note
    server.answers.clear()
    page = await archive.find("berichten", Query(OF_JAN))
    assert len(page.records) == 2


async def test_a_connection_that_the_server_ended_meanwhile_is_made_anew(
    archive: ImapAdapter, server: Scripted
) -> None:
    await archive.find("berichten", Query(OF_JAN))
    once = iter([hangs_up])

    async def ended(connection: Connection, tag: bytes) -> None:
        for fault in once:
            await fault(connection, tag)
            return
        del server.answers["EXAMINE"]
        await connection.say(b"* 2 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 3] ok")
        await connection.say(tag + b" OK")

    server.answers["EXAMINE"] = ended
    page = await archive.find("berichten", Query(OF_JAN))
    assert len(page.records) == 2
    assert server.connections == 2


async def test_a_question_that_is_given_up_leaves_no_half_answer_behind(
    archive: ImapAdapter, server: Scripted
) -> None:
    started = asyncio.Event()

    async def slow(connection: Connection, tag: bytes) -> None:
        started.set()
        await asyncio.sleep(0.2)
        await fetch(connection, tag)

    server.answers["FETCH"] = slow
    asked = asyncio.ensure_future(archive.find("berichten", Query(OF_JAN)))
    await started.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    server.answers.clear()
    page = await archive.find("berichten", Query(OF_JAN))
    assert [r["onderwerp"] for r in page.records] == ["Vraag 2", "Vraag 1"]
    assert server.connections == 2


@pytest.mark.parametrize("able", ["IMAP4rev1 LITERAL+", "IMAP4rev1 LITERAL-", "IMAP4rev1"])
async def test_a_value_goes_by_its_length_however_the_server_takes_it(
    archive: ImapAdapter, server: Scripted, able: str
) -> None:
    server.able = able
    page = await archive.find("berichten", Query(OF_JAN))
    assert len(page.records) == 2
    (search,) = [command for command in server.told if b"SEARCH" in command]
    plus = b"+" if able != "IMAP4rev1" else b""
    assert b"FROM {%d%s}\n%s" % (len(JAN), plus, JAN.encode()) in search


async def test_a_token_that_is_refused_is_an_account_that_is_not_let_in(
    server: Scripted, tmp_path: Path
) -> None:
    options = server.options(tmp_path, **OPTIONS, mechanism="xoauth2")
    archive = ImapAdapter.create(options, {})
    await archive.check()
    assert any(command.split(b" ")[1:3] == [b"AUTHENTICATE", b"XOAUTH2"] for command in server.told)
    await archive.close()

    async def refused(connection: Connection, tag: bytes) -> None:
        await connection.say(b"+ eyJzdGF0dXMiOiI0MDEifQ==")
        assert await connection.reader.readline() == b"\r\n"
        await connection.say(tag + b" NO [AUTHENTICATIONFAILED] no")

    server.answers["AUTHENTICATE"] = refused
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is Failure.REFUSED


async def test_what_was_sent_along_is_told_without_the_texts(
    archive: ImapAdapter, server: Scripted
) -> None:
    asked = await archive.find("personen", Query(In("adres", (JAN,))))
    numbers = tuple(record["bericht"] for record in asked.records)
    server.told.clear()
    page = await archive.find("bijlagen", Query(In("bericht", numbers)))
    assert [record["soort"] for record in page.records] == ["message/rfc822"] * 2
    assert server.told[-1].endswith(b"(UID BODYSTRUCTURE)")
    assert not any(b"BODY.PEEK[1]" in command for command in server.told)


async def test_a_page_that_is_turned_is_not_searched_again(
    archive: ImapAdapter, server: Scripted
) -> None:
    for skip in (0, 1):
        await archive.find("berichten", Query(OF_JAN, limit=1, skip=skip))
    await archive.find("personen", Query(In("adres", (JAN,))))
    assert sum(b"SEARCH" in command for command in server.told) == 1


@pytest.mark.parametrize(
    ("said", "searches"),
    [
        ((b"* 3 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 4] ok"), 2),
        ((b"* 1 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 3] ok"), 2),
        ((b"* 2 EXISTS", b"* OK [UIDVALIDITY 8] ok", b"* OK [UIDNEXT 3] ok"), 2),
        ((b"* 2 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 3] ok"), 1),
        ((b"* 2 EXISTS", b"* OK [UIDVALIDITY 7] ok"), 2),
    ],
    ids=["came", "went", "renumbered", "the same", "not said"],
)
async def test_what_came_or_went_is_searched_for(
    archive: ImapAdapter, server: Scripted, said: tuple[bytes, ...], searches: int
) -> None:
    await archive.find("berichten", Query(OF_JAN))

    async def opened(connection: Connection, tag: bytes) -> None:
        await connection.say(*said, tag + b" OK")

    server.answers["EXAMINE"] = opened
    await archive.find("berichten", Query(OF_JAN))
    assert sum(b"SEARCH" in command for command in server.told) == searches


async def test_texts_in_other_places_are_asked_for_before_the_first_is_there(
    archive: ImapAdapter, server: Scripted
) -> None:
    """Of two messages one has its text in another part; neither waits for the other."""
    held: list[tuple[bytes, bytes]] = []

    async def both(connection: Connection, tag: bytes) -> None:
        command = connection.server.told[-1]
        if b"BODYSTRUCTURE" in command:
            first = fetched(command, 1)
            plain = re.search(rb'\("text" "plain" .*\)(?=\)$)', first)
            assert plain is not None
            mixed = b"(" + plain[0] + b' "mixed" NIL NIL NIL NIL)'
            nested = first.replace(plain[0], b"(" + mixed + b' "mixed" NIL NIL NIL NIL)')
            await connection.say(nested, fetched(command, 2), tag + b" OK")
        elif b"BODY.PEEK[1" in command:
            held.append((tag, b"1.1" if b"[1.1]" in command else b"1"))
            if len(held) == 2:
                for tag, section in held:
                    uid = 1 if section == b"1.1" else 2
                    text = b"Vraag %d" % uid
                    said = b"* %d FETCH (UID %d BODY[%s]<0> {%d}\r\n%s)"
                    await connection.say(said % (uid, uid, section, len(text), text), tag + b" OK")
        else:
            await fetch(connection, tag)

    server.answers["FETCH"] = both
    page = await archive.find("berichten", Query(OF_JAN))
    assert [r["tekst"] for r in page.records] == ["Vraag 2", "Vraag 1"]


async def test_no_more_is_asked_at_once_than_there_is_room_for(
    server: Scripted, tmp_path: Path
) -> None:
    archive = ImapAdapter.create(server.options(tmp_path, **OPTIONS, connections=3, searches=1), {})
    most = now = 0

    async def counted(connection: Connection, tag: bytes) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        await connection.say(b"* ESEARCH UID ALL 1:2", tag + b" OK")

    server.answers["SEARCH"] = counted
    pages = await asyncio.gather(*(archive.find("berichten", Query(OF_JAN)) for _ in range(8)))
    assert all(len(page.records) == 2 for page in pages)
    assert most == 1
    assert server.connections <= 3
    await archive.close()


async def test_without_tls_only_this_machine_can_be_read(tmp_path: Path, server: Scripted) -> None:
    options = server.options(tmp_path, **OPTIONS) | {"host": "mail.zilverdam.example"}
    with pytest.raises(ValueError, match="dezelfde machine"):
        ImapAdapter.create(options, {})
