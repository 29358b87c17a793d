"""Sample rows as an SQLite file."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from demo.tables import Table, ddl

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def build(path: Path, schema: Mapping[str, Table], rows: Rows, *, version: int = 0) -> None:
    """Write the rows to a new SQLite file at `path`, marked with `version`.

    The file appears at once: who reads while it is built sees the old file or the new one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        new = Path(folder) / path.name
        with closing(sqlite3.connect(new)) as connection, connection:
            # Nobody reads the file before it is complete, so there is nothing to roll back.
            connection.execute("PRAGMA journal_mode = OFF")
            for statement in ddl(schema):
                connection.execute(statement)
            for name, table in schema.items():
                # Names come from the schema; every value is a parameter.
                values = ", ".join(f":{column}" for column in table.columns)
                insert = f"INSERT INTO {name} VALUES ({values})"  # noqa: S608
                connection.executemany(insert, rows[name])
            connection.execute("ANALYZE")
            connection.execute(f"PRAGMA user_version = {version:d}")
        new.replace(path)


def ensure(
    path: Path, schema: Mapping[str, Table], version: int, generate: Callable[[], Rows]
) -> Path:
    """The path of an SQLite file of this version, built when it is not there.

    Who reads in it and who writes to it do not wait for each other (write-ahead log,
    https://sqlite.org/wal.html).
    """
    if _version_in(path) != version:
        for beside in ("-wal", "-shm"):
            # The log of an older file says nothing of this one.
            path.with_name(path.name + beside).unlink(missing_ok=True)
        build(path, schema, generate(), version=version)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    return path


def content_version(scale: object, *packages: str) -> int:
    """A number that changes when the scale or the code in the packages, which makes the rows,
    changes."""
    checksum = crc32(repr(scale).encode())
    for package in packages:
        sources = (entry for entry in files(package).iterdir() if entry.name.endswith(".py"))
        for entry in sorted(sources, key=lambda entry: entry.name):
            checksum = crc32(entry.read_bytes(), checksum)
    # SQLite keeps a signed number of 32 bits; 0 is what a file without version has.
    return (checksum & 0x7FFFFFFF) or 1


def _version_in(path: Path) -> int | None:
    """The version a file is marked with, None when there is no readable database."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return int(database.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError:
        return None
