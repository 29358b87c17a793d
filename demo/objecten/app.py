"""The Objecten API as its clients see it (2.7): objects of types, each with its versions."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.kcc.data import FULL
from demo.kcc.values import Scale
from demo.v1.answers import Refused, invalid, problem

from . import questions
from .data import PUBLIC, ROOT, TYPE, generate_tasks
from .schema import check

TOKENS: Final = {"openbaar-token-van-de-demo-objecten": "read_and_write"}
"""What each token may with objects of the one type that there is."""

_CRS: Final = "EPSG:4326"
_MOST: Final = 500

Row = dict[str, Any]


@dataclass
class Objecten:
    """The API. `objects`: by uuid the versions of each object, oldest first. `today`: its date."""

    objects: dict[str, list[Row]]
    tokens: Mapping[str, str] = field(default_factory=lambda: TOKENS)
    types: tuple[str, ...] = (TYPE,)
    calls: list[str] = field(default_factory=list)
    today: date = field(default_factory=date.today)

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route(f"{ROOT}/objects", self._many, methods=["GET", "POST"]),
                Route(
                    f"{ROOT}/objects/{{uuid}}", self._one, methods=["GET", "PUT", "PATCH", "DELETE"]
                ),
            ]
        )

    async def _many(self, request: Request) -> Response:
        return await self._answered(request, None)

    async def _one(self, request: Request) -> Response:
        return await self._answered(request, request.path_params["uuid"])

    async def _answered(self, request: Request, uuid: str | None) -> Response:
        self.calls.append(f"{request.method} {request.url.path}?{request.url.query}")
        try:
            right = self._enter(request)
            if request.method == "GET":
                answer = self._list(request) if uuid is None else self._shown(request, uuid)
                return JSONResponse(answer, headers={"Content-Crs": _CRS})
            if right != "read_and_write":
                raise Refused(403, "permission_denied", "Je hebt geen toestemming hiervoor.")
            if request.method == "DELETE":
                self._versions(str(uuid))
                del self.objects[str(uuid)]
                return Response(status_code=204)
            made = self._written(request, uuid, await _body(request))
            return JSONResponse(
                self._object(made), 200 if uuid else 201, headers={"Content-Crs": _CRS}
            )
        except Refused as refused:
            return problem(refused, {})

    def _enter(self, request: Request) -> str:
        """What the caller may. Raises `Refused`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "token" or not token:
            raise Refused(401, "not_authenticated", "Authenticatiegegevens zijn niet opgegeven.")
        if token not in self.tokens:
            raise Refused(401, "authentication_failed", "Ongeldige token.")
        if request.method in ("POST", "PUT", "PATCH"):
            crs = request.headers.get("content-crs")
            if crs is None:
                raise Refused(412, "precondition_failed", "'Content-Crs' header ontbreekt")
            if crs != _CRS:
                raise Refused(406, "not_acceptable", "CRS is niet ondersteund")
        return self.tokens[token]

    # --- reading -------------------------------------------------------------------------------

    def _versions(self, uuid: str) -> list[Row]:
        if uuid not in self.objects:
            raise Refused(404, "not_found", "Niet gevonden.")
        return self.objects[uuid]

    def _object(self, version: Row) -> Row:
        record = {k: v for k, v in version.items() if k not in ("uuid", "type", "pk")}
        url = f"{PUBLIC}{ROOT}/objects/{version['uuid']}"
        return {"url": url, "uuid": version["uuid"], "type": version["type"], "record": record}

    def _actual(self, uuid: str, params: Mapping[str, str]) -> Row | None:
        """The version that counts on the date that is asked, without one today."""
        versions = self._versions(uuid)
        if "registrationDate" in params:
            until = _date("registrationDate", params)
            here = [v for v in versions if v["registrationAt"] <= until]
        else:
            on = _date("date", params) if "date" in params else self.today.isoformat()
            here = [
                v
                for v in versions
                if v["startAt"] <= on and (v["endAt"] is None or v["endAt"] >= on)
            ]
        return here[-1] if here else None

    def _shown(self, request: Request, uuid: str) -> Any:
        found = self._actual(uuid, request.query_params)
        if found is None:
            raise Refused(404, "not_found", "Niet gevonden.")
        fields = request.query_params.get("fields")
        return questions.shown(self._object(found), fields) if fields else self._object(found)

    def _list(self, request: Request) -> Row:
        params = request.query_params
        if params.get("date") and params.get("registrationDate"):
            raise invalid("nonFieldErrors", "invalid-date-query-params", "Niet tegelijk.")
        wanted = [type_ for type_ in self.types if _last(type_) == _last(params.get("type", type_))]
        if not wanted:
            raise invalid("type", "invalid_choice", "Dit objecttype is er niet.")
        tests = questions.expressions(params.getlist("data_attr"), "data_attr")
        if params.get("data_attrs"):
            tests += questions.expressions(params["data_attrs"].split(","), "data_attrs")
        newest = sorted(self.objects, key=lambda uuid: -self.objects[uuid][-1]["pk"])
        rows = [
            self._object(found)
            for uuid in newest
            if (found := self._actual(uuid, params)) is not None
            and found["type"] in wanted
            and params.get("typeVersion", str(found["typeVersion"])) == str(found["typeVersion"])
            and all(test(found["data"]) for test in tests)
            and _anywhere(found["data"], params.get("data_icontains", ""))
        ]
        rows = [dict(row) for row in questions.ordered(rows, params.get("ordering", ""))]
        return self._paged(request, rows)

    def _paged(self, request: Request, rows: list[Row]) -> Row:
        params = request.query_params
        size = int(params["pageSize"]) if params.get("pageSize", "").isdecimal() else 0
        size = min(size or 100, _MOST)
        text = params.get("page", "1")
        page = int(text) if text.isdecimal() else 0
        first = (page - 1) * size
        if page < 1 or (page > 1 and first >= len(rows)):
            raise Refused(404, "not_found", "Ongeldige pagina.")
        here: list[Any] = rows[first : first + size]
        if params.get("fields"):
            here = [questions.shown(row, params["fields"]) for row in here]
        return {
            "count": len(rows),
            "next": _link(request, page + 1) if first + size < len(rows) else None,
            "previous": _link(request, page - 1) if page > 1 else None,
            "results": here,
        }

    # --- writing -------------------------------------------------------------------------------

    def _written(self, request: Request, uuid: str | None, body: Row) -> Row:
        """A new version of an object, or a new object."""
        before = self._versions(uuid)[-1] if uuid is not None else None
        partial = request.method == "PATCH"
        record = body.get("record", {} if partial else None)
        if not isinstance(record, dict):
            raise invalid("record", "required", "Dit veld is vereist.")
        type_ = body.get("type", before["type"] if before and partial else None)
        if type_ not in self.types:
            raise invalid("type", "invalid", "Dit objecttype is er niet.")
        if before is not None and type_ != before["type"]:
            raise invalid("type", "immutable-field", "Dit veld mag niet wijzigen.")
        if not partial:
            for name in ("typeVersion", "startAt"):
                if name not in record:
                    raise invalid(f"record.{name}", "required", "Dit veld is vereist.")
        old: Row = before or {"typeVersion": 1, "geometry": None, "references": [], "data": {}}
        data = record.get("data", {} if not partial else old["data"])
        data = _merged(deepcopy(old["data"]), data) if partial else data
        check(data)
        made = {
            "pk": 1 + max((v[-1]["pk"] for v in self.objects.values()), default=0),
            "uuid": uuid or str(UUID(body["uuid"]) if "uuid" in body else uuid4()),
            "type": type_,
            "index": before["index"] + 1 if before else 1,
            "typeVersion": record.get("typeVersion", old["typeVersion"]),
            "data": data,
            "geometry": record.get("geometry", old["geometry"] if partial else None),
            # Of what is not said in a PUT the default is taken.
            "references": record.get("references", old["references"] if partial else []),
            "startAt": record.get("startAt", old.get("startAt")),
            "endAt": None,
            "registrationAt": self.today.isoformat(),
            "correctionFor": record.get("correctionFor"),
            "correctedBy": None,
        }
        if before is not None and before["endAt"] is None:
            before["endAt"] = made["startAt"]
        self.objects.setdefault(made["uuid"], []).append(made)
        return made


def _merged(target: Any, patch: Any) -> Any:
    """RFC 7396, but that null is a value like any other."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        made[name] = _merged(made.get(name), value)
    return made


async def _body(request: Request) -> Row:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Refused(400, "parse_error", "Geen JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "invalid", "Geen object.")
    return body


def _anywhere(data: Row, text: str) -> bool:
    return not text or any(text.casefold() in one.casefold() for one in questions.texts_in(data))


def _date(name: str, params: Mapping[str, str]) -> str:
    try:
        return date.fromisoformat(params[name]).isoformat()
    except ValueError:
        raise invalid(name, "invalid", "Voer een geldige datum in.") from None


def _last(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _link(request: Request, page: int) -> str:
    others = [(n, t) for n, t in request.query_params.multi_items() if n != "page"]
    return f"{PUBLIC}{request.url.path}?" + urlencode([*others, ("page", str(page))])


def service(scale: Scale = FULL) -> Objecten:
    """The API, with the call-back tasks of the sample municipality."""
    return Objecten(generate_tasks(scale))


def create_app() -> Starlette:
    """The application, for a server."""
    return service().app()
