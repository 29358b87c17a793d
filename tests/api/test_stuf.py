"""StUF back ends as sources of a gateway: what a portal sees, and what that costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from demo.kcc.data import KNOWN_BSNS, SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from demo.stuf.data import holdings
from tests.helpers import KCC_MAPPING, ROOT, problem, sql_source, write_config
from tests.support.stuf import Bg, Zkn, source
from tests.support.urls import are_found_again, urls_in
from tests.support.v1 import gateway

BSN = KNOWN_BSNS[0]
HELD = holdings(SMALL)
KVK_OF_VES = "oefentActiviteitenUitVoor/gerelateerde/kvkNummer"
EMAIL = "sub.emailadres"
KVK_OF_NNP = "rps.isEigenaarVan/gerelateerde/kvkNummer"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    adressen = str(ROOT / "mappings" / "stuf-bg-adressen")
    sources = {"basis": source("stuf-bg", 1, overrides=adressen), "zaken": source("stuf-zkn", 2)}
    async with gateway(write_config(tmp_path, sources)) as client:
        yield client


async def results(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["results"])
    return list(answer.json()["results"])


def by_number(number: str, kind: str = "") -> str:
    soort = f"&partijIdentificator__codeSoortObjectId={kind}" if kind else ""
    return f"partijen?partijIdentificator__objectId={number}{soort}&expand=digitaleAdressen"


def numbers(partij: dict[str, Any]) -> set[tuple[str, str]]:
    found = (one["partijIdentificator"] for one in partij["partijIdentificatoren"])
    return {(one["codeSoortObjectId"], one["objectId"]) for one in found}


async def identified(client: httpx.AsyncClient, partij: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        (await client.get(f"partij-identificatoren/{one['uuid']}")).json()
        for one in partij["partijIdentificatoren"]
    ]


async def test_a_person_by_bsn(client: httpx.AsyncClient) -> None:
    held = next(t.values for t in HELD.of("NPS") if t.values["inp.bsn"] == BSN)
    (partij,) = await results(client, by_number(BSN, "bsn"))
    assert partij["soortPartij"] == "persoon"
    assert partij["indicatieActief"] is True
    assert partij["indicatieGeheimhouding"] is (held["inp.indicatieGeheim"] == "7")
    name = partij["partijIdentificatie"]["contactnaam"]
    assert name["achternaam"] == held["geslachtsnaam"]
    assert name["voorletters"] == held.get("voorletters", "")
    address = partij["bezoekadres"]
    assert address["straatnaam"] == held["verblijfsadres/gor.openbareRuimteNaam"]
    assert address["huisnummer"] == int(held["verblijfsadres/aoa.huisnummer"])
    assert address["postcode"].replace(" ", "") == held["verblijfsadres/aoa.postcode"]
    assert numbers(partij) == {("bsn", BSN)}


async def test_an_organisation_by_rsin_and_by_kvk(client: httpx.AsyncClient) -> None:
    held = next(t.values for t in HELD.of("NNP") if {KVK_OF_NNP, EMAIL} <= t.values.keys())
    rsin, kvk = held["inn.nnpId"], held[KVK_OF_NNP]
    (by_rsin,) = await results(client, by_number(rsin, "rsin"))
    (by_kvk,) = [
        p
        for p in await results(client, by_number(kvk, "kvk_nummer"))
        if p["uuid"] == by_rsin["uuid"]
    ]
    assert by_kvk == by_rsin
    assert by_rsin["partijIdentificatie"]["naam"] == held["statutaireNaam"]
    assert numbers(by_rsin) == {("rsin", rsin), ("kvk_nummer", kvk)}
    (address,) = by_rsin["_expand"]["digitaleAdressen"]
    assert (address["soortDigitaalAdres"], address["adres"]) == ("email", held[EMAIL])


async def test_the_company_of_a_person_is_known_by_itself(client: httpx.AsyncClient) -> None:
    owned = {t.values.get(KVK_OF_NNP) for t in HELD.of("NNP")}
    held = next(t.values for t in HELD.of("MAC") if t.values["kvkNummer"] not in owned)
    found = await results(client, by_number(held["kvkNummer"], "kvk_nummer"))
    (partij,) = [p for p in found if numbers(p) == {("kvk_nummer", held["kvkNummer"])}]
    assert partij["partijIdentificatie"]["naam"] == held["handelsnaam"]


async def test_a_branch_by_its_number_is_of_a_company(client: httpx.AsyncClient) -> None:
    held = next(t.values for t in HELD.of("VES"))
    number, kvk = held["vestigingsNummer"], held[KVK_OF_VES]
    (partij,) = await results(client, by_number(number, "vestigingsnummer"))
    assert numbers(partij) == {("vestigingsnummer", number), ("kvk_nummer", kvk)}
    known = {
        i["partijIdentificator"]["codeSoortObjectId"]: i for i in await identified(client, partij)
    }
    within = known["vestigingsnummer"]["subIdentificatorVan"]
    assert within["uuid"] == known["kvk_nummer"]["uuid"]
    of_company = await results(client, by_number(kvk, "kvk_nummer"))
    assert partij["uuid"] in {one["uuid"] for one in of_company}


async def test_every_uuid_that_is_given_out_is_found_again(client: httpx.AsyncClient) -> None:
    seen: set[str] = set()
    for entity, path in (("NPS", "inp.bsn"), ("NNP", "inn.nnpId"), ("VES", "vestigingsNummer")):
        for thing in HELD.of(entity)[:5]:
            seen.update(urls_in(await results(client, by_number(thing.values[path]))))
    assert len(seen) > 25
    await are_found_again(client, seen)
    assert all(number not in url for url in seen for number in (BSN, "90" * 4))


async def test_a_zaak_is_an_onderwerpobject(client: httpx.AsyncClient) -> None:
    number = HELD.of("ZAK")[0].values["identificatie"]
    where = f"onderwerpobjecten?onderwerpobjectidentificatorObjectId={number}"
    (found,) = await results(client, where)
    assert found["klantcontact"] is None
    assert found["onderwerpobjectidentificator"] == {
        "objectId": number,
        "codeObjecttype": "zgw-Zaak",
        "codeRegister": "openzaak",
        "codeSoortObjectId": "identificatie",
    }
    assert (await client.get(f"onderwerpobjecten/{found['uuid']}")).json() == found
    assert await results(client, f"{where}9") == []


@pytest.mark.parametrize(
    "url",
    [
        f"klantcontacten?hadBetrokkene__wasPartij__partijIdentificator__objectId={BSN}",
        "internetaken",
        "actoren",
        "onderwerpobjecten?klantcontact__uuid=0f6b3c1e-7d52-4d0a-9c3f-2f1f6c0f9a01",
        "onderwerpobjecten?onderwerpobjectidentificatorCodeObjecttype=ander",
        f"onderwerpobjecten?onderwerpobjectidentificatorObjectId={'x' * 41}",
        by_number("12345", "bsn"),
        by_number(BSN, "vestigingsnummer"),
        by_number(BSN, "ander"),
    ],
)
async def test_what_stuf_cannot_have_costs_no_call(client: httpx.AsyncClient, url: str) -> None:
    assert await results(client, url) == []
    assert Bg.last.asked + Zkn.last.asked == []


@pytest.mark.parametrize(
    "url",
    ["partijen", "partijen?soortPartij=persoon", "digitaleadressen?adres=a@b.example",
     "onderwerpobjecten"],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_without_a_call(
    client: httpx.AsyncClient, url: str
) -> None:
    problem(await client.get(url), 400, "invalid")
    assert Bg.last.asked + Zkn.last.asked == []


async def test_a_person_takes_one_call_in_a_burst(tmp_path: Path) -> None:
    path = write_config(tmp_path, {"basis": source("stuf-bg")}, limits={"burst_seconds": 5})
    async with gateway(path) as client:
        (partij,) = await results(client, by_number(BSN, "bsn"))
        await client.get(f"partijen/{partij['uuid']}")
        await identified(client, partij)
        assert Bg.last.asked == ["npsLv01 inp.bsn"]


async def test_a_person_of_the_kcc_and_of_the_registration_is_one_partij(tmp_path: Path) -> None:
    file = tmp_path / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    sources = {
        "kcc": sql_source(KCC_MAPPING, file),
        "basis": source("stuf-bg", 2),
        "zaken": source("stuf-zkn", 3),
    }
    async with gateway(write_config(tmp_path, sources)) as client:
        (partij,) = await results(client, by_number(BSN, "bsn"))
        # What the KCC has stays; the registration adds what it did not have.
        assert {i for i in numbers(partij) if i[0] == "bsn"} == {("bsn", BSN)}
        contacts = await results(
            client, f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij['uuid']}&pageSize=100"
        )
        assert contacts
        assert "npsLv01" in " ".join(Bg.last.asked)
        # Addresses of the registration are not shown here, so those of the KCC can be searched.
        email = next(
            one["adres"]
            for one in partij["_expand"]["digitaleAdressen"]
            if one["soortDigitaalAdres"] == "email"
        )
        by_address = await results(client, f"digitaleadressen?adres={email}")
        assert partij["uuid"] in {one["verstrektDoorPartij"]["uuid"] for one in by_address}
        assert "zakLv01" not in " ".join(Zkn.last.asked)


async def test_the_demo_shows_what_the_registration_knows_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its configuration as it is, on few rows."""
    text = (ROOT / "demo" / "basisregistraties.yaml").read_text()
    document = yaml.safe_load(text.replace("../mappings", str(ROOT / "mappings")))
    sources = document["sources"]
    file = tmp_path / "kcc.sqlite"
    rows = generate(SMALL)
    build_sqlite(file, rows)
    sources["kcc"] |= {"options": {"file": str(file)}}
    monkeypatch.setattr("demo.kcc.source.SampleKcc.ensure", staticmethod(lambda path: path))
    for alias, small in (("basis", "Bg"), ("zaken", "Zkn")):
        sources[alias]["adapter"] = f"tests.support.stuf:{small}"
    more = {name: document[name] for name in ("partijen", "limits")}
    async with gateway(write_config(tmp_path, sources, **more)) as client:
        (partij,) = await results(client, by_number(BSN, "bsn"))
        held = next(t.values for t in HELD.of("NPS") if t.values["inp.bsn"] == BSN)
        assert partij["bezoekadres"]["straatnaam"] == held["verblijfsadres/gor.openbareRuimteNaam"]
        assert partij["indicatieGeheimhouding"] is (held["inp.indicatieGeheim"] == "7")
        (row,) = [one for one in rows["KLANT"] if one["BSN"] == BSN]
        assert partij["nummer"] == str(row["KLANT_NR"])
        everyone = await client.get("partijen?pageSize=50")
        assert everyone.json()["count"] > 50
        assert everyone.headers["Bronnen"] == "kcc;staat=ok, basis;staat=ok;vult-aan"
        number = HELD.of("ZAK")[0].values["identificatie"]
        found = await results(
            client, f"onderwerpobjecten?onderwerpobjectidentificatorObjectId={number}"
        )
        # Of a contact at the KCC, and by itself.
        assert {one["klantcontact"] is None for one in found} == {True, False}
        contacts = await results(
            client, f"klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId={number}"
        )
        assert {one["uuid"] for one in contacts} == {
            one["klantcontact"]["uuid"] for one in found if one["klantcontact"]
        }


