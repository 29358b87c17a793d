"""The fake: it takes what the standard allows and answers as it says, and the adapter understands
it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from adapters.base import Failure, Query, SourceError
from adapters.conditions import In
from adapters.stuf.adapter import StufAdapter
from demo.kcc.data import KNOWN_BSNS, SMALL
from demo.stuf.data import Holdings, Thing, holdings
from demo.stuf.service import Schemas, StufService
from tests.support.stuf import options, resources

ROOT = "http://stuf.example"
BSN = KNOWN_BSNS[0]
HELD = holdings(SMALL)
MANY = "999990019"

ZAKEN = [
    Thing(
        "ZAK",
        f"zak-{n}",
        {
            "identificatie": f"ZAAK-2026-{n:07}",
            "omschrijving": f"Zaak {n}",
            "startdatum": "20260105",
            "registratiedatum": "20260105",
            "isVan/gerelateerde/omschrijving": "Melding",
            "heeftAlsInitiator/gerelateerde/natuurlijkPersoon/inp.bsn": MANY if n < 40 else BSN,
        },
    )
    for n in range(42)
]


@cache
def schemas(shared: Path) -> Schemas:
    return Schemas(shared / "stuf" / "xsd" / "flat")


def made(shared: Path | None = None, deviations: Sequence[str] = (), **others: Any) -> StufService:
    """A fake with forty zaken of one person."""
    held = Holdings([*(t for one in ("NPS", "NNP", "MAC", "VES") for t in HELD.of(one)), *ZAKEN])
    return StufService(held, schemas(shared) if shared else None, deviations, **others)


def asking(service: StufService, system: str, **others: Any) -> StufAdapter:
    """The adapter on a fake."""
    sector = system.removeprefix("stuf-")
    url = f"{ROOT}/{sector}/services/BeantwoordVraag"
    adapter = StufAdapter.create(
        options(urls={"beantwoord_vraag": url}, **others), resources(system)
    )
    adapter._transport = httpx.ASGITransport(service.app())
    return adapter


async def found(
    service: StufService, system: str, collection: str, field: str, value: str, **others: Any
) -> list[dict[str, Any]]:
    adapter = asking(service, system, **others)
    return [dict(r) for r in (await adapter.find(collection, Query(In(field, (value,))))).records]


async def zaken(service: StufService, who: str = MANY, **others: Any) -> list[str]:
    records = await found(service, "stuf-zkn", "zaken", "initiatorBsn", who, **others)
    return [record["identificatie"] for record in records]


def value(entity: str, path: str, has: str = "") -> str:
    """A value at a path, of the first that has one at another path too."""
    return next(
        t.values[path] for t in HELD.of(entity) if path in t.values and (not has or has in t.values)
    )


KVK = "rps.isEigenaarVan/gerelateerde/kvkNummer"
GOLDEN_SUBJECTS = {
    "999993653": BSN,
    "90001354": value("NNP", KVK),
    "569312863": value("NNP", "inn.nnpId", KVK),
    "000012345678": value("VES", "vestigingsNummer"),
    "0000000015": "ZAAK-2026-0000015",
    "11999993653": f"11{MANY}",
}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "sector", "action"),
    [
        ("01-npsLv01-bsn", "bg", "npsLv01"),
        ("02-macLv01-kvk", "bg", "macLv01"),
        ("03-vesLv01-vestigingsnummer", "bg", "vesLv01"),
        ("04-vesLv01-alle-vestigingen-van-kvk", "bg", "vesLv01"),
        ("05-nnpLv01-rsin", "bg", "nnpLv01"),
        ("06-nnpLv01-kvk", "bg", "nnpLv01"),
        ("07-zakLv01-lijst-bsn-pagina1", "zkn", "zakLv01"),
        ("08-zakLv01-lijst-bsn-vervolgvraag", "zkn", "zakLv01"),
        ("09-zakLv01-lijst-rsin", "zkn", "zakLv01"),
        ("10-zakLv01-lijst-vestiging", "zkn", "zakLv01"),
        ("11-zds11-geefZaakdetails", "zkn", "geefZaakdetails_Lv01"),
        ("17-zds12-geefZaakdetails", "zkn", "geefZaakdetails_ZakLv01"),
    ],
)
async def test_ready_questions_are_taken_and_answers_are_valid(
    shared: Path, file: str, sector: str, action: str
) -> None:
    """It checks both by the schemas itself."""
    text = (shared / "stuf" / "golden-requests" / f"{file}.xml").read_text(encoding="utf-8")
    for ready, here in GOLDEN_SUBJECTS.items():
        text = text.replace(f">{ready}<", f">{here}<")
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f"{text.partition('?>')[2]}</s:Body></s:Envelope>"
    )
    service = made(shared)
    transport = httpx.ASGITransport(service.app())
    async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
        answer = await client.post(
            f"/{sector}/services/BeantwoordVraag",
            content=envelope.encode(),
            headers={"Content-Type": "text/xml", "SOAPAction": f'"urn:x/{action}"'},
        )
    assert answer.status_code == 200, answer.text
    objects = list(etree.fromstring(answer.content).iter("{*}object"))
    branches = [t for t in HELD.of("VES") if GOLDEN_SUBJECTS["90001354"] in t.values.values()]
    expected = {"04": len(branches), "07": 15, "08": 15, "09": 0, "10": 0}.get(file[:2], 1)
    assert len(objects) == expected


@pytest.mark.shared
@pytest.mark.parametrize(
    ("collection", "field", "number"),
    [
        ("personen", "bsn", BSN),
        ("organisaties", "rsin", value("NNP", "inn.nnpId")),
        ("organisaties", "kvkNummer", value("NNP", KVK)),
        ("ondernemingen", "kvkNummer", value("MAC", "kvkNummer")),
        ("vestigingen", "vestigingsnummer", value("VES", "vestigingsNummer")),
        ("vestigingen", "kvkNummer",
         value("VES", "oefentActiviteitenUitVoor/gerelateerde/kvkNummer")),
    ],
)  # fmt: skip
async def test_every_question_is_valid_and_finds_what_is_there(
    shared: Path, collection: str, field: str, number: str
) -> None:
    for version in ("1.1", "1.2"):
        records = await found(
            made(shared), "stuf-bg", collection, field, number, soap_version=version
        )
        assert records
        assert {record[field] for record in records} == {number}
        assert all(record.get("naam") or record.get("geslachtsnaam") for record in records)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("collection", "field", "path", "name"),
    [
        ("personen", "bsn", "natuurlijkPersoon/inp.bsn", "geslachtsnaam"),
        ("organisaties", "rsin", "nietNatuurlijkPersoon/inn.nnpId", "naam"),
        ("vestigingen", "vestigingsnummer", "vestiging/vestigingsNummer", "naam"),
    ],
)
async def test_who_asked_for_a_zaak_is_told_with_it(
    shared: Path, collection: str, field: str, path: str, name: str
) -> None:
    service = StufService(HELD, schemas(shared))
    number = value("ZAK", f"heeftAlsInitiator/gerelateerde/{path}")
    (one,) = await found(service, "stuf-zkn", collection, field, number)
    assert one[field] == number
    assert one[name]
    assert await found(service, "stuf-zkn", collection, field, "0" * len(number)) == []


@pytest.mark.shared
@pytest.mark.parametrize("selection", ["prefix", "bare", "extraElement"])
async def test_zaken_of_a_person_are_walked(shared: Path, selection: str) -> None:
    service = made(shared, selection=selection)
    assert await zaken(service, selection=selection) == [f"ZAAK-2026-{n:07}" for n in range(40)]
    assert len(service.asked) == 3


@pytest.mark.shared
@pytest.mark.parametrize("profile", ["zkn0310", "zds11", "zds12"])
async def test_a_zaak_is_found_in_every_profile(shared: Path, profile: str) -> None:
    service = made(shared, ["only-zds-1.2"] if profile == "zds12" else [])
    number = "ZAAK-2026-0000015"
    (zaak,) = await found(service, "stuf-zkn", "zaken", "identificatie", number, profile=profile)
    assert (zaak["omschrijving"], zaak["initiatorBsn"]) == ("Zaak 15", MANY)
    assert zaak["registratiedatum"] == "2026-01-04T23:00:00.000000Z"


async def test_it_runs_without_the_schemas() -> None:
    assert len(await found(made(), "stuf-bg", "personen", "bsn", BSN)) == 1
    assert len(await zaken(made())) == 40


async def test_who_may_not_ask_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUF_SECRET", "geheim")
    service = made(account=("kcc", "geheim"))
    account = {"username": "kcc", "password": "env:STUF_SECRET"}
    for version in ("1.1", "1.2"):
        records = await found(
            service, "stuf-bg", "personen", "bsn", BSN, wss=account, soap_version=version
        )
        assert len(records) == 1
        for wrong in ({}, {"wss": account | {"username": "andere"}}):
            with pytest.raises(SourceError) as caught:
                await found(service, "stuf-bg", "personen", "bsn", BSN, **wrong,
                            soap_version=version)  # fmt: skip
            assert caught.value.failure is Failure.REFUSED


async def test_a_stranger_is_refused() -> None:
    with pytest.raises(SourceError, match="refused") as caught:
        await found(made(), "stuf-bg", "personen", "bsn", BSN, zender={"applicatie": "ANDERS"})
    assert caught.value.note == "StUF013"
