"""The KCC of the sample municipality beside its archive of mail: in a folder, and on a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.servers.dovecot import given, running
from demo.kcc import sqlite
from demo.mail import maildir
from demo.mail.data import Scale, generate
from tests.e2e import serve
from tests.helpers import ROOT, Server
from tests.support.mails import sample_source

# A fifth of it has all that there is; a list of what was sent along opens each message.
_PART: Final = Scale(600)


@contextmanager
def in_a_folder(folder: Path) -> Iterator[Server]:
    """The archive as a Maildir on this machine."""
    mail = sample_source(maildir.ensure(folder / "mail", _PART), ["kcc"])
    with _beside(folder, mail) as server:
        yield server


@contextmanager
def on_a_server(folder: Path) -> Iterator[Server]:
    """The archive behind a real mail server, which cannot list all that is in it. Raises
    ``LookupError`` when there is no Dovecot."""
    with running() as dovecot:
        maildir.build(dovecot.maildir, generate(_PART))
        given(dovecot)
        folders = ["INBOX", "Verzonden items", "Archief", "Burgerzaken"]
        mail = sample_source(dovecot.maildir, ["kcc"])
        del mail["options"]["path"]
        options = dovecot.options(**mail["options"], folders=folders)
        mail |= {"adapter": "adapters.imap.adapter:ImapAdapter", "options": options}
        mail |= {"collections": "imap", "shows": "asked-for"}
        with _beside(folder, mail) as server:
            yield server


@contextmanager
def _beside(folder: Path, mail: Mapping[str, Any]) -> Iterator[Server]:
    kcc = {
        "number": 1,
        "adapter": "demo.kcc.source:SampleKcc",
        "collections": "sql",
        "mapping": str(ROOT / "mappings" / "kcc"),
        "options": {"file": str(sqlite.ensure(folder / "kcc.sqlite"))},
        "read_only": True,
    }
    # What is run side by side shares the processors.
    limits = {"request_seconds": 30, "source_seconds": 20}
    limits |= {"scan_records": 10_000, "scan_pages": 20}
    with serve.gateway(folder, {"kcc": kcc, "mail": dict(mail)}, limits=limits) as server:
        yield server
