"""The adapter for the Objecten API, on the strict fake and on answers that are wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import respx
from pydantic import ValidationError

from adapters.base import Failure, Page, Paging, Query, SourceError, Update
from adapters.conditions import All, Condition, Contains, In, get
from adapters.objecten import MAX_PAGES, MAX_VALUES, ObjectenAdapter
from demo.kcc.data import SMALL
from demo.objecten.app import Objecten, service
from demo.objecten.data import CONTACTMOMENTEN, PUBLIC, ROOT, TYPE
from tests.support.objecten import TOKEN_FILE, adapter, described, on_fake

TASKS = "internetaken"
ORDER = ("registratiedatum", "uuid")
OTHER = "http://oud.example/contactmomenten/"

Row = dict[str, Any]


@pytest.fixture
def fake() -> Objecten:
    return service(SMALL)


@pytest.fixture
async def source(fake: Objecten) -> AsyncIterator[ObjectenAdapter]:
    made = on_fake(fake, page_size=10)
    yield made
    await made.close()


def keys(page: Page) -> list[str]:
    return [str(record["uuid"]) for record in page.records]


def data(fake: Objecten) -> dict[str, Row]:
    """By uuid what each object says now, newest first."""
    now = {uuid: versions[-1]["data"] for uuid, versions in fake.objects.items()}
    return dict(sorted(now.items(), key=lambda i: (i[1]["registratiedatum"], i[0]), reverse=True))


def key_of(task: Row) -> str:
    return str(task["contactmoment"]).removeprefix(CONTACTMOMENTEN)


# --- reading ------------------------------------------------------------------------------------


async def test_an_object_is_a_record(fake: Objecten, source: ObjectenAdapter) -> None:
    uuid, task = next((u, t) for u, t in data(fake).items() if "datumVerwerkt" in t)
    record = await source.get(TASKS, {"uuid": uuid})
    assert record is not None
    assert record["contactmoment"] == key_of(task)
    assert record["actor"]["identificatie"] == task["actor"]["identificatie"]
    assert record["registratiedatum"] == task["registratiedatum"].replace("Z", "000Z")
    assert len(record["datumVerwerkt"]) == 27
    adressen = task["betrokkene"]["digitaleAdressen"]
    assert get(record, "telefoon.adres") == adressen[0]["adres"]
    emails = [a["adres"] for a in adressen if a["soortDigitaalAdres"] == "email"]
    assert get(record, "email.adres") == next(iter(emails), None)


async def test_what_does_not_fit_is_absent(fake: Objecten, source: ObjectenAdapter) -> None:
    """A url of another system, and a code that is too long for an id."""
    uuid, task = next(iter(data(fake).items()))
    task["contactmoment"] = OTHER + "1"
    task["actor"] = {"soortActor": "medewerker", "identificatie": "wilma@zilverdam.example"}
    task["betrokkene"]["digitaleAdressen"] = []
    record = await source.get(TASKS, {"uuid": uuid})
    assert record is not None
    assert record["contactmoment"] is None
    assert get(record, "actor.identificatie") is None
    assert get(record, "telefoon.adres") is None


async def test_a_list_can_be_had_in_any_parts(fake: Objecten, source: ObjectenAdapter) -> None:
    expected = list(data(fake))
    assert source.collections[TASKS].paging is Paging.OFFSET
    for skip, limit in [(0, 7), (3, 9), (8, 4), (len(expected) - 2, 10), (len(expected) + 5, 3)]:
        page = await source.find(TASKS, Query(order=ORDER, skip=skip, limit=limit, count=True))
        assert page.total == len(expected)
        # At least the beginning of what is asked.
        assert keys(page) == expected[skip : skip + max(1, len(page.records))]
    found: list[str] = []
    token = None
    while True:
        page = await source.find(TASKS, Query(order=ORDER, token=token))
        found += keys(page)
        token = page.next
        if token is None:
            break
    assert found == expected
    assert (await source.find(TASKS, Query(limit=0, count=True))).total == len(expected)


async def test_an_order_is_asked_that_leaves_no_two_equal(
    fake: Objecten, source: ObjectenAdapter
) -> None:
    await source.find(TASKS, Query(order=ORDER))
    assert "ordering=-record__data__registratiedatum%2C-uuid" in fake.calls[-1]


@pytest.mark.parametrize(
    "condition",
    [
        In("status", ("te verwerken",)),
        In("status", ("te verwerken", "verwerkt")),
        All((In("status", ("verwerkt",)), In("actor.typeOrganisatorischeEenheid", ("groep",)))),
    ],
)
async def test_a_list_is_asked_by_what_stands_in_the_data(
    fake: Objecten, source: ObjectenAdapter, condition: Condition
) -> None:
    page = await source.find(TASKS, Query(condition, order=ORDER, limit=5, count=True))
    parts = condition.parts if isinstance(condition, All) else (condition,)
    expected = [
        uuid
        for uuid, task in data(fake).items()
        if all(get(task, p.field) in p.values for p in parts if isinstance(p, In))
    ]
    assert page.total == len(expected)
    assert keys(page) == expected[:5]
    assert len(fake.calls) == 1


async def test_a_reference_is_asked_by_its_urls(fake: Objecten) -> None:
    source = on_fake(fake, urls={"contactmomenten": [CONTACTMOMENTEN, OTHER]})
    (one, first), (two, second), *_ = data(fake).items()
    second["contactmoment"] = OTHER + "2146569b"
    wanted = In("contactmoment", (key_of(first), "2146569b"))
    assert set(keys(await source.find(TASKS, Query(wanted)))) == {one, two}
    assert len(fake.calls) == 1
    # A question stays as long, however many addresses there are.
    assert source.collections[TASKS].max_in == MAX_VALUES // 2
    await source.close()


@pytest.mark.parametrize("number", ["a__b", "_b", "nan", "a|b", "1,5", "20230101"])
async def test_any_value_can_be_asked(fake: Objecten, source: ObjectenAdapter, number: str) -> None:
    """Where the API cannot be asked, the rest is read and looked at."""
    uuid, task = list(data(fake).items())[12]
    task["nummer"] = number
    # The same date is not the same number.
    next(iter(data(fake).values()))["nummer"] = "2023-01-01"
    wanted = In("nummer", (number, "0"))
    assert keys(await source.find(TASKS, Query(wanted, order=ORDER, count=True))) == [uuid]
    wanted = In("nummer", (number,))
    page = await source.find(TASKS, Query(wanted, order=ORDER, count=True))
    assert (keys(page), page.total, page.next) == ([uuid], 1, None)


async def test_no_more_than_some_pages_are_read_for_that(fake: Objecten) -> None:
    source = on_fake(fake, page_size=1)
    one = next(iter(fake.objects.values()))
    fake.objects |= {f"{n}": one for n in range(MAX_PAGES)}
    with pytest.raises(SourceError) as caught:
        await source.find(TASKS, Query(In("nummer", ("a__b",))))
    assert caught.value.failure is Failure.REFUSED
    await source.close()


async def test_a_code_that_cannot_be_shown_is_not_asked(
    fake: Objecten, source: ObjectenAdapter
) -> None:
    page = await source.find(TASKS, Query(In("actor.identificatie", ("w@zilverdam.example",))))
    assert (keys(page), page.total) == ([], 0)
    assert fake.calls == []


@pytest.mark.parametrize("text", ["0612", "beller.", 'a"b', "é", "a__b"])
async def test_an_address_is_looked_for_among_others(
    fake: Objecten, source: ObjectenAdapter, text: str
) -> None:
    """More than what is asked may come, and less never."""
    for condition in (Contains("telefoon.adres", text), In("email.adres", (text,))):
        found = keys(await source.find(TASKS, Query(condition, limit=500)))
        assert set(found) >= {
            uuid
            for uuid, task in data(fake).items()
            for one in task["betrokkene"]["digitaleAdressen"]
            if text in one["adres"] and len(found) > 10
        }
    simple = text in ("0612", "beller.")
    assert ("icontains" in fake.calls[0]) is simple


async def test_objects_are_had_by_their_keys(fake: Objecten, source: ObjectenAdapter) -> None:
    some = list(data(fake))[:6]
    nobody = "00000000-0000-4000-8000-000000000000"
    wanted = In("uuid", (*reversed(some), nobody))
    page = await source.find(TASKS, Query(wanted, order=ORDER))
    assert (keys(page), page.total) == (some, 6)
    part = await source.find(TASKS, Query(wanted, order=ORDER, skip=1, limit=2))
    assert (keys(part), part.next) == (some[1:3], "3")
    fake.objects[some[0]][-1]["type"] = TYPE + "0"
    assert await source.get(TASKS, {"uuid": some[0]}) is None
    assert await source.get(TASKS, {"uuid": nobody}) is None


# --- what stands in objects ---------------------------------------------------------------------


async def test_actors_come_along_with_tasks(fake: Objecten, source: ObjectenAdapter) -> None:
    page = await source.find(TASKS, Query(order=ORDER))
    here = [data(fake)[uuid]["actor"] for uuid in keys(page)]
    colleagues = {a["identificatie"] for a in here if a["soortActor"] == "medewerker"}
    assert {r["identificatie"] for r in page.along["medewerkers"].records} == colleagues
    for kind, name in (("afdeling", "afdelingen"), ("groep", "groepen")):
        known = {
            a.get("identificatieOrganisatorischeEenheid", a["identificatie"])
            for a in here
            if a["typeOrganisatorischeEenheid"] == kind
        }
        records = page.along[name].records
        assert {r["identificatie"] for r in records} == known
        assert len(records) == len(known)


async def test_an_actor_is_as_the_newest_task_has_it(
    fake: Objecten, source: ObjectenAdapter
) -> None:
    tasks = [t for t in data(fake).values() if t["actor"]["soortActor"] == "medewerker"]
    code = tasks[0]["actor"]["identificatie"]
    same = tasks[:1]
    same[0]["actor"]["naam"] = "Nu"
    tasks[1]["actor"] = {**tasks[0]["actor"], "naam": "Vroeger"}
    found = await source.get("medewerkers", {"identificatie": code})
    assert found == {"identificatie": code, "naam": same[0]["actor"]["naam"]}
    assert "pageSize=1&" in fake.calls[-1]
    page = await source.find("medewerkers", Query(In("naam", ("Vroeger",))))
    assert page.records == []
    page = await source.find("medewerkers", Query(In("naam", (same[0]["actor"]["naam"],))))
    assert {r["identificatie"] for r in page.records} == {code}
    both = All((In("naam", (same[0]["actor"]["naam"],)), In("identificatie", (code, "x"))))
    assert [
        r["identificatie"] for r in (await source.find("medewerkers", Query(both))).records
    ] == [code]


async def test_a_department_stands_in_two_places(fake: Objecten, source: ObjectenAdapter) -> None:
    of_colleague = next(
        t["actor"]
        for t in data(fake).values()
        if t["actor"]["soortActor"] == "medewerker"
        and t["actor"]["typeOrganisatorischeEenheid"] == "groep"
    )
    code = of_colleague["identificatieOrganisatorischeEenheid"]
    found = await source.get("groepen", {"identificatie": code})
    assert found == {"identificatie": code, "naam": of_colleague["naamOrganisatorischeEenheid"]}
    assert await source.get("groepen", {"identificatie": "niemand"}) is None
    assert await source.get("groepen", {"identificatie": "te lang om te tonen"}) is None


# --- writing ------------------------------------------------------------------------------------


async def test_a_change_is_a_new_version(fake: Objecten, source: ObjectenAdapter) -> None:
    uuid, task = next((u, t) for u, t in data(fake).items() if t["status"] == "te verwerken")
    values = {"status": "verwerkt", "datumVerwerkt": "2026-01-02T03:04:05.000000Z"}
    (record,) = await source.write([Update(TASKS, {"uuid": uuid}, values)])
    assert (record["status"], record["datumVerwerkt"]) == tuple(values.values())
    old, new = fake.objects[uuid]
    assert new["data"] == {**task, **values}
    assert (old["data"], new["index"]) == (task, 2)


async def test_a_field_is_taken_away(fake: Objecten, source: ObjectenAdapter) -> None:
    """By giving all others: the type of object refuses null."""
    uuid, task = next((u, t) for u, t in data(fake).items() if "datumVerwerkt" in t)
    before = fake.objects[uuid][-1]
    before["references"] = [{"type": "zaak", "url": "http://zaken.example/1"}]
    values = {"status": "te verwerken", "datumVerwerkt": None}
    (record,) = await source.write([Update(TASKS, {"uuid": uuid}, values)])
    assert (record["status"], record["datumVerwerkt"]) == ("te verwerken", None)
    after = fake.objects[uuid][-1]
    left = {k: v for k, v in task.items() if k != "datumVerwerkt"}
    assert after["data"] == {**left, "status": "te verwerken"}
    assert after["references"] == before["references"]
    assert after["startAt"] == before["startAt"]


@pytest.mark.parametrize(
    ("key", "values", "expected", "failure"),
    [
        (None, {"status": "verwerkt"}, {"status": "iets anders"}, Failure.CONFLICT),
        ("00000000-0000-4000-8000-000000000000", {"status": "verwerkt"}, {}, Failure.GONE),
        (None, {"status": "onbekend"}, {}, Failure.REFUSED),
    ],
)
async def test_a_change_that_is_not_made_says_why(
    fake: Objecten,
    source: ObjectenAdapter,
    key: str | None,
    values: Row,
    expected: Row,
    failure: Failure,
) -> None:
    uuid = next(iter(data(fake)))
    number = len(fake.objects[uuid])
    with pytest.raises(SourceError) as caught:
        await source.write([Update(TASKS, {"uuid": key or uuid}, values, expected)])
    assert caught.value.failure is failure
    assert len(fake.objects[uuid]) == number


async def test_a_token_that_may_only_read(fake: Objecten, source: ObjectenAdapter) -> None:
    fake.tokens = dict.fromkeys(fake.tokens, "read_only")
    uuid = next(iter(data(fake)))
    with pytest.raises(SourceError) as caught:
        await source.write([Update(TASKS, {"uuid": uuid}, {"toelichting": "x"})])
    assert caught.value.failure is Failure.REFUSED
    assert await source.get(TASKS, {"uuid": uuid}) is not None


def test_only_what_is_said_can_be_written(source: ObjectenAdapter) -> None:
    writes = source.collections[TASKS].writes
    assert writes is not None
    assert (writes.create, writes.update, writes.delete) == (False, True, False)
    assert writes.fields == {"status", "toelichting", "datumVerwerkt"}
    assert source.collections["medewerkers"].writes is None


# --- answers that are wrong ---------------------------------------------------------------------

OBJECT: Row = {
    "url": "http://elders.example/objects/1",
    "uuid": "0c7d3f64-8f3b-4c52-9f0e-5d8f3a0b7c11",
    "type": TYPE,
    "record": {"index": 1, "data": {"status": "verwerkt", "contactmoment": CONTACTMOMENTEN + "1"}},
}


def answered(*results: Any, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"count": len(results), "results": list(results), **more})


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


@pytest.fixture
async def behind(router: respx.MockRouter) -> AsyncIterator[ObjectenAdapter]:
    made = adapter(httpx.MockTransport(router.async_handler))
    yield made
    await made.close()


def changed(**parts: Any) -> Row:
    return {**OBJECT, **parts}


def saying(**data: Any) -> Row:
    return changed(record={"data": data})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answered(changed(type=TYPE + "0")), id="another type"),
        pytest.param(answered(saying(status="te verwerken")), id="not asked"),
        pytest.param(answered(changed(record={"index": 1})), id="no data"),
        pytest.param(answered(changed(uuid=None)), id="no uuid"),
        pytest.param(answered(OBJECT, count=2), id="fewer than the count"),
        pytest.param(answered(OBJECT, count="1"), id="no count"),
        pytest.param(httpx.Response(200, json=[OBJECT]), id="no page"),
        pytest.param(
            answered(saying(status="verwerkt", registratiedatum="gisteren")),
            id="no moment",
        ),
        pytest.param(httpx.Response(404, json={}), id="no list"),
    ],
)
async def test_an_answer_that_cannot_be_is_bad(
    router: respx.MockRouter, behind: ObjectenAdapter, answer: httpx.Response
) -> None:
    router.get(f"{PUBLIC}{ROOT}/objects").mock(return_value=answer)
    with pytest.raises(SourceError) as caught:
        await behind.find(TASKS, Query(In("status", ("verwerkt",))))
    assert caught.value.failure is Failure.BAD_DATA


async def test_the_type_is_known_by_its_uuid(
    router: respx.MockRouter, behind: ObjectenAdapter
) -> None:
    """Since 2026 the API has the types itself, under its own address."""
    own = TYPE.replace("http://objecttypen.example", PUBLIC)
    router.get(f"{PUBLIC}{ROOT}/objects").mock(return_value=answered(changed(type=own)))
    assert keys(await behind.find(TASKS, Query())) == [OBJECT["uuid"]]


async def test_what_is_sent(router: respx.MockRouter, behind: ObjectenAdapter) -> None:
    one = f"{PUBLIC}{ROOT}/objects/{OBJECT['uuid']}"
    router.get(one).mock(return_value=httpx.Response(200, json=OBJECT))
    sent = router.patch(one).mock(return_value=httpx.Response(200, json=OBJECT))
    await behind.write([Update(TASKS, {"uuid": OBJECT["uuid"]}, {"toelichting": "x"})])
    request = sent.calls.last.request
    assert request.headers["Content-Crs"] == "EPSG:4326"
    assert request.headers["Authorization"].startswith("Token openbaar")
    assert json.loads(request.content) == {"record": {"data": {"toelichting": "x"}}}


async def test_the_e_suite_knows_the_gateway_by_a_token_of_each_call(
    router: respx.MockRouter,
) -> None:
    secret = {"client_id": "gateway", "secret": f"file:{TOKEN_FILE}"}
    source = adapter(httpx.MockTransport(router.async_handler), token=None, credentials=secret)
    asked = router.get(f"{PUBLIC}{ROOT}/objects").mock(return_value=answered())
    await source.check()
    assert asked.calls.last.request.headers["Authorization"].startswith("Bearer ")
    await source.close()


@pytest.mark.parametrize(
    "options", [{"token": None}, {"credentials": {"client_id": "x", "secret": "env:X"}}]
)
def test_it_is_known_by_one_of_two(options: Row) -> None:
    with pytest.raises(ValidationError, match="precies een van `token` en `credentials`"):
        adapter(httpx.MockTransport(lambda _: httpx.Response(200)), **options)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.Response(500), Failure.UNKNOWN),
        (httpx.Response(200, json=[]), Failure.UNKNOWN),
        (httpx.Response(200, json=changed(uuid=None)), Failure.UNKNOWN),
        (httpx.Response(401), Failure.REFUSED),
        (httpx.Response(429, headers={"Retry-After": "3"}), Failure.THROTTLED),
        (httpx.Response(404), Failure.GONE),
    ],
)
@pytest.mark.parametrize("value", ["x", None])
async def test_how_a_change_can_end(
    router: respx.MockRouter,
    behind: ObjectenAdapter,
    answer: httpx.Response,
    failure: Failure,
    value: str | None,
) -> None:
    one = f"{PUBLIC}{ROOT}/objects/{OBJECT['uuid']}"
    router.get(one).mock(return_value=httpx.Response(200, json=OBJECT))
    router.route(method__in=["PATCH", "PUT"], url=one).mock(return_value=answer)
    with pytest.raises(SourceError) as caught:
        await behind.write([Update(TASKS, {"uuid": OBJECT["uuid"]}, {"toelichting": value})])
    assert caught.value.failure is failure


# --- descriptions -------------------------------------------------------------------------------


def broken(change: Callable[[Row], Any]) -> Row:
    made = described()
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d[TASKS].update(ordered_by="datum"), "`datum` staat niet onder `fields`"),
        (lambda d: d[TASKS].update(ordered_by="nummer"), "`nummer` staat niet onder `moments`"),
        (lambda d: d[TASKS].update(only={"nummer": "("}), "dit is geen reguliere expressie"),
        (lambda d: d[TASKS].update(write=["handelin"]), "`handelin` staat niet onder `fields`"),
        (lambda d: d["groepen"].update(fields=["naam"]), "precies een van `fields` en `inside`"),
        (lambda d: d["groepen"]["inside"].update(key="code"), "`code` staat niet onder `fields`"),
        (
            lambda d: d["groepen"]["inside"]["places"][0]["fields"].pop("naam"),
            "elke plaats in `places` geeft dezelfde velden",
        ),
        (
            lambda d: d["groepen"]["inside"].update(collection="taken"),
            "er is geen collectie `taken` van objecten",
        ),
    ],
)
def test_a_description_has_to_be_right(change: Callable[[Row], Any], message: str) -> None:
    with pytest.raises(ValidationError, match="validation error") as caught:
        adapter(httpx.MockTransport(lambda _: httpx.Response(200)), broken(change))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "place"), [({"types": {"x": TYPE}}, "types.internetaken"), ({"urls": {}}, "urls.")]
)
def test_what_collections_name_has_to_be_in_the_options(options: Row, place: str) -> None:
    with pytest.raises(ValidationError, match="validation error") as caught:
        adapter(httpx.MockTransport(lambda _: httpx.Response(200)), **options)
    assert caught.value.title == "Options"
    assert place in str(caught.value)


async def test_what_was_not_declared_is_no_question(source: ObjectenAdapter) -> None:
    for collection, condition in (
        (TASKS, Contains("toelichting", "x")),
        ("medewerkers", Contains("naam", "x")),
    ):
        with pytest.raises(TypeError):
            await source.find(collection, Query(condition))
