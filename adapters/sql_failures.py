"""What an error of a database driver says about the source, and about what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.base import Failure, SourceError

CAUGHT: Final = (SQLAlchemyError, OSError)
"""What comes out of a call to a database that fails."""

NO_ENGINE: Final = (*CAUGHT, KeyError, ImportError)
"""What comes out when there is no url, or no driver for it."""

_FAILURES: Final[Mapping[str | int, Failure]] = {
    # PostgreSQL, by SQLSTATE or its first two characters: a statement cut short, no rights, no
    # such account; no connection, no such database, too many connections, shutting down.
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "57014": Failure.TIMEOUT,
    "42501": Failure.REFUSED,
    "28": Failure.REFUSED,
    "08": Failure.UNAVAILABLE,
    "3D": Failure.UNAVAILABLE,
    "53": Failure.UNAVAILABLE,
    "57": Failure.UNAVAILABLE,
    # A statement cut short in MySQL and in MariaDB.
    3024: Failure.TIMEOUT,
    1969: Failure.TIMEOUT,
}

_OF_WRITES: Final[Mapping[str | int, Failure]] = {
    # By SQLSTATE, which PostgreSQL and SQL Server give: no value, or one that a check refuses; a
    # double, or a reference that leads nowhere; what does not fit in its type; a trigger says no;
    # transactions in each other's way, after which one of them may try again (of 40003 the
    # database itself does not know). A lock that is held, a standby, a pause that was too long.
    "23502": Failure.REFUSED,
    "23514": Failure.REFUSED,
    "23": Failure.CONFLICT,
    "22": Failure.REFUSED,
    "42804": Failure.REFUSED,
    "P0": Failure.REFUSED,
    "40": Failure.THROTTLED,
    "40003": Failure.UNAVAILABLE,
    "55P03": Failure.THROTTLED,
    "25006": Failure.REFUSED,
    "25P03": Failure.TIMEOUT,
    # https://www.sqlite.org/rescode.html
    "SQLITE_CONSTRAINT_UNIQUE": Failure.CONFLICT,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Failure.CONFLICT,
    "SQLITE_CONSTRAINT_ROWID": Failure.CONFLICT,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Failure.CONFLICT,
    "SQLITE_CONSTRAINT": Failure.REFUSED,
    "SQLITE_MISMATCH": Failure.REFUSED,
    "SQLITE_TOOBIG": Failure.REFUSED,
    "SQLITE_READONLY": Failure.REFUSED,
    "SQLITE_BUSY": Failure.THROTTLED,
    # MySQL and MariaDB. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
    1062: Failure.CONFLICT,
    1451: Failure.CONFLICT,
    1452: Failure.CONFLICT,
    1048: Failure.REFUSED,
    1264: Failure.REFUSED,
    1364: Failure.REFUSED,
    1366: Failure.REFUSED,
    1406: Failure.REFUSED,
    1644: Failure.REFUSED,
    3819: Failure.REFUSED,
    4025: Failure.REFUSED,
    1044: Failure.REFUSED,
    1142: Failure.REFUSED,
    1143: Failure.REFUSED,
    1205: Failure.THROTTLED,
    1213: Failure.THROTTLED,
    # Oracle. https://docs.oracle.com/en/error-help/db/
    "ORA-00001": Failure.CONFLICT,
    "ORA-02291": Failure.CONFLICT,
    "ORA-02292": Failure.CONFLICT,
    "ORA-01031": Failure.REFUSED,
    "ORA-01400": Failure.REFUSED,
    "ORA-01407": Failure.REFUSED,
    "ORA-01438": Failure.REFUSED,
    "ORA-02290": Failure.REFUSED,
    "ORA-12899": Failure.REFUSED,
    "ORA-00054": Failure.THROTTLED,
    "ORA-00060": Failure.THROTTLED,
    "ORA-08177": Failure.THROTTLED,
}

_SAID: Final = frozenset({Failure.CONFLICT, Failure.REFUSED, Failure.THROTTLED, Failure.TIMEOUT})
"""What a database says of a transaction that it did not commit."""


def failed(error: Exception) -> SourceError:
    """A question that failed with one of ``CAUGHT`` or ``NO_ENGINE``."""
    if isinstance(error, PoolTimeout):
        return SourceError(Failure.TIMEOUT, "no connection became free")
    if isinstance(error, TimeoutError):
        return SourceError(Failure.TIMEOUT, "no connection could be made")
    if isinstance(error, DBAPIError):
        return SourceError(*failure(error))
    return SourceError(Failure.UNAVAILABLE, type(error).__name__)


def failed_to_write(error: Exception, *, committing: bool) -> SourceError:
    """A change that failed with one of ``CAUGHT``.

    ``committing``: when the database had been asked to commit. Then only what the database itself
    says makes it certain that it did not. Before that nothing stays of a transaction that fails.
    """
    found = failed(error)
    if isinstance(error, DBAPIError):
        code = next((code for code in _codes(error) if code in _OF_WRITES), None)
        if code is not None:
            found = SourceError(_OF_WRITES[code], found.note)
    sure = found.failure in _SAID and isinstance(error, DBAPIError)
    if committing and not sure:
        return SourceError(Failure.UNKNOWN, f"{found.note} at commit")
    return found


def failure(error: DBAPIError) -> tuple[Failure, str]:
    """What an error of the driver says about the source, and a note of it without any value."""
    state = getattr(error.orig, "sqlstate", None) or ""
    note = f"{type(error.orig).__name__} {state}".rstrip()
    for code in _codes(error):
        if code in _FAILURES:
            return _FAILURES[code], note
    gone = error.connection_invalidated or "Operational" in type(error).__name__
    return Failure.UNAVAILABLE if gone else Failure.BAD_DATA, note


def _codes(error: DBAPIError) -> Iterator[str | int]:
    """By what an error is known, the most precise first: SQLSTATE and its class, the number or
    SQLSTATE that comes first among its arguments, Oracle's code, SQLite's name and its first two
    words."""
    first = next(iter(getattr(error.orig, "args", ())), None)
    code = getattr(first, "full_code", None)
    name = getattr(error.orig, "sqlite_errorname", None)
    for state in (getattr(error.orig, "sqlstate", None), first):
        if isinstance(state, str) and len(state) == 5 and state.isalnum():
            yield from (state, state[:2])
        elif isinstance(state, int):
            yield state
    if isinstance(code, str):
        yield code
    if isinstance(name, str):
        yield from (name, "_".join(name.split("_")[:2]))
