"""What every answer has: headers, complete objects, links that work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.installation import Installation
from gateway.standard.model import Embed, Inverse, Ref, Resource
from gateway.standard.table import API_VERSION, BASE_PATH, RESOURCES
from tests.helpers import API, BSN, ORIGIN, LogLines, client_of, problem

ALL = pytest.mark.parametrize("resource", list(RESOURCES.values()), ids=lambda r: r.path)
UUID = "5d6f0000-0000-4000-8000-000000000001"

# One url for each kind of answer, with its status.
KINDS = {
    "list": ("partijen", 200),
    "detail of nothing": (f"partijen/{UUID}", 404),
    "bad request": ("partijen?x=1", 400),
    "root": ("", 200),
    "unknown path": ("iets", 404),
    "unknown path elsewhere": (ORIGIN + "/iets", 404),
    "other version": (ORIGIN + "/klantinteracties/api/v2/partijen", 404),
    "landing page": (ORIGIN + "/", 200),
    "health": (ORIGIN + "/_healthz/", 200),
    "error page": (ORIGIN + "/ref/fouten/NotFound/", 200),
    "redirect": (ORIGIN + BASE_PATH, 301),
    "openapi": ("openapi.json", 200),
}
EVERY_KIND = pytest.mark.parametrize(("url", "status"), KINDS.values(), ids=KINDS)


async def rows(client: httpx.AsyncClient, url: str, **params: Any) -> list[dict[str, Any]]:
    """The objects on one page."""
    response = await client.get(url, params=params or None)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["results"]
    return found


# --- headers ---


@EVERY_KIND
async def test_every_answer_is_safe_to_show(
    client: httpx.AsyncClient, url: str, status: int
) -> None:
    response = await client.get(url)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in SAFE} == SAFE


SAFE = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "vary": "origin",
}


@EVERY_KIND
async def test_every_answer_has_a_content_security_policy(
    client: httpx.AsyncClient, url: str, status: int
) -> None:
    policy = (await client.get(url)).headers["content-security-policy"]
    assert "default-src 'none'" in policy


@EVERY_KIND
async def test_the_version_is_told_below_the_root_of_the_api(
    client: httpx.AsyncClient, url: str, status: int
) -> None:
    response = await client.get(url)
    below = urlsplit(str(response.url)).path.startswith(BASE_PATH)
    assert response.headers.get("api-version") == (API_VERSION if below else None)


@EVERY_KIND
async def test_an_answer_can_be_found_in_the_log(
    client: httpx.AsyncClient, log: LogLines, url: str, status: int
) -> None:
    response = await client.get(url)
    (event,) = log.events("request")
    assert (event["request_id"], event["status"]) == (response.headers["x-request-id"], status)


async def test_nothing_is_said_about_who_may_ask_from_another_site(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("partijen", headers={"Origin": "https://elders.example"})
    assert not [name for name in response.headers if name.startswith("access-control")]


async def test_json_has_no_charset(client: httpx.AsyncClient) -> None:
    assert (await client.get("partijen")).headers["content-type"] == "application/json"


async def test_json_is_compact_and_readable(client: httpx.AsyncClient) -> None:
    text = (await client.get("partijen?pageSize=500")).text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    ("url", "methods"),
    [
        ("partijen", "GET, POST, HEAD, OPTIONS"),
        ("partijen?x=1", "GET, POST, HEAD, OPTIONS"),
        (f"partijen/{UUID}", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ],
)
async def test_what_may_be_done_is_told(client: httpx.AsyncClient, url: str, methods: str) -> None:
    assert (await client.get(url)).headers["allow"] == methods


# --- objects ---


def attributes(resource: Resource) -> list[str]:
    """The attributes that are shown, in the order of the wire."""
    hidden = [i.name for i in resource.inverses() if i.embed is Embed.HIDDEN]
    return [m.name for m in resource.members if m.name not in hidden]


@ALL
async def test_objects_are_complete(client: httpx.AsyncClient, resource: Resource) -> None:
    found = await rows(client, resource.path, pageSize=500)
    expand = ["_expand"] if resource.expand else []
    assert found
    assert {tuple(one) for one in found} == {(*attributes(resource), *expand)}


@ALL
async def test_the_expansion_of_nothing_is_empty(
    client: httpx.AsyncClient, resource: Resource
) -> None:
    expansions = [one.get("_expand") for one in await rows(client, resource.path, pageSize=3)]
    assert expansions == [{} if resource.expand else None] * len(expansions)


@ALL
async def test_a_detail_is_the_object_of_the_list(
    client: httpx.AsyncClient, resource: Resource
) -> None:
    for one in await rows(client, resource.path, pageSize=5):
        detail = (await client.get(f"{resource.path}/{one['uuid']}")).json()
        assert detail == {k: v for k, v in one.items() if k != "_expand"}


@ALL
async def test_a_url_leads_to_its_object(client: httpx.AsyncClient, resource: Resource) -> None:
    (one,) = await rows(client, resource.path, pageSize=1)
    assert one["url"] == f"{ORIGIN}{API}{resource.path}/{one['uuid']}"
    assert (await client.get(one["url"])).json()["uuid"] == one["uuid"]


@ALL
async def test_references_have_a_uuid_and_a_url(
    client: httpx.AsyncClient, resource: Resource
) -> None:
    for one in await rows(client, resource.path, pageSize=500):
        for name, to in relations(resource).items():
            value = one[name]
            for reference in value if isinstance(value, list) else [value] if value else []:
                assert reference["url"] == f"{ORIGIN}{API}{to}/{reference['uuid']}"


def relations(resource: Resource) -> dict[str, str]:
    """The relations at the top of an object, with the resource they lead to."""
    found = {}
    for member in resource.members:
        if isinstance(member, Ref):
            found[member.name] = member.to
        elif isinstance(member, Inverse) and member.embed is not Embed.HIDDEN:
            via = RESOURCES[member.via]
            then = via.member(member.then) if member.then else None
            found[member.name] = then.to if isinstance(then, Ref) else via.path
    return found


@ALL
async def test_ids_occur_once(client: httpx.AsyncClient, resource: Resource) -> None:
    ids = [one["uuid"] for one in await rows(client, resource.path, pageSize=500)]
    assert len(ids) == len(set(ids))


async def test_contacts_come_with_the_newest_first(client: httpx.AsyncClient) -> None:
    moments = [k["plaatsgevondenOp"] for k in await rows(client, "klantcontacten", pageSize=500)]
    assert len(set(moments)) > 1
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    "spell",
    [str.upper, lambda u: u.replace("-", ""), lambda u: "{" + u + "}"],
    ids=["upper case", "without dashes", "in braces"],
)
async def test_a_uuid_may_be_spelled_otherwise(
    client: httpx.AsyncClient, spell: Callable[[str], str]
) -> None:
    (one,) = await rows(client, "partijen", pageSize=1)
    detail = (await client.get(f"partijen/{spell(one['uuid'])}")).json()
    assert (detail["uuid"], detail["url"]) == (one["uuid"], one["url"])


@pytest.mark.parametrize("text", ["1", "x", "%20", UUID + "0", "null", "%00"])
async def test_what_is_no_uuid_is_not_found(client: httpx.AsyncClient, text: str) -> None:
    problem(await client.get(f"partijen/{text}"), 404, "not_found")


# --- pages ---


@ALL
async def test_the_pages_hold_every_object_once(
    client: httpx.AsyncClient, resource: Resource
) -> None:
    whole = (await client.get(resource.path, params={"pageSize": 500})).json()
    url: str | None = f"{resource.path}?pageSize=31"
    walked: list[str] = []
    while url:
        page = (await client.get(url)).json()
        assert page["count"] == whole["count"]
        walked += [one["uuid"] for one in page["results"]]
        url = page["next"]
    assert walked == [one["uuid"] for one in whole["results"]]
    assert len(walked) == whole["count"]


async def test_a_page_has_a_link_to_the_one_before(client: httpx.AsyncClient) -> None:
    third = (await client.get("partijen?pageSize=2&page=3")).json()
    second = (await client.get(third["previous"])).json()
    assert (await client.get(second["next"])).json() == third


async def test_the_link_to_the_first_page_has_no_number(client: httpx.AsyncClient) -> None:
    second = (await client.get("partijen?pageSize=2&page=2")).json()
    assert second["previous"] == f"{ORIGIN}{API}partijen?pageSize=2"


async def test_links_keep_all_parameters_in_order(client: httpx.AsyncClient) -> None:
    url = "partijen?soortPartij=persoon&pageSize=1&expand=digitaleAdressen,betrokkenen"
    following = (await client.get(url)).json()["next"]
    assert re.sub("_c=[-_a-zA-Z0-9]+&", "", following) == (
        f"{ORIGIN}{API}partijen"
        "?expand=digitaleAdressen%2Cbetrokkenen&page=2&pageSize=1&soortPartij=persoon"
    )


async def test_a_link_says_where_its_page_begins(client: httpx.AsyncClient) -> None:
    """Also when it is asked for without: then its number alone leads there."""
    following = (await client.get("klantcontacten?pageSize=2")).json()["next"]
    bare = (await client.get("klantcontacten?pageSize=2&page=2")).json()
    walked = (await client.get(following)).json()
    assert "_c=" in following
    assert walked["results"] == bare["results"]
    for forged in (following.replace("_c=", "_c=x"), following.replace("page=2", "page=3")):
        assert (await client.get(forged)).status_code == 200


async def test_the_first_and_last_page_have_no_link_further(client: httpx.AsyncClient) -> None:
    first = (await client.get("partijen?pageSize=50")).json()
    last = (await client.get("partijen?pageSize=50&page=last")).json()
    assert (first["previous"], last["next"]) == (None, None)


async def test_the_last_page_can_be_asked_for(client: httpx.AsyncClient) -> None:
    count = (await client.get("partijen?pageSize=1")).json()["count"]
    last = (await client.get("partijen?pageSize=1&page=last")).json()
    assert last == (await client.get(f"partijen?pageSize=1&page={count}")).json()


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1.5"])
async def test_a_page_size_that_makes_no_sense_is_100(client: httpx.AsyncClient, text: str) -> None:
    response = await client.get("klantcontacten", params={"pageSize": text})
    assert len(response.json()["results"]) == 100


async def test_a_page_has_100_objects_by_itself(client: httpx.AsyncClient) -> None:
    assert len(await rows(client, "klantcontacten")) == 100


async def test_a_page_has_500_objects_at_most(
    mini: Callable[..., Installation], log: LogLines
) -> None:
    async with client_of(mini(persons=502).app()) as client:
        assert len(await rows(client, "partijen", pageSize=1000)) == 500


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "9999", "9" * 30, "9" * 5000, "Last"])
async def test_a_page_that_is_not_there_is_not_found(client: httpx.AsyncClient, text: str) -> None:
    response = await client.get("partijen", params={"page": text})
    assert problem(response, 404, "not_found")["detail"] == "Ongeldige pagina."


async def test_an_empty_list_has_a_first_page(client: httpx.AsyncClient) -> None:
    response = await client.get("partijen?nummer=0&page=1")
    assert response.json() == {"count": 0, "next": None, "previous": None, "results": []}


async def test_an_empty_list_has_no_second_page(client: httpx.AsyncClient) -> None:
    problem(await client.get("partijen?nummer=0&page=2"), 404, "not_found")


# --- the query string ---


async def test_a_question_mark_too_many_does_no_harm(client: httpx.AsyncClient) -> None:
    """KISS sends it."""
    assert (await client.get("partijen??pageSize=2")).json() == (
        await client.get("partijen?pageSize=2")
    ).json()


async def test_a_question_mark_alone_does_no_harm(client: httpx.AsyncClient) -> None:
    assert (await client.get("partijen?")).json()["count"] > 0


async def test_a_comma_may_be_written_as_it_is(client: httpx.AsyncClient) -> None:
    plain = await client.get("partijen?pageSize=2&expand=digitaleAdressen,betrokkenen")
    coded = await client.get("partijen?pageSize=2&expand=digitaleAdressen%2Cbetrokkenen")
    assert plain.json()["results"] == coded.json()["results"]


async def test_unknown_parameters_are_named_together(client: httpx.AsyncClient) -> None:
    body = problem(await client.get("partijen?ordering=x&page_size=2&x"), 400, "invalid")
    (wrong,) = body["invalidParams"]
    assert wrong["code"] == "unknown-parameters"
    assert wrong["reason"].endswith(": ordering, page_size, x")


async def test_a_detail_knows_no_filters(client: httpx.AsyncClient) -> None:
    problem(await client.get(f"partijen/{UUID}?nummer=1"), 400, "invalid")


async def test_a_detail_knows_paging(client: httpx.AsyncClient) -> None:
    (one,) = await rows(client, "partijen", pageSize=1)
    assert (await client.get(f"partijen/{one['uuid']}?page=1&pageSize=2")).status_code == 200


@pytest.mark.parametrize(
    "path", ["*", "digitale_adressen", "digitaleAdressen.verstrektDoorPartij", BSN, "x"]
)
async def test_an_expansion_that_is_not_there_is_refused(
    client: httpx.AsyncClient, path: str
) -> None:
    body = problem(await client.get("partijen", params={"expand": path}), 400, "invalid")
    (wrong,) = body["invalidParams"]
    assert (wrong["name"], wrong["code"]) == ("expand", "invalid_choice")
    assert BSN not in wrong["reason"]


async def test_other_resources_know_no_expansion(client: httpx.AsyncClient) -> None:
    problem(await client.get("actoren?expand=x"), 400, "invalid")


async def test_an_expansion_shows_whole_objects(client: httpx.AsyncClient) -> None:
    url = "klantcontacten?pageSize=20&expand=hadBetrokkenen,hadBetrokkenen.wasPartij"
    for contact in await rows(client, url):
        for betrokkene in contact["_expand"]["hadBetrokkenen"]:
            assert list(betrokkene)[:-1] == attributes(RESOURCES["betrokkenen"])
            partij = betrokkene["_expand"]["wasPartij"]
            assert (partij and partij["uuid"]) == (
                betrokkene["wasPartij"] and betrokkene["wasPartij"]["uuid"]
            )


async def test_a_nested_expansion_without_its_parent_does_nothing(
    client: httpx.AsyncClient,
) -> None:
    found = await rows(client, "klantcontacten?pageSize=5&expand=hadBetrokkenen.wasPartij")
    assert [one["_expand"] for one in found] == [{}] * 5


# --- whose urls ---


async def test_urls_are_on_the_host_that_was_asked(kcc: Installation) -> None:
    async with client_of(kcc.app(), origin="https://register.example:8443") as client:
        (one,) = await rows(client, "partijen", pageSize=1)
    assert one["url"].startswith(f"https://register.example:8443{API}partijen/")


async def test_links_are_on_the_host_that_was_asked(kcc: Installation) -> None:
    async with client_of(kcc.app(), origin="https://register.example:8443") as client:
        page = (await client.get("partijen?pageSize=1")).json()
    assert page["next"].startswith(f"https://register.example:8443{API}partijen?")


async def test_another_host_in_a_header_is_not_believed(client: httpx.AsyncClient) -> None:
    headers = {"X-Forwarded-Host": "elders.example", "Forwarded": "host=elders.example"}
    assert "elders.example" not in (await client.get("partijen", headers=headers)).text


async def test_a_public_url_goes_before_the_host(mini: Callable[..., Installation]) -> None:
    app = mini(server={"public_url": "https://openbaar.example"}).app()
    async with client_of(app) as client:
        page = (await client.get("partijen?pageSize=1")).json()
    assert page["results"][0]["url"].startswith(f"https://openbaar.example{API}partijen/")
    assert page["next"].startswith(f"https://openbaar.example{API}partijen?")


async def test_a_public_url_stands_in_problems_too(mini: Callable[..., Installation]) -> None:
    app = mini(server={"public_url": "https://openbaar.example"}).app()
    async with client_of(app) as client:
        body = problem(await client.get("partijen?x=1"), 400, "invalid")
    assert body["type"] == "https://openbaar.example/ref/fouten/ValidationError/"


async def test_a_url_of_this_host_is_a_filter(client: httpx.AsyncClient) -> None:
    for one in await rows(client, "betrokkenen", pageSize=100):
        if one["wasPartij"]:
            url = one["wasPartij"]["url"]
            found = await rows(client, "betrokkenen", wasPartij__url=url, pageSize=500)
            assert {b["wasPartij"]["url"] for b in found} == {url}
            return
    raise AssertionError("no betrokkene has a partij")
