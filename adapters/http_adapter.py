"""What adapters of services over HTTP have in common: how they are made, called and closed, and
how a list in an answer is read."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

import httpx
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from adapters.base import Collection, Failure, Page, Query, SourceError
from adapters.conditions import Record, get
from adapters.http import CONNECT_SECONDS, READ_SECONDS, HttpSource
from adapters.secrets import SecretReference
from adapters.settings import Closed
from adapters.wiring import Wiring, as_usual

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#\s@]+(/[^?#\s]*)?$")]


class HttpOptions(Closed):
    """How a service is called; see ``HttpSource``."""

    connections: int = Field(10, ge=1)
    connect_seconds: float = Field(CONNECT_SECONDS, gt=0)
    read_seconds: float = Field(READ_SECONDS, gt=0)


OptionsT = TypeVar("OptionsT", bound=HttpOptions)
ResourceT = TypeVar("ResourceT", bound=BaseModel)


class HttpAdapter(ABC, Generic[OptionsT, ResourceT]):
    """One system, made with ``create``; ``transport`` is for tests.

    ``options_model`` and ``resource_model`` are the classes of its options and of the description
    of one collection. See ``adapters.base.Adapter`` for the rest.
    """

    options_model: ClassVar[type[BaseModel]]
    resource_model: ClassVar[type[BaseModel]]

    def __init__(
        self,
        options: OptionsT,
        resources: Mapping[str, ResourceT],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options
        self._resources = resources
        self._transport = transport
        self._wiring: Wiring = as_usual
        self._sources: dict[str, HttpSource] = {}
        self._collections = {name: self._capabilities(spec) for name, spec in resources.items()}

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """See ``adapters.base.Adapter``."""
        checked: Any = cls.options_model.model_validate(options)
        described: Any = TypeAdapter(dict[str, cls.resource_model]).validate_python(  # type: ignore[name-defined]
            collections
        )
        return cls(checked, described)

    def rewire(self, wiring: Wiring) -> None:
        """See ``adapters.wiring.Rewired``."""
        self._wiring = wiring

    @abstractmethod
    def _capabilities(self, spec: ResourceT) -> Collection:
        """What is guaranteed for a collection."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def check(self) -> None:
        await self.find(next(iter(self._resources)), Query(limit=1))

    @abstractmethod
    async def find(self, collection: str, query: Query) -> Page:
        """See ``adapters.base.Adapter``."""

    async def close(self) -> None:
        for source in self._sources.values():
            await source.close()
        self._sources.clear()

    def _service(
        self,
        address: str,
        headers: Callable[[], Mapping[str, str]] = dict,
        credentials: Callable[[], Mapping[str, str]] | None = None,
        tls: Callable[[], ssl.SSLContext | None] = lambda: None,
    ) -> HttpSource:
        """The service at an address, made when it is first called.

        ``headers`` and ``tls`` are made then, for every call; ``credentials`` for each call anew.
        Raises ``SourceError`` when a secret is not there.
        """
        if address not in self._sources:
            options = self._options
            self._sources[address] = HttpSource(
                address,
                headers(),
                options.connections,
                self._transport,
                self._wiring,
                connect_seconds=options.connect_seconds,
                read_seconds=options.read_seconds,
                credentials=credentials,
                tls=tls(),
            )
        return self._sources[address]


def revealed(secret: SecretReference) -> str:
    """A secret. Raises ``SourceError`` when it is not there."""
    try:
        return secret.reveal()
    except (KeyError, OSError):
        raise SourceError(Failure.UNAVAILABLE, "a secret is missing") from None


def in_header(secret: SecretReference) -> str:
    """A secret that is sent as it is. Raises ``SourceError`` when it is not there, or cannot be."""
    text = revealed(secret)
    if not text.isascii() or not text.isprintable():
        raise SourceError(Failure.UNAVAILABLE, "a secret that fits in no header")
    return text


def objects_in(answer: Any, member: str = "results") -> Sequence[Record]:
    """The objects of a list; ``member``: where it is, with dots where that is inside others. Raises
    ``SourceError`` when the answer has none."""
    if answer is None:
        raise SourceError(Failure.BAD_DATA, "404 where a list was asked for")
    objects = _within(answer, member)
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise SourceError(Failure.BAD_DATA, "no list of objects")
    return objects


def count_in(answer: Any, member: str = "count") -> int:
    """How many objects a list has on all pages, or another such number. Raises ``SourceError`` when
    it does not say."""
    total = _within(answer, member)
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise SourceError(Failure.BAD_DATA, "a count that is no number")
    return total


def object_in(answer: Any, member: str | None = None) -> Record | None:
    """The object that was asked for, or what is in it; ``None`` when it is not there. Raises
    ``SourceError``."""
    if answer is None:
        return None
    found = answer if member is None else _within(answer, member)
    if not isinstance(found, dict):
        raise SourceError(Failure.BAD_DATA, "no object")
    return found


def _within(answer: Any, member: str) -> Any:
    return get(answer, member) if isinstance(answer, dict) else None
