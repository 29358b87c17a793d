"""Messages of a made-up gemeente, as bytes and as files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

import yaml

from adapters.base import Adapter, Query
from adapters.conditions import All, Condition, Exists, In
from tests.helpers import ROOT

OWN: Final = "zilverdam.example"
INFO: Final = f"info@{OWN}"
JAN: Final = "jan@voorbeeld.example"
FIRST: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)

OPTIONS: Final[dict[str, Any]] = {
    "own_domains": [OWN],
    "received": False,
    "mailboxes": [{"code": "info", "address": INFO, "name": "Klantcontactcentrum"}],
}


def sample_source(path: Path, of: list[str]) -> dict[str, Any]:
    """The settings of the sample municipality's archive, when it is in a folder and its addresses
    are those of partijen in the sources ``of``."""
    document = yaml.safe_load((ROOT / "demo" / "gemeente.yaml").read_text())
    found: dict[str, Any] = document["sources"]["mail"]
    return {
        **found,
        "adapter": "adapters.maildir:MaildirAdapter",
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "required": True,
        "refers_to": {"partijen": of},
        "options": {**found["options"], "path": str(path)},
    }


def mail(number: int, **given: str) -> EmailMessage:
    """A question of Jan, ``number`` hours after the first; ``given``: other fields, with ``_`` for
    ``-``, or none where they are empty."""
    message = EmailMessage()
    fields = {
        "From": f"Jan de Vries <{JAN}>",
        "To": INFO,
        "Subject": f"Vraag {number}",
        "Message-ID": f"<m{number}@voorbeeld.example>",
        "Date": format_datetime(FIRST + timedelta(hours=number)),
    } | {name.replace("_", "-"): value for name, value in given.items()}
    for name, value in fields.items():
        if value:
            message[name] = value
    message.set_content(f"Beste gemeente,\n\nIk heb vraag {number}.\n")
    return message


def maildir(path: Path, messages: list[EmailMessage], folder: str = ".") -> Path:
    """A Maildir with these messages in one of its folders."""
    for name in ("cur", "new", "tmp"):
        (path / folder / name).mkdir(parents=True, exist_ok=True)
    for number, message in enumerate(messages):
        (path / folder / "cur" / f"{number}.host:2,").write_bytes(bytes(message))
    return path


async def found(archive: Adapter, collection: str, *parts: Condition) -> list[Any]:
    """All records of an archive that meet these conditions."""
    page = await archive.find(collection, Query(All(parts)))
    assert page.total == len(page.records)
    return list(page.records)


def of(collection: str, field: str, *values: str) -> Exists:
    """That a message has something in it of which a field is one of these values."""
    return Exists("nummer", collection, "bericht", In(field, values))
