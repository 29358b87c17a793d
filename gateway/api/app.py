"""The HTTP API: routes that follow from the table of the standard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from html import escape
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from gateway.api import params
from gateway.api.access import Client, Tokens
from gateway.api.description import Description
from gateway.api.metrics import Metrics
from gateway.api.outermost import Outermost
from gateway.api.problems import Json, answer, origin_of, page
from gateway.api.routing import (
    READ,
    Endpoint,
    not_allowed,
    page_route,
    query_of,
    resource_of,
    route,
)
from gateway.api.status import BRONNEN, status_header
from gateway.federation.assemble import expand_tree
from gateway.federation.register import ObjectPage, Register, View
from gateway.sources.meter import Meter
from gateway.standard import errors
from gateway.standard.errors import Problem
from gateway.standard.model import Resource
from gateway.standard.table import BASE_PATH, RESOURCES, far_side
from gateway.standard.values import uuid_of

_MAX_BODY: Final = 10 * 1024 * 1024

Handler = Callable[[Request, Client, Meter], Awaitable[Response]]
Close = Callable[[], Awaitable[None]]


def create_app(
    register: Register,
    tokens: Tokens,
    *,
    public_url: str | None = None,
    contact: Mapping[str, str] = MappingProxyType({}),
    request_seconds: float = 10,
    metrics: Metrics | None = None,
    close: Close | None = None,
) -> ASGIApp:
    """The ASGI application. ``contact`` is who runs it (name, email, url); ``metrics`` is where
    requests are counted; ``close`` is awaited when the server stops."""

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if close is not None:
                await close()

    api = Api(register, tokens, public_url, request_seconds)
    description = Description(register, contact, public_url)
    # A bare router: Starlette's own layer would answer errors in plain text before ours does.
    router = Router(
        [*description.routes(), *api.routes()], redirect_slashes=False, lifespan=lifespan
    )
    return Outermost(router, public_url, metrics or Metrics())


class Api:
    """The endpoints of one installation."""

    def __init__(
        self,
        register: Register,
        tokens: Tokens,
        public_url: str | None,
        request_seconds: float,
    ) -> None:
        self._register = register
        self._tokens = tokens
        self._public_url = public_url
        self._seconds = request_seconds

    def routes(self) -> Iterable[Route]:
        """All routes."""
        yield self._page("/", self._landing)
        yield self._page(BASE_PATH, self._to_root)
        yield route(BASE_PATH + "/", self._guarded_open(self._root))
        for resource in RESOURCES.values():
            path = f"{BASE_PATH}/{resource.path}"
            listing = self._guarded(self._list(resource))
            # Open Klant takes the suffix .json on every url (QRK-01).
            yield route(path, listing)
            yield route(path + ".json", listing)
            yield route(path + "/{uuid}", self._guarded(self._detail(resource)))
        yield route(f"{BASE_PATH}/maak-klantcontact", self._guarded(None))
        for path in ("/_healthz/", "/_healthz/livez/", "/_healthz/readyz/"):
            yield self._page(path, self._health)
        yield self._page("/ref/fouten/{name}/", self._error_page)

    def _page(self, path: str, endpoint: Endpoint) -> Route:
        return page_route(path, endpoint, self._public_url)

    # --- the order of checks: 406, 401, 405, 403, then the question itself (GEN-20) -------------

    def _guarded(self, handler: Handler | None) -> Callable[[Request], Awaitable[Response]]:
        allowed = READ if handler else ("OPTIONS",)
        allow = {"Allow": ", ".join(allowed)}

        async def endpoint(request: Request) -> Response:
            deadline = asyncio.get_running_loop().time() + self._seconds
            meter = Meter(self._register.bounds, deadline)
            request.state.meter = meter
            try:
                _check_accept(request)
                client = self._tokens.client(request.headers.getlist("authorization"))
                request.state.client = client.name
                if request.method not in allowed:
                    # A body that does not come, or does not end, would hold the connection.
                    await self._whole(request)
                    raise not_allowed(request.method)
                if request.method == "OPTIONS" or handler is None:
                    return Json(_metadata(request), headers=allow)
                async with asyncio.timeout_at(deadline):
                    response = await handler(request, client, meter)
            except TimeoutError:
                return self._problem(request, Problem(errors.DEADLINE), allow)
            except Problem as problem:
                return self._problem(request, problem, allow)
            response.headers["Allow"] = allow["Allow"]
            return response

        return endpoint

    async def _whole(self, request: Request) -> bytes:
        """The body, within the deadline of a request. Raises ``Problem`` 408 or 413."""
        try:
            async with asyncio.timeout(self._seconds):
                return await _read_body(request)
        except TimeoutError:
            closing = {"Connection": "close"}
            raise Problem(errors.HEAD_TIMEOUT, headers=closing) from None
        except ClientDisconnect:
            raise Problem(errors.MALFORMED) from None

    def _guarded_open(
        self, handler: Callable[[Request], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                _check_accept(request)
                if request.method not in READ:
                    raise not_allowed(request.method)
                return handler(request)
            except Problem as problem:
                return self._problem(request, problem, {"Allow": ", ".join(READ)})

        return endpoint

    def _problem(self, request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
        request.state.problem = problem
        return answer(problem, origin_of(request, self._public_url), headers)

    def _view(self, request: Request, client: Client, resource: Resource) -> View:
        if not client.may_read(resource.path):
            raise Problem(errors.PERMISSION_DENIED)
        base = origin_of(request, self._public_url) + BASE_PATH
        return View(
            lambda path, uuid: f"{base}/{path}/{uuid}",
            client.may_read,
            strict=_is_strict(request),
            rights=client.rights,
        )

    # --- the resources --------------------------------------------------------------------------

    def _list(self, resource: Resource) -> Handler:
        async def handler(request: Request, client: Client, meter: Meter) -> Response:
            view = self._view(request, client, resource)
            given = params.pairs(query_of(request))
            wanted = params.for_list(resource, given)
            _check_reach(resource, wanted.asked.filters, client)
            tree = expand_tree(wanted.expand)
            found = await self._register.list(resource, wanted.asked, tree, view, meter)
            if resource.expand:
                for one in found.results:
                    one.setdefault("_expand", {})
            url = origin_of(request, self._public_url) + request.scope["path"]
            told = {} if found.exact else {BRONNEN: status_header(meter, exact=False)}
            return Json(_page(url, given, found), headers=told)

        return handler

    def _detail(self, resource: Resource) -> Handler:
        async def handler(request: Request, client: Client, meter: Meter) -> Response:
            view = self._view(request, client, resource)
            expand = params.for_detail(resource, params.pairs(query_of(request)))
            uuid = uuid_of(request.path_params["uuid"].removesuffix(".json"))
            if uuid is None:
                raise Problem(errors.NOT_FOUND)
            tree = expand_tree(expand)
            found = await self._register.detail(resource, uuid, tree, view, meter)
            return Json(found.object)

        return handler

    # --- the rest -------------------------------------------------------------------------------

    def _root(self, request: Request) -> Response:
        base = origin_of(request, self._public_url) + BASE_PATH
        return Json({path: f"{base}/{path}" for path in (*RESOURCES, "maak-klantcontact")})

    async def _to_root(self, _: Request) -> Response:
        return RedirectResponse(BASE_PATH + "/", 301)

    async def _health(self, request: Request) -> Response:
        """The process answers; no source is asked, so a source that is down restarts nothing."""
        if _accepts_html(request):
            return HTMLResponse(page("Gezondheid", "<p>De gateway werkt.</p>"))
        return Json({"gateway": "OK"})

    async def _landing(self, _: Request) -> Response:
        link = f'<p><a href="{BASE_PATH}/">{BASE_PATH}/</a></p>'
        return HTMLResponse(page("Klantinteracties gateway", link))

    async def _error_page(self, request: Request) -> Response:
        name = request.path_params["name"]
        kind = next((k for k in errors.KINDS if k.name == name), None)
        if kind is None:
            return self._problem(request, Problem(errors.NOT_FOUND), {})
        rows = "".join(
            f"<tr><td><code>{code}</code></td><td>{escape(text)}</td></tr>"
            for code, text in errors.PARAM_CODES.items()
        )
        table = f"<table>{rows}</table>" if kind is errors.VALIDATION else ""
        body = f"<p>HTTP {kind.status}, code <code>{kind.code}</code></p>"
        return HTMLResponse(page(kind.title, body + f"<p>{escape(kind.detail)}</p>" + table))


async def _read_body(request: Request) -> bytes:
    """The whole body. Raises ``Problem`` 413 when it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise Problem(errors.BODY_TOO_LARGE, headers={"Connection": "close"})
    return bytes(body)


