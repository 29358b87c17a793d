"""What coverage declares is what a client meets: it is computed, and then asked of each system."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from gateway import installation
from gateway.coverage import Fares, Part, coverage
from gateway.federation.foresight import Foresight
from gateway.standard.fields import Unfit, read_field
from gateway.standard.model import Field, Kind, Variants
from gateway.standard.table import RESOURCES
from gateway.writing.register import WritingRegister
from tests.helpers import BSN, CLIENT, problem
from tests.support.v1 import SYSTEMS, ESuite, OpenKlant1, config, gateway

FAKES = {"open-klant-1": OpenKlant1, "e-suite": ESuite}
EVERY = [(system, path) for system in SYSTEMS for path in RESOURCES]
UNKNOWN = "00000000-0000-4000-8000-000000000000"
ALLOWED = {**CLIENT, "scopes": ["*:read", "*:write"]}
OF_SOMEBODY = {
    "partijen": f"partijen?partijIdentificator__objectId={BSN}",
    "digitaleadressen": "digitaleadressen?verstrektDoorPartij__partijIdentificator__objectId="
    f"{BSN}",
}


@cache
def register(system: str) -> WritingRegister:
    with TemporaryDirectory() as folder:
        return installation.build(config(Path(folder), system)).register


@cache
def parts(system: str) -> dict[str, Part]:
    return {part.resource: part for part in coverage(register(system))}


@pytest.fixture
async def client(tmp_path: Path, system: str) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, system, clients={"tests": ALLOWED})) as client:
        yield client


def values(system: str, path: str) -> Iterator[tuple[str, str, Fares]]:
    """Of each filter a value for each way in which it fares."""
    foresight = Foresight(register(system))
    for spec in RESOURCES[path].filters:
        found: dict[Fares, str] = {}
        for text, fares in foresight.values(RESOURCES[path], spec):
            if system in fares:
                found.setdefault(fares[system], text)
        yield from ((spec.param, text, fares) for fares, text in found.items())


@pytest.mark.parametrize(("system", "path"), EVERY)
async def test_a_filter_fares_as_is_declared(
    client: httpx.AsyncClient, system: str, path: str
) -> None:
    for param, text, fares in values(system, path):
        before = len(FAKES[system].last.calls)
        answer = await client.get(path, params={param: text, "pageSize": "2"})
        calls = len(FAKES[system].last.calls) - before
        if fares is Fares.REFUSED:
            (wrong,) = problem(answer, 400, "invalid")["invalidParams"]
            assert (wrong["name"], wrong["code"]) == (param, "filter-not-supported")
            assert not calls, param
            continue
        assert answer.status_code == 200, (param, text, answer.text)
        if fares is Fares.NOTHING:
            assert answer.json()["count"] == 0, (param, text)


@pytest.mark.parametrize(("system", "path"), EVERY)
async def test_a_list_fares_as_is_declared(
    client: httpx.AsyncClient, system: str, path: str
) -> None:
    answer = await client.get(path, params={"pageSize": "1"})
    part = parts(system).get(path)
    if part is None:
        assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}
    elif part.listed is Fares.REFUSED:
        (wrong,) = problem(answer, 400, "invalid")["invalidParams"]
        assert (wrong["name"], wrong["code"]) == ("nonFieldErrors", "filter-not-supported")
    else:
        assert answer.json()["count"] > 0


@pytest.mark.parametrize(("system", "path"), EVERY)
async def test_a_verb_that_is_lacking_is_not_allowed(
    client: httpx.AsyncClient, system: str, path: str
) -> None:
    part = parts(system).get(path)
    for verb in ("POST", "PUT", "PATCH", "DELETE"):
        if part is not None and part.verbs[verb] is None:
            continue
        url = path if verb == "POST" else f"{path}/{UNKNOWN}"
        answer = await client.request(verb, url, json={})
        problem(answer, 405, "method_not_allowed")
        assert verb not in answer.headers["Allow"].split(", ")


CHANGED = [(s, p) for s, p in EVERY if p in parts(s) and parts(s)[p].verbs["PATCH"] is None]


@pytest.mark.parametrize(("system", "path"), CHANGED)
async def test_what_is_not_kept_is_refused_by_name(
    client: httpx.AsyncClient, system: str, path: str
) -> None:
    url = OF_SOMEBODY.get(path, f"{path}?pageSize=1")
    shown = (await client.get(url)).json()["results"][0]
    for name, value in _not_kept(parts(system)[path], shown):
        body: Any = value
        for step in reversed(name.split(".")):
            body = {step: body}
        answer = await client.patch(f"{path}/{shown['uuid']}", json=body)
        wrong = problem(answer, 400, "invalid")["invalidParams"]
        named = {one["name"] for one in wrong if one["code"] == "not-kept"}
        assert any(f"{one}.".startswith(f"{name}.") for one in named), (name, answer.text)


def _not_kept(part: Part, shown: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values that the contract takes, of what cannot be changed; not of what hangs on a soort."""
    resource = RESOURCES[part.resource]
    for name, attribute in part.attributes.items():
        field = resource.field(name)
        head = resource.member(name.partition(".")[0])
        if attribute.update or field is None or field.read_only or isinstance(head, Variants):
            continue
        now: Any = shown
        for step in name.split("."):
            now = now[step]
        yield name, next(v for v in _values(field) if v != now)


def _values(field: Field) -> Iterator[Any]:
    samples: dict[Kind, list[Any]] = {
        Kind.BOOLEAN: [True, False],
        Kind.INTEGER: [12],
        Kind.DATE: ["2020-02-02"],
        Kind.DATETIME: ["2020-02-02T02:02:02Z"],
        Kind.MAP: [{"sleutel": "waarde"}],
        Kind.ENUM: list(field.choices),
    }
    texts = ["woord", "1234567890", "1234567890123456", "1234 AB", "NL", "eng", "https://a.example"]
    for value in samples.get(field.kind, texts):
        try:
            read_field(field, value)
        except Unfit:
            continue
        yield value
