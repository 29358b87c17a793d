"""Servers that are wrong in one way, and the statements that do not hold of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import httpx

from gateway.standard.table import RESOURCES
from tests.support.planted_writes import WRITING
from tests.support.wrong import (
    Ask,
    Fault,
    Plant,
    asking,
    is_list,
    json_of,
    like,
    of_answers,
    of_lists,
    of_objects,
    of_parameters,
    of_problems,
    params,
    remade,
    resource_of,
)

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
    return await ask(like(request, headers=headers))


_TOKEN: Final = ["Token demo"]


async def _any_token(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Lets in who has any token."""
    given = request.headers.get("authorization", "")
    if given == "Token bestaat-niet":
        return await ask(like(request, headers={**request.headers, "authorization": _TOKEN[0]}))
    _TOKEN[0] = given if given.startswith("Token ") and " x" not in given else _TOKEN[0]
    return await ask(request)


async def _first_filter_only(request: httpx.Request, ask: Ask) -> httpx.Response:
    filters = [p for p in params(request) if p[0] not in _PAGING]
    others = [p for p in params(request) if p[0] in _PAGING]
    return await ask(asking(request, filters[:1] + others))


async def _any_case(request: httpx.Request, ask: Ask) -> httpx.Response:
    answer = await ask(request)
    if is_list(answer) and answer.json()["count"] == 0:
        swapped = [(n, v if n in _PAGING else v.swapcase()) for n, v in params(request)]
        return await ask(asking(request, swapped))
    return answer


async def _any_media(request: httpx.Request, ask: Ask) -> httpx.Response:
    return await ask(like(request, headers={**request.headers, "accept": "*/*"}))


async def _any_slash(request: httpx.Request, ask: Ask) -> httpx.Response:
    url = request.url.copy_with(path=request.url.path.rstrip("/"))
    in_a_list = resource_of(request) in RESOURCES
    return await ask(like(request, url=url) if in_a_list else request)


