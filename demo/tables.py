"""The tables of a sample database as data, and the SQL that makes them in SQLite."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One table: its columns in order with SQL types, its key, its references and its indexes.

    `references` says which column of which table a column points at. The sample databases never
    declare these as constraints; they are indexed and they are what the sample rows keep to. With
    `numbered` the database itself gives a new row its key, a number that was never used before.
    """

    columns: dict[str, str]
    key: tuple[str, ...]
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    indexes: tuple[str, ...] = ()
    numbered: bool = False


def ddl(schema: Mapping[str, Table]) -> list[str]:
    """The statements that create all tables and then their indexes, in SQLite.

    The key of a table that is `numbered` is its first column.
    """
    tables, indexes = [], []
    for name, table in schema.items():
        columns = [f"{column} {kind}" for column, kind in table.columns.items()]
        if table.numbered:
            # Without AUTOINCREMENT SQLite would give the number of a deleted row to a new one.
            columns[0] += " PRIMARY KEY AUTOINCREMENT"
        else:
            columns.append(f"PRIMARY KEY ({', '.join(table.key)})")
        tables.append(f"CREATE TABLE {name} ({', '.join(columns)})")
        for column in (*table.references, *table.indexes):
            index = f"IX_{name}_{column.replace(', ', '_')}"
            indexes.append(f"CREATE INDEX {index} ON {name} ({column})")
    return tables + indexes
