"""Messages behind IMAP, as a store of an archive.

Of a person or a zaak the server searches. What a server finds may be more than is meant, for it
looks for a text anywhere in a field: the archive looks at each header again. Lists of all are made
with a skeleton of each folder, see there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import httpx

from adapters.base import Failure, Piece, SourceError
from adapters.concurrency import together
from adapters.imap.bodystructure import Section, sections
from adapters.imap.folders import Folders
from adapters.imap.pool import Pool
from adapters.imap.proof import Proof
from adapters.imap.remembered import Remembered
from adapters.imap.searching import Criteria, by_text_of_date, criteria
from adapters.imap.session import Fetched, Folder, Session
from adapters.imap.settings import Options
from adapters.imap.skeleton import CHUNK, Skeleton
from adapters.imap.walks import Walks
from adapters.mail.fields import Fields, fields_of
from adapters.mail.files import PIECE, piece_of_encoded, piece_of_message
from adapters.mail.light import FIELDS, Hit, Light, Reader, newest_first, seconds_in
from adapters.mail.records import Enclosed, Heavy, enclosed_in
from adapters.mail.structure import in_clear
from adapters.mail.text import MAX_BYTES, attachment, read_text, text_part
from adapters.mail.wanted import Wanted

MAX_HEADERS: Final = 5000
"""Of so many messages the headers are looked through for one question, and no more."""

OPENED: Final = 100
"""So many messages are opened at once: their texts are in memory until they are cut."""

_HEADER: Final = b"BODY.PEEK[HEADER.FIELDS (" + " ".join(FIELDS).encode() + b")]"
LIGHT_ITEMS: Final = b"INTERNALDATE " + _HEADER
OPEN_ITEMS: Final = b"BODYSTRUCTURE " + _HEADER
_TEXT_BYTES: Final = MAX_BYTES * 3 // 2
"""Encoded, a text takes up to a third more, and ends of lines."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is. ``validity``: of the uid."""

    folder: str
    validity: int
    uid: int


