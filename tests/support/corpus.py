"""Messages of all kinds, brought into an archive one by one and read there in every way.

Each is given a sender, a receiver and an id before its own header, of which the first count. So it
is a contact whatever it was, and can be counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from adapters.base import Query
from adapters.conditions import In
from tests.support.mails import INFO, JAN, OPTIONS, found

EVERYTHING: Final[dict[str, Any]] = {**OPTIONS, "automatic": True}
FOLDER: Final = "MAIL_CORPUS"
"""The variable of the environment that names a folder of messages, to read these as well."""

_ENDINGS: Final = ("", ".eml", ".txt", ".mbox")
_LARGEST: Final = 20_000_000


def as_contact(number: int, raw: bytes) -> bytes:
    """A message as a question of Jan."""
    own = f"<odd{number}@voorbeeld.example>"
    head = f"From: {JAN}\nTo: {INFO}\nMessage-ID: {own}\nMIME-Version: 1.0\n"
    return head.encode() + raw


def filled(path: Path, raws: Sequence[bytes]) -> Path:
    """A Maildir of these messages."""
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(raws):
        # Another message has another name: a server takes one name for one message.
        name = f"{number:05d}.{crc32(raw):08x}:2,"
        (path / "cur" / name).write_bytes(as_contact(number, raw))
    return path


async def read_all(archive: Any) -> list[dict[str, Any]]:
    """Every message of an archive, with all that is in it, and every file to its end."""
    messages: list[Any] = []
    while True:
        page = await archive.find("berichten", Query(limit=100, skip=len(messages)))
        messages += page.records
        if page.next is None:
            break
    assert page.total == len(messages)
    for message in messages:
        key = message["nummer"]
        assert await archive.get("berichten", {"nummer": key}) == message
        for collection in ("personen", "behandelingen", "zaken"):
            await found(archive, collection, In("bericht", (key,)))
        files = await found(archive, "bijlagen", In("bericht", (key,)))
        assert files[0]["soort"] == "message/rfc822"
        for file in files:
            await whole(archive, file["nummer"])
    return messages


async def whole(archive: Any, key: str) -> int:
    """How many bytes a file is."""
    size, token = 0, None
    while True:
        piece = await archive.piece("bijlagen", {"nummer": key}, token)
        size, token = size + len(piece.data), piece.next
        if token is None:
            return size


def pythons_own() -> list[bytes]:
    """The messages with which the standard library is tested, where these are installed."""
    tests = find_spec("test")
    folders = (tests.submodule_search_locations or ()) if tests is not None else ()
    return [
        path.read_bytes()
        for folder in folders
        for path in sorted(Path(folder).glob("test_email/data/msg_*.txt"))
    ]


def given() -> Path | None:
    """The folder that the environment names."""
    name = os.environ.get(FOLDER)
    return Path(name) if name else None


def messages_in(folder: Path) -> Iterator[bytes]:
    """What in a folder, and all below it, may be a message."""
    for path in sorted(folder.rglob("*")):
        kind = path.suffix.lower() if ":2," not in path.name else ""
        if path.is_file() and kind in _ENDINGS and path.stat().st_size < _LARGEST:
            yield path.read_bytes()
