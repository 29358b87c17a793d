"""Sources that only add: a list that they cannot be asked is that of the others, says so, and shows
each partij with what they know of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from demo.stuf.data import holdings
from gateway.coverage import coverage, report
from gateway.federation.explain import explain
from gateway.installation import build
from gateway.standard.table import RESOURCES
from tests.helpers import KCC_MAPPING, ROOT, problem, sql_source, write_config
from tests.support.stuf import Bg, Zkn, source
from tests.support.v1 import gateway

HELD = holdings(SMALL)
BETTER = {"bezoekadres": ["basis"], "indicatieGeheimhouding": ["basis"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A KCC, and beside it registrations that know some of the same persons and more addresses."""
    file = tmp_path / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    adressen = str(ROOT / "mappings" / "stuf-bg-adressen")
    sources = {
        "kcc": sql_source(KCC_MAPPING, file),
        "basis": source("stuf-bg", 2, overrides=adressen, shows="asked-for"),
        "zaken": source("stuf-zkn", 3, shows="asked-for"),
    }
    partijen = {"precedence": ["kcc", "basis"], "fields": BETTER}
    return write_config(tmp_path, sources, partijen=partijen)


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The KCC by itself."""
    file = tmp_path / "alone" / "kcc.sqlite"
    file.parent.mkdir()
    build_sqlite(file, generate(SMALL))
    config = write_config(file.parent, {"kcc": sql_source(KCC_MAPPING, file)})
    async with gateway(config) as client:
        yield client


async def walked(client: httpx.AsyncClient, url: str) -> tuple[list[dict[str, Any]], set[str]]:
    """All pages of a list, and what their headers say of the sources."""
    found: list[dict[str, Any]] = []
    told = set()
    following: str | None = url
    while following:
        answer = await client.get(following)
        assert answer.status_code == 200, answer.text
        found += answer.json()["results"]
        told.add(answer.headers["Bronnen"])
        following = answer.json()["next"]
    return found, told


async def test_a_list_of_partijen_is_of_the_others_and_complete(
    path: Path, alone: httpx.AsyncClient
) -> None:
    without, _ = await walked(alone, "partijen?pageSize=100")
    async with gateway(path) as client:
        found, told = await walked(client, "partijen?pageSize=40")
        assert told == {"kcc;staat=ok, basis;staat=ok;vult-aan"}
        assert [one["uuid"] for one in found] == [one["uuid"] for one in without]
        assert (await client.get("partijen")).json()["count"] == len(found)
        assert (await client.get("partijen?pageSize=40&page=last")).status_code == 200
        # As each is by itself.
        for one in found[::9]:
            whole = (await client.get(f"partijen/{one['uuid']}")).json()
            assert {name: one[name] for name in whole if name != "_expand"} == {
                name: value for name, value in whole.items() if name != "_expand"
            }
    streets = {t.values.get("verblijfsadres/gor.openbareRuimteNaam") for t in HELD.of("NPS")}
    assert {one["bezoekadres"]["straatnaam"] for one in found if one["bezoekadres"]} & streets


async def test_who_is_known_only_there_is_found_by_number(path: Path) -> None:
    at_kcc = {row["BSN"].zfill(9) for row in generate(SMALL)["KLANT"] if row["BSN"]}
    held = [t.values["inp.bsn"] for t in HELD.of("NPS")]
    ves = HELD.of("VES")[0].values["vestigingsNummer"]
    async with gateway(path) as client:
        for number in [next(iter(sorted(set(held) - at_kcc)), held[0]), ves]:
            answer = await client.get(f"partijen?partijIdentificator__objectId={number}")
            (partij,) = answer.json()["results"]
            assert "vult-aan" not in answer.headers["Bronnen"]
            assert (await client.get(f"partijen/{partij['uuid']}")).status_code == 200


@pytest.mark.parametrize("name", ["indicatieGeheimhouding", "indicatieActief"])
@pytest.mark.parametrize("value", ["true"])
async def test_a_filter_holds_for_what_is_shown(path: Path, name: str, value: str) -> None:
    async with gateway(path) as client:
        everyone, _ = await walked(client, "partijen?pageSize=100")
        found, told = await walked(client, f"partijen?{name}={value}&pageSize=30")
        assert {one[name] for one in found} == {value == "true"}
        assert len({one["uuid"] for one in found}) == len(found)
        assert {one["uuid"] for one in found} <= {one["uuid"] for one in everyone}
        assert all(one.endswith("basis;staat=ok;vult-aan;telling=grens") for one in told)
        problem(await client.get(f"partijen?{name}={value}&page=last"), 400, "invalid")


async def test_what_many_show_is_asked_only_of_who_is_shown(path: Path) -> None:
    """An address may be the one of choice by what another source says of its partij."""
    async with gateway(path) as client:
        everyone, _ = await walked(client, "digitaleadressen?pageSize=100")
        of_choice = [one["uuid"] for one in everyone if one["isStandaardAdres"]]
        Bg.last.asked.clear()
        url = "digitaleadressen?isStandaardAdres=true&pageSize=3"
        first = (await client.get(url)).json()["results"]
        assert len(first) == 3
        assert 0 < len(Bg.last.asked) <= 3 * 3
        found, told = await walked(client, url)
        assert [one["uuid"] for one in found] == of_choice
        assert all(one["isStandaardAdres"] for one in found)
        assert all(one.endswith("basis;staat=ok;vult-aan;telling=grens") for one in told)


async def test_a_list_that_nothing_is_added_to_takes_no_call(
    path: Path, alone: httpx.AsyncClient
) -> None:
    without = (await alone.get("onderwerpobjecten")).json()["count"]
    async with gateway(path) as client:
        answer = await client.get("onderwerpobjecten")
        assert answer.headers["Bronnen"] == "kcc;staat=ok, zaken;vult-aan"
        assert answer.json()["count"] == without
        assert Zkn.last.asked == []


async def test_an_address_is_searched_where_it_can_be(path: Path) -> None:
    """One that a registration has too, and before it, is in no list without the KCC's."""
    async with gateway(path) as client:
        addresses, told = await walked(client, "digitaleadressen?pageSize=100")
        assert all(one.endswith("basis;staat=ok;vult-aan") for one in told)
        adres = next(one["adres"] for one in addresses if one["verstrektDoorPartij"])
        answer = await client.get(f"digitaleadressen?adres={adres}")
        assert adres in {one["adres"] for one in answer.json()["results"]}
        assert "basis;" in answer.headers["Bronnen"]


