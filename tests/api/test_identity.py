"""Ids are for ever: another process knows them all, and an invented one costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import (
    API,
    TOKEN,
    LogLines,
    Server,
    client_of,
    free_port,
    problem,
    serving,
    values,
)

HEADERS = {"Authorization": f"Token {TOKEN}"}
NATIVE = ("bijlagen",)
"""Resources whose source has uuids of its own."""
PACKED = [name for name in RESOURCES if name not in NATIVE]


# --- over processes ---

Crawled = dict[str, dict[str, Any] | None]


async def crawl(client: httpx.AsyncClient) -> Crawled:
    """Every url in the first two pages of each list, with its object where a list shows it."""
    found: Crawled = {}
    for resource in RESOURCES.values():
        expand = {"expand": ",".join(resource.expand)} if resource.expand else {}
        for page in (1, 2):
            asked = {"pageSize": 5, "page": page, **expand}
            results = (await client.get(resource.path, params=asked)).json()["results"]
            found |= {v: None for v in values(results) if _is_object(v) and v not in found}
            for one in results:
                found[one["url"]] = {k: v for k, v in one.items() if k != "_expand"}
    return found


def _is_object(value: Any) -> bool:
    """Whether this is the url of an object."""
    return isinstance(value, str) and API in value


@pytest.fixture
def second(kcc_path: Path, tmp_path: Path) -> Iterator[Server]:
    """A second gateway, in a process of its own, on the same configuration."""
    port = free_port()
    config = kcc_path.parent / f"second-{port}.yaml"
    config.write_text(kcc_path.read_text() + f"server:\n  port: {port}\n")
    with serving(["serve", "--config", str(config)], port, tmp_path / "log") as running:
        yield running


async def test_every_url_of_one_process_leads_somewhere_in_another(
    kcc: Installation, second: Server
) -> None:
    async with client_of(kcc.app(), origin=second.origin) as client:
        crawled = await crawl(client)
    assert {urlsplit(url).path.split("/")[-2] for url in crawled} == set(RESOURCES)
    async with httpx.AsyncClient(headers=HEADERS, timeout=20) as client:
        for url, shown in crawled.items():
            response = await client.get(url)
            assert (response.status_code, response.json()["url"]) == (200, url)
            if shown is not None:
                assert response.json() == shown


async def test_every_uuid_stands_at_the_end_of_its_url(client: httpx.AsyncClient) -> None:
    for url, shown in (await crawl(client)).items():
        last = url.rpartition("/")[2]
        assert str(UUID(last)) == last
        assert shown is None or shown["uuid"] == last


async def test_an_id_means_something_in_its_own_list_only(
    client: httpx.AsyncClient, log: LogLines
) -> None:
    partijen = (await client.get("partijen?pageSize=5")).json()["results"]
    assert partijen
    for one in partijen:
        for other in RESOURCES:
            if other != "partijen":
                problem(await client.get(f"{other}/{one['uuid']}"), 404, "not_found")


async def test_another_secret_gives_other_ids(mini: Any, tmp_path: Path) -> None:
    async with client_of(mini().app()) as client:
        (one, *_) = (await client.get("partijen")).json()["results"]
    _remove(tmp_path / "mini.sqlite")
    installed = mini(identity=_other_identity(tmp_path))
    async with client_of(installed.app()) as client:
        problem(await client.get(f"partijen/{one['uuid']}"), 404, "not_found")


async def test_an_old_secret_keeps_its_ids(mini: Any, tmp_path: Path) -> None:
    async with client_of(mini().app()) as client:
        (one, *_) = (await client.get("partijen")).json()["results"]
    _remove(tmp_path / "mini.sqlite")
    both = _other_identity(tmp_path)
    both["keys"][1] = "file:identity.key"
    async with client_of(mini(identity=both).app()) as client:
        again = (await client.get(f"partijen/{one['uuid']}")).json()
    assert again["nummer"] == one["nummer"]
    assert again["uuid"] != one["uuid"]


def _other_identity(folder: Path) -> dict[str, Any]:
    (folder / "other.key").write_text("another secret, as long as it should be")
    return {"current": 2, "keys": {2: "file:other.key"}}


def _remove(file: Path) -> None:
    file.unlink()


# --- what an id costs ---


def calls(log: LogLines) -> dict[str, int]:
    """What the last request asked of the sources."""
    used = log.events("request")[-1]["sources"]
    return {alias: use["calls"] for alias, use in used.items()}


def version_8() -> str:
    """An invented id of the kind that the gateway gives."""
    return str(UUID(int=uuid4().int & ~(0xF << 76) | 8 << 76))


@pytest.mark.parametrize("resource", list(RESOURCES))
async def test_an_invented_id_costs_no_call(
    client: httpx.AsyncClient, log: LogLines, resource: str
) -> None:
    invented = version_8()
    response = await client.get(f"{resource}/{invented}")
    problem(response, 404, "not_found")
    assert sum(calls(log).values()) <= (1 if resource in NATIVE else 0)


@pytest.mark.parametrize("resource", PACKED)
@pytest.mark.parametrize("version", [1, 3, 4, 5, 7])
async def test_an_id_of_another_kind_costs_no_call(
    client: httpx.AsyncClient, log: LogLines, resource: str, version: int
) -> None:
    invented = UUID(int=uuid4().int & ~(0xF << 76) | version << 76)
    problem(await client.get(f"{resource}/{invented}"), 404, "not_found")
    assert calls(log) == {}


@pytest.mark.parametrize("text", ["0" * 32, "f" * 32])
@pytest.mark.parametrize("resource", list(RESOURCES))
async def test_an_id_of_nothing_at_all_is_not_found(
    client: httpx.AsyncClient, resource: str, text: str
) -> None:
    problem(await client.get(f"{resource}/{text}"), 404, "not_found")


@pytest.mark.parametrize("resource", NATIVE)
async def test_an_id_that_a_source_could_have_costs_one_call(
    client: httpx.AsyncClient, log: LogLines, resource: str
) -> None:
    problem(await client.get(f"{resource}/{uuid4()}"), 404, "not_found")
    assert calls(log) == {"kcc": 1}


@pytest.mark.parametrize("resource", PACKED)
async def test_an_id_with_one_other_character_is_not_found(
    client: httpx.AsyncClient, log: LogLines, resource: str
) -> None:
    (one,) = (await client.get(resource, params={"pageSize": 1})).json()["results"]
    for place in (0, 7, 9, 15, 20, 30, 35):
        was = one["uuid"][place]
        changed = one["uuid"][:place] + ("0" if was != "0" else "1") + one["uuid"][place + 1 :]
        problem(await client.get(f"{resource}/{changed}"), 404, "not_found")
        assert calls(log) == {}


@pytest.mark.parametrize(
    "url",
    [
        "betrokkenen?wasPartij__uuid={}",
        "klantcontacten?hadBetrokkene__wasPartij__uuid={}",
        "digitaleadressen?verstrektDoorPartij__url=https://host/{}",
        "rekeningnummers?uuid={}",
    ],
)
async def test_an_invented_id_in_a_filter_costs_no_call(
    client: httpx.AsyncClient, log: LogLines, url: str
) -> None:
    response = await client.get(url.format(version_8()))
    assert (response.json()["count"], calls(log)) == (0, {})
