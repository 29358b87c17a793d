"""Messages behind IMAP, as a store of an archive.

Of a person or a zaak the server searches. What a server finds may be more than is meant, for it
looks for a text anywhere in a field: the archive looks at each header again. Lists of all are made
with a skeleton of each folder, see there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx

from adapters.base import Failure, SourceError
from adapters.concurrency import together
from adapters.imap.bodystructure import Section, sections
from adapters.imap.pool import Pool
from adapters.imap.proof import Proof
from adapters.imap.searching import criteria
from adapters.imap.session import Fetched, Folder, Session
from adapters.imap.settings import Options
from adapters.imap.skeleton import CHUNK, Skeleton
from adapters.mail.fields import Fields, fields_of
from adapters.mail.light import FIELDS, Hit, Light, Reader, newest_first
from adapters.mail.records import Heavy
from adapters.mail.structure import in_clear
from adapters.mail.text import MAX_BYTES, read_text, text_part
from adapters.mail.wanted import Wanted

MAX_HEADERS: Final = 5000
"""Of so many messages the headers are looked through for one question, and no more."""

MAX_WALK_SECONDS: Final = 4.0
"""So long a question helps to walk through a folder; then it is for the next to go on."""

_HEADER: Final = b"BODY.PEEK[HEADER.FIELDS (" + " ".join(FIELDS).encode() + b")]"
_LIGHT: Final = b"INTERNALDATE " + _HEADER
_TEXT_BYTES: Final = MAX_BYTES * 3 // 2
"""Encoded, a text takes up to a third more, and ends of lines."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is. ``validity``: of the uid."""

    folder: str
    validity: int
    uid: int


class ImapStore:
    """See ``adapters.mail.archive.Store``. ``transport``: to where tokens are given, for tests."""

    max_in: Final = 10
    asked_by: Final[frozenset[str]] = frozenset(["nummer", "bericht", "adres", "zaaknummer"])

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._pool = Pool(options, Proof(options, transport))
        self._reader = Reader(options)
        self._searching = asyncio.Semaphore(options.searches)
        self._skeletons: dict[str, Skeleton] = defaultdict(Skeleton)
        self._walking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self) -> None:
        async with self._pool.reading(self._options.folders[0]):
            pass

    async def close(self) -> None:
        await self._pool.close()
        self._skeletons.clear()

    # --- what can be meant -----------------------------------------------------------------------

    async def hits(self, wanted: Wanted) -> Sequence[Hit]:
        found = await together(self._in(folder, wanted) for folder in self._options.folders)
        return newest_first(hit for hits in found for hit in hits)

    async def _in(self, name: str, wanted: Wanted) -> Sequence[Hit]:
        if wanted.people is None and wanted.zaken is None and wanted.keys is None:
            hits = await self._all(name)
            return [hit for hit in hits if _within(hit, wanted)]
        async with self._searching, self._pool.reading(name) as (session, folder):
            uids = await session.search(*criteria(wanted))
            lights = await self._lights(session, folder, uids)
        keys = wanted.keys
        return [one for one in lights.values() if keys is None or one.key in keys]

    async def _all(self, name: str) -> Sequence[Hit]:
        """All contacts in a folder."""
        async with self._walking[name], self._pool.reading(name) as (session, folder):
            skeleton = self._skeletons[name]
            skeleton.begin(folder)
            await self._walk(session, folder, skeleton)
            if skeleton.size != folder.exists:
                there = await session.search(b"ALL")
                skeleton.keep(there)
            return skeleton.hits

    async def _walk(self, session: Session, folder: Folder, skeleton: Skeleton) -> None:
        """Look at what came since. Raises ``SourceError`` when that takes too long for one
        question; what was seen stays known."""
        if skeleton.next_uid >= folder.next_uid and skeleton.size >= folder.exists:
            return
        new = await session.search(b"UID %d:*" % skeleton.next_uid)
        new = [uid for uid in new if uid >= skeleton.next_uid]
        until = asyncio.get_running_loop().time() + MAX_WALK_SECONDS
        for start in range(0, len(new), CHUNK):
            if asyncio.get_running_loop().time() > until:
                raise SourceError(Failure.TIMEOUT, "a folder that is yet to be walked through")
            chunk = new[start : start + CHUNK]
            skeleton.learn(chunk, await self._lights(session, folder, chunk))

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
            fetched = await session.fetch(uids[start : start + CHUNK], _LIGHT)
            for uid, items in fetched.items():
                place = Place(session.folder, folder.validity, uid)
                light = self._reader.light(_fields(items), _received(items), place)
                if light is not None:
                    found[uid] = light
        return found

    # --- what is in them -------------------------------------------------------------------------

    async def opened(self, lights: Sequence[Light]) -> Sequence[Heavy | None]:
        found: dict[Place, Heavy] = {}
        for name, places in _by_folder(lights).items():
            async with self._pool.reading(name) as (session, folder):
                there = {p.uid: p for p in places if p.validity == folder.validity}
                fetched = await session.fetch(list(there), b"BODYSTRUCTURE " + _HEADER)
                parts = {
                    uid: sections(items.get(b"BODYSTRUCTURE")) for uid, items in fetched.items()
                }
                texts = await self._texts(session, parts)
            for uid, items in fetched.items():
                if uid in there:
                    known = tuple(section.part for section in parts[uid])
                    found[there[uid]] = Heavy(_fields(items), known, texts.get(uid))
        return [found.get(light.place) for light in lights]

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
        texts: dict[int, str] = {}
        for name, wanted in by_name.items():
            item = b"BODY.PEEK[%s]<0.%d>" % (name, _TEXT_BYTES)
            fetched = await session.fetch([uid for uid, _ in wanted], item)
            for uid, section in wanted:
                content = fetched.get(uid, {}).get(b"BODY[" + name.upper() + b"]")
                if isinstance(content, bytes):
                    clear = in_clear(content, section.encoding)
                    texts[uid] = read_text(section.part, clear, self._options.disclaimers)
        return texts


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
    try:
        given = (text if isinstance(text, bytes) else b"").decode("ascii").strip()
        return max(0, int(datetime.strptime(given, "%d-%b-%Y %H:%M:%S %z").timestamp()))
    except (ValueError, OverflowError):
        raise SourceError(Failure.BAD_DATA, "a moment that cannot be read") from None