@pytest.mark.parametrize("url", ["partijen", "onderwerpobjecten", "digitaleadressen?adres=a@b.nl"])
async def test_who_is_strict_is_refused(path: Path, url: str) -> None:
    async with gateway(path) as client:
        refused = await client.get(url, headers={"Prefer": "handling=strict"})
        problem(refused, 400, "invalid")
        assert (await client.get(url)).status_code == 200


async def test_a_source_by_itself_that_only_adds_has_empty_lists(tmp_path: Path) -> None:
    sources = {"basis": source("stuf-bg", shows="asked-for")}
    async with gateway(write_config(tmp_path, sources)) as client:
        answer = await client.get("partijen")
        assert (answer.json()["count"], answer.headers["Bronnen"]) == (0, "basis;vult-aan")
        bsn = HELD.of("NPS")[0].values["inp.bsn"]
        found = await client.get(f"partijen?partijIdentificator__objectId={bsn}")
        assert found.json()["count"] == 1
        assert Bg.last.asked


def test_it_is_explained_and_in_the_coverage(path: Path) -> None:
    register = build(path).register
    lines = list(explain(register, RESOURCES["onderwerpobjecten"], []))
    at = lines.index("zaken:onderwerpobjecten.zaak")
    assert lines[at + 1].strip().startswith("niet gevraagd: zo laat deze bron zich niet vragen")
    assert not any("geweigerd" in line for line in lines)
    part = next(one for one in coverage(register) if one.source == "basis")
    told = list(report.text([part]))
    assert "  lijst zonder filter: niet gevraagd, vult alleen aan" in told
    assert not any("geweigerd" in line for line in told)
