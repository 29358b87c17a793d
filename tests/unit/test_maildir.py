"""An archive in a folder, as a source."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from adapters.base import Failure, Query, SourceError
from adapters.conditions import Compare, Contains, In
from adapters.maildir import MaildirAdapter
from tests.support.mails import INFO, JAN, OPTIONS, found, mail, maildir, of


def adapter(path: Path, **options: Any) -> MaildirAdapter:
    return MaildirAdapter.create({**OPTIONS, "path": path, **options}, {})


def eml_tree(path: Path, messages: list[EmailMessage]) -> Path:
    for number, message in enumerate(messages):
        folder = path / f"jaar{number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.EML").write_bytes(bytes(message))
    return path


def mbox(path: Path, messages: list[EmailMessage]) -> Path:
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()
    return path


KINDS: dict[str, Callable[[Path, list[EmailMessage]], Path]] = {
    "maildir": maildir,
    "eml": eml_tree,
    "mbox": mbox,
}


@pytest.mark.parametrize("kind", KINDS)
async def test_messages_are_there_newest_first(tmp_path: Path, kind: str) -> None:
    path = KINDS[kind](tmp_path / "archief", [mail(n) for n in (2, 1, 3)])
    archive = adapter(path, kind=kind)
    await archive.check()
    records = await found(archive, "berichten")
    assert [record["onderwerp"] for record in records] == ["Vraag 3", "Vraag 2", "Vraag 1"]
    assert records[0]["tekst"] == "Beste gemeente,\n\nIk heb vraag 3."
    assert records[0]["moment"] == "2025-01-01T15:00:00Z"
    await archive.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_came_and_went_is_seen(tmp_path: Path, kind: str) -> None:
    make = KINDS[kind]
    archive = adapter(make(tmp_path / "archief", [mail(1)]), kind=kind)
    assert len(await found(archive, "berichten")) == 1
    make(tmp_path / "archief", [mail(1), mail(2)])
    assert len(await found(archive, "berichten")) == 2


async def test_a_message_keeps_its_key_when_it_is_moved_or_marked(tmp_path: Path) -> None:
    path = maildir(tmp_path, [mail(1)])
    archive = adapter(path)
    (before,) = await found(archive, "berichten")
    (path / ".Archief" / "cur").mkdir(parents=True)
    (path / "cur" / "0.host:2,").rename(path / "cur" / "0.host:2,S")
    (marked,) = await found(archive, "berichten")
    (path / "cur" / "0.host:2,S").rename(path / ".Archief" / "cur" / "7.host:2,S")
    (moved,) = await found(archive, "berichten")
    assert before == marked == moved


async def test_a_copy_in_another_folder_is_the_same_message(tmp_path: Path) -> None:
    maildir(tmp_path, [mail(1)])
    maildir(tmp_path, [mail(1)], ".Kopie")
    assert len(await found(adapter(tmp_path), "berichten")) == 1


async def test_nothing_in_the_archive_is_touched(tmp_path: Path) -> None:
    path = maildir(tmp_path, [mail(1), mail(2)])

    def state() -> list[tuple[str, int, int]]:
        files = sorted(p for p in path.rglob("*") if p.is_file())
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files]

    before = state()
    archive = adapter(path)
    await found(archive, "berichten")
    await found(archive, "bijlagen")
    assert state() == before


async def test_every_thing_in_a_message_is_found_by_what_it_is_in_and_by_its_key(
    tmp_path: Path,
) -> None:
    answer = mail(2, From=INFO, To=f"{JAN}, zus@elders.example", Subject="ZAAK-2024-0000000001")
    answer.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="brief.pdf")
    archive = adapter(maildir(tmp_path, [mail(1), answer]))
    (newest, _) = await found(archive, "berichten")
    of = In("bericht", (newest["nummer"],))
    for collection, field, values in (
        # Of one message the last comes first, as its number is the highest.
        ("personen", "adres", ["zus@elders.example", JAN]),
        ("behandelingen", "postbus", ["info"]),
        ("zaken", "zaaknummer", ["ZAAK-2024-0000000001"]),
        ("bijlagen", "soort", ["message/rfc822", "application/pdf"]),
    ):
        records = await found(archive, collection, of)
        assert [record[field] for record in records] == values
        for record in records:
            assert await archive.get(collection, {"nummer": record["nummer"]}) == record
    assert await archive.get("berichten", {"nummer": newest["nummer"]}) == newest
    assert await archive.get("berichten", {"nummer": "0" * 14}) is None


async def test_messages_of_somebody_or_of_a_zaak_are_found(tmp_path: Path) -> None:
    others = [mail(n, From=f"w{n}@elders.example") for n in range(5)]
    hers = [mail(10), mail(11, From=INFO, To=JAN), mail(12, Subject="ZAAK-2024-0000000001")]
    archive = adapter(maildir(tmp_path, [*others, *hers]))

    assert len(await found(archive, "berichten", of("personen", "adres", JAN))) == 3
    assert len(await found(archive, "berichten", of("personen", "adres", "jan@voorbeeld"))) == 0
    zaak = of("zaken", "zaaknummer", "ZAAK-2024-0000000001")
    assert len(await found(archive, "berichten", zaak)) == 1
    assert len(await found(archive, "berichten", zaak, of("personen", "adres", JAN))) == 1
    assert len(await found(archive, "berichten", of("behandelingen", "postbus", "info"))) == 8
    assert len(await found(archive, "personen", In("adres", (JAN,)))) == 3
    assert len(await found(archive, "berichten", Contains("onderwerp", "VRAAG 11"))) == 1
    late = Compare("moment", ">=", "2025-01-01T23:00:00Z")
    assert len(await found(archive, "berichten", late)) == 2


async def test_a_page_is_a_part_of_the_list_and_says_how_long_it_is(tmp_path: Path) -> None:
    archive = adapter(maildir(tmp_path, [mail(n) for n in range(7)]))
    whole = await found(archive, "berichten")
    page = await archive.find("berichten", Query(limit=3, skip=2))
    assert (page.records, page.total) == (whole[2:5], 7)
    following = await archive.find("berichten", Query(limit=3, token=page.next))
    assert (following.records, following.next) == (whole[5:], None)


async def test_only_what_is_shown_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = adapter(maildir(tmp_path, [mail(n) for n in range(7)]))
    opened: list[int] = []
    original = archive._store.opened

    async def watched(lights: Any) -> Any:
        opened.append(len(lights))
        return await original(lights)

    monkeypatch.setattr(archive._store, "opened", watched)
    await archive.find("berichten", Query(limit=2))
    await archive.find("berichten", Query(limit=7, fields=frozenset(["nummer", "moment"])))
    await archive.find("personen", Query(limit=7))
    assert opened == [2]


async def test_what_is_known_of_a_page_comes_along_with_it(tmp_path: Path) -> None:
    archive = adapter(maildir(tmp_path, [mail(1, Subject="ZAAK-2024-0000000001")]))
    page = await archive.find("berichten", Query())
    for collection in archive.collections["berichten"].along:
        assert page.along[collection].records == await found(archive, collection)


async def test_a_folder_that_is_not_there_is_a_source_that_is_not_there(tmp_path: Path) -> None:
    archive = adapter(tmp_path / "weg")
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is Failure.UNAVAILABLE
    assert str(tmp_path) not in caught.value.note


async def test_a_message_that_goes_away_while_it_is_asked_for_is_a_failure(tmp_path: Path) -> None:
    path = maildir(tmp_path, [mail(1), mail(2)])
    archive = adapter(path)
    await found(archive, "berichten")
    now = (path / "cur").stat()
    (path / "cur" / "0.host:2,").unlink()
    os.utime(path / "cur", ns=(now.st_atime_ns, now.st_mtime_ns))
    with pytest.raises(SourceError) as caught:
        await archive.find("berichten", Query())
    assert caught.value.failure is Failure.UNAVAILABLE
    # The next question sees it.
    assert len(await found(archive, "berichten")) == 1


async def test_what_is_in_messages_comes_in_pages(tmp_path: Path) -> None:
    several = mail(2, Cc="zus@elders.example", From=INFO, To=f"{JAN}, oom@elders.example")
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        several.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    path = maildir(tmp_path, [mail(1), several, mail(3)])
    archive = MaildirAdapter.create({**OPTIONS, "path": path}, {})
    for collection in ("personen", "behandelingen", "bijlagen"):
        whole = await found(archive, collection)
        walked, token = [], None
        while True:
            page = await archive.find(collection, Query(limit=2, token=token))
            walked += page.records
            token = page.next
            if token is None:
                break
            assert len(page.records) == 2
        assert walked == whole
    people = await archive.find("personen", Query(limit=2, skip=1))
    assert (people.records, people.total) == ((await found(archive, "personen"))[1:3], 5)


async def test_a_walk_over_what_was_sent_along_goes_on_where_a_message_went_away(
    tmp_path: Path,
) -> None:
    several = mail(2)
    several.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    path = maildir(tmp_path, [mail(1), several, mail(3)])
    archive = MaildirAdapter.create({**OPTIONS, "path": path}, {})
    oldest = (await found(archive, "bijlagen"))[-1]
    first = await archive.find("bijlagen", Query(limit=2))
    (gone,) = path.rglob("1.host:2,")
    gone.unlink()
    rest = await archive.find("bijlagen", Query(limit=2, token=first.next))
    assert (rest.records, rest.next) == ([oldest], None)


async def test_a_page_of_what_is_in_messages_is_the_same_as_that_part_of_the_whole(
    tmp_path: Path,
) -> None:
    receivers = [f"{JAN}, oom@elders.example, zus@elders.example", "zus@elders.example"]
    messages = [mail(n, From=INFO, To=receivers[n % 2]) for n in range(1, 7)]
    messages += [mail(9), mail(10, Subject="ZAAK-2024-0000000001")]
    archive = adapter(maildir(tmp_path, messages))
    for collection in ("personen", "behandelingen", "zaken"):
        whole = await found(archive, collection, Compare("moment", ">", "2000-01-01T00:00:00Z"))
        for skip in range(len(whole) + 2):
            for limit in range(1, len(whole) + 2):
                page = await archive.find(collection, Query(limit=limit, skip=skip))
                assert (page.records, page.total) == (whole[skip : skip + limit], len(whole))
                assert page.next == (str(skip + limit) if skip + limit < len(whole) else None)
    nobody = adapter(maildir(tmp_path / "leeg", []))
    assert await found(nobody, "personen") == []
