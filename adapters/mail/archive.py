"""An archive of mail as a source: the collections that are the same wherever messages are kept.

A question is answered with the headers of the messages that can be in it; only those that are on
the page are opened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Protocol, Self, TypeVar

from pydantic import BaseModel

from adapters.base import (
    Along,
    Collection,
    Failure,
    Link,
    Linked,
    Match,
    Operator,
    Page,
    Paging,
    Piece,
    Query,
    SourceError,
)
from adapters.conditions import ALWAYS, Compare, Condition, Exists, In, Record, matches
from adapters.mail.light import Hit, Light, parted
from adapters.mail.options import MailOptions
from adapters.mail.records import (
    FIELDS,
    KEY,
    LIGHT,
    OF,
    WITHIN,
    Enclosed,
    Heavy,
    enclosed,
    enclosed_in,
    full_record,
    hit_record,
    light_record,
    mailbox_record,
)
from adapters.mail.slices import inside, sliced, sliced_inside, start_of
from adapters.mail.wanted import Wanted, wanted

MESSAGES: Final = "berichten"
ENCLOSED: Final = "bijlagen"
MAILBOXES: Final = "postbussen"
_PAGE: Final = 500
_LOOKED_AT: Final = 100
"""Of so many messages at once it is looked what was sent along with them."""
_OF_HIT: Final = (KEY, "moment")

T = TypeVar("T")


class Store(Protocol):
    """Where messages are kept. Everything is only read."""

    @property
    def max_in(self) -> int:
        """So many values one question may have."""
        ...

    @property
    def batched(self) -> bool:
        """Whether these values are asked for at once; see ``Collection``."""
        ...

    @property
    def partly(self) -> bool:
        """Whether a part of an address finds it."""
        ...

    @property
    def asked_by(self) -> frozenset[str]:
        """See ``Collection``: of these fields, those that a collection has; none: all of it can be
        had."""
        ...

    async def hits(self, wanted: Wanted) -> Sequence[Hit]:
        """The messages that are contacts and can be meant, each once, newest first by moment and
        key. All of them are when nothing but keys and moments is asked; by people and zaken there
        may be others among them. Raises ``SourceError``."""
        ...

    async def lights(self, hits: Sequence[Hit]) -> Sequence[Light | None]:
        """What the headers of these say; ``None`` for one that is gone. Raises ``SourceError``."""
        ...

    async def opened(self, lights: Sequence[Light]) -> Sequence[Heavy | None]:
        """What is in each of these; ``None`` for one that is gone. Raises ``SourceError``."""
        ...

    async def enclosed(self, lights: Sequence[Light]) -> Sequence[Sequence[Enclosed] | None]:
        """What was sent along with each of these, and no more of it than is asked here; ``None``
        for one that is gone. Raises ``SourceError``."""
        ...

    async def piece(self, light: Light, part: int, start: int) -> Piece | None:
        """Of the file of a part of a message by its number, 0 for the message itself, what begins
        at a place that is 0 or the ``next`` of the piece before; ``None`` for what is gone or was
        not sent along. Raises ``SourceError``."""
        ...

    async def check(self) -> None:
        """Whether it can be read. Raises ``SourceError``."""
        ...

    async def close(self) -> None: ...


class ArchiveAdapter(ABC):
    """The records in a store. ``store`` makes it; nothing else hangs on where messages are kept.
    Made with ``create``."""

    options_model: ClassVar[type[BaseModel]]

    def __init__(self, options: MailOptions) -> None:
        self._options = options
        self._store: Store = self.store(options)
        self._collections = {name: _collection(name, self._store) for name in FIELDS}

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """See ``adapters.base.Adapter``. The collections are always the same."""
        checked: Any = cls.options_model.model_validate(options)
        return cls(checked)

    @classmethod
    @abstractmethod
    def store(cls, options: Any) -> Store:
        """The store that options, of ``options_model``, describe. No I/O."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def check(self) -> None:
        await self._store.check()

    async def close(self) -> None:
        await self._store.close()

    async def find(self, collection: str, query: Query) -> Page:
        """See ``adapters.base.Adapter``."""
        if collection == MAILBOXES:
            boxes = [mailbox_record(box) for box in self._options.mailboxes]
            return sliced([one for one in boxes if matches(query.where, one)], query)
        asked, left = wanted(query.where)
        hits = [] if asked.nothing else await self._store.hits(asked)
        if collection == ENCLOSED:
            return await self._enclosed(hits, query)
        if collection == MESSAGES:
            return await self._messages(await self._met(hits, left), query)
        lights = await self._lights(hits)
        if query.where == ALWAYS:
            return sliced_inside(collection, lights, query)
        return sliced([r for r in inside(collection, lights) if matches(query.where, r)], query)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        """See ``adapters.base.Adapter``."""
        ((name, value),) = key.items()
        page = await self.find(collection, Query(In(name, (value,)), limit=1))
        return next(iter(page.records), None)

    async def piece(
        self, collection: str, key: Mapping[str, Any], token: str | None = None
    ) -> Piece | None:
        """See ``adapters.base.ContentAdapter``; the files are those of ``bijlagen``."""
        message, part = parted(str(key[KEY]))
        if part is None:
            return None
        hits = await self._store.hits(Wanted(keys=frozenset([message])))
        light = next(iter(await self._lights(hits)), None)
        if light is None:
            return None
        return await self._store.piece(light, part, int(token) if token else 0)

    async def _met(self, hits: Sequence[Hit], parts: Sequence[Condition]) -> Sequence[Hit]:
        """The messages that meet all parts of a condition. Only where it speaks of more than a hit
        knows, headers are looked at."""
        for part in parts:
            if isinstance(part, In | Compare) and part.field in _OF_HIT:
                hits = [hit for hit in hits if matches(part, hit_record(hit))]
            else:
                hits = [light for light in await self._lights(hits) if _meets(part, light)]
        return hits

    async def _messages(self, hits: Sequence[Hit], query: Query) -> Page:
        start = start_of(query)
        here = await self._lights(hits[start : start + min(query.limit, _PAGE)])
        stop = start + len(here)
        more = str(stop) if here and stop < len(hits) else None
        along: dict[str, Along] = {
            name: Along(OF, [record for light in here for record in within(light)])
            for name, within in WITHIN.items()
        }
        if query.fields and query.fields <= LIGHT:
            return Page([light_record(light) for light in here], more, len(hits), along)
        opened = await self._opened(here)
        along[ENCLOSED] = Along(
            OF, [r for light, heavy in opened for r in enclosed(light, enclosed_in(heavy.parts))]
        )
        records = [full_record(light, heavy, self._options) for light, heavy in opened]
        return Page(records, more, len(hits), along)

    async def _enclosed(self, hits: Sequence[Hit], query: Query) -> Page:
        """What was sent along. No more messages are opened than are needed for a page; the token
        says where the next begins: a message, and so many records in it."""
        left, done = hits, 0
        if query.token:
            moment, key, number = query.token.split(":")
            done = int(number)
            mark = int(moment), key
            before = bisect_left(hits, True, key=lambda hit: (hit.moment, hit.key) <= mark)
            left = hits[before:]
            if not left or left[0].key != key:
                # It went away meanwhile, and what is in it with it.
                done = 0
        records: list[Record] = []
        for first in range(0, len(left), _LOOKED_AT):
            lights = await self._lights(left[first : first + _LOOKED_AT])
            found = _all_there(await self._store.enclosed(lights))
            for light, along in zip(lights, found, strict=True):
                met = [r for r in enclosed(light, along) if matches(query.where, r)][done:]
                room = query.limit - len(records)
                records += met[:room]
                if len(met) > room:
                    return Page(records, f"{light.moment}:{light.key}:{done + room}")
                done = 0
        return Page(records, None, None if query.token else len(records))

    async def _lights(self, hits: Sequence[Hit]) -> Sequence[Light]:
        return _all_there(await self._store.lights(hits)) if hits else ()

    async def _opened(self, lights: Sequence[Light]) -> list[tuple[Light, Heavy]]:
        heavy = await self._store.opened(lights) if lights else ()
        return list(zip(lights, _all_there(heavy), strict=True))


