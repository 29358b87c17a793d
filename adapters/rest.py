"""Plain REST services: collections of JSON objects, asked by equality, walked page by page.

Nothing is assumed beyond what the description of the collections says: no sorting and no counts
unless it says so, no joins. A service that sorts and counts is asked for any part of a list: a page
is chosen that holds it, or its beginning. An answer is checked for shape; that it holds only what
was asked is checked by the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

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
from adapters.conditions import All, Condition, In, Record, get
from adapters.http import HttpSource
from adapters.http_adapter import (
    Address,
    HttpAdapter,
    HttpOptions,
    count_in,
    in_header,
    object_in,
    objects_in,
)
from adapters.pages import part_of
from adapters.secrets import SecretReference
from adapters.settings import Closed

_MOST_PAGES: Final = 50
_LAST_PAGE: Final = 1_000_000


class Options(HttpOptions):
    """Where the service is and how its lists look."""

    base_url: Address
    headers: dict[str, SecretReference] = Field(default_factory=dict)
    page_parameter: str = "page"
    page_size_parameter: str | None = None
    order_parameter: str = "ordering"
    items: str = "items"
    more: str = "more"
    pages: str | None = None
    total: str | None = Field(None, description="The member with the exact number of matches.")
    page_size: int = Field(100, ge=1)
    separator: str | None = Field(
        None, description="What stands between several values; default: one value per question."
    )
    max_values: int = Field(1, ge=1)


class Resource(Closed):
    """One collection: where it is, its key, its fields, and the fields it can be asked by.

    ``ordered_by``: the order, newest first, in which the service answers by itself. ``sortable``:
    the fields by which it orders when asked.
    """

    path: str | None = None
    fields: list[str] = Field(min_length=1)
    key: Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]
    filters: list[str] = Field(default_factory=list)
    ordered_by: list[str] = Field(default_factory=list)
    sortable: list[str] = Field(default_factory=list)

    @field_validator("key", "filters", "ordered_by", "sortable")
    @classmethod
    def _are_fields(cls, value: list[str], info: ValidationInfo) -> list[str]:
        strange = [name for name in value if name not in info.data.get("fields", value)]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        return value


def _match(options: Options) -> Match:
    """A value with the separator in it cannot be asked for; its filter is then left out."""
    return Match.SUPERSET if options.separator else Match.EXACT


def _paging(options: Options, spec: Resource) -> Paging:
    """Any part of a list can be had where its order is known, and how long it is."""
    ordered = spec.ordered_by or spec.sortable
    return Paging.OFFSET if ordered and options.total is not None else Paging.TOKEN


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page of a list as the service gave it. ``total``: where it says so."""

    items: Sequence[Record]
    more: bool
    total: int | None


class RestAdapter(HttpAdapter[Options, Resource]):
    """One service."""

    options_model: ClassVar[type[BaseModel]] = Options
    resource_model: ClassVar[type[BaseModel]] = Resource

    def _capabilities(self, spec: Resource) -> Collection:
        options = self._options
        return Collection(
            fields=frozenset(spec.fields),
            key=tuple(spec.key),
            filters={f: {Operator.IN: _match(options)} for f in spec.filters},
            sortable=frozenset(spec.sortable),
            fixed_order=tuple(spec.ordered_by),
            paging=_paging(options, spec),
            total=options.total is not None,
            max_in=options.max_values if options.separator else 1,
            page_size=options.page_size,
        )

    async def find(self, collection: str, query: Query) -> Page:
        params = self._params(query.where)
        if params is None:
            return Page([], None, 0)
        params |= self._ordering(collection, query.order)
        if self._collections[collection].paging is Paging.OFFSET:
            return await self._part(collection, params, query)
        number = int(query.token or 1)
        answer = await self._page(collection, params, number, self._options.page_size)
        if answer is None:
            raise SourceError(Failure.BAD_DATA, "no list")
        if answer.more and not answer.items:
            raise SourceError(Failure.BAD_DATA, "an empty page that is not the last")
        items = answer.items if query.limit else ()
        return Page(items, str(number + 1) if answer.more else None, answer.total)

    async def _part(self, collection: str, params: Mapping[str, str], query: Query) -> Page:
        """The records from a position on, as far as one page holds them."""
        options = self._options

        async def page(number: int, size: int) -> tuple[Sequence[Record], int] | None:
            if number > _LAST_PAGE:
                return None
            answer = await self._page(collection, params, number, size)
            if answer is not None and answer.total is None:
                raise SourceError(Failure.BAD_DATA, "no list")
            return None if answer is None else (answer.items, answer.total or 0)

        fixed = options.page_size_parameter is None
        found = await part_of(page, query, options.page_size, fixed=fixed)
        return Page(found.objects, found.next, found.total)

    async def _page(
        self, collection: str, params: Mapping[str, str], number: int, size: int
    ) -> _Answer | None:
        """A page of a list, ``None`` when it is not there. Raises ``SourceError``."""
        options = self._options
        asked = {options.page_parameter: str(number), **params}
        if options.page_size_parameter is not None:
            asked[options.page_size_parameter] = str(size)
        answer = await self._http().get(self._path(collection), asked)
        if answer is None:
            return None
        items = objects_in(answer, options.items)
        if options.page_size_parameter is not None and len(items) > size:
            raise SourceError(Failure.BAD_DATA, "more records than were asked for")
        total = count_in(answer, options.total) if options.total is not None else None
        if options.pages is not None:
            return _Answer(items, number < count_in(answer, options.pages), total)
        return _Answer(items, bool(get(answer, options.more)), total)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        wanted = All(tuple(In(name, (value,)) for name, value in key.items()))
        filters = self._resources[collection].filters
        asked = next((p for p in wanted.parts if isinstance(p, In) and p.field in filters), None)
        if asked is None:
            path = "/".join(quote(str(v), safe="") for v in key.values())
            return object_in(await self._http().get(f"{self._path(collection)}/{path}"))
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

    def _path(self, collection: str) -> str:
        return self._resources[collection].path or collection

    def _params(self, condition: Condition) -> dict[str, str] | None:
        """The parameters that ask for a condition; ``None`` when nothing can meet it."""
        parts = condition.parts if isinstance(condition, All) else (condition,)
        wanted: dict[str, list[str]] = {}
        for part in parts:
            if not isinstance(part, In):
                raise TypeError("a condition that was not declared")
            values = [str(v) for v in part.values]
            wanted[part.field] = [v for v in wanted.get(part.field, values) if v in values]
        if not all(wanted.values()):
            return None
        separator = self._options.separator
        return {
            field: (separator or "").join(values)
            for field, values in wanted.items()
            if not (separator and any(separator in v for v in values))
        }

    def _ordering(self, collection: str, order: Sequence[str]) -> dict[str, str]:
        """The parameter that asks for an order. Without one it is that of the key where the
        service can do so: a list is read page by page, and must not change its order."""
        spec = self._resources[collection]
        order = order or spec.key
        if not set(spec.sortable).issuperset(order):
            return {}
        return {self._options.order_parameter: ",".join(f"-{field}" for field in order)}

    def _http(self) -> HttpSource:
        options = self._options
        return self._service(
            options.base_url,
            lambda: {name: in_header(secret) for name, secret in options.headers.items()},
        )
