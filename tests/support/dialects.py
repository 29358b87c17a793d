"""What SQLAlchemy writes for each kind of database, without a server or a driver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
from sqlalchemy.dialects.mssql.base import MSDialect
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.dialects.oracle.base import OracleDialect
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect as Writer

from adapters.sql_dialects import DIALECTS


def _writers() -> Mapping[str, Writer]:
    mssql = MSDialect()
    mssql._supports_offset_fetch = True  # as it finds on connecting to any server since 2012
    return {
        "sqlite": SQLiteDialect(),
        "postgresql": PGDialect_asyncpg(),
        "mssql": mssql,
        "mysql": MySQLDialect(),
        "mariadb": MySQLDialect(is_mariadb=True),
        "oracle": OracleDialect(),
    }


WRITERS: Final = _writers()

# By code point, where a column may have another collation of its own.
MSSQL: Final = "COLLATE Latin1_General_100_BIN2"
MYSQL: Final = "COLLATE utf8mb4_0900_bin"
MARIADB: Final = "COLLATE utf8mb4_nopad_bin"

each_database = pytest.mark.parametrize("name", DIALECTS)


def written(name: str, statement: Any) -> tuple[str, Any]:
    compiled = statement.compile(dialect=WRITERS[name], compile_kwargs={"render_postcompile": True})
    return re.sub(r"\s+", " ", str(compiled)), compiled.params


def plain(text: str) -> str:
    """A statement without names of parameters, quotes and aliases."""
    text = re.sub(r"(?<!\w)(:\w+|%s|\$\d+(::\w+)?)", "?", text)
    return re.sub(r'["`\[\]]', "", re.sub(r"\bt\d+\.", "", text))
