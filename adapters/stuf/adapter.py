"""A StUF back end as a source: persons and companies of StUF-BG, zaken of StUF-ZKN.

It can be asked by a number and by nothing else, one number at a time. An answer is read whole, page
by page, and looked at again: a back end may leave out criteria that it does not know (StUF0001).
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

import httpx
from lxml import etree
from pydantic import BaseModel

from adapters.base import (
    Change,
    Collection,
    Failure,
    Match,
    Operator,
    Page,
    Query,
    SourceError,
    Writes,
)
from adapters.concurrency import together
from adapters.conditions import All, Condition, In, Record, is_absent, matches
from adapters.http import Exchanged
from adapters.http_adapter import HttpAdapter, revealed
from adapters.stuf.answers import Answer, Reader, answer, has_content, key_of_source
from adapters.stuf.dialects import Dialect
from adapters.stuf.envelope import http_headers, wrapped
from adapters.stuf.faults import UNKNOWN_SORTING, StufFault
from adapters.stuf.paths import Node, tree
from adapters.stuf.questions import After, Operation, Question, Stamp, message
from adapters.stuf.security import username_token
from adapters.stuf.values import is_withheld
from adapters.stuf.words import Options, Resource
from adapters.stuf.writing import Writer

MAX_VALUES: Final = 25
"""So many numbers are asked for at once: each is a question of its own."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read: records, and the source's own key of the last of them. ``withheld``: there is
    an object, but it is kept from who asks."""

    records: Sequence[Record]
    last: str | None = None
    withheld: bool = False


class StufAdapter(HttpAdapter[Options, Resource]):
    """One back end. Made with ``create``; ``transport`` and ``now`` are for tests."""

    atomic: Final = False
    options_model: ClassVar[type[BaseModel]] = Options
    resource_model: ClassVar[type[BaseModel]] = Resource

    def __init__(
        self,
        options: Options,
        resources: Mapping[str, Resource],
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[ZoneInfo], datetime] = datetime.now,
    ) -> None:
        super().__init__(options, resources, transport)
        self._dialect = Dialect(options.profile, options.selection)
        self._zone = options.zone
        self._now = now
        self._room = asyncio.Semaphore(options.connections)
        self._writer = Writer(self, options, self._dialect, resources)
        self._reads = {name: spec.reads(self._zone) for name, spec in resources.items()}

    def _capabilities(self, spec: Resource) -> Collection:
        options = self._options
        mine = (name for name, other in self._resources.items() if other is spec)
        unable = {field for name in mine for field in options.not_asked_by.get(name, ())}
        if spec.sector == "zkn" and options.profile != "zkn0310" and not options.lists:
            unable |= {name for name, word in spec.filters.items() if word.zds is None}
        asked = frozenset(spec.filters) - unable
        return Collection(
            fields=frozenset([*spec.fields, *spec.composed]),
            key=(spec.key,),
            filters={name: {Operator.IN: Match.EXACT} for name in asked},
            # Of nothing at all, all could be had.
            asked_by=asked or frozenset([spec.key]),
            certain=frozenset(spec.certain),
            max_in=MAX_VALUES,
            page_size=options.page_size,
            writes=_writes(spec) if options.urls.writes and spec.writes is not None else None,
        )

    async def check(self) -> None:
        """Asks for an object that is not there, of the first collection."""
        name, spec = next((n, one) for n, one in self._resources.items() if not one.named)
        nobody = "0" * (spec.fields[spec.key].digits or 1)
        await self.find(name, Query(In(spec.key, (nobody,))))

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        ((field, value),) = key.items()
        page = await self.find(collection, Query(In(field, (value,))))
        if page.withheld:
            raise SourceError(Failure.WITHHELD)
        return next(iter(page.records), None)

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        """See ``adapters.base.WritingAdapter``; exactly one change."""
        return await self._writer.write(changes)

    async def find(self, collection: str, query: Query) -> Page:
        spec = self._resources[collection]
        asked = _asked(query.where, spec)
        names = query.fields or self._collections[collection].fields
        wanted = spec.read_for([spec.key, *_fields(query.where), *names])
        values = [
            value
            for value in dict.fromkeys(map(str, asked.values))
            if _can_be(value, spec, asked.field)
        ]
        if spec.named:
            return Page([{spec.key: value} for value in values], None, len(values))
        lists = await together(
            self._all(collection, asked.field, value, wanted) for value in values
        )
        distinct = {str(one[spec.key]): one for found in lists for one in found.records}
        found = [one for one in distinct.values() if matches(query.where, one)]
        withheld = [value for value, one in zip(values, lists, strict=True) if one.withheld]
        return Page(found, None, len(found) if query.count else None, withheld=withheld)

    async def _all(self, collection: str, field: str, value: str, wanted: frozenset[str]) -> _Found:
        """All records of which a field is ``value``, with the fields that are wanted."""
        spec = self._resources[collection]
        scope = tree(spec.paths, wanted)
        question = self._question(spec, field, value, scope)
        found: dict[str, Record] = {}
        for _ in range(self._options.max_pages):
            given = await self._ask(question)
            page = self._read(collection, given, scope, field)
            fresh = {str(one[spec.key]): one for one in page.records}
            known = len(found)
            found |= fresh
            if field == spec.key:
                if found.keys() - {value}:
                    raise SourceError(Failure.BAD_DATA, "an object that was not asked for")
                return page
            if not given.more:
                return _Found(list(found.values()))
            if len(found) == known:
                raise SourceError(Failure.BAD_DATA, "the same page again")
            after = After(spec.paths[spec.key], list(fresh)[-1], page.last)
            question = replace(question, after=after)
        note = f"more than {self._options.max_pages} pages for one question"
        raise SourceError(Failure.REFUSED, note)

    def _question(self, spec: Resource, field: str, value: str, scope: Node) -> Question:
        options, word = self._options, spec.filters[field]
        plain = word.zds is None or options.profile == "zkn0310"
        operation = self._dialect.operation(spec.namespace, spec.entity, word.zds)
        return Question(
            operation=operation,
            sector=spec.namespace,
            entity=spec.entity,
            sorting=word.sorting if plain else 0,
            criteria=(self._dialect.criterion(spec.paths[field], value, word.subject),),
            scope=scope,
            # An operation of Zaak- en Documentservices 1.2 asks for one, and cannot say so.
            most=None if operation.is_zds else 1 if field == spec.key else options.page_size,
        )

    # --- one question ----------------------------------------------------------------------------

    async def _ask(self, question: Question) -> Answer:
        """The answer to a question; an empty one where a fault only says that there is nothing."""
        try:
            return await self._exchange(question)
        except StufFault as fault:
            if fault.code in self._options.not_found:
                return Answer((), False, None)
            if fault.code != UNKNOWN_SORTING or not question.sorting or question.after is not None:
                raise
        given = await self._exchange(replace(question, sorting=0))
        if given.more and question.most != 1:
            # Without an order there is no place from which to go on.
            raise SourceError(Failure.BAD_DATA, "pages of a list that has no order")
        return given

    def stamp(self) -> Stamp:
        """A new message, sent now."""
        options = self._options
        now = self._now(self._zone)
        return Stamp(options.zender, options.ontvanger, str(uuid.uuid4()), now)

    def sealed(self, message: etree._Element, stamp: Stamp) -> bytes:
        """A message as it is sent. Raises ``SourceError`` when a secret is not there."""
        options, headers = self._options, []
        if options.wss is not None:
            account = options.wss
            headers = [username_token(account.username, revealed(account.password), stamp.at)]
        return wrapped(message, options.soap_version, headers)

    async def post(self, url: str, operation: Operation, body: bytes) -> Exchanged:
        """What a service answers to a message. Raises ``SourceError``."""
        options = self._options
        action = options.soap_actions.get(operation.name, operation.action)
        headers = http_headers(action, options.soap_version, options.soap_action_quoted)
        async with self._room:
            service = self._service(url, options.authorization, tls=options.tls_context)
            return await service.exchange(body, headers)

    async def _exchange(self, question: Question) -> Answer:
        stamp = self.stamp()
        body = self.sealed(message(question, stamp), stamp)
        came = await self.post(self._options.urls.beantwoord_vraag, question.operation, body)
        try:
            given = answer(came.body, question.entity)
        except SourceError as error:
            if error.failure is Failure.BAD_DATA and came.failure is not None:
                # Where what came is no message, the status tells more.
                raise came.failure from None
            raise
        if given.reference and given.reference != stamp.reference and _is_ours(given.reference):
            raise SourceError(Failure.BAD_DATA, "an answer to another question")
        return given

    def _read(self, collection: str, given: Answer, scope: Node, field: str) -> _Found:
        spec = self._resources[collection]
        reader = Reader(
            scope,
            self._reads[collection],
            spec.withheld,
            f"{self._now(self._zone):%Y%m%d}",
        )
        records: list[Record] = []
        last = None
        for one in given.objects:
            if field == spec.key and is_withheld(one):
                return _Found((), withheld=True)
            if not has_content(one) and not is_withheld(one):
                continue
            record = reader.record(one)
            if is_absent(record[spec.key]) or is_absent(record[field]):
                # It may be of anybody.
                raise SourceError(Failure.BAD_DATA, "an object without what it was asked by")
            for name, parts in spec.composed.items():
                there = [value for part in parts if (value := record.get(part)) is not None]
                record[name] = " ".join(there) or None
            records.append(record)
            last = key_of_source(one)
        return _Found(records, last)


def _writes(spec: Resource) -> Writes:
    words = spec.written
    return Writes(
        create=True,
        update=words.status is not None,
        generated=frozenset([spec.key]),
        fields=frozenset([*words.create, *spec.status_fields]),
        once=frozenset(words.create),
        required=frozenset(words.required),
        lengths=words.lengths,
    )


def _is_ours(reference: str) -> bool:
    """Whether it can be the number of one of our messages."""
    try:
        return str(uuid.UUID(reference)) == reference
    except ValueError:
        return False


def _can_be(value: str, spec: Resource, field: str) -> bool:
    """Whether there can be such a value: a message with another one would be refused."""
    digits = spec.fields[field].digits
    if digits is not None:
        return len(value) == digits and value.isascii() and value.isdecimal()
    form = spec.filters[field].form
    return value.isprintable() and (form is None or re.fullmatch(form, value) is not None)


def _asked(where: Condition, spec: Resource) -> In:
    """The part of a condition that is asked; the rest is looked at afterwards."""
    match where:
        case In(field) if field in spec.filters:
            return where
        case All(parts):
            for part in parts:
                if isinstance(part, In) and part.field in spec.filters:
                    return part
    raise TypeError("a condition that was not declared")


def _fields(where: Condition) -> set[str]:
    match where:
        case In(field):
            return {field}
        case All(parts):
            return {field for part in parts for field in _fields(part)}
        case _:
            raise TypeError("a condition that was not declared")
