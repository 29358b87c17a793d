"""The address at which a partij wants to be reached: clients look for it in three ways, and each of
them finds what a source said in another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from demo.kcc import data as kcc
from demo.kcc.data import Row, Tables
from demo.kcc.sqlite import build as build_kcc
from demo.sociaal import data as sociaal
from demo.sociaal.sqlite import build as build_sociaal
from tests.api.test_bursts import installed, register
from tests.helpers import BSN, problem
from tests.support.watched import Watched, watched

PORTAL: Final = "portaalvoorkeur"
OF_PARTIJ: Final = f"verstrektDoorPartij__partijIdentificator__objectId={BSN}"

Shown = dict[str, tuple[bool, str]]
"""Per address of the customer isStandaardAdres and referentie."""


def own(tables: Tables, columns: Row, *addresses: Row) -> Tables:
    """Rows of the KCC in which the customer has these addresses, and no others."""
    (klant,) = (row for row in tables["KLANT"] if row["BSN"] == BSN)
    klant |= {"EMAIL": "", "TEL_PRIVE": "", "TEL_MOBIEL": "", "VOORKEUR": "", **columns}
    sample = tables["KLANT_ADRES"][0] | {"KLANT_ID": klant["KLANT_ID"], "REF": "", "STANDAARD": "N"}
    others = [row for row in tables["KLANT_ADRES"] if row["KLANT_ID"] != klant["KLANT_ID"]]
    mine = [sample | {"ADRES_ID": 9000 + n, **row} for n, row in enumerate(addresses)]
    return tables | {"KLANT_ADRES": [*others, *mine]}


def elsewhere(tables: Tables, *addresses: Row) -> Tables:
    """The same for the social domain."""
    (client,) = (row["client_id"] for row in tables["client_number"] if row["value"] == BSN)
    sample = tables["client_reach"][0] | {"client_id": client, "reference": "", "is_default": 0}
    others = [row for row in tables["client_reach"] if row["client_id"] != client]
    mine = [sample | {"reach_id": 9000 + n, **row} for n, row in enumerate(addresses)]
    return tables | {"client_reach": [*others, *mine]}


def mail(adres: str, **more: Any) -> Row:
    return {"SRT": "E", "WAARDE": adres, **more}


def reach(adres: str, **more: Any) -> Row:
    return {"kind": "mail", "value": adres, **more}


A, B, C = "a@kooyman.example", "b@kooyman.example", "c@kooyman.example"
CALLED, DIALLED = "0612345678", "+31 6 1234 5678"


@pytest.mark.parametrize(
    ("columns", "ours", "theirs", "expected", "preferred"),
    [
        pytest.param(
            {}, [mail(A), mail(B)], [reach(C)],
            {A: (False, ""), B: (False, ""), C: (False, "")}, None,
            id="nobody says",
        ),
        pytest.param(
            {"EMAIL": A, "VOORKEUR": "E"}, [mail(B)], [reach(C)],
            {A: (True, PORTAL), B: (False, ""), C: (False, "")}, A,
            id="by reference",
        ),
        pytest.param(
            {}, [mail(A), mail(B, REF=PORTAL)], [],
            {A: (False, ""), B: (True, PORTAL)}, B,
            id="for portals",
        ),
        pytest.param(
            {}, [mail(A), mail(B, STANDAARD="J")], [],
            {A: (False, ""), B: (True, PORTAL)}, B,
            id="the standard",
        ),
        pytest.param(
            {}, [mail(A)], [reach(C, is_default=1)],
            {A: (False, ""), C: (True, PORTAL)}, C,
            id="in the other source",
        ),
        pytest.param(
            {}, [mail(A), mail(B)], [reach(B.upper(), is_default=1)],
            {A: (False, ""), B: (True, PORTAL)}, B,
            id="of the same address in the other source",
        ),
        pytest.param(
            {}, [mail(A, STANDAARD="J"), mail(B, REF=PORTAL)], [],
            {A: (True, ""), B: (False, PORTAL)}, B,
            id="two ways, two addresses: both stay as they are",
        ),
        pytest.param(
            {"EMAIL": A, "VOORKEUR": "E"}, [mail(B, REF=PORTAL)], [reach(C, is_default=1)],
            {A: (True, ""), B: (False, PORTAL), C: (True, "")}, A,
            id="sources that disagree",
        ),
        pytest.param(
            {}, [mail(A, STANDAARD="J", REF="ZAAK-1"), mail(B)], [],
            {A: (True, "ZAAK-1"), B: (False, "")}, A,
            id="a reference that says something else",
        ),
        pytest.param(
            {"TEL_MOBIEL": CALLED, "VOORKEUR": "M"}, [mail(A, STANDAARD="J"), mail(B)], [],
            {CALLED: (True, PORTAL), A: (True, PORTAL), B: (False, "")}, CALLED,
            id="each soort by itself",
        ),
        pytest.param(
            {"TEL_MOBIEL": CALLED}, [],
            [{"kind": "phone", "value": DIALLED, "reference": PORTAL}],
            {CALLED: (True, PORTAL)}, CALLED,
            id="the same number in the other source",
        ),
    ],
)  # fmt: skip
async def test_the_three_ways_agree(
    tmp_path: Path,
    columns: Row,
    ours: Sequence[Row],
    theirs: Sequence[Row],
    expected: Shown,
    preferred: str | None,
) -> None:
    tables = kcc.generate(kcc.SMALL)
    others = elsewhere(sociaal.generate(sociaal.SMALL, tables), *theirs)
    async with two(tmp_path, own(tables, columns, *ours), others) as client:
        partij = await one_of(client, f"partijen?partijIdentificator__objectId={BSN}")
        by_uuid = {one["uuid"]: one for one in partij["_expand"]["digitaleAdressen"]}
        assert shown(by_uuid.values()) == expected
        chosen = partij["voorkeursDigitaalAdres"]
        assert (by_uuid[chosen["uuid"]]["adres"] if chosen else None) == preferred
        for uuid, one in by_uuid.items():
            detail = (await client.get(f"digitaleadressen/{uuid}")).json()
            assert {**detail, "_expand": {}} == {**one, "_expand": {}}
        assert shown(await listed(client, OF_PARTIJ)) == expected
        for text, value in (("true", True), ("false", False)):
            asked = shown(await listed(client, f"{OF_PARTIJ}&isStandaardAdres={text}"))
            assert asked == {k: v for k, v in expected.items() if v[0] is value}
        asked = shown(await listed(client, f"{OF_PARTIJ}&referentie={PORTAL}"))
        assert asked == {k: v for k, v in expected.items() if v[1] == PORTAL}


@asynccontextmanager
async def two(
    folder: Path, ours: Tables, theirs: Tables, **sections: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of both registers, with these rows."""
    build_kcc(folder / "kcc.sqlite", ours)
    build_sociaal(folder / "sociaal.sqlite", theirs)
    sources = {
        "kcc": register("kcc", 1, folder / "kcc.sqlite"),
        "sociaal": register("sociaal", 2, folder / "sociaal.sqlite"),
    }
    async with installed(folder, sources, **sections) as (_, client):
        yield client


