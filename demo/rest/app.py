"""A plain REST service on the sample rows: one collection per table, few filters, no joins.

It does little on purpose: no sorting, no counts, no choice of page size, and rows in an order
that means nothing. It does say so when it is asked for something it cannot do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from secrets import compare_digest
from typing import Any
from zlib import crc32

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.kcc.data import Row, Tables
from demo.kcc.schema import SCHEMA
from demo.tables import Table

MAX_VALUES = 20

# The only columns of the KCC that can be asked for, by equality.
FILTERS: dict[str, tuple[str, ...]] = {
    "KLANT": ("KLANT_ID", "BSN", "KVK_NR", "RSIN", "VEST_NR", "HOOFD_KLANT", "SRT"),
    "KLANT_ADRES": ("ADRES_ID", "KLANT_ID"),
    "CONTACT": (
        "CONTACT_ID",
        "KLANT_ID",
        "CONTACT_NR",
        "REF_NR",
        "MDW_CODE",
        "VORIG_ID",
        "KANAAL_CD",
    ),
    "CONTACT_ZAAK": ("CONTACT_ID", "ZAAK_NR", "ZAAK_GUID"),
    "CONTACT_BIJLAGE": ("DOC_GUID", "CONTACT_ID"),
    "MEDEWERKER": ("MDW_CODE", "EMAIL"),
    "AFDELING": ("AFD_CODE",),
    "TERUGBEL": ("TB_ID", "TB_NR", "CONTACT_ID", "MDW_CODE", "AFD_CODE", "STATUS"),
    "MACHTIGING": ("MACHT_ID", "KLANT_ID", "VOOR_KLANT_ID"),
    "KENMERK": ("KM_CODE",),
    "KLANT_KENMERK": ("KK_ID", "KLANT_ID", "KM_CODE"),
    "BANKREK": ("REK_ID", "KLANT_ID"),
}


class Collection:
    """The rows of one table in a fixed order, with a look-up for each filter."""

    def __init__(self, rows: Iterable[Row], key: Sequence[str], filters: Sequence[str]) -> None:
        def meaningless(row: Row) -> tuple[int, str]:
            text = "/".join(str(row[column]) for column in key)
            return crc32(text.encode()), text

        self.items = [_trimmed(row) for row in sorted(rows, key=meaningless)]
        self._places: dict[str, dict[str, set[int]]] = {}
        for column in filters:
            places = self._places[column] = defaultdict(set)
            for place, item in enumerate(self.items):
                if item[column] not in ("", None):
                    places[str(item[column])].add(place)

    def find(self, filters: dict[str, list[str]]) -> list[Row]:
        """The items that have, for each filter, one of its values; ValueError when unable."""
        found: set[int] | None = None
        for column, values in filters.items():
            if column not in self._places:
                raise ValueError(f"unknown parameter: {column}")
            places = self._places[column]
            matches = set().union(*(places.get(value, set()) for value in values))
            found = matches if found is None else found & matches
        return self.items if found is None else [self.items[place] for place in sorted(found)]


def create_app(
    tables: Tables,
    *,
    schema: Mapping[str, Table] = SCHEMA,
    filters: Mapping[str, Sequence[str]] = FILTERS,
    page_size: int = 100,
    api_key: str | None = None,
) -> Starlette:
    """The service on these rows of a schema, with the columns that each table can be asked by;
    with `api_key` every request must carry it in X-Api-Key."""
    collections = {
        name: Collection(tables[name], schema[name].key, filters[name]) for name in filters
    }

    async def listing(request: Request) -> Response:
        if api_key is not None and not _has_key(request, api_key):
            return _error(401, "missing or wrong X-Api-Key")
        collection = collections.get(request.path_params["table"])
        if collection is None:
            return _error(404, "unknown collection")
        try:
            page, wanted = _parameters(request)
            found = collection.find(wanted)
        except ValueError as error:
            return _error(400, str(error))
        end = page * page_size
        return JSONResponse({"items": found[end - page_size : end], "more": len(found) > end})

    return Starlette(
        routes=[Route("/{table}", listing, methods=["GET"])],
        exception_handlers={HTTPException: _on_http_exception},
    )


def _trimmed(row: Row) -> Row:
    """The row without the padding of CHAR columns."""
    return {key: value.rstrip() if isinstance(value, str) else value for key, value in row.items()}


def _has_key(request: Request, api_key: str) -> bool:
    given = request.headers.get("x-api-key", "")
    return compare_digest(given.encode(), api_key.encode())


def _parameters(request: Request) -> tuple[int, dict[str, list[str]]]:
    """The page and the values of each filter; ValueError when they make no sense."""
    page, filters = 1, dict[str, list[str]]()
    seen: set[str] = set()
    for name, text in request.query_params.multi_items():
        if name in seen:
            raise ValueError(f"given more than once: {name}")
        seen.add(name)
        if name == "page":
            if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
                raise ValueError("page is a number from 1")
            page = int(text)
            continue
        filters[name] = text.split(",")
        if len(filters[name]) > MAX_VALUES:
            raise ValueError(f"more than {MAX_VALUES} values: {name}")
    return page, filters


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status_code=status)


def _on_http_exception(_request: Request, error: Any) -> Response:
    """What the framework itself refuses, in the same shape."""
    return _error(error.status_code, error.detail)