@pytest.mark.parametrize(
    ("kind", "code", "number", "name"),
    [
        ("natuurlijkPersoon", "bsn", "inp.bsn", "geslachtsnaam"),
        ("nietNatuurlijkPersoon", "rsin", "inn.nnpId", "statutaireNaam"),
        ("vestiging", "vestigingsnummer", "vestigingsNummer", "handelsnaam"),
    ],
)
async def test_who_asked_for_a_zaak_can_be_a_partij(
    tmp_path: Path, kind: str, code: str, number: str, name: str
) -> None:
    at = f"heeftAlsInitiator/gerelateerde/{kind}"
    held = next(t.values for t in HELD.of("ZAK") if f"{at}/{number}" in t.values)
    over = str(ROOT / "mappings" / "stuf-zkn-partijen")
    async with gateway(
        write_config(tmp_path, {"zaken": source("stuf-zkn", overrides=over)})
    ) as client:
        (partij,) = await results(client, by_number(held[f"{at}/{number}"], code))
        assert numbers(partij) == {(code, held[f"{at}/{number}"])}
        shown = partij["partijIdentificatie"]
        of_person = shown.get("contactnaam", {}).get("achternaam")
        assert held[f"{at}/{name}"] in (of_person, shown.get("naam"))
        assert (await client.get(f"partijen/{partij['uuid']}")).status_code == 200
        assert all(one.startswith("zakLv01 heeftAlsInitiator/") for one in Zkn.last.asked)


