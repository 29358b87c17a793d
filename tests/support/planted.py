"""Servers that are wrong in one way: what a right one answers, changed on its way back.

``transport`` puts a fault before any transport of httpx, ``proxy`` serves a server with one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.standard.table import BASE_PATH, RESOURCES

ABOUT: Final = ("actoren", "betrokkenen", "klantcontacten", "bijlagen")
"""Resources of which all that is said of them can be tried within seconds."""

Ask = Callable[[httpx.Request], Awaitable[httpx.Response]]
Fault = Callable[[httpx.Request, Ask], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Plant:
    """A fault, and the statements that do not hold with it: each of them has to be found."""

    name: str
    fault: Fault
    found_by: tuple[str, ...]
    writes: bool = False
    about: tuple[str, ...] = ()
    """The resources where it shows; where that is in some of ``ABOUT``: none."""


class Planted(httpx.AsyncBaseTransport):
    """A way to a server that is wrong in one way."""

    def __init__(self, to: httpx.AsyncBaseTransport, fault: Fault) -> None:
        self._to = to
        self._fault = fault

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._fault(request, self._ask)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._to.handle_async_request(request)
        await answer.aread()
        return answer


def proxy(to: str, fault: Fault) -> Starlette:
    """The server at ``to``, with a fault."""
    transport = httpx.AsyncHTTPTransport()

    async def ask(request: httpx.Request) -> httpx.Response:
        answer = await transport.handle_async_request(request)
        await answer.aread()
        return answer

    async def answer(request: Request) -> Response:
        url = httpx.URL(to + request.url.path, query=request.url.query.encode())
        sent = httpx.Request(
            request.method, url, headers=request.headers.raw, content=await request.body()
        )
        found = await fault(sent, ask)
        headers = [(n, v) for n, v in found.headers.multi_items() if n not in _OF_THE_HOP]
        made = Response(found.content, found.status_code)
        made.raw_headers = [(n.encode(), v.encode()) for n, v in headers]
        if request.method != "HEAD":
            made.raw_headers.append((b"content-length", str(len(found.content)).encode()))
        return made

    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    return Starlette(routes=[Route("/{path:path}", answer, methods=methods)])


_OF_THE_HOP: Final = frozenset({"content-length", "content-encoding", "transfer-encoding"})


# --- what is asked, and what is answered --------------------------------------------------------


def params(request: httpx.Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.query.decode(), keep_blank_values=True)


def asking(request: httpx.Request, given: list[tuple[str, str]]) -> httpx.Request:
    """The same request with other parameters."""
    url = request.url.copy_with(query=urlencode(given).encode() or None)
    return _like(request, url=url)


def _like(request: httpx.Request, **other: Any) -> httpx.Request:
    told = {
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "content": request.content,
        **other,
    }
    if "content" in other:
        told["headers"] = {n: v for n, v in request.headers.items() if n != "content-length"}
    return httpx.Request(**told)


def _with(answer: httpx.Response, status: int | None = None, **other: Any) -> httpx.Response:
    """An answer with another body (``json``) or without some of its headers (``without``)."""
    left = {"content-length", *other.get("without", ())}
    headers = {n: v for n, v in answer.headers.items() if n not in left} | other.get("headers", {})
    content = json.dumps(other["json"]).encode() if "json" in other else answer.content
    return httpx.Response(status or answer.status_code, headers=headers, content=content)


def _resource(request: httpx.Request) -> str:
    return request.url.path.removeprefix(BASE_PATH).strip("/").partition("/")[0]


def _is_list(answer: httpx.Response) -> bool:
    body = _json(answer) if answer.status_code == 200 else None
    return isinstance(body, dict) and "results" in body


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


# --- kinds of faults ----------------------------------------------------------------------------


def of_lists(change: Callable[[dict[str, Any], Mapping[str, str]], Any]) -> Fault:
    """One in the body of every list; what is changed in it sees the parameters."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        if not (_is_list(answer) and isinstance(body := _json(answer), dict)):
            return answer
        change(body, dict(params(request)))
        return _with(answer, json=body)

    return fault


