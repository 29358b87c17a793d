"""The service before a register: tokens, lists, single rows and writes, by a dialect."""

import json
from collections.abc import Callable, Sequence
from email.utils import formatdate
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from zlib import crc32

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .answers import Refused, fallen, invalid, problem
from .dialects import Dialect, Listing
from .forms import OWN_URL, PLAIN, URL, parsed
from .register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Register, Row
from .tokens import BadToken, Tokens

_NOBODY: Final = "/"
"""A url that no row has."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Service:
    """One system. A subclass says what its rows look like and what may be written.

    `public`: the address under which it is known to the outside, by which its rows were once
    referred to. A row's own url has the host of the request in it.
    """

    def __init__(self, dialect: Dialect, register: Register, tokens: Tokens, public: str) -> None:
        self.dialect = dialect
        self.register = register
        self.tokens = tokens
        self.public = public
        self.calls: list[str] = []

    def app(self) -> Starlette:
        """The application."""
        paths = {r: self.root(r) for r in (KLANTEN, CONTACTEN, KLANTLINKS, OBJECTLINKS)}
        return Starlette(
            routes=[
                Route(path + tail, self._endpoint(resource, bool(tail)), methods=list(METHODS))
                for resource, path in paths.items()
                for tail in ("", "/{uuid}")
            ],
            exception_handlers={HTTPException: self._on_http_exception},
        )

    # --- what a subclass knows -----------------------------------------------------------------

    def shown(self, request: Request, resource: str, row: Row, expand: Sequence[str]) -> Row:
        """A row as it is written."""
        raise NotImplementedError

    def write(self, request: Request, resource: str, row: Row | None, body: Any) -> Row | None:
        """Create (no row), change or delete (no body). The row, `None` when it is gone.

        Raises `Refused`, also for what the system has no method for.
        """
        raise NotImplementedError

    def may_see(self, request: Request, row: Row) -> bool:
        """Whether one contactmoment may be read by who asks."""
        return True

    # --- urls ----------------------------------------------------------------------------------

    def root(self, resource: str) -> str:
        root = self.dialect.klanten if resource == KLANTEN else self.dialect.contactmomenten
        return f"{root}/{resource}"

    def url(self, request: Request | None, resource: str, uuid: str) -> str:
        """The url of a row, as the request came or, without one, as the outside knows it."""
        host = self.public if request is None else str(request.base_url).rstrip("/")
        return f"{host}{self.root(resource)}/{uuid}"

    def pointed(self, resource: str, name: str, url: object) -> Row:
        """The row that a url in a body is of, whatever its host. Raises `Refused`."""
        before, _, uuid = str(url).rpartition("/")
        row = self.register.rows[resource].get(uuid)
        if row is None or not before.endswith(self.root(resource)):
            raise invalid(name, "does_not_exist", "Dit object bestaat niet.")
        return row

    # --- requests ------------------------------------------------------------------------------

    def _endpoint(self, resource: str, single: bool) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path}?{request.url.query}")
            try:
                self._enter(request)
                response = await self._answer(request, resource, single)
            except Refused as refused:
                response = self._problem(refused)
            response.headers["Date"] = formatdate(self.tokens.now(), usegmt=True)
            return response

        return endpoint

    async def _answer(self, request: Request, resource: str, single: bool) -> Response:
        if request.method != "GET":
            return await self._written(request, resource, single)
        answer = self._one if single else self._list
        return JSONResponse(answer(request, resource))

    def _enter(self, request: Request) -> None:
        try:
            self.tokens.client(request.headers.get("authorization", ""))
        except BadToken as bad:
            if bad.broken:
                raise fallen() from None
            raise Refused(self.dialect.no_entry, bad.code, "Geen toegang.") from None

    def _row(self, request: Request, resource: str) -> Row:
        row = self.register.rows[resource].get(request.path_params["uuid"])
        if row is None or resource not in self.dialect.single:
            raise Refused(404, "not_found", "Niet gevonden.")
        if resource == CONTACTEN and not self.may_see(request, row):
            raise Refused(403, "permission_denied", "Geen rechten op dit contact.")
        return row

    def _one(self, request: Request, resource: str) -> Row:
        row = self._row(request, resource)
        _expandable(request, self.dialect.lists[resource])
        return self.shown(request, resource, row, request.query_params.getlist("expand"))

    async def _written(self, request: Request, resource: str, single: bool) -> Response:
        if single == (request.method == "POST"):
            raise Refused(405, "method_not_allowed", "Deze methode is niet toegestaan.")
        row = self._row(request, resource) if single else None
        body = None
        if request.method != "DELETE":
            if request.headers.get("content-type", "").partition(";")[0] != "application/json":
                raise Refused(415, "unsupported_media_type", "Geen JSON.")
            try:
                body = json.loads((await request.body()).decode())
            except ValueError:
                raise Refused(400, "parse_error", "Geen JSON.") from None
            if not isinstance(body, dict):
                raise invalid("nonFieldErrors", "invalid", "Geen object.")
        written = self.write(request, resource, row, body)
        if written is None:
            return Response(status_code=204)
        shown = self.shown(request, resource, written, ())
        if single:
            return JSONResponse(shown)
        return JSONResponse(shown, 201, headers={"Location": shown["url"]})

    # --- lists ---------------------------------------------------------------------------------

    def _list(self, request: Request, resource: str) -> dict[str, Any]:
        listing = self.dialect.lists[resource]
        asked = _asked(request, listing)
        page = page_number(request) if listing.page_size is not None else 1
        found = [
            row
            for row in self._ordered(request, resource, page)
            for _ in range(self._times(listing, row, asked))
        ]
        expand = request.query_params.getlist("expand")
        if listing.page_size is None:
            results = [self.shown(request, resource, row, expand) for row in found]
            return {"count": len(found), "results": results}
        first = (page - 1) * listing.page_size
        if page > 1 and first >= len(found):
            raise Refused(404, "not_found", "Ongeldige pagina.")
        here = found[first : first + listing.page_size]
        return {
            "count": len(found),
            "next": page_link(request, page + 1) if first + len(here) < len(found) else None,
            "previous": page_link(request, page - 1) if page > 1 else None,
            "results": [self.shown(request, resource, row, expand) for row in here],
        }

    def _times(self, listing: Listing, row: Row, asked: Sequence[tuple[str, list[str]]]) -> int:
        times = 1
        for name, texts in asked:
            times *= max(listing.filters[name](self.register, row, text) for text in texts)
        return times

    def _ordered(self, request: Request, resource: str, page: int) -> list[Row]:
        """The newest first. What is equal in the order comes in any, and another on each page."""
        rows = self.register.newest(resource)
        if resource != CONTACTEN:
            return rows
        rows.sort(key=lambda row: crc32(f"{row['uuid']}{page}".encode()))
        orders = self.dialect.lists[resource].orders
        asked = request.query_params.get("ordering") if orders else None
        for name in reversed((asked or "-registratiedatum").split(",")):
            down, plain = name.startswith("-"), name.removeprefix("-")
            if plain not in (*orders, "registratiedatum"):
                raise invalid("ordering", "invalid_choice", "Selecteer een geldige keuze.")
            rows.sort(key=partial(_sortable, plain), reverse=down)
        return rows

    def _on_http_exception(self, _request: Request, error: Any) -> Response:
        refused = Refused(error.status_code, "not_found", str(error.detail))
        return self._problem(refused)

    def _problem(self, refused: Refused) -> Response:
        return problem(refused, self.dialect.codes, self.dialect.problems)


def _asked(request: Request, listing: Listing) -> list[tuple[str, list[str]]]:
    """The filters that are given, with their values. Raises `Refused`."""
    known = {*listing.filters, "page", *(["expand"] if listing.expands else ())}
    known |= {"ordering"} if listing.orders else set()
    params = request.query_params
    unknown = [name for name in params if name not in known]
    if listing.page_size is None:
        unknown += ["page"] if "page" in params else []
    if unknown and not listing.ignores:
        raise invalid("nonFieldErrors", "unknown-parameters", "Onbekende query parameters.")
    _expandable(request, listing)
    # Of a parameter that is given twice the last one counts, but for a list of values.
    names = [name for name in listing.filters if name in params]
    given = {n: params.getlist(n)[0 if n == "type" else -1 :] for n in names}
    if listing.forms:
        given = {n: [_formed(request, listing, n, t) for t in texts] for n, texts in given.items()}
    given = {n: found for n, texts in given.items() if (found := [t for t in texts if t])}
    required = listing.needs & given.keys()
    if listing.needs and (not required or (listing.alone and len(required) > 1)):
        which = "Precies één" if listing.alone else "Minstens één"
        raise invalid(
            "nonFieldErrors", "required", f"{which} van: {', '.join(sorted(listing.needs))}."
        )
    return list(given.items())


def _formed(request: Request, listing: Listing, name: str, text: str) -> str:
    """A value as it is compared. Raises `Refused`."""
    form = listing.forms.get(name, PLAIN)
    elsewhere = URL.wrong(text) is None and urlsplit(text).netloc != request.url.netloc
    if form is OWN_URL and elsewhere:
        # Its own is only known by the address that it is called by.
        return _NOBODY
    made = text.strip() if form.trims else text
    wrong = form.wrong(made) if made or not form.skips else None
    if wrong is not None:
        raise invalid(name, wrong, "Voer een geldige waarde in.")
    return made


def _expandable(request: Request, listing: Listing) -> None:
    asked = set(request.query_params.getlist("expand")[-1:])
    if listing.expands and asked - {*listing.expands, ""}:
        raise invalid("expand", "invalid_choice", "Selecteer een geldige keuze.")


def page_number(request: Request) -> int:
    """The page that is asked for. Raises `Refused`."""
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise Refused(404, "not_found", "Ongeldige pagina.")
    return int(text)


def page_link(request: Request, page: int) -> str:
    """The url of another page of what is asked."""
    params = [(n, t) for n, t in request.query_params.multi_items() if n != "page"]
    # The first page goes without a number.
    query = urlencode(sorted([*params, *([("page", str(page))] if page > 1 else [])]))
    return f"{request.base_url}{request.url.path.lstrip('/')}" + (f"?{query}" if query else "")


def _sortable(name: str, row: Row) -> str:
    text = str(row.get(name) or "")
    return text if name != "registratiedatum" else parsed(text).isoformat(timespec="microseconds")
