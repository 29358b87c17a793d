"""What a bijlage holds, at a url of the gateway's own: the standard has none for it.

Whoever made the file made up its name and its type as well. So it is given as something to keep and
not to open, and as what it is said to be only where no browser would do anything with that.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.api.guard import Guard, Incoming
from gateway.api.routing import route
from gateway.federation.content import Content
from gateway.federation.register import Register
from gateway.standard import errors
from gateway.standard.errors import Problem
from gateway.standard.table import RESOURCES
from gateway.standard.values import uuid_of

PATH: Final = "/inhoud/bijlagen"
_BIJLAGEN: Final = RESOURCES["bijlagen"]
_TOLD: Final = ("bijlagen", "klantcontacten", "betrokkenen", "digitaleadressen")
"""What a file may tell: it may be a whole message, with who wrote it and to whom."""

_LONGEST: Final = 120
_UNKNOWN: Final = "application/octet-stream"
_MEDIA: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,59}/[a-z0-9][a-z0-9!#$&^_.+-]{0,59}")
_ACTIVE: Final = re.compile(r"html|xml|svg|script|flash|java|x-ms")
# Control characters, those that change the direction of text, and what file systems mind.
_UNWANTED: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r'"*:<>?|]+'
)
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
}


class Downloads:
    """The route of the files of bijlagen."""

    def __init__(self, register: Register, guard: Guard) -> None:
        self._register = register
        self._guard = guard

    def routes(self) -> Iterable[Route]:
        """All routes."""
        yield route(PATH + "/{uuid}", self._guard.endpoint({"GET": self._content}, json=False))

    async def _content(self, incoming: Incoming) -> Response:
        if not all(map(incoming.client.may_read, _TOLD)):
            raise Problem(errors.PERMISSION_DENIED)
        uuid = uuid_of(incoming.request.path_params["uuid"])
        if uuid is None:
            raise Problem(errors.NOT_FOUND)
        view = self._guard.view(incoming)
        found = await self._register.content(_BIJLAGEN, uuid, view, incoming.meter)
        headers = headers_of(found)
        if incoming.request.method == "HEAD":
            return Response(headers=headers)
        return StreamingResponse(_told(incoming.request, found), headers=headers)


async def _told(request: Request, content: Content) -> AsyncIterator[bytes]:
    """The pieces; what goes wrong is noted for the log, and the answer ends before its end."""
    try:
        async for piece in content.pieces():
            yield piece
    except Problem as problem:
        request.state.problem = problem
        raise


def headers_of(content: Content) -> Mapping[str, str]:
    """How a file is given."""
    media = content.media.strip().lower()
    known = _MEDIA.fullmatch(media) and not _ACTIVE.search(media)
    return {
        **_SAFE,
        "Content-Type": media if known else _UNKNOWN,
        "Content-Disposition": disposition(content.name),
    }


def disposition(name: str) -> str:
    """The value of ``Content-Disposition`` (RFC 6266) for a file that is to be kept under a name,
    of which only what is harmless is left."""
    last = re.split(r"[/\\]", name)[-1]
    clean = " ".join(_UNWANTED.sub(" ", last).split()).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > _LONGEST:
        short = _LONGEST - len(ending) - 1
        clean = f"{stem[:short]}{dot}{ending}" if dot and short > 0 else clean[:_LONGEST]
    clean = clean or "bijlage"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", clean)
    told = f'attachment; filename="{plain}"'
    return told if plain == clean else f"{told}; filename*=UTF-8''{quote(clean, safe='')}"
