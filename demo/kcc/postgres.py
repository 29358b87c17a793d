"""The sample rows in a PostgreSQL database.

``CHAR(n)`` is CHAR(n) there, so what is shorter is really padded; names keep their capitals.
"""

from collections.abc import Iterable

import asyncpg

from demo.kcc.data import Tables
from demo.kcc.schema import SCHEMA


async def load(dsn: str, rows: Tables) -> None:
    """Make the tables anew, with these rows in them, in the database at ``dsn``.

    All or nothing: who reads meanwhile sees the old tables or the new ones.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            for name in SCHEMA:
                await connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            for statement in ddl():
                await connection.execute(statement)
            for name, table in SCHEMA.items():
                await connection.copy_records_to_table(
                    name,
                    columns=list(table.columns),
                    records=[tuple(row[column] for column in table.columns) for row in rows[name]],
                )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def ddl() -> list[str]:
    """The statements of ``schema.ddl``, with the names in quotes."""
    tables, indexes = [], []
    for name, table in SCHEMA.items():
        parts = [f'"{column}" {kind}' for column, kind in table.columns.items()]
        parts.append(f"PRIMARY KEY ({_quoted(table.key)})")
        tables.append(f'CREATE TABLE "{name}" ({", ".join(parts)})')
        for columns in (*table.references, *table.indexes):
            indexes.append(f'CREATE INDEX ON "{name}" ({_quoted(columns.split(", "))})')
    return tables + indexes


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
