"""The REST adapter asks only what a plain service can, and walks to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from pydantic import ValidationError

from adapters.base import Failure, Match, Operator, Paging, Query, SourceError
from adapters.conditions import ALWAYS, All, Condition, In, Present, matches
from adapters.http_adapter import object_in, objects_in
from adapters.rest import Options, Resource, RestAdapter
from tests.helpers import BSN, FromRouter

BASE = "http://bron.example/api"
COLLECTIONS: dict[str, Any] = {
    "KLANT": {"key": "ID", "fields": ["ID", "BSN", "NAAM"], "filters": ["ID", "BSN"]},
    "ZAAK": {"key": ["ID", "SEQ"], "fields": ["ID", "SEQ"], "filters": ["ID"]},
    "FOTO": {"path": "media/fotos", "key": "CODE", "fields": ["CODE"]},
}
PLAIN: Mapping[str, Any] = COLLECTIONS["KLANT"]
ORDERED: Mapping[str, Any] = {**PLAIN, "ordered_by": ["ID"]}
Asked = list[dict[str, str]]
Make = Callable[..., RestAdapter]


class Service:
    """A service on a few rows, with pages of two. It knows several values, parted by commas."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.asked: Asked = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        self.asked.append(dict(params))
        end = int(params.pop("page")) * 2
        found = [
            row
            for row in self.rows
            if all(str(row[name]) in given.split(",") for name, given in params.items())
        ]
        return httpx.Response(200, json={"items": found[end - 2 : end], "more": len(found) > end})


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


@pytest.fixture
async def make(router: respx.MockRouter) -> AsyncIterator[Make]:
    """Makes adapters that are closed at the end."""
    made: list[RestAdapter] = []

    def make_one(described: Mapping[str, Any] = COLLECTIONS, **options: Any) -> RestAdapter:
        resources = {name: Resource.model_validate(spec) for name, spec in described.items()}
        adapter = RestAdapter(
            Options.model_validate({"base_url": BASE, **options}),
            resources,
            FromRouter(router),
        )
        made.append(adapter)
        return adapter

    yield make_one
    for adapter in made:
        await adapter.close()


@pytest.fixture
def klanten(router: respx.MockRouter) -> Service:
    rows = [{"ID": n, "BSN": str(999 + n), "NAAM": f"n{n}"} for n in range(1, 6)]
    service = Service(rows)
    router.get(f"{BASE}/KLANT").mock(side_effect=service)
    return service


async def walk(adapter: RestAdapter, where: Condition = ALWAYS) -> list[int]:
    """All records of KLANT that meet a condition, page by page."""
    found: list[int] = []
    token: str | None = None
    while True:
        page = await adapter.find("KLANT", Query(where, token=token))
        found += [record["ID"] for record in page.records]
        token = page.next
        if token is None:
            return found


async def test_all_pages_are_walked(make: Make, klanten: Service) -> None:
    assert await walk(make()) == [1, 2, 3, 4, 5]
    assert [asked["page"] for asked in klanten.asked] == ["1", "2", "3"]


async def test_an_empty_page_that_promises_more_is_bad_data(
    make: Make, router: respx.MockRouter
) -> None:
    router.get(f"{BASE}/KLANT").respond(200, json={"items": [], "more": True})
    with pytest.raises(SourceError) as error:
        await walk(make())
    assert error.value.failure is Failure.BAD_DATA


async def test_a_value_is_asked_for(make: Make, klanten: Service) -> None:
    assert await walk(make(), In("BSN", ("1001",))) == [2]
    assert klanten.asked == [{"page": "1", "BSN": "1001"}]


async def test_several_fields_are_asked_for(make: Make, klanten: Service) -> None:
    await walk(make(), All((In("BSN", ("1001",)), In("ID", (2,)))))
    assert klanten.asked == [{"page": "1", "BSN": "1001", "ID": "2"}]


async def test_several_values_go_in_one_question(make: Make, klanten: Service) -> None:
    adapter = make(separator=",", max_values=20)
    assert await walk(adapter, In("ID", (1, 3))) == [1, 3]
    assert klanten.asked == [{"page": "1", "ID": "1,3"}]


@pytest.mark.parametrize("text", ["1000,1001", ",", "1000,"])
async def test_a_value_with_the_separator_in_it_is_not_asked_for(
    make: Make, klanten: Service, text: str
) -> None:
    await make(separator=",", max_values=20).find("KLANT", Query(In("BSN", ("1002", text))))
    assert klanten.asked == [{"page": "1"}]


