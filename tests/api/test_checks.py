"""What is refused, and in which order: 406, 401, 405, 403, 404 or 400."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.api.access import hashed
from gateway.installation import Installation
from gateway.standard.table import API_VERSION, BASE_PATH, RESOURCES
from tests.helpers import API, ORIGIN, TOKEN, client_of, problem

UUID = "5d6f0000-0000-4000-8000-000000000001"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
}
Mini = Callable[..., Installation]


@pytest_asyncio.fixture(loop_scope="session")
async def narrow(mini: Mini) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read partij-identificatoren only."""
    clients = {"narrow": {"tokens": [hashed(TOKEN)], "scopes": ["partij-identificatoren:read"]}}
    async with client_of(mini(clients=clients).app()) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def reading(mini: Mini) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an installation in which nothing can be written."""
    async with client_of(mini().app()) as client:
        yield client


# --- the order ---

NOT_ACCEPTABLE = {"Accept": "text/html"}
NO_TOKEN = {"Authorization": ""}


@pytest.mark.parametrize("url", ["partijen", f"partijen/{UUID}"])
@pytest.mark.parametrize(
    ("method", "headers", "query", "status"),
    [
        ("POST", NOT_ACCEPTABLE | NO_TOKEN, "?x=1", 406),
        ("POST", NO_TOKEN, "?x=1", 401),
        ("POST", {}, "?x=1", 405),
        ("GET", {}, "?x=1", 403),
        ("GET", {}, "", 403),
    ],
)
async def test_the_first_thing_that_is_wrong_is_told(
    narrow: httpx.AsyncClient,
    url: str,
    method: str,
    headers: dict[str, str],
    query: str,
    status: int,
) -> None:
    response = await narrow.request(method, url + query, headers=headers)
    problem(response, status, CODES[status])


async def test_what_may_not_be_read_is_refused_before_it_is_searched(
    narrow: httpx.AsyncClient,
) -> None:
    problem(await narrow.get("partijen/geen-uuid"), 403, "permission_denied")


@pytest.mark.parametrize(
    ("url", "status"),
    [("partijen/geen-uuid?x=1", 400), ("partijen/geen-uuid", 404), ("partijen?x=1&page=99", 400)],
)
async def test_parameters_are_looked_at_before_the_object(
    client: httpx.AsyncClient, url: str, status: int
) -> None:
    problem(await client.get(url), status, CODES[status])


async def test_nothing_that_is_refused_is_asked_of_a_source(
    narrow: httpx.AsyncClient, log: Any
) -> None:
    for method, url in (("POST", "partijen"), ("GET", "partijen"), ("GET", "partijen?x=1")):
        await narrow.request(method, url)
    assert [event["sources"] for event in log.events("request")] == [{}, {}, {}]


# --- 406 ---


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "application/json; indent=2",
        "APPLICATION/JSON",
        "text/html,*/*;q=0.8",
        "",
    ],
)
async def test_json_may_be_asked_for_in_many_ways(client: httpx.AsyncClient, accept: str) -> None:
    response = await client.get("partijen?pageSize=1", headers={"Accept": accept})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/xml", "application/problem+json", "application/json;q=0", "*/xml"],
)
async def test_something_else_cannot_be_had(client: httpx.AsyncClient, accept: str) -> None:
    body = problem(await client.get("partijen", headers={"Accept": accept}), 406, "not_acceptable")
    assert body["detail"] == "Kan niet voldoen aan de opgegeven Accept header."


# --- 401 ---


@pytest.mark.parametrize(
    "header", ["", "Bearer x", f"Bearer {TOKEN}", "Basic dTpw", TOKEN, "Tokens x", f"Token:{TOKEN}"]
)
async def test_without_a_token(client: httpx.AsyncClient, header: str) -> None:
    response = await client.get("partijen", headers={"Authorization": header})
    body = problem(response, 401, "not_authenticated")
    assert body["detail"] == "Authenticatiegegevens zijn niet opgegeven."
    assert response.headers["www-authenticate"] == "Token"


async def test_without_a_header(kcc: Installation) -> None:
    async with client_of(kcc.app(), token=None) as client:
        problem(await client.get("partijen"), 401, "not_authenticated")


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ("Token", "Ongeldige token header. Geen logingegevens opgegeven"),
        ("Token ", "Ongeldige token header. Geen logingegevens opgegeven"),
        (f"Token {TOKEN} x", "Ongeldige token header. Token kan geen spaties bevatten."),
        ("Token onbekend", "Ongeldige token."),
        (f"Token {TOKEN.upper()}", "Ongeldige token."),
        (f"Token {TOKEN[:-1]}", "Ongeldige token."),
        (f"Token {hashed(TOKEN)}", "Ongeldige token."),
    ],
)
async def test_a_token_that_is_not_right(
    client: httpx.AsyncClient, header: str, detail: str
) -> None:
    response = await client.get("partijen", headers={"Authorization": header})
    assert problem(response, 401, "authentication_failed")["detail"] == detail
    assert response.headers["www-authenticate"] == "Token"


async def test_a_token_in_other_letters_than_ours(client: httpx.AsyncClient) -> None:
    headers = [(b"authorization", "Token één".encode("latin-1"))]
    problem(await client.get("partijen", headers=headers), 401, "authentication_failed")


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Token  "])
async def test_the_scheme_may_be_spelled_otherwise(client: httpx.AsyncClient, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {TOKEN}"}
    assert (await client.get("partijen?pageSize=1", headers=headers)).status_code == 200


async def test_two_tokens_are_none(kcc: Installation) -> None:
    header = ("Authorization", f"Token {TOKEN}")
    async with client_of(kcc.app(), token=None) as client:
        problem(await client.get("partijen", headers=[header, header]), 401, "not_authenticated")


async def test_a_client_may_have_two_tokens(mini: Mini) -> None:
    tokens = [hashed("oud"), hashed("nieuw")]
    app = mini(clients={"c": {"tokens": tokens, "scopes": ["*:read"]}}).app()
    for token in ("oud", "nieuw"):
        async with client_of(app, token=token) as client:
            assert (await client.get("partijen")).status_code == 200


# --- 405 ---

EVERY_WRITE = pytest.mark.parametrize("method", WRITES)


@EVERY_WRITE
@pytest.mark.parametrize("below", ["", f"/{UUID}"], ids=["list", "detail"])
async def test_nothing_can_be_written(reading: httpx.AsyncClient, method: str, below: str) -> None:
    for resource in RESOURCES:
        response = await reading.request(method, resource + below, json={})
        body = problem(response, 405, "method_not_allowed")
        assert body["detail"] == f'Methode "{method}" niet toegestaan.'
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["GET", *WRITES])
async def test_the_combined_write_allows_nothing(reading: httpx.AsyncClient, method: str) -> None:
    response = await reading.request(method, "maak-klantcontact")
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "OPTIONS"


@EVERY_WRITE
async def test_the_root_cannot_be_written(client: httpx.AsyncClient, method: str) -> None:
    problem(await client.request(method, ""), 405, "method_not_allowed")


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "X"])
async def test_other_methods_are_refused_alike(client: httpx.AsyncClient, method: str) -> None:
    problem(await client.request(method, "partijen"), 405, "method_not_allowed")


async def test_other_methods_need_a_token_too(kcc: Installation) -> None:
    async with client_of(kcc.app(), token=None) as client:
        problem(await client.request("PROPFIND", "partijen"), 401, "not_authenticated")


@pytest.mark.parametrize("url", ["/", "/_healthz/", "/ref/fouten/NotFound/", BASE_PATH])
async def test_pages_cannot_be_written(client: httpx.AsyncClient, url: str) -> None:
    problem(await client.post(ORIGIN + url), 405, "method_not_allowed")


@pytest.mark.parametrize("content", [b"{}", b"{", b"\xff", b""])
async def test_what_is_written_is_not_looked_at(reading: httpx.AsyncClient, content: bytes) -> None:
    problem(await reading.post("partijen", content=content), 405, "method_not_allowed")


# --- HEAD and OPTIONS ---


@pytest.mark.parametrize("url", ["partijen", "partijen?x=1", f"partijen/{UUID}", ""])
async def test_head_has_the_status_and_headers_of_get(client: httpx.AsyncClient, url: str) -> None:
    get, head = await client.get(url), await client.head(url)
    assert head.status_code == get.status_code
    different = {"x-request-id", "server-timing"}
    assert {k: v for k, v in head.headers.items() if k not in different} == {
        k: v for k, v in get.headers.items() if k not in different
    }


@pytest.mark.parametrize("below", ["", f"/{UUID}"], ids=["list", "detail"])
async def test_options_tells_what_there_is(reading: httpx.AsyncClient, below: str) -> None:
    for resource in RESOURCES.values():
        response = await reading.options(resource.path + below)
        assert (response.status_code, response.json()["name"]) == (200, resource.label)
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_options_needs_a_token(kcc: Installation) -> None:
    async with client_of(kcc.app(), token=None) as client:
        problem(await client.options("partijen"), 401, "not_authenticated")


# --- 404 ---


@pytest.mark.parametrize(
    "path",
    [
        API + "iets",
        API + "partijen/",
        API + f"partijen/{UUID}/",
        API + f"partijen/{UUID}/adressen",
        API + "Partijen",
        "/iets",
        "/_healthz/x",
        "/ref/fouten/Verzonnen/",
        "/ref/fouten/",
        "/favicon.ico",
        "/../../etc/passwd",
    ],
)
async def test_an_unknown_path_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    body = problem(await client.get(ORIGIN + path), 404, "not_found")
    assert body["detail"] == "Niet gevonden."


@pytest.mark.parametrize(
    "version",
    ["v2", "v0", "v", "x", "v10"],
)
async def test_an_unknown_version_is_not_found(client: httpx.AsyncClient, version: str) -> None:
    response = await client.get(f"{ORIGIN}/klantinteracties/api/{version}/partijen")
    body = problem(response, 404, "not_found")
    assert body["detail"] == "Ongeldige versie in URL-pad."
    assert "api-version" not in response.headers


async def test_an_unknown_path_needs_no_token(kcc: Installation) -> None:
    async with client_of(kcc.app(), token=None) as client:
        problem(await client.get("iets"), 404, "not_found")


# --- the head of a request ---


async def asgi(app: Any, **scope: Any) -> tuple[int, dict[str, str]]:
    """Ask with a head that a decent client would not send; status and headers of the answer."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path = API + "partijen"
    headers = [(b"host", b"gateway.example"), (b"authorization", f"Token {TOKEN}".encode())]
    whole = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        **scope,
    }
    await app(whole, receive, send)
    given = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], given


