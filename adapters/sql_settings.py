"""What a gemeente and a supplier write down of a SQL database: how to reach it, and its tables."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.secrets import SecretReference
from adapters.settings import Closed
from adapters.sql_dialects import ColumnType, Dialect, dialect


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


Names = Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]
"""Columns; one may be written without a list."""


class Writing(Closed):
    """What may be written in a table; see ``adapters.base.Writes``. ``counts``: the version is a
    number, and each update by the gateway adds one to it; otherwise the database changes it."""

    create: bool = False
    update: bool = False
    delete: bool = False
    generated: Names = Field(default_factory=list)
    natural: Names = Field(default_factory=list)
    version: str | None = None
    counts: bool = False
    lengths: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.counts and self.version is None:
            raise ValueError("`counts` zegt iets over `version`, en die is er niet")
        if not self.create and (self.generated or self.natural):
            raise ValueError("`generated` en `natural` horen bij `create: true`")
        if both := sorted({*self.generated} & {*self.natural}):
            raise ValueError(f"`{both[0]}` staat onder `generated` en onder `natural`")
        return self


class Table(Closed):
    """One table, view, or read-only ``query``. ``char``: text that the database pads. ``write``:
    what may be written, ``None``: nothing."""

    table: str | None = None
    query: str | None = Field(None, pattern=r"(?is)^\s*(select|with)\b[^;]*$")
    db_schema: str | None = Field(None, alias="schema")
    columns: dict[str, ColumnType] = Field(min_length=1)
    key: Names
    write: Writing | None = None

    @field_validator("key")
    @classmethod
    def _are_columns(cls, value: list[str], info: ValidationInfo) -> list[str]:
        strange = [name for name in value if name not in info.data.get("columns", value)]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `columns`")
        return value

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        write = self.write
        if write is None:
            return self
        if self.query is not None:
            raise ValueError("in een `query` kan niet worden geschreven")
        version = [] if write.version is None else [write.version]
        for word, names in {
            "generated": write.generated,
            "natural": write.natural,
            "version": version,
            "lengths": list(write.lengths),
        }.items():
            if strange := [name for name in names if name not in self.columns]:
                raise ValueError(f"`{strange[0]}` onder `{word}` staat niet onder `columns`")
        if strange := [name for name in write.generated if name not in self.key]:
            raise ValueError(f"`{strange[0]}` onder `generated` staat niet onder `key`")
        if strange := [name for name in version if name in self.key]:
            raise ValueError(f"`{strange[0]}` onder `version` staat onder `key`")
        if write.counts and self.columns[version[0]] != "integer":
            raise ValueError("`counts` kan alleen met een `version` van type integer")
        if strange := [name for name in write.lengths if self.columns[name] == "integer"]:
            raise ValueError(f"`{strange[0]}` onder `lengths` is een getal")
        return self
