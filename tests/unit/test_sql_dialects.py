"""The statements that each kind of database is sent. No server: what they find is for those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from adapters.base import Failure, Match, Operator, Query, SourceError
from adapters.conditions import (
    ALWAYS,
    NEVER,
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
)
from adapters.sql import SqlAdapter
from adapters.sql_dialects import dialect
from adapters.sql_engine import connect_arguments, session
from adapters.sql_failures import failure
from adapters.sql_order import Stretch, stretches
from adapters.sql_settings import Table
from adapters.sql_statements import Statements
from tests.support.dialects import MARIADB, MSSQL, MYSQL, each_database, plain, written

TABLES: Final = {
    "ITEM": Table.model_validate(
        {
            "key": "ID",
            "columns": {"ID": "integer", "NAME": "char", "CODE": "text", "NR": "integer"},
        }
    ),
    "LABEL": Table.model_validate(
        {
            "table": "LABELS",
            "schema": "KCC",
            "key": "CODE",
            "columns": {"CODE": "text", "PAD": "char", "NR": "integer"},
        }
    ),
    "VIEW": Table.model_validate(
        {"query": "SELECT 'a:b' AS CODE", "key": "CODE", "columns": {"CODE": "text"}}
    ),
}
CANARY: Final = "Kanarie-é%_/['\"]"
NUMBER: Final = 918273645


def rows(name: str, where: Condition, collection: str = "ITEM", **query: Any) -> tuple[str, Any]:
    """The statement for a page of the first records, on one line, and its parameters."""
    stretch, *_ = stretches(Query(where, **query), TABLES[collection].key)
    return written(name, Statements(TABLES, dialect(name)).rows(collection, stretch, 20, 10))


def condition(name: str, where: Condition) -> str:
    """What a statement says after WHERE, without names of parameters, quotes and aliases."""
    text, _ = rows(name, where)
    found = re.search(r" WHERE (.*) ORDER BY ", text)
    assert found
    return plain(found[1])


CONDITIONS: Final[Mapping[str, Condition]] = {
    "in": In("CODE", (CANARY, "b")),
    "in, padded": In("NAME", (CANARY,)),
    "in, number": In("NR", (NUMBER, str(NUMBER + 1))),
    "in, nothing": In("CODE", ()),
    "not in": NotIn("CODE", (CANARY,)),
    "not in, padded": NotIn("NAME", (CANARY,)),
    "not in, nothing": NotIn("CODE", ()),
    "present": Present("CODE"),
    "absent": Absent("NAME"),
    "absent, number": Absent("NR"),
    "compare": Compare("CODE", ">=", CANARY),
    "compare, number": Compare("NR", "<", NUMBER),
    "compare, number as text": Compare("NR", "<", CANARY),
    "contains": Contains("NAME", CANARY),
    "contains, number": Contains("NR", CANARY),
    "pattern": Pattern("CODE", (CANARY, "x")),
    "exists": Exists("CODE", "LABEL", "CODE", In("NR", (NUMBER,))),
    "exists, of another type": Exists("NR", "LABEL", "CODE", In("PAD", (CANARY,)), negated=True),
    "exists, in a query": Exists("CODE", "VIEW", "CODE", Contains("CODE", CANARY)),
    "always": ALWAYS,
    "never": NEVER,
    "all": All((In("CODE", (CANARY,)), AnyOf((Absent("NR"), NEVER)))),
}


@each_database
@pytest.mark.parametrize("where", CONDITIONS.values(), ids=CONDITIONS)
def test_every_value_is_a_parameter(name: str, where: Condition) -> None:
    for text, _ in (
        rows(name, where, order=("CODE", "NR")),
        written(name, Statements(TABLES, dialect(name)).count("ITEM", Stretch(where))),
    ):
        assert "anarie" not in text.lower()
        assert str(NUMBER)[:-1] not in text


@each_database
def test_the_values_are_among_the_parameters(name: str) -> None:
    _, params = rows(name, All((In("NR", (NUMBER,)), In("CODE", ("a",)))))
    assert {NUMBER, "a." if name == "mssql" else "a"} <= set(params.values())


@each_database
@pytest.mark.parametrize("where", CONDITIONS.values(), ids=CONDITIONS)
def test_no_words_for_truth_are_needed(name: str, where: Condition) -> None:
    """Oracle (before 23) and SQL Server have no true and false, nor take 1 and 0 for them."""
    text, _ = rows(name, where)
    assert not re.search(r"\b(true|false)\b|(WHERE|AND|OR|NOT) \(?[01](?! !?=)", text)


# --- equality -------------------------------------------------------------------------------------

EQUAL: Final = {
    # The same bytes are equal and others are not; nothing to add.
    "sqlite": "CODE IN (?, ?)",
    "postgresql": "CODE IN (?, ?)",
    "oracle": "CODE IN (?, ?)",
    # By code point, and by a length that padding does not reach; the index is on the bare column.
    "mssql": f"CODE IN (?, ?) AND (CODE + ? {MSSQL}) IN (?, ?)",
    "mysql": f"CODE IN (?, ?) AND (CODE {MYSQL}) IN (?, ?)",
    "mariadb": f"CODE IN (?, ?) AND (CODE {MARIADB}) IN (?, ?)",
}
EQUAL_PADDED: Final = {
    "sqlite": "rtrim(NAME) IN (?)",
    "postgresql": "CAST(NAME AS BPCHAR) IN (?) AND rtrim(NAME) IN (?)",
    "oracle": "rtrim(NAME) IN (?)",
    "mssql": f"NAME IN (?) AND (rtrim(NAME) + ? {MSSQL}) IN (?)",
    "mysql": f"(rtrim(NAME) {MYSQL}) IN (?)",
    "mariadb": f"(rtrim(NAME) {MARIADB}) IN (?)",
}
NOT_EQUAL: Final = {
    "sqlite": "rtrim(NAME) IS NULL OR (rtrim(NAME) NOT IN (?))",
    "postgresql": "rtrim(NAME) IS NULL OR (rtrim(NAME) NOT IN (?))",
    # Padding alone is null once it is taken away.
    "oracle": "rtrim(NAME) IS NULL OR (rtrim(NAME) NOT IN (?))",
    "mssql": f"rtrim(NAME) IS NULL OR ((rtrim(NAME) + ? {MSSQL}) NOT IN (?))",
    "mysql": f"rtrim(NAME) IS NULL OR ((rtrim(NAME) {MYSQL}) NOT IN (?))",
    "mariadb": f"rtrim(NAME) IS NULL OR ((rtrim(NAME) {MARIADB}) NOT IN (?))",
}


@each_database
def test_equal_is_the_same_character_for_character(name: str) -> None:
    assert condition(name, In("CODE", ("a", "B "))) == EQUAL[name]
    assert condition(name, In("NAME", ("a",))) == EQUAL_PADDED[name]
    assert condition(name, NotIn("NAME", ("a",))) == NOT_EQUAL[name]


@each_database
def test_numbers_are_compared_as_they_are(name: str) -> None:
    assert condition(name, In("NR", (1, "2"))) == "NR IN (?, ?)"
    assert condition(name, Compare("NR", ">", 1)) == "NR IS NOT NULL AND (NR > ?)"


def test_sql_server_is_told_where_text_ends() -> None:
    _, params = rows("mssql", In("CODE", ("a", "B ")))
    assert sorted(map(str, params.values()))[:1] == ["."]
    assert {"a", "B ", "a.", "B ."} <= set(params.values())


@each_database
@pytest.mark.parametrize(
    "where",
    [
        In("CODE", ("", " ", "   ")),  # blank is absent, which equals nothing
        In("NAME", ("a ", "")),  # padding is taken away before it is compared
        In("NR", ("05", "5.0", "x", "", "9" * 30)),
    ],
)
def test_what_a_column_cannot_equal_is_not_asked(name: str, where: In) -> None:
    assert condition(name, where) == "1 = 0"
    assert condition(name, NotIn(where.field, where.values)).endswith("IS NULL OR 1 != 0")


@each_database
def test_postgresql_is_told_that_numbers_may_be_large(name: str) -> None:
    text, _ = rows(name, In("NR", (1, 2**40)))
    assert ("BIGINT" in text) is (name == "postgresql")


def test_no_more_values_are_asked_for_than_a_statement_takes() -> None:
    """SQL Server takes 2100 parameters; a list of values is sent twice."""
    made = SqlAdapter.create({"url": "env:NOWHERE", "dialect": "mssql"}, ONE_TABLE)
    assert made.collections["A"].max_in * 2 * 4 < 2100


# --- absent ---------------------------------------------------------------------------------------

ABSENT: Final = {
    "sqlite": "CODE IS NULL OR trim(CODE) = ?",
    "postgresql": "CODE IS NULL OR trim(CODE) = ?",
    # Empty text is null, so nothing equals it.
    "oracle": "trim(CODE) IS NULL",
    "mssql": f"CODE IS NULL OR (trim(CODE) + ? {MSSQL}) = ?",
    "mysql": f"CODE IS NULL OR (trim(CODE) {MYSQL}) = ?",
    "mariadb": f"CODE IS NULL OR (trim(CODE) {MARIADB}) = ?",
}


@each_database
def test_absent_is_null_or_blank(name: str) -> None:
    assert condition(name, Absent("CODE")) == ABSENT[name]
    assert condition(name, Absent("NR")) == "NR IS NULL"
    present = "trim(CODE) IS NOT NULL" if name == "oracle" else f"NOT ({ABSENT[name]})"
    assert condition(name, Present("CODE")) == present


@each_database
def test_absent_values_lead_nowhere(name: str) -> None:
    text = condition(name, Exists("CODE", "LABEL", "CODE", ALWAYS))
    assert condition(name, Present("CODE")) in text


# --- contains -------------------------------------------------------------------------------------

FOLDED: Final = {
    "sqlite": "gateway_lower(rtrim(NAME)) LIKE ? ESCAPE '/'",
    "postgresql": "lower(rtrim(NAME) COLLATE und-x-icu) LIKE ? ESCAPE '/'",
    "oracle": "lower(rtrim(NAME)) LIKE ? ESCAPE '/'",
    "mssql": "lower(rtrim(NAME)) LIKE ? ESCAPE '/'",
    "mysql": "lower(rtrim(NAME)) LIKE ? ESCAPE '/'",
    "mariadb": "lower(rtrim(NAME)) LIKE ? ESCAPE '/'",
}


@each_database
def test_contains_looks_past_case(name: str) -> None:
    assert condition(name, Contains("NAME", "x")).endswith(f" AND {FOLDED[name]}")


def pattern(name: str, *fragments: str) -> str:
    _, params = rows(name, Pattern("CODE", fragments))
    return next(v for v in params.values() if "%" in str(v))


@each_database
def test_what_means_something_in_a_pattern_is_escaped(name: str) -> None:
    opening = "/[" if name == "mssql" else "["
    assert pattern(name, "A%", r"_/\[b]") == rf"%a/%%/_//\{opening}b]%"


@each_database
def test_letters_that_not_every_database_folds_alike(name: str) -> None:
    exact = name in ("sqlite", "postgresql")
    assert pattern(name, "İzmir") == ("%i\u0307zmir%" if exact else "%%zmir%")
    assert pattern(name, "ΑΣ") == ("%ας%" if exact else "%α%%")
    assert pattern(name, "Straße") == ("%straße%" if exact else "%stra%e%")
    assert pattern(name, "ÉÉN") == "%één%"


@each_database
def test_a_database_that_cannot_fold_every_letter_says_so(name: str) -> None:
    exact = name in ("sqlite", "postgresql")
    guaranteed = dialect(name).filters
    assert guaranteed[Operator.CONTAINS] is (Match.EXACT if exact else Match.SUPERSET)
    assert guaranteed[Operator.PATTERN] is guaranteed[Operator.CONTAINS]
    assert guaranteed[Operator.ALIKE] is guaranteed[Operator.CONTAINS]
    others = set(Operator) - {Operator.CONTAINS, Operator.ALIKE, Operator.PATTERN}
    assert {guaranteed[operator] for operator in others} == {Match.EXACT}


# --- order and pages ------------------------------------------------------------------------------


def order(name: str, **query: Any) -> str:
    """What a statement for the first records says after ORDER BY."""
    text, _ = rows(name, ALWAYS, **query)
    return plain(text.partition(" ORDER BY ")[2])


COLLATE: Final = {
    "sqlite": "",
    "postgresql": " COLLATE C",
    "oracle": "",
    "mssql": f" {MSSQL}",
    "mysql": f" {MYSQL}",
    "mariadb": f" {MARIADB}",
}
PAGE: Final = {
    "sqlite": "LIMIT ? OFFSET ?",
    "postgresql": "LIMIT ? OFFSET ?",
    "oracle": "OFFSET 20 ROWS FETCH FIRST 10 ROWS ONLY",
    "mssql": "OFFSET ? ROWS FETCH FIRST ? ROWS ONLY",
    "mysql": "LIMIT ?, ?",
    "mariadb": "LIMIT ?, ?",
}
HIGH: Final = ("postgresql", "oracle")
"""Where null is the highest value, and has to be put last in so many words."""


@each_database
def test_the_order_is_by_character_and_then_by_key(name: str) -> None:
    assert order(name, order=("CODE",)) == f"CODE{COLLATE[name]} DESC, ID DESC {PAGE[name]}"


@each_database
def test_a_second_field_that_is_absent_comes_last(name: str) -> None:
    found = order(name, order=("NR", "CODE", "ID"))
    last = " NULLS LAST" if name in HIGH else ""
    assert found.startswith(f"NR DESC, CASE WHEN ({condition(name, Present('CODE'))}) THEN")
    assert found.endswith(f" THEN CODE{COLLATE[name]} END DESC{last}, ID DESC {PAGE[name]}")
    found = order(name, order=("CODE", "NR", "ID"))
    assert found == f"CODE{COLLATE[name]} DESC, NR DESC{last}, ID DESC {PAGE[name]}"


@each_database
def test_backwards_is_the_opposite_order(name: str) -> None:
    query = Query(order=("CODE", "NR", "ID"), backwards=True)
    absent, present = stretches(query, ("ID",))
    first = " NULLS FIRST" if name in HIGH else ""
    make = Statements(TABLES, dialect(name))
    text, _ = written(name, make.rows("ITEM", absent, 20, 10))
    assert f" ORDER BY NR ASC{first}, ID ASC {PAGE[name]}" in plain(text)
    text, _ = written(name, make.rows("ITEM", present, 20, 10))
    assert f" ORDER BY CODE{COLLATE[name]} ASC, NR ASC{first}, ID ASC {PAGE[name]}" in plain(text)


@each_database
def test_a_place_is_a_range_of_what_orders(name: str) -> None:
    query = Query(order=("CODE", "NR", "ID"), after=(CANARY, NUMBER, 7))
    stretch, _ = stretches(query, ("ID",))
    text, params = written(name, Statements(TABLES, dialect(name)).rows("ITEM", stretch, 20, 10))
    code = f"(CODE{COLLATE[name]})" if COLLATE[name] else "CODE"
    assert (
        plain(text)
        .partition(" ORDER BY ")[0]
        .endswith(
            f" AND {code} <= ? AND ({code} < ? OR {code} = ? AND (NR IS NULL"
            f" OR NR < ?) OR {code} = ? AND NR = ? AND ID < ?)"
        )
    )
    assert {CANARY, NUMBER, 7} <= set(params.values())
    assert "anarie" not in text


@each_database
def test_a_place_before_is_a_range_too(name: str) -> None:
    query = Query(order=("NR", "CODE", "ID"), after=(NUMBER, None, 7), backwards=True)
    (stretch,) = stretches(query, ("ID",))
    text, _ = written(name, Statements(TABLES, dialect(name)).rows("ITEM", stretch, 20, 10))
    found = re.search(r" AND NR >= \? AND (.*) ORDER BY ", plain(text))
    assert found
    there, blank = condition(name, Present("CODE")), condition(name, Absent("CODE"))
    blank = blank if name == "oracle" else f"({blank})"
    assert found[1] == f"(NR > ? OR NR = ? AND {there} OR NR = ? AND {blank} AND ID > ?)"


def test_a_place_without_a_value_is_in_the_last_stretch() -> None:
    query = Query(order=("CODE", "NR", "ID"), after=("  ", 3, 7))
    assert stretches(query, ("ID",)) == [
        Stretch(Absent("CODE"), ("NR", "ID"), frozenset({"ID"}), (3, 7))
    ]


def test_the_key_alone_is_always_there() -> None:
    assert stretches(Query(order=("ID",), after=(7,)), ("ID",)) == [
        Stretch(ALWAYS, ("ID",), frozenset({"ID"}), (7,))
    ]


@each_database
def test_before_and_after_are_in_that_order(name: str) -> None:
    assert f"(CODE{COLLATE[name]} < ?" in condition(name, Compare("CODE", "<", "b"))


@each_database
def test_names_are_quoted_and_colons_are_kept(name: str) -> None:
    opening, closing = {"mssql": "[]", "mysql": "``", "mariadb": "``"}.get(name, '""')
    text, _ = rows(name, ALWAYS, "LABEL")
    assert f"{opening}KCC{closing}.{opening}LABELS{closing}" in text
    text, _ = rows(name, ALWAYS, "VIEW")
    assert "SELECT 'a:b' AS CODE" in text


# --- connections ----------------------------------------------------------------------------------


def test_postgresql_is_read_only_and_bounded_from_the_first_statement() -> None:
    given = connect_arguments(make_url("postgresql+asyncpg://"), 2.5)
    assert given["timeout"] == 2.5
    assert given["server_settings"]["default_transaction_read_only"] == "on"
    assert given["server_settings"]["statement_timeout"] == "2500"


@each_database
def test_what_a_new_session_is_told(name: str) -> None:
    told = {
        "mysql": ["SET SESSION TRANSACTION READ ONLY", "SET SESSION max_execution_time = 2500"],
        "mariadb": [
            "SET SESSION TRANSACTION READ ONLY",
            "SET SESSION max_statement_time = 2.5",
            "SET SESSION optimizer_switch = 'subquery_cache=off'",
        ],
        "oracle": ["ALTER SESSION SET NLS_COMP = BINARY NLS_SORT = BINARY"],
    }
    assert list(session(dialect(name), 2.5)) == told.get(name, [])


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ValueError, match="onbekende database `db2`"):
        dialect("db2")


ONE_TABLE: Final = {"A": {"key": "A", "columns": {"A": "text"}}}


@pytest.mark.parametrize(
    ("url", "name"),
    [("postgresql+asyncpg://db", "oracle"), ("sqlite+aiosqlite://", "mssql")],
)
async def test_rules_of_another_database_are_refused(
    url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError, match="andere database"):
        SqlAdapter.create({"url": url, "dialect": name}, ONE_TABLE)
    monkeypatch.setenv("SOME_URL", url)
    adapter = SqlAdapter.create({"url": "env:SOME_URL", "dialect": name}, ONE_TABLE)
    with pytest.raises(SourceError) as caught:
        await adapter.check()
    assert caught.value.failure is Failure.UNAVAILABLE


def test_mariadb_may_have_a_url_of_mysql() -> None:
    SqlAdapter.create({"url": "mysql+aiomysql://db", "dialect": "mariadb"}, ONE_TABLE)


async def test_a_driver_that_is_not_installed_makes_a_source_unavailable() -> None:
    adapter = SqlAdapter.create({"url": "mysql+asyncmy://db"}, ONE_TABLE)
    with pytest.raises(SourceError) as caught:
        await adapter.check()
    assert caught.value.failure is Failure.UNAVAILABLE
    assert caught.value.note == "ModuleNotFoundError"


class DriverError(Exception):
    """An error as a driver has it."""

    def __init__(self, *args: object, sqlstate: str | None = None) -> None:
        super().__init__(*args)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("kind", "orig", "expected"),
    [
        (DBAPIError, DriverError("secret", sqlstate="57014"), Failure.TIMEOUT),
        (DBAPIError, DriverError("secret", sqlstate="57P01"), Failure.UNAVAILABLE),
        (DBAPIError, DriverError("secret", sqlstate="53300"), Failure.UNAVAILABLE),
        (DBAPIError, DriverError("secret", sqlstate="28P01"), Failure.REFUSED),
        (ProgrammingError, DriverError("secret", sqlstate="42501"), Failure.REFUSED),
        (ProgrammingError, DriverError("secret", sqlstate="42P01"), Failure.BAD_DATA),
        (OperationalError, DriverError(3024, "secret"), Failure.TIMEOUT),
        (OperationalError, DriverError(1969, "secret"), Failure.TIMEOUT),
        (OperationalError, DriverError("secret"), Failure.UNAVAILABLE),
        (ProgrammingError, DriverError(["secret"]), Failure.BAD_DATA),
        (DBAPIError, DriverError(), Failure.BAD_DATA),
    ],
)
def test_what_an_error_says(kind: type[DBAPIError], orig: Exception, expected: Failure) -> None:
    found, note = failure(kind("secret", None, orig))
    assert found is expected
    assert note.startswith("DriverError")
    assert "secret" not in note
