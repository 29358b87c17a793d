"""The lists of an API after the pattern of ZGW: in pages or at once, in an order or in none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from adapters.base import Along, Failure, Page, Query, SourceError
from adapters.concurrency import together
from adapters.conditions import Record
from adapters.http import HttpError, HttpSource
from adapters.http_adapter import count_in, objects_in
from adapters.zgw_question import Asked
from adapters.zgw_records import Reader, Rows
from adapters.zgw_words import KEY, Resource

MAX_PAGES: Final = 20
"""Of a list that has to be put in order here, no more is read."""

Read = Callable[[str, Asked, Rows, str | None], Awaitable[Page]]
"""A page of a collection out of rows that a question gave, with the token of the next."""


class Lists:
    """Reads lists. ``http``: where the API of a collection is; ``read``: makes records of rows, and
    looks whether they are what was asked. All raise ``SourceError``."""

    def __init__(
        self,
        resources: Mapping[str, Resource],
        http: Callable[[Resource], HttpSource],
        reader: Reader,
        read: Read,
    ) -> None:
        self._resources = resources
        self._http = http
        self._reader = reader
        self._read = read

    async def walked(self, name: str, question: Asked, query: Query) -> Page:
        """A list without an order, page by page; of several questions all at once."""
        if len(question.questions) > 1 or self._resources[name].page_size is None:
            rows = await self.whole(name, question)
            return await self._read(name, question, rows, None)
        number = int(query.token or 1)
        rows, _, more = await self._rows(name, question.questions[0], number)
        return await self._read(name, question, rows, str(number + 1) if more else None)

    async def part(self, name: str, question: Asked, query: Query) -> Page:
        """A part of an ordered list, by its place in it."""
        spec = self._resources[name]
        size = spec.page_size or 100
        start = int(query.token) if query.token else query.skip
        params = question.questions[0]
        number = start // size + 1 if query.limit else 1
        try:
            rows, total, _ = await self._rows(name, params, number)
        except HttpError as error:
            if error.status != 404 or number == 1:
                raise
            # Beyond the last page there is none.
            _, total, _ = await self._rows(name, params, 1)
            return Page((), None, total)
        first = (number - 1) * size
        if len(rows) != min(size, max(0, total - first)):
            raise SourceError(Failure.BAD_DATA, "not as many records as the total says")
        page = await self._read(name, question, rows, None)
        placed = dict(enumerate(self._sorted(spec, page.records), first))
        stop = min(start + query.limit, first + len(rows))
        placed = await self._settled(name, params, placed, range(start, stop), total)
        records = [placed[place] for place in range(start, stop)] if query.limit else []
        more = stop < total and records
        return Page(records, str(stop) if more else None, total, _brought(page, records))

    async def _settled(
        self,
        name: str,
        params: Mapping[str, str],
        placed: dict[int, Record],
        wanted: range,
        total: int,
    ) -> dict[int, Record]:
        """The same with records of one moment in the order of their keys. The list has these in
        any order, and when a page ends among them perhaps another on the next."""
        spec = self._resources[name]
        assert spec.ordered_by is not None
        places = sorted(placed)
        if not places:
            return placed
        edges = {places[0]} if places[0] else set()
        edges |= {places[-1]} if places[-1] + 1 < total else set()
        (word, *_) = spec.filters[spec.ordered_by].parameters
        for moment in dict.fromkeys(placed[edge][spec.ordered_by] for edge in sorted(edges)):
            here = [p for p in places if placed[p][spec.ordered_by] == moment]
            if not any(p in wanted for p in here):
                continue
            rows = await self._all(name, {**params, word: str(moment)})
            group = self._sorted(spec, [self._reader.record(name, row) for row in rows])
            if len({record[KEY] for record in group}) < len(group):
                raise SourceError(Failure.BAD_DATA, "records of one moment in no fixed order")
            if len(group) == len(here):
                continue
            begin = here[0]
            if begin == places[0]:
                # How many come before them is known only where the group ends within the page.
                begin = here[-1] + 1 - len(group)
                if here[-1] == places[-1]:
                    _, begin, _ = await self._rows(name, {**params, f"{word}__gt": str(moment)}, 1)
            whole = dict(enumerate(group, begin))
            placed |= {p: whole[p] for p in here if p in whole}
        return placed

    async def sliced(self, name: str, question: Asked, rows: Rows, query: Query) -> Page:
        """A part of what was read whole, and how much that is."""
        spec = self._resources[name]
        page = await self._read(name, question, rows, None)
        records = self._sorted(spec, page.records)
        start = int(query.token) if query.token else query.skip
        here = records[start : start + query.limit]
        stop = start + len(here)
        token = str(stop) if here and stop < len(records) else None
        return Page(here, token, len(records), _brought(page, here))

    def _sorted(self, spec: Resource, records: Sequence[Record]) -> list[Record]:
        return sorted(records, key=lambda r: (r[spec.ordered_by or ""], r[KEY]), reverse=True)

    async def whole(self, name: str, question: Asked) -> Rows:
        """All rows of the lists that a question is put to."""
        lists = await together(self._all(name, params) for params in question.questions)
        return [row for rows in lists for row in rows]

    async def _all(self, name: str, params: Mapping[str, str]) -> Rows:
        """All rows of a list, within bounds."""
        found: list[Mapping[str, Any]] = []
        for number in range(1, MAX_PAGES + 1):
            rows, _, more = await self._rows(name, params, number)
            found += rows
            if not more:
                return found
        raise SourceError(Failure.REFUSED, f"more than {MAX_PAGES} pages for one question")

    async def first_page(self, name: str, params: Mapping[str, str]) -> Rows:
        return (await self._rows(name, params, 1))[0]

    async def _rows(
        self, name: str, params: Mapping[str, str], number: int
    ) -> tuple[Rows, int, bool]:
        """One page: its rows, how many there are on all, and whether there is another."""
        spec = self._resources[name]
        given: dict[str, str | Sequence[str]] = {**expanded(spec), **params}
        if spec.size_parameter is not None:
            given[spec.size_parameter] = str(spec.page_size)
        if spec.page_size is not None and number > 1:
            given["page"] = str(number)
        answer = await self._http(spec).get(spec.path, given)
        if answer is None:
            raise HttpError(Failure.BAD_DATA, 404, "no list")
        if spec.bare:
            bare = objects_in({"results": answer})
            return bare, len(bare), False
        results, total = objects_in(answer), count_in(answer)
        more = bool(answer.get("next"))
        if more and not results:
            raise SourceError(Failure.BAD_DATA, "an empty page that is not the last")
        return results, total, more


def _brought(page: Page, records: Sequence[Record]) -> Mapping[str, Along]:
    """What came along with some of the records of a page."""
    keys = {str(record[KEY]) for record in records}
    return {
        name: Along(
            came.field,
            [r for r in came.records if came.field is None or str(r[came.field]) in keys],
        )
        for name, came in page.along.items()
    }


def expanded(spec: Resource) -> dict[str, str | Sequence[str]]:
    """The parameter that makes come along what does. By the standard for ZGW APIs that is one
    list; where the records of other collections come, it is given for each of these."""
    brought = [one.expand for one in spec.brings.values()]
    joined = dict.fromkeys(one.expand for one in spec.joined.values() if one.expand is not None)
    expand = [*brought, *([",".join(joined)] if joined else [])]
    return {"expand": expand} if expand else {}
