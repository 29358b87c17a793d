"""The adapter for APIs after the pattern of ZGW, on the strict fake of Open Klant 1."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from adapters.base import Failure, Page, Paging, Query, SourceError
from adapters.conditions import ALWAYS, All, Compare, Condition, Exists, In
from adapters.zgw import ZgwAdapter
from demo.kcc.data import SMALL
from demo.openklant1.app import OpenKlant1, service
from demo.openklant1.data import ZAKEN
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from tests.helpers import BSN
from tests.support.v1 import adapter, small_pages

ORDER = ("registratiedatum", "uuid")


@pytest.fixture
def fake() -> OpenKlant1:
    return service(SMALL)


@pytest.fixture
async def source(fake: OpenKlant1) -> AsyncIterator[ZgwAdapter]:
    made = adapter(fake, "open-klant-1", ZAKEN)
    yield made
    await made.close()


def linked(name: str, field: str, *values: str) -> Condition:
    return Exists("uuid", name, "contactmoment", In(field, values))


def keys(page: Page) -> list[str]:
    return [str(record["uuid"]) for record in page.records]


async def test_a_url_is_a_key_and_a_moment_has_one_form(
    fake: OpenKlant1, source: ZgwAdapter
) -> None:
    (link, *_) = (await source.find(KLANTLINKS, Query())).records
    row = fake.register.rows[KLANTLINKS][link["uuid"]]
    assert link["contactmoment"] == row["contactmoment"]
    assert row["klant"].endswith(link["klant"])
    contacts = (await source.find(CONTACTEN, Query(order=ORDER))).records
    assert {len(str(c["registratiedatum"])) for c in contacts} == {27}
    (thing, *_) = (await source.find(OBJECTLINKS, Query())).records
    assert fake.register.rows[OBJECTLINKS][thing["uuid"]]["object"] == ZAKEN + thing["object"]


async def test_klanten_are_found_by_what_their_list_takes(
    fake: OpenKlant1, source: ZgwAdapter
) -> None:
    rows = list(fake.register.rows[KLANTEN].values())
    bsns = [
        k["subjectIdentificatie"]["inpBsn"] for k in rows if "inpBsn" in k["subjectIdentificatie"]
    ]
    page = await source.find(KLANTEN, Query(In("subjectIdentificatie.inpBsn", tuple(bsns[:3]))))
    assert sorted(r["subjectIdentificatie"]["inpBsn"] for r in page.records) == sorted(bsns[:3])
    assert len(fake.calls) == 3


async def test_a_parameter_that_is_not_honoured_is_noticed(
    fake: OpenKlant1,
) -> None:
    filters = {"klantnummer": "klantNummer"}
    source = adapter(fake, "open-klant-1", ZAKEN, klanten={"filters": filters})
    with pytest.raises(SourceError) as caught:
        await source.find(KLANTEN, Query(In("klantnummer", ("1",))))
    assert caught.value.failure is Failure.BAD_DATA
    loose = {"klantnummer": {"parameter": "klantNummer", "match": "superset"}}
    source = adapter(fake, "open-klant-1", ZAKEN, klanten={"filters": loose})
    some = next(iter(fake.register.rows[KLANTEN].values()))
    page = await source.find(KLANTEN, Query(In("klantnummer", (some["klantnummer"],))))
    assert keys(page) == [some["uuid"]]


@pytest.mark.parametrize(
    ("collection", "where"),
    [
        (CONTACTEN, In("vorigContactmoment", ("ZAAK-2021-1",))),
        (KLANTLINKS, In("contactmoment", ("not-a-uuid",))),
        (CONTACTEN, linked(KLANTLINKS, "klant", "k1", "k2")),
    ],
)
async def test_what_no_url_ends_in_is_not_asked(
    fake: OpenKlant1, source: ZgwAdapter, collection: str, where: Condition
) -> None:
    assert keys(await source.find(collection, Query(where))) == []
    assert fake.calls == []


async def test_a_url_is_written_as_urls_are(source: ZgwAdapter) -> None:
    assert keys(await source.find(OBJECTLINKS, Query(In("object", ("a b/c",))))) == []


async def test_contacts_of_a_klant_come_once_and_with_their_links(
    fake: OpenKlant1, source: ZgwAdapter
) -> None:
    links = list(fake.register.rows[KLANTLINKS].values())
    klanten = sorted({str(link["klant"]).rpartition("/")[2] for link in links})[:4]
    wanted = {link["contactmoment"] for link in links if link["klant"][-36:] in klanten}
    query = Query(linked(KLANTLINKS, "klant", *klanten), order=ORDER, count=True)
    page = await source.find(CONTACTEN, query)
    assert set(keys(page)) == wanted
    assert page.total == len(wanted) == len(page.records)
    assert len(fake.calls) == 1
    came = page.along[KLANTLINKS]
    assert came.field == "contactmoment"
    expected = {link["uuid"] for link in links if link["contactmoment"] in wanted}
    assert {r["uuid"] for r in came.records} == expected
    assert {r["contactmoment"] for r in page.along[OBJECTLINKS].records} <= wanted
    part = await source.find(CONTACTEN, Query(query.where, ORDER, limit=2, skip=1, count=True))
    assert keys(part) == keys(page)[1:3]
    assert part.total == page.total
    assert {r["contactmoment"] for r in part.along[KLANTLINKS].records} == set(keys(part))


async def test_what_cannot_be_asked_together_is_checked(
    fake: OpenKlant1, source: ZgwAdapter
) -> None:
    links = list(fake.register.rows[KLANTLINKS].values())
    klanten = sorted({str(link["klant"])[-36:] for link in links})[:2]
    zaak = next(iter(fake.register.rows[OBJECTLINKS].values()))
    both = [linked(KLANTLINKS, "klant", klant) for klant in klanten]
    page = await source.find(CONTACTEN, Query(All(tuple(both)), ORDER))
    assert not page.records
    of_zaak = linked(OBJECTLINKS, "object", zaak["object"].removeprefix(ZAKEN))
    channel = fake.register.rows[CONTACTEN][zaak["contactmoment"]]["kanaal"]
    page = await source.find(CONTACTEN, Query(All((of_zaak, In("kanaal", (channel,)))), ORDER))
    assert zaak["contactmoment"] in keys(page)


@pytest.mark.parametrize("size", [5, 7, 100])
@pytest.mark.parametrize("limit", [1, 2, 5, 100])
async def test_a_walk_gives_everything_once_and_in_order(
    fake: OpenKlant1, size: int, limit: int
) -> None:
    small_pages(fake, size)
    source = adapter(fake, "open-klant-1", ZAKEN, contactmomenten={"page_size": size})
    found: list[Any] = []
    total = None
    while total is None or len(found) < total:
        page = await source.find(CONTACTEN, Query(ALWAYS, ORDER, limit, len(found), count=True))
        assert page.records
        found += page.records
        total = page.total
    places = [(r["registratiedatum"], r["uuid"]) for r in found]
    assert places == sorted(places, reverse=True)
    assert {r["uuid"] for r in found} == set(fake.register.rows[CONTACTEN])


async def test_more_of_one_moment_than_a_page_holds_is_noticed(fake: OpenKlant1) -> None:
    small_pages(fake, 2)
    source = adapter(fake, "open-klant-1", ZAKEN, contactmomenten={"page_size": 2})
    with pytest.raises(SourceError) as caught:
        for skip in range(0, len(fake.register.rows[CONTACTEN]), 2):
            await source.find(CONTACTEN, Query(ALWAYS, ORDER, 2, skip))
    assert caught.value.failure is Failure.BAD_DATA


async def test_beyond_the_last_page_there_is_nothing(fake: OpenKlant1, source: ZgwAdapter) -> None:
    count = len(fake.register.rows[CONTACTEN])
    for skip in (count, 1000):
        page = await source.find(CONTACTEN, Query(ALWAYS, ORDER, 10, skip, count=True))
        assert (list(page.records), page.total, page.next) == ([], count, None)
    page = await source.find(CONTACTEN, Query(ALWAYS, ORDER, 0, count=True))
    assert (list(page.records), page.total) == ([], count)


async def test_moments_are_compared_by_the_source(fake: OpenKlant1, source: ZgwAdapter) -> None:
    moment = "2021-02-01T06:00:00.000000Z"
    total = len(fake.register.rows[CONTACTEN])
    counts = {}
    for op in ("<", "<=", ">", ">="):
        page = await source.find(CONTACTEN, Query(Compare("registratiedatum", op, moment), ORDER))
        counts[op] = len(page.records)
        assert len(fake.calls) == 1
        fake.calls.clear()
    assert counts["<"] + counts[">="] == counts["<="] + counts[">"] == total
    same = await source.find(CONTACTEN, Query(In("registratiedatum", (moment,)), ORDER))
    assert len(same.records) == counts["<="] - counts["<"] > 2


async def test_records_are_had_by_their_keys(fake: OpenKlant1, source: ZgwAdapter) -> None:
    some = list(fake.register.rows[CONTACTEN])[:4]
    page = await source.find(
        CONTACTEN, Query(In("uuid", (*some, "00000000-0000-4000-8000-000000000000")))
    )
    assert set(keys(page)) == set(some)
    assert page.withheld == []
    assert (await source.get(KLANTEN, {"uuid": "x/../y"})) is None
    one = await source.get(CONTACTEN, {"uuid": some[0]})
    assert one is not None
    assert one["uuid"] == some[0]


async def test_records_by_their_keys_come_in_the_order_of_the_list(
    fake: OpenKlant1, source: ZgwAdapter
) -> None:
    """And as many as are wanted, from where."""
    some = tuple(fake.register.rows[CONTACTEN])[:7]
    whole = await source.find(CONTACTEN, Query(In("uuid", some), order=ORDER, count=True))
    moments = [(r["registratiedatum"], r["uuid"]) for r in whole.records]
    assert moments == sorted(moments, reverse=True)
    part = await source.find(CONTACTEN, Query(In("uuid", some), order=ORDER, skip=2, limit=3))
    assert keys(part) == keys(whole)[2:5]
    assert (part.total, part.next) == (7, "5")
    rest = await source.find(CONTACTEN, Query(In("uuid", some), order=ORDER, token=part.next))
    assert keys(rest) == keys(whole)[5:]


async def test_medewerkers_stand_in_contactmomenten(fake: OpenKlant1, source: ZgwAdapter) -> None:
    page = await source.find(CONTACTEN, Query(order=ORDER))
    came = {r["identificatie"]: r for r in page.along["medewerkers"].records}
    assert len(came) > 2
    first = min(came)
    assert await source.get("medewerkers", {"identificatie": first}) == came[first]
    assert await source.get("medewerkers", {"identificatie": "nobody"}) is None
    found = await source.find("medewerkers", Query(In("identificatie", tuple(sorted(came)[:2]))))
    assert [r["identificatie"] for r in found.records] == sorted(came)[:2]


async def test_a_list_without_order_is_walked_by_page(fake: OpenKlant1) -> None:
    small_pages(fake, 10)
    source = adapter(fake, "open-klant-1", ZAKEN, klantcontactmomenten={"page_size": 10})
    found: list[str] = []
    token = None
    for _ in range(20):
        page = await source.find(KLANTLINKS, Query(token=token))
        found += keys(page)
        token = page.next
        if token is None:
            break
    assert sorted(found) == sorted(fake.register.rows[KLANTLINKS])


def test_what_is_promised(source: ZgwAdapter) -> None:
    contacts = source.collections[CONTACTEN]
    assert contacts.orders(ORDER)
    assert contacts.paging is Paging.OFFSET
    asked = {link.collection: set(there.filters) for link, there in contacts.linked.items()}
    assert asked == {KLANTLINKS: {"klant"}, OBJECTLINKS: {"object"}}
    assert source.collections["medewerkers"].asked_by == {"identificatie"}
    assert not source.collections[KLANTEN].asked_by


async def test_another_address_than_configured_is_noticed(fake: OpenKlant1) -> None:
    made = adapter(fake, "open-klant-1", ZAKEN)
    options = made._options.model_copy(update={"urls": {"klanten": "https://elders.example/api"}})
    source = ZgwAdapter(options, made._resources, httpx.ASGITransport(fake.app()))
    with pytest.raises(SourceError) as caught:
        await source.find(KLANTEN, Query())
    assert caught.value.failure is Failure.BAD_DATA
    assert "address" in caught.value.note


async def test_a_source_that_keeps_us_out_is_refused_and_not_silent(fake: OpenKlant1) -> None:
    source = adapter(fake, "open-klant-1", ZAKEN)
    fake.tokens = type(fake.tokens)({}, fake.tokens.now)
    for ask in (
        source.find(KLANTEN, Query()),
        source.get(CONTACTEN, {"uuid": "x"}),
        source.check(),
    ):
        with pytest.raises(SourceError) as caught:
            await ask
        assert caught.value.failure is Failure.REFUSED


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"results": []},
        {"count": -1, "results": []},
        {"count": True, "results": []},
        {"count": 1, "results": [3]},
        {"count": 1, "next": "x", "results": []},
        {"count": 5, "next": None, "results": []},
    ],
)
async def test_an_answer_that_makes_no_sense_is_bad_data(answer: Any) -> None:
    made = adapter(service(SMALL), "open-klant-1", ZAKEN)
    made._transport = httpx.MockTransport(lambda _: httpx.Response(200, text=json.dumps(answer)))
    with pytest.raises(SourceError) as caught:
        await made.find(CONTACTEN, Query(order=ORDER))
    assert caught.value.failure is Failure.BAD_DATA


async def test_a_list_that_never_ends_is_cut(fake: OpenKlant1) -> None:
    small_pages(fake, 1)
    source = adapter(fake, "open-klant-1", ZAKEN, contactmomenten={"page_size": 1})
    klanten = {str(link["klant"])[-36:] for link in fake.register.rows[KLANTLINKS].values()}
    with pytest.raises(SourceError) as caught:
        await source.find(CONTACTEN, Query(linked(KLANTLINKS, "klant", *klanten), ORDER))
    assert caught.value.failure is Failure.REFUSED


@pytest.mark.parametrize(
    "words",
    [
        {"fields": ["a"], "filters": {"b": "b"}},
        {"fields": ["a"], "path": "x", "moments": ["b"]},
        {"fields": ["a"]},
        {"fields": ["a"], "path": "x", "named": "a"},
    ],
)
def test_a_description_that_is_not_right_is_refused(words: dict[str, Any]) -> None:
    options = {
        "apis": {"x": "https://bron.example"},
        "credentials": {"client_id": "x", "secret": "env:X"},
    }
    with pytest.raises(ValidationError):
        ZgwAdapter.create(options, {"x": words})


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (302, Failure.BAD_DATA),
        (400, Failure.REFUSED),
        (401, Failure.REFUSED),
        (403, Failure.REFUSED),
        (429, Failure.THROTTLED),
        (500, Failure.UNAVAILABLE),
        (503, Failure.THROTTLED),
    ],
)
@pytest.mark.parametrize(
    "where", [ALWAYS, In("uuid", ("00000000-0000-4000-8000-000000000000",)), In("kanaal", ("x",))]
)
async def test_an_error_is_never_an_empty_list(
    status: int, failure: Failure, where: Condition
) -> None:
    made = adapter(service(SMALL), "open-klant-1", ZAKEN)
    made._transport = httpx.MockTransport(lambda _: httpx.Response(status, json={"x": BSN}))
    with pytest.raises(SourceError) as caught:
        await made.find(CONTACTEN, Query(where, order=ORDER))
    assert caught.value.failure is failure
    assert BSN not in caught.value.note


async def test_a_list_that_is_not_there_is_no_empty_list() -> None:
    made = adapter(service(SMALL), "open-klant-1", ZAKEN)
    made._transport = httpx.MockTransport(lambda _: httpx.Response(404))
    asked = [(KLANTEN, Query(In("emailadres", ("x",)))), (CONTACTEN, Query(order=ORDER))]
    for name, query in asked:
        with pytest.raises(SourceError) as caught:
            await made.find(name, query)
        assert caught.value.failure is Failure.BAD_DATA
