"""The rows of the KCC as an SQLite file."""

from pathlib import Path

from demo import sqlite

from .data import FULL, Scale, Tables, shared
from .schema import SCHEMA


def build(path: Path, rows: Tables) -> None:
    """Write the rows to a new SQLite file at `path`."""
    sqlite.build(path, SCHEMA, rows)


def ensure(path: Path, scale: Scale = FULL) -> Path:
    """The path of an SQLite file with today's rows of this scale, built when it is not there."""
    version = sqlite.content_version(scale, "demo", "demo.kcc")
    return sqlite.ensure(path, SCHEMA, version, lambda: shared(scale))
