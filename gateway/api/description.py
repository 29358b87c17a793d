"""Serving the description of the API: OpenAPI as JSON and YAML, and a page for people."""

from __future__ import annotations

from asyncio import to_thread
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.api import openapi
from gateway.api.problems import Json, origin_of, page
from gateway.api.routing import Endpoint, page_route
from gateway.coverage import Part, coverage
from gateway.federation.advice import fares
from gateway.standard.model import Resource
from gateway.standard.table import BASE_PATH, RESOURCES
from gateway.writing.register import WritingRegister

_OPEN: Final = {"Access-Control-Allow-Origin": "*"}


class Description:
    """The description of one installation; public, so served without a token."""

    def __init__(
        self, register: WritingRegister, contact: Mapping[str, str], public_url: str | None
    ) -> None:
        self._register = register
        self._contact = contact
        self._public_url = public_url

    def routes(self) -> Iterable[Route]:
        """All routes (GEN-11, GEN-12)."""
        yield self._open("openapi.json", self._json)
        yield self._open("openapi.yaml", self._yaml)
        yield self._open("schema/", self._page)
        yield self._open("schema", self._to("schema/", 301))
        for extension in ("json", "yaml"):
            there = self._to(f"openapi.{extension}", 302)
            yield self._open(f"schema/openapi.{extension}", there)

    def _open(self, path: str, endpoint: Endpoint) -> Route:
        return page_route(f"{BASE_PATH}/{path}", endpoint, self._public_url)

    @cached_property
    def _described(self) -> Mapping[str, openapi.Described]:
        covered: dict[str, list[Part]] = defaultdict(list)
        for part in coverage(self._register):
            covered[part.resource].append(part)
        return {path: self._describe(r, covered[path]) for path, r in RESOURCES.items()}

    def _describe(self, resource: Resource, covered: Sequence[Part]) -> openapi.Described:
        streams = self._register.catalogue.of(resource.path)
        planner = self._register.planner
        verbs = {verb.lower() for verb in self._register.verbs(resource.path)}
        return openapi.Described(
            verbs=tuple(v for v in openapi.ALL_VERBS if v in (*openapi.READ, *verbs)),
            sources=tuple(dict.fromkeys(s.source for s in streams)),
            filters={f.param: fares(planner, resource, f) for f in resource.filters},
            coverage=covered,
        )

    async def _document(self, request: Request) -> openapi.Document:
        # What is covered takes a second to compute, once; others are answered meanwhile.
        return await to_thread(self._written, request)

    def _written(self, request: Request) -> openapi.Document:
        origin = origin_of(request, self._public_url)
        combined = bool(self._register.verbs("maak-klantcontact"))
        return openapi.document(
            lambda r: self._described[r.path], origin, self._contact, combined=combined
        )

    async def _json(self, request: Request) -> Response:
        return Json(
            await self._document(request),
            headers=_OPEN,
            media_type="application/vnd.oai.openapi+json",
        )

    async def _yaml(self, request: Request) -> Response:
        text = yaml.dump(
            await self._document(request), Dumper=_Dumper, sort_keys=False, allow_unicode=True
        )
        return Response(text, headers=_OPEN, media_type="application/vnd.oai.openapi")

    def _to(self, target: str, status: int) -> Endpoint:
        async def redirect(_: Request) -> Response:
            return RedirectResponse(f"{BASE_PATH}/{target}", status)

        return redirect

    async def _page(self, request: Request) -> Response:
        document = await self._document(request)
        parts = [
            f"<p>{escape(document['info']['description'])}</p>",
            '<p><a href="../openapi.json">openapi.json</a> · '
            '<a href="../openapi.yaml">openapi.yaml</a></p>',
            *(_operation(path, item) for path, item in document["paths"].items()),
        ]
        return HTMLResponse(page("Klantinteracties", "".join(parts)))


class _Dumper(yaml.SafeDumper):
    """Without anchors: shared pieces are written out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _operation(path: str, item: Mapping[str, Any]) -> str:
    shown = []
    for verb in openapi.ALL_VERBS:
        if verb not in item:
            continue
        operation = item[verb]
        sources = ", ".join(operation.get("x-gateway", {}).get("bronnen", ()))
        told = f" Bron: {escape(sources)}." if sources else ""
        rows = "".join(
            f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['description'])}</td>"
            f"<td>{escape(p.get('x-gateway', ''))}</td></tr>"
            for p in operation.get("parameters", ())
            if "name" in p
        )
        shown.append(
            f"<h2><code>{verb.upper()} {escape(path)}</code></h2>"
            f"<p>{escape(operation['summary'])}{told}</p><table>{rows}</table>"
        )
    return "".join(shown)