def _empty_beyond(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if answer.status_code == 404 and any(name == "page" for name, _ in params(request)):
        body = {"count": 0, "next": None, "previous": None, "results": []}
        return remade(answer, 200, json=body)
    return answer


def _late_404(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    """Answers 500 to what is no uuid."""
    return remade(answer, 500) if answer.status_code == 404 else answer


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
    return remade(answer, 404, json=problem)


def _exact_uuids(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    last = request.url.path.rpartition("/")[2]
    return httpx.Response(404, json={}) if last != last.lower() else answer


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


def _header(name: str, value: str | None, *media: str) -> Fault:
    """Answers, or those of a media type, with another header, or without it."""

    def change(_: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if media and answer.headers.get("content-type", "") not in media:
            return answer
        left = remade(answer, without={name})
        return left if value is None else remade(left, headers={name: value})

    return of_answers(change)


def _method(name: str, status: int) -> Fault:
    """A method that is answered otherwise."""
    return of_answers(lambda r, a: httpx.Response(status) if r.method == name else a)


def _path(end: str, status: int) -> Fault:
    """What ends in this is answered otherwise."""
    return of_answers(lambda r, a: httpx.Response(status) if r.url.path.endswith(end) else a)


def _fixed_host() -> Fault:
    """The host that it was asked by first."""
    known: list[str] = []

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        known.append(request.headers["host"])
        return await ask(like(request, headers={**request.headers, "host": known[0]}))

    return fault


def _reading_tokens(read: Callable[[str], str]) -> Fault:
    """What is said of who one is, is read otherwise."""

    async def fault(request: httpx.Request, ask: Ask) -> httpx.Response:
        said = request.headers.get("authorization")
        if said is None:
            return await ask(request)
        if re.fullmatch("Token [^ ]+", said) and said.lower() != f"{_TOKEN[0]}".lower():
            _TOKEN[0] = said if said != "Token bestaat-niet" else _TOKEN[0]
        headers = {**request.headers, "authorization": read(said)}
        return await ask(like(request, headers=headers))

    return fault


def _any_scheme(said: str) -> str:
    return said.replace("Bearer ", "Token ")


def _first_words(said: str) -> str:
    return " ".join(said.split(" ")[:2])


def _any_letters(said: str) -> str:
    return _TOKEN[0] if said.lower() == _TOKEN[0].lower() else said


async def _tells_everybody(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Tells who has no token what is wrong with what was asked."""
    if "authorization" in request.headers:
        _TOKEN[0] = request.headers["authorization"]
        return await ask(request)
    told = await ask(like(request, headers={**request.headers, "authorization": _TOKEN[0]}))
    return told if told.status_code in (400, 404) else await ask(request)


def _nothing_is_404(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    empty = is_list(answer) and json_of(answer)["count"] == 0
    return httpx.Response(404) if empty else answer


async def _first_value(request: httpx.Request, ask: Ask) -> httpx.Response:
    return await ask(asking(request, list(dict(params(request)[::-1]).items())))


def _none_found(body: dict[str, Any], given: Mapping[str, str], *names: str) -> None:
    if any(name in given for name in names):
        body.update(count=0, next=None, previous=None, results=[])


def _nothing_for_nothing(body: dict[str, Any], given: Mapping[str, str]) -> None:
    if "" in [value for name, value in given.items() if name not in _PAGING]:
        body.update(count=0, next=None, previous=None, results=[])


def _nameless(one: dict[str, Any]) -> None:
    if one.get("soortActor") == "organisatorische_eenheid" and one["actorIdentificatie"]:
        one["actorIdentificatie"].pop("omschrijving")


def _elsewhere(name: str, value: str) -> tuple[str, str]:
    never = "https://elders.example/00000000-0000-4000-8000-000000000000"
    return name, never if name.endswith("__url") and "elders" in value else value


def _utc_only(name: str, value: str) -> tuple[str, str]:
    own = name == "plaatsgevondenOp" and not value.endswith("Z") and value[:2] == "20"
    return name, "1801-03-02T00:00:00Z" if own else value


def _flat(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    deep = any(name == "expand" and "." in value for name, value in params(request))
    return httpx.Response(400, json={}) if deep else answer


def _never_empty(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return httpx.Response(400, json={}) if ("expand", "") in params(request) else answer


def _last_path(name: str, value: str) -> tuple[str, str]:
    return name, value.rpartition(",")[2] if name == "expand" else value


def _whole_path(name: str, value: str) -> tuple[str, str]:
    return name, f"{value.partition('.')[0]},{value}" if name == "expand" else value


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
        of_answers(lambda _, a: remade(a, without={"www-authenticate"})),
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
                remade(a, json=json_of(a) | {"instance": _FIXED})
                if a.status_code >= 400 and isinstance(json_of(a), dict)
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
        of_answers(lambda _, a: remade(a, without={"api-version"})),
        ("http.versie",),
    ),
    Plant(
        "what can be done is not told",
        of_answers(lambda _, a: remade(a, without={"allow"})),
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
    Plant(
        "a list says that it is text",
        _header("content-type", "text/plain", "application/json"),
        ("lijst.er-is",),
    ),
    Plant("anybody may frame it", _header("x-frame-options", None), ("http.beveiliging",)),
    Plant("HEAD is not known", _method("HEAD", 405), ("http.head",)),
    Plant("OPTIONS says nothing", _method("OPTIONS", 204), ("http.options",)),
    Plant("urls have one host", _fixed_host(), ("http.host",)),
    Plant("nothing is said of what there is", _path("/v1/", 404), ("http.wortel",)),
    Plant(
        "the description is for some",
        _header("access-control-allow-origin", None),
        ("http.schema",),
    ),
    Plant("it is not well", _path("/_healthz/", 503), ("http.gezondheid",)),
    Plant("any scheme will do", _reading_tokens(_any_scheme), ("aanmelden.anders",)),
    Plant("a token ends at a space", _reading_tokens(_first_words), ("aanmelden.vorm",)),
    Plant("a token has no capitals", _reading_tokens(_any_letters), ("aanmelden.letters",)),
    Plant("what is wrong is told to anybody", _tells_everybody, ("aanmelden.eerst",)),
    Plant(
        "problems are told in English",
        of_problems(404, lambda b: b.update(detail="Not found.")),
        ("fout.teksten",),
    ),
    Plant("an empty list is not there", of_answers(_nothing_is_404), ("lijst.leeg",)),
    Plant("the first of two values counts", _first_value, ("vraag.herhaald",)),
    Plant(
        "what no text can have is left out",
        of_parameters(lambda name, value: (name, value.replace("\0", ""))),
        ("vraag.nul",),
    ),
    Plant("nothing has an empty value", of_lists(_nothing_for_nothing), ("vraag.leeg",)),
    Plant(
        "an attribute of a soort is lacking",
        of_objects("actoren", _nameless),
        ("vorm.soorten",),
    ),
    Plant(
        "who it was is a list of urls",
        of_objects(
            "klantcontacten",
            lambda o: o.update(hadBetrokkenen=[x["url"] for x in o["hadBetrokkenen"]]),
        ),
        ("vorm.omgekeerd",),
    ),
    Plant(
        "what refers to an object is not told",
        of_objects("klantcontacten", lambda o: o.update(hadBetrokkenen=[])),
        ("vorm.terug",),
    ),
    Plant(
        "a filter finds nothing",
        of_lists(lambda b, given: _none_found(b, given, "kanaal")),
        ("filter.vindt",),
    ),
    Plant(
        "a truth has one spelling",
        of_parameters(lambda n, v: None if v in ("True", "TRUE", "1") else (n, v)),
        ("filter.boolean",),
    ),
    Plant("a moment has one spelling", of_parameters(_utc_only), ("filter.datum",)),
    Plant("urls of elsewhere find nothing", of_parameters(_elsewhere), ("filter.url",)),
    Plant("paths have one step", of_answers(_flat), ("uitklap.paden",)),
    Plant("an empty path is none", of_answers(_never_empty), ("uitklap.leeg",)),
    Plant("the last path counts", of_parameters(_last_path), ("uitklap.meer",)),
    Plant("a path brings what is before it", of_parameters(_whole_path), ("uitklap.genest",)),
)
"""Found with nothing but reading."""


PLANTS: Final = (*READING, *WRITING)
