"""What is told of a request: in the log, in headers, in metrics and to the probes."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Receive, Scope, Send

from adapters import tracing
from adapters.base import Failure, SourceError
from gateway.api.management import create_management
from gateway.api.metrics import Metrics
from gateway.api.server import ApiServer, server
from gateway.installation import Installation
from gateway.sources.breaker import Breaker, State
from gateway.sources.outcome import Outcome
from tests.helpers import (
    API,
    BSN,
    ORIGIN,
    LogLines,
    Trapped,
    client_of,
    free_port,
    mini_config,
    problem,
    sql_source,
    write_config,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
Mini = Callable[..., Installation]


@pytest_asyncio.fixture(loop_scope="session")
async def counted(mini: Mini) -> AsyncIterator[tuple[httpx.AsyncClient, Metrics]]:
    """A client of an installation of its own, and what that counts."""
    built = mini()
    async with client_of(built.app()) as client:
        yield client, built.metrics


def labels(metrics: Metrics) -> dict[str, set[str]]:
    """The values of every label of the gateway's own metrics; ``le`` is of the buckets."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        if family.name.startswith("gateway_"):
            for sample in family.samples:
                for name, value in sample.labels.items():
                    found.setdefault(name, set()).add(value)
    return found


async def fail() -> None:
    raise SourceError(Failure.TIMEOUT)


# --- the log ---


async def test_the_log_tells_how_each_source_did(client: httpx.AsyncClient, log: LogLines) -> None:
    await client.get("partijen?pageSize=1")
    event = log.events("request")[-1]
    used = event["sources"]["kcc"]
    assert (used["outcome"], used["retries"], used["calls"] > 0) == ("ok", 0, True)
    assert 0 < used["ms"] <= event["ms"]


async def test_the_log_continues_the_trace_of_the_caller(
    client: httpx.AsyncClient, log: LogLines
) -> None:
    await client.get("partijen?pageSize=1", headers={"traceparent": PARENT})
    (event,) = log.events("request")
    assert (event["trace_id"], event["parent_span_id"]) == (TRACE, "00f067aa0ba902b7")


