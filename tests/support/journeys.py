"""What clients send, as it was recorded of them, one request after another in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from gateway.standard.table import BASE_PATH
from tests.shared import shared

_VARIABLE: Final = re.compile(r"\{\{(\w+)(?:\|enc)?\}\}")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+|\*)\]")

Answers = list[tuple[str, httpx.Response]]
"""By request, as ``POST klantcontacten``, what was answered, in order."""


async def replay(
    client: httpx.AsyncClient,
    name: str,
    variables: Mapping[str, Any],
    metadata: Mapping[str, str] | None = None,
) -> Answers:
    """All requests of a journey, whatever is answered to those before. ``variables``: what its
    templates are filled with; ``metadata``: what its klantcontact says besides."""
    journeys = json.loads((shared() / "clients" / "journeys.json").read_text())
    (journey,) = (one for one in journeys if one["name"] == name)
    known = dict(variables)
    answers: Answers = []
    for step in journey["steps"]:
        condition = step.get("when", "")
        if condition.startswith("not ") and known.get(condition.removeprefix("not ")):
            continue
        items = known.get(step.get("foreach", ""), [None])
        for item in items:
            answer = await _sent(client, step, {**known, "item": item}, metadata)
            answers.append((f"{step['method']} {_path(step)}", answer))
            if answer.is_success:
                for variable, path in step.get("save", {}).items():
                    known[variable] = _found(answer.json(), path)
    return answers


def _path(step: Mapping[str, Any]) -> str:
    return str(step["path"]).removeprefix(BASE_PATH + "/")


async def _sent(
    client: httpx.AsyncClient,
    step: Mapping[str, Any],
    known: Mapping[str, Any],
    metadata: Mapping[str, str] | None,
) -> httpx.Response:
    path = _VARIABLE.sub(lambda m: str(known.get(m[1])), _path(step))
    query = _VARIABLE.sub(lambda m: quote(str(known.get(m[1])), safe="@"), step["query"])
    body = _filled(step["body_template"], known)
    if metadata and body and "kanaal" in body.get("klantcontact", body):
        body.get("klantcontact", body)["metadata"] = dict(metadata)
    url = f"{path}?{query}" if query else path
    return await client.request(step["method"], url, **({"json": body} if body else {}))


def _filled(template: Any, known: Mapping[str, Any]) -> Any:
    match template:
        case str():
            return _VARIABLE.sub(lambda m: str(known.get(m[1])), template)
        case dict():
            return {name: _filled(one, known) for name, one in template.items()}
        case list():
            return [_filled(one, known) for one in template]
    return template


def _found(body: Any, path: str) -> Any:
    """What stands at a path such as ``$.results[*].uuid``, ``None`` for nothing."""
    found = list(_walked([body], path))
    return found if "*" in path else next(iter(found), None)


def _walked(places: list[Any], path: str) -> Iterator[Any]:
    for name, number in _STEP.findall(path):
        if name:
            places = [one[name] for one in places if name in one]
        elif number == "*":
            places = [each for one in places for each in one]
        else:
            places = [one[int(number)] for one in places if len(one) > int(number)]
    yield from places
