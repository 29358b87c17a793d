"""APIs after the pattern of ZGW, such as Klanten and Contactmomenten, version 1.

Records have a ``url`` and refer to each other by it; lists give ``count`` and ``results``, in pages
or at once. What each list takes stands in the description of the collections, and only that is
asked. Every row is looked at again: many of these APIs ignore a parameter that they do not know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from adapters.base import (
    Collection,
    Failure,
    Link,
    Linked,
    Match,
    Operator,
    Page,
    Paging,
    Query,
    SourceError,
)
from adapters.concurrency import together
from adapters.conditions import All, Condition, In, Record, get, is_absent
from adapters.http import HttpError, HttpSource, Params
from adapters.http_adapter import object_in
from adapters.http_writing import HttpWritingAdapter, Values
from adapters.revalidation import Revalidation
from adapters.zgw_inside import Held
from adapters.zgw_joined import Joins
from adapters.zgw_lists import Lists, expanded
from adapters.zgw_question import Asked, asked, meets
from adapters.zgw_records import Reader, Rows, distinct
from adapters.zgw_words import KEY, Distinct, Options, Resource, roots
from adapters.zgw_write import body_of, writes_of
from adapters.zgw_zaak import ZaakMaker

MAX_VALUES: Final = 50
"""So many values one question may have; where a list takes one at a time, so many requests."""

_FORBIDDEN: Final = 403
_ONE_OF: Final = frozenset({Operator.IN})


class ZgwAdapter(HttpWritingAdapter[Options, Resource]):
    """One system."""

    options_model: ClassVar[type[BaseModel]] = Options
    resource_model: ClassVar[type[BaseModel]] = Resource
    # A link of a contact and a zaak is there only if the system of either has it (Contactmomenten
    # and Zaken API).
    excluding = frozenset({"unique", "inconsistent-relation", "pending-relations"})

    def __init__(
        self,
        options: Options,
        resources: Mapping[str, Resource],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(options, resources, transport)
        self._roots = roots(options, resources)
        self._reader = Reader(resources, self._roots)
        self._lists = Lists(resources, self._http, self._reader, self._page)
        self._held = Held(self._reader, self._lists.first_page)
        self._joins = Joins(self.find)
        self._known = Revalidation()
        # Keys that were asked for one by one are fetched a few at a time.
        self._room = asyncio.Semaphore(options.connections)

    def _capabilities(self, spec: Resource) -> Collection:
        filters = {
            field: {Operator.IN: word.match}
            | ({Operator.COMPARE: word.match} if word.compare else {})
            for field, word in spec.filters.items()
        }
        for field in spec.absences:
            exact = {Operator.ABSENT: Match.EXACT, Operator.PRESENT: Match.EXACT}
            filters[field] = {**filters.get(field, {}), **exact}
        if spec.by_key:
            filters[spec.key] = {Operator.IN: Match.EXACT}
        inside = spec.inside.filters if spec.inside is not None else ()
        asks = [f"{name}.{field}" for name, one in spec.joined.items() for field in one.asks]
        filters |= {field: {Operator.IN: Match.EXACT} for field in (*inside, *asks)}
        by_key = [spec.key, *inside] if spec.by_key and (spec.asked_by or not spec.path) else []
        ordered = spec.ordered_by is not None
        return Collection(
            fields=frozenset([*spec.fields, spec.key]),
            key=(spec.key,),
            filters=filters,
            linked={
                Link(spec.key, name, b.field): Linked(dict.fromkeys(b.asks, _ONE_OF))
                for name, b in spec.brings.items()
                if b.asks
            },
            asked_by=frozenset([*spec.asked_by, *by_key]),
            fixed_order=(spec.ordered_by, spec.key) if spec.ordered_by else (),
            paging=Paging.OFFSET if ordered else Paging.TOKEN,
            total=ordered,
            max_in=MAX_VALUES,
            page_size=spec.page_size or 100,
            writes=writes_of(spec, self._options),
            certain=frozenset(spec.certain),
            along=frozenset(spec.brings),
        )

    async def check(self) -> None:
        """Asks for one record that is not there, of the first collection that has single ones. As
        it is not there it is kept from nobody: who may not ask for it, may not ask."""
        spec = next(one for one in self._resources.values() if one.path and one.single)
        await self._row(spec, "00000000-0000-4000-8000-000000000000")

    async def find(self, collection: str, query: Query) -> Page:
        spec = self._resources[collection]
        if not spec.path:
            return await self._held.find(spec, query.where)
        if spec.distinct is not None:
            records = await self._distinct(collection, spec.distinct, query.where)
            return Page(records, None, len(records))
        return await self._found(collection, query)

    async def _found(self, collection: str, query: Query) -> Page:
        """A page of a list, or the records with some keys."""
        spec = self._resources[collection]
        question = await self._asked(collection, query.where)
        if question.keys is not None:
            return await self._by_key(collection, question, query)
        if spec.ordered_by is None:
            return await self._lists.walked(collection, question, query)
        if question.whole:
            return await self._lists.part(collection, question, query)
        rows = await self._lists.whole(collection, question)
        return await self._lists.sliced(collection, question, rows, query)

    async def _asked(self, collection: str, where: Condition) -> Asked:
        spec = self._resources[collection]
        narrowed = await self._joins.narrowed(spec, where)
        return asked(narrowed, spec, partial(self._reader.texts, collection))

    async def _distinct(self, name: str, spec: Distinct, where: Condition) -> Sequence[Record]:
        """The records that meet a condition, of those that have the same the oldest."""
        parts = where.parts if isinstance(where, All) else (where,)
        if not any(isinstance(part, In) and part.field == KEY for part in parts):
            question = await self._asked(name, where)
            rows = await self._lists.whole(name, question)
            return distinct((await self._page(name, question, rows, None)).records, spec)
        named = (await self._found(name, Query(where))).records
        filters = [field for field in spec.same if field in self._collections[name].filters]
        others = dict.fromkeys(
            (field, str(get(record, field)))
            for record in named
            for field in filters
            if not is_absent(get(record, field))
        )
        lists = await together(
            self._distinct(name, spec, In(field, (value,))) for field, value in others
        )
        oldest = {str(record[KEY]) for records in lists for record in records}
        return [record for record in named if str(record[KEY]) in oldest]

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        (name, value) = next(iter(key.items()))
        if name not in self._collections[collection].filters:
            return None
        page = await self.find(collection, Query(In(name, (value,))))
        if page.withheld:
            raise SourceError(Failure.WITHHELD)
        return next(iter(page.records), None)

    # --- single records ------------------------------------------------------------------------

    async def _by_key(self, name: str, question: Asked, query: Query) -> Page:
        """The records with some keys, each asked for by itself; where the list has an order, in
        that, and as many as are wanted."""
        keys = question.keys or ()
        rows = await together(self._one(name, key) for key in dict.fromkeys(keys))
        withheld = [key for key, row in zip(dict.fromkeys(keys), rows, strict=True) if row is False]
        found = [row for row in rows if isinstance(row, dict)]
        if self._resources[name].ordered_by is not None:
            sliced = await self._lists.sliced(name, question, found, query)
            return replace(sliced, withheld=withheld)
        page = await self._page(name, question, found, None)
        return Page(page.records, None, len(page.records), page.along, withheld)

    async def _one(self, name: str, key: str) -> Mapping[str, Any] | bool | None:
        """A row, ``None`` when it is not there, ``False`` when it is kept from who asks."""
        spec = self._resources[name]
        try:
            async with self._room:
                return await self._row(spec, key, expanded(spec) or None)
        except HttpError as error:
            if spec.withheld and error.status == _FORBIDDEN:
                return False
            raise

    async def _row(
        self, spec: Resource, key: str, params: Params | None = None
    ) -> Mapping[str, Any] | None:
        path = f"{spec.path}/{quote(key, safe='')}"
        # What comes along may change while the tag of the record stays.
        known = self._known if params is None else None
        return object_in(await self._http(spec).get(path, params, known))

    # --- reading -------------------------------------------------------------------------------

    async def _page(self, name: str, question: Asked, rows: Rows, token: str | None) -> Page:
        """Rows as records, each once, that meet what was asked."""
        spec = self._resources[name]
        once = {str(row.get("url")): row for row in rows}
        along = self._reader.along(name, list(once.values()))
        links = {other: came.records for other, came in along.items()}
        records = [self._reader.record(name, row) for row in once.values()]
        records = list(await self._joins.complete(spec, records))
        for part in question.sure:
            if not all(meets(part, record, links, spec) for record in records):
                raise SourceError(Failure.BAD_DATA, "a row that does not have what was asked")
        kept = [r for r in records if all(meets(p, r, links, spec) for p in question.checked)]
        return Page(kept, token, None, along)

    # --- writing -------------------------------------------------------------------------------

    async def _stored(self, collection: str, key: str) -> Record | None:
        return await self._row(self._resources[collection], key)

    def _record(self, collection: str, found: Record) -> Record:
        return self._reader.record(collection, found)

    async def _whole(self, collection: str, values: Values) -> Values:
        """Who is named by a key alone is written as he stands in other records."""
        for other in self._resources.values():
            inside = other.inside
            key = f"{inside.member}.{inside.key}" if inside is not None else ""
            if inside is None or inside.collection != collection or is_absent(values.get(key)):
                continue
            found = await self._held.find(other, In(inside.key, (str(values[key]),)))
            for record in found.records:
                there = {f"{inside.member}.{field}": record.get(field) for field in other.fields}
                values = {**there, **values}
        return values

    def _body(self, collection: str, values: Values, before: Record | None) -> Mapping[str, Any]:
        spec = self._resources[collection]
        body = body_of(values, spec, self._roots, before)
        if before is None and spec.writes is not None and spec.writes.organisation is not None:
            body[spec.writes.organisation] = self._options.bronorganisatie
        return body

    async def _make(self, collection: str, values: Values) -> Record:
        spec = self._resources[collection]
        making = spec.writes.making if spec.writes is not None else None
        if making is None:
            return await super()._make(collection, values)
        types, organisation = self._api(making.types), self._options.bronorganisatie or ""
        maker = ZaakMaker(spec, making, self._http(spec), types, organisation)
        try:
            plan = await maker.plan(values)
        except asyncio.CancelledError:
            raise SourceError(Failure.TIMEOUT, "nothing was sent yet") from None
        key = await maker.make(plan)
        try:
            found = await self._row(spec, key, expanded(spec) or None)
        except SourceError as error:
            raise SourceError(Failure.UNKNOWN, error.note) from None
        return self._written(collection, found)

    async def _remove(self, collection: str, before: Record) -> None:
        writes = self._resources[collection].writes
        if writes is not None and any(before.get(name) for name in writes.protected_by):
            raise SourceError(Failure.CONFLICT, "something else cannot do without it")
        await super()._remove(collection, before)

    def _place(self, collection: str) -> tuple[HttpSource, str]:
        spec = self._resources[collection]
        return self._http(spec), spec.path

    # --- the APIs ------------------------------------------------------------------------------

    def _http(self, spec: Resource) -> HttpSource:
        return self._api(spec.api)

    def _api(self, api: str) -> HttpSource:
        options = self._options
        headers = {
            name: value
            for one in self._resources.values()
            if one.api == api
            for name, value in one.headers.items()
        }
        return self._service(
            options.apis[api], lambda: headers, credentials=options.credentials.headers
        )
