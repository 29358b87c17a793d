"""What a request to Open Zaak is looked at for, and what of it is understood."""

import re
from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import Any, Final
from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse

from demo.v1.answers import Refused, fallen, invalid, problem
from demo.v1.register import Row
from demo.v1.service import page_link, page_number

from .filters import ORDERS, Filter
from .holdings import ZAKEN, Holdings
from .shown import EXPANDS, path

CRS: Final = "EPSG:4326"
_PAGE, _LONGEST_PAGE = 100, 500
UUID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def refusal(refused: Refused) -> JSONResponse:
    """The answer to a request that is refused."""
    return problem(refused, {}, "application/json")


def acceptable(request: Request) -> None:
    """An answer is JSON, and so it has to be taken. Raises `Refused`."""
    accepted = request.headers.get("accept", "*/*")
    if not any(one in accepted for one in ("*/*", "application/*", "application/json")):
        raise Refused(406, "not_acceptable", "Kan niet voldoen aan de opgegeven Accept header.")


def coordinates(request: Request) -> None:
    """Who asks for zaken says in which coordinates. Raises `Refused`."""
    if not request.url.path.startswith(path(ZAKEN)) or request.method == "DELETE":
        return
    body = request.method in ("POST", "PUT", "PATCH")
    for name in ("Content-Crs", "Accept-Crs") if body else ("Accept-Crs",):
        given = request.headers.get(name)
        if given is None:
            raise Refused(412, "precondition_failed", f"'{name}' header ontbreekt")
        if given != CRS:
            raise Refused(406, "not_acceptable", f"CRS '{given}' is niet ondersteund")


def known_parameters(request: Request, known: Collection[str]) -> None:
    """All parameters are known ones. Raises `Refused`."""
    if any(name not in known for name in request.query_params):
        raise invalid("nonFieldErrors", "unknown-parameters", "Onbekende query parameters.")


def expanded(request: Request) -> list[str]:
    """What is to come along with zaken. Raises `Refused`."""
    asked = [one for one in request.query_params.get("expand", "").split(",") if one]
    if any(one not in EXPANDS for one in asked):
        raise invalid("expand", "invalid_choice", "Selecteer een geldige keuze.")
    return asked


def formed(request: Request, holdings: Holdings, name: str, one: Filter, text: str) -> str:
    """A value as it is compared, empty when it asks nothing. Raises `Refused`."""
    made = text.strip() if one.form.trims else text
    if not made and not (one.refers and not one.falls):
        return ""
    if (wrong := one.form.wrong(made)) is not None:
        raise invalid(name, wrong, "Voer een geldige waarde in.")
    if not one.refers:
        return made
    host = str(request.base_url).rstrip("/")
    collection, _, uuid = made.removeprefix(f"{host}/").rpartition("/")
    if not made.startswith(f"{host}/"):
        # A url of elsewhere is of nothing here.
        return "/"
    if f"/{collection}" != path(one.refers):
        if one.falls or not any(uuid in rows for rows in holdings.rows.values()):
            raise fallen()
        raise invalid(name, "invalid-type", "Invalide resourcetype opgegeven.")
    if one.falls and uuid not in holdings.rows[one.refers]:
        raise fallen()
    return uuid


def ordered(rows: list[Row], ordering: str, page: str) -> list[Row]:
    """Rows in the order that is asked for. What is equal in it comes in any order, and in another
    on each page. Raises `Refused`."""
    names = [name for name in ordering.split(",") if name]
    if any(name.removeprefix("-") not in ORDERS for name in names):
        raise invalid("ordering", "invalid_choice", "Selecteer een geldige keuze.")
    if names:
        rows = sorted(rows, key=lambda row: crc32(f"{row['uuid']}{page}".encode()))
    for name in reversed(names):
        field = name.removeprefix("-")
        # Nothing counts as the highest.
        rows.sort(
            key=lambda row: (row[field] is None, row[field] or ""), reverse=name.startswith("-")
        )
    return rows


def paged(request: Request, rows: Sequence[Row], shown: Callable[[Row], Row]) -> dict[str, Any]:
    """A page of rows. Raises `Refused`."""
    size = _PAGE
    if (text := request.query_params.get("pageSize", "")).isdecimal() and int(text):
        size = min(int(text), _LONGEST_PAGE)
    last = max(1, ceil(len(rows) / size))
    number = last if request.query_params.get("page") == "last" else page_number(request)
    if number > last:
        raise Refused(404, "not_found", "Ongeldige pagina.")
    first = (number - 1) * size
    here = rows[first : first + size]
    return {
        "count": len(rows),
        "next": page_link(request, number + 1) if number < last else None,
        "previous": page_link(request, number - 1) if number > 1 else None,
        "results": [shown(row) for row in here],
    }
