"""What comes before every question: the order of checks, the deadline, the form of a refusal.

The order is 406, 401, 405, 403, and then what the question itself is about (GEN-20).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from adapters.user import acting_for
from gateway.api.access import Client, Tokens
from gateway.api.bodies import received
from gateway.api.problems import Json, answer, origin_of
from gateway.api.routing import READ, not_allowed, resource_of
from gateway.bounds import Bounds
from gateway.federation.register import View
from gateway.sources.meter import Meter
from gateway.standard import errors
from gateway.standard.errors import Problem
from gateway.standard.table import BASE_PATH, RESOURCES

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
IDEMPOTENCY_STATUS: Final = "Idempotency-Status"
"""Told to who sends a key: nothing here keeps one, so a request that comes twice is done twice."""
NOT_SUPPORTED: Final = "niet-ondersteund"

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request that passed the checks. ``body``: all of it, where the method may have one."""

    request: Request
    client: Client
    meter: Meter
    body: bytes = b""


Handler = Callable[[Incoming], Awaitable[Response]]
Handlers = Mapping[str, Handler]


class Guard:
    """Makes endpoints out of what answers each method."""

    def __init__(
        self, bounds: Bounds, tokens: Tokens, public_url: str | None, seconds: float
    ) -> None:
        self.public_url = public_url
        self._bounds = bounds
        self._tokens = tokens
        self._seconds = seconds

    def endpoint(
        self, handlers: Handlers, *, json: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """Of one url: what answers each method. HEAD is as GET, OPTIONS is always there. ``json``:
        who does not take JSON is refused; false where an answer is something else."""
        allow = ", ".join(allowed(handlers))

        async def guarded(request: Request) -> Response:
            told = {"Allow": allow, **_about_idempotency(request)}
            try:
                response = await self._answered(request, handlers, json)
            except Problem as problem:
                return self.problem(request, problem, told)
            response.headers.update(told)
            return response

        return guarded

    async def _answered(self, request: Request, handlers: Handlers, json: bool) -> Response:
        meter = Meter(self._bounds, self._deadline())
        request.state.meter = meter
        if json:
            check_accept(request)
        client = self._tokens.client(request.headers.getlist("authorization"))
        request.state.client = client.name
        if request.method == "OPTIONS":
            return Json(_metadata(request))
        client = client.asking_for(request.headers)
        with acting_for(client.user):
            return await self._handled(request, handlers, client, meter)

    async def _handled(
        self, request: Request, handlers: Handlers, client: Client, meter: Meter
    ) -> Response:
        if request.method in READ and "GET" in handlers:
            try:
                async with asyncio.timeout_at(meter.deadline):
                    return await handlers["GET"](Incoming(request, client, meter))
            except TimeoutError:
                raise Problem(errors.DEADLINE) from None
        # Read before it is refused: a body that does not come, or does not end, would hold the
        # connection.
        body = await received(request, self._seconds)
        if request.method not in handlers:
            raise not_allowed(request.method)
        # Who sends slowly does not take from the time of the sources. And no timeout around it:
        # what is being written is not given up, the sources keep the deadline themselves.
        meter.deadline = self._deadline()
        return await handlers[request.method](Incoming(request, client, meter, body))

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._seconds

    def problem(self, request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
        """The answer to a problem, which is noted for the log."""
        request.state.problem = problem
        return answer(problem, origin_of(request, self.public_url), headers)

    def view(self, incoming: Incoming) -> View:
        """How the client sees the register."""
        base = origin_of(incoming.request, self.public_url) + BASE_PATH
        client = incoming.client
        return View(
            lambda path, uuid: f"{base}/{path}/{uuid}",
            client.may_read,
            strict=_is_strict(incoming.request),
            rights=client.rights,
            omits_withheld=client.omits_withheld,
        )


def allowed(handlers: Collection[str]) -> Iterable[str]:
    """The methods of a url, in the order of Open Klant."""
    yield from (method for method in _METHODS if method in handlers)
    if "GET" in handlers:
        yield "HEAD"
    yield "OPTIONS"


def check_accept(request: Request) -> None:
    """Raises ``Problem`` 406 when the Accept header excludes JSON (GEN-14)."""
    header = ",".join(request.headers.getlist("accept"))
    if not header.strip():
        return
    for part in header.split(","):
        kind, *options = (p.strip().lower() for p in part.split(";"))
        refused = any(o.replace(" ", "") in ("q=0", "q=0.0") for o in options)
        if kind in ("*/*", "application/*", "application/json") and not refused:
            return
    raise Problem(errors.NOT_ACCEPTABLE)


def _about_idempotency(request: Request) -> Mapping[str, str]:
    asked = request.method not in READ and IDEMPOTENCY_KEY in request.headers
    return {IDEMPOTENCY_STATUS: NOT_SUPPORTED} if asked else {}


def _is_strict(request: Request) -> bool:
    """Whether the client wants an error rather than an answer without a source that may be missing
    (RFC 7240, section 4.4)."""
    wishes = ",".join(request.headers.getlist("prefer")).lower().split(",")
    return any(w.partition(";")[0].replace(" ", "") == "handling=strict" for w in wishes)


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
