"""An archive of mail in a folder on disk: a Maildir, an mbox, or a tree of ``.eml`` files.

Files are only read. When something came or went the headers of what is new are read; what is known
of the others stays in memory. What was sent along with a message is known once it was opened.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from sys import intern
from typing import Any, ClassVar, Final, TypeVar

from pydantic import BaseModel

from adapters.base import Failure, Piece, SourceError
from adapters.mail.archive import ArchiveAdapter
from adapters.mail.fields import fields_of
from adapters.mail.files import PIECE, piece_of_message, piece_of_part
from adapters.mail.folder_files import (
    HEADER_BYTES,
    Found,
    Kind,
    Place,
    files_of,
    read,
    size_of,
)
from adapters.mail.index import Index
from adapters.mail.light import Hit, Light, Reader
from adapters.mail.options import MailOptions
from adapters.mail.records import Enclosed, Heavy, enclosed_in
from adapters.mail.structure import Opened
from adapters.mail.text import attachment, read_text, text_part
from adapters.mail.wanted import Wanted

Result = TypeVar("Result")


class Options(MailOptions):
    """Where the messages are, and in what form."""

    path: Path
    kind: Kind = "maildir"


_EACH, _KEPT = 64, 2048
"""Of a message no more is kept than so many characters for what was sent along with it: so many
beside the name and the type of each. Where it is more, the message is opened each time."""


@dataclass(slots=True)
class _Known:
    """What is known of a file. ``received``: another one says that it is another file; ``light``:
    ``None`` when it is no contact; ``enclosed``: ``None`` as long as it was not opened."""

    place: Place
    received: int
    light: Light | None
    enclosed: tuple[Enclosed, ...] | None = None


class FolderStore:
    """The messages in a folder; see ``adapters.mail.archive.Store``."""

    max_in: Final = 500
    batched: Final = True
    partly: Final = True
    asked_by: Final[frozenset[str]] = frozenset()

    def __init__(self, options: Options) -> None:
        self._files = files_of(options.kind, options.path)
        self._reader = Reader(options)
        self._disclaimers = options.disclaimers
        self._length = options.text_length
        self._known: dict[str, _Known] = {}
        self._signature: object = None
        self._index = Index(())
        self._reading = threading.Lock()

    async def hits(self, wanted: Wanted) -> Sequence[Light]:
        await self._in_thread(self._refresh)
        return self._index.meant(wanted)

    async def lights(self, hits: Sequence[Hit]) -> Sequence[Light | None]:
        # What is in the index is all that a header says.
        return [hit if isinstance(hit, Light) else None for hit in hits]

    async def opened(self, lights: Sequence[Light]) -> Sequence[Heavy | None]:
        return await self._in_thread(lambda: [self._open(light) for light in lights])

    async def enclosed(self, lights: Sequence[Light]) -> Sequence[Sequence[Enclosed] | None]:
        known = [self._enclosed_known(light) for light in lights]
        if None not in known:
            return known
        return await self._in_thread(lambda: [self._enclosed(light) for light in lights])

    async def piece(self, light: Light, part: int, start: int) -> Piece | None:
        return await self._in_thread(lambda: self._piece(light.place, part, start))

    async def check(self) -> None:
        await self._in_thread(self._files.signature)

    async def close(self) -> None:
        self._known, self._signature, self._index = {}, None, Index(())

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None

    def _refresh(self) -> None:
        # Who asks may have given up, but the thread goes on, and the next waits for what it reads.
        with self._reading:
            self._read_anew()

    def _read_anew(self) -> None:
        now = self._files.signature()
        if now == self._signature:
            return
        known: dict[str, _Known] = {}
        same: dict[Any, Any] = {}
        for found in self._files.messages():
            before = self._known.get(found.place.name)
            if before is None or before.received != found.received:
                before = _Known(found.place, found.received, self._light(found, same))
            elif before.place != found.place:
                before.place = found.place
                before.light = before.light and replace(before.light, place=found.place)
            known[found.place.name] = before
        self._known, self._signature = known, now
        self._index = Index(one.light for one in known.values() if one.light is not None)

    def _light(self, found: Found, same: dict[Any, Any]) -> Light | None:
        """``same``: of what is equal in many messages one is enough."""
        fields = fields_of(read(found.place, HEADER_BYTES))
        light = self._reader.light(fields, found.received, found.place)
        if light is None:
            return None
        people = tuple(same.setdefault(one, one) for one in light.people)
        return replace(
            light,
            people=same.setdefault(people, people),
            offices=same.setdefault(light.offices, light.offices),
        )

    def _open(self, light: Light) -> Heavy | None:
        raw = self._read(light.place)
        if raw is None:
            return None
        message = Opened(raw)
        self._learn(light, message)
        part = text_part(message.parts)
        text = None
        if part is not None:
            text = read_text(part, message.content(part), self._disclaimers)
            # One more than is shown, so that it is seen that it was longer.
            text = text[: self._length + 1]
        return Heavy(fields_of(raw), tuple(message.parts), text)

    def _enclosed(self, light: Light) -> Sequence[Enclosed] | None:
        known = self._enclosed_known(light)
        if known is not None:
            return known
        raw = self._read(light.place)
        return self._learn(light, Opened(raw)) if raw is not None else None

    def _enclosed_known(self, light: Light) -> Sequence[Enclosed] | None:
        known = self._known_of(light)
        return known.enclosed if known is not None else None

    def _learn(self, light: Light, message: Opened) -> Sequence[Enclosed]:
        """What was sent along with a message, which never changes."""
        found = enclosed_in(message.parts)
        known = self._known_of(light)
        if known is not None and sum(_EACH + len(e.media) + len(e.name) for e in found) <= _KEPT:
            known.enclosed = tuple(replace(one, media=intern(one.media)) for one in found)
        return found

    def _known_of(self, light: Light) -> _Known | None:
        """What is known of the file of a message; ``None`` when it is gone or another by now."""
        known = self._known.get(light.place.name)
        there = known is not None and known.light is not None and known.light.key == light.key
        return known if there else None

    def _read(self, place: Place) -> bytes | None:
        """A message; ``None`` when it is gone."""
        try:
            return read(place)
        except FileNotFoundError:
            # Where it was renamed meanwhile, the next look finds it.
            self._signature = None
            return None

    def _piece(self, place: Place, number: int, start: int) -> Piece | None:
        try:
            if number == 0:
                return piece_of_message(read(place, PIECE, start), start, size_of(place))
            message = Opened(read(place))
        except FileNotFoundError:
            self._signature = None
            return None
        part = attachment(message.parts, number)
        return piece_of_part(part, message.content(part), start) if part is not None else None


class MaildirAdapter(ArchiveAdapter):
    """One archive."""

    options_model: ClassVar[type[BaseModel]] = Options

    @classmethod
    def store(cls, options: Any) -> FolderStore:
        return FolderStore(options)
