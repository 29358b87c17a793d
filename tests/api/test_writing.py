"""What is made of a request that writes, and of how it ended: before a register that only notes
what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.api import bodies, guard, outermost, writing
from gateway.api.access import hashed
from gateway.config import Client
from gateway.federation.capabilities import capabilities
from gateway.federation.register import Done, ObjectPage, Register, View
from gateway.installation import Installation
from gateway.sources.meter import Meter
from gateway.standard.draft import Verb
from gateway.standard.errors import CONFLICT, NOT_FOUND, OUTCOME_UNKNOWN, Problem
from gateway.standard.model import Resource
from gateway.writing.owners import CONTACT_PARTS, Owners
from gateway.writing.register import WritingRegister
from tests.helpers import API, ORIGIN, TOKEN, client_of, problem

UUID = "5d6f0000-0000-4000-8000-000000000001"
GONE = "5d6f0000-0000-4000-8000-000000000404"
ALL = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Asked:
    """What a register was asked, and for whom."""

    what: str
    resource: str
    uuid: str | None = None
    body: object = None
    cascade: bool = False
    if_match: str | None = None


async def _at_once() -> None:
    return


@dataclass
class Noting(WritingRegister):
    """A register that can do some things to some resources, and does nothing but note it."""

    real: Register
    can: dict[str, frozenset[str]]
    etag: str | None = None
    asked: list[Asked] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    work: Callable[[], Awaitable[None]] = _at_once

    def __post_init__(self) -> None:
        self.bounds, self.catalogue = self.real.bounds, self.real.catalogue
        self.planner, self.same = self.real.planner, self.real.same
        self.zaken, self.owners = self.real.zaken, Owners(self.catalogue, {})

    def verbs(self, path: str) -> frozenset[str]:
        return self.can.get(path, frozenset())

    async def list(self, *asked: Any) -> ObjectPage:
        return await self.real.list(*asked)

    async def detail(
        self, resource: Resource, uuid: str, tree: Any, view: View, meter: Meter
    ) -> Done:
        if uuid == GONE:
            raise Problem(NOT_FOUND)
        return self._object(resource, uuid, view)

    async def create(self, resource: Resource, body: object, view: View, meter: Meter) -> Done:
        await self._note(Asked("create", resource.path, body=body), meter)
        return self._object(resource, UUID, view)

    async def update(
        self,
        resource: Resource,
        uuid: str,
        verb: Verb,
        body: object,
        view: View,
        meter: Meter,
        if_match: str | None = None,
    ) -> Done:
        asked = Asked(verb.name, resource.path, uuid, body, if_match=if_match)
        await self._note(asked, meter)
        return self._object(resource, uuid, view)

    async def delete(
        self,
        resource: Resource,
        uuid: str,
        view: View,
        meter: Meter,
        cascade: bool = False,
        if_match: str | None = None,
    ) -> list[str] | None:
        asked = Asked("delete", resource.path, uuid, cascade=cascade, if_match=if_match)
        await self._note(asked, meter)
        return [view.url("klantcontacten", UUID)] if cascade else None

    async def make_contact(self, body: object, view: View, meter: Meter) -> dict[str, Any]:
        await self._note(Asked("make_contact", "maak-klantcontact", body=body), meter)
        return {"klantcontact": {"uuid": UUID}, "betrokkene": None, "onderwerpobject": None}

    async def _note(self, asked: Asked, meter: Meter) -> None:
        self.asked.append(asked)
        self.meters.append(meter)
        await self.work()
        if asked.uuid == GONE:
            raise Problem(NOT_FOUND)

    def _object(self, resource: Resource, uuid: str, view: View) -> Done:
        return Done(uuid, {"uuid": uuid, "url": view.url(resource.path, uuid)}, self.etag)


@pytest.fixture
def register(kcc: Installation) -> Noting:
    """A register that can write all but bijlagen, and categorieen only in part."""
    resources = ("partijen", "klantcontacten", "onderwerpobjecten")
    can = dict.fromkeys(resources, ALL) | {"maak-klantcontact": frozenset({"POST"})}
    return Noting(kcc.register, can | {"categorieen": frozenset({"POST", "DELETE"})})


Writer = Callable[..., Any]


@pytest.fixture
def writer(kcc: Installation, register: Noting) -> Writer:
    """Makes a client with these scopes."""

    @asynccontextmanager
    async def made(*scopes: str) -> AsyncIterator[httpx.AsyncClient]:
        clients = {"writer": Client(tokens=[hashed(TOKEN)], scopes=list(scopes))}
        config = kcc.config.model_copy(update={"clients": clients})
        async with client_of(replace(kcc, config=config, register=register).app()) as client:
            yield client

    return made


@pytest_asyncio.fixture(loop_scope="session")
async def writes(writer: Writer) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read and write all."""
    async with writer("*:read", "*:write") as client:
        yield client


