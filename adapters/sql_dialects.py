"""What differs between databases in a comparison: case, padding, empty text, order.

A comparison has to mean the same everywhere: text is equal when it is the same, character for
character, and *contains* looks past the case of every letter. Where a database compares otherwise
by default (SQL Server and MySQL ignore case, some pad with spaces), it is told not to; where it
cannot be told, the answer is declared a superset and the gateway looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    cast,
    collate,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy.types import TypeEngine, UserDefinedType

from adapters.base import Match, Operator

ColumnType = Literal["integer", "text", "char"]
Column = ColumnElement[Any]

TYPES: Mapping[ColumnType, TypeEngine[Any]] = {
    # Wide enough for whatever a smaller column is compared with.
    "integer": BigInteger(),
    "text": String(),
    "char": String(),
}


_IN_ANY_CASE = (Operator.CONTAINS, Operator.ALIKE, Operator.PATTERN)


class _Padded(UserDefinedType[str]):
    """PostgreSQL's CHAR of any length: spaces at the end mean nothing in it."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "BPCHAR"


class _AsCompared(UserDefinedType[str]):
    """A text that takes the type of what it is compared with: it is sent without one."""

    cache_ok = True


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of database.

    ``binary``: the collation in which only the same text is equal, ``None`` when that is so by
    default. ``ordering``: the collation that orders by character, where it is not ``binary``.
    ``folding``: the collation whose ``lower`` knows all letters. ``pads``: equality
    passes over spaces at the end, in that collation too. ``padded``: the type in which it does,
    where other types do not. ``empty_is_null``: the database has no empty text. ``nulls_high``:
    nulls order above all values. ``wildcards``: what means more
    than itself in a pattern. ``contains``: what *contains* guarantees. ``most``: the longest list
    of values in one question.
    """

    name: str
    binary: str | None = None
    ordering: str | None = None
    folding: str | None = None
    lower: str = "lower"
    pads: bool = False
    padded: TypeEngine[Any] | None = None
    empty_is_null: bool = False
    nulls_high: bool = False
    wildcards: str = "%_"
    contains: Match = Match.SUPERSET
    most: int = 500

    @property
    def filters(self) -> Mapping[Operator, Match]:
        """What a condition on a column guarantees."""
        exact = dict.fromkeys(Operator, Match.EXACT)
        return exact | dict.fromkeys(_IN_ANY_CASE, self.contains)

    def plain(self, column: Column, kind: ColumnType) -> Column:
        """A column as it compares: without padding that the database put behind it."""
        return func.rtrim(column, type_=String()) if kind == "char" else column

    def text(self, column: Column, kind: ColumnType) -> Column:
        """A column as text, an integer too."""
        return cast(column, String(40)) if kind == "integer" else self.plain(column, kind)

    def exactly(self, column: Column, kind: ColumnType) -> Column:
        """A column that equals only what is the same, character for character."""
        return column if kind == "integer" else self._exact(self.plain(column, kind))

    def _exact(self, text: Column) -> Column:
        if self.pads:
            text = text + literal(".")
        return collate(text, self.binary) if self.binary else text

    def value(self, value: str | int, kind: ColumnType) -> str | int:
        """A value to compare with what ``exactly`` gives."""
        return f"{value}." if self.pads and kind != "integer" else value

    def near(self, column: Column, kind: ColumnType) -> Column | None:
        """A column that equals at least what ``exactly`` does, for which the database can use an
        index; ``None`` when ``exactly`` is as good."""
        if kind == "char" and self.padded is not None:
            return cast(column, self.padded)
        usable = kind == "text" or (kind == "char" and self.pads)
        return column if self.binary and usable else None

    def folded(self, column: Column, kind: ColumnType) -> Column:
        """A column in lower case."""
        text = self.text(column, kind)
        if self.folding:
            text = collate(text, self.folding)
        lower: Column = getattr(func, self.lower)(text, type_=String())
        return lower

    def pattern(self, fragment: str) -> str:
        """Part of a LIKE pattern (with ``/`` to escape) that finds this in what is folded."""
        text = fragment.lower()
        if self.contains is not Match.EXACT:
            # Not the same everywhere is what İ, Σ and ẞ become in lower case.
            for letter in ("i\u0307", "σ", "ς", "ß"):
                text = text.replace(letter, "\0")
        for special in ("/", *self.wildcards):
            text = text.replace(special, "/" + special)
        return text.replace("\0", "%") if self.contains is not Match.EXACT else text

    def absent(self, column: Column, kind: ColumnType) -> ColumnElement[bool]:
        """Null, or text of spaces only."""
        if kind == "integer":
            return column.is_(None)
        trimmed = func.trim(column, type_=String())
        if self.empty_is_null:
            return trimmed.is_(None)
        return or_(column.is_(None), self._exact(trimmed) == self.value("", kind))

    def present(self, column: Column, kind: ColumnType) -> ColumnElement[bool]:
        """The opposite."""
        return not_(self.absent(column, kind))

    def ordered(self, column: Column, kind: ColumnType) -> Column:
        """A column that orders character by character, whatever the language of the database."""
        plain = self.plain(column, kind)
        collation = self.ordering or self.binary
        return collate(plain, collation) if collation and kind != "integer" else plain

    def place(self, value: str | int, kind: ColumnType) -> Column:
        """A value of a column, to compare with what ``ordered`` gives as it orders itself."""
        if self.padded is not None and kind != "integer":
            # Beside VARCHAR a CHAR column becomes text: spaces then count, and no index fits.
            return literal(value, _AsCompared())
        return literal(value, TYPES[kind])


# Nulls are the lowest values in SQLite, SQL Server, MySQL and MariaDB, the highest in PostgreSQL
# and Oracle. What else stands here, and where the makers say so:
DIALECTS: Mapping[str, Dialect] = {
    # Text is compared byte by byte (BINARY); its own lower() knows ASCII only.
    # https://www.sqlite.org/datatype3.html#collation, https://www.sqlite.org/lang_corefunc.html
    "sqlite": Dialect("sqlite", lower="gateway_lower", contains=Match.EXACT),
    # Equal is the same bytes, in every collation but a nondeterministic one; in CHAR, and there
    # only, spaces at the end do not count.
    # https://www.postgresql.org/docs/current/collation.html, .../datatype-character.html
    "postgresql": Dialect(
        "postgresql",
        ordering="C",
        folding="und-x-icu",
        padded=_Padded(),
        nulls_high=True,
        contains=Match.EXACT,
    ),
    # Equality pads the shorter text, LIKE does not and gives [ a meaning; BIN2 compares code
    # points; 2100 parameters is all that one statement takes.
    # https://learn.microsoft.com/sql/t-sql/language-elements/string-comparison-assignment,
    # .../like-transact-sql, https://learn.microsoft.com/sql/relational-databases/collations/
    # collation-and-unicode-support, https://learn.microsoft.com/sql/sql-server/
    # maximum-capacity-specifications-for-sql-server
    "mssql": Dialect(
        "mssql", binary="Latin1_General_100_BIN2", pads=True, wildcards="%_[", most=200
    ),
    # This collation (from 8.0.17 on) does not pad, utf8mb4_bin does. It is one of utf8mb4: text
    # that a database keeps otherwise has to come out of a view that converts it.
    # https://dev.mysql.com/doc/refman/8.4/en/charset-unicode-sets.html
    "mysql": Dialect("mysql", binary="utf8mb4_0900_bin"),
    # The same, under its own name (from 10.2 on).
    # https://mariadb.com/kb/en/supported-character-sets-and-collations/
    "mariadb": Dialect("mariadb", binary="utf8mb4_nopad_bin"),
    # Empty text is null; text is compared without padding as soon as one side is VARCHAR2, which
    # a parameter is; by bytes because the session says so (``sql_engine.session``).
    # https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Nulls.html,
    # .../Data-Type-Comparison-Rules.html
    "oracle": Dialect("oracle", empty_is_null=True, nulls_high=True),
}


def dialect(name: str) -> Dialect:
    """The rules of a database by SQLAlchemy's name. Raises ``ValueError`` for another one."""
    if name not in DIALECTS:
        raise ValueError(f"onbekende database `{name}`; wel bekend: {', '.join(DIALECTS)}")
    return DIALECTS[name]
