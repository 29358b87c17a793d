"""SQL databases, through SQLAlchemy.

Every column of a described table can be asked for with every operator, joined by *exists*, and
ordered; pages and totals are the database's own, and a page can begin at any place in the order
(``adapters.sql_order``). Connections are read-only where the database can promise that; where a
description says what may be written, there are others for that (``adapters.sql_write``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.base import Change, Collection, Page, Paging, Query
from adapters.concurrency import together
from adapters.conditions import All, In, Record
from adapters.sql_changes import writes_of
from adapters.sql_engine import make_engine
from adapters.sql_failures import CAUGHT, NO_ENGINE, failed
from adapters.sql_order import Stretch, stretches
from adapters.sql_settings import Options, Table
from adapters.sql_statements import Statements, record_of
from adapters.sql_write import Writer

Rows = Sequence[Mapping[str, Any]]

_MAX_ROWS = 10_000
_MAX_SKIP = 2**62


class SqlAdapter:
    """One database. Made with ``create``."""

    options_model: ClassVar[type[BaseModel]] = Options

    def __init__(self, options: Options, tables: Mapping[str, Table]) -> None:
        self._options = options
        self._tables = tables
        self._rules = options.rules()
        self._engines: dict[bool, AsyncEngine] = {}
        self._starting = asyncio.Lock()
        self._collections = {
            name: Collection(
                fields=frozenset(spec.columns),
                key=tuple(spec.key),
                filters=dict.fromkeys(spec.columns, self._rules.filters),
                disjunctions=True,
                exists=frozenset(tables),
                sortable=frozenset(spec.columns),
                paging=Paging.OFFSET,
                keyset=True,
                total=True,
                max_in=self._rules.most,
                page_size=_MAX_ROWS,
                writes=writes_of(spec),
            )
            for name, spec in tables.items()
        }
        self._writer = Writer(tables, self._rules, lambda: self._connected(writing=True))

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """See ``adapters.base.Adapter``."""
        return cls(
            Options.model_validate(options),
            TypeAdapter(dict[str, Table]).validate_python(collections),
        )

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def prepare(self) -> None:
        """What has to be there before the first connection; nothing for a real database."""

    async def check(self) -> None:
        await self._fetch(select(literal(1)))

    async def find(self, collection: str, query: Query) -> Page:
        spec = self._tables[collection]
        first, *behind = stretches(query, spec.key)
        skip = min(int(query.token) if query.token else query.skip, _MAX_SKIP)
        limit = min(query.limit, _MAX_ROWS)
        make = Statements(self._tables, self._rules)
        asked = [make.count(collection, Stretch(query.where))] if query.count else []
        if limit:
            asked.append(make.rows(collection, first, skip, limit, query.fields))
        answers = await together(map(self._fetch, asked))
        total = answers[0][0]["total"] if query.count else None
        rows = [*answers[-1]] if limit else []
        complete = total is not None and not query.after and skip + len(rows) >= total
        if behind and len(rows) < limit and not complete:
            left = 0 if rows else await self._left(collection, first, skip)
            rest = make.rows(collection, behind[0], left, limit - len(rows), query.fields)
            rows += await self._fetch(rest)
        more = str(skip + limit) if limit and len(rows) == limit else None
        return Page([record_of(row, spec) for row in rows], more, total)

    async def _left(self, collection: str, passed: Stretch, skip: int) -> int:
        """How many records are still to be skipped behind a stretch."""
        if not skip:
            return 0
        counted = await self._fetch(Statements(self._tables, self._rules).count(collection, passed))
        return max(0, skip - int(counted[0]["total"]))

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        where = All(tuple(In(name, (value,)) for name, value in key.items()))
        page = await self.find(collection, Query(where=where, limit=1))
        return page.records[0] if page.records else None

    @property
    def atomic(self) -> bool:
        """See ``adapters.base.WritingAdapter``."""
        return True

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        return await self._writer.write(changes)

    async def close(self) -> None:
        await self._writer.close()
        for engine in self._engines.values():
            await engine.dispose()
        self._engines.clear()

    async def _fetch(self, statement: Select[Any]) -> Rows:
        try:
            engine = await self._connected()
            async with engine.connect() as connection:
                result = await connection.execute(statement)
                return [row._mapping for row in result]
        except CAUGHT as error:
            raise failed(error) from None

    async def _connected(self, *, writing: bool = False) -> AsyncEngine:
        async with self._starting:
            if not self._engines:
                await self.prepare()
            if writing not in self._engines:
                try:
                    self._engines[writing] = make_engine(self._options, writing=writing)
                except NO_ENGINE as error:
                    raise failed(error) from None
            return self._engines[writing]