# --- what each method does ---


async def test_post_makes_an_object(writes: httpx.AsyncClient, register: Noting) -> None:
    response = await writes.post("partijen", json={"soortPartij": "persoon"})
    url = f"{ORIGIN}{API}partijen/{UUID}"
    assert (response.status_code, response.json()) == (201, {"uuid": UUID, "url": url})
    assert response.headers["location"] == url
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert register.asked == [Asked("create", "partijen", body={"soortPartij": "persoon"})]


@pytest.mark.parametrize(("method", "verb"), [("PUT", "REPLACE"), ("PATCH", "CHANGE")])
async def test_put_and_patch_change_an_object(
    writes: httpx.AsyncClient, register: Noting, method: str, verb: str
) -> None:
    response = await writes.request(method, f"partijen/{UUID}", json={"nummer": "1"})
    assert (response.status_code, response.json()["uuid"]) == (200, UUID)
    assert "location" not in response.headers
    assert register.asked == [Asked(verb, "partijen", UUID, {"nummer": "1"})]


async def test_delete_answers_nothing(writes: httpx.AsyncClient, register: Noting) -> None:
    response = await writes.delete(f"partijen/{UUID}")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert register.asked == [Asked("delete", "partijen", UUID)]


async def test_the_combined_write_has_no_location(
    writes: httpx.AsyncClient, register: Noting
) -> None:
    response = await writes.post("maak-klantcontact", json={"klantcontact": {}})
    assert response.status_code == 201
    assert list(response.json()) == ["klantcontact", "betrokkene", "onderwerpobject"]
    assert "location" not in response.headers
    assert register.asked == [Asked("make_contact", "maak-klantcontact", body={"klantcontact": {}})]


@pytest.mark.parametrize(
    ("value", "cascades"),
    [("true", True), ("True", True), ("TRUE", True), ("1", False), ("yes", False), ("", False)],
)
async def test_a_cascade_tells_what_was_kept(
    writes: httpx.AsyncClient, register: Noting, value: str, cascades: bool
) -> None:
    response = await writes.delete(f"onderwerpobjecten/{UUID}?cascade={value}")
    assert register.asked == [Asked("delete", "onderwerpobjecten", UUID, cascade=cascades)]
    kept = {"behouden": [f"{ORIGIN}{API}klantcontacten/{UUID}"]}
    assert response.status_code == (200 if cascades else 204)
    assert (response.json() if response.content else None) == (kept if cascades else None)


