"""A zaak that every system calls by another name: who asks by one finds what is about it in all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from adapters.base import Failure, Page, Query, SourceError
from adapters.conditions import In
from gateway import installation
from gateway.config import Zaken
from gateway.federation.explain import explain
from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import BSN, Trapped, client_of, problem, sqlite_ended, write_config
from tests.support.zaken import CONTACT, LINK, Municipality, Zaak, by_name, uuids

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNAVAILABLE = "bron-niet-beschikbaar"
CODES: list[dict[str, str]] = [*Zaken().uuid, *Zaken().identificatie]


@dataclass(frozen=True)
class Running:
    """A gateway before the sample municipality."""

    municipality: Municipality
    built: Installation
    client: httpx.AsyncClient

    async def asked(self, resource: str, name: str, codes: dict[str, str]) -> list[dict[str, Any]]:
        answer = await self.client.get(by_name(resource, name, codes))
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["results"]
        assert answer.json()["count"] == len(found) == len({one["uuid"] for one in found})
        return found

    def expected(self, zaak: Zaak, resource: str) -> set[str]:
        about = self.municipality.about(zaak, resource)
        return uuids(self.built.catalogue, about)


@asynccontextmanager
async def running(folder: Path, *, named: bool = True, **sections: Any) -> AsyncIterator[Running]:
    municipality = Municipality(folder)
    sources = municipality.sources() | (municipality.names() if named else {})
    built = installation.build(write_config(folder, sources, **sections))
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            yield Running(municipality, built, client)
        finally:
            await built.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("zaken")) as it:
        yield it


def by_its_codes(name: str, zaak: Zaak) -> list[dict[str, str]]:
    """No codes, and all under which a name stands."""
    soort = "uuid" if name == zaak.uuid else "identificatie"
    return [{}, *(one for one in CODES if one["codeSoortObjectId"] == soort)]


async def is_found(gateway: Running, zaak: Zaak) -> None:
    """What is about a zaak is found by each of its names, and nothing else is."""
    mailed = zaak in gateway.municipality.mailed
    for resource in (CONTACT, LINK):
        expected = gateway.expected(zaak, resource)
        for name in zaak.names:
            for codes in by_its_codes(name, zaak):
                found = await gateway.asked(resource, name, codes)
                assert expected <= {one["uuid"] for one in found}, (name, codes)
                others = [one for one in found if one["uuid"] not in expected]
                assert len(others) == mailed, (name, codes)
                for one in others:
                    assert zaak.number in str(one)


async def test_what_is_about_a_zaak_is_found_by_each_of_its_names(gateway: Running) -> None:
    municipality = gateway.municipality
    about = {z: {key[0] for key in municipality.about(z, LINK)} for z in municipality.zaken}
    old = next(zaak for zaak in about if not zaak.uuid)
    everywhere = max(about, key=lambda zaak: (len(about[zaak]), zaak))
    social = next(z for z in about if "sociaal" in about[z] and z in municipality.mailed)
    assert about[everywhere] | about[social] == {"kcc", "sociaal", "esuite", "openklant1", "zaken"}
    for zaak in (old, everywhere, social):
        await is_found(gateway, zaak)


@pytest.mark.soak
async def test_what_is_about_any_zaak_is_found(gateway: Running) -> None:
    for zaak in gateway.municipality.zaken:
        await is_found(gateway, zaak)


async def test_a_link_shows_the_name_and_the_codes_that_its_source_has(gateway: Running) -> None:
    zaak = next(z for z in reversed(gateway.municipality.mailed) if z.uuid)
    found = await gateway.asked(LINK, zaak.uuid, {})
    shown = {tuple(one["onderwerpobjectidentificator"].values()) for one in found}
    assert {
        (zaak.uuid, "zgw-Zaak", "openzaak", "uuid"),
        (zaak.number, "zgw-Zaak", "openzaak", "identificatie"),
    } <= shown
    assert {one[0] for one in shown} == set(zaak.names)


async def test_all_that_is_asked_is_asked_of_one_name(gateway: Running) -> None:
    zaak = gateway.municipality.zaken[-1]
    by_number, by_uuid = Zaken().identificatie[0], Zaken().uuid[0]
    for name, codes in (
        (zaak.uuid, by_number),
        (zaak.number, by_uuid),
        (zaak.uuid, {**by_uuid, "codeRegister": "open-zaak"}),
        (zaak.uuid, {"codeObjecttype": "klantcontact"}),
    ):
        for resource in (CONTACT, LINK):
            assert await gateway.asked(resource, name, codes) == []


async def test_a_list_by_the_name_of_a_zaak_is_walked_as_any(gateway: Running) -> None:
    zaak = next(
        zaak
        for zaak in gateway.municipality.zaken
        if 4 < len(gateway.municipality.about(zaak, CONTACT)) < 8
    )
    whole = await gateway.asked(CONTACT, zaak.number, {})
    walked: list[dict[str, Any]] = []
    following = by_name(CONTACT, zaak.number, {}).replace("pageSize=500", "pageSize=2")
    while following:
        page = (await gateway.client.get(following)).json()
        assert page["count"] == len(whole)
        walked += page["results"]
        following = page["next"]
    assert walked == whole


async def test_without_a_register_of_zaken_only_codes_are_known_to_be_equal(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, named=False) as gateway:
        zaak = next(
            zaak
            for zaak in reversed(gateway.municipality.zaken)
            if {key[0] for key in gateway.municipality.about(zaak, LINK)} >= {"sociaal", "kcc"}
        )
        by_uuid = {
            key for key in gateway.municipality.about(zaak, LINK) if key[0] not in ("zaken", "mail")
        }
        expected = uuids(gateway.built.catalogue, by_uuid)
        for codes in by_its_codes(zaak.uuid, zaak):
            found = await gateway.asked(LINK, zaak.uuid, codes)
            assert {one["uuid"] for one in found} == expected
        for codes in by_its_codes(zaak.number, zaak):
            found = await gateway.asked(LINK, zaak.number, codes)
            assert {one["onderwerpobjectidentificator"]["objectId"] for one in found} == {
                zaak.number
            }


async def test_a_register_of_zaken_that_is_down_is_as_any_source(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, zaak = gateway.built.adapters["names"], gateway.municipality.zaken[-1]
    assert isinstance(names, Trapped)
    monkeypatch.setattr(names, "before", down)
    url = by_name(CONTACT, zaak.number, {})
    told = problem(await gateway.client.get(url), 503, UNAVAILABLE)
    assert told["detail"] == "Bron: names."
    monkeypatch.setattr(gateway.built.register._sources["names"], "required", False)
    answer = await gateway.client.get(url)
    assert answer.status_code == 200
    assert "names;staat=unavailable;ontbreekt" in answer.headers["Bronnen"]
    # It is asked for under the name that was given.
    by_uuid = uuids(gateway.built.catalogue, gateway.municipality.about(zaak, CONTACT))
    assert by_uuid.isdisjoint(one["uuid"] for one in answer.json()["results"])
    strict = await gateway.client.get(url, headers={"Prefer": "handling=strict"})
    assert problem(strict, 503, UNAVAILABLE)["detail"] == "Bron: names."
    # Who points at no zaak does not need it.
    plain = await gateway.client.get(f"partijen?partijIdentificator__objectId={BSN}")
    assert "names" not in plain.headers["Bronnen"]


async def down() -> None:
    raise SourceError(Failure.UNAVAILABLE)


async def test_a_name_is_looked_up_in_one_call(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Query] = []
    names = gateway.built.adapters["names"]
    find = names.find

    async def noted(collection: str, query: Query) -> Page:
        asked.append(query)
        return await find(collection, query)

    monkeypatch.setattr(names, "find", noted)
    zaak = gateway.municipality.zaken[-1]
    await gateway.asked(CONTACT, zaak.uuid, {})
    assert [query.where for query in asked] == [In("UUID", (zaak.uuid,))]


async def test_an_explanation_tells_that_names_are_looked_up(gateway: Running) -> None:
    filters = [("onderwerpobjectidentificatorObjectId", "ZAAK-2026-1")]
    told = list(explain(gateway.built.register, RESOURCES[LINK], filters))
    assert told[0] == "eerst: de andere namen van de zaak, bij names"
    assert not any("ZAAK-2026" in line for line in told)
    plain = list(explain(gateway.built.register, RESOURCES[LINK], []))
    assert "andere namen" not in " ".join(plain)
