"""What answers POST, PUT, PATCH and DELETE."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from gateway.api import log, params
from gateway.api.bodies import parsed
from gateway.api.guard import Guard, Handler, Handlers, Incoming
from gateway.api.problems import Json
from gateway.api.routing import query_of
from gateway.federation.register import Done, View
from gateway.federation.version import matches
from gateway.standard import errors
from gateway.standard.draft import Verb
from gateway.standard.errors import Problem
from gateway.standard.model import Resource
from gateway.standard.values import uuid_of
from gateway.writing.owners import CONTACT_PARTS
from gateway.writing.register import WritingRegister

CONTACT: Final = "maak-klantcontact"
GRACE: Final = 10.0
"""Seconds after its deadline in which a write may still undo, and tell how it ended."""

Answer = TypeVar("Answer")


class Writing:
    """The handlers of what an installation can write."""

    def __init__(self, register: WritingRegister, guard: Guard) -> None:
        self._register = register
        self._guard = guard
        self._under_way: set[asyncio.Task[Any]] = set()

    def collection(self, resource: Resource) -> Handlers:
        """By method, on the url of a resource."""
        return self._of(resource.path, {"POST": self._create(resource)})

    def item(self, resource: Resource) -> Handlers:
        """By method, on the url of one object."""
        update = self._update(resource)
        all_of_them = {"PUT": update, "PATCH": update, "DELETE": self._delete(resource)}
        return self._of(resource.path, all_of_them)

    def contact(self) -> Handlers:
        """By method, on that of the combined write."""
        return self._of(CONTACT, {"POST": self._make_contact})

    def _of(self, path: str, handlers: Handlers) -> Handlers:
        verbs = self._register.verbs(path)
        return {method: handler for method, handler in handlers.items() if method in verbs}

    # --- the methods ----------------------------------------------------------------------------

    def _create(self, resource: Resource) -> Handler:
        async def handler(incoming: Incoming) -> Response:
            view = self._view(incoming, resource.path)
            # A list has no entity tag, so the condition does not hold (RFC 9110, section 13.1.1).
            if (combined(incoming.request, "if-match") or "*").strip() != "*":
                raise Problem(errors.PRECONDITION_FAILED)
            body = parsed(incoming.body, incoming.request.headers)
            work = self._register.create(resource, body, view, incoming.meter)
            done = await self._finished(work, incoming)
            return _object(done, 201, {"Location": done.object["url"]})

        return handler

    def _update(self, resource: Resource) -> Handler:
        async def handler(incoming: Incoming) -> Response:
            view = self._view(incoming, resource.path)
            uuid = _uuid(incoming.request)
            await self._check_none_match(resource, uuid, view, incoming)
            try:
                body = parsed(incoming.body, incoming.request.headers)
            except Problem:
                # Whether there is such an object comes before what is wrong with the body.
                await self._register.detail(resource, uuid, {}, view, incoming.meter)
                raise
            work = self._register.update(
                resource,
                uuid,
                Verb(incoming.request.method),
                body,
                view,
                incoming.meter,
                if_match=combined(incoming.request, "if-match"),
            )
            return _object(await self._finished(work, incoming), 200)

        return handler

    def _delete(self, resource: Resource) -> Handler:
        async def handler(incoming: Incoming) -> Response:
            view = self._view(incoming, resource.path)
            uuid = _uuid(incoming.request)
            await self._check_none_match(resource, uuid, view, incoming)
            cascade = resource.path == "onderwerpobjecten" and _cascades(incoming.request)
            if_match = combined(incoming.request, "if-match")
            work = self._register.delete(
                resource, uuid, view, incoming.meter, cascade=cascade, if_match=if_match
            )
            kept = await self._finished(work, incoming)
            return Response(status_code=204) if kept is None else Json({"behouden": kept})

        return handler

    async def _make_contact(self, incoming: Incoming) -> Response:
        view = self._view(incoming, *CONTACT_PARTS)
        body = parsed(incoming.body, incoming.request.headers)
        work = self._register.make_contact(body, view, incoming.meter)
        return Json(await self._finished(work, incoming), 201)

    def _view(self, incoming: Incoming, *paths: str) -> View:
        """How the client sees the register. Raises ``Problem`` 403."""
        if not all(map(incoming.client.may_write, paths)):
            raise Problem(errors.PERMISSION_DENIED)
        return self._guard.view(incoming)

    async def _check_none_match(
        self, resource: Resource, uuid: str, view: View, incoming: Incoming
    ) -> None:
        """Raises ``Problem`` 412 for an object that ``If-None-Match`` names, of whatever strength
        its tags are (RFC 9110, section 13.1.2); 404 when there is none."""
        condition = combined(incoming.request, "if-none-match")
        if condition is not None:
            found = await self._register.detail(resource, uuid, {}, view, incoming.meter)
            if matches(condition.replace("W/", ""), found.etag):
                raise Problem(errors.PRECONDITION_FAILED)

    # --- from begin to end ----------------------------------------------------------------------

    async def _finished(self, work: Coroutine[Any, Any, Answer], incoming: Incoming) -> Answer:
        """How a write ended, which is done to its end whoever stops waiting.

        It keeps its deadline by itself. If it does not, the answer is that nobody knows.
        """
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        left = incoming.meter.deadline + GRACE - asyncio.get_running_loop().time()
        heard = False
        try:
            ended, _ = await asyncio.wait({task}, timeout=left)
            heard = bool(ended)
        finally:
            if not heard:
                task.add_done_callback(partial(_unheard, incoming))
        if not heard:
            detail = "Het kan verwerkt zijn: kijk of het er staat voordat u het nog eens vraagt."
            raise Problem(errors.OUTCOME_UNKNOWN, detail)
        return task.result()

    async def ended(self) -> None:
        """Wait for the writes that are under way, as when the server stops. Those that have a
        client are waited for by the server, so what is left here is late already."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE)


def combined(request: Request, name: str) -> str | None:
    """A header that may stand in several lines, as one; ``None`` when it is not there."""
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None


def _object(done: Done, status: int, headers: Mapping[str, str] | None = None) -> Response:
    tagged = {"ETag": done.etag} if done.etag else {}
    return Json(done.object, status, {**(headers or {}), **tagged})


def _uuid(request: Request) -> str:
    """The uuid in the path. Raises ``Problem`` 404 when there is none."""
    uuid = uuid_of(request.path_params["uuid"].removesuffix(".json"))
    if uuid is None:
        raise Problem(errors.NOT_FOUND)
    return uuid


def _cascades(request: Request) -> bool:
    """As Open Klant reads it: only this one word is true (OND-02)."""
    return dict(params.pairs(query_of(request))).get("cascade", "").lower() == "true"


def _unheard(incoming: Incoming, task: asyncio.Task[Any]) -> None:
    """Log how a write ended whose client was answered before, or was not answered at all."""
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    told = {
        "request_id": incoming.request.scope["state"].get("request_id"),
        "client": incoming.client.name,
        "method": incoming.request.method,
        "route": getattr(incoming.request.scope.get("route"), "path", None),
    }
    if error is None:
        log.event("written_unheard", logging.WARNING, **told, code=None)
    elif isinstance(error, Problem):
        log.event("written_unheard", logging.WARNING, **told, code=error.kind.code)
    else:
        log.failure("written_unheard", error, **told, code=errors.SERVER_ERROR.code)
