"""Making zaken and giving them a status, one message for each change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from weakref import WeakValueDictionary

from lxml import etree

from adapters.base import (
    Change,
    Create,
    Delete,
    Failure,
    Generated,
    Objection,
    SourceError,
    Update,
    Value,
)
from adapters.conditions import Record, get, is_absent
from adapters.http import Exchanged
from adapters.stuf.delivery import Delivery
from adapters.stuf.dialects import Dialect
from adapters.stuf.notices import Setter, Status, creation, number_wanted, status_given
from adapters.stuf.paths import Path, Step
from adapters.stuf.questions import Operation, Stamp
from adapters.stuf.receipts import number
from adapters.stuf.values import local_moment, written
from adapters.stuf.words import FieldWord, Options, Resource

# What XML 1.0 has no way to write (section 2.2).
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Desk(Protocol):
    """What the adapter does for its writer."""

    def stamp(self) -> Stamp:
        """A new message, sent now."""
        ...

    def sealed(self, message: etree._Element, stamp: Stamp) -> bytes:
        """A message as it is sent."""
        ...

    async def post(self, url: str, operation: Operation, body: bytes) -> Exchanged:
        """What a service answers. Raises ``SourceError``."""
        ...

    async def get(self, collection: str, key: Mapping[str, str]) -> Record | None:
        """A record, as it is now. Raises ``SourceError``."""
        ...


class Writer:
    """Writes to one back end; see ``adapters.base.WritingAdapter``.

    Changes of one zaak wait for each other: messages that are sent within a moment overtake each
    other, and are then refused or done in the wrong order.
    """

    def __init__(
        self, desk: Desk, options: Options, dialect: Dialect, resources: Mapping[str, Resource]
    ) -> None:
        self._desk = desk
        self._options = options
        self._dialect = dialect
        self._resources = resources
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        """Make one change. Raises ``SourceError``."""
        (change,) = changes
        match change:
            case Create():
                return [await self._create(change)]
            case Update():
                return [await self._update(change)]
            case Delete():
                raise TypeError("a change that was not declared")

    async def _create(self, change: Create) -> Record:
        """The new zaak. Its number is asked for first: one that is not used does no harm."""
        spec = self._resources[change.collection]
        status = {
            name: value
            for name, value in change.values.items()
            if name in spec.status_fields and not is_absent(value)
        }
        plain = {n: value for n, value in change.values.items() if n not in status}
        sent = self._sent(spec, plain)
        if status:
            self._sent(spec, status)
            self._name(spec, status, {})
        try:
            key = await self._number()
        except asyncio.CancelledError:
            raise SourceError(Failure.TIMEOUT, "nothing was sent yet") from None
        stamp = self._desk.stamp()
        sent |= dict.fromkeys(spec.written.today, f"{stamp.at:%Y%m%d}")
        operation, code = self._dialect.notice("creeerZaak", self._at_once)
        message = creation(operation, code, stamp, spec.paths, {**sent, spec.key: key})
        made = await self._delivered(change.collection, key, operation, message, stamp, {})
        if not status:
            return made
        try:
            return await self._given(change.collection, made, status)
        except SourceError as error:
            # It is there, and not as it was to be.
            raise SourceError(Failure.UNKNOWN, error.note) from None

    async def _update(self, change: Update) -> Record:
        """A zaak with another status."""
        key = str(change.key[self._resources[change.collection].key])
        async with self._locks.setdefault(key, asyncio.Lock()):
            try:
                before = await self._read(change.collection, key)
            except asyncio.CancelledError:
                raise SourceError(Failure.TIMEOUT, "nothing was sent yet") from None
            if before is None:
                raise SourceError(Failure.GONE)
            expected = change.expected.items()
            if not all(_same(get(before, name), value) for name, value in expected):
                raise SourceError(Failure.CONFLICT, "not as it was")
            if all(_same(get(before, name), value) for name, value in change.values.items()):
                return before
            return await self._given(change.collection, before, change.values)

    async def _given(self, collection: str, before: Record, values: Mapping[str, Value]) -> Record:
        """A zaak after it was given a status."""
        spec = self._resources[collection]
        words = spec.written
        if words.status_remark is not None:
            # A status is a new one each time: what nobody changes is said again.
            said = get(before, words.status_remark)
            values = {words.status_remark: None if is_absent(said) else str(said), **values}
        told = self._sent(spec, values)
        name = self._name(spec, values, before)
        key = str(get(before, spec.key))
        stamp = self._desk.stamp()
        status = Status(
            name,
            told.get(words.status_at or "") or written(stamp.at),
            str(self._options.statuses.get(name, "")),
            str(get(before, words.zaaktype or "") or ""),
            told.get(words.status_remark or "", ""),
            *self._setter,
        )
        operation, code = self._dialect.notice("actualiseerZaakstatus", self._at_once)
        message = status_given(operation, code, stamp, key, status)
        # Of its moment no more is kept than milliseconds.
        others = {n: value for n, value in values.items() if n != words.status_at}
        wanted = {words.status or "": name, **others}
        return await self._delivered(collection, key, operation, message, stamp, wanted)

    @property
    def _setter(self) -> tuple[str, Setter]:
        """Who gives a status, and of which kind that is."""
        by = self._options.set_by
        if by is None:
            return "", "medewerker"
        if by.medewerker is not None:
            return by.medewerker, "medewerker"
        return by.organisatorische_eenheid or "", "organisatorischeEenheid"

    def _name(self, spec: Resource, values: Mapping[str, Value], before: Record) -> str:
        """Which status is given: the one that is told, else the one that there is, or the first.
        Raises ``SourceError``: a status is not taken away."""
        field, known = spec.written.status or "", self._options.statuses
        first = min(known, key=known.__getitem__, default=None)
        name = values[field] if field in values else get(before, field) or first
        if is_absent(name):
            objection = Objection(field, "required")
            raise SourceError(Failure.REFUSED, "no status", objections=[objection])
        return str(name)

    async def _number(self) -> str:
        assert self._options.urls.vrije_berichten is not None
        operation = self._dialect.numbering()
        stamp = self._desk.stamp()
        body = self._desk.sealed(number_wanted(operation, stamp), stamp)
        came = await self._desk.post(self._options.urls.vrije_berichten, operation, body)
        try:
            return number(came.body)
        except SourceError as error:
            if error.failure is Failure.BAD_DATA and came.failure is not None:
                raise came.failure from None
            raise

    async def _read(self, collection: str, key: str) -> Record | None:
        return await self._desk.get(collection, {self._resources[collection].key: key})

    @property
    def _at_once(self) -> bool:
        """Whether the back end takes messages that it answers when they are done."""
        return self._options.urls.verwerk_synchrone_kennisgeving is not None

    async def _delivered(
        self,
        collection: str,
        key: str,
        operation: Operation,
        message: etree._Element,
        stamp: Stamp,
        wanted: Mapping[str, Value],
    ) -> Record:
        """The zaak, once it is there with what is wanted of it."""
        urls = self._options.urls
        url = urls.verwerk_synchrone_kennisgeving or urls.ontvang_asynchroon
        assert url is not None
        body = self._desk.sealed(message, stamp)

        async def look() -> Record | None:
            found = await self._read(collection, key)
            shows = found is not None and all(_same(get(found, n), v) for n, v in wanted.items())
            return found if shows else None

        delivery = Delivery(lambda: self._desk.post(url, operation, body))
        return await delivery.settled(look, self._options.verify_seconds)

    def _sent(self, spec: Resource, values: Mapping[str, Value]) -> dict[str, str]:
        """Values as they are sent; what is absent is left out. Raises ``SourceError`` naming what
        cannot be."""
        sent: dict[str, str] = {}
        wrong: list[Objection] = []
        chosen: dict[Path, Step] = {}
        for name, value in values.items():
            if isinstance(value, Generated):
                raise TypeError("a value of another change")
            if is_absent(value):
                continue
            text = self._text(spec.fields[name], str(value))
            if text is None:
                wrong.append(Objection(name, "invalid"))
            elif not _alone(spec.paths[name], chosen):
                wrong.append(Objection(name, "unique"))
            else:
                sent[name] = text
        if wrong:
            raise SourceError(Failure.REFUSED, "values that cannot be sent", objections=wrong)
        return sent

    def _text(self, word: FieldWord, value: str) -> str | None:
        if _NO_XML.search(value):
            return None
        if word.moment:
            return local_moment(value, self._options.zone)
        return value.replace("-", "") if word.date else value


def _alone(path: Path, chosen: dict[Path, Step]) -> bool:
    """Whether a betrokkene is of one kind: where the element of one can stand, no other can."""
    return all(
        chosen.setdefault(path[: n + 1], path[n + 1]) == path[n + 1]
        for n, step in enumerate(path[:-1])
        if step.entity is None and path[n + 1].entity is not None
    )


def _same(one: object, other: object) -> bool:
    if is_absent(one) or is_absent(other):
        return is_absent(one) and is_absent(other)
    return str(one) == str(other)