def of_objects(resource: str, change: Callable[[dict[str, Any]], Any]) -> Fault:
    """One in every object of a resource, in lists and alone; of ``*``: of every one."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        body = _json(answer) if answer.status_code in (200, 201) else None
        asked = _resource(request)
        if not isinstance(body, dict) or asked not in RESOURCES or resource not in ("*", asked):
            return answer
        for one in body.get("results", [body]):
            change(one)
        return _with(answer, json=body)

    return fault


def of_problems(status: int, change: Callable[[dict[str, Any]], Any], **other: Any) -> Fault:
    """One in every problem with a status."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        answer = await ask(request)
        body = _json(answer) if answer.status_code == status else None
        if not isinstance(body, dict):
            return answer
        change(body)
        return _with(answer, json=body, **other)

    return fault


def of_parameters(change: Callable[[str, str], tuple[str, str] | None]) -> Fault:
    """One in what is heard of the parameters: each as it is changed, ``None``: not at all."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method != "GET":
            return await ask(request)
        heard = [change(name, value) for name, value in params(request)]
        return await ask(asking(request, [one for one in heard if one is not None]))

    return fault


def of_bodies(change: Callable[[dict[str, Any]], Any]) -> Fault:
    """One in what is heard of the body of a write."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        try:
            body = json.loads(request.content) if request.method == "POST" else None
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return await ask(request)
        change(body)
        return await ask(_like(request, content=json.dumps(body).encode()))

    return fault


def of_answers(change: Callable[[httpx.Request, httpx.Response], httpx.Response]) -> Fault:
    """One in the answer as a whole."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        return change(request, await ask(request))

    return fault


# --- the faults ---------------------------------------------------------------------------------

_FIXED: Final = "urn:uuid:11111111-1111-4111-8111-111111111111"
_PAGING: Final = ("page", "pageSize", "expand", "_c")


def _ignored(*names: str) -> Fault:
    return of_parameters(lambda name, value: None if name in names else (name, value))


def _known_only(name: str, value: str) -> tuple[str, str] | None:
    known = {f.param for r in RESOURCES.values() for f in r.filters} | {*_PAGING}
    return (name, value) if name in known else None


def _choices_only(name: str, value: str) -> tuple[str, str] | None:
    choices = {f.param: f.choices for r in RESOURCES.values() for f in r.filters if f.choices}
    return (name, value) if value in choices.get(name, (value,)) else None


def _shuffled(body: dict[str, Any], _: Mapping[str, str]) -> None:
    _RANDOM.shuffle(body["results"])


_RANDOM: Final = Random(7)


def _first_again(body: dict[str, Any], _: Mapping[str, str]) -> None:
    if body["previous"] and body["results"]:
        body["results"][0] = {**body["results"][0], **_FIRST}
    elif body["results"]:
        _FIRST.clear()
        _FIRST.update({name: body["results"][0][name] for name in ("uuid", "url")})


_FIRST: Final[dict[str, Any]] = {}


def _without_filters(body: dict[str, Any], _: Mapping[str, str]) -> None:
    if body["next"]:
        there, _, query = body["next"].partition("?")
        kept = [p for p in parse_qsl(query) if p[0] in _PAGING]
        body["next"] = f"{there}?{urlencode(kept)}"


async def _everybody(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Lets in who has no token."""
    headers = {**request.headers, "authorization": _TOKEN[0]}
    if "authorization" in request.headers:
        _TOKEN[0] = request.headers["authorization"]
        return await ask(request)
    return await ask(_like(request, headers=headers))


_TOKEN: Final = ["Token demo"]


