"""Microsoft Graph as far as it gives mail (v1.0): tokens, messages of folders, batches.

It refuses what the real one refuses: an order with a search, a filter that does not lead with the
field of the order, a property or a parameter that there is not. It ends a page where it likes, and
finds a person by words and not by addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.graph.rows import Row

ORIGIN: Final = "http://graph.example"
MAX_TOP: Final = 1000
MAX_FOUND: Final = 1000
"""A search gives no more than this."""

MAX_BATCH: Final = 20
_PATH: Final = re.compile(r"/users/([^/]+)(?:/mailFolders/([^/]+))?/messages(?:/([^/]+))?")
_FILE: Final = re.compile(r"/users/([^/]+)/messages/([^/]+)(?:/attachments/([^/]+))?/\$value")
_TEST: Final = re.compile(r"(sentDateTime|receivedDateTime) (ge|le|gt|lt|eq) (\S+)")
_SEARCH: Final = re.compile(r'"(participants|subject|from):([^"\\]*)"')
_PARAMS: Final = ("$select", "$top", "$skip", "$orderby", "$filter", "$search", "$count", "$expand")


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers


@dataclass
class Graph:
    """``rows``: what is in the mailbox; ``page``: the most messages on one page; ``refusing``: what
    is answered to the next calls, status by status; ``throttling``: so many of the next questions
    in batches are too many; ``links``: where a next page is said to be."""

    mailbox: str
    rows: list[Row]
    secret: str = "openbaar-geheim-van-de-demo"
    page: int = MAX_TOP
    tokens: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    refusing: list[int] = field(default_factory=list)
    throttling: int = 0
    links: str = ORIGIN
    hosts: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/token", self._token, methods=["POST"]),
                Route("/v1.0/$batch", self._batch, methods=["POST"]),
                Route("/v1.0/{path:path}", self._one, methods=["GET"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        self.calls.append("token")
        wanted = {"grant_type": "client_credentials", "client_secret": self.secret}
        if any(form.get(name) != value for name, value in wanted.items()):
            return JSONResponse({"error": "invalid_client"}, 401)
        token = f"token-{len(self.calls)}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    async def _one(self, request: Request) -> Response:
        try:
            self._enter(request)
            file = _FILE.fullmatch(unquote(f"/{request.path_params['path']}"))
            if file is not None:
                return Response(self._file(*file.groups()), media_type="text/plain")
            return JSONResponse(self._answer(f"/{request.path_params['path']}", request.url.query))
        except Refused as refused:
            return _problem(refused)

    async def _batch(self, request: Request) -> Response:
        try:
            self._enter(request)
            asked = (await request.json())["requests"]
            if len(asked) > MAX_BATCH:
                raise Refused(400, "tooManyRequests")
        except Refused as refused:
            return _problem(refused)
        answers = []
        for one in reversed(asked):
            url = urlsplit(one["url"])
            try:
                if self.throttling:
                    self.throttling -= 1
                    raise Refused(429, "TooManyRequests", **{"Retry-After": "7"})
                answers.append(
                    {"id": one["id"], "status": 200, "body": self._answer(url.path, url.query)}
                )
            except Refused as refused:
                answers.append(
                    {
                        "id": one["id"],
                        "status": refused.status,
                        "headers": refused.headers,
                        "body": {},
                    }
                )
        return JSONResponse({"responses": answers})

    def _enter(self, request: Request) -> None:
        self.calls.append(f"{request.method} {request.url.path}?{request.url.query}")
        self.hosts.add(request.url.netloc)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise Refused(401, "InvalidAuthenticationToken")
        if self.refusing:
            status = self.refusing.pop(0)
            raise Refused(status, "refused", **({"Retry-After": "3"} if status == 429 else {}))

    def _answer(self, path: str, query: str) -> Any:
        found = _PATH.fullmatch(unquote(path))
        if found is None or found[1].lower() != self.mailbox:
            raise Refused(404, "ResourceNotFound")
        params = dict(parse_qsl(query, keep_blank_values=True))
        unknown = [name for name in params if name not in _PARAMS]
        if unknown:
            raise Refused(400, "BadRequest")
        if found[3]:
            one = next((row for row in self.rows if row["id"] == found[3]), None)
            if one is None:
                raise Refused(404, "ErrorItemNotFound")
            return _selected(one, params)
        return self._list(found[2], params, path)

    def _file(self, mailbox: str, message: str, attachment: str | None) -> bytes:
        """The message itself, or what is attached to it, as it is."""
        row = next((row for row in self.rows if row["id"] == message), None)
        if mailbox.lower() != self.mailbox or row is None:
            raise Refused(404, "ErrorItemNotFound")
        if attachment is None:
            return bytes(row["_raw"])
        found = next((one for one in row["attachments"] if one["id"] == attachment), None)
        if found is None:
            raise Refused(404, "ErrorItemNotFound")
        return bytes(found["_content"])

    def _list(self, folder: str | None, params: Mapping[str, str], path: str) -> Any:
        if "$search" in params and ("$orderby" in params or "$filter" in params):
            raise Refused(400, "SearchWithOrderOrFilter")
        order, tests = params.get("$orderby"), _tests(params.get("$filter"))
        if order and tests and tests[0][0] != order.split(" ")[0]:
            raise Refused(400, "InefficientFilter")
        top, skip = int(params.get("$top", "10")), int(params.get("$skip", "0"))
        if not 0 < top <= MAX_TOP:
            raise Refused(400, "BadRequest")
        rows = [row for row in self.rows if folder in (None, row["_folder"])]
        rows = [row for row in rows if all(_holds(row, test) for test in tests)]
        if "$search" in params:
            rows = [row for row in rows if _finds(row, params["$search"])][:MAX_FOUND]
        if order:
            rows.sort(key=lambda row: str(row[order.split(" ")[0]]), reverse=order.endswith("desc"))
        stop = skip + min(top, self.page)
        answer: Row = {"value": [_selected(row, params) for row in rows[skip:stop]]}
        if stop < len(rows):
            more = urlencode({**params, "$skip": str(stop)})
            answer["@odata.nextLink"] = f"{self.links}/v1.0{path}?{more}"
        return answer


def _tests(filter_: str | None) -> list[tuple[str, str, str]]:
    found = []
    for part in filter_.split(" and ") if filter_ else []:
        test = _TEST.fullmatch(part)
        if test is None:
            raise Refused(400, "BadFilter")
        found.append((test[1], test[2], test[3]))
    return found


def _holds(row: Row, test: tuple[str, str, str]) -> bool:
    name, op, value = test
    have = row[name]
    return bool(
        {"ge": have >= value, "le": have <= value, "gt": have > value, "lt": have < value,
         "eq": have == value}[op]
    )  # fmt: skip


def _finds(row: Row, search: str) -> bool:
    asked = _SEARCH.fullmatch(search)
    if asked is None:
        raise Refused(400, "BadSearch")
    if asked[1] == "subject":
        return set(_words(asked[2])) <= set(_words(row["subject"]))
    people = [row["from"] or {}, *row["toRecipients"], *row["ccRecipients"]]
    told = [one.get("emailAddress", {}) for one in people[: 1 if asked[1] == "from" else None]]
    said = " ".join(f"{one.get('name', '')} {one.get('address', '')}" for one in told)
    # By words: who has the same words in another order is found too.
    return set(_words(asked[2])) <= set(_words(said))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _selected(row: Row, params: Mapping[str, str]) -> Row:
    names = params.get("$select", "id,subject,receivedDateTime,body").split(",")
    unknown = [
        name for name in names if name not in row or name.startswith("_") or name == "attachments"
    ]
    if unknown:
        raise Refused(400, "NoSuchProperty")
    shown = {name: row[name] for name in names}
    expand = params.get("$expand", "")
    if expand:
        if not expand.startswith("attachments"):
            raise Refused(400, "NoSuchProperty")
        inner = re.search(r"\$select=([^)]*)", expand)
        wanted = inner[1].split(",") if inner else ["id", "name"]
        # Of what kind one is, is always told.
        names = ["@odata.type", *wanted]
        shown["attachments"] = [{n: one[n] for n in names} for one in row["attachments"]]
    return {"@odata.etag": 'W/"1"', **shown}


def _problem(refused: Refused) -> Response:
    body = {"error": {"code": refused.code, "message": "Not so."}}
    return JSONResponse(body, refused.status, headers=refused.headers)