def _page(url: str, given: params.Pairs, found: ObjectPage) -> dict[str, Any]:
    """The body of a list, with links to the pages around."""
    number = found.number
    following = params.page_url(url, given, number + 1, found.next) if number < found.last else None
    previous = params.page_url(url, given, number - 1, found.previous) if number > 1 else None
    return {"count": found.count, "next": following, "previous": previous, "results": found.results}


def _is_strict(request: Request) -> bool:
    """Whether the client wants an error rather than an answer without a source that may be missing
    (RFC 7240, section 4.4)."""
    wishes = ",".join(request.headers.getlist("prefer")).lower().split(",")
    return any(w.partition(";")[0].replace(" ", "") == "handling=strict" for w in wishes)


def _check_reach(resource: Resource, filters: params.Pairs, client: Client) -> None:
    """403 when a filter would tell something of a resource that the client may not read."""
    for name, _ in filters:
        spec = resource.filter(name)
        far = resource
        for hop in spec.hops if spec else ():
            far = far_side(far, hop)
            if not client.may_read(far.path):
                raise Problem(errors.PERMISSION_DENIED)


def _check_accept(request: Request) -> None:
    """406 when the Accept header excludes JSON (GEN-14)."""
    header = ",".join(request.headers.getlist("accept"))
    if not header.strip():
        return
    for part in header.split(","):
        kind, *options = (p.strip().lower() for p in part.split(";"))
        refused = any(o.replace(" ", "") in ("q=0", "q=0.0") for o in options)
        if kind in ("*/*", "application/*", "application/json") and not refused:
            return
    raise Problem(errors.NOT_ACCEPTABLE)


def _accepts_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and (
        request.query_params.get("format") != "json"
    )


def _metadata(request: Request) -> dict[str, Any]:
    """What Open Klant answers to OPTIONS (GEN-09)."""
    name = resource_of(request.scope.get("route"))
    resource = RESOURCES.get(name)
    return {
        "name": resource.label if resource else name,
        "description": "",
        "renders": ["application/json"],
        "parses": ["application/json"],
    }
