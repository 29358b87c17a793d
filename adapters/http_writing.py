"""Writing to services over HTTP, one change at a time.

Such a service cannot be told to make a change only if a record is still as expected. So the record
is fetched just before, and told by ``CONFLICT`` when it is not.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

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
from adapters.http import HttpError, HttpSource
from adapters.http_adapter import HttpAdapter, OptionsT, ResourceT

_BAD_REQUEST: Final = 400

Values = Mapping[str, Any]


class HttpWritingAdapter(HttpAdapter[OptionsT, ResourceT]):
    """An adapter that writes as well; see ``adapters.base.WritingAdapter``."""

    atomic: Final = False
    excluding: ClassVar[frozenset[str]] = frozenset({"unique"})
    """Codes of a 400 that say that what the service has already does not go with a change."""

    @abstractmethod
    def _place(self, collection: str) -> tuple[HttpSource, str]:
        """Where a collection is: the service, and the path below it."""

    @abstractmethod
    async def _stored(self, collection: str, key: str) -> Record | None:
        """An object as the service shows it, ``None`` when it is not there."""

    @abstractmethod
    def _record(self, collection: str, found: Record) -> Record:
        """An object of the service as a record. Raises ``SourceError``."""

    @abstractmethod
    def _body(self, collection: str, values: Values, before: Record | None) -> Mapping[str, Any]:
        """The body that gives fields other values; ``before``: the object, none for a new one."""

    def _field(self, collection: str, name: str) -> str:
        """The field that the service means by a name in an error; empty for anything else."""
        return name if name in self.collections[collection].fields else ""

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        """See ``adapters.base.WritingAdapter``; exactly one change."""
        (change,) = changes
        try:
            return [await self._done(change)]
        except HttpError as error:
            if error.failure is not Failure.REFUSED or not error.invalid:
                raise
            named = ((self._field(change.collection, name), code) for name, code in error.invalid)
            found = [Objection(field, code) for field, code in named]
            raise SourceError(error.failure, error.note, objections=found) from None

    async def _done(self, change: Change) -> Record:
        """The record as a change leaves it, of a deletion as it was."""
        name = change.collection
        values = {} if isinstance(change, Delete) else _known(change.values)
        try:
            before = None if isinstance(change, Create) else await self._before(change)
            values = await self._whole(name, values)
        except asyncio.CancelledError:
            raise SourceError(Failure.TIMEOUT, "nothing was sent yet") from None
        match change:
            case Create():
                return await self._make(name, values)
            case Update():
                if before is None:
                    raise SourceError(Failure.GONE)
                if not values:
                    return self._record(name, before)
                return await self._alter(name, before, values)
            case Delete(key=key):
                if before is None:
                    # It went with what was deleted before it.
                    return dict(key)
                await self._remove(name, before)
                return self._record(name, before)

    async def _whole(self, collection: str, values: Values) -> Values:
        """Values with what goes with them in the service, asked for before anything is sent."""
        return values

    async def _before(self, change: Update | Delete) -> Record | None:
        """The object that is changed, as it is now. Raises ``SourceError`` ``CONFLICT`` when it is
        not what was expected."""
        (key,) = change.key.values()
        found = await self._stored(change.collection, str(key))
        if found is not None:
            record = self._record(change.collection, found)
            if not all(_same(get(record, name), one) for name, one in change.expected.items()):
                raise SourceError(Failure.CONFLICT, "not as it was")
        return found

    async def _make(self, collection: str, values: Values) -> Record:
        service, path = self._place(collection)
        body = self._body(collection, values, None)
        try:
            return self._written(collection, await self._sent(service, "POST", path, body))
        except SourceError as error:
            if error.failure is Failure.GONE:
                # What it was to be made of is not there.
                raise SourceError(Failure.CONFLICT, error.note) from None
            raise

    async def _alter(self, collection: str, before: Record, values: Values) -> Record:
        service, _ = self._place(collection)
        path = self._path_of(collection, before)
        answer = await self._sent(service, "PATCH", path, self._body(collection, values, before))
        return self._written(collection, answer)

    async def _remove(self, collection: str, before: Record) -> None:
        service, _ = self._place(collection)
        try:
            await service.send("DELETE", self._path_of(collection, before))
        except SourceError as error:
            if isinstance(error, HttpError) and error.status == _BAD_REQUEST:
                raise self._protected(error) from None
            if error.failure is not Failure.GONE:
                raise

    def _protected(self, error: HttpError) -> SourceError:
        """That a record is not deleted, for something else cannot do without it."""
        return SourceError(Failure.CONFLICT, error.note)

    async def _sent(
        self, service: HttpSource, method: str, path: str, body: Mapping[str, Any]
    ) -> Any:
        """What is answered to a body. Raises ``SourceError``."""
        try:
            return await service.send(method, path, body)
        except HttpError as error:
            if self.excluding.isdisjoint(error.codes):
                raise
            raise SourceError(Failure.CONFLICT, error.note) from None

    def _path_of(self, collection: str, found: Record) -> str:
        """The path of an object."""
        (key,) = self.collections[collection].key
        return f"{self._place(collection)[1]}/{self._record(collection, found)[key]}"

    def _written(self, collection: str, answer: Any) -> Record:
        """The record that was made or changed. Raises ``SourceError`` ``UNKNOWN``: what was asked
        has been done, and what became of it cannot be read."""
        if not isinstance(answer, dict):
            raise SourceError(Failure.UNKNOWN, "no object")
        try:
            return self._record(collection, answer)
        except SourceError as error:
            raise SourceError(Failure.UNKNOWN, error.note) from None


def _known(values: Mapping[str, Value]) -> Values:
    """Values of a change that is told by itself, so that none waits for another."""
    if any(isinstance(value, Generated) for value in values.values()):
        raise TypeError("a value of another change")
    return dict(values)


def _same(one: Any, other: Any) -> bool:
    if is_absent(one) or is_absent(other):
        return is_absent(one) and is_absent(other)
    return str(one) == str(other)
