"""What holds of who asks: with a token, without one, or with one that is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

from gateway.conform.answer import Answer
from gateway.conform.over_http import UNKNOWN, some
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors


async def without_credentials(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for path in (resource.path, f"{resource.path}/{uuid4()}"):
            answer = await server.ask(path, credentials=None)
            yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))
            yield _challenged(answer)


async def unknown_token(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, credentials=f"Token {UNKNOWN}")
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))
        yield _challenged(answer)


def _challenged(answer: Answer) -> Seen:
    asked = answer.header("WWW-Authenticate") == "Token"
    return judged(answer.where, asked, "zonder WWW-Authenticate: Token")


async def other_schemes(server: Server) -> AsyncIterator[Seen]:
    path = (await some(server)).path
    for scheme in (f"Bearer {server.token}", "Basic YTpi", server.token, ""):
        said = {"Authorization": scheme}
        answer = await server.ask(path, headers=said, credentials=None)
        yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))


async def malformed_credentials(server: Server) -> AsyncIterator[Seen]:
    path = (await some(server)).path
    for given in ("Token", f"Token {server.token} x"):
        answer = await server.ask(path, credentials=given)
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))


async def case_of_credentials(server: Server) -> AsyncIterator[Seen]:
    path = (await some(server)).path
    for scheme in ("token", "TOKEN", "Token "):
        answer = await server.ask(path, {"pageSize": 1}, credentials=f"{scheme} {server.token}")
        yield judged(answer.where, answer.status == 200, f"{answer.told} bij `{scheme}`")
    other = server.token.swapcase()
    if other != server.token:
        answer = await server.ask(path, credentials=f"Token {other}")
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))


async def order_of_checks(server: Server) -> AsyncIterator[Seen]:
    path = (await some(server)).path
    answer = await server.ask(path, headers={"Accept": "text/html"}, credentials=None)
    yield Seen(f"{answer.where} als text/html", answer.unlike(errors.NOT_ACCEPTABLE))
    for asked in (f"{path}/geen-uuid", f"{path}?{UNKNOWN}=1", f"{path}?page=0"):
        answer = await server.ask(asked, credentials=None)
        yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))
