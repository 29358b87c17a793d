"""A small adapter over HTTP that keeps its whole word, on a service in the same process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.base import Collection, Match, Operator, Page, Paging, Query, Writes
from adapters.conditions import ALWAYS, All, Condition, In, Record
from adapters.http import HttpSource
from adapters.http_adapter import HttpOptions, object_in, objects_in
from adapters.http_writing import HttpWritingAdapter, Values
from adapters.settings import Closed

SIZE: Final = 5


class Office:
    """The service: klanten, in pages by number, of a place or of all."""

    def __init__(self) -> None:
        self.rows = [
            {"id": n, "naam": f"Klant {n}", "plaats": f"Plaats {n % 3}"} for n in range(17)
        ]

    def app(self) -> Starlette:
        one = Route("/klanten/{id:int}", self.one, methods=["GET", "PATCH", "DELETE"])
        return Starlette(routes=[Route("/klanten", self.all, methods=["GET", "POST"]), one])

    async def all(self, request: Request) -> Response:
        if request.method == "POST":
            made = {**await request.json(), "id": max(int(r["id"]) for r in self.rows) + 1}
            self.rows.append(made)
            return JSONResponse(made, 201)
        found = [
            row
            for row in self.rows
            if all(str(row[k]) == v for k, v in request.query_params.items() if k in row)
        ]
        page = int(request.query_params.get("pagina", 1))
        here = found[(page - 1) * SIZE : page * SIZE]
        return JSONResponse({"results": here, "meer": page * SIZE < len(found)})

    async def one(self, request: Request) -> Response:
        row = next((r for r in self.rows if r["id"] == request.path_params["id"]), None)
        if row is None:
            return JSONResponse({}, 404)
        if request.method == "DELETE":
            self.rows.remove(row)
            return Response(status_code=204)
        if request.method == "PATCH":
            row |= await request.json()
        return JSONResponse(row)


class Options(HttpOptions):
    """There are no others."""


class Resource(Closed):
    """There is nothing to say."""


class OverHttp(HttpWritingAdapter[Options, Resource]):
    """One collection, as the service has it."""

    options_model = Options
    resource_model = Resource
    office: Office

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        office = Office()
        made = cls(Options(), {"klanten": Resource()}, httpx.ASGITransport(office.app()))
        made.office = office
        return made

    def _capabilities(self, spec: Resource) -> Collection:
        one_of = {Operator.IN: Match.EXACT}
        return Collection(
            fields=frozenset(["id", "naam", "plaats"]),
            key=("id",),
            filters={"naam": one_of, "plaats": one_of},
            paging=Paging.TOKEN,
            page_size=SIZE,
            writes=Writes(
                create=True,
                update=True,
                delete=True,
                generated=frozenset(["id"]),
                fields=frozenset(["naam", "plaats"]),
            ),
        )

    async def find(self, collection: str, query: Query) -> Page:
        params: dict[str, str] = {}
        for part in _parts(query.where):
            assert isinstance(part, In)
            params[part.field] = str(part.values[0])
        page = int(query.token or 1)
        answer = await self.service.get("klanten", {**params, "pagina": str(page)})
        rows = objects_in(answer)
        return Page(rows, str(page + 1) if answer["meer"] else None)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        value = str(key["id"])
        return await self._stored(collection, value) if value.isdecimal() else None

    @property
    def service(self) -> HttpSource:
        return self._service("http://crm.example")

    def _place(self, collection: str) -> tuple[HttpSource, str]:
        return self.service, "klanten"

    def _path_of(self, collection: str, found: Record) -> str:
        return f"klanten/{found['id']}"

    async def _stored(self, collection: str, key: str) -> Record | None:
        return object_in(await self.service.get(f"klanten/{key}"))

    def _record(self, collection: str, found: Record) -> Record:
        return found

    def _body(self, collection: str, values: Values, before: Record | None) -> Mapping[str, Any]:
        return dict(values)


def _parts(where: Condition) -> tuple[Condition, ...]:
    match where:
        case All(parts):
            return parts
        case _:
            return () if where == ALWAYS else (where,)


FRESH: Final = {"klanten": [{"naam": f"Nieuw {n}", "plaats": "Zilverdam"} for n in range(3)]}
"""Records that it accepts."""
