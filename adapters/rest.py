"""Plain REST services: collections of JSON objects, asked by equality, walked page by page.

Nothing is assumed beyond what the description of the collections says: no sorting, no counts, no
joins. An answer is checked for shape; that it holds only what was asked is checked by the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self
from urllib.parse import quote

import httpx
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from adapters.base import (
    Collection,
    Failure,
    Match,
    Operator,
    Page,
    Paging,
    Query,
    SourceError,
)
from adapters.conditions import All, Condition, In, Record
from adapters.http import HttpSource
from adapters.secrets import SecretReference

_MOST_PAGES: Final = 50


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Options(Closed):
    """Where the service is and how its lists look."""

    base_url: str = Field(pattern=r"^https?://[^/?#\s@]+(/[^?#\s]*)?$")
    headers: dict[str, SecretReference] = Field(default_factory=dict)
    connections: int = Field(10, ge=1)
    page_parameter: str = "page"
    items: str = "items"
    more: str = "more"
    page_size: int = Field(100, ge=1)
    separator: str | None = Field(
        None, description="What stands between several values; default: one value per question."
    )
    max_values: int = Field(1, ge=1)


class Resource(Closed):
    """One collection: where it is, its key, its fields, and the fields it can be asked by."""

    path: str | None = None
    fields: list[str] = Field(min_length=1)
    key: Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]
    filters: list[str] = Field(default_factory=list)

    @field_validator("key", "filters")
    @classmethod
    def _are_fields(cls, value: list[str], info: ValidationInfo) -> list[str]:
        strange = [name for name in value if name not in info.data.get("fields", value)]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        return value


def _match(options: Options) -> Match:
    """A value with the separator in it cannot be asked for; its filter is then left out."""
    return Match.SUPERSET if options.separator else Match.EXACT


class RestAdapter:
    """One service. Made with ``create``; ``transport`` is for tests."""

    options_model: ClassVar[type[BaseModel]] = Options

    def __init__(
        self,
        options: Options,
        resources: Mapping[str, Resource],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options
        self._resources = resources
        self._transport = transport
        self._source: HttpSource | None = None
        self._collections = {
            name: Collection(
                fields=frozenset(spec.fields),
                key=tuple(spec.key),
                filters={f: {Operator.IN: _match(options)} for f in spec.filters},
                paging=Paging.TOKEN,
                max_in=options.max_values if options.separator else 1,
                page_size=options.page_size,
            )
            for name, spec in resources.items()
        }

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """See ``adapters.base.Adapter``."""
        return cls(
            Options.model_validate(options),
            TypeAdapter(dict[str, Resource]).validate_python(collections),
        )

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def check(self) -> None:
        await self.find(next(iter(self._resources)), Query(limit=1))

    async def find(self, collection: str, query: Query) -> Page:
        page = int(query.token or 1)
        params = {self._options.page_parameter: str(page), **self._params(query.where)}
        answer = await self._http().get(self._path(collection), params)
        if not isinstance(answer, dict):
            raise SourceError(Failure.BAD_DATA, "no list")
        items = answer.get(self._options.items)
        if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
            raise SourceError(Failure.BAD_DATA, "no list of objects")
        more = bool(answer.get(self._options.more))
        if more and not items:
            raise SourceError(Failure.BAD_DATA, "an empty page that is not the last")
        return Page(items, str(page + 1) if more else None)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        wanted = All(tuple(In(name, (value,)) for name, value in key.items()))
        filters = self._resources[collection].filters
        asked = next((p for p in wanted.parts if isinstance(p, In) and p.field in filters), None)
        if asked is None:
            # Dots are written out: a key of dots alone would lead to another path.
            path = "/".join(quote(str(v), safe="").replace(".", "%2E") for v in key.values())
            answer = await self._http().get(f"{self._path(collection)}/{path}")
            if answer is not None and not isinstance(answer, dict):
                raise SourceError(Failure.BAD_DATA, "no object")
            return answer
        token: str | None = None
        for _ in range(_MOST_PAGES):
            page = await self.find(collection, Query(where=asked, token=token))
            for record in page.records:
                if all(str(record.get(name)) == str(value) for name, value in key.items()):
                    return record
            token = page.next
            if token is None:
                return None
        raise SourceError(Failure.BAD_DATA, "a list by key without an end")

    async def close(self) -> None:
        if self._source is not None:
            await self._source.close()
            self._source = None

    def _path(self, collection: str) -> str:
        return self._resources[collection].path or collection

    def _params(self, condition: Condition) -> dict[str, str]:
        parts = condition.parts if isinstance(condition, All) else (condition,)
        params: dict[str, str] = {}
        for part in parts:
            if not isinstance(part, In):
                raise TypeError("a condition that was not declared")
            separator = self._options.separator
            values = [str(v) for v in part.values]
            if part.field in params or (separator and any(separator in v for v in values)):
                continue
            params[part.field] = (separator or "").join(values)
        return params

    def _http(self) -> HttpSource:
        if self._source is None:
            try:
                headers = {name: ref.reveal() for name, ref in self._options.headers.items()}
            except (KeyError, OSError):
                raise SourceError(Failure.UNAVAILABLE, "a secret is missing") from None
            if not all(text.isascii() and text.isprintable() for text in headers.values()):
                raise SourceError(Failure.UNAVAILABLE, "a secret that fits in no header")
            self._source = HttpSource(
                self._options.base_url, headers, self._options.connections, self._transport
            )
        return self._source