async def test_what_is_known_of_persons_together_is_what_each_knows(tmp_path: Path) -> None:
    """Beside the KCC, against what follows from the rows of both."""
    rows = generate(SMALL)
    file = tmp_path / "kcc.sqlite"
    build_sqlite(file, rows)
    at_kcc = {row["BSN"].zfill(9) for row in rows["KLANT"] if row["BSN"] and row["STATUS"] != "V"}
    registered = {t.values["inp.bsn"]: t.values for t in HELD.of("NPS")}
    of_zaken = "heeftAlsInitiator/gerelateerde/natuurlijkPersoon/inp.bsn"
    with_zaak = {t.values[of_zaken] for t in HELD.of("ZAK") if of_zaken in t.values}
    sources = {
        "basis": source("stuf-bg", 2),
        "kcc": sql_source(KCC_MAPPING, file),
        "zaken": source("stuf-zkn", 3, overrides=str(ROOT / "mappings" / "stuf-zkn-partijen")),
    }
    somebody = sorted(set(registered) | {BSN})[::4]
    assert set(somebody) & at_kcc
    assert set(somebody) & with_zaak
    async with gateway(write_config(tmp_path, sources)) as client:
        for bsn in [*somebody, "999990081"]:
            found = await results(client, by_number(bsn, "bsn"))
            known = bsn in at_kcc or bsn in registered or bsn in with_zaak
            assert len(found) == known, bsn
            for partij in found:
                assert ("bsn", bsn) in numbers(partij)
                name = partij["partijIdentificatie"]["contactnaam"]["achternaam"]
                assert bsn not in registered or name == registered[bsn]["geslachtsnaam"]
