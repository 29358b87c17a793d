"""Open Zaak 1.30 as its clients see it: the Zaken API, and of the Catalogi API what says what a
zaaktype, a statustype and a roltype is."""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from email.utils import formatdate
from hashlib import md5
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.kcc.data import FULL
from demo.kcc.values import Scale
from demo.v1.answers import Refused, fallen, invalid
from demo.v1.register import Row
from demo.v1.tokens import BadToken, Tokens

from .data import PUBLIC, generate_holdings
from .filters import FILTERS, ROL, Filter
from .holdings import (
    COLLECTIONS,
    CONTACTEN,
    KLANTCONTACTEN,
    RESULTATEN,
    ROLLEN,
    STATUSSEN,
    TYPES,
    ZAKEN,
    Holdings,
)
from .register import ContactRegister, KnownContacts, Unlinked
from .requests import (
    CRS,
    METHODS,
    UUID,
    acceptable,
    coordinates,
    expanded,
    formed,
    known_parameters,
    ordered,
    paged,
    refusal,
)
from .shown import CATALOGI_API, Writer, path
from .tokens import OpenZaakTokens
from .writes import METHODS as WRITES
from .writes import Writes, body_in

SECRETS: Final = {"gateway": "openbaar-geheim-van-de-demo-open-zaak"}
_VERSIONS: Final = {True: "1.3.1", False: "1.5.1"}
_WITH_ETAG: Final = frozenset({ZAKEN, ROLLEN, STATUSSEN, RESULTATEN, *TYPES})
_OLD: Final = (
    "Deze endpoint is verouderd en zal binnenkort uit dienst worden genomen. "
    "Maak gebruik van de vervangende contactmomenten API."
)
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
        searched = self._endpoint(self._search, ["POST"])
        routes = [Route(f"{path(ZAKEN)}/_zoek", searched, methods=METHODS)]
        for collection in COLLECTIONS:
            whole, single = self._of_list(collection), self._of_one(collection)
            writes = WRITES.get(collection, METHODS[1:5])
            lists = ["GET", *(m for m in writes if m == "POST"), "HEAD"]
            ones = ["GET", *(m for m in writes if m != "POST"), "HEAD"]
            routes += [
                Route(path(collection), self._endpoint(whole, lists), methods=METHODS),
                Route(
                    f"{path(collection)}/{{uuid}}", self._endpoint(single, ones), methods=METHODS
                ),
            ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: self._on_http_exception})
        app.router.redirect_slashes = False
        return app

    # --- requests ------------------------------------------------------------------------------

    def _endpoint(
        self, answer: Callable[[Request], Any], methods: Sequence[str]
    ) -> Callable[[Request], Any]:
        allow = ", ".join([*methods, "OPTIONS"])

        async def endpoint(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path}?{request.url.query}")
            try:
                self._enter(request)
                if request.method not in methods:
                    raise Refused(405, "method_not_allowed", "Deze methode is niet toegestaan.")
                response: Response = await answer(request)
            except Refused as refused:
                response = refusal(refused)
            response.headers["Date"] = formatdate(self.tokens.now(), usegmt=True)
            response.headers["Allow"] = allow
            if response.status_code != 304:
                catalogi = request.url.path.startswith(CATALOGI_API)
                response.headers["API-version"] = _VERSIONS[catalogi]
            if request.url.path.startswith(path(KLANTCONTACTEN)):
                response.headers["Warning"] = f'299 "{request.url.replace(query="")}" "{_OLD}"'
            if request.url.path.startswith(path(ZAKEN)):
                response.headers["Content-Crs"] = CRS
            return response

        return endpoint

    def _enter(self, request: Request) -> None:
        """Who asks may, and says in which coordinates. Raises `Refused`."""
        acceptable(request)
        if request.method == "OPTIONS":
            raise Refused(403, "permission_denied", "Geen toegang.")
        try:
            self.tokens.client(request.headers.get("authorization", ""))
        except BadToken as bad:
            raise Refused(403, bad.code, "Geen toegang.") from None
        coordinates(request)

    def _of_list(self, collection: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            if request.method in ("GET", "HEAD"):
                return JSONResponse(self._list(request, collection))
            if collection in TYPES:
                raise Refused(403, "permission_denied", "Geen toegang.")
            body = body_in(request.headers.get("content-type", ""), await request.body())
            writer = self._writer(request)
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
            uuid = request.path_params["uuid"]
            if collection in _WITH_ETAG and UUID.fullmatch(uuid) is None:
                raise fallen()
            if collection in TYPES and request.method not in ("GET", "HEAD"):
                raise Refused(403, "permission_denied", "Geen toegang.")
            row = self.holdings.rows[collection].get(uuid.lower())
            if row is None:
                raise Refused(404, "not_found", "Niet gevonden.")
            writer = self._writer(request)
            if request.method == "DELETE":
                await self._removed(writer, collection, row)
                return Response(status_code=204)
            if request.method in ("GET", "HEAD"):
                known_parameters(
                    request, {"expand"} if collection == ZAKEN else FILTERS[collection]
                )
                return self._one(request, writer, collection, row)
            body = body_in(request.headers.get("content-type", ""), await request.body())
            partly = request.method == "PATCH"
            values = self._writes.row(collection, writer.host, body, row, partly)
            before = {n: row[n] for n in ("betrokkeneIdentificatie",) if n in row}
            shown = writer.row(collection, self._writes.store(collection, values, row))
            # Of who a rol is of, the answer tells what was there before.
            return JSONResponse(shown | before)

        return answer

    def _one(self, request: Request, writer: Writer, collection: str, row: Row) -> Response:
        plain = JSONResponse(writer.row(collection, row))
        tag = f'"{md5(bytes(plain.body), usedforsecurity=False).hexdigest()}"'
        if collection not in _WITH_ETAG:
            return plain
        held = [t.strip() for t in request.headers.get("if-none-match", "").split(",")]
        if tag in held or "*" in held:
            return Response(status_code=304, headers={"ETag": tag})
        expand = expanded(request) if collection == ZAKEN else None
        return JSONResponse(writer.row(collection, row, expand), headers={"ETag": tag})

    async def _search(self, request: Request) -> Response:
        """Zaken by their uuids, many at once."""
        body = body_in(request.headers.get("content-type", ""), await request.body())
        among: set[str] | None = None
        if not body:
            raise invalid("nonFieldErrors", "empty_search_body", "Search parameters must be given.")
        if "uuid__in" in body:
            among = set(map(str, body["uuid__in"]))
            if (
                wrong := next(
                    (n for n, w in enumerate(body["uuid__in"]) if not UUID.fullmatch(str(w))), None
                )
            ) is not None:
                raise invalid(f"uuid__in.{wrong}", "invalid", "Voer een geldige UUID in.")
        texts = {n: str(t) for n, t in body.items() if n in FILTERS[ZAKEN]}
        rows = self._kept(request, ZAKEN, texts, among)
        for name, keeps in (("zaaktype__in", True), ("zaaktype__not_in", False)):
            if name in body:
                kinds = {str(url).rpartition("/")[2] for url in body[name]}
                rows = [row for row in rows if (row["zaaktype"] in kinds) is keeps]
        rows = ordered(rows, ",".join(body.get("ordering", [])), "")
        expand = [*body.get("expand", []), *expanded(request)]
        writer = self._writer(request)
        return JSONResponse(paged(request, rows, lambda row: writer.row(ZAKEN, row, expand)))

    # --- lists ---------------------------------------------------------------------------------

    def _list(self, request: Request, collection: str) -> Any:
        extra = {"expand", "ordering"} if collection == ZAKEN else set()
        filters = FILTERS[collection]
        bare = collection in _BARE
        known_parameters(request, {*filters, *extra, *(() if bare else ("page", "pageSize"))})
        params = request.query_params
        texts = {name: params.getlist(name)[-1] for name in filters if name in params}
        rows = self._kept(request, collection, texts)
        expand = expanded(request) if collection == ZAKEN else None
        if collection == ZAKEN:
            rows = ordered(rows, params.get("ordering", ""), params.get("page", ""))
        writer = self._writer(request)
        if bare:
            return [writer.row(collection, row) for row in rows]
        return paged(request, rows, lambda row: writer.row(collection, row, expand))

    def _kept(
        self,
        request: Request,
        collection: str,
        texts: Mapping[str, str],
        among: Set[str] | None = None,
    ) -> list[Row]:
        """The rows that meet all that is asked, newest first. `among`: of those with one of these
        uuids only. Raises `Refused`."""
        asked: list[tuple[str, Filter, str]] = []
        for name, text in texts.items():
            one = FILTERS[collection][name]
            value = formed(request, self.holdings, name, one, text)
            if value:
                asked.append((name, one, value))
        # What is asked of a rol is asked of one and the same.
        of_rol = [(one, text) for name, one, text in asked if name.startswith(ROL)]
        if of_rol:
            zaken = {rol["zaak"] for rol in self._met(ROLLEN, of_rol)}
            among = zaken if among is None else among & zaken
        rest = [(one, text) for name, one, text in asked if not name.startswith(ROL)]
        rows = self._met(collection, rest, among)
        rows.reverse()
        if collection == STATUSSEN:
            rows.sort(key=lambda row: str(row["datumStatusGezet"]), reverse=True)
        return rows

    def _met(
        self, collection: str, asked: Sequence[tuple[Filter, str]], among: Set[str] | None = None
    ) -> list[Row]:
        """The rows that meet all that is asked, oldest first."""
        keys = [(one.keys, text) for one, text in asked if one.keys is not None]
        rest = [(one, text) for one, text in asked if one.keys is None]
        rows = self.holdings.found(collection, keys, among)
        return [r for r in rows if all(one.test(self.holdings, r, text) for one, text in rest)]

    def _writer(self, request: Request) -> Writer:
        return Writer(self.holdings, str(request.base_url).rstrip("/"))

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
        return refusal(Refused(error.status_code, "not_found", str(error.detail)))


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
    return OpenZaak(holdings, OpenZaakTokens(secrets, now), known, public)


def create_app() -> Starlette:
    """The application, for a server."""
    return service().app()
