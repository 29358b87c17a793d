"""Open Zaak 1.30 as its clients see it: the Zaken API, and of the Catalogi API what says what a
zaaktype, a statustype and a roltype is."""

import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from functools import cmp_to_key
from hashlib import md5
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.kcc.data import FULL
from demo.kcc.values import Scale
from demo.v1.answers import Refused, invalid, problem
from demo.v1.forms import URL
from demo.v1.register import Row
from demo.v1.service import page_link, page_number
from demo.v1.tokens import BadToken, Tokens

from .data import PUBLIC, generate_holdings
from .filters import FILTERS, ORDERS, ROL, Filter
from .holdings import (
    COLLECTIONS,
    CONTACTEN,
    RESULTATEN,
    ROLLEN,
    STATUSSEN,
    TYPES,
    ZAKEN,
    Holdings,
)
from .register import ContactRegister, KnownContacts, Unlinked
from .shown import EXPANDS, Writer, path
from .writes import METHODS, Writes, body_in

SECRETS: Final = {"gateway": "openbaar-geheim-van-de-demo-open-zaak"}
CRS: Final = "EPSG:4326"
_VERSIONS: Final = {True: "1.3.1", False: "1.5.1"}
_PAGE, _LONGEST_PAGE = 100, 500
_WITH_ETAG: Final = frozenset({ZAKEN, ROLLEN, STATUSSEN, RESULTATEN, *TYPES})
_BARE: Final = frozenset({CONTACTEN})
"""Lists that are no pages."""


