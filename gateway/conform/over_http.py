"""What holds of every answer: headers, methods, media types and addresses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES

UNKNOWN: Final = "bestaat-niet"
_REFUSED: Final = ("text/html", "application/xml", "application/problem+json", "image/*")
_TAKEN: Final = (
    "*/*",
    "application/*",
    "application/json",
    "text/html,*/*;q=0.8",
    "application/json; charset=utf-8",
)
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def some(server: Server) -> Resource:
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
    for path, error in server.silent.items():
        yield Seen(path, wrong=error.told)


async def version(server: Server) -> AsyncIterator[Seen]:
    path = (await some(server)).path
    answers = [*(await server.listed()).values(), await server.ask(path, {UNKNOWN: "1"})]
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
        for one in (await server.sample(resource))[:1]:
            answer = await server.ask(f"{resource.path}/{one['uuid']}/")
            told = f"{answer.told} met een / te veel"
            yield judged(answer.where + "/", answer.status == 404, told)
    answer = await server.ask(UNKNOWN)
    yield judged(answer.where, answer.status == 404, answer.told)
    if server.root.endswith("/v1"):
        path = (await some(server)).path
        answer = await server.ask(server.root.removesuffix("1") + "2/" + path)
        yield Seen("andere versie", answer.unlike(errors.NOT_FOUND))


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
    path = (await some(server)).path
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
    answer = await server.ask("schema/", credentials=None)
    fine = answer.status == 200 and answer.media_type == "text/html"
    yield judged("schema/", fine, f"{answer.told}, geen bladzijde")
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
    json = {"Accept": "application/json"}
    answer = await server.ask(f"{server.host}/_healthz/", headers=json, credentials=None)
    if answer.status == 200:
        fine = answer.media_type == "application/json" and {*answer.json().values()} <= {"OK"}
        yield judged("/_healthz/ als JSON", fine, "niet alles is OK")