async def test_an_unexpected_error_can_be_found_by_its_trace(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    trap.before = broken
    response = await client.get("partijen", headers={"traceparent": PARENT})
    (event,) = log.events("unexpected")
    assert (event["trace_id"], event["request_id"]) == (TRACE, response.headers["x-request-id"])


async def test_an_id_that_a_caller_made_up_is_not_ours(
    client: httpx.AsyncClient, log: LogLines
) -> None:
    response = await client.get("partijen?pageSize=1", headers={"X-Request-ID": "of the caller"})
    assert response.headers["x-request-id"] == log.events("request")[0]["request_id"]
    assert "of the caller" not in str(log)


# --- traces ---


async def test_a_call_to_a_source_carries_the_trace(
    client: httpx.AsyncClient, trap: Trapped, log: LogLines
) -> None:
    carried: list[dict[str, str]] = []

    async def look() -> None:
        carried.append(dict(tracing.headers()))

    trap.before = look
    headers = {"traceparent": PARENT, "tracestate": "vendor=1"}
    await client.get("partijen?pageSize=1", headers=headers)
    span = log.events("request")[0]["span_id"]
    wanted = {"traceparent": f"00-{TRACE}-{span}-01", "tracestate": "vendor=1"}
    assert carried and all(one == wanted for one in carried)
    assert tracing.headers() == {}


# --- headers ---


@pytest.mark.parametrize("below", ["", "/{uuid}"], ids=["list", "detail"])
async def test_an_answer_tells_which_sources_it_depends_on(
    client: httpx.AsyncClient, below: str
) -> None:
    (one,) = (await client.get("partijen?pageSize=1")).json()["results"]
    response = await client.get("partijen" + below.format(uuid=one["uuid"]))
    assert response.headers["bronnen"] == "kcc;staat=ok"
    assert response.headers["server-timing"].startswith("kcc;dur=")


async def test_an_error_tells_how_its_source_did(client: httpx.AsyncClient, trap: Trapped) -> None:
    trap.before = fail
    response = await client.get("partijen")
    problem(response, 504, "bron-te-laat")
    assert response.headers["bronnen"] == "kcc;staat=timeout"


@pytest.mark.parametrize("url", ["partijen?x=1", "partijen/1", ORIGIN + "/", ORIGIN + "/x", ""])
async def test_an_answer_without_sources_tells_of_none(client: httpx.AsyncClient, url: str) -> None:
    headers = (await client.get(url)).headers
    assert "bronnen" not in headers and "server-timing" not in headers


@pytest_asyncio.fixture(loop_scope="session")
async def two(tmp_path: Path, make: Callable[[Path], Installation]) -> Installation:
    """Two sources, of which the second may be missing."""
    sources = {}
    for number, alias in enumerate(("eerste", "tweede"), start=1):
        folder = tmp_path / alias
        folder.mkdir()
        mini_config(folder)
        sources[alias] = sql_source(folder / "mapping", folder / "mini.sqlite", number)
    sources["tweede"]["required"] = False
    return make(write_config(tmp_path, sources))


def failing(built: Installation, alias: str, before: Callable[[], Awaitable[None]] | None) -> None:
    adapter = built.adapters[alias]
    assert isinstance(adapter, Trapped)
    adapter.before = before


async def test_an_answer_without_a_source_says_so_to_the_last_page(
    two: Installation, log: LogLines
) -> None:
    failing(two, "tweede", fail)
    async with client_of(two.app()) as client:
        first = await client.get("partijen?pageSize=2")
        failing(two, "tweede", None)
        second = await client.get(first.json()["next"])
    assert first.headers["bronnen"] == "eerste;staat=ok, tweede;staat=timeout;ontbreekt"
    assert second.headers["bronnen"] == "eerste;staat=ok, tweede;ontbreekt"
    assert [event["missing"] for event in log.events("request")] == [["tweede"], ["tweede"]]
    name, labels = "gateway_source_missing_total", {"source": "tweede"}
    assert two.metrics.registry.get_sample_value(name, labels) == 2


async def test_an_error_is_without_no_source(two: Installation) -> None:
    failing(two, "tweede", fail)
    async with client_of(two.app()) as client:
        response = await client.get("partijen", headers={"Prefer": "handling=strict"})
    problem(response, 504, "bron-te-laat")
    assert "tweede;staat=timeout" in response.headers["bronnen"]
    assert "ontbreekt" not in response.headers["bronnen"]


async def test_a_count_that_is_a_bound_says_so(two: Installation) -> None:
    async with client_of(two.app()) as client:
        exact = await client.get("partijen")
    register = copy.copy(two.register)
    register.bounds = replace(register.bounds, merged_records=1)
    async with client_of(replace(two, register=register).app()) as client:
        bound = await client.get("partijen")
    assert exact.headers["bronnen"] == "eerste;staat=ok, tweede;staat=ok"
    wanted = "eerste;staat=ok;telling=grens, tweede;staat=ok;telling=grens"
    assert (bound.headers["bronnen"], bound.json()["count"]) == (wanted, 6)


# --- metrics ---


async def test_a_request_is_counted(counted: tuple[httpx.AsyncClient, Metrics]) -> None:
    client, metrics = counted
    await client.get("partijen")
    await client.get("partijen")
    labels = {"route": f"{API}partijen", "method": "GET", "status": "2xx"}
    name = "gateway_request_duration_seconds_count"
    assert metrics.registry.get_sample_value(name, labels) == 2
    assert metrics.registry.get_sample_value("gateway_requests_in_flight") == 0


async def test_a_request_is_in_flight_until_it_ends(mini: Mini) -> None:
    built = mini()
    (adapter,) = built.adapters.values()
    assert isinstance(adapter, Trapped)
    seen: list[float | None] = []

    async def look() -> None:
        seen.append(built.metrics.registry.get_sample_value("gateway_requests_in_flight"))
        raise ZeroDivisionError

    adapter.before = look
    async with client_of(built.app()) as client:
        await client.get("partijen")
    assert seen[0] == 1
    assert built.metrics.registry.get_sample_value("gateway_requests_in_flight") == 0


async def test_labels_are_bounded_whatever_is_asked(
    counted: tuple[httpx.AsyncClient, Metrics],
) -> None:
    client, metrics = counted
    urls = [f"partijen{tail}" for tail in ("", "?x", f"/{BSN}", f"?nummer={BSN}", ".json")]
    urls += [f"resource-{n}" for n in range(20)]
    urls += [f"{ORIGIN}/{n}/{BSN}" for n in range(20)]
    urls += [f"{ORIGIN}/ref/fouten/{n}/" for n in range(20)]
    for url in urls:
        for method in ("GET", "POST", "X" + BSN):
            await client.request(method, url, headers={"X-Request-ID": BSN})
    found = labels(metrics)
    templates = {f"{API}partijen", f"{API}partijen/{{uuid}}", f"{API}partijen.json"}
    assert found["route"] <= templates | {"", "/ref/fouten/{name}/"}
    assert found["method"] == {"GET", "POST", "?"}
    assert found["status"] <= {"2xx", "4xx"}
    assert found["source"] == {"mini"}
    assert found["outcome"] <= set(Outcome)
    assert set(found) == {"route", "method", "status", "source", "outcome", "version", "le"}


# --- the management port ---


def probing(metrics: Metrics | None = None, *, serving: bool = True) -> httpx.AsyncClient:
    """A client of a management port."""
    app = create_management(metrics or Metrics(), lambda: serving)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://management")


@pytest.mark.parametrize(("serving", "status"), [(True, 200), (False, 503)])
async def test_a_process_is_ready_while_it_takes_requests(serving: bool, status: int) -> None:
    async with probing(serving=serving) as client:
        ready, live = await client.get("/readyz"), await client.get("/livez")
    assert (ready.status_code, ready.json()["ready"], live.status_code) == (status, serving, 200)


async def test_a_source_that_is_left_alone_is_told_and_takes_nobody_out() -> None:
    async with probing(Metrics(lambda: {"kcc": State.OPEN})) as client:
        ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "sources": {"kcc": "open"}})