async def test_without_a_separator_a_comma_is_a_character(make: Make, klanten: Service) -> None:
    await make().find("KLANT", Query(In("BSN", ("1000,1001",))))
    assert klanten.asked == [{"page": "1", "BSN": "1000,1001"}]


@pytest.mark.parametrize(
    "where",
    [
        In("BSN", ("1000",)),
        In("BSN", ("1000", "x,y")),
        All((In("ID", (1, 2)), In("ID", (2, 3)))),
    ],
)
async def test_nothing_that_matches_is_left_out(
    make: Make, klanten: Service, where: Condition
) -> None:
    matching = {row["ID"] for row in klanten.rows if matches(where, row)}
    assert matching <= set(await walk(make(separator=",", max_values=20), where))


async def test_what_was_not_declared_is_not_asked(make: Make, klanten: Service) -> None:
    with pytest.raises(TypeError):
        await make().find("KLANT", Query(Present("BSN")))
    assert klanten.asked == []


def test_what_is_declared(make: Make) -> None:
    declared = make(page_size=50).collections["KLANT"]
    assert declared.filters == {
        "ID": {Operator.IN: Match.EXACT},
        "BSN": {Operator.IN: Match.EXACT},
    }
    assert declared.key == ("ID",)
    assert declared.fields == {"ID", "BSN", "NAAM"}
    assert (declared.paging, declared.page_size, declared.max_in) == (Paging.TOKEN, 50, 1)
    assert not declared.total and not declared.disjunctions and not declared.sortable


def test_with_a_separator_a_filter_may_give_too_much(make: Make) -> None:
    declared = make(separator=",", max_values=20).collections["KLANT"]
    assert declared.filters["BSN"] == {Operator.IN: Match.SUPERSET}
    assert declared.max_in == 20


async def test_names_of_parameters_and_parts_can_be_set(
    make: Make, router: respx.MockRouter
) -> None:
    route = router.get(f"{BASE}/KLANT").respond(200, json={"rows": [{"ID": 1}], "next": "yes"})
    adapter = make(page_parameter="p", items="rows", more="next")
    page = await adapter.find("KLANT", Query())
    assert dict(route.calls.last.request.url.params) == {"p": "1"}
    assert (page.records, page.next) == ([{"ID": 1}], "2")


# --- services that order and count ---


class Sorting:
    """A service on klanten 1 to 9, newest first, that counts. It gives 4 at a time, or less."""

    def __init__(self) -> None:
        self.rows = [{"ID": n, "BSN": "1", "NAAM": f"n{n}"} for n in range(9, 0, -1)]
        self.asked: Asked = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        self.asked.append(params)
        size = int(params.get("size", "4"))
        end = int(params["page"]) * size
        found = self.rows[end - size : end]
        if not found:
            return httpx.Response(404)
        return httpx.Response(200, json={"items": found, "count": len(self.rows)})


@pytest.fixture
def sorting(router: respx.MockRouter) -> Sorting:
    service = Sorting()
    router.get(f"{BASE}/KLANT").mock(side_effect=service)
    return service


def counting(make: Make, described: Mapping[str, Any] = ORDERED, **options: Any) -> RestAdapter:
    return make({"KLANT": described}, total="count", page_size=4, **options)


async def found(adapter: RestAdapter, **query: Any) -> list[int]:
    page = await adapter.find("KLANT", Query(order=("ID",), **query))
    assert page.total == 9
    return [r["ID"] for r in page.records]


def test_a_fixed_order_and_a_total_make_any_part_to_be_had(make: Make) -> None:
    declared = counting(make).collections["KLANT"]
    assert (declared.paging, declared.total, declared.fixed_order) == (Paging.OFFSET, True, ("ID",))
    assert declared.orders(("ID",)) and not declared.orders(("NAAM", "ID"))
    assert not declared.keyset and not declared.places(("ID",))


