"""Servers that are wrong in one way: what a right one answers, changed on its way back.

``transport`` puts a fault before any transport of httpx, ``proxy`` serves a server with one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.standard.table import BASE_PATH, RESOURCES

ABOUT: Final = ("actoren", "betrokkenen", "klantcontacten", "bijlagen")
"""Resources of which all that is said of them can be tried within seconds."""

Ask = Callable[[httpx.Request], Awaitable[httpx.Response]]
Fault = Callable[[httpx.Request, Ask], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Plant:
    """A fault, and the statements that do not hold with it: each of them has to be found."""

    name: str
    fault: Fault
    found_by: tuple[str, ...]
    writes: bool = False
    about: tuple[str, ...] = ()
    """The resources where it shows; where that is in some of ``ABOUT``: none."""


class Planted(httpx.AsyncBaseTransport):
    """A way to a server that is wrong in one way."""

    def __init__(self, to: httpx.AsyncBaseTransport, fault: Fault) -> None:
        self._to = to
        self._fault = fault

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._fault(request, self._ask)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._to.handle_async_request(request)
        await answer.aread()
        return answer


def proxy(to: str, fault: Fault) -> Starlette:
    """The server at ``to``, with a fault."""
    transport = httpx.AsyncHTTPTransport()

    async def ask(request: httpx.Request) -> httpx.Response:
        answer = await transport.handle_async_request(request)
        await answer.aread()
        return answer

    async def answer(request: Request) -> Response:
        url = httpx.URL(to + request.url.path, query=request.url.query.encode())
        sent = httpx.Request(
            request.method, url, headers=request.headers.raw, content=await request.body()
        )
        found = await fault(sent, ask)
        headers = [(n, v) for n, v in found.headers.multi_items() if n not in _OF_THE_HOP]
        made = Response(found.content, found.status_code)
        made.raw_headers = [(n.encode(), v.encode()) for n, v in headers]
        if request.method != "HEAD":
            made.raw_headers.append((b"content-length", str(len(found.content)).encode()))
        return made

    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    return Starlette(routes=[Route("/{path:path}", answer, methods=methods)])


_OF_THE_HOP: Final = frozenset({"content-length", "content-encoding", "transfer-encoding"})


# --- what is asked, and what is answered --------------------------------------------------------


def params(request: httpx.Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.query.decode(), keep_blank_values=True)


def asking(request: httpx.Request, given: list[tuple[str, str]]) -> httpx.Request:
    """The same request with other parameters."""
    url = request.url.copy_with(query=urlencode(given).encode() or None)
    return like(request, url=url)


def like(request: httpx.Request, **other: Any) -> httpx.Request:
    told = {
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "content": request.content,
        **other,
    }
    if "content" in other:
        told["headers"] = {n: v for n, v in request.headers.items() if n != "content-length"}
    return httpx.Request(**told)


def remade(answer: httpx.Response, status: int | None = None, **other: Any) -> httpx.Response:
    """An answer with another body (``json``) or without some of its headers (``without``)."""
    left = {"content-length", *other.get("without", ())}
    headers = {n: v for n, v in answer.headers.items() if n not in left} | other.get("headers", {})
    content = json.dumps(other["json"]).encode() if "json" in other else answer.content
    return httpx.Response(status or answer.status_code, headers=headers, content=content)


def resource_of(request: httpx.Request) -> str:
    return request.url.path.removeprefix(BASE_PATH).strip("/").partition("/")[0]


def is_list(answer: httpx.Response) -> bool:
    body = json_of(answer) if answer.status_code == 200 else None
    return isinstance(body, dict) and "results" in body


def json_of(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


# --- kinds of faults ----------------------------------------------------------------------------


def of_lists(change: Callable[[dict[str, Any], Mapping[str, str]], Any]) -> Fault:
    """One in the body of every list; what is changed in it sees the parameters."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        if not (is_list(answer) and isinstance(body := json_of(answer), dict)):
            return answer
        change(body, dict(params(request)))
        return remade(answer, json=body)

    return fault


def of_objects(resource: str, change: Callable[[dict[str, Any]], Any]) -> Fault:
    """One in every object of a resource, in lists and alone; of ``*``: of every one."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        body = json_of(answer) if answer.status_code in (200, 201) else None
        asked = resource_of(request)
        if not isinstance(body, dict) or asked not in RESOURCES or resource not in ("*", asked):
            return answer
        for one in body.get("results", [body]):
            change(one)
        return remade(answer, json=body)

    return fault


def of_problems(status: int, change: Callable[[dict[str, Any]], Any], **other: Any) -> Fault:
    """One in every problem with a status."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        body = json_of(answer) if answer.status_code == status else None
        if not isinstance(body, dict):
            return answer
        change(body)
        return remade(answer, json=body, **other)

    return fault


def of_parameters(change: Callable[[str, str], tuple[str, str] | None]) -> Fault:
    """One in what is heard of the parameters: each as it is changed, ``None``: not at all."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method != "GET":
            return await ask(request)
        heard = [change(name, value) for name, value in params(request)]
        return await ask(asking(request, [one for one in heard if one is not None]))

    return fault


def of_bodies(change: Callable[[dict[str, Any]], Any], method: str = "POST") -> Fault:
    """One in what is heard of the body of a write."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        body = body_of(request) if request.method == method else None
        if body is None:
            return await ask(request)
        change(body)
        return await ask(like(request, content=json.dumps(body).encode()))

    return fault


def of_refusals(when: Callable[[httpx.Request, dict[str, Any]], bool]) -> Fault:
    """One in what is refused: bodies that there is nothing wrong with."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        body = body_of(request)
        if request.method == "GET" or body is None or not when(request, body):
            return await ask(request)
        return httpx.Response(400, json={"code": "invalid"})

    return fault


def body_of(request: httpx.Request) -> dict[str, Any] | None:
    """The object that a request sends, if it does."""
    try:
        body = json.loads(request.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def of_answers(change: Callable[[httpx.Request, httpx.Response], httpx.Response]) -> Fault:
    """One in the answer as a whole."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        return change(request, await ask(request))

    return fault
