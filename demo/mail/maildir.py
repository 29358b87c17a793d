"""The archive as a Maildir."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from demo.sqlite import content_version

from .data import FOLDERS, FULL, Kept, Scale, generate

_VERSION: Final = "made-as"
_PARTS: Final = ("cur", "new", "tmp")


def build(path: Path, messages: Iterable[Kept]) -> None:
    """Write messages to a new Maildir at ``path``. The moment of a file is when it came in."""
    for folder in FOLDERS:
        for part in _PARTS:
            (path / folder / part).mkdir(parents=True)
    for number, one in enumerate(messages):
        came = int(one.received.timestamp())
        file = path / one.folder / "cur" / f"{came}.{number}.zilverdam:2,S"
        file.write_bytes(one.raw)
        os.utime(file, (came, came))


def ensure(path: Path, scale: Scale = FULL) -> Path:
    """The path of a Maildir with the messages of today of this scale, built when it is not there.

    It appears at once: who reads while it is built sees the old one or the new one.
    """
    packages = ("demo", "demo.kcc", "demo.sociaal", "demo.mail")
    version = str(content_version(scale, *packages))
    if _version_in(path) != version:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            new, old = Path(folder) / "new", Path(folder) / "old"
            build(new, generate(scale))
            (new / _VERSION).write_text(version)
            if path.exists():
                path.rename(old)
            new.rename(path)
    return path


def _version_in(path: Path) -> str | None:
    """The version a Maildir is marked with, None when there is none."""
    try:
        return (path / _VERSION).read_text()
    except FileNotFoundError:
        return None
