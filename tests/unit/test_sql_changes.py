"""The statements by which each kind of database is changed, and what its refusals mean."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from adapters.base import Failure
from adapters.sql_changes import Changes
from adapters.sql_dialects import dialect
from adapters.sql_engine import connect_arguments, session
from adapters.sql_failures import failed_to_write
from adapters.sql_settings import Table
from tests.support.dialects import MARIADB, MSSQL, MYSQL, WRITERS, each_database, plain, written

TABLES: Final = {
    "ITEM": Table.model_validate(
        {
            "key": "ID",
            "columns": {"NAME": "char", "ID": "integer", "VERSION": "integer"},
            "write": {
                **dict.fromkeys(("create", "update", "delete"), True),
                "generated": "ID",
                "version": "VERSION",
                "counts": True,
            },
        }
    ),
    "LABEL": Table.model_validate(
        {
            "table": "LABELS",
            "schema": "KCC",
            "key": ["CODE", "NR"],
            "columns": {"WORD": "text", "NR": "integer", "CODE": "text"},
            "write": {"create": True, "update": True, "delete": True},
        }
    ),
}
CANARY: Final = "Kanarie-']"


def said(name: str, statement: Any) -> str:
    text, parameters = written(name, statement)
    assert "anarie" not in text
    assert CANARY in parameters.values()
    return plain(text)


INSERTED: Final = {
    "sqlite": "",  # the driver knows the last rowid
    "postgresql": " RETURNING ITEM.ID",
    "mssql": "",  # scope_identity()
    "mysql": "",  # last_insert_id()
    "mariadb": "",
    "oracle": " RETURNING ITEM.ID INTO ?",
}


@each_database
def test_a_key_that_the_database_makes_is_asked_back(name: str) -> None:
    made = Changes(TABLES, dialect(name)).insert("ITEM", {"NAME": CANARY})
    done, _, asked = said(name, made).partition("VALUES (?)")
    assert (done, asked) == ("INSERT INTO ITEM (NAME) ", INSERTED[name])
    compiled: Any = made.compile(dialect=WRITERS[name])
    assert compiled.postfetch_lastrowid is not INSERTED[name].startswith(" RETURNING")


@each_database
def test_a_key_that_is_given_is_written(name: str) -> None:
    values = {"CODE": "c", "NR": "5", "WORD": CANARY}
    text = said(name, Changes(TABLES, dialect(name)).insert("LABEL", values))
    assert text == "INSERT INTO KCC.LABELS (CODE, NR, WORD) VALUES (?, ?, ?)"


KEY: Final = {
    "sqlite": "CODE IN (?)",
    "postgresql": "CODE IN (?)",
    "oracle": "CODE IN (?)",
    "mssql": f"CODE IN (?) AND (CODE + ? {MSSQL}) IN (?)",
    "mysql": f"CODE IN (?) AND (CODE {MYSQL}) IN (?)",
    "mariadb": f"CODE IN (?) AND (CODE {MARIADB}) IN (?)",
}
ABSENT: Final = {
    "sqlite": "(WORD IS NULL OR trim(WORD) = ?)",
    "postgresql": "(WORD IS NULL OR trim(WORD) = ?)",
    "oracle": "trim(WORD) IS NULL",
    "mssql": f"(WORD IS NULL OR (trim(WORD) + ? {MSSQL}) = ?)",
    "mysql": f"(WORD IS NULL OR (trim(WORD) {MYSQL}) = ?)",
    "mariadb": f"(WORD IS NULL OR (trim(WORD) {MARIADB}) = ?)",
}


@each_database
def test_a_change_says_which_record_and_what_it_expects(name: str) -> None:
    changes, key = Changes(TABLES, dialect(name)), {"CODE": "c", "NR": 5}
    where = f"{ABSENT[name]} AND {KEY[name]} AND NR IN (?)"
    update = said(name, changes.update("LABEL", key, {"WORD": CANARY}, {"WORD": None}))
    assert halves(update) == ("UPDATE KCC.LABELS SET WORD=?", where)
    text, parameters = written(name, changes.delete("LABEL", key, {"WORD": ""}))
    assert halves(plain(text)) == ("DELETE FROM KCC.LABELS", where)
    assert 5 in parameters.values()


def halves(text: str) -> tuple[str, str]:
    """What is done, and where, without the name of the table before a column."""
    done, _, where = text.replace("KCC.LABELS.", "").partition(" WHERE ")
    return done, where


@each_database
def test_a_version_that_is_counted_goes_up_in_the_statement(name: str) -> None:
    changed = Changes(TABLES, dialect(name)).update("ITEM", {"ID": 1}, {"NAME": CANARY}, {})
    assert "VERSION=(coalesce(ITEM.VERSION, ?) + ?)" in said(name, changed)


@each_database
def test_connections_for_writing_are_not_those_for_reading(name: str) -> None:
    rules, url = dialect(name), make_url(f"{name}://db")
    for_reading = session(rules, 5), connect_arguments(url, 5)
    for_writing = session(rules, 5, writing=True), connect_arguments(url, 5, writing=True)
    assert "read_only" not in str(for_writing).lower().replace(" ", "_")
    assert for_reading != for_writing or name == "oracle"


class DriverError(Exception):
    """An error as a driver has it."""

    def __init__(self, *args: object, **known: object) -> None:
        super().__init__(*args)
        self.__dict__.update(known)


class OracleCode:
    full_code = "ORA-00001"


SAID: Final = {
    "unique, PostgreSQL": (DriverError("x", sqlstate="23505"), Failure.CONFLICT),
    "reference, PostgreSQL": (DriverError("x", sqlstate="23503"), Failure.CONFLICT),
    "null, PostgreSQL": (DriverError("x", sqlstate="23502"), Failure.REFUSED),
    "too long, PostgreSQL": (DriverError("x", sqlstate="22001"), Failure.REFUSED),
    "another type, PostgreSQL": (DriverError("x", sqlstate="42804"), Failure.REFUSED),
    "raised, PostgreSQL": (DriverError("x", sqlstate="P0001"), Failure.REFUSED),
    "deadlock, PostgreSQL": (DriverError("x", sqlstate="40P01"), Failure.THROTTLED),
    "cut short, PostgreSQL": (DriverError("x", sqlstate="57014"), Failure.TIMEOUT),
    "unique, SQL Server": (DriverError("23000", "[23000] [x]"), Failure.CONFLICT),
    "deadlock, SQL Server": (DriverError("40001", "[40001] [x]"), Failure.THROTTLED),
    "unique, MySQL": (DriverError(1062, "x"), Failure.CONFLICT),
    "too long, MySQL": (DriverError(1406, "x"), Failure.REFUSED),
    "deadlock, MySQL": (DriverError(1213, "x"), Failure.THROTTLED),
    "unique, Oracle": (DriverError(OracleCode()), Failure.CONFLICT),
    "busy, SQLite": (DriverError("x", sqlite_errorname="SQLITE_BUSY_SNAPSHOT"), Failure.THROTTLED),
    "check, SQLite": (
        DriverError("x", sqlite_errorname="SQLITE_CONSTRAINT_CHECK"),
        Failure.REFUSED,
    ),
}
SILENT: Final = {
    "connection lost": DriverError("x", sqlstate="08006"),
    "shut down": DriverError("x", sqlstate="57P01"),
    "disk full": DriverError("x", sqlstate="53100"),
    "does not know itself": DriverError("x", sqlstate="40003"),
    "something else": DriverError("gone"),
    "five letters": DriverError("08006"),
}


@pytest.mark.parametrize(("orig", "expected"), SAID.values(), ids=SAID)
@pytest.mark.parametrize("committing", [False, True])
def test_what_a_database_says_is_certain(
    orig: Exception, expected: Failure, committing: bool
) -> None:
    for kind in (IntegrityError, OperationalError):
        found = failed_to_write(kind("secret", None, orig), committing=committing)
        assert found.failure is expected
        assert "secret" not in found.note


@pytest.mark.parametrize("orig", SILENT.values(), ids=SILENT)
def test_at_a_commit_everything_else_is_unknown(orig: Exception) -> None:
    error = DBAPIError.instance("secret", None, sqlite3.OperationalError(), sqlite3.Error)
    assert failed_to_write(error, committing=True).failure is Failure.UNKNOWN
    error = OperationalError("secret", None, orig)
    assert failed_to_write(error, committing=True).failure is Failure.UNKNOWN
    assert failed_to_write(error, committing=False).failure is Failure.UNAVAILABLE