class ImapStore:
    """See ``adapters.mail.archive.Store``. ``transport``: to where tokens are given, for tests."""

    max_in: Final = 10
    batched: Final = True
    partly: Final = True
    asked_by: Final = frozenset(["nummer", "bericht", "adres", "vanWie", "zaaknummer"])

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._pool = Pool(options, Proof(options, transport))
        self._folders = Folders(options.folders, self._pool)
        self._reader = Reader(options)
        self._searching = asyncio.Semaphore(options.searches)
        self._remembered = Remembered()
        self._walks = Walks(self._walk)
        self._all: tuple[list[int], Sequence[Hit]] = [], ()

    async def check(self) -> None:
        for name in await self._folders.names():
            async with self._pool.reading(name):
                pass

    async def close(self) -> None:
        await self._walks.close()
        await self._pool.close()
        self._remembered.forget()
        self._all = [], ()

    # --- what can be meant -----------------------------------------------------------------------

    async def hits(self, wanted: Wanted) -> Sequence[Hit]:
        if wanted.of_all:
            return await self._every(wanted)
        found = await self._searched(wanted, criteria(wanted))
        left = (wanted.keys or frozenset()).difference(light.key for light in found)
        if left and not wanted.nothing:
            # Most are not there at all, and some have a date that no server takes for one.
            wanted = replace(wanted, keys=left)
            found = newest_first([*found, *await self._searched(wanted, by_text_of_date(wanted))])
        return found

    async def _searched(self, wanted: Wanted, asked: Criteria) -> Sequence[Light]:
        folders = await self._folders.names()
        found = await together(self._found(folder, wanted, asked) for folder in folders)
        return newest_first(light for lights in found for light in lights)

    async def _found(self, name: str, wanted: Wanted, asked: Criteria) -> Sequence[Light]:
        """The contacts in a folder that its server finds."""
        question = name, *asked
        async with self._searching, self._pool.reading(name) as (session, folder):
            found = self._remembered.get(question, folder)
            if found is None:
                uids = await session.search(*asked)
                found = list((await self._lights(session, folder, uids)).values())
                self._remembered.put(question, folder, found)
        keys = wanted.keys
        return found if keys is None else [one for one in found if one.key in keys]

    async def _every(self, wanted: Wanted) -> Sequence[Hit]:
        """All contacts in a period."""
        folders = await self._folders.names()
        skeletons = await together(self._walks.known(name) for name in folders)
        versions = [skeleton.version for skeleton in skeletons]
        if versions != self._all[0]:
            self._all = versions, newest_first(hit for one in skeletons for hit in one.hits)
        every = self._all[1]
        if wanted.since is None and wanted.until is None:
            return every
        return [hit for hit in every if _within(hit, wanted)]

    async def _walk(self, name: str, skeleton: Skeleton) -> None:
        """Look at what came and went since. What was seen stays known, whatever happens."""
        async with self._pool.reading(name) as (session, folder):
            skeleton.begin(folder)
            if skeleton.lacks(folder):
                new = await session.search(b"UID %d:*" % skeleton.next_uid)
                new = [uid for uid in new if uid >= skeleton.next_uid]
                for start in range(0, len(new), CHUNK):
                    chunk = new[start : start + CHUNK]
                    skeleton.learn(chunk, await self._lights(session, folder, chunk))
            if skeleton.has_too_much(folder):
                skeleton.keep(await session.search(b"ALL"))

    # --- headers ---------------------------------------------------------------------------------

    async def lights(self, hits: Sequence[Hit]) -> Sequence[Light | None]:
        asked = [hit for hit in hits if not isinstance(hit, Light)]
        found: dict[Place, Light] = {}
        for name, places in _by_folder(asked).items():
            async with self._pool.reading(name) as (session, folder):
                uids = [p.uid for p in places if p.validity == folder.validity]
                lights = await self._lights(session, folder, uids)
            found |= {light.place: light for light in lights.values()}
        return [hit if isinstance(hit, Light) else found.get(hit.place) for hit in hits]

    async def _lights(
        self, session: Session, folder: Folder, uids: Sequence[int]
    ) -> dict[int, Light]:
        """By uid the messages that are contacts."""
        if len(uids) > MAX_HEADERS:
            raise SourceError(Failure.REFUSED, f"more than {MAX_HEADERS} messages for one question")
        found: dict[int, Light] = {}
        assert session.folder is not None
        for start in range(0, len(uids), CHUNK):
            fetched = await session.fetch((uids[start : start + CHUNK], LIGHT_ITEMS))
            for uid, items in fetched.items():
                place = Place(session.folder, folder.validity, uid)
                light = self._reader.light(_fields(items), _received(items), place)
                if light is not None:
                    found[uid] = light
        return found

    # --- what is in them -------------------------------------------------------------------------

    async def opened(self, lights: Sequence[Light]) -> Sequence[Heavy | None]:
        return await self._of_each(lights, OPENED, self._heavy)

    async def enclosed(self, lights: Sequence[Light]) -> Sequence[Sequence[Enclosed] | None]:
        # The server has taken the messages apart, so no text of them is needed.
        return await self._of_each(lights, CHUNK, self._enclosed)

    async def _of_each(
        self,
        lights: Sequence[Light],
        at_once: int,
        look: Callable[[Session, Sequence[int]], Awaitable[Mapping[int, Found]]],
    ) -> Sequence[Found | None]:
        """What is seen by looking at messages by their uids, so many at once."""
        found: dict[Place, Found] = {}
        for name, places in _by_folder(lights).items():
            async with self._pool.reading(name) as (session, folder):
                there = {p.uid: p for p in places if p.validity == folder.validity}
                uids = list(there)
                for start in range(0, len(uids), at_once):
                    seen = await look(session, uids[start : start + at_once])
                    found |= {there[uid]: one for uid, one in seen.items() if uid in there}
        return [found.get(light.place) for light in lights]

    async def piece(self, light: Light, part: int, start: int) -> Piece | None:
        place: Place = light.place
        async with self._pool.reading(place.folder) as (session, folder):
            if place.validity != folder.validity:
                return None
            fetched = await session.fetch(([place.uid], b"RFC822.SIZE BODYSTRUCTURE"))
            items = fetched.get(place.uid)
            if items is None:
                return None
            if part == 0:
                data = await _bytes(session, place.uid, b"", start)
                return piece_of_message(data, start, _size(items))
            found = sections(items.get(b"BODYSTRUCTURE"))
            if attachment([one.part for one in found], part) is None:
                return None
            section = found[part - 1]
            data = await _bytes(session, place.uid, section.name, start)
        return piece_of_encoded(section.part, data, start, section.encoding, section.size)

    async def _enclosed(
        self, session: Session, uids: Sequence[int]
    ) -> dict[int, Sequence[Enclosed]]:
        fetched = await session.fetch((uids, b"BODYSTRUCTURE"))
        return {
            uid: enclosed_in([one.part for one in sections(items.get(b"BODYSTRUCTURE"))])
            for uid, items in fetched.items()
        }

    async def _heavy(self, session: Session, uids: Sequence[int]) -> dict[int, Heavy]:
        fetched = await session.fetch((uids, OPEN_ITEMS))
        parts = {uid: sections(items.get(b"BODYSTRUCTURE")) for uid, items in fetched.items()}
        texts = await self._texts(session, parts)
        return {
            uid: Heavy(_fields(items), tuple(one.part for one in parts[uid]), texts.get(uid))
            for uid, items in fetched.items()
        }

    async def _texts(
        self, session: Session, parts: Mapping[int, Sequence[Section]]
    ) -> dict[int, str]:
        """The text of each message: of all that have it in the same place at once."""
        by_name: dict[bytes, list[tuple[int, Section]]] = defaultdict(list)
        for uid, found in parts.items():
            part = text_part([section.part for section in found])
            if part is not None:
                section = found[part.number - 1]
                by_name[section.name].append((uid, section))
        items = (([uid for uid, _ in of], text_item(name)) for name, of in by_name.items())
        fetched = await session.fetch(*items)
        texts: dict[int, str] = {}
        for name, wanted in by_name.items():
            for uid, section in wanted:
                content = fetched.get(uid, {}).get(b"BODY[" + name.upper() + b"]")
                if isinstance(content, bytes):
                    clear = in_clear(content, section.encoding)
                    text = read_text(section.part, clear, self._options.disclaimers)
                    # One more than is shown, so that it is seen that it was longer.
                    texts[uid] = text[: self._options.text_length + 1]
        return texts


