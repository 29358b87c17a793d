"""The KCC of the sample municipality beside its archive of mail, in a folder and on a server.

Both are small, for a list of what was sent along opens each message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.servers.dovecot import given, running
from demo.kcc import data as kcc
from demo.kcc import sqlite
from demo.known import compute
from demo.mail import maildir
from demo.mail.data import SMALL, generate
from tests.e2e import serve
from tests.helpers import ROOT, Server
from tests.support.mails import sample_source


@contextmanager
def in_a_folder(folder: Path) -> Iterator[Server]:
    """The archive as a Maildir on this machine."""
    maildir.build(folder / "mail", generate(SMALL))
    with _beside(folder, sample_source(folder / "mail", ["kcc"])) as server:
        yield server


@contextmanager
def on_a_server(folder: Path) -> Iterator[Server]:
    """The archive behind a real mail server, which cannot list all that is in it. Raises
    ``LookupError`` when there is no Dovecot."""
    with running() as dovecot:
        maildir.build(dovecot.maildir, generate(SMALL))
        given(dovecot)
        mail = sample_source(dovecot.maildir, ["kcc"])
        del mail["options"]["path"]
        folders = ["INBOX", "Verzonden items", "Archief", "Burgerzaken"]
        options = dovecot.options(**mail["options"], folders=folders)
        mail |= {"adapter": "adapters.imap.adapter:ImapAdapter", "options": options}
        mail |= {"collections": "imap", "shows": "asked-for"}
        with _beside(folder, mail) as server:
            yield server


def known(_: str) -> str:
    """What the journeys ask for, as JSON, as it is among few rows."""
    return json.dumps(compute(kcc.generate(kcc.SMALL)))


@contextmanager
def _beside(folder: Path, mail: Mapping[str, Any]) -> Iterator[Server]:
    sqlite.build(folder / "kcc.sqlite", kcc.generate(kcc.SMALL))
    rows = {
        "number": 1,
        "adapter": "adapters.sql:SqlAdapter",
        "collections": "sql",
        "mapping": str(ROOT / "mappings" / "kcc"),
        "options": {"url": f"sqlite+aiosqlite:///{folder / 'kcc.sqlite'}"},
        "read_only": True,
    }
    # What is run side by side shares the processors.
    limits = {"scan_records": 10_000, "request_seconds": 30, "source_seconds": 20}
    with serve.gateway(folder, {"kcc": rows, "mail": dict(mail)}, limits=limits) as server:
        yield server