async def listed(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    """All of a list of addresses, which counts what it has."""
    answer = await client.get(f"digitaleadressen?{query}&pageSize=500")
    assert answer.status_code == 200
    page = answer.json()
    assert page["count"] == len(page["results"])
    found: list[dict[str, Any]] = page["results"]
    return found


async def one_of(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    (found,) = (await client.get(f"{url}&expand=digitaleAdressen")).json()["results"]
    one: dict[str, Any] = found
    return one


def shown(addresses: Any) -> Shown:
    return {one["adres"]: (one["isStandaardAdres"], one["referentie"]) for one in addresses}


async def test_a_filter_without_a_partij_finds_what_is_shown(tmp_path: Path) -> None:
    tables = kcc.generate(kcc.SMALL)
    async with two(tmp_path, tables, sociaal.generate(sociaal.SMALL, tables)) as client:
        everything = await listed(client, "")
        for query, holds in (
            ("isStandaardAdres=true", lambda a: a["isStandaardAdres"]),
            ("isStandaardAdres=false", lambda a: not a["isStandaardAdres"]),
            (f"referentie={PORTAL}", lambda a: a["referentie"] == PORTAL),
        ):
            wanted = [one for one in everything if holds(one)]
            assert wanted
            assert await listed(client, query) == wanted


async def test_beyond_what_may_be_looked_through_it_is_refused(tmp_path: Path) -> None:
    tables = kcc.generate(kcc.SMALL)
    others = sociaal.generate(sociaal.SMALL, tables)
    async with two(tmp_path, tables, others, limits={"merged_records": 20}) as client:
        for query in ("isStandaardAdres=true", f"referentie={PORTAL}"):
            refused = problem(await client.get(f"digitaleadressen?{query}"), 400, "invalid")
            (param,) = refused["invalidParams"]
            assert (param["name"], param["code"]) == (
                query.partition("=")[0],
                "filter-not-supported",
            )
            assert "verstrektDoorPartij__uuid" in param["reason"]
            await listed(client, f"{OF_PARTIJ}&{query}")


async def test_addresses_that_agree_cost_no_call(tmp_path: Path) -> None:
    """What one record says in both ways, or in none, depends on no other."""
    tables = kcc.generate(kcc.SMALL)
    for row in tables["KLANT"]:
        row["VOORKEUR"] = ""
    for n, row in enumerate(tables["KLANT_ADRES"]):
        row |= {"STANDAARD": "J", "REF": PORTAL} if n % 2 else {"STANDAARD": "N", "REF": ""}
    build_kcc(tmp_path / "kcc.sqlite", tables)
    sources = {"kcc": register("kcc", 1, tmp_path / "kcc.sqlite")}
    counts = []
    for said in ({}, {"REF": ""}):
        for row in tables["KLANT_ADRES"]:
            row |= said
        build_kcc(tmp_path / "kcc.sqlite", tables)
        async with installed(tmp_path, sources, partijen={"same_by": []}) as (built, client):
            (source,) = watched(built)
            await listed(client, "soortDigitaalAdres=email")
            counts.append(calls(source, "KLANT_ADRES"))
    assert counts == [1, 2]


def calls(source: Watched, collection: str) -> int:
    """How often records of a collection were asked for."""
    return sum(call.collection == collection and call.records > 0 for call in source.asked)