async def _bytes(session: Session, uid: int, section: bytes, start: int) -> bytes:
    """A piece of a section, as it is sent."""
    item = b"BODY.PEEK[%s]<%d.%d>" % (section, start, PIECE)
    items = (await session.fetch(([uid], item))).get(uid, {})
    content = items.get(b"BODY[" + section.upper() + b"]")
    if content is None and items:
        # Beyond the end there is nothing, which some servers tell as NIL.
        return b""
    if not isinstance(content, bytes):
        raise SourceError(Failure.UNAVAILABLE, "a message went away meanwhile")
    return content


def _size(items: Fetched) -> int:
    size = items.get(b"RFC822.SIZE")
    return int(size) if isinstance(size, bytes) and size.isdigit() else 0


def text_item(section: bytes) -> bytes:
    """As much of a section as is read of a text."""
    return b"BODY.PEEK[%s]<0.%d>" % (section, _TEXT_BYTES)


def _by_folder(hits: Sequence[Hit]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for hit in hits:
        found[hit.place.folder].append(hit.place)
    return found


def _within(hit: Hit, wanted: Wanted) -> bool:
    return (wanted.since is None or hit.moment >= wanted.since) and (
        wanted.until is None or hit.moment <= wanted.until
    )


def _fields(items: Fetched) -> Fields:
    found = next((v for k, v in items.items() if k.startswith(b"BODY[HEADER.FIELDS")), None)
    return fields_of(found if isinstance(found, bytes) else b"")


def _received(items: Fetched) -> int:
    """When the server got it (RFC 9051: ``date-time``), in seconds since 1970."""
    text = items.get(b"INTERNALDATE")
    # Day, month and year have dashes between them, where the header of a message has spaces.
    given = text.decode("ascii", "replace") if isinstance(text, bytes) else ""
    found = seconds_in(given.replace("-", " ", 2))
    if found is None:
        raise SourceError(Failure.BAD_DATA, "a moment that cannot be read")
    return found
