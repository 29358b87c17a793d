"""The fake Objecten API refuses what the real one refuses, and reads what that reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from demo.kcc.data import SMALL
from demo.objecten.app import TOKENS, Objecten, service
from demo.objecten.data import PUBLIC, ROOT, TYPE

TOKEN = next(iter(TOKENS))
CRS = {"Content-Crs": "EPSG:4326"}

Row = dict[str, Any]


@pytest.fixture
def fake() -> Objecten:
    return service(SMALL)


@pytest.fixture
async def client(fake: Objecten) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(fake.app())
    headers = {"Authorization": f"Token {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url=PUBLIC + ROOT, headers=headers
    ) as made:
        yield made


def now(fake: Objecten) -> dict[str, Row]:
    return {uuid: versions[-1]["data"] for uuid, versions in fake.objects.items()}


async def found(client: httpx.AsyncClient, **params: Any) -> list[Row]:
    answer = await client.get("/objects", params={"pageSize": 500, **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


@pytest.mark.parametrize("authorization", ["", "Token", "Token x", "Bearer " + TOKEN])
async def test_a_token_is_asked(client: httpx.AsyncClient, authorization: str) -> None:
    answer = await client.get("/objects", headers={"Authorization": authorization})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"type": TYPE + "0"}, "invalid_choice"),
        ({"data_attr": "status"}, "invalid-data-attr-query"),
        ({"data_attr": "status__is__verwerkt"}, "invalid-data-attr-query"),
        ({"data_attr": "registratiedatum__gt__2023-07-28T00:00:00Z"}, "invalid-data-attr-query"),
        ({"data_attr": "a,b__exact__c"}, "invalid-data-attr-query"),
        ({"data_attrs": "nummer__exact__a,b"}, "invalid-data-attrs-query"),
        ({"date": "gisteren"}, "invalid"),
        ({"date": "2023-01-01", "registrationDate": "2023-01-01"}, "invalid-date-query-params"),
        ({"fields": "uuid,naam"}, "invalid"),
    ],
)
async def test_a_question_that_is_wrong(client: httpx.AsyncClient, params: Row, code: str) -> None:
    answer = await client.get("/objects", params=params)
    assert answer.status_code == 400
    assert [p["code"] for p in answer.json()["invalidParams"]] == [code]


@pytest.mark.parametrize(
    ("name", "texts", "holds"),
    [
        ("data_attr", ["status__exact__verwerkt"], lambda t: t["status"] == "verwerkt"),
        ("data_attr", ["status__in__verwerkt|x"], lambda t: t["status"] == "verwerkt"),
        ("data_attr", ["toelichting__icontains__TERUG"], lambda t: "terug" in t["toelichting"]),
        (
            "data_attr",
            ["status__exact__verwerkt", "actor__soortActor__exact__medewerker"],
            lambda t: t["status"] == "verwerkt" and t["actor"]["soortActor"] == "medewerker",
        ),
        (
            "data_attrs",
            ["status__exact__verwerkt,actor__soortActor__exact__medewerker"],
            lambda t: t["status"] == "verwerkt" and t["actor"]["soortActor"] == "medewerker",
        ),
        (
            "data_attr",
            ["registratiedatum__gte__2022-07-01"],
            lambda t: t["registratiedatum"] >= "2022-07-01",
        ),
        (
            "data_attr",
            ["betrokkene__digitaleAdressen__icontains__0612"],
            lambda t: any("0612" in a["adres"] for a in t["betrokkene"]["digitaleAdressen"]),
        ),
        ("data_icontains", ["beller"], lambda t: "beller" in str(t).casefold()),
    ],
)
async def test_data_is_asked(
    fake: Objecten, client: httpx.AsyncClient, name: str, texts: list[str], holds: Any
) -> None:
    expected = {uuid for uuid, task in now(fake).items() if holds(task)}
    assert len(expected) > 0
    assert {o["uuid"] for o in await found(client, **{name: texts})} == expected


async def test_a_number_is_found_by_its_text(fake: Objecten, client: httpx.AsyncClient) -> None:
    uuid, task = next(iter(now(fake).items()))
    task["volgnummer"] = 5
    assert [o["uuid"] for o in await found(client, data_attr="volgnummer__exact__5")] == [uuid]
    assert [o["uuid"] for o in await found(client, data_attr="volgnummer__lt__6")] == [uuid]
    assert await found(client, data_attr="volgnummer__in__5|6") == []


async def test_what_has_no_value_comes_first_of_the_highest(
    fake: Objecten, client: httpx.AsyncClient
) -> None:
    name = "-record__data__datumVerwerkt"
    rows = await found(client, ordering=f"{name},-uuid,onbekend")
    values = [row["record"]["data"].get("datumVerwerkt") for row in rows]
    known = [value for value in values if value]
    assert values[: len(values) - len(known)] == [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=True)
    open_ = [row["uuid"] for row in rows if "datumVerwerkt" not in row["record"]["data"]]
    assert open_ == sorted(open_, reverse=True)


async def test_pages(fake: Objecten, client: httpx.AsyncClient) -> None:
    whole = await found(client)
    answer = (await client.get("/objects", params={"pageSize": 3, "page": 2})).json()
    assert (answer["count"], answer["results"]) == (len(fake.objects), whole[3:6])
    assert (await client.get(answer["previous"])).json()["results"] == whole[:3]
    for page in ("0", "x", "999"):
        assert (await client.get("/objects", params={"page": page})).status_code == 404


async def test_an_object_is_shown_as_it_was_on_a_date(
    fake: Objecten, client: httpx.AsyncClient
) -> None:
    uuid = next(u for u, versions in fake.objects.items() if len(versions) > 1)
    fake.objects[uuid][0]["endAt"] = "2023-01-31"
    fake.objects[uuid][0]["startAt"], fake.objects[uuid][1]["startAt"] = "2023-01-01", "2023-02-01"
    for day, index in (("2023-01-15", 1), ("2023-03-01", 2)):
        answer = await client.get(f"/objects/{uuid}", params={"date": day})
        assert answer.json()["record"]["index"] == index
    answer = await client.get(f"/objects/{uuid}", params={"date": "2022-01-01"})
    assert answer.status_code == 404
    fake.today = date(2022, 1, 1)
    assert (await client.get(f"/objects/{uuid}")).status_code == 404


async def test_only_the_fields_that_are_asked(client: httpx.AsyncClient) -> None:
    (one, *_) = await found(client, fields="uuid,record__data__status,record__data__niets")
    assert list(one) in (["uuid", "record"], ["record", "uuid"])
    assert list(one["record"]["data"]) == ["status"]


# --- writing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("crs", "status"), [({}, 412), ({"Content-Crs": "EPSG:28992"}, 406)])
async def test_a_change_says_its_coordinates(
    fake: Objecten, client: httpx.AsyncClient, crs: dict[str, str], status: int
) -> None:
    uuid = next(iter(fake.objects))
    answer = await client.patch(f"/objects/{uuid}", json={}, headers=crs)
    assert answer.status_code == status


async def test_a_patch_merges_and_a_put_replaces(fake: Objecten, client: httpx.AsyncClient) -> None:
    uuid, task = next(iter(now(fake).items()))
    fake.objects[uuid][-1]["references"] = [{"type": "zaak", "url": "http://zaken.example/1"}]
    body: Row = {"record": {"data": {"actor": {"naam": "Anders"}}}}
    merged = (await client.patch(f"/objects/{uuid}", json=body, headers=CRS)).json()["record"]
    assert merged["data"] == {**task, "actor": {**task["actor"], "naam": "Anders"}}
    assert len(merged["references"]) == 1
    data = {name: task[name] for name in ("actor", "betrokkene", "contactmoment")}
    body = {"type": TYPE, "record": {"typeVersion": 1, "startAt": "2023-01-01", "data": data}}
    replaced = (await client.put(f"/objects/{uuid}", json=body, headers=CRS)).json()["record"]
    assert (replaced["data"], replaced["references"]) == (data, [])
    assert replaced["index"] == merged["index"] + 1


@pytest.mark.parametrize(
    ("method", "body", "name"),
    [
        ("PUT", {"type": TYPE, "record": {"data": {}}}, "record.typeVersion"),
        ("PUT", {"type": TYPE}, "record"),
        ("PATCH", {"type": TYPE + "0"}, "type"),
        ("PATCH", {"record": {"data": {"datumVerwerkt": None}}}, "nonFieldErrors"),
        ("PATCH", {"record": {"data": {"status": "open"}}}, "nonFieldErrors"),
        ("PATCH", {"record": {"data": {"actor": {"identificatie": None}}}}, "nonFieldErrors"),
    ],
)
async def test_a_change_that_is_wrong(
    fake: Objecten, client: httpx.AsyncClient, method: str, body: Row, name: str
) -> None:
    uuid = next(iter(fake.objects))
    answer = await client.request(method, f"/objects/{uuid}", json=body, headers=CRS)
    assert answer.status_code == 400
    assert [p["name"] for p in answer.json()["invalidParams"]] == [name]


async def test_who_may_only_read(fake: Objecten, client: httpx.AsyncClient) -> None:
    uuid = next(iter(fake.objects))
    fake.tokens = {TOKEN: "read_only"}
    assert (await client.delete(f"/objects/{uuid}")).status_code == 403
    fake.tokens = {TOKEN: "read_and_write"}
    assert (await client.delete(f"/objects/{uuid}")).status_code == 204
    assert (await client.get(f"/objects/{uuid}")).status_code == 404


async def test_an_object_is_made(fake: Objecten, client: httpx.AsyncClient) -> None:
    task = next(iter(now(fake).values()))
    body = {"type": TYPE, "record": {"typeVersion": 1, "startAt": "2023-01-01", "data": task}}
    answer = await client.post("/objects", json=body, headers=CRS)
    assert answer.status_code == 201
    (first, *_) = await found(client)
    assert first == answer.json()


async def test_the_same_objects_every_time(fake: Objecten) -> None:
    assert service(SMALL).objects == fake.objects
