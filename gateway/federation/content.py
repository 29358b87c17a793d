"""The file that goes with an object, passed on in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from adapters.base import MAX_CONTENT, Piece
from gateway.standard.errors import CONTENT_TOO_LARGE, NOT_FOUND, Problem

Following = Callable[[str], Awaitable[Piece | None]]


@dataclass(frozen=True, slots=True)
class Content:
    """A file of which the beginning is there. ``following``: asks for what comes after it.

    ``name``, ``media``: what whoever made it says that it is.
    """

    first: Piece
    following: Following

    @property
    def name(self) -> str:
        return self.first.name

    @property
    def media(self) -> str:
        return self.first.media

    async def pieces(self) -> AsyncIterator[bytes]:
        """All of it. Raises ``Problem`` when the rest does not come, or there is more of it than
        its source said."""
        piece, size = self.first, len(self.first.data)
        yield piece.data
        while piece.next is not None:
            found = await self.following(piece.next)
            if found is None:
                raise Problem(NOT_FOUND)
            piece, size = found, size + len(found.data)
            if size > MAX_CONTENT:
                raise Problem(CONTENT_TOO_LARGE)
            yield piece.data


def content_of(first: Piece | None, following: Following) -> Content:
    """Raises ``Problem``: 404 where there is nothing, 403 where there is too much."""
    if first is None:
        raise Problem(NOT_FOUND)
    if max(first.size, len(first.data)) > MAX_CONTENT:
        raise Problem(CONTENT_TOO_LARGE)
    return Content(first, following)
