"""Writing through the adapter for APIs after the pattern of ZGW: what is sent, and what of the
answer is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import httpx
import pytest
import respx
import yaml
from pydantic import ValidationError

from adapters.base import (
    Change,
    Create,
    Delete,
    Failure,
    Generated,
    Objection,
    SourceError,
    Update,
)
from adapters.conditions import get
from adapters.zgw import ZgwAdapter
from adapters.zgw_words import Options, Resource
from demo.openklant1.data import ZAKEN
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, RSIN
from tests.helpers import BSN, ROOT, FromRouter

API: Final = "http://openklant.example/api/v1"
KEY: Final = "6f1c3c6e-6a5b-4c3d-8e1f-0123456789ab"
OTHER: Final = "7f1c3c6e-6a5b-4c3d-8e1f-0123456789ab"
KLANT: Final[Mapping[str, Any]] = {
    "url": f"{API}/klanten/{KEY}",
    "bronorganisatie": RSIN,
    "klantnummer": "123",
    "emailadres": "a@voorbeeld.nl",
    "telefoonnummer": "",
    "adres": {"straatnaam": "Dam", "huisnummer": 1, "huisletter": "", "landcode": "6030"},
    "subjectType": "natuurlijk_persoon",
    "subjectIdentificatie": {"inpBsn": "", "voornamen": "Anna", "verblijfsadres": None},
}
CONTACT: Final[Mapping[str, Any]] = {
    "url": f"{API}/contactmomenten/{KEY}",
    "vorigContactmoment": None,
    "volgendContactmoment": None,
    "registratiedatum": "2026-10-30T16:45:00+01:00",
    "kanaal": "balie",
    "tekst": "Vraag",
    "medewerkerIdentificatie": None,
    "klantcontactmomenten": [],
    "objectcontactmomenten": [],
}


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


def adapter(router: respx.MockRouter, **options: Any) -> ZgwAdapter:
    """The adapter for Open Klant 1."""
    file = ROOT / "mappings" / "open-klant-1" / "collections.zgw.yaml"
    described = yaml.safe_load(file.read_text(encoding="utf-8"))
    secret = ROOT / "demo" / "openklant1" / "gateway.secret"
    given = {
        "apis": {"klanten": API, "contactmomenten": API},
        "urls": {"zaken": ZAKEN},
        "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
        "bronorganisatie": RSIN,
        **options,
    }
    resources = {name: Resource.model_validate(spec) for name, spec in described.items()}
    return ZgwAdapter(Options.model_validate(given), resources, FromRouter(router))


@pytest.fixture
async def source(router: respx.MockRouter) -> AsyncIterator[ZgwAdapter]:
    made = adapter(router)
    yield made
    await made.close()


def answers(router: respx.MockRouter, row: Mapping[str, Any], **changes: Any) -> respx.Route:
    """Let the source have a row, and answer changes of it with other values; their route."""
    router.get(row["url"]).respond(json=dict(row))
    router.post(row["url"].rpartition("/")[0]).respond(201, json={**row, **changes})
    return router.patch(row["url"]).respond(json={**row, **changes})


def sent(router: respx.MockRouter) -> Any:
    """The body that was sent last."""
    return json.loads(router.calls.last.request.content)


async def refused(source: ZgwAdapter, change: Change) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await source.write([change])
    return caught.value


# --- what is sent -------------------------------------------------------------------------------


async def test_a_new_record_has_what_the_source_asks_of_all(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, KLANT)
    values = {
        "klantnummer": "k1",
        "subjectType": "natuurlijk_persoon",
        "adres.huisnummer": 12,
        "adres.huisletter": None,
    }
    (record,) = await source.write([Create(KLANTEN, values)])
    assert record["uuid"] == KEY
    assert sent(router) == {
        "bronorganisatie": RSIN,
        "klantnummer": "k1",
        "subjectType": "natuurlijk_persoon",
        "adres": {"huisnummer": 12, "huisletter": ""},
        # Nobody in particular; without any of these it would be nobody at all.
        "subjectIdentificatie": {
            "inpBsn": "",
            "voorletters": "",
            "innNnpId": "",
            "statutaireNaam": "",
            "vestigingsNummer": "",
        },
    }


async def test_references_are_urls_of_the_source(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    link = {"url": f"{API}/klantcontactmomenten/{KEY}", "klant": f"{API}/klanten/{OTHER}"}
    answers(router, {**link, "contactmoment": f"{API}/contactmomenten/{KEY}"})
    values = {"klant": OTHER, "contactmoment": KEY, "rol": "gesprekspartner"}
    (record,) = await source.write([Create(KLANTLINKS, values)])
    assert (record["klant"], record["contactmoment"]) == (OTHER, KEY)
    assert sent(router)["klant"] == f"{API}/klanten/{OTHER}"
    assert sent(router)["contactmoment"] == f"{API}/contactmomenten/{KEY}"
    zaak = {"url": f"{API}/objectcontactmomenten/{KEY}", "object": ZAKEN + OTHER}
    answers(router, {**zaak, "contactmoment": f"{API}/contactmomenten/{KEY}"})
    await source.write([Create(OBJECTLINKS, {"object": OTHER, "contactmoment": KEY})])
    assert sent(router)["object"] == ZAKEN + OTHER


async def test_a_member_is_told_whole_with_what_is_in_it_already(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, KLANT)
    change = {"subjectIdentificatie.inpBsn": BSN, "adres.huisnummer": None, "emailadres": None}
    await source.write([Update(KLANTEN, {"uuid": KEY}, change)])
    assert sent(router) == {
        "emailadres": "",
        "adres": {"straatnaam": "Dam", "huisnummer": None, "huisletter": "", "landcode": "6030"},
        "subjectIdentificatie": {"inpBsn": BSN, "voornamen": "Anna", "verblijfsadres": None},
    }


async def test_a_reference_that_is_emptied_is_null(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, {**CONTACT, "vorigContactmoment": f"{API}/contactmomenten/{OTHER}"})
    await source.write([Update(CONTACTEN, {"uuid": KEY}, {"vorigContactmoment": None})])
    assert sent(router) == {"vorigContactmoment": None}


async def test_nothing_is_sent_to_change_nothing(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    route = answers(router, KLANT)
    (record,) = await source.write([Update(KLANTEN, {"uuid": KEY}, {})])
    assert record["uuid"] == KEY
    assert not route.called


async def test_a_medewerker_is_written_as_he_stands_elsewhere(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    jan = {"identificatie": "jan", "achternaam": "Wit", "voorletters": "J."}
    known = {**CONTACT, "medewerkerIdentificatie": {**jan, "voorvoegselAchternaam": "de"}}
    listed = router.get(
        f"{API}/contactmomenten", params={"medewerkerIdentificatie__identificatie": "jan"}
    ).respond(json={"count": 1, "next": None, "results": [known]})
    answers(router, CONTACT)
    field = "medewerkerIdentificatie.identificatie"
    await source.write([Update(CONTACTEN, {"uuid": KEY}, {field: "jan"})])
    assert sent(router) == {
        "medewerkerIdentificatie": {**jan, "voorvoegselAchternaam": "de"},
    }
    # Of whom nothing is known but the name of his account, no more is written.
    listed.respond(json={"count": 0, "next": None, "results": []})
    await source.write([Update(CONTACTEN, {"uuid": KEY}, {field: "jan"})])
    assert sent(router) == {"medewerkerIdentificatie": {"identificatie": "jan"}}


# --- what is expected ---------------------------------------------------------------------------


async def test_only_a_record_that_is_as_expected_is_changed(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    route = answers(router, KLANT)
    gone = router.delete(KLANT["url"]).respond(204)
    same = {"emailadres": "a@voorbeeld.nl", "telefoonnummer": None, "adres.huisnummer": "1"}
    for expected in ({"emailadres": "b@voorbeeld.nl"}, {"adres.straatnaam": None}):
        for change in (
            Update(KLANTEN, {"uuid": KEY}, {"klantnummer": "9"}, expected),
            Delete(KLANTEN, {"uuid": KEY}, expected),
        ):
            assert (await refused(source, change)).failure is Failure.CONFLICT
    assert not route.called
    assert not gone.called
    await source.write([Update(KLANTEN, {"uuid": KEY}, {"klantnummer": "9"}, same)])
    assert route.called


async def test_a_moment_is_expected_as_it_is_read(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    route = answers(router, CONTACT)
    expected = {"registratiedatum": "2026-10-30T15:45:00.000000Z"}
    await source.write([Update(CONTACTEN, {"uuid": KEY}, {"kanaal": "post"}, expected)])
    assert route.called


async def test_what_is_not_there_cannot_be_changed_and_need_not_be_deleted(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    router.get(KLANT["url"]).respond(404)
    change = Update(KLANTEN, {"uuid": KEY}, {"klantnummer": "9"})
    assert (await refused(source, change)).failure is Failure.GONE
    assert await source.write([Delete(KLANTEN, {"uuid": KEY})]) == [{"uuid": KEY}]


async def test_a_deletion_tells_what_there_was(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, KLANT)
    for status in (204, 404):
        router.delete(KLANT["url"]).respond(status)
        (record,) = await source.write([Delete(KLANTEN, {"uuid": KEY})])
        assert get(record, "adres.straatnaam") == "Dam"


async def test_a_contactmoment_that_another_follows_is_not_deleted(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, {**CONTACT, "volgendContactmoment": f"{API}/contactmomenten/{OTHER}"})
    route = router.delete(CONTACT["url"]).respond(204)
    error = await refused(source, Delete(CONTACTEN, {"uuid": KEY}))
    assert error.failure is Failure.CONFLICT
    assert not route.called


# --- how it ends --------------------------------------------------------------------------------


def invalid(*params: Any) -> Mapping[str, Any]:
    return {"code": "invalid", "status": 400, "invalidParams": list(params)}


def param(code: Any) -> Mapping[str, Any]:
    return {"name": "nonFieldErrors", "code": code, "reason": f"{BSN} is al bekend"}


@pytest.mark.parametrize(
    ("told", "failure", "note"),
    [
        (invalid(param("unique")), Failure.CONFLICT, "status 400, unique"),
        (
            invalid(param("max_length"), param("inconsistent-relation")),
            Failure.CONFLICT,
            "status 400, inconsistent-relation, max_length",
        ),
        (invalid(param("max_length")), Failure.REFUSED, "status 400, max_length"),
        # What is no code may be anything.
        (invalid(param(BSN), param(None), param("Jan Wit"), 3), Failure.REFUSED, "status 400"),
        ({"invalidParams": "unique"}, Failure.REFUSED, "status 400"),
        (["unique"], Failure.REFUSED, "status 400"),
    ],
)
async def test_a_400_is_a_refusal_of_which_only_codes_are_told(
    router: respx.MockRouter, source: ZgwAdapter, told: Any, failure: Failure, note: str
) -> None:
    answers(router, KLANT)
    router.post(f"{API}/klanten").respond(400, json=told)
    router.patch(KLANT["url"]).respond(400, json=told)
    for change in (
        Create(KLANTEN, {"klantnummer": "k1"}),
        Update(KLANTEN, {"uuid": KEY}, {"klantnummer": "k1"}),
    ):
        error = await refused(source, change)
        assert (error.failure, error.note) == (failure, note)


async def test_what_is_wrong_is_told_by_fields_that_are_known(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    told = invalid(
        {"name": "subjectIdentificatie.inpBsn", "code": "max_length", "reason": f"{BSN} te lang"},
        {"name": "nonFieldErrors", "code": "invalid-subject", "reason": "niemand"},
        {"name": BSN, "code": "invalid", "reason": BSN},
    )
    router.post(f"{API}/klanten").respond(400, json=told)
    error = await refused(source, Create(KLANTEN, {"klantnummer": "k1"}))
    assert error.objections == (
        Objection("subjectIdentificatie.inpBsn", "max_length"),
        Objection("", "invalid-subject"),
        Objection("", "invalid"),
    )
    # What the source has already is no fault of the body.
    router.post(f"{API}/klanten").respond(400, json=invalid(param("unique")))
    assert not (await refused(source, Create(KLANTEN, {"klantnummer": "k1"}))).objections


async def test_a_400_that_cannot_be_read_is_a_refusal_all_the_same(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    for answer in (
        httpx.Response(400, content=b"<html>"),
        httpx.Response(400, headers={"Content-Encoding": "br"}, content=b"?"),
    ):
        router.post(f"{API}/klanten").mock(return_value=answer)
        error = await refused(source, Create(KLANTEN, {"klantnummer": "k1"}))
        assert (error.failure, error.note) == (Failure.REFUSED, "status 400")


async def test_a_deletion_that_the_source_forbids_is_a_conflict(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    answers(router, KLANT)
    router.delete(KLANT["url"]).respond(400, json=invalid(param("remote-relation-exists")))
    assert (await refused(source, Delete(KLANTEN, {"uuid": KEY}))).failure is Failure.CONFLICT
    router.delete(KLANT["url"]).respond(403)
    assert (await refused(source, Delete(KLANTEN, {"uuid": KEY}))).failure is Failure.REFUSED


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(201, json=[]),
        httpx.Response(201, content=b"?"),
        httpx.Response(201, json={**KLANT, "url": f"http://elders.example/klanten/{KEY}"}),
        httpx.ReadTimeout("te laat"),
    ],
)
async def test_what_became_of_it_may_be_unknown(
    router: respx.MockRouter, source: ZgwAdapter, answer: httpx.Response | Exception
) -> None:
    route = router.post(f"{API}/klanten")
    if isinstance(answer, Exception):
        route.mock(side_effect=answer)
    else:
        route.mock(return_value=answer)
    error = await refused(source, Create(KLANTEN, {"klantnummer": "k1"}))
    assert error.failure is Failure.UNKNOWN
    assert route.call_count == 1


async def test_who_gives_up_before_anything_was_sent_knows_that(
    router: respx.MockRouter, source: ZgwAdapter
) -> None:
    asked = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    router.get(KLANT["url"]).mock(side_effect=never)
    route = router.delete(KLANT["url"]).respond(204)
    task = asyncio.create_task(source.write([Delete(KLANTEN, {"uuid": KEY})]))
    await asked.wait()
    task.cancel()
    with pytest.raises(SourceError) as caught:
        await task
    assert caught.value.failure is Failure.TIMEOUT
    assert not route.called


async def test_changes_are_told_one_by_one(source: ZgwAdapter) -> None:
    assert source.atomic is False
    with pytest.raises(ValueError):
        await source.write([Delete(KLANTEN, {"uuid": KEY})] * 2)
    with pytest.raises(TypeError):
        await source.write([Create(KLANTLINKS, {"klant": Generated(0, "uuid")})])


# --- what is declared ---------------------------------------------------------------------------


def test_without_an_rsin_nothing_that_needs_one_is_made(router: respx.MockRouter) -> None:
    with_one = adapter(router).collections
    without = adapter(router, bronorganisatie=None).collections
    for name in (KLANTEN, CONTACTEN):
        made, not_made = with_one[name].writes, without[name].writes
        assert made is not None and not_made is not None
        assert (made.create, not_made.create) == (True, False)
        assert not_made.update
    links = without[KLANTLINKS].writes
    assert links is not None and links.create
    assert with_one["medewerkers"].writes is None


@pytest.mark.parametrize(
    "writes",
    [
        {"fields": ["weg"]},
        {"fields": ["naam"], "once": ["weg"]},
        {"required": ["weg"]},
        {"lengths": {"weg": 3}},
        {"organisation": "weg"},
        {"protected_by": ["weg"]},
    ],
)
def test_only_fields_can_be_written(writes: Mapping[str, Any]) -> None:
    described = {"api": "klanten", "path": "klanten", "fields": ["naam"], "writes": writes}
    with pytest.raises(ValidationError, match="`weg` staat niet onder `fields`"):
        Resource.model_validate(described)


def test_an_rsin_has_nine_digits(router: respx.MockRouter) -> None:
    for wrong in ("12345678", "1234567890", "12345678a"):
        with pytest.raises(ValidationError):
            adapter(router, bronorganisatie=wrong)
