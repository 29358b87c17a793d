"""A plain REST service on the sample rows: one collection per table, few filters, no joins.

It does little on purpose: no sorting, no counts, no choice of page size, and rows in an order
that means nothing. It does say so when it is asked for something it cannot do. With `sorts` it is
a better service, that orders, counts, and gives pages of any size up to its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
MAX_ORDERS = 20

# The only columns of the KCC that can be asked for, by equality.
FILTERS: dict[str, tuple[str, ...]] = {
    "KLANT": ("KLANT_ID", "BSN", "KVK_NR", "RSIN", "VEST_NR", "HOOFD_KLANT", "SRT"),
    "KLANT_ADRES": ("ADRES_ID", "KLANT_ID", "BETR_ID"),
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
    "TERUGBEL": (
        "TB_ID",
        "TB_NR",
        "CONTACT_ID",
        "MDW_CODE",
        "AFD_CODE",
        "STATUS",
        "ACTOR_ID",
        "MDW_CODE_2",
        "AFD_CODE_2",
        "ACTOR_ID_2",
        "MDW_CODE_3",
        "AFD_CODE_3",
        "ACTOR_ID_3",
    ),
    "MACHTIGING": ("MACHT_ID", "KLANT_ID", "VOOR_KLANT_ID"),
    "KENMERK": ("KM_CODE",),
    "KLANT_KENMERK": ("KK_ID", "KLANT_ID", "KM_CODE"),
    "BANKREK": ("REK_ID", "KLANT_ID"),
    "KLANT_NUMMER": ("NUMMER_ID", "KLANT_ID", "NUMMER", "BIJ_NUMMER", "BIJ_KLANT"),
    "CONTACT_BETR": ("BETR_ID", "CONTACT_ID", "KLANT_ID"),
    "CONTACT_OBJECT": ("CO_ID", "CONTACT_ID", "VORIG_ID", "OBJ_ID"),
    "ACTOR": ("ACTOR_ID", "OBJ_ID"),
    "CONTACT_ACTOR": ("CA_ID", "CONTACT_ID", "MDW_CODE", "AFD_CODE", "ACTOR_ID"),
}


@dataclass(frozen=True)
class Asked:
    """A question: the page and its size, the columns to order by, the values of each filter."""

    page: int
    size: int
    order: tuple[str, ...]
    filters: dict[str, list[str]]


class Collection:
    """The rows of one table in a fixed order, with a look-up for each filter."""

    def __init__(self, rows: Iterable[Row], key: Sequence[str], filters: Sequence[str]) -> None:
        def meaningless(row: Row) -> tuple[int, str]:
            text = "/".join(str(row[column]) for column in key)
            return crc32(text.encode()), text

        self._items = [_trimmed(row) for row in sorted(rows, key=meaningless)]
        as_is = range(len(self._items))
        self._orders: dict[tuple[str, ...], tuple[Sequence[int], Sequence[int]]]
        self._orders = {(): (as_is, as_is)}
        self._places: dict[str, dict[str, set[int]]] = {}
        for column in filters:
            places = self._places[column] = defaultdict(set)
            for place, item in enumerate(self._items):
                if item[column] not in ("", None):
                    places[str(item[column])].add(place)

    def find(self, asked: Asked) -> tuple[list[Row], int]:
        """The page of items that have, for each filter, one of its values, and how many there
        are on all pages; ValueError when unable."""
        found: set[int] | None = None
        for column, values in asked.filters.items():
            if column not in self._places:
                raise ValueError(f"unknown parameter: {column}")
            places = self._places[column]
            matches = set().union(*(places.get(value, set()) for value in values))
            found = matches if found is None else found & matches
        order, rank = self._order(asked.order)
        here = order if found is None else sorted(found, key=rank.__getitem__)
        end = asked.page * asked.size
        return [self._items[place] for place in here[end - asked.size : end]], len(here)

    def _order(self, columns: tuple[str, ...]) -> tuple[Sequence[int], Sequence[int]]:
        """The places of all items with the highest values first and empty ones last, and where
        in that each place is."""
        if columns not in self._orders:
            if len(self._orders) > MAX_ORDERS:
                raise ValueError("too many orders")
            if self._items and not self._items[0].keys() >= set(columns):
                raise ValueError("an order by unknown columns")
            order = sorted(
                self._orders[()][0], key=lambda p: self._values(p, columns), reverse=True
            )
            rank = [0] * len(order)
            for n, place in enumerate(order):
                rank[place] = n
            self._orders[columns] = order, rank
        return self._orders[columns]

    def _values(self, place: int, columns: Iterable[str]) -> list[tuple[bool, Any]]:
        values = [self._items[place][column] for column in columns]
        return [(False, "") if value in ("", None) else (True, value) for value in values]


def create_app(
    tables: Tables,
    *,
    schema: Mapping[str, Table] = SCHEMA,
    filters: Mapping[str, Sequence[str]] = FILTERS,
    page_size: int = 100,
    sorts: bool = False,
    api_key: str | None = None,
) -> Starlette:
    """The service on these rows of a schema, with the columns that each table can be asked by.

    With `sorts` it knows two more parameters, `ordering=-A,-B` (only from high to low) and
    `page_size`, and an answer has a `count`. With `api_key` every request must carry it in
    X-Api-Key.
    """
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
            asked = _parameters(request, page_size, sorts=sorts)
            items, count = collection.find(asked)
        except ValueError as error:
            return _error(400, str(error))
        answer = {"items": items, "more": count > asked.page * asked.size}
        return JSONResponse({"count": count, **answer} if sorts else answer)

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


def _parameters(request: Request, page_size: int, *, sorts: bool) -> Asked:
    """What is asked; ValueError when it makes no sense."""
    page, size, order, filters = 1, page_size, tuple[str, ...](), dict[str, list[str]]()
    seen: set[str] = set()
    for name, text in request.query_params.multi_items():
        if name in seen:
            raise ValueError(f"given more than once: {name}")
        seen.add(name)
        if name == "page":
            page = _number(name, text)
        elif name == "page_size" and sorts:
            size = min(_number(name, text), page_size)
        elif name == "ordering" and sorts:
            order = tuple(part.removeprefix("-") for part in text.split(","))
            if text != ",".join(f"-{column}" for column in order):
                raise ValueError("ordering is only from high to low: -A,-B")
        else:
            filters[name] = text.split(",")
            if len(filters[name]) > MAX_VALUES:
                raise ValueError(f"more than {MAX_VALUES} values: {name}")
    return Asked(page, size, order, filters)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise ValueError(f"{name} is a number from 1")
    return int(text)


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status_code=status)


def _on_http_exception(_request: Request, error: Any) -> Response:
    """What the framework itself refuses, in the same shape."""
    return _error(error.status_code, error.detail)
