"""What holds of errors: what they look like, what they say, and what is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

from gateway.conform.answer import Answer
from gateway.conform.over_http import UNKNOWN, some
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors


async def _errors(server: Server) -> AsyncIterator[tuple[Answer, errors.Kind]]:
    path = (await some(server)).path
    yield await server.ask(path, {UNKNOWN: "1"}), errors.VALIDATION
    yield await server.ask(path, credentials=None), errors.NOT_AUTHENTICATED
    yield await server.ask(path, credentials=f"Token {UNKNOWN}"), errors.AUTHENTICATION_FAILED
    yield await server.ask(f"{path}/{uuid4()}"), errors.NOT_FOUND
    yield await server.ask(path, headers={"Accept": "text/html"}), errors.NOT_ACCEPTABLE


async def problems(server: Server) -> AsyncIterator[Seen]:
    async for answer, kind in _errors(server):
        yield Seen(f"{answer.where} ({kind.status})", answer.unlike(kind))


async def own_instance(server: Server) -> AsyncIterator[Seen]:
    seen: set[object] = set()
    async for answer, kind in _errors(server):
        body = answer.json()
        instance = body.get("instance") if isinstance(body, dict) else None
        fine = isinstance(instance, str) and instance not in seen
        yield judged(f"{answer.where} ({kind.status})", fine, "`instance` is niet eigen")
        seen.add(instance)


async def named_params(server: Server) -> AsyncIterator[Seen]:
    async for answer, kind in _errors(server):
        body = answer.json()
        params = body.get("invalidParams") if isinstance(body, dict) else None
        where = f"{answer.where} ({kind.status})"
        if kind is not errors.VALIDATION:
            yield judged(where, params is None, "noemt invalidParams")
        else:
            named = params if isinstance(params, list) else []
            shape = ["name", "code", "reason"]
            fine = all(isinstance(p, dict) and list(p) == shape for p in named) and bool(named)
            yield judged(where, fine, "invalidParams zonder name, code en reason")


async def words(server: Server) -> AsyncIterator[Seen]:
    """What is wrong is told in the words of the contract, in Dutch whatever is asked for."""
    path = (await some(server)).path
    english = {"Accept-Language": "en"}
    for answer, detail in (
        (await server.ask(f"{path}/{uuid4()}", headers=english), errors.NOT_FOUND.detail),
        (await server.ask(path, {UNKNOWN: "1"}, headers=english), errors.VALIDATION.detail),
        (await server.ask(path, {"page": 0}, headers=english), "Ongeldige pagina."),
        (await server.ask(path, credentials=f"Token {UNKNOWN}"), "Ongeldige token."),
        (
            await server.ask(path, credentials="Token"),
            "Ongeldige token header. Geen logingegevens opgegeven",
        ),
        (
            await server.ask(path, credentials=f"Token {server.token} x"),
            "Ongeldige token header. Token kan geen spaties bevatten.",
        ),
    ):
        yield _says(answer, detail)
    answer = await server.ask(path, {UNKNOWN: "1"})
    fine = f"Onbekende query parameters: {UNKNOWN}" in answer.reasons
    yield judged(answer.where, fine, "zegt het met andere woorden")
    if server.root.endswith("/v1"):
        answer = await server.ask(server.root.removesuffix("1") + "2/" + path)
        yield _says(answer, "Ongeldige versie in URL-pad.")


def _says(answer: Answer, detail: str) -> Seen:
    body = answer.json()
    fine = isinstance(body, dict) and body.get("detail") == detail
    return judged(answer.where, fine, "zegt het met andere woorden")


async def unknown_uuids(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for uuid in (str(uuid4()), "00000000-0000-4000-8000-000000000000", "123", "geen-uuid"):
            answer = await server.ask(f"{resource.path}/{uuid}")
            yield Seen(answer.where, answer.unlike(errors.NOT_FOUND))


async def spelled_uuids(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for one in (await server.sample(resource))[:1]:
            for uuid in (one["uuid"].upper(), one["uuid"].replace("-", "")):
                answer = await server.ask(f"{resource.path}/{uuid}")
                same = answer.status == 200 and answer.object()["uuid"] == one["uuid"]
                yield judged(answer.where, same, f"{answer.told} bij een anders geschreven uuid")