async def test_a_source_that_keeps_failing_is_seen_to_be_left_alone(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Breaker, "IN_A_ROW", 2)
    built = mini()
    failing(built, "mini", fail)
    assert built.metrics.breakers() == {"mini": State.CLOSED}
    async with client_of(built.app()) as client:
        for _ in range(2):
            await client.get("partijen")
    assert built.metrics.breakers() == {"mini": State.OPEN}


async def test_probes_ask_no_source(mini: Mini) -> None:
    built = mini()
    (adapter,) = built.adapters.values()
    assert isinstance(adapter, Trapped)
    asked: list[str] = []

    async def look() -> None:
        asked.append("asked")

    adapter.before = look
    transport = httpx.ASGITransport(app=built.management(bool))
    async with httpx.AsyncClient(transport=transport, base_url="http://management") as client:
        for path in ("/livez", "/readyz", "/metrics"):
            await client.get(path)
    assert asked == []


async def test_metrics_are_text_that_prometheus_reads() -> None:
    async with probing() as client:
        response = await client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert any(text_string_to_metric_families(response.text))


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_the_port_of_clients_has_none_of_it(client: httpx.AsyncClient, path: str) -> None:
    problem(await client.get(ORIGIN + path), 404, "not_found")


async def test_while_the_last_requests_end_the_process_is_live_and_not_ready() -> None:
    arrived, finish = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, _: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        arrived.set()
        await finish.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    opened = asyncio.Event()

    class Api(ApiServer):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            opened.set()

    settings = server(slow, "127.0.0.1", free_port(), [])
    settings.lifespan = "off"
    api = Api(settings)
    port = free_port()
    api.beside(server(create_management(Metrics(), lambda: api.serving), "127.0.0.1", port, []))
    running = asyncio.create_task(api.serve())
    async with httpx.AsyncClient() as client:

        async def said(path: str) -> Any:
            return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code

        await opened.wait()
        asked = asyncio.create_task(client.get(f"http://127.0.0.1:{settings.port}/"))
        await arrived.wait()
        assert await said("/readyz") == 200
        api.should_exit = True
        assert await said("/readyz") == 503
        await asyncio.sleep(0.3)  # By then it has closed what it could.
        assert (await said("/readyz"), await said("/livez")) == (503, 200)
        finish.set()
        assert (await asked).status_code == 200
    await running
    assert (api.started, api.serving) == (True, False)
