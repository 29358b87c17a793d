"""Questions that lead over zaken, of the whole sample municipality: what is answered is what stands
in the rows of its systems."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from adapters.base import Failure, Page, Query, SourceError
from adapters.conditions import In
from demo.v1.register import CONTACTEN
from gateway import installation
from gateway.config import Zaken
from gateway.federation.explain import explain
from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import BSN, ROOT, client_of, problem, sqlite_ended, write_config
from tests.support.v1 import OpenKlant1
from tests.support.zaken import CONTACT, LINK, MAILED, Key, Municipality, by_name, uuids

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNAVAILABLE = "bron-niet-beschikbaar"
NO_CODES: dict[str, str] = {}
BY_UUID, BY_NUMBER = Zaken().uuid, Zaken().identificatie
WITH_BETROKKENEN = [
    str(ROOT / "mappings" / f"zgw-zaken-{name}") for name in ("klantcontacten", "betrokkenen")
]


@dataclass(frozen=True)
class Running:
    """A gateway before the sample municipality."""

    municipality: Municipality
    built: Installation
    client: httpx.AsyncClient

    async def results(self, url: str) -> list[dict[str, Any]]:
        answer = await self.client.get(url)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["results"]
        assert answer.json()["count"] == len(found) == len({one["uuid"] for one in found})
        return found

    async def asked(
        self, resource: str, name: str, codes: Mapping[str, str] = NO_CODES
    ) -> list[dict[str, Any]]:
        return await self.results(by_name(resource, name, codes))

    def uuids(self, keys: Iterable[Key]) -> set[str]:
        return uuids(self.built.catalogue, keys)

    def about(self, resource: str, names: set[str]) -> set[str]:
        """The uuids of what is about a zaak with these names; what is in the archive of mail has
        none that can be foreseen."""
        links = self.municipality.links(self.built.adapters.keys())
        found = (
            link.own if resource == LINK else link.contact for link in links if link.name in names
        )
        return self.uuids(filter(None, found))

    def linked(self) -> dict[str, set[str]]:
        """By each name of a zaak the sources in which something is about it, under any name."""
        found: dict[str, set[str]] = {}
        for link in self.municipality.links(self.built.adapters.keys()):
            for name in self.municipality.names(link.name):
                found.setdefault(name, set()).add(link.own[0])
        return found


@asynccontextmanager
async def running(
    folder: Path, sources: Mapping[str, Any], municipality: Municipality
) -> AsyncIterator[Running]:
    built = installation.build(write_config(folder, sources))
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            yield Running(municipality, built, client)
        finally:
            await built.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("zaken")
    whole = Municipality(folder)
    async with running(folder, whole.sources() | whole.open_zaak(), whole) as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def of_persons(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """Before the registers, where who asked for a zaak had the contacts that were about it."""
    folder = tmp_path_factory.mktemp("personen")
    whole = Municipality(folder)
    sources = whole.registers() | whole.open_zaak(overrides=WITH_BETROKKENEN)
    async with running(folder, sources, whole) as it:
        yield it


def by_its_codes(name: str) -> list[dict[str, str]]:
    """No codes, and all under which a name stands."""
    return [NO_CODES, *(BY_NUMBER if "ZAAK" in name else BY_UUID)]


async def is_found(gateway: Running, name: str) -> None:
    """What is about a zaak is found by a name of it, and nothing else is."""
    names = gateway.municipality.names(name)
    mailed = bool(names.intersection(gateway.municipality.mailed))
    for resource in (CONTACT, LINK):
        expected = gateway.about(resource, names)
        for codes in by_its_codes(name):
            found = await gateway.asked(resource, name, codes)
            assert expected <= {one["uuid"] for one in found}, (name, codes)
            others = [one for one in found if one["uuid"] not in expected]
            assert len(others) == mailed, (name, codes)
            for one in others:
                about = one.get("onderwerp") or one["onderwerpobjectidentificator"]["objectId"]
                assert about.removeprefix(MAILED) in names


# --- what is about a zaak ------------------------------------------------------------------------


async def test_what_is_about_a_zaak_is_found_by_each_of_its_names(gateway: Running) -> None:
    linked = gateway.linked()
    everywhere = max(linked, key=lambda name: (len(linked[name]), name))
    names = gateway.municipality.names(everywhere)
    assert len(names) == 2
    # Of this one Open Zaak does not know, so its number is another matter.
    strange = next(n for n in linked if len(gateway.municipality.names(n)) == 1 and "-4" in n)
    social = next(n for n in linked if "sociaal" in linked[n] and len(linked[n]) > 2)
    assert linked[everywhere] | linked[social] == gateway.built.adapters.keys() - {"mail"}
    for name in (*names, strange, social):
        await is_found(gateway, name)


@pytest.mark.soak
async def test_what_is_about_any_zaak_is_found(gateway: Running) -> None:
    for name in gateway.linked():
        await is_found(gateway, name)


async def test_a_link_shows_the_name_and_the_codes_that_its_source_has(gateway: Running) -> None:
    number = next(n for n in reversed(gateway.municipality.mailed) if n.endswith("9001"))
    (uuid,) = gateway.municipality.names(number) - {number}
    found = await gateway.asked(LINK, uuid)
    shown = {tuple(one["onderwerpobjectidentificator"].values()) for one in found}
    assert {
        (uuid, "zgw-Zaak", "openzaak", "uuid"),
        (number, "zgw-Zaak", "openzaak", "identificatie"),
    } <= shown
    assert {one[0] for one in shown} == {uuid, number}


async def test_all_that_is_asked_is_asked_of_one_name(gateway: Running) -> None:
    number = gateway.municipality.mailed[-1]
    (uuid,) = gateway.municipality.names(number) - {number}
    for name, codes in (
        (uuid, BY_NUMBER[0]),
        (number, BY_UUID[0]),
        (uuid, {**BY_UUID[0], "codeRegister": "open-zaak"}),
        (uuid, {"codeObjecttype": "klantcontact"}),
    ):
        for resource in (CONTACT, LINK):
            assert await gateway.asked(resource, name, codes) == []


async def test_a_list_by_the_name_of_a_zaak_is_walked_as_any(gateway: Running) -> None:
    number = gateway.municipality.mailed[-1]
    whole = await gateway.asked(CONTACT, number)
    assert len(whole) > 2
    walked: list[dict[str, Any]] = []
    size = len(whole) // 2
    following = by_name(CONTACT, number, {}).replace("pageSize=500", f"pageSize={size}")
    while following:
        page = (await gateway.client.get(following)).json()
        assert page["count"] == len(whole)
        walked += page["results"]
        following = page["next"]
    assert walked == whole


async def test_a_register_of_zaken_that_is_down_is_as_any_source(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.built.adapters["openzaak"], "find", down)
    number = gateway.municipality.mailed[-1]
    url = by_name(CONTACT, number, {})
    told = problem(await gateway.client.get(url), 503, UNAVAILABLE)
    assert told["detail"] == "Bron: openzaak."
    monkeypatch.setattr(gateway.built.register._sources["openzaak"], "required", False)
    answer = await gateway.client.get(url)
    assert answer.status_code == 200
    assert "openzaak;staat=unavailable;ontbreekt" in answer.headers["Bronnen"]
    # It is asked for under the name that was given: only who wrote called it so.
    assert {one["onderwerp"] for one in answer.json()["results"]} == {MAILED + number}
    strict = await gateway.client.get(url, headers={"Prefer": "handling=strict"})
    assert problem(strict, 503, UNAVAILABLE)["detail"] == "Bron: openzaak."


async def down(collection: str, query: Query) -> Page:
    raise SourceError(Failure.UNAVAILABLE)


async def test_a_name_is_looked_up_in_one_call(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Query] = []
    open_zaak = gateway.built.adapters["openzaak"]
    find = open_zaak.find

    async def noted(collection: str, query: Query) -> Page:
        if collection == "zaken":
            asked.append(query)
        return await find(collection, query)

    monkeypatch.setattr(open_zaak, "find", noted)
    number = gateway.municipality.mailed[-1]
    await gateway.asked(CONTACT, number)
    assert [query.where for query in asked] == [In("identificatie", (number,))]


async def test_an_explanation_tells_that_names_are_looked_up(gateway: Running) -> None:
    filters = [("onderwerpobjectidentificatorObjectId", "ZAAK-2026-1")]
    told = list(explain(gateway.built.register, RESOURCES[LINK], filters))
    assert told[0] == "eerst: de andere namen van de zaak, bij openzaak"
    assert not any("ZAAK-2026" in line for line in told)
    plain = list(explain(gateway.built.register, RESOURCES[LINK], []))
    assert "andere namen" not in " ".join(plain)


async def test_without_a_register_of_zaken_only_codes_are_known_to_be_equal(
    tmp_path: Path,
) -> None:
    whole = Municipality(tmp_path)
    async with running(tmp_path, whole.sources(), whole) as gateway:
        links = list(whole.links(gateway.built.adapters.keys()))
        social = {link.name for link in links if link.own[0] == "sociaal"}
        name = next(x.name for x in links if x.own[0] == "kcc" and x.name in social)
        for codes in by_its_codes(name):
            found = await gateway.asked(LINK, name, codes)
            assert {one["uuid"] for one in found} == gateway.about(LINK, {name})


# --- what a zaak tells of contacts elsewhere, and of persons -------------------------------------


async def are_about(of_persons: Running, contacts: Iterable[str]) -> None:
    for uuid in contacts:
        found = await of_persons.results(f"{LINK}?klantcontact__uuid={uuid}&pageSize=500")
        expected = of_persons.uuids(of_persons.municipality.links_of(uuid))
        assert {one["uuid"] for one in found} == expected


async def had(of_persons: Running, bsns: Iterable[str]) -> int:
    """How many contacts persons had, of whom all are compared."""
    total = 0
    for bsn in bsns:
        of_bsn = f"hadBetrokkene__wasPartij__partijIdentificator__objectId={bsn}"
        found = await of_persons.results(f"{CONTACT}?{of_bsn}&pageSize=500")
        expected = of_persons.municipality.contacts_of(bsn)
        assert {one["uuid"] for one in found} == of_persons.uuids(expected), bsn
        total += len(found)
    return total


async def test_a_contact_is_about_the_zaken_that_are_linked_with_it(of_persons: Running) -> None:
    links = list(of_persons.municipality.links(["openzaak"]))
    contacts = {
        link.contact[2][0] for link in links if link.contact and link.contact[0] != "openzaak"
    }
    await are_about(
        of_persons, [*sorted(contacts)[:4], *list(OpenKlant1.last.register.rows[CONTACTEN])[:2]]
    )


async def test_contacts_of_a_person_are_those_of_his_zaken_too(of_persons: Running) -> None:
    whole = of_persons.municipality
    through = [bsn for bsn in whole.bsns if whole.through_zaken_of(bsn)]
    old = next(
        bsn
        for bsn in whole.bsns
        if {key[0] for key in whole.contacts_of(bsn) - whole.through_zaken_of(bsn)}
        == {"kcc", "openklant1"}
    )
    assert await had(of_persons, [BSN, old, *through[:3]]) > 8


async def test_contacts_of_a_person_tell_his_zaken(of_persons: Running) -> None:
    """There is no other question for these: nothing leads from an onderwerpobject to somebody."""
    of_bsn = f"hadBetrokkene__wasPartij__partijIdentificator__objectId={BSN}"
    found = await of_persons.results(f"{CONTACT}?{of_bsn}&expand=gingOverOnderwerpobjecten")
    links = list(of_persons.municipality.links(of_persons.built.adapters.keys()))
    told = 0
    for contact in found:
        about = {one["uuid"] for one in contact["_expand"]["gingOverOnderwerpobjecten"]}
        zaken = [
            x.own for x in links if x.contact and of_persons.uuids([x.contact]) == {contact["uuid"]}
        ]
        assert of_persons.uuids(zaken) <= about
        told += len(zaken)
    assert told > 3


@pytest.mark.soak
async def test_so_it_is_for_all_contacts_and_all_persons(of_persons: Running) -> None:
    await are_about(of_persons, OpenKlant1.last.register.rows[CONTACTEN])
    await had(of_persons, of_persons.municipality.bsns)