@pytest.mark.parametrize(
    "query",
    [
        b"nummer=%ff",
        b"nummer=%",
        b"nummer=%zz",
        b"nummer=a%00b",
        b"%ff=1",
        b"&&&",
        b"=",
        b"nummer=\xff",
    ],
)
async def test_an_odd_query_is_no_error_of_the_gateway(kcc: Installation, query: bytes) -> None:
    status, headers = await asgi(kcc.app(), query_string=query)
    assert status in (200, 400)
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "host", [b"", b"a b", b"gateway.example/x", b"gateway.example:x", b"<x>", b"a@b", b"a\\b"]
)
async def test_a_host_that_makes_no_sense_is_refused(kcc: Installation, host: bytes) -> None:
    status, _ = await asgi(kcc.app(), headers=[(b"host", host)])
    assert status == 400


@pytest.mark.parametrize("hosts", [[], [b"a.example", b"b.example"]])
async def test_there_is_one_host(kcc: Installation, hosts: list[bytes]) -> None:
    status, _ = await asgi(kcc.app(), headers=[(b"host", host) for host in hosts])
    assert status == 400


@pytest.mark.parametrize("host", [b"localhost", b"127.0.0.1:8000", b"[::1]:8000", b"a-b.example"])
async def test_a_host_that_makes_sense_is_not_refused(kcc: Installation, host: bytes) -> None:
    status, _ = await asgi(kcc.app(), headers=[(b"host", host)])
    assert status == 401