def _all_there(found: Sequence[T | None]) -> list[T]:
    there = [one for one in found if one is not None]
    if len(there) < len(found):
        # Asked again, it is not in the list any more either.
        raise SourceError(Failure.UNAVAILABLE, "a message went away meanwhile")
    return there


_LINKED: Final = {
    "personen": ("adres", "vanWie"),
    "zaken": ("zaaknummer",),
    "behandelingen": ("postbus",),
}
"""By which fields messages can be found through what belongs to them."""


def _collection(name: str, store: Store) -> Collection:
    fields = FIELDS[name]
    exact = {Operator.IN: Match.EXACT}
    people = dict.fromkeys([Operator.IN, Operator.ALIKE], Match.EXACT)
    if store.partly:
        people[Operator.CONTAINS] = Match.EXACT
    asked: dict[str, Mapping[Operator, Match]] = {"adres": people, "vanWie": people}
    asked |= dict.fromkeys((KEY, OF, "zaaknummer", "postbus", "code"), exact)
    filters = {f: o for f, o in asked.items() if f in fields}
    key = (KEY,) if KEY in fields else ("code",)
    if name != MESSAGES:
        by = store.asked_by & fields if name != MAILBOXES else frozenset[str]()
        return Collection(
            fields=fields,
            key=key,
            filters=filters,
            asked_by=by,
            # Each is in a message, and what says which mailboxes there are is the same.
            certain=fields & {OF, "postbus"},
            fixed_order=("moment", KEY) if name in WITHIN else (),
            paging=Paging.OFFSET if name in WITHIN else Paging.TOKEN,
            total=name in WITHIN,
            max_in=store.max_in,
            batched=store.batched or name == MAILBOXES,
            page_size=_PAGE,
            content=name == ENCLOSED,
        )
    filters["moment"] = {Operator.COMPARE: Match.EXACT}
    filters["onderwerp"] = {Operator.CONTAINS: Match.EXACT}
    return Collection(
        fields=fields,
        key=key,
        filters=filters,
        linked={
            Link(KEY, name, OF): Linked({field: frozenset(asked[field]) for field in by})
            for name, by in _LINKED.items()
        },
        along=frozenset([*WITHIN, ENCLOSED]),
        heavy=fields - LIGHT,
        fixed_order=("moment", KEY),
        paging=Paging.OFFSET,
        total=True,
        max_in=store.max_in,
        batched=store.batched,
        page_size=_PAGE,
    )


def _meets(part: Condition, light: Light) -> bool:
    if isinstance(part, Exists):
        return any(matches(part.where, record) for record in WITHIN[part.collection](light))
    return matches(part, light_record(light))
