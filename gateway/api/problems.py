"""Problem answers in the contract's shape.

Open Klant sends them as ``application/json`` and its clients insist on that (ERR-01, GEN-10).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final
from uuid import uuid4

from pydantic_core import PydanticSerializationError, to_json
from starlette.requests import Request
from starlette.responses import Response

from gateway.standard.errors import Problem

HOST: Final = re.compile(r"[A-Za-z0-9._\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


class Json(Response):
    """A JSON answer as Open Klant writes it: compact, UTF-8, no charset parameter."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return compact(content)


def compact(content: Any) -> bytes:
    """JSON without white space; a lone surrogate from a client's text is replaced."""
    try:
        return to_json(content)
    except PydanticSerializationError:
        # Of what is written here only a lone surrogate is beyond UTF-8, and almost never there.
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def answer(problem: Problem, origin: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a problem; ``origin`` is the scheme and host for ``type``."""
    return Response(
        body_of(problem, origin),
        problem.kind.status,
        {**(headers or {}), **problem.headers},
        media_type=Json.media_type,
    )


def body_of(problem: Problem, origin: str) -> bytes:
    """The body of a problem answer."""
    kind = problem.kind
    body: dict[str, Any] = {
        "type": f"{origin}/ref/fouten/{kind.name}/",
        "code": kind.code,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if problem.params:
        body["invalidParams"] = [
            {"name": p.name, "code": p.code, "reason": p.reason} for p in problem.params
        ]
    return compact(body)


def origin_of(request: Request, public_url: str | None) -> str:
    """The scheme and host that urls in the answer are built on (GEN-26); empty where the Host
    header names none, for then it can hold anything."""
    if public_url:
        return public_url
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host}" if HOST.fullmatch(host) else ""


def page(title: str, body: str) -> str:
    """A page for people: ``body`` is HTML, ``title`` is text."""
    return (
        '<!doctype html><html lang="nl"><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        "<style>body{font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"
        "td{padding:.2rem .6rem .2rem 0;vertical-align:top}</style>"
        f"<h1>{escape(title)}</h1>{body}</html>"
    )
