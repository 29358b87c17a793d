"""What holds of requests to write, whatever they say: methods, media types, parameters, tokens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

from gateway.conform.answer import Answer
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.making import (
    MAAK,
    at,
    body_of,
    makeable,
    post,
    remember,
    verb,
)
from gateway.standard import errors

_OTHER_MEDIA: Final = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/merge-patch+json",
    "application/xml",
)
_BROKEN: Final = (b"{kapot", b'{"a": }', b"\xff\xfe")
_NO_OBJECT: Final[tuple[Any, ...]] = ([], ["x"], "x", 5)
_UNKNOWN: Final = "?bestaatNiet=1"
_UNHEARD: Final = f"{_UNKNOWN}&expand=bestaatNiet"
"""Parameters that a question would be refused for. A change of what can be expanded may be so."""


async def methods(server: Server) -> AsyncIterator[Seen]:
    """What an address does not do: 405, also where a server does less than the contract."""
    for resource in await server.resources():
        for method in ("PUT", "PATCH", "DELETE"):
            answer = await server.ask(resource.path, method=method, body={})
            yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))
        if not await server.allows(resource, "POST"):
            answer = await server.ask(resource.path, method="POST", body={})
            yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))
        uuids = [one["uuid"] for one in await server.sample(resource)] or [str(uuid4())]
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method == "POST" or not await server.allows(resource, method):
                answer = await server.ask(f"{resource.path}/{uuids[0]}", method=method, body={})
                yield Seen(answer.where, answer.unlike(errors.METHOD_NOT_ALLOWED))


async def bodies(server: Server) -> AsyncIterator[Seen]:
    """What is no JSON, or no object."""
    async for resource in makeable(server):
        for media in _OTHER_MEDIA:
            answer = await _sent(server, resource.path, media, b"x")
            told = answer.unlike(errors.UNSUPPORTED_MEDIA_TYPE)
            yield Seen(f"{verb(resource)} als {media.partition(';')[0]}", told)
        for content in _BROKEN:
            answer = await _sent(server, resource.path, "application/json", content)
            told = answer.unlike(errors.PARSE_ERROR) or "noemt attributen" * bool(answer.codes)
            yield Seen(f"{verb(resource)}, kapot", told)
        for body in _NO_OBJECT:
            answer = await post(server, resource.path, body)
            told = answer.unlike(errors.VALIDATION, "nonFieldErrors", "invalid")
            yield Seen(f"{verb(resource)}, geen object", told)
        nothing = await _sent(server, resource.path, "application/json", b"")
        empty = await post(server, resource.path, {})
        same = (nothing.status, nothing.codes) == (empty.status, empty.codes)
        yield judged(f"{verb(resource)}, niets", same, "niet als een leeg object")


async def _sent(server: Server, path: str, media: str, content: bytes) -> Answer:
    headers = {"Content-Type": media}
    answer = await server.ask(path, method="POST", headers=headers, content=content)
    remember(server, path, answer)
    return answer


async def spelled_media(server: Server) -> AsyncIterator[Seen]:
    """JSON may say in which letters it is."""
    async for resource in makeable(server):
        content = json.dumps(await body_of(server, resource), ensure_ascii=False).encode()
        answer = await _sent(server, resource.path, "application/json; charset=utf-8", content)
        yield judged(verb(resource), answer.status == 201, answer.told)


async def parameters(server: Server) -> AsyncIterator[Seen]:
    """Parameters of a write are not looked at."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        answer = await post(server, resource.path, body, _UNHEARD)
        if answer.status != 201 or "_expand" in answer.object():
            yield Seen(verb(resource), wrong=answer.told)
            continue
        yield Seen(verb(resource))
        there = at(resource.path, answer.object())
        for method, said, status in (("PATCH", {}, 200), ("PUT", body, 200), ("DELETE", {}, 204)):
            if await server.allows(resource, method):
                answer = await server.ask(there + _UNKNOWN, method=method, body=said)
                yield judged(verb(resource, method), answer.status == status, answer.told)


async def unknown_uuids(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for method in ("PUT", "PATCH", "DELETE"):
            if await server.allows(resource, method):
                answer = await server.ask(f"{resource.path}/{uuid4()}", method=method, body={})
                yield Seen(answer.where, answer.unlike(errors.NOT_FOUND))


async def without_credentials(server: Server) -> AsyncIterator[Seen]:
    """Who has no token hears nothing else: not that a method, a uuid or a body is wrong."""
    for path in [*(resource.path for resource in await server.resources()), MAAK]:
        # Nothing is made of a list, whatever the server does.
        answer = await server.ask(path, method="POST", body=["x"], credentials=None)
        yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))
    for resource in await server.resources():
        for method, there in (
            ("PUT", resource.path),
            *((method, f"{resource.path}/{uuid4()}") for method in ("PUT", "PATCH", "DELETE")),
        ):
            answer = await server.ask(there, method=method, body={}, credentials=None)
            yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))
        text = {"Content-Type": "text/plain"}
        answer = await server.ask(
            resource.path, method="POST", headers=text, content=b"x", credentials=None
        )
        yield Seen(f"{answer.where} als tekst", answer.unlike(errors.NOT_AUTHENTICATED))