async def _any_token(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Lets in who has any token."""
    given = request.headers.get("authorization", "")
    if given == "Token bestaat-niet":
        return await ask(_like(request, headers={**request.headers, "authorization": _TOKEN[0]}))
    _TOKEN[0] = given if given.startswith("Token ") and " x" not in given else _TOKEN[0]
    return await ask(request)


async def _first_filter_only(request: httpx.Request, ask: Ask) -> httpx.Response:
    filters = [p for p in params(request) if p[0] not in _PAGING]
    others = [p for p in params(request) if p[0] in _PAGING]
    return await ask(asking(request, filters[:1] + others))


async def _any_case(request: httpx.Request, ask: Ask) -> httpx.Response:
    answer = await ask(request)
    if _is_list(answer) and answer.json()["count"] == 0:
        swapped = [(n, v if n in _PAGING else v.swapcase()) for n, v in params(request)]
        return await ask(asking(request, swapped))
    return answer


async def _any_media(request: httpx.Request, ask: Ask) -> httpx.Response:
    return await ask(_like(request, headers={**request.headers, "accept": "*/*"}))


async def _any_slash(request: httpx.Request, ask: Ask) -> httpx.Response:
    url = request.url.copy_with(path=request.url.path.rstrip("/"))
    in_a_list = _resource(request) in RESOURCES
    return await ask(_like(request, url=url) if in_a_list else request)


def _empty_beyond(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if answer.status_code == 404 and any(name == "page" for name, _ in params(request)):
        body = {"count": 0, "next": None, "previous": None, "results": []}
        return _with(answer, 200, json=body)
    return answer


def _late_404(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    """Answers 500 to what is no uuid."""
    return _with(answer, 500) if answer.status_code == 404 else answer


def _unlisted(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    """Knows no partij by its uuid."""
    alone = re.search(r"/partijen/[^/]+$", request.url.path)
    if request.method != "GET" or not alone or answer.status_code != 200:
        return answer
    problem = {
        "type": "x",
        "code": "not_found",
        "title": "",
        "status": 404,
        "detail": "",
        "instance": _FIXED,
    }
    return _with(answer, 404, json=problem)


def _exact_uuids(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    last = request.url.path.rpartition("/")[2]
    return _with(answer, 404) if last != last.lower() else answer


def _expanding(change: Callable[[dict[str, Any]], Any]) -> Fault:
    def each(one: dict[str, Any]) -> None:
        for found in (one.get("_expand") or {}).values():
            for inner in found if isinstance(found, list) else [found]:
                if isinstance(inner, dict):
                    change(inner)

    return of_objects("*", each)


def _without_expand(one: dict[str, Any]) -> None:
    one.pop("_expand", None)


def _aware(one: dict[str, Any]) -> None:
    if "plaatsgevondenOp" in one:
        one["plaatsgevondenOp"] = one["plaatsgevondenOp"].replace("Z", "+00:00")


def _inside_url(one: dict[str, Any]) -> None:
    one["url"] = one["url"].replace("://", "://intern.")


def _snake(one: dict[str, Any]) -> None:
    for name in list(one):
        one[re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name)] = one.pop(name)


def _oldest_first(body: dict[str, Any], _: Mapping[str, str]) -> None:
    body["results"].reverse()


def _gte(name: str, value: str) -> tuple[str, str]:
    return re.sub("__([gl])t$", r"__\1te", name), value


def _not_last(name: str, value: str) -> tuple[str, str] | None:
    return ("page", "1") if (name, value) == ("page", "last") else (name, value)


READING: Final = (
    Plant("a filter is ignored", _ignored("kanaal"), ("filter.niets", "filter.niet-meer")),
    Plant(
        "a filter on who it was is ignored",
        _ignored("hadBetrokkene__wasPartij__partijIdentificator__objectId"),
        ("filter.niets", "filter.niet-meer"),
    ),
    Plant("unknown parameters are ignored", of_parameters(_known_only), ("vraag.onbekend",)),
    Plant("a choice that is none is ignored", of_parameters(_choices_only), ("filter.fout",)),
    Plant("only the first filter counts", _first_filter_only, ("filter.samen",)),
    Plant("filters do not look at case", _any_case, ("filter.letters",)),
    Plant(
        "after a day is on it too",
        of_parameters(_gte),
        ("filter.grens",),
        about=("digitaleadressen",),
    ),
    Plant(
        "the count is one too high",
        of_lists(lambda b, _: b.update(count=b["count"] + 1)),
        ("lijst.aantal", "filter.niets"),
    ),
    Plant(
        "the count is that of the page",
        of_lists(lambda b, _: b.update(count=len(b["results"]))),
        ("lijst.aantal", "lijst.links"),
    ),
    Plant("the order changes", of_lists(_shuffled), ("lijst.vast",)),
    Plant("the oldest come first", of_lists(_oldest_first), ("lijst.volgorde",)),
    Plant("an object comes again on the next page", of_lists(_first_again), ("lijst.aantal",)),
    Plant(
        "objects are left out of a page",
        of_lists(lambda b, _: b.update(results=b["results"][:-1])),
        ("lijst.aantal", "lijst.grootte"),
    ),
    Plant(
        "next leads to the same page",
        of_lists(
            lambda b, _: b["next"] and b.update(next=re.sub(r"page=\d+|_c=[\w-]+", "", b["next"]))
        ),
        ("lijst.nummers", "lijst.links"),
    ),
    Plant("next forgets the filters", of_lists(_without_filters), ("lijst.filters-mee",)),
    Plant(
        "previous leads nowhere",
        of_lists(lambda b, _: b.update(previous=None)),
        ("lijst.nummers", "lijst.links"),
    ),
    Plant("the size of a page is ignored", _ignored("pageSize"), ("lijst.grootte",)),
    Plant("the last page is the first", of_parameters(_not_last), ("lijst.laatste",)),
    Plant("a page that is not there is empty", of_answers(_empty_beyond), ("lijst.buiten",)),
    Plant(
        "a list has no previous",
        of_lists(lambda b, _: b.pop("previous")),
        ("lijst.vorm",),
    ),
    Plant("who has no token is let in", _everybody, ("aanmelden.zonder",)),
    Plant("any token will do", _any_token, ("aanmelden.onbekend",)),
    Plant(
        "how to say who one is, is not told",
        of_answers(lambda _, a: _with(a, without={"www-authenticate"})),
        ("aanmelden.zonder",),
    ),
    Plant(
        "a problem has another code",
        of_problems(404, lambda b: b.update(code="notFound")),
        ("uuid.onbekend", "fout.vorm"),
    ),
    Plant("what is not there is a fault", of_answers(_late_404), ("uuid.onbekend", "fout.vorm")),
    Plant(
        "a problem has another media type",
        of_problems(400, lambda _: None, headers={"content-type": "application/problem+json"}),
        ("fout.vorm",),
    ),
    Plant(
        "a problem has no instance", of_problems(400, lambda b: b.pop("instance")), ("fout.vorm",)
    ),
    Plant(
        "all problems are the same one",
        of_answers(
            lambda _, a: (
                _with(a, json=_json(a) | {"instance": _FIXED})
                if a.status_code >= 400 and isinstance(_json(a), dict)
                else a
            )
        ),
        ("fout.eigen",),
    ),
    Plant(
        "a problem does not say what is wrong",
        of_problems(400, lambda b: b.pop("invalidParams", None)),
        ("fout.parameters", "vraag.onbekend", "filter.fout"),
    ),
    Plant("html is asked and JSON is given", _any_media, ("http.accept",)),
    Plant("a slash too many does no harm", _any_slash, ("http.paden",)),
    Plant(
        "the version is not told",
        of_answers(lambda _, a: _with(a, without={"api-version"})),
        ("http.versie",),
    ),
    Plant(
        "what can be done is not told",
        of_answers(lambda _, a: _with(a, without={"allow"})),
        ("http.allow",),
    ),
    Plant("a uuid has one spelling", of_answers(_exact_uuids), ("uuid.schrijfwijze",)),
    Plant(
        "an attribute is lacking",
        of_objects("betrokkenen", lambda o: o.pop("initiator")),
        ("vorm.attributen",),
    ),
    Plant("attributes are spelled otherwise", of_objects("actoren", _snake), ("vorm.attributen",)),
    Plant(
        "an attribute is too many",
        of_objects("betrokkenen", lambda o: o.update(geboortedatum="")),
        ("vorm.attributen",),
    ),
    Plant(
        "an empty text is null",
        of_objects("klantcontacten", lambda o: o.update(inhoud=None)),
        ("vorm.waarden",),
    ),
    Plant("a moment has an offset", of_objects("klantcontacten", _aware), ("vorm.waarden",)),
    Plant(
        "a reference is a url",
        of_objects("betrokkenen", lambda o: o.update(hadKlantcontact=o["hadKlantcontact"]["url"])),
        ("vorm.waarden",),
    ),
    Plant("urls are those of another host", of_objects("*", _inside_url), ("vorm.los",)),
    Plant("what is referred to is not there", of_answers(_unlisted), ("vorm.verwijzingen",)),
    Plant(
        "a list shows less than the object",
        of_lists(lambda b, _: [o.update(inhoud="") for o in b["results"] if "inhoud" in o]),
        ("vorm.los",),
    ),
    Plant(
        "there is no place for what is expanded",
        of_objects("*", _without_expand),
        ("vorm.uitklap",),
    ),
    Plant("nothing is expanded", _ignored("expand"), ("uitklap.vorm", "uitklap.onbekend")),
    Plant(
        "what is expanded is not whole",
        _expanding(lambda o: o.pop("url")),
        ("uitklap.zelfde",),
    ),
)
"""Found with nothing but reading."""


def _truncating(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if isinstance(value, str) and len(value) > 40:
            body[name] = value[:40]


def _filling(body: dict[str, Any]) -> None:
    if "gevraagdeHandeling" not in body and "naam" not in body:
        body.setdefault("kanaal", "onbekend")


def _nulls_left_out(body: dict[str, Any]) -> None:
    for name in [name for name, value in body.items() if value is None]:
        del body[name]


def _made(request: httpx.Request, answer: httpx.Response) -> bool:
    return request.method == "POST" and answer.status_code == 201


async def _not_deleted(request: httpx.Request, ask: Ask) -> httpx.Response:
    return httpx.Response(204) if request.method == "DELETE" else await ask(request)


async def _always_json(request: httpx.Request, ask: Ask) -> httpx.Response:
    headers = {**request.headers, "content-type": "application/json"}
    return await ask(_like(request, headers=headers) if request.method == "POST" else request)


async def _nobody_asked(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Anything can be done anywhere."""
    answer = await ask(request)
    return httpx.Response(204) if answer.status_code == 405 else answer


def _references_left_out(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if isinstance(value, dict) and set(value) == {"uuid"}:
            body[name] = None


WRITING: Final = (
    Plant(
        "what is made is answered with 200",
        of_answers(lambda r, a: _with(a, 200) if _made(r, a) else a),
        ("schrijf.maken",),
        writes=True,
    ),
    Plant(
        "where it is, is not told",
        of_answers(lambda r, a: _with(a, without={"location"}) if _made(r, a) else a),
        ("schrijf.maken",),
        writes=True,
    ),
    Plant("what is removed stays", _not_deleted, ("schrijf.weghalen", "schrijf.opgeruimd"), True),
    Plant("what is lacking is filled in", of_bodies(_filling), ("schrijf.verplicht",), True),
    Plant("null is nothing", of_bodies(_nulls_left_out), ("schrijf.null",), writes=True),
    Plant("long text is cut", of_bodies(_truncating), ("schrijf.lengte",), writes=True),
    Plant("anything is JSON", _always_json, ("schrijf.body",), writes=True),
    Plant("everything can be done", _nobody_asked, ("schrijf.methoden",), writes=True),
    Plant(
        "references to nothing are forgotten",
        of_bodies(_references_left_out),
        ("schrijf.verwijzing",),
        writes=True,
    ),
)
"""Found with writing."""

PLANTS: Final = (*READING, *WRITING)
