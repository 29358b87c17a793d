"""A Klantinteracties register as a source: Open Klant 2, or another gateway.

Its objects are asked for with the parameters that the description of the collections names, and
nothing else; objects that refer to each other come along where the register expands them. It gives
its lists newest first, but does not say when an object was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import quote

from pydantic import BaseModel

from adapters.base import (
    Along,
    Collection,
    Failure,
    Page,
    Query,
    SourceError,
)
from adapters.concurrency import together
from adapters.conditions import Record, matches
from adapters.http import HttpError, HttpSource
from adapters.http_adapter import count_in, in_header, object_in, objects_in
from adapters.http_writing import HttpWritingAdapter, Values
from adapters.klantinteracties_capabilities import capabilities
from adapters.klantinteracties_questions import Asked, Params, asked
from adapters.klantinteracties_records import Object, along_of, body_of, record_of
from adapters.klantinteracties_words import KEY, Options, Resource, field_of
from adapters.pages import part_of

_MOST_PAGES: Final = 50
_REFERENCE: Final = 2
"""The members of a reference: an object has more."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page of a list as the register gave it."""

    objects: Sequence[Object]
    total: int


class KlantinteractiesAdapter(HttpWritingAdapter[Options, Resource]):
    """One register."""

    options_model: ClassVar[type[BaseModel]] = Options
    resource_model: ClassVar[type[BaseModel]] = Resource
    excluding = frozenset()

    def _capabilities(self, spec: Resource) -> Collection:
        return capabilities(spec, self._options.page_size)

    # --- reading ---------------------------------------------------------------------------------

    async def find(self, collection: str, query: Query) -> Page:
        question = asked(query.where, self._resources[collection], self._options.repeats)
        if question.within is not None:
            field, keys = question.within
            found = await self._within(collection, field, keys)
            return self._sliced(collection, question, found, query)
        if question.by_key and self._resources[collection].few:
            return self._sliced(collection, question, await self._all(collection, {}), query)
        if question.by_key:
            rows = await together(self._one(collection, key) for key in sorted(question.keys or ()))
            found = [one for one in rows if one is not None]
            return self._sliced(collection, question, found, query)
        if len(question.questions) == 1 and not question.repeats and question.keys is None:
            return await self._part(collection, question.questions[0], query)
        lists = await together(self._all(collection, params) for params in question.questions)
        distinct = {str(one.get(KEY)): one for objects in lists for one in objects}
        return self._sliced(collection, question, list(distinct.values()), query)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        found = await self._one(collection, str(key[KEY]))
        return None if found is None else record_of(found, self._resources[collection])

    async def _part(self, collection: str, params: Params, query: Query) -> Page:
        """The records from a position on, as far as one page holds them."""

        async def page(number: int, size: int) -> tuple[Sequence[Object], int] | None:
            answer = await self._page(collection, params, number, size)
            return None if answer is None else (answer.objects, answer.total)

        found = await part_of(page, query, self._options.page_size)
        return self._given(collection, found.objects, found.next, found.total)

    def _sliced(
        self, collection: str, question: Asked, objects: Sequence[Object], query: Query
    ) -> Page:
        """A part of what was read whole."""
        spec = self._resources[collection]
        records = {str(one[KEY]): record_of(one, spec) for one in objects}
        kept = [
            one
            for one in objects
            if matches(question.plain, records[str(one[KEY])])
            and (question.keys is None or one[KEY] in question.keys)
        ]
        # Several lists, each newest first, are one by what is known of their order.
        kept.sort(key=lambda one: _place(records[str(one[KEY])], spec), reverse=True)
        start = int(query.token) if query.token else query.skip
        here = kept[start : start + query.limit]
        stop = start + len(here)
        more = str(stop) if here and stop < len(kept) else None
        return self._given(collection, here, more, len(kept))

    def _given(
        self, collection: str, objects: Sequence[Object], more: str | None, total: int
    ) -> Page:
        spec = self._resources[collection]
        records = [record_of(one, spec) for one in objects]
        along: Mapping[str, Along] = along_of(objects, collection, self._resources)
        return Page(records, more, total, along)

    async def _within(self, collection: str, field: str, keys: Sequence[str]) -> Sequence[Object]:
        """The objects that refer to these of another collection, which list them; newest first."""
        place = self._resources[collection].within[field]
        near = await together(self._one(place.collection, key, bare=True) for key in keys)
        listed = [m for one in near if one is not None for m in reversed(one[place.member])]
        if all(len(one) > _REFERENCE for one in listed):
            return listed
        found = await together(self._one(collection, str(one[KEY])) for one in listed)
        return [one for one in found if one is not None]

    async def _all(self, collection: str, params: Params) -> Sequence[Object]:
        """All objects of a list."""
        size = self._options.page_size

        async def page(number: int) -> _Answer:
            answer = await self._page(collection, params, number, size)
            if answer is None:
                raise SourceError(Failure.BAD_DATA, "a page is missing")
            return answer

        first = await page(1)
        pages = -(-first.total // size)
        if pages > _MOST_PAGES:
            raise SourceError(Failure.REFUSED, f"more than {_MOST_PAGES} pages for one question")
        others = await together(page(number) for number in range(2, pages + 1))
        return [one for answer in (first, *others) for one in answer.objects]

    async def _page(
        self, collection: str, params: Params, number: int, size: int
    ) -> _Answer | None:
        """A page of a list, ``None`` when it is not there."""
        place = {"page": str(number), "pageSize": str(size)}
        answer = await self._http().get(
            self._path(collection), {**params, **place, **self._expand(collection)}
        )
        if answer is None:
            return None
        return _Answer(objects_in(answer), count_in(answer))

    async def _one(self, collection: str, key: str, *, bare: bool = False) -> Object | None:
        """One object, ``None`` when it is not there; ``bare``: without what comes along."""
        path = f"{self._path(collection)}/{quote(key, safe='')}"
        return object_in(await self._http().get(path, {} if bare else self._expand(collection)))

    def _expand(self, collection: str) -> Params:
        expand = self._resources[collection].expand
        return {"expand": ",".join(expand)} if expand else {}

    # --- writing ---------------------------------------------------------------------------------

    def _field(self, collection: str, name: str) -> str:
        return field_of(name, self._resources[collection].fields)

    def _protected(self, error: HttpError) -> SourceError:
        return error

    async def _stored(self, collection: str, key: str) -> Object | None:
        return await self._one(collection, key, bare=True)

    def _record(self, collection: str, found: Object) -> Record:
        return record_of(found, self._resources[collection])

    def _body(self, collection: str, values: Values, before: Object | None) -> Mapping[str, Any]:
        return body_of(values, self._resources[collection], before)

    async def _alter(self, collection: str, before: Object, values: Values) -> Record:
        ((name, value), *more) = values.items()
        if not more and value is None and name in self._resources[collection].taken_off:
            return await self._taken_off(collection, before, name)
        return await super()._alter(collection, before, values)

    async def _taken_off(self, collection: str, before: Object, name: str) -> Record:
        """A record that refers to nothing by a field any more."""
        place = self._resources[collection].taken_off[name]
        record = self._record(collection, before)
        key = record[name]
        near = None if key is None else await self._one(place.collection, key, bare=True)
        if near is not None:
            left = [{KEY: one[KEY]} for one in near[place.member] if one[KEY] != before[KEY]]
            path = f"{self._path(place.collection)}/{key}"
            await self._http().send("PATCH", path, {place.member: left})
        return {**record, name: None}

    # --- the register ----------------------------------------------------------------------------

    def _place(self, collection: str) -> tuple[HttpSource, str]:
        return self._http(), self._path(collection)

    def _path(self, collection: str) -> str:
        return self._resources[collection].path or collection

    def _http(self) -> HttpSource:
        token = self._options.token
        return self._service(
            self._options.base_url, lambda: {"Authorization": f"Token {in_header(token)}"}
        )


def _place(record: Record, spec: Resource) -> list[str]:
    return [str(record.get(name) or "").rstrip("Z") for name in spec.ordered_by]
