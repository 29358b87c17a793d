"""Objects of some types in an Objecten API (2.x), such as the call-back tasks of older KISS.

An object has versions, of which the last one counts; what is asked, and shown, is its ``data``. A
change makes a new version, in which what is not given stays as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from adapters.base import (
    Along,
    Collection,
    Failure,
    Match,
    Operator,
    Page,
    Paging,
    Query,
    SourceError,
    Writes,
)
from adapters.concurrency import together
from adapters.conditions import All, Condition, In, Record, get, matches
from adapters.http import HttpSource
from adapters.http_adapter import count_in, in_header, object_in, objects_in
from adapters.http_writing import HttpWritingAdapter, Values
from adapters.objecten_question import Asked, asked
from adapters.objecten_records import data_of, inside, merged, nested, record_of, without
from adapters.objecten_words import KEY, Inside, Options, Resource, complete
from adapters.pages import part_of

MAX_VALUES: Final = 20
"""So many values one question may have: urls of usual length, in a request line and headers that
fit in four kilobytes, which is what the API takes where nobody says otherwise (uWSGI)."""

MAX_PAGES: Final = 20
"""Of a list that has to be put together here, no more is read."""

_CRS: Final = "EPSG:4326"
_KEPT: Final = ("typeVersion", "geometry", "references", "startAt")
"""What of a version is given along with all of its data, so that it stays as it was."""


class ObjectenAdapter(HttpWritingAdapter[Options, Resource]):
    """One API."""

    options_model: ClassVar[type[BaseModel]] = Options
    resource_model: ClassVar[type[BaseModel]] = Resource

    def __init__(
        self,
        options: Options,
        resources: Mapping[str, Resource],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        complete(options, resources)
        self._urls = {n: [f"{a.rstrip('/')}/" for a in urls] for n, urls in options.urls.items()}
        super().__init__(options, resources, transport)
        # Objects that were asked for one by one are fetched a few at a time.
        self._room = asyncio.Semaphore(options.connections)

    def _capabilities(self, spec: Resource) -> Collection:
        if spec.inside is not None:
            fields = spec.inside.fields
            return Collection(
                fields=fields,
                key=(spec.inside.key,),
                filters={name: {Operator.IN: Match.EXACT} for name in fields},
                asked_by=fields,
                max_in=MAX_VALUES,
            )
        plain = [name for name in spec.fields if name not in spec.moments]
        exact = {name: {Operator.IN: Match.EXACT} for name in (KEY, *plain)}
        loose = {Operator.IN: Match.SUPERSET, Operator.CONTAINS: Match.SUPERSET}
        among = max((len(self._urls[name]) for name in spec.references.values()), default=1)
        fields = frozenset([*spec.fields, *spec.picked, KEY])
        return Collection(
            fields=fields,
            key=(KEY,),
            filters={**exact, **dict.fromkeys(spec.picked, loose)},
            fixed_order=(spec.ordered_by, KEY) if spec.ordered_by else (KEY,),
            certain=frozenset(spec.certain),
            paging=Paging.OFFSET,
            total=True,
            max_in=MAX_VALUES // among or 1,
            page_size=self._options.page_size,
            along=frozenset(n for n, one in self._resources.items() if one.inside is not None),
            writes=Writes(update=True, fields=frozenset(spec.write)) if spec.write else None,
        )

    # --- reading -------------------------------------------------------------------------------

    async def check(self) -> None:
        name = next(name for name, one in self._resources.items() if one.inside is None)
        await self.find(name, Query(limit=1))

    async def find(self, collection: str, query: Query) -> Page:
        spec = self._resources[collection]
        if spec.inside is not None:
            found = await self._inside(spec.inside, query.where)
            return Page(found, None, len(found))
        question = self._asked(collection, query.where)
        if question.keys is None and not question.checked:
            return await self._part(collection, question, query)
        kept = await self._all(collection, question)
        start = int(query.token) if query.token else query.skip
        here = kept[start : start + query.limit]
        stop = start + len(here)
        token = str(stop) if here and stop < len(kept) else None
        return self._page(collection, here, token, len(kept))

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        ((name, value),) = key.items()
        page = await self.find(collection, Query(In(name, (value,))))
        return next(iter(page.records), None)

    async def _part(self, collection: str, question: Asked, query: Query) -> Page:
        """The records from a position on, as far as one page holds them."""
        page = partial(self._list, collection, question.expressions)
        found = await part_of(page, query, self._options.page_size)
        records = self._read(collection, question, found.objects)
        return self._page(collection, records, found.next, found.total)

    def _page(
        self, collection: str, records: Sequence[Record], token: str | None, total: int
    ) -> Page:
        along = {
            name: Along(None, list(inside(records, one.inside)))
            for name, one in self._resources.items()
            if one.inside is not None and one.inside.collection == collection
        }
        return Page(records, token, total, along)

    async def _all(self, collection: str, question: Asked) -> list[Record]:
        """All records that meet a question, within bounds."""
        if question.keys is not None:
            objects = await together(self._one(collection, key) for key in question.keys)
            records = [self._record(collection, one) for one in objects if one is not None]
            records.sort(key=partial(self._place_of, collection), reverse=True)
            return _meeting(question, records)
        found: dict[str, Record] = {}
        size = self._options.page_size
        for number in range(1, MAX_PAGES + 1):
            answer = await self._list(collection, question.expressions, number, size)
            if answer is None:
                raise SourceError(Failure.BAD_DATA, "a page is missing")
            found |= {str(r[KEY]): r for r in self._read(collection, question, answer[0])}
            if number * size >= answer[1]:
                return _meeting(question, found.values())
        raise SourceError(Failure.REFUSED, f"more than {MAX_PAGES} pages for one question")

    async def _list(
        self, collection: str, expressions: Sequence[str], number: int, size: int
    ) -> tuple[Sequence[Record], int] | None:
        """One page of the objects of a type, and how many there are on all; ``None`` when there is
        no such page."""
        spec = self._resources[collection]
        order = [f"record__data__{spec.ordered_by.replace('.', '__')}"] if spec.ordered_by else []
        params: dict[str, str | Sequence[str]] = {
            "type": self._options.types[collection],
            "ordering": ",".join(f"-{name}" for name in (*order, KEY)),
            "page": str(number),
            "pageSize": str(size),
        }
        if expressions:
            params["data_attr"] = expressions
        answer = await self._api().get("objects", params)
        if answer is None:
            return None
        return objects_in(answer), count_in(answer)

    def _read(
        self, collection: str, question: Asked, objects: Sequence[Record]
    ) -> Sequence[Record]:
        if any(not self._is_of(collection, one) for one in objects):
            raise SourceError(Failure.BAD_DATA, "an object of another type than was asked for")
        records = [self._record(collection, one) for one in objects]
        if not all(matches(part, record) for record in records for part in question.sure):
            raise SourceError(Failure.BAD_DATA, "an object that does not have what was asked")
        return records

    async def _one(self, collection: str, key: str) -> Record | None:
        """An object, ``None`` when there is none of this type with that uuid."""
        async with self._room:
            found = object_in(await self._api().get(f"objects/{quote(key, safe='')}"))
        return found if found is not None and self._is_of(collection, found) else None

    def _is_of(self, collection: str, found: Record) -> bool:
        """Whether an object is of the type of a collection: the API may know it by another host."""
        types = (str(found.get("type")), self._options.types[collection])
        one, other = (url.rstrip("/").rpartition("/")[2] for url in types)
        return one == other

    # --- what stands in objects ----------------------------------------------------------------

    async def _inside(self, spec: Inside, where: Condition) -> Sequence[Record]:
        """What stands in objects of another collection and meets a condition: each as the newest
        of these objects has it."""
        if isinstance(where, In) and where.field == spec.key:
            lists = await together(
                self._newest(spec.collection, place.holds(In(place.fields[spec.key], (value,))))
                for value in where.values
                for place in spec.places
            )
            known = inside([record for one in lists for record in one], spec)
            return [one for one in known if matches(where, one)]
        parts = where.parts if isinstance(where, All) else (where,)
        if not all(isinstance(part, In) for part in parts):
            raise TypeError("a condition that was not declared")
        wanted = [part for part in parts if isinstance(part, In)]
        lists = await together(
            self._all(spec.collection, self._asked(spec.collection, place.holds(*here)))
            for place in spec.places
            for here in [[In(place.fields[part.field], part.values) for part in wanted]]
        )
        found = inside([record for one in lists for record in one], spec)
        keys = tuple(str(one[spec.key]) for one in found)
        newest = await self._inside(spec, In(spec.key, keys)) if keys else ()
        return [one for one in newest if matches(where, one)]

    async def _newest(self, collection: str, where: Condition) -> Sequence[Record]:
        """The newest record that meets a condition, if there is one."""
        question = self._asked(collection, where)
        if question.keys is not None or question.checked:
            return (await self._all(collection, question))[:1]
        answer = await self._list(collection, question.expressions, 1, 1)
        return self._read(collection, question, answer[0]) if answer is not None else ()

    # --- writing -------------------------------------------------------------------------------

    def _place(self, collection: str) -> tuple[HttpSource, str]:
        return self._api(), "objects"

    async def _stored(self, collection: str, key: str) -> Record | None:
        return await self._one(collection, key)

    def _record(self, collection: str, found: Record) -> Record:
        return record_of(found, self._resources[collection], self._urls)

    def _body(self, collection: str, values: Values, before: Record | None) -> Mapping[str, Any]:
        return {"record": {"data": nested(values)}}

    async def _alter(self, collection: str, before: Record, values: Values) -> Record:
        """A new version of an object. A member can only be taken away by giving all others: to a
        type of object null is a value, and seldom one that it allows."""
        gone = {field for field, value in values.items() if value is None}
        if not gone:
            return await super()._alter(collection, before, values)
        kept = {field: value for field, value in values.items() if field not in gone}
        data = merged(without(data_of(before), gone), nested(kept))
        record = {name: one for name, one in before["record"].items() if name in _KEPT}
        body = {"type": before["type"], "record": {**record, "data": data}}
        answer = await self._api().send("PUT", self._path_of(collection, before), body)
        return self._written(collection, answer)

    # --- the API -------------------------------------------------------------------------------

    def _asked(self, collection: str, where: Condition) -> Asked:
        references = self._resources[collection].references

        def texts(field: str, value: object) -> Sequence[str]:
            roots = self._urls[references[field]] if field in references else [""]
            return [f"{root}{value}" for root in roots]

        return asked(where, self._resources[collection], texts)

    def _place_of(self, collection: str, record: Record) -> list[str]:
        return [str(get(record, name) or "") for name in self._collections[collection].fixed_order]

    def _api(self) -> HttpSource:
        token, credentials = self._options.token, self._options.credentials

        def headers() -> Mapping[str, str]:
            known = {"Authorization": f"Token {in_header(token)}"} if token is not None else {}
            return {**known, "Content-Crs": _CRS}

        anew = credentials.headers if credentials is not None else None
        return self._service(self._options.base_url, headers, anew)


def _meeting(question: Asked, records: Iterable[Record]) -> list[Record]:
    """Those that meet what the API was not asked."""
    return [one for one in records if all(matches(part, one) for part in question.checked)]
