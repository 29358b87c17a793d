"""SQL databases, through SQLAlchemy.

Every column of a described table can be asked for with every operator, joined by *exists*, and
ordered; pages and totals are the database's own, and a page can begin at any place in the order
(``adapters.sql_order``). Connections are read-only where the database can promise that.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Select,
    and_,
    column,
    event,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.sql.selectable import FromClause

from adapters.base import Collection, Failure, Page, Paging, Query, SourceError
from adapters.concurrency import together
from adapters.conditions import (
    Absent,
    All,
    AnyOf,
    Atom,
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
from adapters.sql_dialects import (
    TYPES,
    Column,
    ColumnType,
    Dialect,
    connect_arguments,
    dialect,
    failure,
    session,
)
from adapters.sql_order import Sorted, Stretch, beyond, stretches

Rows = Sequence[Mapping[str, Any]]

_MAX_ROWS = 10_000
_MAX_SKIP = 2**62


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _url(value: Any) -> Any:
    """A literal url may not hold a password."""
    given = str(value)
    if given.startswith(("env:", "file:")):
        return SecretReference(given)
    try:
        url = make_url(given)
    except ArgumentError:
        raise ValueError("geen SQLAlchemy-url") from None
    if url.password:
        raise ValueError("zet een url met een wachtwoord in `env:NAAM` of `file:pad`")
    return url


class Options(Closed):
    """``url``: an SQLAlchemy url with an async driver, or a reference to one; ``dialect`` then
    says which database it is."""

    url: Annotated[URL | SecretReference, PlainValidator(_url)]
    dialect: str | None = None
    connections: int = Field(5, ge=1)
    statement_seconds: float = Field(5, gt=0)

    @model_validator(mode="after")
    def _known_dialect(self) -> Options:
        if self.dialect is None and isinstance(self.url, SecretReference):
            raise ValueError("geef bij een verwijzing naar een url ook `dialect`")
        rules = self.rules()
        if isinstance(self.url, URL) and not _suits(rules, self.url):
            raise ValueError("de url is van een andere database dan `dialect` zegt")
        return self

    def rules(self) -> Dialect:
        """The rules of this kind of database. Raises ``ValueError`` when it is not known."""
        if self.dialect is not None:
            return dialect(self.dialect)
        assert isinstance(self.url, URL)
        return dialect(self.url.get_backend_name())

    def target(self) -> URL:
        """Where the database is. Raises ``KeyError``, ``OSError`` or ``ArgumentError``."""
        url = self.url
        if isinstance(url, SecretReference):
            url = make_url(url.reveal())
            if not _suits(self.rules(), url):
                raise ArgumentError("the url is of another database than `dialect` says")
        return url


def _suits(rules: Dialect, url: URL) -> bool:
    """Whether these are the rules of the database at a url. MariaDB has urls of MySQL too."""
    name = url.get_backend_name()
    return rules.name == name or {rules.name, name} == {"mysql", "mariadb"}


class Table(Closed):
    """One table, view, or read-only ``query``. ``char``: text that the database pads."""

    table: str | None = None
    query: str | None = Field(None, pattern=r"(?is)^\s*(select|with)\b[^;]*$")
    db_schema: str | None = Field(None, alias="schema")
    columns: dict[str, ColumnType] = Field(min_length=1)
    key: Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]

    @field_validator("key")
    @classmethod
    def _are_columns(cls, value: list[str], info: ValidationInfo) -> list[str]:
        strange = [name for name in value if name not in info.data.get("columns", value)]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `columns`")
        return value


class SqlAdapter:
    """One database. Made with ``create``."""

    options_model: ClassVar[type[BaseModel]] = Options

    def __init__(self, options: Options, tables: Mapping[str, Table]) -> None:
        self._options = options
        self._tables = tables
        self._rules = options.rules()
        self._engine: AsyncEngine | None = None
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
        return Page([_record(row, spec) for row in rows], more, total)

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

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    async def _fetch(self, statement: Select[Any]) -> Rows:
        try:
            engine = await self._connected()
            async with engine.connect() as connection:
                result = await connection.execute(statement)
                return [row._mapping for row in result]
        except PoolTimeout:
            raise SourceError(Failure.TIMEOUT, "no connection became free") from None
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT, "no connection could be made") from None
        except DBAPIError as error:
            raise SourceError(*failure(error)) from None
        except (SQLAlchemyError, OSError, KeyError, ImportError) as error:
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
    engine = create_async_engine(
        url,
        pool_size=options.connections,
        max_overflow=0,
        pool_timeout=options.statement_seconds,
        pool_pre_ping=not sqlite,
        hide_parameters=True,
        connect_args=connect_arguments(url, options.statement_seconds),
    )
    if sqlite:
        event.listen(engine.sync_engine, "connect", _sqlite_functions)
    statements = session(options.rules(), options.statement_seconds)

    @event.listens_for(engine.sync_engine, "connect")
    def begin(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return engine


def _sqlite_functions(connection: Any, _: Any) -> None:
    """SQLite folds the case of ASCII letters only; the gateway compares all of them."""
    connection.create_function(
        "gateway_lower", 1, lambda v: None if v is None else str(v).lower(), deterministic=True
    )


def _record(row: Mapping[str, Any], spec: Table) -> Record:
    return {name: _value(value, spec.columns[name]) for name, value in row.items()}


def _value(value: Any, kind: ColumnType) -> Any:
    """A value without padding; a whole number out of a NUMERIC column is an integer."""
    if kind == "char" and isinstance(value, str):
        return value.rstrip(" ")
    if kind == "integer" and isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


class Statements:
    """Queries as SQL expressions. Every value is a bound parameter."""

    def __init__(self, tables: Mapping[str, Table], rules: Dialect) -> None:
        self._tables = tables
        self._rules = rules
        self._aliases = 0

    def rows(
        self,
        collection: str,
        stretch: Stretch,
        skip: int,
        limit: int,
        fields: frozenset[str] = frozenset(),
    ) -> Select[Any]:
        """Records of a stretch, with all columns or some ``fields``."""
        source = self._from(collection)
        names = [n for n in self._tables[collection].columns if not fields or n in fields]
        order = [
            column.clause(self._rules, backwards=stretch.backwards)
            for column in self._sorted(collection, stretch, source)
        ]
        return (
            select(*(source.c[name] for name in names))
            .where(self._within(collection, stretch, source))
            .order_by(*order)
            .limit(limit)
            .offset(skip)
        )

    def count(self, collection: str, stretch: Stretch) -> Select[Any]:
        """How many records there are in a stretch, as ``total``."""
        source = self._from(collection)
        found = self._within(collection, stretch, source)
        return select(func.count().label("total")).select_from(source).where(found)

    def _within(self, collection: str, stretch: Stretch, source: FromClause) -> ColumnElement[bool]:
        where = self._where(stretch.where, collection, source)
        if not stretch.after:
            return where
        columns = self._sorted(collection, stretch, source)
        place = beyond(self._rules, columns, stretch.after, backwards=stretch.backwards)
        return and_(where, place)

    def _sorted(self, collection: str, stretch: Stretch, source: FromClause) -> list[Sorted]:
        kinds = self._tables[collection].columns
        return [Sorted(source.c[n], kinds[n], n in stretch.present) for n in stretch.order]

    def _from(self, collection: str) -> FromClause:
        spec = self._tables[collection]
        self._aliases += 1
        name = f"t{self._aliases}"
        columns: list[ColumnClause[Any]] = [
            column(name, TYPES[kind]) for name, kind in spec.columns.items()
        ]
        if spec.query is not None:
            # Colons would be read as parameters.
            return text(spec.query.replace(":", r"\:")).columns(*columns).subquery(name)
        return table(spec.table or collection, *columns, schema=spec.db_schema).alias(name)

    def _where(
        self, condition: Condition, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        match condition:
            case All(parts) | AnyOf(parts):
                together = and_ if isinstance(condition, All) else or_
                wheres = [self._where(p, collection, source) for p in parts]
                return together(*wheres) if wheres else _is(isinstance(condition, All))
            case Exists():
                return self._exists(condition, collection, source)
            case _:
                kind = self._tables[collection].columns[condition.field]
                return self._atom(condition, source.c[condition.field], kind)

    def _exists(
        self, condition: Exists, collection: str, source: FromClause
    ) -> ColumnElement[bool]:
        rules, beyond = self._rules, self._from(condition.collection)
        here: Column = source.c[condition.field]
        there: Column = beyond.c[condition.far_field]
        kind = self._tables[collection].columns[condition.field]
        far_kind = self._tables[condition.collection].columns[condition.far_field]
        parts = [self._where(condition.where, condition.collection, beyond)]
        if kind != "integer":
            parts.append(rules.present(here, kind))
        if kind != far_kind:
            here, there = rules.text(here, kind), rules.text(there, far_kind)
            kind = far_kind = "text"
        parts.append(rules.exactly(there, far_kind) == rules.exactly(here, kind))
        found = exists(select(literal(1)).select_from(beyond).where(*parts))
        return not_(found) if condition.negated else found

    def _atom(self, atom: Atom, col: Column, kind: ColumnType) -> ColumnElement[bool]:
        rules = self._rules
        match atom:
            case In(values=values):
                bound = _bound(values, kind)
                near = rules.near(col, kind)
                found = self._one_of(col, kind, bound)
                return found if near is None or not bound else and_(near.in_(bound), found)
            case NotIn(values=values):
                found = self._one_of(col, kind, _bound(values, kind))
                return or_(rules.plain(col, kind).is_(None), not_(found))
            case Present():
                return rules.present(col, kind)
            case Absent():
                return rules.absent(col, kind)
            case Compare(op=op, value=value):
                compared = rules.ordered(col, kind)
                if kind == "integer" and isinstance(value, str):
                    compared = rules.ordered(rules.text(col, kind), "text")
                ordered = compared.op(op, is_comparison=True)(value)
                return and_(rules.present(col, kind), ordered)
            case Contains(text=part):
                return self._like(col, kind, [part])
            case Pattern(fragments=fragments):
                return self._like(col, kind, fragments)

    def _one_of(
        self, col: Column, kind: ColumnType, values: Sequence[Scalar]
    ) -> ColumnElement[bool]:
        if not values:
            return _is(False)
        return self._rules.exactly(col, kind).in_([self._rules.value(v, kind) for v in values])

    def _like(self, col: Column, kind: ColumnType, fragments: Iterable[str]) -> ColumnElement[bool]:
        pattern = "%" + "".join(self._rules.pattern(f) + "%" for f in fragments)
        found = self._rules.folded(col, kind).like(pattern, escape="/")
        return and_(self._rules.present(col, kind), found)


def _is(truth: bool) -> ColumnElement[bool]:
    """True or false, also where the database has no words for them."""
    return literal_column("1") == literal_column("1" if truth else "0")


def _bound(values: Iterable[Scalar], kind: ColumnType) -> list[Scalar]:
    """The values that a column of this type can equal, in that type: none is blank, none in
    padded text ends with a space, and an integer is written as one."""
    texts = map(str, values)
    if kind == "integer":
        return [int(v) for v in texts if _is_integer(v)]
    return [v for v in texts if v.strip(" ") and not (kind == "char" and v.endswith(" "))]


def _is_integer(value: str) -> bool:
    # Beyond 64 bits no column can hold it, and drivers refuse to bind it.
    found = re.fullmatch(r"0|-?[1-9]\d{0,18}", value, re.ASCII)
    return found is not None and abs(int(value)) < 2**63
