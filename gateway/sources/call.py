"""A question on its way to a source, and the one method of everything it passes.

Each layer holds the next one and has one method, as a transport of httpx does. A call that fails
raises ``SourceError``; every layer lets it through, or knows better.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from adapters.base import (
    Adapter,
    Change,
    ContentAdapter,
    Page,
    Piece,
    Query,
    SourceError,
    WritingAdapter,
)
from adapters.conditions import Record
from gateway.sources.meter import SourceUse

Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


class Question(Protocol[Answer_co]):
    """What is asked. Equal questions to read are the same, and may be asked again."""

    def __hash__(self) -> int: ...

    async def put_to(self, adapter: Adapter) -> Answer_co:
        """Ask it. Raises ``SourceError``."""
        ...


@dataclass(frozen=True, slots=True)
class Find:
    """Records of a collection."""

    collection: str
    query: Query

    async def put_to(self, adapter: Adapter) -> Page:
        return await adapter.find(self.collection, self.query)


@dataclass(frozen=True, slots=True)
class Get:
    """A record by its native key: names and values, in the order of the names."""

    collection: str
    key: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, collection: str, key: Mapping[str, Any]) -> Get:
        """By a key as an adapter takes it."""
        return cls(collection, tuple(sorted(key.items())))

    async def put_to(self, adapter: Adapter) -> Record | None:
        return await adapter.get(self.collection, dict(self.key))


@dataclass(frozen=True, slots=True)
class Read:
    """A piece of the file of a record, by its native key. Only of a collection with ``content``."""

    collection: str
    key: tuple[tuple[str, Any], ...]
    token: str | None

    async def put_to(self, adapter: Adapter) -> Piece | None:
        return await cast(ContentAdapter, adapter).piece(
            self.collection, dict(self.key), self.token
        )


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the source answers."""

    async def put_to(self, adapter: Adapter) -> None:
        await adapter.check()


@dataclass(frozen=True, slots=True)
class Write:
    """Changes, to be made at most once. Only to an adapter that declared ``writes``."""

    changes: tuple[Change, ...]

    async def put_to(self, adapter: Adapter) -> Sequence[Record]:
        return await cast(WritingAdapter, adapter).write(self.changes)


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """A question of one request.

    ``deadline``: a moment on the clock of the event loop, infinite when there is none. ``use``:
    where it is told how it went. ``rights``: of the client; questions under different rights have
    nothing to do with each other. ``once``: it is not asked a second time when it fails.
    """

    question: Question[Answer]
    deadline: float
    use: SourceUse
    rights: str = ""
    once: bool = False


class Layer(Protocol):
    """Something that a call passes on its way."""

    async def ask(self, call: Call[Answer]) -> Answer:
        """The answer. Raises ``SourceError``."""
        ...


class NotAskedError(SourceError):
    """A call that the gateway did not make. It says nothing of how the source is doing."""


def now() -> float:
    """The clock of the event loop, in seconds: that of every deadline."""
    return asyncio.get_running_loop().time()
