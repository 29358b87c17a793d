"""The messages in a folder on disk: a Maildir, an mbox, or a tree of ``.eml`` files."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, Literal, Protocol

HEADER_BYTES: Final = 256 * 1024
MAX_MESSAGE: Final = 64 * 1024 * 1024
"""Of a message no more is read, in bytes."""

Kind = Literal["maildir", "mbox", "eml"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: a file in a folder, and in an mbox where in it. ``name`` is the same
    as long as the message is: in a Maildir its flags change the name of the file."""

    name: str
    folder: str
    file: str
    start: int = 0
    stop: int | None = None

    @property
    def path(self) -> Path:
        return Path(self.folder, self.file)


@dataclass(frozen=True, slots=True)
class Found:
    """A message, and when it came here, in seconds since 1970."""

    place: Place
    received: int


class Files(Protocol):
    """One way to keep messages in a folder. Raises ``OSError``."""

    def signature(self) -> object:
        """What differs when messages came or went."""
        ...

    def messages(self) -> Iterator[Found]: ...


def files_of(kind: Kind, path: Path) -> Files:
    return _KINDS[kind](path)


class _Maildir:
    """A Maildir with its folders (Maildir++): ``cur`` and ``new`` in each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _folders(self) -> list[Path]:
        below = sorted(p for p in self._path.iterdir() if p.name.startswith(".") and p.is_dir())
        folders = [folder / kind for folder in (self._path, *below) for kind in ("cur", "new")]
        there = [folder for folder in folders if folder.is_dir()]
        if not there:
            raise FileNotFoundError("no Maildir")
        return there

    def signature(self) -> object:
        return [(str(folder), folder.stat().st_mtime_ns) for folder in self._folders()]

    def messages(self) -> Iterator[Found]:
        for folder in self._folders():
            within, box = str(folder), folder.parent.name if folder.parent != self._path else ""
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_file() and not entry.name.startswith("."):
                        name = f"{box}/{entry.name.partition(':')[0]}"
                        place = Place(name, within, entry.name)
                        yield Found(place, int(entry.stat().st_mtime))


class _Tree:
    """``.eml`` files in a folder and all that are below it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def signature(self) -> object:
        if not self._path.is_dir():
            raise FileNotFoundError("no folder")
        return [(at, Path(at).stat().st_mtime_ns) for at, _, _ in os.walk(self._path)]

    def messages(self) -> Iterator[Found]:
        for path in sorted(self._path.rglob("*")):
            if path.suffix.lower() == ".eml" and path.is_file():
                place = Place(str(path), str(path.parent), path.name)
                yield Found(place, int(path.stat().st_mtime))


class _Mbox:
    """One file of messages, each after a line that begins with ``From `` (RFC 4155)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def signature(self) -> object:
        now = self._path.stat()
        return now.st_size, now.st_mtime_ns

    def messages(self) -> Iterator[Found]:
        if not self._path.stat().st_size:
            return
        within = str(self._path.parent)
        with (
            self._path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as all_,
        ):
            start = 0 if all_[:5] == b"From " else -1
            while start >= 0:
                following = all_.find(b"\n\nFrom ", start)
                stop = len(all_) if following < 0 else following + 1
                end = all_.find(b"\n", start, stop) + 1
                if end:
                    line = all_[start : min(end, start + 200)]
                    name = f"{start}-{stop}"
                    place = Place(name, within, self._path.name, end, stop)
                    yield Found(place, _received(line))
                start = -1 if following < 0 else following + 2


def _received(line: bytes) -> int:
    """The moment in the line before a message in an mbox; it is in UTC (RFC 4155, appendix A)."""
    _, _, moment = line.decode("ascii", "replace").removeprefix("From ").strip().partition(" ")
    day, _, rest = moment.strip().partition(" ")
    month, _, rest = rest.strip().partition(" ")
    number, _, rest = rest.strip().partition(" ")
    clock, _, year = rest.strip().partition(" ")
    try:
        found = parsedate_to_datetime(f"{day}, {number} {month} {year} {clock} +0000")
        return max(0, int(found.timestamp()))
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0


_KINDS: Final[Mapping[str, type[_Maildir] | type[_Tree] | type[_Mbox]]] = {
    "maildir": _Maildir,
    "mbox": _Mbox,
    "eml": _Tree,
}


def read(place: Place, most: int = MAX_MESSAGE, start: int = 0) -> bytes:
    """Bytes of a message, from ``start`` on. Raises ``OSError``."""
    with place.path.open("rb") as file:
        file.seek(place.start + start)
        left = most if place.stop is None else min(most, place.stop - place.start - start)
        return file.read(max(0, left))


def size_of(place: Place) -> int:
    """The bytes of a message. Raises ``OSError``."""
    if place.stop is not None:
        return place.stop - place.start
    return place.path.stat().st_size
