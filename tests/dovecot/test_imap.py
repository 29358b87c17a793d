"""An archive behind a real mail server: the same as what stands on its disk, and only read."""

from __future__ import annotations

import imaplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest

from adapters.base import Failure, Query, SourceError
from adapters.conditions import All, Compare, Condition, Contains, Exists, In
from adapters.imap.adapter import ImapAdapter
from adapters.imap.session import Session
from adapters.maildir import MaildirAdapter
from benchmarks.servers.dovecot import PASSWORD, USER, Dovecot, given
from tests.support.mails import INFO, JAN, OPTIONS, found, mail, maildir, of

FOLDERS = ["INBOX", "Verzonden items"]
POOR = ["ESEARCH", "LITERAL+", "LITERAL-"]
"""What a server need not have; Exchange does not."""


def messages() -> list[EmailMessage]:
    photo = mail(4, Subject="Kapotte lamp ZAAK-2024-0000000012")
    photo.add_alternative("<p>Beste <b>gemeente</b>", subtype="html")
    photo.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="café.jpg")
    photo.add_attachment(mail(99))
    return [
        mail(1, Subject="=?utf-8?q?Caf=C3=A9?="),
        mail(2, From="x@elders.example"),
        mail(3, Date=""),
        photo,
        mail(5, Auto_Submitted="auto-replied"),
        mail(6, From="bert-jan@voorbeeld.example"),
    ]


def filled(server: Dovecot) -> None:
    maildir(server.maildir, messages())
    sent = [mail(n, From=INFO, To=f"{JAN}, x@elders.example") for n in (10, 11)]
    # The last is a copy of one in the first folder.
    maildir(server.maildir, [*sent, mail(2, From="x@elders.example")], ".Verzonden items")
    given(server)


@pytest.fixture(params=[[], POOR], ids=["as it is", "with little"])
async def archive(dovecot: Dovecot, request: pytest.FixtureRequest) -> AsyncIterator[ImapAdapter]:
    filled(dovecot)
    options = dovecot.options(**OPTIONS, folders=FOLDERS, without=request.param)
    made = ImapAdapter.create(options, {})
    yield made
    await made.close()


def of_part(text: str) -> Condition:
    return Exists("nummer", "personen", "bericht", Contains("adres", text))