class OpenZaak:
    """The service. `calls`: what was asked of it; `contacts`: the register beside it."""

    def __init__(
        self,
        holdings: Holdings,
        tokens: Tokens,
        contacts: ContactRegister,
        public: str = PUBLIC,
    ) -> None:
        self.holdings = holdings
        self.tokens = tokens
        self.contacts = contacts
        self.public = public
        self.calls: list[str] = []
        self._writes = Writes(holdings, tokens.now)

    def app(self) -> Starlette:
        """The application."""
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
        routes = [Route(f"{path(ZAKEN)}/_zoek", self._endpoint(self._search), methods=methods)]
        for collection in COLLECTIONS:
            whole, single = self._of_list(collection), self._of_one(collection)
            routes.append(Route(path(collection), self._endpoint(whole), methods=methods))
            routes.append(
                Route(f"{path(collection)}/{{uuid}}", self._endpoint(single), methods=methods)
            )
        return Starlette(routes=routes, exception_handlers={HTTPException: self._on_http_exception})

    # --- requests ------------------------------------------------------------------------------

    def _endpoint(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path}?{request.url.query}")
            try:
                self._enter(request)
                response: Response = await answer(request)
            except Refused as refused:
                response = _problem(refused)
            response.headers["Date"] = formatdate(self.tokens.now(), usegmt=True)
            catalogi = request.url.path.startswith("/catalogi")
            response.headers["API-version"] = _VERSIONS[catalogi]
            if request.url.path.startswith(path(ZAKEN)):
                response.headers["Content-Crs"] = CRS
            return response

        return endpoint

    def _enter(self, request: Request) -> None:
        """Who asks may, and says in which coordinates. Raises `Refused`."""
        try:
            self.tokens.client(request.headers.get("authorization", ""))
        except BadToken as bad:
            raise Refused(403, bad.code, "Geen toegang.") from None
        if not request.url.path.startswith(path(ZAKEN)) or request.method == "DELETE":
            return
        wanted = ["Accept-Crs"]
        if request.method in ("POST", "PUT", "PATCH"):
            wanted.insert(0, "Content-Crs")
        for name in wanted:
            given = request.headers.get(name)
            if given is None:
                raise Refused(412, "precondition_failed", f"'{name}' header ontbreekt")
            if given != CRS:
                raise Refused(406, "not_acceptable", f"CRS '{given}' is niet ondersteund")

    def _of_list(self, collection: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            if request.method == "GET":
                return JSONResponse(self._list(request, collection))
            _allowed(request, ["GET", "POST"] if "POST" in METHODS.get(collection, ()) else ["GET"])
            body = body_in(request.headers.get("content-type", ""), await request.body())
            writer = _writer(request, self.holdings)
            values = self._writes.row(collection, writer.host, body, None, False)
            if collection == CONTACTEN:
                await self._known(values["contactmoment"])
            row = self._writes.store(collection, values, None)
            if collection == CONTACTEN:
                await self._linked(row, str(body["zaak"]))
            shown = writer.row(collection, row)
            return JSONResponse(shown, 201, headers={"Location": shown["url"]})

        return answer

    def _of_one(self, collection: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            named = [m for m in METHODS.get(collection, ()) if m != "POST"]
            _allowed(request, ["GET", *(["HEAD"] if collection in _WITH_ETAG else []), *named])
            row = self.holdings.rows[collection].get(request.path_params["uuid"])
            if row is None:
                raise Refused(404, "not_found", "Niet gevonden.")
            writer = _writer(request, self.holdings)
            if request.method == "DELETE":
                await self._removed(writer, collection, row)
                return Response(status_code=204)
            if request.method in ("GET", "HEAD"):
                _known_parameters(
                    request, {"expand"} if collection == ZAKEN else FILTERS[collection]
                )
                return self._one(request, writer, collection, row)
            body = body_in(request.headers.get("content-type", ""), await request.body())
            partly = request.method == "PATCH"
            values = self._writes.row(collection, writer.host, body, row, partly)
            return JSONResponse(writer.row(collection, self._writes.store(collection, values, row)))

        return answer

    def _one(self, request: Request, writer: Writer, collection: str, row: Row) -> Response:
        plain = JSONResponse(writer.row(collection, row))
        tag = f'"{md5(bytes(plain.body), usedforsecurity=False).hexdigest()}"'
        if collection not in _WITH_ETAG:
            return plain
        held = [t.strip() for t in request.headers.get("if-none-match", "").split(",")]
        if tag in held or "*" in held:
            return Response(status_code=304, headers={"ETag": tag})
        expand = _expand(request) if collection == ZAKEN else []
        return JSONResponse(writer.row(collection, row, expand), headers={"ETag": tag})

    async def _search(self, request: Request) -> Response:
        """Zaken by their uuids, many at once."""
        _allowed(request, ["POST"])
        body = body_in(request.headers.get("content-type", ""), await request.body())
        rows = self._newest(ZAKEN)
        if "uuid__in" in body:
            wanted = set(map(str, body["uuid__in"]))
            rows = [row for row in rows if row["uuid"] in wanted]
        for name, keeps in (("zaaktype__in", True), ("zaaktype__not_in", False)):
            if name in body:
                kinds = {str(url).rpartition("/")[2] for url in body[name]}
                rows = [row for row in rows if (row["zaaktype"] in kinds) is keeps]
        texts = {n: str(t) for n, t in body.items() if n in FILTERS[ZAKEN]}
        rows = self._kept(request, ZAKEN, rows, texts)
        expand = [*body.get("expand", []), *_expand(request)]
        writer = _writer(request, self.holdings)
        return JSONResponse(_page(request, rows, lambda row: writer.row(ZAKEN, row, expand)))

    # --- lists ---------------------------------------------------------------------------------

    def _newest(self, collection: str) -> list[Row]:
        rows = self.holdings.newest(collection)
        if collection == STATUSSEN:
            rows.sort(key=lambda row: str(row["datumStatusGezet"]), reverse=True)
        return rows

    def _list(self, request: Request, collection: str) -> Any:
        paged = {"page"} if collection in TYPES else {"page", "pageSize"}
        extra = {"expand", "ordering"} if collection == ZAKEN else set()
        filters = FILTERS[collection]
        bare = collection in _BARE
        _known_parameters(request, {*filters, *extra, *(set() if bare else paged)})
        params = request.query_params
        texts = {name: params.getlist(name)[-1] for name in filters if name in params}
        rows = self._kept(request, collection, self._newest(collection), texts)
        expand = _expand(request) if collection == ZAKEN else []
        if collection == ZAKEN:
            rows = _ordered(rows, params.get("ordering", ""))
        writer = _writer(request, self.holdings)
        if bare:
            return [writer.row(collection, row) for row in rows]
        return _page(request, rows, lambda row: writer.row(collection, row, expand))

    def _kept(
        self, request: Request, collection: str, rows: list[Row], texts: Mapping[str, str]
    ) -> list[Row]:
        """The rows that meet all that is asked. Raises `Refused`."""
        asked: list[tuple[str, Filter, str]] = []
        for name, text in texts.items():
            one = FILTERS[collection][name]
            formed = _formed(request, name, one, text)
            if formed:
                asked.append((name, one, formed))
        # What is asked of a rol is asked of one and the same.
        of_rol = [(one, text) for name, one, text in asked if name.startswith(ROL)]
        if of_rol:
            zaken = {
                rol["zaak"]
                for rol in self.holdings.rows[ROLLEN].values()
                if all(one.test(self.holdings, rol, text) for one, text in of_rol)
            }
            rows = [row for row in rows if row["uuid"] in zaken]
        rest = [(one, text) for name, one, text in asked if not name.startswith(ROL)]
        return [r for r in rows if all(one.test(self.holdings, r, text) for one, text in rest)]

    # --- links with contacts ---------------------------------------------------------------------

    async def _known(self, contact: str) -> None:
        if not await self.contacts.knows(contact):
            raise invalid("contactmoment", "bad-url", "De url is niet op te halen.")

    async def _linked(self, row: Row, zaak: str) -> None:
        """Have the register make the link too; without that there is none."""
        try:
            await self.contacts.link(row["contactmoment"], zaak)
        except Unlinked:
            self.holdings.remove(CONTACTEN, row["uuid"])
            raise invalid("contactmoment", "pending-relations", "Geen relatie gemaakt.") from None

    async def _removed(self, writer: Writer, collection: str, row: Row) -> None:
        if collection == CONTACTEN:
            try:
                await self.contacts.unlink(row["contactmoment"], writer.url(ZAKEN, row["zaak"]))
            except Unlinked:
                raise invalid("contactmoment", "pending-relations", "Relatie bleef.") from None
        self.holdings.remove(collection, row["uuid"])

    def _on_http_exception(self, _request: Request, error: Any) -> Response:
        return _problem(Refused(error.status_code, "not_found", str(error.detail)))


def _problem(refused: Refused) -> JSONResponse:
    return problem(refused, {})


def _writer(request: Request, holdings: Holdings) -> Writer:
    return Writer(holdings, str(request.base_url).rstrip("/"))


def _allowed(request: Request, methods: Sequence[str]) -> None:
    if request.method not in methods:
        raise Refused(405, "method_not_allowed", "Deze methode is niet toegestaan.")


def _known_parameters(request: Request, known: Any) -> None:
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise invalid("nonFieldErrors", "unknown-parameters", "Onbekende query parameters.")


def _expand(request: Request) -> list[str]:
    """What is to come along. Raises `Refused`."""
    asked = [one for one in request.query_params.get("expand", "").split(",") if one]
    if any(one not in EXPANDS for one in asked):
        raise invalid("expand", "invalid_choice", "Selecteer een geldige keuze.")
    return asked


def _formed(request: Request, name: str, one: Filter, text: str) -> str:
    """A value as it is compared, empty when it asks nothing. Raises `Refused`."""
    made = text.strip() if one.form.trims else text
    if not made:
        return ""
    if (wrong := one.form.wrong(made)) is not None:
        raise invalid(name, wrong, "Voer een geldige waarde in.")
    if not one.refers or URL.wrong(made):
        return made
    host = str(request.base_url).rstrip("/")
    # A url of elsewhere is of nothing here.
    return made.rpartition("/")[2] if made.startswith(f"{host}/") else "/"


def _ordered(rows: list[Row], ordering: str) -> list[Row]:
    names = [name for name in ordering.split(",") if name]
    if any(name.removeprefix("-") not in ORDERS for name in names):
        raise invalid("ordering", "invalid_choice", "Selecteer een geldige keuze.")

    def compare(a: Row, b: Row) -> int:
        for name in names:
            field = name.removeprefix("-")
            # Nothing counts as the highest.
            one, other = ((r[field] is None, r[field] or "") for r in (a, b))
            if one != other:
                return (1 if one > other else -1) * (-1 if name.startswith("-") else 1)
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def _page(request: Request, rows: Sequence[Row], shown: Callable[[Row], Row]) -> dict[str, Any]:
    number = page_number(request)
    size = _PAGE
    if (text := request.query_params.get("pageSize", "")).isdecimal() and int(text):
        size = min(int(text), _LONGEST_PAGE)
    first = (number - 1) * size
    if number > 1 and first >= len(rows):
        raise Refused(404, "not_found", "Ongeldige pagina.")
    here = rows[first : first + size]
    return {
        "count": len(rows),
        "next": page_link(request, number + 1) if first + len(here) < len(rows) else None,
        "previous": page_link(request, number - 1) if number > 1 else None,
        "results": [shown(row) for row in here],
    }


def service(
    scale: Scale = FULL,
    *,
    public: str = PUBLIC,
    secrets: Mapping[str, str] = SECRETS,
    now: Callable[[], float] = time.time,
) -> OpenZaak:
    """The service on the rows of the sample municipality."""
    holdings = generate_holdings(scale)
    known = KnownContacts(row["contactmoment"] for row in holdings.rows[CONTACTEN].values())
    return OpenZaak(holdings, Tokens(secrets, now), known, public)


def create_app() -> Starlette:
    """The application, for a server."""
    return service().app()
