"""Around every request: what is refused at once, the headers of every answer, the last resort,
and what is told of it afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from typing import Final
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.tracing import traced
from gateway.api import log, params
from gateway.api.metrics import Metrics
from gateway.api.problems import HOST, answer, origin_of
from gateway.api.routing import READ, query_of, resource_of
from gateway.api.status import BRONNEN, SERVER_TIMING, server_timing, status_header
from gateway.api.trace import Trace, trace_of
from gateway.sources.meter import Meter
from gateway.standard import errors
from gateway.standard.errors import Problem
from gateway.standard.table import API_VERSION, BASE_PATH, RESOURCES

_SECURITY: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; "
        b"frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"vary", b"origin"),
    (b"cache-control", b"no-store"),
)
_VERSION: Final = (b"api-version", API_VERSION.encode())
REQUEST_ID: Final = "X-Request-ID"
_KNOWN_METHODS: Final = (*READ, "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT")
_MAX_TARGET: Final = 16_384
_MAX_HEADERS: Final = 65_536


class Outermost:
    """The layer around the routes."""

    def __init__(self, app: ASGIApp, public_url: str | None, metrics: Metrics) -> None:
        self._app = app
        self._public_url = public_url
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        # Never the X-Request-ID of a caller: it is free text, and would stand in log and answer.
        request_id = str(uuid4())
        trace = trace_of(scope["headers"])
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def finish(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _headers(message["headers"], scope, request_id)
            await send(message)

        request = Request(scope, receive)
        self._metrics.in_flight.inc()
        try:
            refused = _refused(scope)
            if refused is not None:
                await self._answer(request, Problem(refused), finish)
            else:
                with traced(trace.headers()):
                    await self._app_or_404(request, finish)
        except Problem:
            # An answer that was begun and cannot be ended; what was wrong is told below.
            raise
        except Exception as error:
            log.failure("unexpected", error, request_id=request_id, trace_id=trace.trace_id)
            if status:
                raise
            await self._answer(request, Problem(errors.SERVER_ERROR), finish)
        finally:
            self._metrics.in_flight.dec()
            self._tell(request, status, time.perf_counter() - started, request_id, trace)

    async def _app_or_404(self, request: Request, send: Send) -> None:
        path = request.scope["path"]
        if path.startswith("/klantinteracties/api/") and not _in_version(path):
            problem = Problem(errors.NOT_FOUND, "Ongeldige versie in URL-pad.")
            await self._answer(request, problem, send)
            return
        unmatched = False

        async def watch(message: Message) -> None:
            # Starlette answers an unknown path in plain text; ours has the contract's shape.
            nonlocal unmatched
            if message["type"] == "http.response.start" and "endpoint" not in request.scope:
                unmatched = True
            if not unmatched:
                await send(message)

        await self._app(request.scope, request.receive, watch)
        if unmatched:
            await self._answer(request, Problem(errors.NOT_FOUND), send)

    async def _answer(self, request: Request, problem: Problem, send: Send) -> None:
        request.scope["state"]["problem"] = problem
        response = answer(problem, origin_of(request, self._public_url))
        await response(request.scope, request.receive, send)

    def _tell(
        self, request: Request, status: int, seconds: float, request_id: str, trace: Trace
    ) -> None:
        """Route template and parameter names; never the target itself, the Referer or a value."""
        state = request.scope["state"]
        route = request.scope.get("route")
        template = getattr(route, "path", None)
        method = request.method if request.method in _KNOWN_METHODS else "?"
        problem = state.get("problem")
        meter: Meter | None = state.get("meter")
        self._metrics.request(template or "", method, status, seconds)
        if meter:
            self._metrics.used(meter)
        log.event(
            "request",
            request_id=request_id,
            trace_id=trace.trace_id,
            span_id=trace.span_id,
            parent_span_id=trace.parent_id,
            method=method,
            route=template,
            params=_names(request, resource_of(route)),
            status=status,
            ms=_ms(seconds),
            client=state.get("client"),
            code=problem.kind.code if problem else None,
            param_codes=sorted({p.code for p in problem.params}) if problem else [],
            source=problem.source if problem else None,
            note=problem.note if problem else None,
            sources={
                alias: {
                    "calls": use.calls,
                    "ms": _ms(use.seconds),
                    "outcome": use.outcome.value,
                    "retries": use.retries,
                    "cached": use.cached,
                }
                for alias, use in (meter.sources.items() if meter else ())
            },
            missing=sorted(meter.missing) if meter else [],
            aside=sorted(meter.aside) if meter else [],
        )


def _headers(
    given: Iterable[tuple[bytes, bytes]], scope: Scope, request_id: str
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer and those that every answer has; the answer's own come first."""
    kept = list(given)
    have = {name.lower() for name, _ in kept}
    extra = [*_SECURITY, _encoded(REQUEST_ID, request_id)]
    if _in_version(scope["path"]):
        extra.append(_VERSION)
    meter: Meter | None = scope["state"].get("meter")
    if meter:
        told = ((BRONNEN, status_header(meter)), (SERVER_TIMING, server_timing(meter)))
        extra += [_encoded(name, value) for name, value in told if value]
    return kept + [header for header in extra if header[0] not in have]


def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode(), value.encode()


def _refused(scope: Scope) -> errors.Kind | None:
    """What is wrong with the head of a request, whoever sends it."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if scope["http_version"] not in ("1.0", "1.1", "2"):
        return errors.MALFORMED
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0].decode("latin-1")):
        return errors.MALFORMED
    if len(scope["query_string"]) + len(scope["raw_path"] or b"") > _MAX_TARGET:
        return errors.HEADERS_TOO_LARGE
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _MAX_HEADERS:
        return errors.HEADERS_TOO_LARGE
    return None


def _in_version(path: str) -> bool:
    """Whether a path is of the version that is served."""
    return path == BASE_PATH or path.startswith(BASE_PATH + "/")


def _names(request: Request, path: str) -> list[str]:
    """The names of the parameters; of one that the resource does not have, a question mark."""
    known = _known(path)
    given = params.names(params.pairs(query_of(request)))
    return [name if name in known else "?" for name in given]


@cache
def _known(path: str) -> frozenset[str]:
    """The names that may be logged; ``path`` is of a route, so there are few."""
    resource = RESOURCES.get(path)
    filters = {f.param for f in resource.filters} if resource else set()
    return frozenset({*filters, "page", "pageSize", "expand", params.CURSOR})


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
