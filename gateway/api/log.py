"""Structured logs: one JSON object a line. Values of parameters, bodies and records never enter.

A traceback is reduced to the type of the error and the places in the code: messages and source
lines of libraries can hold what was asked.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

LOGGER = logging.getLogger("gateway")

# ASCII, so that nothing in a line can steer a terminal.
_JSON = json.JSONEncoder(ensure_ascii=True, default=str)


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: time (UTC), level, event, and the fields given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= describe(record.exc_info[1])
        return _JSON.encode(line)


def describe(error: BaseException) -> dict[str, Any]:
    """An error without its message: type and places, and those of what caused it."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "error": type(error).__name__,
        "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames[-12:]],
    }
    if isinstance(error, BaseExceptionGroup):
        told["errors"] = [describe(e) for e in error.exceptions]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = describe(cause)
    return told


def configure(level: str) -> None:
    """Log to standard output in this form; nothing else writes its own."""
    # Of no use here, and found out anew for each line: what thread, process, task and caller wrote
    # it (https://docs.python.org/3/howto/logging.html#optimization).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if sys.version_info >= (3, 12):
        logging.logAsyncioTasks = False
    logging._srcfile = None
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # These print urls, statements or parameters; an adapter from elsewhere may use them too.
    for name in ("uvicorn.access", "httpx", "httpcore", "sqlalchemy.engine", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.WARNING)


def event(name: str, level: int = logging.INFO, **fields: Any) -> None:
    """Log one event with its fields."""
    LOGGER.log(level, name, extra={"fields": fields})


def failure(name: str, error: BaseException, **fields: Any) -> None:
    """Log an unexpected error."""
    LOGGER.error(name, exc_info=error, extra={"fields": fields})
