"""What holds of every answer: headers, addresses, who may ask, and what an error looks like."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from gateway.conform.answer import Answer
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES

_UNKNOWN: Final = "bestaat-niet"
_REFUSED: Final = ("text/html", "application/xml", "application/problem+json", "image/*")
_TAKEN: Final = ("*/*", "application/*", "application/json", "text/html,*/*;q=0.8")
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


async def _some(server: Server) -> Resource:
    """A resource to ask what holds for all of them."""
    usual = RESOURCES["klantcontacten"]
    found = await server.resources()
    return found[0] if found and usual not in found else usual


async def lists(server: Server) -> AsyncIterator[Seen]:
    for path, answer in (await server.listed()).items():
        if answer.status == 403:
            yield Seen(path, lacks="dit token mag er niet bij")
        else:
            fine = answer.status == 200 and answer.media_type == "application/json"
            yield judged(path, fine, f"{answer.told}, {answer.media_type}")


async def version(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    answers = [*(await server.listed()).values(), await server.ask(path, {_UNKNOWN: "1"})]
    for answer in [*answers, await server.ask(path, credentials=None)]:
        number = answer.header("API-version")
        fine = re.fullmatch(r"\d+\.\d+\.\d+", number) is not None
        yield judged(answer.where, fine, "geen header API-version met drie getallen")


async def security(server: Server) -> AsyncIterator[Seen]:
    for answer in (await server.listed()).values():
        for name, value in _SECURITY.items():
            yield judged(answer.where, answer.header(name) == value, f"header {name} ontbreekt")
        fine = "origin" in answer.header("Vary").lower()
        yield judged(answer.where, fine, "header Vary noemt origin niet")


async def paths(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(f"{resource.path}/")
        yield judged(answer.where + "/", answer.status == 404, f"{answer.told} met een / te veel")
    answer = await server.ask(_UNKNOWN)
    yield judged(answer.where, answer.status == 404, answer.told)
    if server.root.endswith("/v1"):
        path = (await _some(server)).path
        answer = await server.ask(server.root.removesuffix("1") + "2/" + path)
        yield judged("andere versie", answer.status == 404, answer.told)


async def head(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, {"pageSize": 1}, method="HEAD")
        fine = answer.status == 200 and answer.media_type == "application/json"
        yield judged(answer.where, fine and not answer.response.content, answer.told)
        answer = await server.ask(f"{resource.path}/{uuid4()}", method="HEAD")
        yield judged(answer.where, answer.status == 404, answer.told)


async def options(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, method="OPTIONS")
        fine = answer.status == 200 and {"name", "description", "renders", "parses"} <= set(
            answer.json()
        )
        yield judged(answer.where, fine, f"{answer.told}, niet met name, renders en parses")


async def allow(server: Server) -> AsyncIterator[Seen]:
    for path, answer in (await server.listed()).items():
        if answer.status == 200:
            fine = {"GET", "HEAD", "OPTIONS"} <= answer.allow
            yield judged(path, fine, "header Allow noemt GET, HEAD en OPTIONS niet alle drie")
    for resource in await server.resources():
        for one in (await server.sample(resource))[:1]:
            answer = await server.ask(f"{resource.path}/{one['uuid']}")
            fine = "GET" in answer.allow and "POST" not in answer.allow
            yield judged(answer.where, fine, "header Allow hoort GET te noemen, en POST niet")


async def accept(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    for media in _REFUSED:
        answer = await server.ask(path, {"pageSize": 1}, headers={"Accept": media})
        yield Seen(f"{path} als {media}", answer.unlike(errors.NOT_ACCEPTABLE))
    for media in _TAKEN:
        answer = await server.ask(path, {"pageSize": 1}, headers={"Accept": media})
        yield judged(f"{path} als {media}", answer.status == 200, answer.told)


async def host(server: Server) -> AsyncIterator[Seen]:
    name = "conform.example"
    for resource in await server.resources():
        answer = await server.ask(resource.path, {"pageSize": 1}, headers={"Host": name})
        if answer.status in (400, 403, 404, 421):
            yield Seen(resource.path, lacks="de server neemt geen andere naam aan")
            return
        for one in answer.page().results:
            there = one["url"].partition("://")[2].partition("/")[0]
            if there != name and f"://{there}" not in server.host:
                yield Seen(resource.path, lacks="de server heeft een vast adres")
                return
            yield judged(resource.path, there == name, "urls volgen de header Host niet")


async def root(server: Server) -> AsyncIterator[Seen]:
    answer = await server.ask("", credentials=None)
    if answer.status != 200:
        yield Seen("/", wrong=answer.told)
        return
    named = answer.json()
    for resource in await server.resources():
        fine = isinstance(named, dict) and named.get(resource.path) == (
            f"{server.root}/{resource.path}"
        )
        yield judged("/", fine, f"noemt de url van {resource.path} niet")


async def schema(server: Server) -> AsyncIterator[Seen]:
    for name in ("openapi.json", "openapi.yaml"):
        answer = await server.ask(name, credentials=None)
        open_ = answer.header("Access-Control-Allow-Origin") == "*"
        yield judged(name, answer.status == 200 and open_, f"{answer.told}, of niet voor iedereen")
    found = (await server.ask("openapi.json", credentials=None)).json()
    described = found.get("paths", {}) if isinstance(found, dict) else {}
    for resource in await server.resources():
        yield judged("openapi.json", f"/{resource.path}" in described, f"zonder {resource.path}")
    for name in ("json", "yaml"):
        answer = await server.ask(f"schema/openapi.{name}", credentials=None)
        there = answer.header("Location").endswith(f"/openapi.{name}")
        fine = answer.status in (301, 302, 307, 308) and there
        yield judged(f"schema/openapi.{name}", fine, f"{answer.told}, geen verwijzing")


async def health(server: Server) -> AsyncIterator[Seen]:
    for name in ("", "livez/", "readyz/"):
        answer = await server.ask(f"{server.host}/_healthz/{name}", credentials=None)
        if answer.status == 404:
            yield Seen(f"/_healthz/{name}", lacks="is er niet")
        else:
            yield judged(f"/_healthz/{name}", answer.status == 200, answer.told)


# --- who may ask --------------------------------------------------------------------------------


async def without_credentials(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for path in (resource.path, f"{resource.path}/{uuid4()}"):
            answer = await server.ask(path, credentials=None)
            yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))
            asked = answer.header("WWW-Authenticate") == "Token"
            yield judged(answer.where, asked, "zonder WWW-Authenticate: Token")


async def unknown_token(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, credentials=f"Token {_UNKNOWN}")
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))


async def other_schemes(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    for scheme in (f"Bearer {server.token}", "Basic YTpi", server.token):
        answer = await server.ask(path, credentials=scheme)
        yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))


async def malformed_credentials(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    for given in ("Token", f"Token {server.token} x"):
        answer = await server.ask(path, credentials=given)
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))


async def case_of_credentials(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    for scheme in ("token", "TOKEN"):
        answer = await server.ask(path, {"pageSize": 1}, credentials=f"{scheme} {server.token}")
        yield judged(answer.where, answer.status == 200, f"{answer.told} bij `{scheme}`")
    other = server.token.swapcase()
    if other != server.token:
        answer = await server.ask(path, credentials=f"Token {other}")
        yield Seen(answer.where, answer.unlike(errors.AUTHENTICATION_FAILED))


async def order_of_checks(server: Server) -> AsyncIterator[Seen]:
    path = (await _some(server)).path
    answer = await server.ask(path, headers={"Accept": "text/html"}, credentials=None)
    yield Seen(f"{answer.where} als text/html", answer.unlike(errors.NOT_ACCEPTABLE))
    for asked in (f"{path}/geen-uuid", f"{path}?{_UNKNOWN}=1", f"{path}?page=0"):
        answer = await server.ask(asked, credentials=None)
        yield Seen(answer.where, answer.unlike(errors.NOT_AUTHENTICATED))


# --- errors -------------------------------------------------------------------------------------


async def _errors(server: Server) -> AsyncIterator[tuple[Answer, errors.Kind]]:
    path = (await _some(server)).path
    yield await server.ask(path, {_UNKNOWN: "1"}), errors.VALIDATION
    yield await server.ask(path, credentials=None), errors.NOT_AUTHENTICATED
    yield await server.ask(path, credentials=f"Token {_UNKNOWN}"), errors.AUTHENTICATION_FAILED
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


# --- uuids --------------------------------------------------------------------------------------


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