@pytest.mark.parametrize(
    ("described", "options"), [({}, {"total": "count"}), ({"ordered_by": ["ID"]}, {})]
)
def test_without_both_it_is_walked(
    make: Make, described: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    declared = make({"KLANT": {**PLAIN, **described}}, **options).collections["KLANT"]
    assert declared.paging is Paging.TOKEN
    assert declared.total is bool(options)


async def test_a_part_of_a_list_is_cut_out_of_a_page(make: Make, sorting: Sorting) -> None:
    assert await found(counting(make), skip=5, limit=2) == [4, 3]
    assert sorting.asked == [{"page": "2"}]


async def test_a_part_over_two_pages_is_begun(make: Make, sorting: Sorting) -> None:
    assert await found(counting(make), skip=2, limit=4) == [7, 6]


@pytest.mark.parametrize(
    ("skip", "limit", "asked"),
    [(0, 3, ("1", "3")), (3, 3, ("2", "3")), (2, 2, ("2", "2")), (4, 4, ("2", "4"))],
)
async def test_the_size_is_chosen_so_that_one_page_has_all(
    make: Make, sorting: Sorting, skip: int, limit: int, asked: tuple[str, str]
) -> None:
    adapter = counting(make, page_size_parameter="size")
    ids = [row["ID"] for row in sorting.rows]
    assert await found(adapter, skip=skip, limit=limit) == ids[skip : skip + limit]
    assert sorting.asked == [{"page": asked[0], "size": asked[1]}]


async def test_the_total_alone_costs_one_record(make: Make, sorting: Sorting) -> None:
    assert await found(counting(make, page_size_parameter="size"), limit=0, count=True) == []
    assert sorting.asked == [{"page": "1", "size": "1"}]


@pytest.mark.parametrize("skip", [9, 12, 10**18])
async def test_beyond_the_list_the_total_is_still_known(
    make: Make, sorting: Sorting, skip: int
) -> None:
    assert await found(counting(make), skip=skip, limit=4) == []


async def test_an_order_is_asked_for(make: Make, sorting: Sorting) -> None:
    adapter = counting(make, {**PLAIN, "sortable": ["ID", "NAAM"]}, order_parameter="sort")
    await adapter.find("KLANT", Query(order=("NAAM", "ID")))
    assert sorting.asked == [{"page": "1", "sort": "-NAAM,-ID"}]


async def test_a_list_without_an_order_is_read_by_key(make: Make, sorting: Sorting) -> None:
    await counting(make, {**PLAIN, "sortable": ["ID"]}).find("KLANT", Query())
    assert sorting.asked == [{"page": "1", "ordering": "-ID"}]


@pytest.mark.parametrize("total", [None, "9", -1, 9.0, True])
async def test_a_total_that_is_no_count_is_bad_data(
    make: Make, router: respx.MockRouter, total: Any
) -> None:
    router.get(f"{BASE}/KLANT").respond(200, json={"items": [{"ID": 1}], "count": total})
    await is_bad_data(counting(make), Query())
    await is_bad_data(make({"KLANT": PLAIN}, total="count"), Query())


async def test_members_inside_others_and_a_number_of_pages(
    make: Make, router: respx.MockRouter
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        meta = {"pages": 2, "total": 3}
        return httpx.Response(200, json={"_embedded": {"rows": [{"ID": number}]}, "meta": meta})

    router.get(f"{BASE}/KLANT").mock(side_effect=answer)
    adapter = make(items="_embedded.rows", pages="meta.pages", total="meta.total")
    first = await adapter.find("KLANT", Query(count=True))
    assert (first.records, first.total) == ([{"ID": 1}], 3) and first.next is not None
    second = await adapter.find("KLANT", Query(token=first.next))
    assert (second.records, second.next) == ([{"ID": 2}], None)


async def test_a_list_that_is_not_there_says_so(make: Make, router: respx.MockRouter) -> None:
    router.get(f"{BASE}/KLANT").respond(404, html="<h1>404</h1>")
    with pytest.raises(SourceError, match=r"^bad-data: no list$"):
        await make().find("KLANT", Query())


@pytest.mark.parametrize("answer", [None, {"data": {"naam": "x"}}, {"data": {}}])
def test_an_object_inside_an_answer(answer: Any) -> None:
    assert object_in(answer, "data") == (answer and answer["data"])


@pytest.mark.parametrize("answer", [{}, [], 7, {"data": None}, {"data": [1]}, {"meta": {}}])
def test_an_answer_without_what_was_asked_for(answer: Any) -> None:
    for look in (lambda: object_in(answer, "data"), lambda: objects_in(answer, "data.x")):
        with pytest.raises(SourceError):
            look()


@pytest.mark.parametrize(("records", "total"), [(0, 3), (2, 3), (4, 3), (3, 9), (5, 9), (1, 0)])
@pytest.mark.parametrize("options", [{}, {"page_size_parameter": "size"}])
async def test_fewer_or_more_records_than_the_total_says_is_bad_data(
    make: Make, router: respx.MockRouter, records: int, total: int, options: Mapping[str, Any]
) -> None:
    items = [{"ID": n} for n in range(records)]
    router.get(f"{BASE}/KLANT").respond(200, json={"items": items, "count": total})
    await is_bad_data(counting(make, **options), Query())


async def test_more_records_than_asked_is_bad_data(make: Make, router: respx.MockRouter) -> None:
    items = [{"ID": n} for n in range(3)]
    router.get(f"{BASE}/KLANT").respond(200, json={"items": items, "more": False})
    await is_bad_data(make(page_size=2, page_size_parameter="size"), Query())


async def test_a_page_that_the_total_promises_and_is_not_there_is_bad_data(
    make: Make, sorting: Sorting, router: respx.MockRouter
) -> None:
    def one_page(request: httpx.Request) -> httpx.Response:
        return sorting(request) if request.url.params["page"] == "1" else httpx.Response(404)

    router.get(f"{BASE}/KLANT").mock(side_effect=one_page)
    await is_bad_data(counting(make), Query(skip=4))


async def is_bad_data(adapter: RestAdapter, query: Query) -> None:
    with pytest.raises(SourceError) as error:
        await adapter.find("KLANT", query)
    assert error.value.failure is Failure.BAD_DATA


async def test_what_nothing_can_meet_is_not_asked(make: Make, klanten: Service) -> None:
    for where in (In("ID", ()), All((In("ID", (1, 2)), In("ID", ("3",))))):
        page = await make(separator=",", max_values=20).find("KLANT", Query(where))
        assert (list(page.records), page.next) == ([], None)
    assert klanten.asked == []


async def test_a_field_that_is_asked_twice_must_meet_both(make: Make, klanten: Service) -> None:
    where = All((In("ID", (1, 2)), In("ID", ("2", 3))))
    assert await walk(make(separator=",", max_values=20), where) == [2]
    assert klanten.asked == [{"page": "1", "ID": "2"}]


@pytest.mark.parametrize("word", ["ordered_by", "sortable"])
def test_an_order_is_by_fields_that_are_described(word: str) -> None:
    with pytest.raises(ValidationError):
        Resource.model_validate({**PLAIN, word: ["NAME"]})


# --- one record ---


async def test_a_record_is_found_by_a_filter_on_its_key(make: Make, klanten: Service) -> None:
    assert await make().get("KLANT", {"ID": "2"}) == {"ID": 2, "BSN": "1001", "NAAM": "n2"}


async def test_no_record_in_the_answer_is_none(make: Make, klanten: Service) -> None:
    assert await make().get("KLANT", {"ID": 9}) is None


async def test_a_key_of_two_fields_is_searched_for_on_all_pages(
    make: Make, router: respx.MockRouter
) -> None:
    service = Service([{"ID": 1, "SEQ": seq} for seq in range(1, 6)])
    router.get(f"{BASE}/ZAAK").mock(side_effect=service)
    assert await make().get("ZAAK", {"ID": 1, "SEQ": 5}) == {"ID": 1, "SEQ": 5}
    assert [asked["page"] for asked in service.asked] == ["1", "2", "3"]


async def test_a_key_without_a_filter_is_part_of_the_path(
    make: Make, router: respx.MockRouter
) -> None:
    router.get(f"{BASE}/media/fotos/a%2Fb%3Fc").respond(200, json={"CODE": "a/b?c"})
    assert await make().get("FOTO", {"CODE": "a/b?c"}) == {"CODE": "a/b?c"}


async def test_a_path_that_leads_nowhere_is_none(make: Make, router: respx.MockRouter) -> None:
    router.get(f"{BASE}/media/fotos/x").respond(404)
    assert await make().get("FOTO", {"CODE": "x"}) is None


@pytest.mark.parametrize("code", ["..", "."])
async def test_a_key_of_dots_is_not_asked(make: Make, router: respx.MockRouter, code: str) -> None:
    route = router.route().respond(404)
    with pytest.raises(SourceError) as caught:
        await make().get("FOTO", {"CODE": code})
    assert (caught.value.failure, route.called) == (Failure.REFUSED, False)


# --- what goes wrong ---


@pytest.mark.parametrize(
    "body",
    [[], "x", 1, None, {}, {"items": None}, {"items": {}}, {"items": [1]}, {"items": [{}, []]}],
)
async def test_another_shape_is_bad_data(make: Make, router: respx.MockRouter, body: Any) -> None:
    router.get(f"{BASE}/KLANT").respond(200, json=body)
    with pytest.raises(SourceError) as caught:
        await make().find("KLANT", Query())
    assert caught.value.failure is Failure.BAD_DATA


async def test_a_list_that_is_not_found_is_no_empty_list(
    make: Make, router: respx.MockRouter
) -> None:
    router.get(f"{BASE}/KLANT").respond(404)
    with pytest.raises(SourceError) as caught:
        await make().find("KLANT", Query(In("BSN", (BSN,))))
    assert caught.value.failure is Failure.BAD_DATA


async def test_one_record_of_another_shape_is_bad_data(
    make: Make, router: respx.MockRouter
) -> None:
    router.get(f"{BASE}/media/fotos/x").respond(200, json=["x"])
    with pytest.raises(SourceError):
        await make().get("FOTO", {"CODE": "x"})


@pytest.mark.parametrize("status", [401, 403, 429, 500])
async def test_a_failure_halfway_is_no_shorter_list(
    make: Make, router: respx.MockRouter, status: int
) -> None:
    pages = [
        httpx.Response(200, json={"items": [{"ID": 1}], "more": True}),
        httpx.Response(status),
    ]
    router.get(f"{BASE}/KLANT").mock(side_effect=pages)
    with pytest.raises(SourceError):
        await walk(make())


async def test_checking_asks_one_page(make: Make, klanten: Service) -> None:
    await make().check()
    assert klanten.asked == [{"page": "1"}]


# --- secrets ---


async def sent(adapter: RestAdapter, router: respx.MockRouter) -> httpx.Headers:
    """The headers of a request."""
    route = router.get(f"{BASE}/KLANT").respond(200, json={"items": []})
    await adapter.find("KLANT", Query())
    headers: httpx.Headers = route.calls.last.request.headers
    return headers


async def test_a_secret_from_the_environment(
    make: Make, router: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCC_KEY", "s3cr3t")
    adapter = make(headers={"X-Api-Key": "env:KCC_KEY"})
    assert (await sent(adapter, router))["X-Api-Key"] == "s3cr3t"


async def test_a_secret_from_a_file(make: Make, router: respx.MockRouter, tmp_path: Path) -> None:
    _write(tmp_path / "key", "s3cr3t\n")
    adapter = make(headers={"X-Api-Key": f"file:{tmp_path}/key"})
    assert (await sent(adapter, router))["X-Api-Key"] == "s3cr3t"


@pytest.mark.parametrize("reference", ["env:DAT_IS_ER_NIET", "file:/dat/is/er/niet"])
async def test_a_secret_that_is_not_there_is_a_source_that_is_down(
    make: Make, klanten: Service, reference: str
) -> None:
    with pytest.raises(SourceError) as caught:
        await make(headers={"X-Api-Key": reference}).find("KLANT", Query())
    assert caught.value.failure is Failure.UNAVAILABLE
    assert klanten.asked == []


async def test_a_secret_that_fits_in_no_header_is_a_source_that_is_down(
    make: Make, klanten: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCC_KEY", "s3cr3t-één")
    with pytest.raises(SourceError):
        await make(headers={"X-Api-Key": "env:KCC_KEY"}).find("KLANT", Query())


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X-Api-Key": "s3cr3t"}},
        {"base_url": "ftp://bron.example"},
        {"base_url": "http://bron.example?x=1"},
        {"base_url": "http://"},
        {"page_sise": 3},
    ],
)
def test_other_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RestAdapter.create({"base_url": BASE, **options}, COLLECTIONS)


def test_a_url_with_a_password_is_refused() -> None:
    with pytest.raises(ValidationError):
        RestAdapter.create({"base_url": "http://kcc:hunter2@bron.example"}, COLLECTIONS)


def _write(path: Path, text: str) -> None:
    path.write_text(text)
