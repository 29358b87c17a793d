"""The KCC of the sample municipality beside its archive of mail: in a folder, and on a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.servers.dovecot import given, running
from demo.kcc import sqlite
from demo.mail import maildir
from demo.mail.data import generate
from tests.e2e import serve
from tests.helpers import ROOT, Server

_SAMPLE: Final[Mapping[str, Any]] = yaml.safe_load((ROOT / "demo" / "gemeente.yaml").read_text())
_SOURCES: Final[Mapping[str, Any]] = _SAMPLE["sources"]
_LIMITS: Final[Mapping[str, Any]] = _SAMPLE["limits"]
# Also of an answer without its mail one would like to hear.
_MAIL: Final = {
    **_SOURCES["mail"],
    "mapping": str(ROOT / "mappings" / "e-mail"),
    "required": True,
    "refers_to": {"partijen": ["kcc"]},
}


@contextmanager
def in_a_folder(folder: Path) -> Iterator[Server]:
    """The archive as a Maildir on this machine."""
    options = {**_MAIL["options"], "path": str(maildir.ensure(folder / "mail"))}
    with _beside(folder, {**_MAIL, "options": options}) as server:
        yield server


@contextmanager
def on_a_server(folder: Path) -> Iterator[Server]:
    """The archive behind a real mail server, which cannot list all that is in it. Raises
    ``LookupError`` when there is no Dovecot."""
    with running() as dovecot:
        maildir.build(dovecot.maildir, generate())
        given(dovecot)
        folders = ["INBOX", "Verzonden items", "Archief", "Burgerzaken"]
        options = dovecot.options(**_MAIL["options"], folders=folders)
        mail = {**_MAIL, "adapter": "imap", "collections": "imap", "options": options}
        mail |= {"shows": "asked-for"}
        with _beside(folder, mail) as server:
            yield server


@contextmanager
def _beside(folder: Path, mail: Mapping[str, Any]) -> Iterator[Server]:
    kcc = {
        **_SOURCES["kcc"],
        "mapping": str(ROOT / "mappings" / "kcc"),
        "options": {"file": str(sqlite.ensure(folder / "kcc.sqlite"))},
        "read_only": True,
    }
    # What is run side by side shares the processors.
    limits = {"request_seconds": 30, "source_seconds": 20, **_LIMITS}
    with serve.gateway(folder, {"kcc": kcc, "mail": dict(mail)}, limits=limits) as server:
        yield server
