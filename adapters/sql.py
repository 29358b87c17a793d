"""SQL databases, through SQLAlchemy.

Every column of a described table can be asked for with every operator, joined by *exists*, and
ordered; pages and totals are the database's own. Connections are read-only where the database
can promise that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    event,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.sql.selectable import FromClause

from adapters.base import Collection, Failure, Match, Operator, Page, Paging, Query, SourceError
from adapters.conditions import (
    Absent,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
)
from adapters.secrets import SecretReference

ColumnType = Literal["integer", "text", "char"]
_EVERY_OPERATOR = dict.fromkeys(Operator, Match.EXACT)
_MAX_VALUES = 500
_MAX_ROWS = 10_000


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _url(value: Any) -> Any:
    """A literal url may not hold a password."""
    text = str(value)
    if text.startswith(("env:", "file:")):
        return SecretReference(text)
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("geen SQLAlchemy-url") from None
    if url.password:
        raise ValueError("zet een url met een wachtwoord in `env:NAAM` of `file:pad`")
    return url


class Options(Closed):
    """``url``: an SQLAlchemy url with an async driver, or a reference to one."""

    url: Annotated[URL | SecretReference, BeforeValidator(_url)]
    connections: int = Field(5, ge=1)

    def target(self) -> URL:
        if isinstance(self.url, SecretReference):
            return make_url(self.url.reveal())
        return self.url


class Table(Closed):
    """One table or view. ``char``: text that the database pads with spaces."""

    table: str | None = None
    db_schema: str | None = Field(None, alias="schema")
    key: Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]
    columns: dict[str, ColumnType] = Field(min_length=1)


class SqlAdapter:
    """One database. Made with ``create``."""

    def __init__(self, options: Options, tables: Mapping[str, Table]) -> None:
        self._options = options
        self._tables = tables
        self._engine: AsyncEngine | None = None
        self._starting = asyncio.Lock()
        self._collections = {
            name: Collection(
                fields=frozenset(spec.columns),
                key=tuple(spec.key),
                filters=dict.fromkeys(spec.columns, _EVERY_OPERATOR),
                disjunctions=True,
                exists=frozenset(tables),
                sortable=frozenset(spec.columns),
                paging=Paging.OFFSET,
                total=True,
                max_in=_MAX_VALUES,
                page_size=_MAX_ROWS,
            )
            for name, spec in tables.items()
        }

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
        statements = Statements(self._tables)
        total = None
        if query.count:
            total = (await self._fetch(statements.count(collection, query.where)))[0]["total"]
        skip = int(query.token) if query.token else query.skip
        limit = min(query.limit, _MAX_ROWS)
        if limit == 0 or (total is not None and total <= skip):
            return Page((), None, total)
        rows = await self._fetch(statements.rows(collection, query, skip, limit))
        records = [_record(row, self._tables[collection]) for row in rows]
        return Page(records, str(skip + limit) if len(records) == limit else None, total)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        where = All(tuple(In(name, (value,)) for name, value in key.items()))
        page = await self.find(collection, Query(where=where, limit=1))
        return page.records[0] if page.records else None

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    async def _fetch(self, statement: Select[Any]) -> list[Mapping[str, Any]]:
        try:
            engine = await self._connected()
            async with engine.connect() as connection:
                result = await connection.execute(statement)
                return [row._mapping for row in result]
        except PoolTimeout:
            raise SourceError(Failure.TIMEOUT, "no connection became free") from None
        except DBAPIError as error:
            kind = type(error.orig).__name__
            gone = error.connection_invalidated or "Operational" in type(error).__name__
            raise SourceError(Failure.UNAVAILABLE if gone else Failure.BAD_DATA, kind) from None
        except (SQLAlchemyError, OSError, KeyError) as error:
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None

    async def _connected(self) -> AsyncEngine:
        async with self._starting:
            if self._engine is None:
                await self.prepare()
                self._engine = _engine(self._options)
            return self._engine


def _engine(options: Options) -> AsyncEngine:
    url = options.target()
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database:
        # Without mode=ro SQLite would make an empty database where there is none.
        url = url.set(database=f"file:{url.database}").update_query_dict(
            {"mode": "ro", "uri": "true"}
        )
    engine = create_async_engine(url, pool_size=options.connections, hide_parameters=True)
    if sqlite:
        event.listen(engine.sync_engine, "connect", _sqlite_functions)
    return engine


def _sqlite_functions(connection: Any, _: Any) -> None:
    """SQLite folds the case of ASCII letters only; the gateway compares all of them."""
    connection.create_function(
        "gateway_lower", 1, lambda v: None if v is None else str(v).lower(), deterministic=True
    )


def _record(row: Mapping[str, Any], spec: Table) -> Record:
    return {
        name: value.rstrip(" ") if spec.columns[name] == "char" and value is not None else value
        for name, value in row.items()
    }


class Statements:
    """Queries as SQL expressions. Every value is a bound parameter."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._aliases = 0

    def rows(self, collection: str, query: Query, skip: int, limit: int) -> Select[Any]:
        """One page of records."""
        source = self._from(collection)
        spec = self._tables[collection]
        names = [n for n in spec.columns if not query.fields or n in query.fields]
        order = [source.c[name].desc().nulls_last() for name in query.order]
        return (
            select(*(source.c[name] for name in names))
            .where(self._where(query.where, collection, source))
            .order_by(*order)
            .limit(limit)
            .offset(skip)
        )

    def count(self, collection: str, where: Condition) -> Select[Any]:
        """How many records there are, as ``total``."""
        source = self._from(collection)
        condition = self._where(where, collection, source)
        return select(func.count().label("total")).select_from(source).where(condition)

    def _from(self, collection: str) -> FromClause:
        spec = self._tables[collection]
        self._aliases += 1
        return table(
            spec.table or collection, *map(column, spec.columns), schema=spec.db_schema
        ).alias(f"t{self._aliases}")

    def _where(
        self, condition: Condition, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        match condition:
            case All(parts):
                return and_(true(), *(self._where(p, collection, source) for p in parts))
            case AnyOf(parts):
                return or_(false(), *(self._where(p, collection, source) for p in parts))
            case Exists():
                return self._exists(condition, collection, source)
            case _:
                kind = self._tables[collection].columns[condition.field]
                return _atom(condition, source.c[condition.field], kind)

    def _exists(
        self, condition: Exists, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        far = self._from(condition.collection)
        near_kind = self._tables[collection].columns[condition.field]
        far_kind = self._tables[condition.collection].columns[condition.far_field]
        link = _plain(far.c[condition.far_field], far_kind) == _plain(
            source.c[condition.field], near_kind
        )
        where = self._where(condition.where, condition.collection, far)
        found = exists(select(literal(1)).select_from(far).where(link, where))
        return not_(found) if condition.negated else found


def _plain(col: ColumnElement[Any], kind: ColumnType) -> ColumnElement[Any]:
    """The column without the padding that the database put behind it."""
    return func.rtrim(col) if kind == "char" else col


def _atom(
    atom: In | NotIn | Present | Absent | Compare | Contains | Pattern,
    col: ColumnElement[Any],
    kind: ColumnType,
) -> ColumnElement[bool]:
    plain = _plain(col, kind)
    match atom:
        case In(values=values):
            return plain.in_(_bound(values, kind))
        case NotIn(values=values):
            return or_(col.is_(None), plain.not_in(_bound(values, kind)))
        case Present():
            return not_(_absent(col, kind))
        case Absent():
            return _absent(col, kind)
        case Compare(op=op, value=value):
            return and_(not_(_absent(col, kind)), plain.op(op, is_comparison=True)(value))
        case Contains(text=text):
            return _like(col, kind, [text])
        case Pattern(fragments=fragments):
            return _like(col, kind, list(fragments))


def _absent(col: ColumnElement[Any], kind: ColumnType) -> ColumnElement[bool]:
    return col.is_(None) if kind == "integer" else or_(col.is_(None), func.trim(col) == "")


def _like(col: ColumnElement[Any], kind: ColumnType, fragments: list[str]) -> ColumnElement[bool]:
    parts = (f.lower().replace("/", "//").replace("%", "/%").replace("_", "/_") for f in fragments)
    pattern = "%" + "".join(part + "%" for part in parts)
    return and_(
        not_(_absent(col, kind)), func.gateway_lower(_plain(col, kind)).like(pattern, escape="/")
    )


def _bound(values: tuple[Scalar, ...], kind: ColumnType) -> list[Scalar]:
    """The values in the column's type; text that is no integer can never equal one."""
    if kind != "integer":
        return [str(v) for v in values]
    return [int(v) for v in values if _is_integer(v)]


def _is_integer(value: Scalar) -> bool:
    text = str(value)
    # Beyond 64 bits no column can hold it, and drivers refuse to bind it.
    return text.lstrip("-").isdecimal() and text == str(int(text)) and abs(int(text)) < 2**63
