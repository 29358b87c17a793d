"""Reading the text of query parameters, as Open Klant's filters read them.

All values come out as wire values (see ``gateway.standard.model``).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from gateway.standard.errors import Problem, echo, invalid
from gateway.standard.model import Filter, Reads

_TRUE: Final = ("true", "True", "TRUE", "1")
_FALSE: Final = ("false", "False", "FALSE", "0")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)

Value = str | bool | int | None | tuple[str, ...]


def read(spec: Filter, text: str) -> Value:
    """The value of a non-empty parameter.

    A uuid comes out in canonical form; a url as the uuid of its last segment, ``None`` when it
    has none (it then matches nothing). Raises ``Problem`` (400) naming the parameter.
    """
    if "\0" in text:
        raise invalid(
            spec.param, "null_characters_not_allowed", "Null-tekens zijn niet toegestaan."
        )
    match spec.reads:
        case Reads.TEXT:
            return text
        case Reads.LIST:
            return tuple(text.split(","))
        case Reads.CHOICE:
            if text not in spec.choices:
                raise invalid_choice(spec.param, text)
            return text
        case Reads.BOOLEAN:
            return _boolean(spec, text)
        case Reads.UUID:
            value = uuid_of(text)
            if value is None:
                raise _bad(spec, "Voer een geldige UUID in.")
            return value
        case Reads.URL:
            return _uuid_in_url(spec, text)
        case Reads.DATE:
            return _date(spec, text)
        case Reads.DATETIME:
            return _datetime(spec, text)


def invalid_choice(param: str, text: str) -> Problem:
    """The 400 of a value outside an enumeration."""
    return invalid(
        param,
        "invalid_choice",
        f"Selecteer een geldige keuze. {echo(text)} is geen beschikbare keuze.",
    )


def uuid_of(text: str) -> str | None:
    """The canonical form of a uuid in any spelling that Open Klant takes, else ``None``."""
    if not text.isascii():
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def datetime_text(moment: datetime) -> str:
    """An aware moment as the wire writes it: UTC with ``Z``, microseconds only if non-zero."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _bad(spec: Filter, reason: str) -> Problem:
    return invalid(spec.param, "invalid", reason)


def _boolean(spec: Filter, text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    # Open Klant ignores such a filter; a façade would then show what was not asked for.
    raise _bad(spec, "Must be a valid boolean.")


def _uuid_in_url(spec: Filter, text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", text):
        raise _bad(spec, "Voer een geldige URL in.")
    return uuid_of(parts.path.rstrip("/").rpartition("/")[2])


def _date(spec: Filter, text: str) -> str:
    if match := _DATE.fullmatch(text):
        y, m, d, d2, m2, y2 = match.groups()
        try:
            return date(int(y or y2), int(m or m2), int(d or d2)).isoformat()
        except ValueError:
            pass
    raise _bad(spec, "Voer een geldige datum in.")


def _datetime(spec: Filter, text: str) -> str:
    if _DATETIME.match(text):
        try:
            moment = datetime.fromisoformat(text)
            return datetime_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            pass
    raise _bad(spec, "Voer een geldige datum/tijd in.")
