"""The second register of the sample municipality: its rows, and that it stands alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

import httpx
import pytest

from adapters.rest import RestAdapter
from demo.kcc import data as kcc
from demo.kcc.values import moment_of, passes_elfproef
from demo.sociaal.data import FULL, KNOWN_HERE, SMALL, Tables, generate
from demo.sociaal.rest import create_app
from demo.sociaal.schema import SCHEMA
from demo.sociaal.sqlite import build
from demo.sociaal.values import utc
from gateway import installation
from gateway.standard.table import RESOURCES
from tests.helpers import ROOT, client_of, sql_source, write_config

MAPPING: Final = ROOT / "mappings" / "sociaal"
SERVED: Final = (
    "actoren",
    "actorklantcontacten",
    "betrokkenen",
    "digitaleadressen",
    "internetaken",
    "klantcontacten",
    "onderwerpobjecten",
    "partij-identificatoren",
    "partijen",
)


@pytest.fixture(scope="module")
def full() -> Tables:
    return generate(FULL)


@pytest.fixture(scope="module")
def small() -> Tables:
    return generate(SMALL)


# --- the rows ---


def test_rows_are_the_same_every_time(small: Tables) -> None:
    assert generate(SMALL) == small


@pytest.mark.parametrize("scale", ["small", "full"])
def test_keys_are_unique_and_references_lead_somewhere(
    scale: str, request: pytest.FixtureRequest
) -> None:
    rows: Tables = request.getfixturevalue(scale)
    for name, table in SCHEMA.items():
        keys = [tuple(row[column] for column in table.key) for row in rows[name]]
        assert len(set(keys)) == len(keys)
        for column, (to, far) in table.references.items():
            there = {row[far] for row in rows[to]}
            assert {row[column] for row in rows[name]} - there <= {None}, (name, column)


def numbers(rows: Tables, scheme: str) -> dict[str, str]:
    """The clients with a number of this scheme, with that number."""
    return {r["client_id"]: r["value"] for r in rows["client_number"] if r["scheme"] == scheme}


def test_persons_and_organisations_are_shared_with_the_kcc(full: Tables) -> None:
    elsewhere = kcc.generate()["KLANT"]
    here = numbers(full, "BSN")
    shared = {str(row["BSN"]).zfill(9) for row in elsewhere if row["BSN"]} & set(here.values())
    persons = [row for row in full["client"] if row["kind"] == "person"]
    assert sum(here.get(row["client_id"]) in shared for row in persons) >= 0.4 * len(persons)
    assert set(kcc.KNOWN_BSNS) - set(here.values()) == set(kcc.KNOWN_BSNS) - set(KNOWN_HERE)
    assert len(KNOWN_HERE) == len(kcc.KNOWN_BSNS) - 1
    assert all(map(passes_elfproef, here.values()))
    assert max(Counter(here.values()).values()) > 1  # Registered twice.
    companies = {row["KVK_NR"] for row in elsewhere if row["SRT"] == "B"}
    assert 0 < len(companies & set(numbers(full, "KVK").values())) < len(numbers(full, "KVK"))
    branches = {row["VEST_NR"] for row in elsewhere if row["VEST_NR"]}
    assert set(numbers(full, "VEST").values()) <= branches


def test_shared_addresses_are_written_in_more_than_one_way(full: Tables) -> None:
    theirs = {row["EMAIL"] for row in kcc.generate()["KLANT"] if row["EMAIL"]}
    ours = {row["value"] for row in full["client_reach"] if row["kind"] == "mail"}
    folded = {address.lower() for address in ours} & {address.lower() for address in theirs}
    assert 0 < len(ours & theirs) < len(folded) < len(ours)


def test_interactions_lie_between_the_contacts_of_the_kcc(full: Tables) -> None:
    theirs = {utc(moment_of(r["DATUM"] + r["TIJD"])) for r in kcc.generate()["CONTACT"]}
    ours = [row["took_place_at"] for row in full["interaction"]]
    assert len(theirs.intersection(ours)) >= 3  # At the same second.
    newest = sorted(theirs)[-25:]
    assert sum(newest[0] < moment < newest[-1] for moment in ours) == 12


# --- alone ---


class SampleRest(RestAdapter):
    """The REST adapter on the register's plain service, with few rows."""

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        made = super().create({"base_url": "http://sociaal.example", **options}, collections)
        made._transport = httpx.ASGITransport(create_app(generate(SMALL)))
        return made


def behind(kind: str, folder: Path, rows: Tables) -> dict[str, Any]:
    """The settings of a source of this kind on the rows."""
    if kind == "sql":
        build(folder / "sociaal.sqlite", rows)
        return sql_source(MAPPING, folder / "sociaal.sqlite", number=2)
    return {
        "number": 2,
        "adapter": f"{__name__}:SampleRest",
        "mapping": str(MAPPING),
        "collections": "rest",
        "options": {"separator": ",", "max_values": 20},
    }


@pytest.fixture(params=["sql", "rest"])
async def alone(
    request: pytest.FixtureRequest, tmp_path: Path, small: Tables
) -> AsyncIterator[httpx.AsyncClient]:
    source = behind(request.param, tmp_path, small)
    built = installation.build(write_config(tmp_path, {"sociaal": source}))
    async with client_of(built.app()) as client:
        yield client
    await built.close()


async def test_lists_and_details_answer(alone: httpx.AsyncClient) -> None:
    for resource in RESOURCES:
        answer = await alone.get(resource, params={"pageSize": 500})
        assert answer.status_code == 200, answer.text
        results = answer.json()["results"]
        assert answer.json()["count"] == len(results)
        assert bool(results) == (resource in SERVED), resource
        for one in results[:3] + results[-3:]:
            detail = await alone.get(one["url"])
            assert (detail.status_code, detail.json()["uuid"]) == (200, one["uuid"])


async def test_a_known_person_is_found_with_all_that_hangs_on_her(alone: httpx.AsyncClient) -> None:
    about = {"partijIdentificator__objectId": KNOWN_HERE[0], "expand": "digitaleAdressen"}
    found = (await alone.get("partijen", params=about)).json()["results"]
    addresses = [a["adres"] for a in found[0]["_expand"]["digitaleAdressen"]]
    assert sorted(addresses) == [
        "0101237788",
        "0612345699",
        "Merel.Kooyman@post.example",
        "merel@dagbesteding.example",
    ]
    was = "hadBetrokkene__wasPartij__partijIdentificator__objectId"
    contacts = await alone.get("klantcontacten", params={was: KNOWN_HERE[0]})
    assert contacts.json()["count"] >= 3


async def test_nothing_of_a_draft_is_shown(alone: httpx.AsyncClient, small: Tables) -> None:
    drafts = {r["interaction_id"] for r in small["interaction"] if r["state"] == "draft"}
    assert drafts
    for resource in SERVED:
        text = (await alone.get(resource, params={"pageSize": 500})).text
        assert not any(draft in text for draft in drafts), resource