async def test_a_url_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("partijen", params={"nummer": "9" * 20_000})
    problem(response, 431, "koptekst-te-groot")


async def test_headers_that_are_too_long_are_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("partijen", headers={"X-Long": "x" * 70_000})
    problem(response, 431, "koptekst-te-groot")


@pytest.mark.parametrize("text", ["--5", "9" * 5000, "-", "٣", "1e3", "' OR 1=1 --", "%", "\\"])
async def test_an_odd_value_finds_nothing(client: httpx.AsyncClient, text: str) -> None:
    response = await client.get("klantcontacten", params={"nummer": text})
    assert (response.status_code, response.json()["count"]) == (200, 0)


# --- what is open to everybody ---


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/_healthz/",
        "/_healthz/livez/",
        "/_healthz/readyz/",
        "/ref/fouten/NotFound/",
        API,
        API + "openapi.json",
        API + "openapi.yaml",
        API + "schema/",
    ],
)
async def test_what_needs_no_token(kcc: Installation, path: str) -> None:
    async with client_of(kcc.app(), token=None) as client:
        assert (await client.get(ORIGIN + path)).status_code == 200


async def test_the_root_names_all_resources(client: httpx.AsyncClient) -> None:
    response = await client.get("")
    assert response.json() == {
        name: f"{ORIGIN}{API}{name}" for name in [*RESOURCES, "maak-klantcontact"]
    }
    assert response.headers["api-version"] == API_VERSION


async def test_the_root_has_a_slash(client: httpx.AsyncClient) -> None:
    response = await client.get(ORIGIN + BASE_PATH)
    assert (response.status_code, response.headers["location"]) == (301, API)


async def test_health_is_told_to_machines(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{ORIGIN}/_healthz/", headers={"Accept": "application/json"})
    assert response.json() == {"gateway": "OK"}


async def test_health_is_told_to_people(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{ORIGIN}/_healthz/", headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")


async def test_health_asks_no_source(client: httpx.AsyncClient, trap: Any) -> None:
    async def down() -> None:
        raise AssertionError

    trap.before = down
    assert (await client.get(f"{ORIGIN}/_healthz/readyz/")).status_code == 200


@pytest.mark.parametrize("name", ["ValidationError", "NotFound", "BronNietBeschikbaar"])
async def test_the_type_of_a_problem_is_a_page(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"{ORIGIN}/ref/fouten/{name}/")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("url", ["partijen?x=1", f"partijen/{UUID}", "iets"])
async def test_a_problem_leads_to_its_page(client: httpx.AsyncClient, url: str) -> None:
    page = await client.get((await client.get(url)).json()["type"])
    assert page.status_code == 200


async def test_a_problem_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    instances = {(await client.get("iets")).json()["instance"] for _ in range(3)}
    assert len(instances) == 3
