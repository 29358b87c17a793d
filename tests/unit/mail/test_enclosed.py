"""What was sent along with messages in a folder: looked at once, and true when these change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from adapters import maildir as in_folder
from adapters.base import Query
from adapters.conditions import In
from adapters.mail.folder_files import HEADER_BYTES, Place
from adapters.maildir import MaildirAdapter
from tests.support.mails import OPTIONS, found, mail, maildir


def sent(number: int, *names: str) -> EmailMessage:
    """A message with files of these names."""
    message = mail(number)
    for name in names:
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return message


def adapter(path: Path) -> MaildirAdapter:
    return MaildirAdapter.create({**OPTIONS, "path": path}, {})


async def names(archive: MaildirAdapter) -> list[Any]:
    return [record["naam"] for record in await found(archive, "bijlagen")]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that are opened for more than their headers."""
    files: list[str] = []
    original = in_folder.read

    def watched(place: Place, *most: int) -> bytes:
        files.extend([] if most == (HEADER_BYTES,) else [place.file])
        return original(place, *most)

    monkeypatch.setattr(in_folder, "read", watched)
    yield files


async def test_each_message_is_opened_once(tmp_path: Path, opened: list[str]) -> None:
    archive = adapter(maildir(tmp_path, [mail(1), sent(2, "a.pdf", "b.pdf"), mail(3)]))
    first = await found(archive, "bijlagen")
    assert [one["naam"] for one in first] == [None, None, "a.pdf", "b.pdf", None]
    assert len(opened) == 3
    assert await found(archive, "bijlagen") == first
    (known,) = await found(archive, "bijlagen", In("nummer", (first[3]["nummer"],)))
    assert (known, len(opened)) == (first[3], 3)


async def test_what_was_opened_for_its_text_is_known_too(tmp_path: Path, opened: list[str]) -> None:
    archive = adapter(maildir(tmp_path, [mail(1), sent(2, "a.pdf")]))
    page = await archive.find("berichten", Query())
    opened.clear()
    assert await found(archive, "bijlagen") == page.along["bijlagen"].records
    assert opened == []


async def test_of_what_changed_only_that_is_opened(tmp_path: Path, opened: list[str]) -> None:
    path = maildir(tmp_path, [mail(1), sent(2, "a.pdf"), sent(3, "b.pdf")])
    archive = adapter(path)
    assert await names(archive) == [None, "b.pdf", None, "a.pdf", None]
    opened.clear()
    one, two, three = (path / "cur" / f"{n}.host:2," for n in range(3))
    two.rename(path / "cur" / "1.host:2,S")
    assert await names(archive) == [None, "b.pdf", None, "a.pdf", None]
    three.unlink()
    assert await names(archive) == [None, "a.pdf", None]
    assert opened == []
    # Another file in the place of one that was there.
    one.unlink()
    one.write_bytes(bytes(sent(1, "c.pdf")))
    os.utime(one, (0, 0))
    assert await names(archive) == [None, "a.pdf", None, "c.pdf"]
    assert opened == [one.name]


@pytest.mark.parametrize(("many", "length"), [(40, 10), (1, 3000)])
async def test_of_much_that_was_sent_along_nothing_is_kept(
    tmp_path: Path, opened: list[str], many: int, length: int
) -> None:
    much = sent(1, *(f"{n}".rjust(length, "x") for n in range(many)))
    archive = adapter(maildir(tmp_path, [much, sent(2, "a.pdf")]))
    first = await found(archive, "bijlagen")
    assert len(first) == many + 3
    opened.clear()
    assert await found(archive, "bijlagen") == first
    assert opened == ["0.host:2,"]


async def test_a_message_that_went_away_is_not_told_of(tmp_path: Path) -> None:
    path = maildir(tmp_path, [sent(1, "a.pdf")])
    archive = adapter(path)
    (light,) = await archive._store.lights(await archive._store.hits(in_folder.Wanted()))
    assert light is not None
    (path / "cur" / "0.host:2,").unlink()
    assert await archive._store.enclosed([light]) == [None]
