"""What differs between databases: case, padding, empty text, order, and how to be read-only.

A comparison has to mean the same everywhere: text is equal when it is the same, character for
character, and *contains* looks past the case of every letter. Where a database compares otherwise
by default (SQL Server and MySQL ignore case, some pad with spaces), it is told not to; where it
cannot be told, the answer is declared a superset and the gateway looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, UnaryExpression, collate, func, literal, or_
from sqlalchemy.engine import URL

from adapters.base import Match, Operator

ColumnType = Literal["integer", "text", "char"]
Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of database.

    ``binary``: the collation in which only the same text is equal, ``None`` when that is so by
    default. ``ordering``: the collation that orders by character, where it is not ``binary``.
    ``folding``: the collation whose ``lower`` knows all letters. ``pads``: equality
    passes over spaces at the end. ``empty_is_null``: the database has no empty text.
    ``nulls_last``: whether a descending order has to be told to put nulls last. ``contains``:
    what *contains* guarantees.
    """

    name: str
    binary: str | None = None
    ordering: str | None = None
    folding: str | None = None
    lower: str = "lower"
    pads: bool = False
    empty_is_null: bool = False
    nulls_last: bool = False
    contains: Match = Match.SUPERSET

    @property
    def filters(self) -> Mapping[Operator, Match]:
        """What a condition on a column guarantees."""
        exact = dict.fromkeys(Operator, Match.EXACT)
        return exact | {Operator.CONTAINS: self.contains, Operator.PATTERN: self.contains}

    def plain(self, column: Column, kind: ColumnType) -> Column:
        """A column as it compares: without padding that the database put behind it."""
        return func.rtrim(column) if kind == "char" else column

    def exactly(self, column: Column, kind: ColumnType) -> Column:
        """A column that equals only what is the same, character for character."""
        plain = self.plain(column, kind)
        if kind == "integer":
            return plain
        if self.pads:
            plain = plain + literal(".")
        return collate(plain, self.binary) if self.binary else plain

    def value(self, value: str | int, kind: ColumnType) -> str | int:
        """A value to compare with what ``exactly`` gives."""
        return f"{value}." if self.pads and kind != "integer" else value

    def folded(self, column: Column, kind: ColumnType) -> Column:
        """A column in lower case."""
        plain = self.plain(column, kind)
        if self.folding and kind != "integer":
            plain = collate(plain, self.folding)
        lower: Column = getattr(func, self.lower)(plain)
        return lower

    def absent(self, column: Column, kind: ColumnType) -> ColumnElement[bool]:
        """Null, or text of spaces only."""
        if kind == "integer":
            return column.is_(None)
        if self.empty_is_null:
            return func.trim(column).is_(None)
        return or_(column.is_(None), func.trim(column) == "")

    def ordered(self, column: Column, kind: ColumnType) -> Column:
        """A column that orders character by character, whatever the language of the database."""
        plain = self.plain(column, kind)
        collation = self.ordering or self.binary
        return collate(plain, collation) if collation and kind != "integer" else plain

    def newest_first(self, column: Column, kind: ColumnType) -> UnaryExpression[Any]:
        """Descending, absent values last."""
        falling = self.ordered(column, kind).desc()
        return falling.nulls_last() if self.nulls_last else falling


DIALECTS: Mapping[str, Dialect] = {
    "sqlite": Dialect("sqlite", lower="gateway_lower", nulls_last=True, contains=Match.EXACT),
    "postgresql": Dialect(
        "postgresql",
        ordering="C",
        folding="und-x-icu",
        nulls_last=True,
        contains=Match.EXACT,
    ),
    "mssql": Dialect("mssql", binary="Latin1_General_100_BIN2", pads=True),
    "mysql": Dialect("mysql", binary="utf8mb4_0900_bin"),
    "mariadb": Dialect("mariadb", binary="utf8mb4_nopad_bin"),
    "oracle": Dialect("oracle", empty_is_null=True, nulls_last=True),
}


def dialect(name: str) -> Dialect:
    """The rules of a database by SQLAlchemy's name. Raises ``ValueError`` for another one."""
    if name not in DIALECTS:
        raise ValueError(f"onbekende database `{name}`; wel bekend: {', '.join(DIALECTS)}")
    return DIALECTS[name]


def connect_arguments(url: URL, seconds: float) -> dict[str, Any]:
    """Driver arguments that make connections read-only and bound each statement in time."""
    if url.get_backend_name() == "postgresql":
        milliseconds = str(round(seconds * 1000))
        return {
            "timeout": seconds,
            "server_settings": {
                "default_transaction_read_only": "on",
                "statement_timeout": milliseconds,
                "application_name": "klantinteracties-gateway",
            },
        }
    return {}
