"""Odd messages are read, none is lost, and what is made to do harm does little."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from adapters.maildir import MaildirAdapter
from tests.helpers import ROOT, write_config
from tests.support import corpus
from tests.support.corpus import EVERYTHING, filled, messages_in, pythons_own, read_all
from tests.support.odd_mail import HOSTILE, ODD
from tests.support.v1 import gateway


def archive(path: Path, raws: list[bytes]) -> MaildirAdapter:
    return MaildirAdapter.create({**EVERYTHING, "path": filled(path / "archief", raws)}, {})


async def test_odd_messages_are_read(tmp_path: Path) -> None:
    found = await read_all(archive(tmp_path, list(ODD.values())))
    assert len(found) == len(ODD)


async def test_odd_messages_are_contacts(tmp_path: Path) -> None:
    path = filled(tmp_path / "archief", list(ODD.values()))
    source = {
        "number": 3,
        "adapter": "adapters.maildir:MaildirAdapter",
        "collections": "maildir",
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "options": {**EVERYTHING, "path": str(path)},
    }
    async with gateway(write_config(tmp_path, {"mail": source})) as client:
        expand = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,omvatteBijlagen"
        answer = await client.get(f"klantcontacten?pageSize=500&expand={expand}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["count"] == len(answer.json()["results"]) == len(ODD)
        for one in answer.json()["results"]:
            assert (await client.get(f"klantcontacten/{one['uuid']}")).status_code == 200


async def test_messages_of_python_itself_are_read(tmp_path: Path) -> None:
    raws = pythons_own()
    if not raws:
        pytest.skip("the tests of the standard library are not installed here")
    assert len(await read_all(archive(tmp_path, raws))) == len(raws)


async def test_messages_of_a_corpus_are_read(tmp_path: Path) -> None:
    folder = corpus.given()
    if folder is None:
        pytest.skip(f"{corpus.FOLDER} names no folder of messages")
    raws = list(messages_in(folder))
    assert raws
    assert len(await read_all(archive(tmp_path, raws))) == len(raws)


@pytest.mark.parametrize("name", HOSTILE)
async def test_harm_is_bounded(tmp_path: Path, name: str) -> None:
    """Bounds for a busy machine; it is mostly a tenth of a second and some times the message."""
    made = archive(tmp_path, [HOSTILE[name]])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    (message,) = await read_all(made)
    seconds = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{name}: {seconds:.2f} s, {grown:.0f} MB more at the most")
    assert len(message["tekst"] or "") <= 1000
    assert seconds < 5
    assert grown < 300
