"""A mailbox in Exchange Online, as a store of an archive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
from pydantic_core import from_json

from adapters.base import MAX_CONTENT, Failure, Piece, SourceError
from adapters.concurrency import together
from adapters.graph.messages import (
    ATTACHMENTS,
    FULL,
    LIGHT,
    Place,
    attached,
    attachment_of,
    fields_of,
    heavy_of,
    received_at,
)
from adapters.graph.questions import PAGE, questions
from adapters.graph.settings import Options
from adapters.http import Exchanged, HttpError, HttpSource
from adapters.http_adapter import objects_in
from adapters.mail.files import piece_of_message
from adapters.mail.light import Hit, Light, Reader, newest_first
from adapters.mail.records import Enclosed, Heavy, enclosed_in
from adapters.mail.wanted import Wanted
from adapters.oauth2 import Tokens
from adapters.wiring import Wiring, as_usual

MAX_MESSAGES: Final = 5000
"""Of so many messages the headers are looked through for one question, and no more."""

_BATCH: Final = 20
"""So many questions go in one call."""

_PREFER: Final = 'IdType="ImmutableId", outlook.body-content-type="text"'
_UNAUTHORIZED: Final = 401

Answer = TypeVar("Answer")


class GraphStore:
    """See ``adapters.mail.archive.Store``. ``transport`` is for tests."""

    max_in: Final = 10
    batched: Final = False
    partly: Final = False
    asked_by: Final = frozenset(["nummer", "bericht", "adres", "vanWie", "zaaknummer"])

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        self._transport = transport
        self._wiring: Wiring = as_usual
        self._reader = Reader(options)
        self._tokens = Tokens(
            options.credentials,
            transport,
            connect_seconds=options.connect_seconds,
            read_seconds=options.read_seconds,
        )
        self._sources: dict[str, HttpSource] = {}
        # Over both addresses: for the service they are calls in one mailbox.
        self._room = asyncio.Semaphore(options.connections)

    def rewire(self, wiring: Wiring) -> None:
        """See ``adapters.wiring.Rewired``; where tokens are given is called over it too."""
        self._wiring = wiring
        self._tokens.rewire(wiring)

    async def check(self) -> None:
        await self._get(self._messages(self._options.folders[0]), {"$top": "1", "$select": "id"})

    async def close(self) -> None:
        for source in self._sources.values():
            await source.close()
        self._sources.clear()
        await self._tokens.close()

    async def hits(self, wanted: Wanted) -> Sequence[Hit]:
        found = await together(
            self._found(folder, params)
            for folder in self._options.folders
            for params in questions(wanted)
        )
        keys = wanted.keys
        every = (light for lights in found for light in lights)
        return newest_first(light for light in every if keys is None or light.key in keys)

    async def lights(self, hits: Sequence[Hit]) -> Sequence[Light | None]:
        # What finds a message, fetches its header.
        return [hit if isinstance(hit, Light) else None for hit in hits]

    async def _found(self, folder: str, params: Mapping[str, str]) -> Sequence[Light]:
        """The contacts in a folder that a question finds."""
        path = self._messages(folder)
        asked: Mapping[str, str] | None = {**params, "$select": LIGHT, "$top": str(PAGE)}
        found: list[Light] = []
        seen = 0
        while asked is not None:
            answer = await self._get(path, asked)
            messages = objects_in(answer, "value")
            seen += len(messages)
            for one in messages:
                place = Place(_id(one))
                light = self._reader.light(fields_of(one), received_at(one), place)
                if light is not None and one.get("isDraft") is not True:
                    found.append(light)
            asked = self._next(answer)
            if asked is not None and (seen >= MAX_MESSAGES or not messages):
                note = f"more than {MAX_MESSAGES} messages for one question"
                raise SourceError(Failure.REFUSED, note)
        return found

    def _next(self, answer: Any) -> Mapping[str, str] | None:
        """The question for the next page; of where the service sends us only the parameters count,
        for no answer may lead elsewhere."""
        link = answer.get("@odata.nextLink") if isinstance(answer, Mapping) else None
        if link is None:
            return None
        if not isinstance(link, str):
            raise SourceError(Failure.BAD_DATA, "a next page that is no link")
        return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))

    async def opened(self, lights: Sequence[Light]) -> Sequence[Heavy | None]:
        disclaimers = self._options.disclaimers
        found = await self._each(lights, FULL)
        return [heavy_of(one, disclaimers) if one is not None else None for one in found]

    async def enclosed(self, lights: Sequence[Light]) -> Sequence[Sequence[Enclosed] | None]:
        # Also what is within the text counts, so `hasAttachments` does not tell.
        found = await self._each(lights, "id")
        return [enclosed_in(attached(one)) if one is not None else None for one in found]

    async def _each(self, lights: Sequence[Light], fields: str) -> list[Mapping[str, Any] | None]:
        """Messages with what is attached to them, ``None`` for one that is gone."""
        ids = [light.place.id for light in lights]
        batches = [ids[i : i + _BATCH] for i in range(0, len(ids), _BATCH)]
        answers = await together(self._batch(batch, fields) for batch in batches)
        return [one for answer in answers for one in answer]

    async def _batch(self, ids: Sequence[str], fields: str) -> list[Mapping[str, Any] | None]:
        query = f"$select={fields}&$expand={ATTACHMENTS}"
        path = f"/users/{quote(self._options.mailbox)}/messages"
        requests = [
            {
                "id": str(number),
                "method": "GET",
                "url": f"{path}/{quote(one, safe='')}?{query}",
                "headers": {"Prefer": _PREFER},
            }
            for number, one in enumerate(ids)
        ]
        base = f"{self._options.base_url.rstrip('/')}/$batch"
        body = json.dumps({"requests": requests}).encode()
        answer = await self._posted(base, body)
        try:
            said = from_json(answer.body)
        except ValueError:
            raise SourceError(Failure.BAD_DATA, "no JSON") from None
        by_id = {str(one.get("id")): one for one in objects_in(said, "responses")}
        return [_answered(by_id.get(str(number))) for number in range(len(ids))]

    async def _posted(self, address: str, body: bytes) -> Exchanged:
        async def post(_: HttpSource) -> Exchanged:
            source = self._source(address)
            answer = await source.exchange(body, {"Content-Type": "application/json"})
            if answer.failure is not None:
                raise answer.failure
            return answer

        return await self._asked(post)

    async def piece(self, light: Light, part: int, start: int) -> Piece | None:
        """All of it at once: Graph gives no parts of a file."""
        path = f"users/{quote(self._options.mailbox)}/messages/{quote(light.place.id, safe='')}"
        if part == 0:
            data = await self._file(f"{path}/$value")
            return data if data is None else piece_of_message(data, 0, len(data))
        message = await self._asked(
            lambda source: source.get(path, {"$select": "id", "$expand": ATTACHMENTS})
        )
        found = attachment_of(message or {}, part)
        if found is None:
            return None
        shown, name = found
        data = await self._file(f"{path}/attachments/{quote(name, safe='')}/$value")
        return data if data is None else Piece(data, shown.name, shown.media, len(data))

    async def _file(self, path: str) -> bytes | None:
        # One byte more than is passed on, so that it is seen that there is more.
        return await self._asked(lambda source: source.content(path, MAX_CONTENT + 1))

    async def _get(self, path: str, params: Mapping[str, str]) -> Any:
        answer = await self._asked(lambda source: source.get(path, params))
        if answer is None:
            raise SourceError(Failure.REFUSED, "no such mailbox or folder")
        return answer

    async def _asked(self, ask: Callable[[HttpSource], Awaitable[Answer]]) -> Answer:
        """An answer; with a new token where the one that there was is no good any more."""
        await self._tokens.ready()
        source = self._source(self._options.base_url)
        async with self._room:
            used = self._tokens.token
            try:
                return await ask(source)
            except HttpError as error:
                if error.status != _UNAUTHORIZED:
                    raise
            self._tokens.forget(used)
            await self._tokens.ready()
            return await ask(source)

    def _messages(self, folder: str) -> str:
        mailbox = quote(self._options.mailbox)
        return f"users/{mailbox}/mailFolders/{quote(folder, safe='')}/messages"

    def _source(self, address: str) -> HttpSource:
        if address not in self._sources:
            options = self._options
            self._sources[address] = HttpSource(
                address,
                {"Prefer": _PREFER},
                options.connections,
                self._transport,
                self._wiring,
                connect_seconds=options.connect_seconds,
                read_seconds=options.read_seconds,
                credentials=lambda: self._tokens.headers,
            )
        return self._sources[address]


def _id(message: Mapping[str, Any]) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not found:
        raise SourceError(Failure.BAD_DATA, "a message without an id")
    return found


def _answered(one: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The message in one answer of a batch."""
    status = one.get("status") if one is not None else None
    body = one.get("body") if one is not None else None
    if status == 404:
        return None
    if status in (429, 503):
        headers = (one or {}).get("headers")
        wait = headers.get("Retry-After") if isinstance(headers, Mapping) else None
        seconds = float(wait) if isinstance(wait, str) and wait.isdecimal() else None
        raise SourceError(Failure.THROTTLED, f"status {status} in a batch", seconds)
    if status != 200 or not isinstance(body, Mapping):
        raise SourceError(Failure.BAD_DATA, "no answer to a question of a batch")
    return body
