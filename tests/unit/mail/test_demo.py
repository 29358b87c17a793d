"""The e-mail archive of the sample municipality: what is in it, and that it is made once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.base import Query
from adapters.conditions import In
from demo.kcc import data as kcc
from demo.mail.data import FOLDERS, SMALL, Kept, Scale, generate
from demo.mail.maildir import build, ensure
from demo.mail.people import Writer, writers
from demo.mail.source import SampleMail
from demo.sociaal import data as sociaal
from tests.support.mails import sample_source

FEW: Final = 10_000
PART: Final = Scale(500)


@pytest.fixture(scope="module")
def kept() -> Sequence[Kept]:
    """A sixth of the messages, of all years."""
    return list(generate(PART))


@pytest.fixture(scope="module")
def known() -> Sequence[Writer]:
    tables = kcc.generate()
    return writers(tables, sociaal.generate(known_elsewhere=tables))


@pytest.fixture(scope="module")
def folder(kept: Sequence[Kept], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mail") / "archive"
    build(path, kept)
    return path


@pytest.fixture
async def archive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleMail]:
    """What is there, as the sample municipality reads it."""
    monkeypatch.setattr("demo.mail.source.ensure", lambda path: path)
    made = SampleMail.create(sample_source(folder, [])["options"], {})
    yield made
    await made.close()


async def all_of(archive: SampleMail, collection: str) -> Sequence[Mapping[str, Any]]:
    return (await archive.find(collection, Query(limit=FEW))).records


def test_messages_are_the_same_every_time() -> None:
    assert list(generate(SMALL)) == list(generate(SMALL))


def test_nobody_in_them_can_exist(kept: Sequence[Kept]) -> None:
    domains = {
        found.rpartition(b".")[2].lower()
        for one in kept
        for found in re.findall(rb"[\w.-]+@([\w.-]+\w)", one.raw.partition(b"\n\n")[0])
    }
    assert domains == {b"example"}


def test_folders_and_moments_are_those_of_an_archive(kept: Sequence[Kept]) -> None:
    assert {one.folder for one in kept} == {*FOLDERS}
    copies = Counter(one.raw for one in kept)
    assert max(copies.values()) == 2
    assert max(one.received for one in kept).strftime("%Y-%m-%d") == "2026-10-30"


async def test_contacts_are_of_those_whom_the_municipality_knows(
    archive: SampleMail, known: Sequence[Writer]
) -> None:
    people = await all_of(archive, "personen")
    owners: dict[str, set[str]] = {}
    for writer in known:
        owners.setdefault(writer.address.casefold(), set()).add(writer.name)
    theirs = [one for one in people if one["adres"] in owners]
    assert len(theirs) > 900
    assert 0.03 < 1 - len(theirs) / len(people) < 0.15
    shared = [one for one in theirs if len(owners[one["adres"]]) > 1]
    assert len(shared) > 50


async def test_zaken_are_those_of_the_writer(archive: SampleMail, known: Sequence[Writer]) -> None:
    zaken = {(one.address.casefold(), number) for one in known for number in one.zaken}
    address = {one["bericht"]: one["adres"] for one in await all_of(archive, "personen")}
    found = await all_of(archive, "zaken")
    assert len(found) > 50
    assert {(address[one["bericht"]], one["zaaknummer"]) for one in found} <= zaken


async def test_mails_are_of_all_kinds(archive: SampleMail, kept: Sequence[Kept]) -> None:
    page = await archive.find("berichten", Query(limit=500))
    records = list(page.records)
    records += (await archive.find("berichten", Query(limit=500, skip=500))).records
    assert page.total is not None
    # What no person wrote, and copies.
    assert 80 < len(kept) - page.total < 250
    assert {one["richting"] for one in records} == {"in", "uit"}
    assert {one["versleuteld"] for one in records} == {"true", "false"}
    assert {one["vertrouwelijk"] for one in records} == {"true", "false"}
    assert any(one["onderwerp"] == "" for one in records)
    assert any(one["berichtnummer"] is None for one in records)
    assert sum(one["antwoordOp"] is not None for one in records) > 400
    texts = [one["tekst"] for one in records if one["tekst"]]
    assert len({*texts}) > 900
    # Quoted history, disclaimers and letters that nobody meant are not in a text.
    odd = ("schreef", "Verzonden:", "alleen bestemd", "�", "<p", "Verstuurd")
    assert not [text for text in texts if any(word in text for word in odd)]
    files = await archive.find(
        "bijlagen", Query(In("bericht", tuple(one["nummer"] for one in records)), limit=FEW)
    )
    media = {one["soort"] for one in files.records}
    assert media >= {"message/rfc822", "application/pdf", "image/jpeg"}


def test_it_is_made_once_and_anew_when_it_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ensure(tmp_path / "sub" / "mail", SMALL)
    files = {p: p.stat().st_mtime_ns for p in path.rglob("*")}
    assert ensure(path, SMALL) == path
    assert {p: p.stat().st_mtime_ns for p in path.rglob("*")} == files
    (path / "made-as").write_text("something else")
    (path / "cur" / "1.x:2,").write_bytes(b"")
    ensure(path, SMALL)
    assert set(path.rglob("*")) == {*files}
