"""When a source fails its name is told, in time; never an empty list, never a 401."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from adapters.base import Failure, SourceError
from adapters.conditions import Record
from gateway import installation
from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import LogLines, Trapped, client_of, problem, rest_config

Mini = Callable[..., Installation]
ANSWERS = {
    Failure.REFUSED: (502, "bron-weigert"),
    Failure.BAD_DATA: (502, "bron-gegevens-onjuist"),
    Failure.THROTTLED: (503, "bron-begrensd"),
    Failure.UNAVAILABLE: (503, "bron-niet-beschikbaar"),
    Failure.TIMEOUT: (504, "bron-te-laat"),
}


def failing(error: Exception, after: int = 0) -> Callable[[], Awaitable[None]]:
    """A trap that raises this, from the call after so many on."""
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise error

    return fail


async def hang() -> None:
    await asyncio.sleep(60)


def altering(collection: str, **fields: Any) -> Callable[[str, Record], Record]:
    """A trap that puts these in every record of a collection."""

    def alter(name: str, record: Record) -> Record:
        return {**record, **fields} if name == collection else record

    return alter


def source_of(installed: Installation) -> Trapped:
    (adapter,) = installed.adapters.values()
    assert isinstance(adapter, Trapped)
    return adapter


@pytest.mark.parametrize("resource", list(RESOURCES))
@pytest.mark.parametrize("failure", list(ANSWERS))
async def test_a_list_names_the_source_that_failed(
    client: httpx.AsyncClient, trap: Trapped, failure: Failure, resource: str
) -> None:
    trap.before = failing(SourceError(failure, "a note for the log"))
    body = problem(await client.get(resource), *ANSWERS[failure])
    assert body["detail"] == "Bron: kcc."


@pytest.mark.parametrize("failure", list(ANSWERS))
async def test_an_object_of_a_source_that_failed_is_not_said_to_be_gone(
    client: httpx.AsyncClient, trap: Trapped, failure: Failure
) -> None:
    (one,) = (await client.get("partijen?pageSize=1")).json()["results"]
    trap.before = failing(SourceError(failure))
    problem(await client.get(one["url"]), *ANSWERS[failure])


@pytest.mark.parametrize(
    "url",
    [
        "klantcontacten?pageSize=20&expand=hadBetrokkenen,hadBetrokkenen.wasPartij",
        "partijen?pageSize=20",
        "digitaleadressen?pageSize=20&page=2",
        "internetaken?pageSize=20",
    ],
)
async def test_an_answer_is_whole_or_not_at_all(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines, url: str
) -> None:
    whole = await client.get(url)
    calls = log.events("request")[-1]["sources"]["kcc"]["calls"]
    assert calls > 1
    for after in range(calls):
        trap.before = failing(SourceError(Failure.UNAVAILABLE), after)
        problem(await client.get(url), 503, "bron-niet-beschikbaar")
    trap.before = None
    assert (await client.get(url)).json() == whole.json()


async def test_the_log_has_the_note_that_a_client_does_not_get(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines
) -> None:
    trap.before = failing(SourceError(Failure.UNAVAILABLE, "status 500"))
    text = (await client.get("partijen")).text
    (event,) = log.events("request")
    assert (event["note"], event["code"]) == ("status 500", "bron-niet-beschikbaar")
    assert "status 500" not in text


async def test_a_client_hears_when_to_come_back(client: httpx.AsyncClient, trap: Trapped) -> None:
    trap.before = failing(SourceError(Failure.THROTTLED, retry_after=7))
    assert (await client.get("partijen")).headers["retry-after"] == "7"


async def test_a_source_may_name_any_time_to_come_back(
    client: httpx.AsyncClient, trap: Trapped
) -> None:
    trap.before = failing(SourceError(Failure.THROTTLED, retry_after=float("9" * 400)))
    assert (await client.get("partijen")).status_code == 503


async def test_a_source_that_is_back_answers_again(
    client: httpx.AsyncClient, trap: Trapped
) -> None:
    trap.before = failing(SourceError(Failure.UNAVAILABLE))
    await client.get("partijen")
    trap.before = None
    assert (await client.get("partijen")).status_code == 200


async def test_a_missing_database_is_named(mini: Mini, tmp_path: Path) -> None:
    app = mini().app()
    _remove(tmp_path / "mini.sqlite")
    async with client_of(app) as client:
        body = problem(await client.get("partijen"), 503, "bron-niet-beschikbaar")
    assert body["detail"] == "Bron: mini."


# --- time ---


async def test_a_slow_source_is_named_in_time(mini: Mini) -> None:
    installed = mini(limits={"source_seconds": 0.1})
    source_of(installed).before = hang
    started = time.monotonic()
    async with client_of(installed.app()) as client:
        body = problem(await client.get("partijen"), 504, "bron-te-laat")
    assert body["detail"] == "Bron: mini."
    assert time.monotonic() - started < 2


async def test_a_request_ends_in_time(mini: Mini) -> None:
    installed = mini(limits={"request_seconds": 0.1})
    source_of(installed).before = hang
    started = time.monotonic()
    async with client_of(installed.app()) as client:
        problem(await client.get("partijen"), 504, "tijd-verstreken")
    assert time.monotonic() - started < 2


async def test_many_slow_calls_end_in_time(kcc: Installation, trap: Trapped) -> None:
    async def slow() -> None:
        await asyncio.sleep(0.08)

    trap.before = slow
    limits = kcc.config.limits.model_copy(update={"request_seconds": 0.15})
    config = kcc.config.model_copy(update={"limits": limits})
    async with client_of(replace(kcc, config=config).app()) as client:
        problem(await client.get("klantcontacten"), 504, "tijd-verstreken")


async def test_what_ran_out_of_time_holds_up_nobody(mini: Mini) -> None:
    installed = mini(limits={"request_seconds": 0.1, "connections": 1})
    source = source_of(installed)
    source.before = hang
    async with client_of(installed.app()) as client:
        await asyncio.gather(*(client.get("partijen") for _ in range(5)))
        source.before = None
        assert (await client.get("partijen")).status_code == 200


# --- what was not expected ---


async def test_an_unexpected_error_is_a_problem(client: httpx.AsyncClient, trap: Trapped) -> None:
    trap.before = failing(ZeroDivisionError("999993653"))
    problem(await client.get("partijen"), 500, "error")


async def test_an_unexpected_error_is_logged_without_its_message(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines
) -> None:
    trap.before = failing(ZeroDivisionError("999993653"))
    await client.get("partijen")
    (event,) = log.events("unexpected")
    assert event["error"] == "ZeroDivisionError"
    assert any("test_failures.py" in place for place in event["at"])
    assert "999993653" not in str(log)


# --- answers that cannot be right ---


@pytest.mark.parametrize(
    ("collection", "field", "value", "rule"),
    [
        ("KLANT", "SRT", "Q", "partijen.soortPartij (klant): onbekende code."),
        ("KLANT", "AANMAAK", "gisteren", ": geen datum of tijd in het opgegeven patroon."),
        ("KLANT", "KLANT_ID", None, "): sleutel ontbreekt."),
        ("KLANT", "STATUS", "", "partijen.indicatieActief (klant): de bron heeft geen waarde."),
    ],
)
async def test_a_record_that_cannot_be_read_names_its_rule(
    client: httpx.AsyncClient,
    trap: Trapped,
    collection: str,
    field: str,
    value: object,
    rule: str,
) -> None:
    trap.alter = altering(collection, **{field: value})
    body = problem(await client.get("partijen"), 502, "bron-gegevens-onjuist")
    assert body["detail"].startswith("Bron: kcc; regel: ")
    assert body["detail"].endswith(rule)


async def test_a_record_that_was_not_asked_for_is_not_shown(
    client: httpx.AsyncClient, trap: Trapped
) -> None:
    (one,) = (await client.get("klantcontacten?pageSize=1")).json()["results"]
    trap.alter = altering("CONTACT", CONTACT_NR=1)
    response = await client.get("klantcontacten", params={"nummer": one["nummer"]})
    problem(response, 502, "bron-gegevens-onjuist")


async def test_a_record_that_is_hidden_is_not_shown(
    client: httpx.AsyncClient, trap: Trapped
) -> None:
    (one,) = (await client.get("klantcontacten?pageSize=1")).json()["results"]
    trap.alter = altering("CONTACT", VERWIJDERD="J")
    problem(await client.get(one["url"]), 404, "not_found")


# --- budgets ---


def limited(installed: Installation, **bounds: int) -> Installation:
    """The same installation, within other bounds."""
    register = copy.copy(installed.register)
    register.bounds = replace(register.bounds, **bounds)
    return replace(installed, register=register)


async def test_an_answer_that_costs_too_many_calls_is_refused(kcc: Installation) -> None:
    async with client_of(limited(kcc, calls=3).app()) as client:
        body = problem(await client.get("klantcontacten"), 400, "invalid")
    assert body["invalidParams"][0]["code"] == "too-many-related"


async def test_a_question_that_costs_too_many_calls_is_refused_by_name(kcc: Installation) -> None:
    async with client_of(limited(kcc, calls=1).app()) as client:
        body = problem(await client.get("partijen?soortPartij=persoon"), 400, "invalid")
    (wrong,) = body["invalidParams"]
    assert (wrong["name"], wrong["code"]) == ("soortPartij", "filter-not-supported")


async def test_an_answer_with_too_many_relations_is_refused(kcc: Installation) -> None:
    async with client_of(limited(kcc, related_objects=5).app()) as client:
        body = problem(await client.get("partijen"), 400, "invalid")
    assert body["invalidParams"][0]["code"] == "too-many-related"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def plain(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sample municipality behind a plain service, with a small budget."""
    path = rest_config(tmp_path_factory.mktemp("rest"), limits={"scan_records": 100})
    built = installation.build(path)
    async with client_of(built.app()) as client:
        yield client
    await built.close()


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("klantcontacten", ["nonFieldErrors"]),
        ("klantcontacten?onderwerp=paspoort", ["onderwerp"]),
        ("klantcontacten?onderwerp=x&inhoud=y", ["onderwerp", "inhoud"]),
    ],
)
async def test_a_question_that_is_too_broad_is_refused(
    plain: httpx.AsyncClient, url: str, names: list[str]
) -> None:
    body = problem(await plain.get(url), 400, "invalid")
    assert [(p["name"], p["code"]) for p in body["invalidParams"]] == [
        (name, "filter-not-supported") for name in names
    ]
    assert "Filters die wel werken: " in body["invalidParams"][0]["reason"]


async def test_a_question_that_is_narrow_enough_is_answered(
    plain: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    (one,) = (await client.get("klantcontacten?pageSize=1")).json()["results"]
    found = (await plain.get("klantcontacten", params={"nummer": one["nummer"]})).json()
    assert found["results"] == [one]


def _remove(path: Path) -> None:
    path.unlink()
