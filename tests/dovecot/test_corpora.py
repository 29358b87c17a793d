"""Odd messages behind a real mail server: read, none lost, and as the folder has them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from adapters.imap.adapter import ImapAdapter
from adapters.maildir import MaildirAdapter
from benchmarks.servers.dovecot import Dovecot
from benchmarks.servers.dovecot import given as readable
from tests.helpers import ROOT, write_config
from tests.support import corpus
from tests.support.corpus import EVERYTHING, filled, messages_in, pythons_own, read_all
from tests.support.odd_mail import HOSTILE, ODD
from tests.support.v1 import gateway

DIFFER = {
    "nul in subject and text": "a NUL becomes another character",
    "utf-16 without a mark": "so it does here",
    "a boundary that is not there": "there are no parts, so there is no text",
    "a boundary in the text": "what begins with a boundary counts as one",
    "a boundary within itself": "the inner parts are found",
    "a type that is none": "a type that is none is not text",
    "a type of one word": "so it is here",
    "fifty deep": "deeper than is read in a folder",
}
"""Of which a mail server makes something else than is read in a folder."""


async def read(server: Dovecot, raws: list[bytes]) -> list[dict[str, Any]]:
    """All messages, behind the server; that it counts them is seen here too."""
    filled(server.maildir, raws)
    readable(server)
    archive = ImapAdapter.create(server.options(**EVERYTHING), {})
    try:
        found = await read_all(archive)
    finally:
        await archive.close()
    assert len(found) == len(raws)
    return found


def in_order(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(message["berichtnummer"]): message for message in messages}


async def test_odd_messages_are_as_the_folder_has_them(dovecot: Dovecot) -> None:
    here = in_order(await read(dovecot, list(ODD.values())))
    folder = MaildirAdapter.create({**EVERYTHING, "path": dovecot.maildir}, {})
    there = in_order(await read_all(folder))
    assert here.keys() == there.keys()
    told = ("onderwerp", "tekst", "versleuteld")
    other = {
        name
        for number, name in enumerate(ODD)
        for key in [f"odd{number}@voorbeeld.example"]
        if any(here[key][field] != there[key][field] for field in told)
    }
    assert other <= DIFFER.keys()


async def test_odd_messages_are_contacts(dovecot: Dovecot, tmp_path: Path) -> None:
    filled(dovecot.maildir, list(ODD.values()))
    readable(dovecot)
    source = {
        "number": 3,
        "adapter": "adapters.imap.adapter:ImapAdapter",
        "collections": "imap",
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "options": dovecot.options(**EVERYTHING),
    }
    async with gateway(write_config(tmp_path, {"mail": source})) as client:
        answer = await client.get("klantcontacten?pageSize=500&expand=omvatteBijlagen")
        assert answer.status_code == 200, answer.text
        assert answer.json()["count"] == len(answer.json()["results"]) == len(ODD)


async def test_messages_of_python_itself_are_read(dovecot: Dovecot) -> None:
    raws = pythons_own()
    if not raws:
        pytest.skip("the tests of the standard library are not installed here")
    await read(dovecot, raws)


async def test_messages_of_a_corpus_are_read(dovecot: Dovecot) -> None:
    folder = corpus.given()
    if folder is None:
        pytest.skip(f"{corpus.FOLDER} names no folder of messages")
    raws = list(messages_in(folder))
    print(f"{len(raws)} messages")
    await read(dovecot, raws)


async def test_harm_is_bounded(dovecot: Dovecot) -> None:
    for name, raw in HOSTILE.items():
        for file in dovecot.maildir.rglob("*:2,*"):
            file.unlink()
        begun = time.process_time()
        (message,) = await read(dovecot, [raw])
        seconds = time.process_time() - begun
        print(f"{name}: {seconds:.2f} s")
        assert len(message["tekst"] or "") <= 1000, name
        assert seconds < 5, name
