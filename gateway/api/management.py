"""What the management port answers: probes and metrics, for who runs the gateway.

Without tokens, so it belongs on an address that only they can reach. It tells names of routes and
of sources, and numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from gateway.api.metrics import CONTENT_TYPE, Metrics

Serving = Callable[[], bool]


def create_management(metrics: Metrics, serving: Serving) -> Router:
    """The ASGI application. ``serving``: whether the API takes requests at this moment."""

    async def live(_: Request) -> Response:
        """The event loop turns. Nothing else is looked at, so nothing else restarts a process."""
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        """200 while the API takes requests, 503 before it does and once it is told to stop.

        Sources are told, not asked, and do not count: all replicas have the same ones, so taking
        each of them out would turn an error that names its source into no answer at all, also
        for what other sources know.
        """
        taken = serving()
        told = {"ready": taken, "sources": metrics.breakers()}
        return JSONResponse(told, 200 if taken else 503)

    def numbers(_: Request) -> Response:
        # Not a coroutine, so that Starlette writes the text in a thread, beside the requests.
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    routes = [Route("/livez", live), Route("/readyz", ready), Route("/metrics", numbers)]
    return Router(routes, redirect_slashes=False)
