"""A desk that opens one customer asks its sources little, and sees nothing that is not its to see.

What the gateway keeps for that is a few seconds old at most, and of no one with other rights.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from adapters.base import Failure, SourceError
from demo.kcc import data as kcc
from demo.kcc.sqlite import build as build_kcc
from demo.rest.app import create_app
from demo.sociaal import data as sociaal
from demo.sociaal.sqlite import build as build_sociaal
from gateway import installation
from gateway.api.access import hashed
from gateway.installation import Installation
from gateway.sources.remembered import Remembered
from tests.helpers import (
    BSN,
    ROOT,
    TOKEN,
    client_of,
    problem,
    sql_source,
    sqlite_ended,
    write_config,
)
from tests.support.klantbeeld import Desk, of_ten_contacts
from tests.support.watched import Watched, WatchedRest, rounds, watched

ROUND_TRIP: Final = 0.05
OTHER_TOKEN: Final = "of-another-client"
BURST: Final = {"burst_seconds": 5}

WHOSE: Final = "partijIdentificator__objectId=" + BSN
BY_IDENTIFICATOR: Final = [
    # KISS, NotifyNL-OMC and GZAC, Open Inwoner, Nijmegen, NL Portal, ZAC.
    f"partijIdentificator__codeSoortObjectId=bsn&{WHOSE}&soortPartij=persoon&expand=digitaleAdressen",
    f"partijIdentificator__codeSoortObjectId=bsn&{WHOSE}&expand=digitaleAdressen",
    "partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__codeRegister=brp"
    f"&partijIdentificator__codeObjecttype=natuurlijk_persoon&{WHOSE}&soortPartij=persoon",
    f"partijIdentificator__codeRegister=brp&{WHOSE}&expand=digitaleAdressen",
    f"soortPartij=persoon&{WHOSE}",
    "expand=digitaleAdressen&page=1&pageSize=100"
    "&partijIdentificator__codeObjecttype=natuurlijk_persoon"
    f"&partijIdentificator__codeSoortObjectId=bsn&{WHOSE}",
    f"expand=betrokkenen,betrokkenen.hadKlantcontact&page=1&pageSize=100&{WHOSE}",
]
SOORTEN: Final = {
    "bsn": "persoon",
    "kvk_nummer": "organisatie",
    "vestigingsnummer": "organisatie",
}

OF_BETROKKENEN: Final = ("CONTACT", "participant")
"""Collections of which betrokkenen of partijen are made."""

Sources = dict[str, dict[str, Any]]


def register(alias: str, number: int, file: Path) -> dict[str, Any]:
    """The settings of a watched database."""
    settings = sql_source(ROOT / "mappings" / alias, file, number)
    return settings | {"adapter": "tests.support.watched:WatchedSql"}


def one_database(folder: Path) -> Sources:
    """The KCC in a database, of a customer with 10 contacts."""
    build_kcc(folder / "kcc.sqlite", of_ten_contacts(kcc.generate(kcc.SMALL)))
    return {"kcc": register("kcc", 1, folder / "kcc.sqlite")}


def one_service(_: Path) -> Sources:
    """The same behind a plain service."""
    settings = {
        "number": 1,
        "adapter": "tests.support.watched:WatchedRest",
        "mapping": str(ROOT / "mappings" / "kcc"),
        "collections": "rest",
        "options": {"base_url": "http://kcc.example", "separator": ",", "max_values": 20},
    }
    return {"kcc": settings}


def two_registers(folder: Path) -> Sources:
    """The demo: the customer has 5 contacts in each register, most with a task of their own."""
    rows = kcc.generate(kcc.SMALL)
    build_kcc(folder / "kcc.sqlite", rows)
    build_sociaal(folder / "sociaal.sqlite", sociaal.generate(sociaal.SMALL, rows))
    return {
        "kcc": register("kcc", 1, folder / "kcc.sqlite"),
        "sociaal": register("sociaal", 2, folder / "sociaal.sqlite"),
    }


@asynccontextmanager
async def installed(
    folder: Path, sources: Sources, **sections: Any
) -> AsyncIterator[tuple[Installation, httpx.AsyncClient]]:
    """An installation on these sources, and a client of it."""
    built = installation.build(write_config(folder, sources, **sections))
    for adapter in built.adapters.values():
        if isinstance(adapter, WatchedRest):
            adapter.serve(create_app(of_ten_contacts(kcc.generate(kcc.SMALL))))
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            await asyncio.gather(*(adapter.check() for adapter in built.adapters.values()))
            yield built, client
        finally:
            await built.close()


# --- what a klantbeeld costs ---


@pytest.mark.parametrize("tabs_at_once", [True, False])
@pytest.mark.parametrize(
    ("make", "requests", "most"),
    [
        # Numbers that other applications brought stand in a table of their own: that is asked
        # once a customer is known, and again for whom the customer may act for.
        (one_database, 34, 8),
        (one_service, 34, 8),
        (two_registers, 51, 8),
    ],
)
async def test_a_klantbeeld_is_a_few_round_trips(
    tmp_path: Path,
    make: Callable[[Path], Sources],
    requests: int,
    most: int,
    tabs_at_once: bool,
) -> None:
    # Also on a machine with other work to do.
    limits = {"burst_seconds": 60}
    async with installed(tmp_path, make(tmp_path), limits=limits) as (built, client):
        sources = watched(built, ROUND_TRIP)
        desk = Desk(client)
        await desk.open(tabs_at_once)
    asked = [call for source in sources for call in source.asked]
    assert desk.requests == requests
    assert rounds(asked) <= most
    assert len(asked) <= requests


@pytest.mark.parametrize("fails", ["hangs", "is down"])
async def test_a_detail_does_not_wait_for_the_rest_of_its_page(tmp_path: Path, fails: str) -> None:
    """What others on a page need is asked for beside it, and is nothing that it depends on."""
    async with installed(tmp_path, two_registers(tmp_path), limits=BURST) as (built, client):
        ours, theirs = watched(built)
        page = (await client.get("klantcontacten?pageSize=20")).json()["results"]
        # The social domain has uuids of its own, those of the KCC are made.
        own = [one for one in page if one["uuid"][14] == "8"]
        assert 0 < len(own) < len(page)
        ours.seconds = ROUND_TRIP
        ours.asked.clear()
        if fails == "hangs":
            theirs.seconds = 3600
        else:
            theirs.find = broken  # type: ignore[method-assign]
        clock = asyncio.get_running_loop().time
        began = clock()
        answer = await client.get(f"{own[0]['url']}?expand=leiddeTotInterneTaken")
        assert answer.status_code == 200
        assert clock() - began < 2
        assert ours.asked
        assert "staat=ok" in answer.headers["Bronnen"]


async def broken(collection: str, query: Any) -> Any:
    raise SourceError(Failure.UNAVAILABLE)


async def test_without_what_was_seen_it_would_be_many(tmp_path: Path) -> None:
    async with installed(tmp_path, one_database(tmp_path)) as (built, client):
        (source,) = watched(built)
        await Desk(client).open(tabs_at_once=False)
    assert rounds(source.asked) > 60


async def test_a_detail_does_not_fail_on_what_its_neighbours_need(tmp_path: Path) -> None:
    """What is fetched along is left when it is much; then it costs a call of its own."""
    async with installed(tmp_path, one_database(tmp_path), limits=BURST) as (built, client):
        (source,) = watched(built)
        listed = (await client.get("partij-identificatoren?pageSize=50")).json()["results"]
        register = copy.copy(built.register)
        register.bounds = replace(register.bounds, related_objects=25)
        async with client_of(replace(built, register=register).app()) as bounded:
            for one in listed[-5:]:
                answer = await bounded.get(one["identificeerdePartij"]["url"])
                assert answer.status_code == 200
        contacts = [call.records for call in source.asked if call.collection == "CONTACT"]
    assert max(contacts) > 25 >= contacts[-1]


# --- one partij for one identificator ---


@pytest.fixture(params=[0, 5], ids=["each by itself", "in a burst"])
async def both(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Installation, httpx.AsyncClient]]:
    """The two registers as one, with and without a memory."""
    limits = {"burst_seconds": request.param}
    async with installed(tmp_path, two_registers(tmp_path), limits=limits) as made:
        yield made


async def test_an_identificator_has_one_partij_or_none(
    both: tuple[Installation, httpx.AsyncClient],
) -> None:
    """Every combination of filters that clients send, for someone whom both registers know, for
    others and for no one."""
    _, client = both
    found = [(await client.get(f"partijen?{q}")).json() for q in BY_IDENTIFICATOR]
    assert [page["count"] for page in found] == [1] * len(found)
    assert len({page["results"][0]["uuid"] for page in found}) == 1
    for bsn in (*kcc.KNOWN_BSNS, "111222333"):
        for query in BY_IDENTIFICATOR:
            page = (await client.get(f"partijen?{query.replace(BSN, bsn)}")).json()
            assert page["count"] == len(page["results"]) == (bsn in kcc.KNOWN_BSNS)


@pytest.mark.slow
async def test_no_identificator_has_two_partijen(
    both: tuple[Installation, httpx.AsyncClient],
) -> None:
    """KISS refuses a customer that it finds twice, NL Portal makes yet another."""
    _, client = both
    for kind, soort in SOORTEN.items():
        wanted = f"partijIdentificatorCodeSoortObjectId={kind}&pageSize=500"
        listed = (await client.get(f"partij-identificatoren?{wanted}")).json()["results"]
        values = {one["partijIdentificator"]["objectId"] for one in listed}
        assert len(values) == len(listed) > 10
        for value in values:
            query = (
                f"expand=digitaleAdressen&soortPartij={soort}"
                f"&partijIdentificator__codeSoortObjectId={kind}"
                f"&partijIdentificator__objectId={value}"
            )
            assert (await client.get(f"partijen?{query}")).json()["count"] == 1


# --- health checks and polls ---


async def test_an_unfiltered_list_is_cheap(both: tuple[Installation, httpx.AsyncClient]) -> None:
    """NotifyNL-OMC asks all klantcontacten to see whether the register is there."""
    built, client = both
    sources = watched(built)
    answer = await client.get("klantcontacten")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 100
    asked = [call for source in sources for call in source.asked]
    # For each register the page, and each relation of it once.
    assert len(asked) <= 20
    assert rounds(asked) <= 4
    assert sum(call.records for call in asked) <= 100 * len(asked)


async def test_a_poll_of_tasks_has_rows(both: tuple[Installation, httpx.AsyncClient]) -> None:
    """ITA asks all internetaken, time and again, and reads on until 404."""
    _, client = both
    seen: list[str] = []
    for page in range(1, 20):
        answer = await client.get(f"internetaken?page={page}&pageSize=15")
        if answer.status_code == 404:
            break
        seen += [task["uuid"] for task in answer.json()["results"]]
    problem(answer, 404, "not_found")
    assert len(seen) == len(set(seen)) == (await client.get("internetaken")).json()["count"]


# --- what is kept, for whom and for how long ---

CLIENTS: Final = {
    "tests": {"tokens": [hashed(TOKEN)], "scopes": ["*:read"]},
    "other": {"tokens": [hashed(OTHER_TOKEN)], "scopes": ["klantcontacten:read"]},
}


async def list_and_detail(client: httpx.AsyncClient, source: Watched) -> tuple[Any, int]:
    """A contact of a list as its detail shows it, and how many calls that detail took."""
    one = (await client.get("klantcontacten?pageSize=20")).json()["results"][3]
    source.asked.clear()
    found = await shown(client, one["url"])
    assert found == one
    return found, len(source.asked)


async def shown(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    """An object as a list shows it: there it has room for what is expanded."""
    answer = await client.get(url)
    assert answer.status_code == 200
    return {**answer.json(), "_expand": {}}


async def test_a_list_answers_the_details_after_it(tmp_path: Path) -> None:
    async with installed(tmp_path, one_database(tmp_path), limits=BURST) as (built, client):
        (source,) = watched(built)
        assert (await list_and_detail(client, source))[1] == 0


async def test_what_was_seen_with_an_object_is_not_listed_again(
    both: tuple[Installation, httpx.AsyncClient],
) -> None:
    """Unless it takes more than a page, or it may be otherwise by now: then the sources are asked.
    The answer is the same."""
    built, client = both
    partij = (await client.get(f"partijen?{WHOSE}")).json()["results"][0]
    whole = f"betrokkenen?wasPartij__url={partij['url']}"
    sources = watched(built)
    asked: list[bool] = []
    found = []
    for query in (whole, f"{whole}&pageSize=3", f"{whole}&hadKlantcontact__nummer=1"):
        for source in sources:
            source.asked.clear()
        answer = await client.get(query)
        asked.append(any(c.collection in OF_BETROKKENEN for s in sources for c in s.asked))
        found.append(answer.json())
    assert asked == [not built.register._sources["kcc"].fresh, True, True]
    assert found[0]["count"] == found[1]["count"] == len(partij["betrokkenen"]) > 3
    assert found[0]["results"][:3] == found[1]["results"]
    assert {one["uuid"] for one in found[0]["results"]} == {
        one["uuid"] for one in partij["betrokkenen"]
    }
    assert found[2]["count"] == 0
    for source in built.register._sources.values():
        source.forget()
    for watching in sources:
        watching.asked.clear()
    assert (await client.get(whole)).json() == found[0]
    assert any(c.collection in OF_BETROKKENEN for s in sources for c in s.asked)


async def test_what_is_not_there_is_asked_once(tmp_path: Path) -> None:
    """A reference that leads nowhere is in the next question as well; until there is a change."""
    tables = of_ten_contacts(kcc.generate(kcc.SMALL))
    for row in tables["CONTACT"]:
        row["MDW_CODE"] = "weg" if row["CONTACT_ID"] % 2 else row["MDW_CODE"]
    build_kcc(tmp_path / "kcc.sqlite", tables)
    sources = {"kcc": register("kcc", 1, tmp_path / "kcc.sqlite")}
    async with installed(tmp_path, sources, limits=BURST) as (built, client):
        (source,) = watched(built)
        pages = [(await client.get(f"klantcontacten?pageSize={n}")).json() for n in (10, 40)]
        assert pages[1]["results"][:10] == pages[0]["results"]
        assert sum(not one["hadBetrokkenActoren"] for one in pages[1]["results"]) > 10
        asked = [str(c.query.where) for c in source.asked if c.collection == "MEDEWERKER"]
        assert ["'weg'" in where for where in asked] == [True, False]
        built.register._sources["kcc"].forget()
        assert (await client.get("klantcontacten?pageSize=40")).json() == pages[1]
        asked = [str(c.query.where) for c in source.asked if c.collection == "MEDEWERKER"]
        assert "'weg'" in asked[-1]


async def test_what_one_saw_answers_no_one_with_other_rights(tmp_path: Path) -> None:
    sources = one_database(tmp_path)
    async with installed(tmp_path, sources, limits=BURST, clients=CLIENTS) as (built, client):
        (source,) = watched(built)
        seen, _ = await list_and_detail(client, source)
        client.headers["Authorization"] = f"Token {OTHER_TOKEN}"
        bare = await shown(client, seen["url"])
        assert source.asked
        assert not any("naam" in actor for actor in bare["hadBetrokkenActoren"])
        problem(await client.get("betrokkenen"), 403, "permission_denied")
        # And the other way around: what it saw is not what the first is shown.
        client.headers["Authorization"] = f"Token {TOKEN}"
        assert await shown(client, seen["url"]) == seen


async def test_what_was_seen_is_gone_when_the_source_changes(tmp_path: Path) -> None:
    async with installed(tmp_path, one_database(tmp_path), limits=BURST) as (built, client):
        (source,) = watched(built)
        seen, calls = await list_and_detail(client, source)
        assert calls == 0
        built.register._sources["kcc"].forget()
        assert await shown(client, seen["url"]) == seen
        assert source.asked


async def test_a_source_can_be_kept_out_of_it(tmp_path: Path) -> None:
    sources = one_database(tmp_path)
    sources["kcc"]["burst"] = False
    async with installed(tmp_path, sources, limits=BURST) as (built, client):
        (source,) = watched(built)
        assert (await list_and_detail(client, source))[1] > 0


async def test_nothing_is_kept_for_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is asked again and again in the meantime, and what was fetched along."""
    stores: list[Remembered] = []
    made = Remembered.__init__

    def noted(self: Remembered, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        stores.append(self)

    monkeypatch.setattr(Remembered, "__init__", noted)
    monkeypatch.setattr(Remembered, "SWEEP_SECONDS", 0.05)
    loop = asyncio.get_running_loop()
    limits = {"burst_seconds": 0.6}
    async with installed(tmp_path, one_database(tmp_path), limits=limits) as (built, client):
        (source,) = watched(built)
        began = loop.time()
        url = (await client.get("klantcontacten?pageSize=20")).json()["results"][3]["url"]
        answered = loop.time()
        while loop.time() < began + 0.5:
            await client.get(url)
        assert len([c for c in source.asked if c.began > answered]) == 0
        await asyncio.sleep(answered + 0.6 - loop.time())
        source.asked.clear()
        await client.get(url)
        assert source.asked
        await asyncio.sleep(0.8)
        (store,) = stores
        assert store.bytes == 0
