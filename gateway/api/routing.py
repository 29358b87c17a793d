"""Routes that answer every method themselves, so that every answer has the contract's shape."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

from gateway.api.problems import answer, origin_of
from gateway.standard.errors import METHOD_NOT_ALLOWED, Problem, echo
from gateway.standard.table import BASE_PATH

Endpoint = Callable[[Request], Awaitable[Response]]
READ: Final = ("GET", "HEAD", "OPTIONS")


class ByPath(Router):
    """A router that looks a path up where at most its last segment is a parameter. Almost all are
    like that, and to try one route after another takes longer than all else that it does."""

    def __init__(self, routes: Sequence[BaseRoute], **options: Any) -> None:
        super().__init__(routes, **options)
        self._by_path = {
            _PARAMETER.sub("", made.path): made
            for made in reversed(routes)
            if isinstance(made, Route) and made.methods is None
        }

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ``Router``."""
        path: str = scope.get("path", "")
        above = path.rpartition("/")[0] + "/"
        found = self._by_path.get(path) or self._by_path.get(above)
        match, added = found.matches(scope) if found else (Match.NONE, {})
        if found is None or match is not Match.FULL:
            await super().app(scope, receive, send)
            return
        scope.update(added, route=found)
        await found.handle(scope, receive, send)


_PARAMETER: Final = re.compile(r"\{\w+\}$")


def route(path: str, endpoint: Endpoint) -> Route:
    """A route for all methods, unknown ones too."""
    made = Route(path, endpoint)
    made.methods = None
    return made


def page_route(path: str, endpoint: Endpoint, public_url: str | None) -> Route:
    """A route of something that is only read, by anyone."""

    async def reading(request: Request) -> Response:
        if request.method in READ:
            return await endpoint(request)
        problem = not_allowed(request.method)
        request.state.problem = problem
        return answer(problem, origin_of(request, public_url), {"Allow": ", ".join(READ)})

    return route(path, reading)


def not_allowed(method: str) -> Problem:
    """The 405 of a method (GEN-13)."""
    return Problem(METHOD_NOT_ALLOWED, f'Methode "{echo(method)}" niet toegestaan.')


def query_of(request: Request) -> str:
    """The query string as text, whatever its bytes."""
    query: bytes = request.scope["query_string"]
    return query.decode("utf-8", "replace")


def resource_of(route: Any) -> str:
    """The name in the path of a route where a resource has its own; empty without a route."""
    path = getattr(route, "path", "")
    return str(path).removeprefix(BASE_PATH + "/").partition("/")[0].removesuffix(".json")
