"""The HTTP API: routes that follow from the table of the standard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from html import escape
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.api import params
from gateway.api.access import Client, Tokens
from gateway.api.description import Description
from gateway.api.downloads import Downloads
from gateway.api.guard import Guard, Handler, Incoming, check_accept
from gateway.api.metrics import Metrics
from gateway.api.outermost import Outermost
from gateway.api.problems import Json, origin_of, page
from gateway.api.routing import READ, ByPath, Endpoint, not_allowed, page_route, query_of, route
from gateway.api.status import BRONNEN, status_header
from gateway.api.writing import CONTACT, Writing
from gateway.federation.register import ObjectPage, Register
from gateway.federation.tree import expand_tree
from gateway.standard import errors
from gateway.standard.errors import Problem
from gateway.standard.model import Resource
from gateway.standard.table import BASE_PATH, RESOURCES, far_side
from gateway.standard.values import uuid_of
from gateway.writing.register import WritingRegister

Close = Callable[[], Awaitable[None]]


def create_app(
    register: WritingRegister,
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
    guard = Guard(register.bounds, tokens, public_url, request_seconds)
    writing = Writing(register, guard)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await writing.ended()
            if close is not None:
                await close()

    api = Api(register, guard, writing)
    downloads = Downloads(register, guard)
    description = Description(register, contact, public_url)
    # A bare router: Starlette's own layer would answer errors in plain text before ours does.
    router = ByPath(
        [*description.routes(), *api.routes(), *downloads.routes()],
        redirect_slashes=False,
        lifespan=lifespan,
    )
    return Outermost(router, public_url, metrics or Metrics())


class Api:
    """The endpoints of one installation."""

    def __init__(self, register: Register, guard: Guard, writing: Writing) -> None:
        self._register = register
        self._guard = guard
        self._writing = writing

    def routes(self) -> Iterable[Route]:
        """All routes."""
        yield self._page("/", self._landing)
        yield self._page(BASE_PATH, self._to_root)
        yield route(BASE_PATH + "/", self._guarded_open(self._root))
        for resource in RESOURCES.values():
            path = f"{BASE_PATH}/{resource.path}"
            listing = {"GET": self._list(resource), **self._writing.collection(resource)}
            detail = {"GET": self._detail(resource), **self._writing.item(resource)}
            # Open Klant takes the suffix .json on every url (QRK-01).
            yield route(path, self._guard.endpoint(listing))
            yield route(path + ".json", self._guard.endpoint(listing))
            yield route(path + "/{uuid}", self._guard.endpoint(detail))
        contact = self._guard.endpoint(self._writing.contact())
        yield route(f"{BASE_PATH}/{CONTACT}", contact)
        yield route(f"{BASE_PATH}/{CONTACT}.json", contact)
        for path in ("/_healthz/", "/_healthz/livez/", "/_healthz/readyz/"):
            yield self._page(path, self._health)
        yield self._page("/ref/fouten/{name}/", self._error_page)

    def _page(self, path: str, endpoint: Endpoint) -> Route:
        return page_route(path, endpoint, self._guard.public_url)

    def _guarded_open(
        self, handler: Callable[[Request], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                check_accept(request)
                if request.method not in READ:
                    raise not_allowed(request.method)
                return handler(request)
            except Problem as problem:
                return self._guard.problem(request, problem, {"Allow": ", ".join(READ)})

        return endpoint

    # --- the resources --------------------------------------------------------------------------

    def _list(self, resource: Resource) -> Handler:
        async def handler(incoming: Incoming) -> Response:
            request, meter = incoming.request, incoming.meter
            _check_read(resource, incoming.client)
            given = params.pairs(query_of(request))
            wanted = params.for_list(resource, given)
            _check_reach(resource, wanted.asked.filters, incoming.client)
            tree = expand_tree(wanted.expand)
            view = self._guard.view(incoming)
            found = await self._register.list(resource, wanted.asked, tree, view, meter)
            if resource.expand:
                for one in found.results:
                    one.setdefault("_expand", {})
            url = origin_of(request, self._guard.public_url) + request.scope["path"]
            told = {} if found.exact else {BRONNEN: status_header(meter, exact=False)}
            return Json(_page(url, given, found), headers=told)

        return handler

    def _detail(self, resource: Resource) -> Handler:
        async def handler(incoming: Incoming) -> Response:
            request = incoming.request
            _check_read(resource, incoming.client)
            expand = params.for_detail(resource, params.pairs(query_of(request)))
            uuid = uuid_of(request.path_params["uuid"].removesuffix(".json"))
            if uuid is None:
                raise Problem(errors.NOT_FOUND)
            view, tree = self._guard.view(incoming), expand_tree(expand)
            found = await self._register.detail(resource, uuid, tree, view, incoming.meter)
            # A version of the record, for If-Match. The answer holds relations as well, so no 304
            # is given by it.
            return Json(found.object, headers={"ETag": found.etag} if found.etag else {})

        return handler

    # --- the rest -------------------------------------------------------------------------------

    def _root(self, request: Request) -> Response:
        base = origin_of(request, self._guard.public_url) + BASE_PATH
        return Json({path: f"{base}/{path}" for path in (*RESOURCES, CONTACT)})

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
            return self._guard.problem(request, Problem(errors.NOT_FOUND), {})
        rows = "".join(
            f"<tr><td><code>{code}</code></td><td>{escape(text)}</td></tr>"
            for code, text in errors.PARAM_CODES.items()
        )
        table = f"<table>{rows}</table>" if kind is errors.VALIDATION else ""
        body = f"<p>HTTP {kind.status}, code <code>{kind.code}</code></p>"
        return HTMLResponse(page(kind.title, body + f"<p>{escape(kind.detail)}</p>" + table))


def _page(url: str, given: params.Pairs, found: ObjectPage) -> dict[str, Any]:
    """The body of a list, with links to the pages around."""
    number = found.number
    following = params.page_url(url, given, number + 1, found.next) if number < found.last else None
    previous = params.page_url(url, given, number - 1, found.previous) if number > 1 else None
    return {"count": found.count, "next": following, "previous": previous, "results": found.results}


def _check_read(resource: Resource, client: Client) -> None:
    if not client.may_read(resource.path):
        raise Problem(errors.PERMISSION_DENIED)


def _check_reach(resource: Resource, filters: params.Pairs, client: Client) -> None:
    """403 when a filter would tell something of a resource that the client may not read."""
    for name, _ in filters:
        spec = resource.filter(name)
        far = resource
        for hop in spec.hops if spec else ():
            far = far_side(far, hop)
            if not client.may_read(far.path):
                raise Problem(errors.PERMISSION_DENIED)


def _accepts_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and (
        request.query_params.get("format") != "json"
    )
