"""Writing to a SQL database: all changes of a call in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import Delete, Update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters import base
from adapters.base import Change, Failure, Generated, SourceError, Value
from adapters.conditions import Record
from adapters.sql_changes import Changes, Values
from adapters.sql_dialects import Dialect
from adapters.sql_failures import CAUGHT, failed_to_write
from adapters.sql_settings import Table


class Writer:
    """Makes changes in a database. ``connected``: gives the engine for it, or raises
    ``SourceError``."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        rules: Dialect,
        connected: Callable[[], Awaitable[AsyncEngine]],
    ) -> None:
        self._statements = Changes(tables, rules)
        self._connected = connected
        self._under_way: set[asyncio.Task[Sequence[Record]]] = set()

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        """See ``adapters.base.WritingAdapter``.

        The transaction has a task of its own. Who is cancelled need not wait until a connection
        that says nothing is closed, to know that it will not be committed any more.
        """
        for change in changes:
            self._statements.check(change)
        attempt = _Attempt(self._statements, self._connected, changes)
        task = asyncio.create_task(attempt.made())
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            attempt.abandoned = True
            task.cancel()
            lost = Failure.UNKNOWN if attempt.committing else Failure.TIMEOUT
            raise SourceError(lost, "given up") from None

    async def close(self) -> None:
        """Wait until nothing is under way any more."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Sequence[Record]]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # Whoever waited may have gone; then nobody else looks at it.


class _Attempt:
    """One transaction. ``committing``: from when on the outcome depends on the database alone.
    ``abandoned``: it is not to be committed any more."""

    def __init__(
        self,
        statements: Changes,
        connected: Callable[[], Awaitable[AsyncEngine]],
        changes: Sequence[Change],
    ) -> None:
        self._statements = statements
        self._connected = connected
        self._changes = changes
        self.committing = False
        self.abandoned = False

    async def made(self) -> Sequence[Record]:
        """The records as they are afterwards. Raises ``SourceError``."""
        try:
            engine = await self._connected()
            # Whoever leaves here before the end takes the changes back: the pool rolls back what
            # it gets, and closes a connection on which something was cancelled.
            async with engine.connect() as connection:
                records: list[Record] = []
                for change in self._changes:
                    records.append(await self._make(connection, change, records))
                if self.abandoned:
                    raise asyncio.CancelledError
                self.committing = True
                await _commit(connection)
                return records
        except CAUGHT as error:
            raise failed_to_write(error, committing=self.committing) from None

    async def _make(
        self, connection: AsyncConnection, change: Change, earlier: Sequence[Record]
    ) -> Record:
        match change:
            case base.Create(collection, values):
                return await self._create(connection, collection, _resolved(values, earlier))
            case base.Update(collection, key, values, expected):
                found = _resolved(key, earlier)
                given = _resolved(values, earlier)
                return await self._update(connection, collection, found, given, expected)
            case base.Delete(collection, key, expected):
                return await self._delete(connection, collection, _resolved(key, earlier), expected)

    async def _create(self, connection: AsyncConnection, collection: str, values: Values) -> Record:
        result = await connection.execute(self._statements.insert(collection, values))
        names = self._statements.key(collection)
        made = result.inserted_primary_key or ()
        key = {name: values.get(name) for name in names} | {
            name: value
            for name, value in zip(names, made, strict=False)
            if values.get(name) is None
        }
        record = None
        if None not in key.values():
            record = await self._get(connection, collection, key)
        if record is None:
            raise SourceError(Failure.BAD_DATA, "a new record was not there under its key")
        return record

    async def _update(
        self,
        connection: AsyncConnection,
        collection: str,
        key: Values,
        values: Values,
        expected: Values,
    ) -> Record:
        if values:
            statement = self._statements.update(collection, key, values, expected)
            await self._changed_one(connection, statement, collection, key)
        record = await self._get(connection, collection, key, {} if values else expected)
        if record is None:
            raise await self._not_found(connection, collection, key)
        version = self._statements.version(collection)
        stuck = [name for name in expected if name == version and record[name] == expected[name]]
        if values and stuck:
            raise SourceError(Failure.BAD_DATA, "an update did not change the version")
        return record

    async def _delete(
        self, connection: AsyncConnection, collection: str, key: Values, expected: Values
    ) -> Record:
        record = await self._get(connection, collection, key)
        if record is None:
            raise SourceError(Failure.GONE)
        statement = self._statements.delete(collection, key, expected)
        await self._changed_one(connection, statement, collection, key)
        return record

    async def _changed_one(
        self, connection: AsyncConnection, statement: Update | Delete, collection: str, key: Values
    ) -> None:
        """Change the one record that the statement means, or raise why that is not possible."""
        changed = (await connection.execute(statement)).rowcount
        if changed == 0:
            raise await self._not_found(connection, collection, key)
        if changed != 1:
            raise SourceError(Failure.BAD_DATA, f"one key, and {changed} records changed")

    async def _not_found(
        self, connection: AsyncConnection, collection: str, key: Values
    ) -> SourceError:
        """Why there was no record with this key and the expected values."""
        there = await self._get(connection, collection, key)
        return SourceError(Failure.GONE if there is None else Failure.CONFLICT)

    async def _get(
        self,
        connection: AsyncConnection,
        collection: str,
        key: Values,
        expected: Values | None = None,
    ) -> Record | None:
        result = await connection.execute(self._statements.select(collection, key, expected or {}))
        found = [self._statements.record(collection, row._mapping) for row in result]
        return found[0] if found else None


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except CAUGHT:
        # To SQLAlchemy a transaction of which the commit failed is over, and it rolls nothing back.
        # In SQLite it stands until somebody does.
        await connection.invalidate()
        raise


def _resolved(values: Mapping[str, Value], earlier: Sequence[Record]) -> Values:
    """Values, with those that earlier changes brought."""
    return {
        name: earlier[value.change][value.field] if isinstance(value, Generated) else value
        for name, value in values.items()
    }
