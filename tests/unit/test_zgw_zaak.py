"""Making a zaak with its rollen and a status: all of it is there, or nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import yaml

from adapters.base import Create, Failure, SourceError
from adapters.zgw import ZgwAdapter
from demo.kcc.values import SMALL
from demo.openzaak.holdings import ROLLEN, STATUSSEN, STATUSTYPEN, ZAAKTYPEN, ZAKEN
from demo.openzaak.service import OpenZaak, service
from demo.openzaak.shown import CATALOGI_API, ZAKEN_API
from demo.v1.register import RSIN
from tests.helpers import BSN, ROOT

ASKED: Mapping[str, Any] = {
    "omschrijving": "Paspoort",
    "toelichting": "Wanneer is het klaar?",
    "startdatum": "2026-03-01T23:30:00.000000Z",
    "soort.omschrijving": "Terugbelverzoek",
    "status.statustoelichting": "na 13 uur",
    "initiator.betrokkeneType": "natuurlijk_persoon",
    "initiator.betrokkeneIdentificatie.inpBsn": BSN,
    "initiator.contactpersoonRol.telefoonnummer": "0612345678",
    "medewerker.betrokkeneIdentificatie.identificatie": "berg778",
    "eenheid.betrokkeneIdentificatie.identificatie": None,
}


class Broken(httpx.ASGITransport):
    """A network before the fake. ``at``: what fails, by method and the end of the path; ``how``:
    with which status, or what happens to the connection after it was sent."""

    at: Mapping[tuple[str, str], int | type[httpx.TransportError]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.split("/")[4]
        how = self.at.get((request.method, name))
        if isinstance(how, int):
            return httpx.Response(how, json={})
        answer = await super().handle_async_request(request)
        if how is not None:
            raise how("lost")
        return answer


@pytest.fixture
def fake() -> OpenZaak:
    return service(SMALL)


@pytest.fixture
def network(fake: OpenZaak) -> Broken:
    return Broken(fake.app())


@pytest.fixture
def source(fake: OpenZaak, network: Broken) -> ZgwAdapter:
    return made(fake, network)


def made(fake: OpenZaak, network: Broken, **options: Any) -> ZgwAdapter:
    file = ROOT / "mappings" / "zgw-zaken" / "collections.zgw.yaml"
    secret = ROOT / "demo" / "openzaak" / "gateway.secret"
    apis = {"zaken": fake.public + ZAKEN_API, "catalogi": fake.public + CATALOGI_API}
    given = {
        "apis": apis,
        "bronorganisatie": RSIN,
        "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
    }
    adapter = ZgwAdapter.create(given | options, yaml.safe_load(file.read_text("utf-8")))
    adapter._transport = network
    return adapter


def held(fake: OpenZaak) -> tuple[int, ...]:
    return tuple(len(fake.holdings.rows[name]) for name in (ZAKEN, ROLLEN, STATUSSEN))


async def make(source: ZgwAdapter, **values: Any) -> Mapping[str, Any]:
    (record,) = await source.write([Create("contactverzoeken", {**ASKED, **values})])
    return record


async def failed(source: ZgwAdapter, **values: Any) -> Failure:
    with pytest.raises(SourceError) as caught:
        await make(source, **values)
    return caught.value.failure


async def test_a_zaak_has_its_rollen_and_its_first_status(
    fake: OpenZaak, source: ZgwAdapter
) -> None:
    record = await make(source)
    row = fake.holdings.rows[ZAKEN][record["uuid"]]
    kind = fake.holdings.rows[ZAAKTYPEN][row["zaaktype"]]
    assert kind["omschrijving"] == "Terugbelverzoek"
    assert (row["bronorganisatie"], row["omschrijving"]) == (RSIN, "Paspoort")
    # By the clock here it was the next day already.
    assert row["startdatum"] == "2026-03-02"
    rollen = fake.holdings.of(ROLLEN, record["uuid"])
    assert [one["omschrijvingGeneriek"] for one in rollen] == ["initiator", "behandelaar"]
    assert rollen[0]["betrokkeneIdentificatie"]["inpBsn"] == BSN
    assert rollen[0]["contactpersoonRol"]["telefoonnummer"] == "0612345678"
    assert rollen[1]["betrokkeneType"] == "medewerker"
    (status,) = fake.holdings.of(STATUSSEN, record["uuid"])
    assert fake.holdings.rows[STATUSTYPEN][status["statustype"]]["volgnummer"] == 1
    assert status["statustoelichting"] == "na 13 uur"
    assert record["initiator"]["betrokkeneIdentificatie"]["inpBsn"] == BSN
    assert record["medewerker"]["betrokkeneIdentificatie"]["identificatie"] == "berg778"
    assert record["eenheid"] is None


async def test_what_its_type_does_not_have_is_refused_before_anything_is_sent(
    fake: OpenZaak, source: ZgwAdapter
) -> None:
    before = held(fake)
    assert await failed(source, **{"soort.omschrijving": "Onbekend"}) is Failure.REFUSED
    for row in fake.holdings.rows[ZAAKTYPEN].values():
        row["eindeGeldigheid"] = "2026-01-01"
    assert await failed(source) is Failure.REFUSED
    assert held(fake) == before
    assert not [call for call in fake.calls if not call.startswith("GET")]


@pytest.mark.parametrize("part", ["rollen", "statussen"])
@pytest.mark.parametrize(
    ("how", "failure"),
    [
        (400, Failure.REFUSED),
        (503, Failure.THROTTLED),
        (500, Failure.UNAVAILABLE),
        (httpx.ReadError, Failure.UNAVAILABLE),
        (httpx.ReadTimeout, Failure.UNAVAILABLE),
    ],
)
async def test_when_a_part_fails_nothing_is_left(
    fake: OpenZaak, network: Broken, source: ZgwAdapter, part: str, how: Any, failure: Failure
) -> None:
    before = held(fake)
    network.at = {("POST", part): how}
    assert await failed(source) is failure
    assert held(fake) == before


@pytest.mark.parametrize("how", [403, 500, httpx.ReadError])
async def test_what_could_not_be_taken_back_is_unknown(
    network: Broken, source: ZgwAdapter, how: Any
) -> None:
    network.at = {("POST", "statussen"): 400, ("DELETE", "zaken"): how}
    assert await failed(source) is Failure.UNKNOWN


@pytest.mark.parametrize(
    ("at", "failure"),
    [
        ({("GET", "zaaktypen"): 503}, Failure.THROTTLED),
        ({("POST", "zaken"): 403}, Failure.REFUSED),
        ({("POST", "zaken"): httpx.ReadError}, Failure.UNKNOWN),
        ({("GET", "zaken"): 500}, Failure.UNKNOWN),
    ],
)
async def test_how_it_ended_is_said(
    network: Broken, source: ZgwAdapter, at: Any, failure: Failure
) -> None:
    network.at = at
    assert await failed(source) is failure


def test_without_the_types_or_a_number_of_its_own_none_is_made(
    fake: OpenZaak, network: Broken
) -> None:
    for options in ({"apis": {"zaken": fake.public + ZAKEN_API}}, {"bronorganisatie": None}):
        writes = made(fake, network, **options).collections["contactverzoeken"].writes
        assert writes is not None
        assert not writes.create
