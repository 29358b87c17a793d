"""The adapter for a Klantinteracties register: what it asks, and what it makes of the answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import respx
import yaml
from pydantic import TypeAdapter, ValidationError

from adapters.base import (
    Create,
    Delete,
    Failure,
    Link,
    Operator,
    Query,
    SourceError,
    Update,
)
from adapters.conditions import (
    ALWAYS,
    Absent,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    Present,
    all_of,
    any_of,
)
from adapters.klantinteracties import KlantinteractiesAdapter
from adapters.klantinteracties_words import Filter, Options, Resource
from gateway.federation.asking import reduce
from gateway.mapping.raw import Push
from tests.helpers import BSN, ROOT, FromRouter

API: Final = "http://register.example/klantinteracties/api/v1"
KEY: Final = "6f1c3c6e-6a5b-4c3d-8e1f-0123456789ab"
OTHER: Final = "7f1c3c6e-6a5b-4c3d-8e1f-0123456789ab"
FILE: Final = ROOT / "mappings" / "klantinteracties" / "collections.klantinteracties.yaml"


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


def adapter(router: respx.MockRouter, folder: Path, **options: Any) -> KlantinteractiesAdapter:
    (folder / "token").write_text("geheim")
    described = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    given = {"base_url": API, "token": f"file:{folder / 'token'}", **options}
    resources = TypeAdapter(dict[str, Resource]).validate_python(described)
    return KlantinteractiesAdapter(Options.model_validate(given), resources, FromRouter(router))


@pytest.fixture
async def source(
    router: respx.MockRouter, tmp_path: Path
) -> AsyncIterator[KlantinteractiesAdapter]:
    made = adapter(router, tmp_path)
    yield made
    await made.close()


def objects(*keys: str, **members: Any) -> list[dict[str, Any]]:
    return [{"uuid": key, "url": f"{API}/x/{key}", **members} for key in keys]


def listing(found: Sequence[Any], count: int | None = None) -> httpx.Response:
    total = len(found) if count is None else count
    return httpx.Response(200, json={"count": total, "results": list(found)})


def answering(router: respx.MockRouter, path: str, *answers: httpx.Response) -> respx.Route:
    return router.get(f"{API}/{path}").mock(side_effect=answers)


def params(route: respx.Route) -> list[dict[str, str]]:
    """What was asked each time, but for the page and what comes along."""
    beside = ("page", "pageSize", "expand")
    asked = (dict(call.request.url.params) for call in route.calls)
    return [{k: v for k, v in one.items() if k not in beside} for one in asked]


def through(condition: Condition, *steps: tuple[str, str, str], negated: bool = False) -> Condition:
    for n, (near, name, far) in reversed(list(enumerate(steps))):
        condition = Exists(near, name, far, condition, negated and not n)
    return condition


BETROKKENE: Final = ("uuid", "betrokkenen", "hadKlantcontact.uuid")
PARTIJ: Final = ("wasPartij.uuid", "partijen", "uuid")
NUMMER: Final = ("uuid", "partij-identificatoren", "identificeerdePartij.uuid")
TAAK: Final = ("uuid", "internetaken", "aanleidinggevendKlantcontact.uuid")
OBJECT_ID: Final = "partijIdentificator.objectId"


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        (ALWAYS, [{}]),
        (In("kanaal", ("balie",)), [{"kanaal": "balie"}]),
        (In("kanaal", ("balie", "mail")), [{"kanaal": "balie"}, {"kanaal": "mail"}]),
        (In("kanaal", ("", " mail")), []),
        (Contains("onderwerp", "paspoort"), [{"onderwerp": "paspoort"}]),
        (
            all_of([In("kanaal", ("balie",)), Contains("onderwerp", "a")]),
            [{"kanaal": "balie", "onderwerp": "a"}],
        ),
        (
            through(In(OBJECT_ID, (BSN,)), BETROKKENE, PARTIJ, NUMMER),
            [{"hadBetrokkene__wasPartij__partijIdentificator__objectId": BSN}],
        ),
        (
            through(In("wasPartij.uuid", (KEY,)), BETROKKENE),
            [{"hadBetrokkene__wasPartij__uuid": KEY}],
        ),
        (
            through(Present("wasPartij.uuid"), BETROKKENE),
            [{"hadBetrokkene__wasPartij": "true"}],
        ),
        (
            through(Present("wasPartij.uuid"), BETROKKENE, negated=True),
            [{"hadBetrokkene__wasPartij": "false"}],
        ),
        (through(ALWAYS, TAAK), [{"leiddeTotInterneTaken": "true"}]),
        (through(ALWAYS, TAAK, negated=True), [{"leiddeTotInterneTaken": "false"}]),
    ],
)
async def test_a_condition_is_asked_by_parameters(
    router: respx.MockRouter,
    source: KlantinteractiesAdapter,
    condition: Condition,
    asked: list[dict[str, str]],
) -> None:
    route = router.get(f"{API}/klantcontacten").mock(return_value=listing([]))
    await source.find("klantcontacten", Query(condition))
    assert sorted(params(route), key=str) == sorted(asked, key=str)


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        (Compare("verificatieDatum", ">", "2026-01-01"), {"verificatieDatum__gt": "2026-01-01"}),
        (Present("verificatieDatum"), {"isGeverifieerd": "true"}),
        (Absent("verificatieDatum"), {"isGeverifieerd": "false"}),
    ],
)
async def test_dates_are_asked_by_parameters(
    router: respx.MockRouter,
    source: KlantinteractiesAdapter,
    condition: Condition,
    asked: dict[str, str],
) -> None:
    route = answering(router, "digitaleadressen", listing([]))
    await source.find("digitaleadressen", Query(condition))
    assert params(route) == [asked]


async def test_what_the_register_refuses_to_be_asked_is_not(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    page = await source.find(
        "partij-identificatoren", Query(In("partijIdentificator.codeRegister", ("gemeente",)))
    )
    assert (list(page.records), page.total) == ([], 0)
    assert not router.calls


@pytest.mark.parametrize(
    "condition",
    [
        Contains("kanaal", "b"),
        In("inhoud", ("x",)),
        through(In("rol", ("klant",)), BETROKKENE),
        through(all_of([In(OBJECT_ID, (BSN,)), Present(OBJECT_ID)]), BETROKKENE, PARTIJ, NUMMER),
    ],
)
async def test_what_was_not_declared_is_not_asked(
    source: KlantinteractiesAdapter, condition: Condition
) -> None:
    with pytest.raises(TypeError):
        await source.find("klantcontacten", Query(condition))


def test_what_is_promised_of_linked_records(source: KlantinteractiesAdapter) -> None:
    linked = source.collections["klantcontacten"].linked
    of_betrokkene = linked[Link(*BETROKKENE)]
    of_partij = of_betrokkene.linked[Link(*PARTIJ)]
    assert of_betrokkene.none == {"wasPartij.uuid"}
    assert of_partij.linked[Link(*NUMMER)].filters[OBJECT_ID] == {Operator.IN}
    assert linked[Link(*TAAK)].none == {"aanleidinggevendKlantcontact.uuid"}


@pytest.mark.parametrize(
    ("collection", "field"),
    [("digitaleadressen", "isStandaardAdres"), ("actoren", "indicatieActief")],
)
def test_what_always_has_a_value_is_asked_as_it_is(
    source: KlantinteractiesAdapter, collection: str, field: str
) -> None:
    """The standard shows a value where there is none: that need not be asked for."""
    declared = source.collections[collection]
    wanted = any_of([In(field, ("false",)), Absent(field)])
    assert reduce(Push(wanted, True), declared) == Push(In(field, ("false",)), True)


# --- what is found more than once ---------------------------------------------------------------

OF_BSN: Final = Query(through(In(OBJECT_ID, (BSN,)), BETROKKENE, PARTIJ, NUMMER), limit=1)


async def test_who_is_found_twice_is_given_once(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, "klantcontacten", listing(objects(KEY, KEY, OTHER)))
    page = await source.find("klantcontacten", OF_BSN)
    assert ([r["uuid"] for r in page.records], page.total, page.next) == ([KEY], 2, "1")


async def test_a_list_that_may_repeat_is_read_whole(
    router: respx.MockRouter, tmp_path: Path
) -> None:
    source = adapter(router, tmp_path, page_size=2)
    pages = {"1": objects(KEY, KEY), "2": objects(OTHER, KEY), "3": objects(OTHER)}

    def page(request: httpx.Request) -> httpx.Response:
        return listing(pages[request.url.params["page"]], 5)

    route = router.get(f"{API}/klantcontacten").mock(side_effect=page)
    found = await source.find("klantcontacten", OF_BSN)
    assert (found.total, route.call_count) == (2, 3)


async def test_of_a_list_that_never_repeats_a_page_is_asked(
    router: respx.MockRouter, tmp_path: Path
) -> None:
    source = adapter(router, tmp_path, repeats=False)
    route = answering(router, "klantcontacten", listing(objects(KEY), 900))
    page = await source.find("klantcontacten", OF_BSN)
    assert ([r["uuid"] for r in page.records], page.total, page.next) == ([KEY], 900, "1")
    assert route.calls.last.request.url.params["pageSize"] == "1"


async def test_there_is_an_end_to_reading_whole(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, "klantcontacten", listing(objects(KEY), 50 * 500 + 1))
    with pytest.raises(SourceError) as caught:
        await source.find("klantcontacten", OF_BSN)
    assert caught.value.failure is Failure.REFUSED


# --- answers that make no sense -----------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        listing(objects(KEY), 2),
        listing([{"url": "x"}]),
        httpx.Response(200, json={"count": 1}),
        httpx.Response(200, json={"count": True, "results": []}),
        httpx.Response(200, json=[]),
    ],
)
async def test_a_list_that_cannot_be_is_bad_data(
    router: respx.MockRouter, source: KlantinteractiesAdapter, answer: httpx.Response
) -> None:
    answering(router, "klantcontacten", answer)
    with pytest.raises(SourceError) as caught:
        await source.find("klantcontacten", Query())
    assert caught.value.failure is Failure.BAD_DATA


async def test_beyond_the_last_page_there_is_nothing(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, "klantcontacten", httpx.Response(404), listing(objects(KEY), 1))
    page = await source.find("klantcontacten", Query(skip=10, limit=10))
    assert (list(page.records), page.total, page.next) == ([], 1, None)


async def test_without_a_token_nothing_is_asked(router: respx.MockRouter, tmp_path: Path) -> None:
    source = adapter(router, tmp_path, token="env:NOWHERE_TO_BE_FOUND")
    with pytest.raises(SourceError) as caught:
        await source.check()
    assert caught.value.failure is Failure.UNAVAILABLE
    assert not router.calls


# --- what comes along ----------------------------------------------------------------------------


async def test_what_stands_in_an_object_comes_along(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    actor = {"uuid": OTHER, "url": "x", "naam": "Team", "soortActor": "medewerker"}
    (contact,) = objects(KEY, hadBetrokkenActoren=[actor], hadBetrokkenen=[], _expand={})
    answering(router, "klantcontacten", listing([contact]))
    page = await source.find("klantcontacten", Query())
    links = page.along["actorklantcontacten"]
    assert links.only_leads
    assert links.keys == [KEY]
    assert list(links.records) == [{"klantcontact.uuid": KEY, "actor.uuid": OTHER}]
    assert [one["naam"] for one in page.along["actoren"].records] == ["Team"]
    assert page.along["betrokkenen"].keys == [KEY]
    # A list that is not there says nothing.
    assert page.along["internetaken"].keys == []


# --- writing -------------------------------------------------------------------------------------

CONTACT: Final[Mapping[str, Any]] = objects(KEY, kanaal="balie", onderwerp="Vraag")[0]


async def failure(source: KlantinteractiesAdapter, change: Create | Update | Delete) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await source.write([change])
    return caught.value


async def test_a_change_is_told_in_full_members(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, f"klantcontacten/{KEY}", httpx.Response(200, json=CONTACT))
    route = router.patch(f"{API}/klantcontacten/{KEY}").respond(200, json=CONTACT)
    change = Update("klantcontacten", {"uuid": KEY}, {"kanaal": "mail"}, {"kanaal": "balie"})
    (record,) = await source.write([change])
    assert json.loads(route.calls.last.request.content) == {"kanaal": "mail"}
    assert record["uuid"] == KEY


async def test_only_what_is_as_expected_is_changed(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, f"klantcontacten/{KEY}", httpx.Response(200, json=CONTACT))
    change = Update("klantcontacten", {"uuid": KEY}, {"kanaal": "x"}, {"kanaal": "mail"})
    assert (await failure(source, change)).failure is Failure.CONFLICT


async def test_what_is_gone_cannot_be_changed_and_need_not_be_deleted(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    router.get(f"{API}/klantcontacten/{KEY}").respond(404)
    change = Update("klantcontacten", {"uuid": KEY}, {"kanaal": "x"})
    assert (await failure(source, change)).failure is Failure.GONE
    assert await source.write([Delete("klantcontacten", {"uuid": KEY})]) == [{"uuid": KEY}]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Failure.REFUSED),
        (404, Failure.CONFLICT),
        (409, Failure.CONFLICT),
        (412, Failure.CONFLICT),
        (429, Failure.THROTTLED),
        (500, Failure.UNKNOWN),
        (502, Failure.UNKNOWN),
        (503, Failure.THROTTLED),
        (504, Failure.UNKNOWN),
    ],
)
async def test_what_an_answer_says_of_a_new_object(
    router: respx.MockRouter, source: KlantinteractiesAdapter, status: int, kind: Failure
) -> None:
    route = router.post(f"{API}/klantcontacten").respond(status)
    error = await failure(source, Create("klantcontacten", {"kanaal": "mail"}))
    assert (error.failure, error.objections, route.call_count) == (kind, (), 1)


@pytest.mark.parametrize("answer", [[], {"url": "x"}, None])
async def test_what_was_made_and_cannot_be_read_is_unknown(
    router: respx.MockRouter, source: KlantinteractiesAdapter, answer: Any
) -> None:
    router.post(f"{API}/klantcontacten").respond(201, json=answer)
    change = Create("klantcontacten", {"kanaal": "mail"})
    assert (await failure(source, change)).failure is Failure.UNKNOWN


async def test_what_protects_an_object_is_said(
    router: respx.MockRouter, source: KlantinteractiesAdapter
) -> None:
    answering(router, f"klantcontacten/{KEY}", httpx.Response(200, json=CONTACT))
    told = {"invalidParams": [{"name": "nonFieldErrors", "code": "invalid", "reason": BSN}]}
    router.delete(f"{API}/klantcontacten/{KEY}").respond(400, json=told)
    error = await failure(source, Delete("klantcontacten", {"uuid": KEY}))
    assert error.failure is Failure.REFUSED
    assert [(one.field, one.code) for one in error.objections] == [("", "invalid")]


# --- the description -----------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["", "partijen", "wasPartij ->", "-> partijen", "a.b.c -> d e"])
def test_a_step_leads_somewhere(step: str) -> None:
    with pytest.raises(ValidationError, match="geen `naam -> lijst`"):
        Filter.model_validate({"field": "naam", "through": [step]})
