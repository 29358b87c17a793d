"""The query string: lenient in how it is written, strict in what it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from gateway.federation.listing import Asked
from gateway.standard.errors import NOT_FOUND, Problem
from gateway.standard.model import Resource
from gateway.standard.question import unknown_parameters
from gateway.standard.values import invalid_choice

Pairs = Sequence[tuple[str, str]]

DEFAULT_SIZE: Final = 100
MAX_SIZE: Final = 500
CURSOR: Final = "_c"
"""Reserved, in the links to the next and the previous page: where that page begins."""

_PAGING: Final = ("page", "pageSize")


@dataclass(frozen=True, slots=True)
class ForList:
    """What a list's query string asks."""

    asked: Asked
    expand: tuple[str, ...]


def pairs(query: str) -> Pairs:
    """Names and values of a query string, empty values kept.

    A question mark too many is dropped: KISS sends ``??``.
    """
    return parse_qsl(query.lstrip("?"), keep_blank_values=True, errors="replace")


def for_list(resource: Resource, given: Pairs) -> ForList:
    """The parameters of a list. Raises ``Problem`` 400 (unknown, expand) or 404 (page)."""
    _refuse_unknown(resource, given, {CURSOR, *(f.param for f in resource.filters)})
    last = dict(given)
    filters = [(name, value) for name, value in given if resource.filter(name)]
    expand = _expand(resource, given)
    number, size = _page(last.get("page", "")), _size(last.get("pageSize", ""))
    return ForList(Asked(filters, number, size, last.get(CURSOR, "")), expand)


def for_detail(resource: Resource, given: Pairs) -> tuple[str, ...]:
    """The expand paths of a detail; page and pageSize are known there but mean nothing."""
    _refuse_unknown(resource, given, set())
    return _expand(resource, given)


def _refuse_unknown(resource: Resource, given: Pairs, filters: set[str]) -> None:
    known = {*_PAGING, *filters, *(("expand",) if resource.expand else ())}
    unknown = dict.fromkeys(name for name, _ in given if name not in known)
    if unknown:
        raise unknown_parameters(unknown)


def _expand(resource: Resource, given: Pairs) -> tuple[str, ...]:
    paths = [p for name, value in given if name == "expand" for p in value.split(",") if p]
    for path in paths:
        if path not in resource.expand:
            raise invalid_choice("expand", path)
    return tuple(dict.fromkeys(paths))


def _page(text: str) -> int | None:
    """Empty is page 1, ``last`` the last one; anything but a number from 1 is no page."""
    text = text.strip()
    if text == "last":
        return None
    number = _number(text) if text else 1
    if number is None or number < 1:
        raise Problem(NOT_FOUND, "Ongeldige pagina.")
    return number


def _size(text: str) -> int:
    number = _number(text.strip())
    return min(number, MAX_SIZE) if number and number > 0 else DEFAULT_SIZE


def _number(text: str) -> int | None:
    # Python limits how long a number it reads; nobody has a page of that many digits.
    try:
        return int(text) if len(text) <= 18 else None
    except ValueError:
        return None


def page_url(url: str, given: Pairs, number: int, cursor: str | None = None) -> str:
    """The url of another page: all parameters kept, sorted by name; page 1 goes without number and
    without cursor, for there is no other place to begin."""
    kept = [(name, value) for name, value in given if name not in ("page", CURSOR)]
    if number > 1:
        kept.append(("page", str(number)))
        kept += [(CURSOR, cursor)] if cursor else []
    kept.sort(key=lambda pair: pair[0])
    return f"{url}?{urlencode(kept)}" if kept else url


def names(given: Pairs) -> Iterable[str]:
    """The names of the parameters, for the log."""
    return dict.fromkeys(name for name, _ in given)