async def test_nothing_else_cascades(writes: httpx.AsyncClient, register: Noting) -> None:
    assert (await writes.delete(f"partijen/{UUID}?cascade=true")).status_code == 204
    assert register.asked == [Asked("delete", "partijen", UUID)]


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("POST", "partijen.json", 201),
        ("PATCH", f"partijen/{UUID}.json", 200),
        ("DELETE", f"partijen/{UUID}.json", 204),
        ("POST", "maak-klantcontact.json", 201),
        ("PATCH", f"partijen/{UUID.upper()}", 200),
    ],
)
async def test_urls_may_be_written_in_other_ways(
    writes: httpx.AsyncClient, register: Noting, method: str, url: str, status: int
) -> None:
    assert (await writes.request(method, url, json={})).status_code == status
    assert [asked.uuid for asked in register.asked] == [
        UUID if UUID.lower() in url.lower() else None
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_parameters_are_not_looked_at(
    writes: httpx.AsyncClient, register: Noting, method: str
) -> None:
    url = ("partijen" if method == "POST" else f"partijen/{UUID}") + "?onbekend=1&expand=x"
    assert (await writes.request(method, url, json={})).status_code in (200, 201, 204)
    assert len(register.asked) == 1


async def test_a_body_in_pieces_is_one_body(writes: httpx.AsyncClient, register: Noting) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"a"', b": ", b"1}"):
            yield piece

    json_ = {"Content-Type": "application/json"}
    response = await writes.post("partijen", content=pieces(), headers=json_)
    assert (response.status_code, register.asked[0].body) == (201, {"a": 1})


async def test_a_body_that_grows_too_large_is_refused(
    writes: httpx.AsyncClient, register: Noting
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(bodies.MAX_BYTES // 2**20 + 1):
            yield b" " * 2**20

    json_ = {"Content-Type": "application/json"}
    response = await writes.post("partijen", content=pieces(), headers=json_)
    problem(response, 413, "verzoek-te-groot")
    assert register.asked == []


async def test_no_body_is_an_empty_object(writes: httpx.AsyncClient, register: Noting) -> None:
    assert (await writes.patch(f"partijen/{UUID}")).status_code == 200
    assert register.asked[0].body == {}


async def test_a_body_that_is_deleted_with_is_not_looked_at(
    writes: httpx.AsyncClient, register: Noting
) -> None:
    response = await writes.request("DELETE", f"partijen/{UUID}", content=b"{")
    assert (response.status_code, len(register.asked)) == (204, 1)


async def test_what_goes_wrong_is_told(writes: httpx.AsyncClient, register: Noting) -> None:
    async def refused() -> None:
        raise Problem(CONFLICT, source="kcc")

    register.work = refused
    response = await writes.post("partijen", json={})
    problem(response, 409, "conflict")
    assert response.headers["cache-control"] == "no-store"


# --- the order: 406, 401, 405, 403, 404, 415 and 400 ---


@pytest.mark.parametrize(
    ("method", "url", "headers", "status", "code"),
    [
        ("PUT", "partijen", {"Accept": "text/html", "Authorization": ""}, 406, "not_acceptable"),
        ("PUT", "partijen", {"Authorization": ""}, 401, "not_authenticated"),
        ("PUT", "partijen", {}, 405, "method_not_allowed"),
        ("POST", f"partijen/{UUID}", {}, 405, "method_not_allowed"),
        ("POST", "bijlagen", {}, 405, "method_not_allowed"),
        ("POST", "klantcontacten", {}, 403, "permission_denied"),
        ("PATCH", "klantcontacten/geen-uuid", {}, 403, "permission_denied"),
        ("PATCH", "partijen/geen-uuid", {}, 404, "not_found"),
        ("PATCH", f"partijen/{GONE}", {}, 404, "not_found"),
        ("PATCH", f"partijen/{UUID}", {}, 415, "unsupported_media_type"),
        ("PATCH", f"partijen/{UUID}", {"Content-Type": "application/json"}, 400, "parse_error"),
        ("POST", "partijen", {}, 415, "unsupported_media_type"),
        ("POST", "maak-klantcontact", {}, 403, "permission_denied"),
    ],
)
async def test_the_first_thing_that_is_wrong_is_told(
    writer: Writer,
    register: Noting,
    method: str,
    url: str,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    async with writer("*:read", "partijen:write", "betrokkenen:write") as client:
        response = await client.request(method, url, headers=headers, content=b"{")
    problem(response, status, code)
    assert register.asked == []


async def test_who_may_read_all_may_not_write(writer: Writer, register: Noting) -> None:
    async with writer("*:read") as client:
        problem(await client.post("partijen", json={}), 403, "permission_denied")
        problem(await client.put(f"partijen/{UUID}", json={}), 403, "permission_denied")
        problem(await client.delete(f"partijen/{UUID}"), 403, "permission_denied")
        problem(await client.post("maak-klantcontact", json={}), 403, "permission_denied")
    assert register.asked == []


async def test_the_combined_write_needs_what_its_parts_need(
    writer: Writer, register: Noting
) -> None:
    parts = [f"{part}:write" for part in CONTACT_PARTS]
    for one in parts:
        async with writer("*:read", *(part for part in parts if part != one)) as client:
            problem(await client.post("maak-klantcontact", json={}), 403, "permission_denied")
    async with writer("*:read", *parts) as client:
        assert (await client.post("maak-klantcontact", json={})).status_code == 201


# --- what there is ---


@pytest.mark.parametrize(
    ("url", "allow"),
    [
        ("partijen", "GET, POST, HEAD, OPTIONS"),
        (f"partijen/{UUID}", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        (f"categorieen/{UUID}", "GET, DELETE, HEAD, OPTIONS"),
        ("bijlagen", "GET, HEAD, OPTIONS"),
        (f"bijlagen/{UUID}", "GET, HEAD, OPTIONS"),
        ("maak-klantcontact", "POST, OPTIONS"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "X"])
async def test_what_can_be_done_is_told_on_every_answer(
    writes: httpx.AsyncClient, url: str, allow: str, method: str
) -> None:
    response = await writes.request(method, url)
    assert response.headers["allow"] == allow
    assert (response.status_code == 405) == (method not in allow)


async def test_what_cannot_be_done_is_refused(writes: httpx.AsyncClient) -> None:
    for method in ("PUT", "PATCH"):
        body = problem(
            await writes.request(method, f"categorieen/{UUID}", json={}), 405, "method_not_allowed"
        )
        assert body["detail"] == f'Methode "{method}" niet toegestaan.'


def test_what_can_be_done_fits_in_a_line(register: Noting) -> None:
    found = capabilities(register)
    letters = dict(part.split("=") for part in found.split(","))
    assert found.startswith("*=-,")
    assert letters["partijen"] == "crupd"
    assert letters["categorieen"] == "crd"
    assert letters["bijlagen"] == "r"
    assert letters["maak-klantcontact"] == "c"


async def test_the_description_has_what_can_be_done(writes: httpx.AsyncClient) -> None:
    paths = (await writes.get("openapi.json")).json()["paths"]
    described = {p: set(item) - {"parameters"} for p, item in paths.items()}
    assert described["/partijen"] == {"get", "post"}
    assert described["/partijen/{uuid}"] == {"get", "put", "patch", "delete"}
    assert described["/categorieen/{uuid}"] == {"get", "delete"}
    assert described["/bijlagen"] == {"get"}
    assert described["/maak-klantcontact"] == {"post"}


async def test_the_description_has_the_headers_that_are_sent(
    writes: httpx.AsyncClient, register: Noting
) -> None:
    document = (await writes.get("openapi.json")).json()
    register.etag = '"v7"'
    headers = {"Idempotency-Key": '"k"'}
    answers = {
        "post /partijen": await writes.post("partijen", headers=headers),
        "get /partijen": await writes.get("partijen"),
        "get /partijen/{uuid}": await writes.get(f"partijen/{UUID}"),
        "patch /partijen/{uuid}": await writes.patch(f"partijen/{UUID}", headers=headers),
        "delete /partijen/{uuid}": await writes.delete(f"partijen/{UUID}", headers=headers),
        "get /partijen/{uuid} 404": await writes.get(f"partijen/{GONE}"),
    }
    common = {*(name.decode() for name, _ in outermost._SECURITY), "content-type", "content-length"}
    for operation, answer in answers.items():
        verb, path, *_ = operation.split()
        described = document["paths"][path][verb]["responses"][str(answer.status_code)]
        if "$ref" in described:
            described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
        sent = {name.lower() for name in answer.headers} - common
        assert sent <= {name.lower() for name in described["headers"]}, operation


# --- conditions, and keys that nobody keeps ---


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_condition_is_handed_on(
    writes: httpx.AsyncClient, register: Noting, method: str
) -> None:
    conditions = [("If-Match", '"a"'), ("If-Match", '"b"')]
    await writes.request(method, f"partijen/{UUID}", headers=conditions)
    assert register.asked[0].if_match == '"a", "b"'


@pytest.mark.parametrize(
    ("condition", "status"),
    [("*", 412), ('"v7"', 412), ('"v1", W/"v7"', 412), ('"v8"', 200), ('W/"v8"', 200)],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_is_there_already_is_not_written(
    writes: httpx.AsyncClient, register: Noting, method: str, condition: str, status: int
) -> None:
    register.etag = '"v7"'
    headers = {"If-None-Match": condition}
    response = await writes.request(method, f"partijen/{UUID}", headers=headers)
    assert (response.status_code, len(register.asked)) == (status, int(status == 200))


async def test_a_list_meets_no_condition(writes: httpx.AsyncClient, register: Noting) -> None:
    response = await writes.post("partijen", json={}, headers={"If-Match": '"a"'})
    problem(response, 412, "voorwaarde-niet-vervuld")
    assert register.asked == []
    response = await writes.post("partijen", json={}, headers={"If-Match": "*"})
    assert response.status_code == 201


@pytest.mark.parametrize("etag", [None, '"v7"'])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST"])
async def test_an_object_with_a_version_has_a_tag(
    writes: httpx.AsyncClient, register: Noting, method: str, etag: str | None
) -> None:
    register.etag = etag
    url = "partijen" if method == "POST" else f"partijen/{UUID}"
    response = await writes.request(method, url)
    assert response.headers.get("etag") == etag


@pytest.mark.parametrize("status", [201, 400, 405])
async def test_a_key_that_is_not_kept_is_not_pretended(
    writes: httpx.AsyncClient, status: int
) -> None:
    url = "bijlagen" if status == 405 else "partijen"
    content = b"{" if status == 400 else b"{}"
    headers = {"Content-Type": "application/json", "Idempotency-Key": '"k"'}
    response = await writes.post(url, content=content, headers=headers)
    assert response.status_code == status
    assert response.headers[guard.IDEMPOTENCY_STATUS] == guard.NOT_SUPPORTED


async def test_who_sends_no_key_is_told_nothing_of_keys(writes: httpx.AsyncClient) -> None:
    response = await writes.post("partijen", json={})
    assert guard.IDEMPOTENCY_STATUS not in response.headers
    response = await writes.get("partijen?pageSize=1", headers={"Idempotency-Key": '"k"'})
    assert guard.IDEMPOTENCY_STATUS not in response.headers


# --- to its end ---


async def unheard(log: Any) -> dict[str, Any]:
    """What is logged of a write whose client is no longer there."""
    for _ in range(1000):
        if found := log.events("written_unheard"):
            return dict(found[0])
        await asyncio.sleep(0)
    raise AssertionError


async def test_a_write_has_a_deadline(writes: httpx.AsyncClient, register: Noting) -> None:
    before = asyncio.get_running_loop().time()
    await writes.post("partijen", json={})
    assert before < register.meters[0].deadline < before + 90


async def test_a_write_goes_on_without_its_client(
    writes: httpx.AsyncClient, register: Noting, log: Any
) -> None:
    begun, go, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go.wait()
        ended.set()

    register.work = slow
    request = asyncio.create_task(writes.post("partijen", json={}))
    await begun.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert not ended.is_set()
    go.set()
    await asyncio.wait_for(ended.wait(), 5)
    told = await unheard(log)
    shown = (told["level"], told["method"], told["route"], told["code"])
    assert shown == ("warning", "POST", API + "partijen", None)


@pytest.mark.parametrize(
    ("error", "code"), [(Problem(CONFLICT), "conflict"), (ValueError("999990019"), "error")]
)
async def test_a_write_that_does_not_end_is_not_known(
    writes: httpx.AsyncClient,
    register: Noting,
    log: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: str,
) -> None:
    go = asyncio.Event()

    async def stuck() -> None:
        await go.wait()
        raise error

    monkeypatch.setattr(writing, "GRACE", -1000)
    register.work = stuck
    body = problem(await writes.post("partijen", json={}), 504, OUTCOME_UNKNOWN.code)
    assert "verwerkt" in body["detail"]
    go.set()
    told = await unheard(log)
    assert told["code"] == code
    assert told["request_id"] == log.events("request")[0]["request_id"]
    assert "999990019" not in str(log)


async def test_a_server_that_stops_waits_for_what_is_written(
    kcc: Installation, register: Noting
) -> None:
    made = writing.Writing(register, guard.Guard(kcc.register.bounds, None, None, 1))  # type: ignore[arg-type]
    task = asyncio.create_task(asyncio.sleep(0.01))
    made._under_way.add(task)
    await made.ended()
    assert task.done()


async def test_a_write_is_logged_without_what_was_written(
    writes: httpx.AsyncClient, log: Any
) -> None:
    await writes.post("partijen?naam=Kooyman", json={"nummer": "999990019"})
    (event,) = log.events("request")
    shown = {k: event[k] for k in ("method", "route", "status", "client", "params")}
    assert shown == {
        "method": "POST",
        "route": API + "partijen",
        "status": 201,
        "client": "writer",
        "params": ["?"],
    }
    assert "999990019" not in str(log)
    assert "Kooyman" not in str(log)


async def test_a_write_is_counted_by_route_and_method(
    writes: httpx.AsyncClient, kcc: Installation
) -> None:
    await writes.patch(f"partijen/{UUID}", json={})
    labels = f'method="PATCH",route="{API}partijen/{{uuid}}",status="2xx"'
    assert f"gateway_request_duration_seconds_count{{{labels}}}" in kcc.metrics.text().decode()