QUESTIONS: dict[str, tuple[Condition, ...]] = {
    "all": (),
    "of somebody": (of("personen", "adres", JAN),),
    "of one of two": (of("personen", "adres", JAN, "x@elders.example"),),
    "of who has this in the address": (of_part("oorbeeld.ex"),),
    "of nobody": (of("personen", "adres", "jan@voorbeeld"),),
    "of a zaak": (of("zaken", "zaaknummer", "ZAAK-2024-0000000012"),),
    "of a mailbox": (of("behandelingen", "postbus", "info"),),
    "about": (Contains("onderwerp", "café"),),
    "since": (Compare("moment", ">", "2025-01-01T15:00:00Z"),),
    "between": (
        Compare("moment", ">=", "2025-01-01T13:00:00Z"),
        Compare("moment", "<", "2025-01-01T16:00:00Z"),
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_has_the_answer_that_the_folder_has(
    archive: ImapAdapter, dovecot: Dovecot, question: str
) -> None:
    folder = MaildirAdapter.create({**OPTIONS, "path": dovecot.maildir}, {})
    there = await found(folder, "berichten", *QUESTIONS[question])
    here = await found(archive, "berichten", *QUESTIONS[question])
    # When it came is the file's moment to the one, and the server's to the other.
    assert [r for r in here if r["onderwerp"] != "Vraag 3"] == [
        r for r in there if r["onderwerp"] != "Vraag 3"
    ]
    assert bool(here) == (question != "of nobody")


@pytest.mark.parametrize("collection", ["personen", "behandelingen", "zaken", "bijlagen"])
async def test_what_is_in_a_message_is_what_the_folder_has(
    archive: ImapAdapter, dovecot: Dovecot, collection: str
) -> None:
    folder = MaildirAdapter.create({**OPTIONS, "path": dovecot.maildir}, {})
    keys = [r["nummer"] for r in await found(folder, "berichten") if r["onderwerp"] != "Vraag 3"]
    for key in keys:
        there = await found(folder, collection, In("bericht", (key,)))
        assert await found(archive, collection, In("bericht", (key,))) == there
        for record in there:
            assert await archive.get(collection, {"nummer": record["nummer"]}) == record


async def test_a_message_is_found_by_its_key(archive: ImapAdapter) -> None:
    records = await found(archive, "berichten")
    for record in records:
        assert await archive.get("berichten", {"nummer": record["nummer"]}) == record
    keys = tuple(record["nummer"] for record in records)
    assert await found(archive, "berichten", In("nummer", keys)) == records
    assert await archive.get("berichten", {"nummer": "b6tdk137u1sr80"}) is None
    assert await archive.get("berichten", {"nummer": "geen sleutel"}) is None


async def test_a_message_with_a_date_that_no_server_reads_is_found_by_its_key(
    archive: ImapAdapter, dovecot: Dovecot
) -> None:
    dates = ["01 Jan 2001 00:01+0000", "Wednesday, April 03, 2002 5:56 AM", "1  Jan  2001 8:00"]
    odd = [mail(n, Date=date) for n, date in enumerate(dates, 20)]
    maildir(dovecot.maildir, [*messages(), *odd])
    given(dovecot)
    records = [r for r in await found(archive, "berichten") if r["onderwerp"] >= "Vraag 20"]
    assert len(records) == 5
    for record in records:
        assert await archive.get("berichten", {"nummer": record["nummer"]}) == record


async def test_no_text_is_fetched_but_of_what_is_shown(
    archive: ImapAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    fetch = Session.fetch

    async def counted(self: Session, *wanted: Any) -> Any:
        opened.extend(uid for uids, items in wanted if b"BODY.PEEK[1" in items for uid in uids)
        return await fetch(self, *wanted)

    monkeypatch.setattr(Session, "fetch", counted)
    for where in (of("personen", "adres", JAN), All(())):
        opened.clear()
        page = await archive.find("berichten", Query(where, limit=2))
        assert (page.total or 0) > 2
        assert len(opened) == 2
        await archive.find("berichten", Query(where, limit=0, count=True))
        await archive.find("berichten", Query(where, fields=frozenset(["nummer", "moment"])))
        assert len(opened) == 2


async def test_pages_are_parts_of_the_list(archive: ImapAdapter) -> None:
    whole = await found(archive, "berichten")
    page = await archive.find("berichten", Query(limit=2, skip=3))
    assert (page.records, page.total) == (whole[3:5], len(whole))
    for collection in archive.collections["berichten"].along:
        for record in page.along[collection].records:
            assert record["bericht"] in {one["nummer"] for one in page.records}


async def content(archive: Any, key: str) -> bytes:
    """A whole file."""
    found, token = b"", None
    while True:
        piece = await archive.piece("bijlagen", {"nummer": key}, token)
        found, token = found + piece.data, piece.next
        if token is None:
            return found


@pytest.mark.parametrize("size", [50, 2_000_000])
async def test_a_file_is_the_one_that_the_folder_has(
    archive: ImapAdapter, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    for module in ("mail.files", "imap.store"):
        monkeypatch.setattr(f"adapters.{module}.PIECE", size)
    folder = MaildirAdapter.create({**OPTIONS, "path": dovecot.maildir}, {})
    (photo,) = await found(archive, "berichten", Contains("onderwerp", "lamp"))
    files = await found(archive, "bijlagen", In("bericht", (photo["nummer"],)))
    assert [one["soort"] for one in files] == ["message/rfc822", "image/jpeg", "message/rfc822"]
    for one in files:
        there = await content(folder, one["nummer"])
        # Lines of a message end as those of IMAP.
        here = (await content(archive, one["nummer"])).replace(b"\r\n", b"\n")
        assert here == there.replace(b"\r\n", b"\n")
        assert here
    assert await archive.piece("bijlagen", {"nummer": f"{photo['nummer']}01"}) is None


async def test_a_message_that_is_moved_is_the_same(archive: ImapAdapter, dovecot: Dovecot) -> None:
    before = await found(archive, "berichten")
    with imaplib.IMAP4("127.0.0.1", dovecot.port) as client:
        client.login(USER, PASSWORD)
        client.select("INBOX")
        client.copy("1", '"Verzonden items"')
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
    assert await found(archive, "berichten") == before
    for record in before:
        assert await archive.get("berichten", {"nummer": record["nummer"]}) == record


async def test_a_copy_in_two_folders_is_one_message(archive: ImapAdapter) -> None:
    """Message 2 is in both, and the one in the first folder counts."""
    whole = await found(archive, "berichten", of("personen", "adres", "x@elders.example"))
    assert [r["onderwerp"] for r in whole] == ["Vraag 11", "Vraag 10", "Vraag 2"]


def state(server: Dovecot) -> list[Any]:
    """Flags and the number of the last change of everything, and the files."""
    said: list[Any] = []
    with imaplib.IMAP4("127.0.0.1", server.port) as client:
        client.login(USER, PASSWORD)
        for folder in FOLDERS:
            said.append(client.select(f'"{folder}"', readonly=True))
            said.append(client.response("HIGHESTMODSEQ"))
            said.append(client.uid("FETCH", "1:*", "(FLAGS MODSEQ)"))
    files = [p.relative_to(server.maildir) for p in server.maildir.rglob("*:2,*")]
    return [said, sorted(files)]


async def test_nothing_is_marked_moved_or_written(archive: ImapAdapter, dovecot: Dovecot) -> None:
    # The first look makes the server count changes.
    state(dovecot)
    before = state(dovecot)
    for parts in QUESTIONS.values():
        for record in await found(archive, "berichten", *parts):
            await archive.get("berichten", {"nummer": record["nummer"]})
            for one in await found(archive, "bijlagen", In("bericht", (record["nummer"],))):
                await content(archive, one["nummer"])
    assert state(dovecot) == before


@pytest.mark.parametrize(
    "text",
    [
        'x"\r\nG9 CREATE overgenomen\r\n',
        "x\nG9 CREATE overgenomen\n",
        "{3}\r\nabc",
        "x) (OR ALL ALL",
        "\x00",
        "x\\",
        "é@é.example",
    ],
)
@pytest.mark.parametrize(("collection", "field"), [("personen", "adres"), ("zaken", "zaaknummer")])
async def test_what_is_asked_for_is_never_a_command(
    archive: ImapAdapter, dovecot: Dovecot, text: str, collection: str, field: str
) -> None:
    try:
        assert await found(archive, collection, In(field, (text,))) == []
    except SourceError as error:
        assert error.failure is Failure.REFUSED
        assert text not in error.note
    with imaplib.IMAP4("127.0.0.1", dovecot.port) as client:
        client.login(USER, PASSWORD)
        _, folders = client.list()
    assert not [one for one in folders if one and b"overgenomen" in bytes(one)]
    assert len(await found(archive, "berichten")) == 7


async def test_what_came_and_went_is_seen(archive: ImapAdapter, dovecot: Dovecot) -> None:
    assert len(await found(archive, "berichten")) == 7
    maildir(dovecot.maildir, [*messages(), mail(20)])
    given(dovecot)
    (come,) = [r for r in await found(archive, "berichten") if r["onderwerp"] == "Vraag 20"]
    assert await archive.get("berichten", {"nummer": come["nummer"]}) == come
    (file,) = dovecot.maildir.rglob("6.host:2,*")
    file.unlink()
    assert len(await found(archive, "berichten")) == 7
    assert await archive.get("berichten", {"nummer": come["nummer"]}) is None


async def test_a_folder_whose_uids_change_has_the_same_messages(
    archive: ImapAdapter, dovecot: Dovecot
) -> None:
    before = await found(archive, "berichten")
    with imaplib.IMAP4("127.0.0.1", dovecot.port) as client:
        client.login(USER, PASSWORD)
        client.create("tijdelijk")
        client.select("INBOX")
        client.copy("1:*", "tijdelijk")
        client.rename('"Verzonden items"', "oud")
        client.rename("tijdelijk", '"Verzonden items"')
    after = await found(archive, "berichten")
    assert after == [record for record in before if record["richting"] == "in"]


async def test_folders_are_found_by_what_they_are_used_for(dovecot: Dovecot) -> None:
    filled(dovecot)
    there = ImapAdapter.create(dovecot.options(**OPTIONS, folders=FOLDERS), {})
    by_role = ImapAdapter.create(dovecot.options(**OPTIONS, folders=["INBOX", "\\Sent"]), {})
    await by_role.check()
    assert await found(by_role, "berichten") == await found(there, "berichten")
    none = ImapAdapter.create(dovecot.options(**OPTIONS, folders=["\\Archive"]), {})
    with pytest.raises(SourceError) as caught:
        await none.check()
    assert (caught.value.failure, caught.value.note) == (Failure.REFUSED, "no folder has this role")
    for archive in (there, by_role, none):
        await archive.close()


async def test_a_mailbox_that_is_shared_is_read_by_the_name_of_its_folder(
    dovecot: Dovecot,
) -> None:
    filled(dovecot)
    (dovecot.folder / "shared").mkdir(exist_ok=True)
    maildir(dovecot.folder / "shared", [mail(30), mail(31)], ".Balie")
    given(dovecot)
    options = dovecot.options(**OPTIONS, folders=["INBOX", "Gedeeld.Balie"])
    archive = ImapAdapter.create(options, {})
    subjects = [one["onderwerp"] for one in await found(archive, "berichten")]
    assert {"Vraag 30", "Vraag 31", "Vraag 6"} <= set(subjects)
    await archive.close()


async def test_an_account_that_is_not_let_in_is_told_as_such(dovecot: Dovecot) -> None:
    options = dovecot.options(**OPTIONS)
    (dovecot.folder / "wrong").write_text("something else")
    wrong = ImapAdapter.create({**options, "password": f"file:{dovecot.folder / 'wrong'}"}, {})
    with pytest.raises(SourceError) as caught:
        await wrong.check()
    assert (caught.value.failure, caught.value.note) == (
        Failure.REFUSED,
        "the account was not let in",
    )


async def test_a_folder_that_is_not_there_is_refused(dovecot: Dovecot) -> None:
    given(dovecot)
    archive = ImapAdapter.create(dovecot.options(**OPTIONS, folders=["Nergens"]), {})
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is Failure.REFUSED
    await archive.close()
