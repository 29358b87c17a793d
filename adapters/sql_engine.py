"""Connections to a SQL database: those that can only read, and those for writing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.sql_dialects import Dialect
from adapters.sql_settings import Options

# These tell each statement with its values.
for _talker in ("aiosqlite", "sqlalchemy.engine"):
    logging.getLogger(_talker).setLevel(logging.WARNING)

LOCKED: Final = 0.8
"""The share of a statement's time that it waits for a lock, so that who waits hears that somebody
else is at work, before the statement is cut short as if the database were not there."""


def make_engine(options: Options, *, writing: bool = False) -> AsyncEngine:
    """An engine, without a connection yet. Connections are read-only, where the database can
    promise that, unless they are for ``writing``.

    Raises what ``sql_failures.NO_ENGINE`` names.
    """
    url, seconds = options.target(), options.statement_seconds
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database:
        # Without a mode SQLite would make an empty database where there is none.
        url = url.set(database=f"file:{url.database}").update_query_dict(
            {"mode": "rw" if writing else "ro", "uri": "true"}
        )
    engine = create_async_engine(
        url,
        # SQLite has one writer at a time; here they queue, at its lock they would throng.
        pool_size=1 if sqlite and writing else options.connections,
        max_overflow=0,
        pool_timeout=seconds,
        pool_pre_ping=not sqlite,
        hide_parameters=True,
        connect_args=connect_arguments(url, seconds, writing=writing),
    )
    if sqlite:
        event.listen(engine.sync_engine, "connect", _sqlite_functions)
    if sqlite and writing:
        event.listen(engine.sync_engine, "connect", _sqlite_transactions)
        event.listen(engine.sync_engine, "begin", _sqlite_begin)
    statements = session(options.rules(), seconds, writing=writing)

    @event.listens_for(engine.sync_engine, "connect")
    def begin(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return engine


def connect_arguments(url: URL, seconds: float, *, writing: bool = False) -> dict[str, Any]:
    """Driver arguments that make connections read-only, unless they are for ``writing``, and
    bound each statement in time."""
    match url.get_backend_name():
        case "postgresql":
            milliseconds = str(round(seconds * 1000))
            mode = {"default_transaction_read_only": "on"}
            if writing:
                mode = {
                    "lock_timeout": str(round(seconds * LOCKED * 1000)),
                    # Should the gateway stop in the middle, others get their locks back.
                    "idle_in_transaction_session_timeout": milliseconds,
                }
            return {
                "timeout": seconds,
                "server_settings": {
                    **mode,
                    "statement_timeout": milliseconds,
                    "application_name": "klantinteracties-gateway",
                },
            }
        case "sqlite" if writing:
            return {"timeout": seconds * LOCKED}
    return {}


def session(rules: Dialect, seconds: float, *, writing: bool = False) -> Sequence[str]:
    """What a new connection is told where that is no driver argument.

    SQL Server and Oracle know no session that only reads: there the account has to be such.
    Where text that is too long may be cut, it is refused (``sql_mode``); where a failed statement
    leaves the transaction standing, it goes as a whole (``XACT_ABORT``).
    https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time,
    https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict,
    https://mariadb.com/kb/en/aborting-statements/, https://mariadb.com/kb/en/subquery-cache/,
    https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/NLS_COMP.html,
    https://learn.microsoft.com/sql/t-sql/statements/set-xact-abort-transact-sql,
    .../set-lock-timeout-transact-sql
    """
    milliseconds = round(seconds * 1000)
    access = ["SET SESSION TRANSACTION READ ONLY"]
    if writing:
        access = [
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
            f"SET SESSION innodb_lock_wait_timeout = {max(1, int(seconds * LOCKED))}",
        ]
    match rules.name:
        case "mysql":
            return [*access, f"SET SESSION max_execution_time = {milliseconds}"]
        case "mariadb":
            return [
                *access,
                f"SET SESSION max_statement_time = {seconds}",
                # It keeps what a subquery gave by the collation of the column, not the one told.
                "SET SESSION optimizer_switch = 'subquery_cache=off'",
            ]
        case "oracle":
            return ["ALTER SESSION SET NLS_COMP = BINARY NLS_SORT = BINARY"]
        case "mssql" if writing:
            return ["SET XACT_ABORT ON", f"SET LOCK_TIMEOUT {round(milliseconds * LOCKED)}"]
    return []


def _sqlite_functions(connection: Any, _: Any) -> None:
    """SQLite folds the case of ASCII letters only; the gateway compares all of them."""
    connection.create_function(
        "gateway_lower", 1, lambda v: None if v is None else str(v).lower(), deterministic=True
    )


def _sqlite_transactions(connection: Any, _: Any) -> None:
    """The driver begins no transaction of its own, and references between tables are kept.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-serializable,
    https://www.sqlite.org/foreignkeys.html#fk_enable
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    """What is read in a transaction that will write is not changed by another one meanwhile: who
    becomes a writer only later fails when somebody else was first.
    https://www.sqlite.org/lang_transaction.html"""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
