"""The fault bench in front of a database: a broken connection is a failure, never fewer records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from adapters.base import Failure, Query, SourceError
from adapters.sql import SqlAdapter
from demo.kcc.data import SMALL, generate
from demo.kcc.postgres import load
from tests.support.faults import (
    PASS,
    Cut,
    Drip,
    Fault,
    FaultProxy,
    Garbage,
    Hang,
    Latency,
    Refuse,
    ResetAtOnce,
)
from tests.support.installations import described

ALL = Query(limit=1000, count=True)


@pytest.fixture
async def proxy(dsn: str) -> AsyncIterator[FaultProxy]:
    await load(dsn, generate(SMALL))
    port = urlsplit(dsn).port
    assert port is not None
    async with FaultProxy(port) as made:
        yield made


@pytest.fixture
async def adapter(
    dsn: str, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SqlAdapter]:
    user = urlsplit(dsn).netloc.rpartition("@")[0]
    through = urlsplit(dsn)._replace(
        scheme="postgresql+asyncpg", netloc=f"{user}@127.0.0.1:{proxy.port}"
    )
    monkeypatch.setenv("THROUGH_PROXY", through.geturl())
    options = {"url": "env:THROUGH_PROXY", "dialect": "postgresql"}
    made = SqlAdapter.create(options, described("sql"))
    yield made
    await proxy.use(PASS)
    await made.close()


@pytest.mark.parametrize("fault", [Latency(0.05), Drip(200_000)], ids=repr)
async def test_what_is_slow_is_whole(adapter: SqlAdapter, proxy: FaultProxy, fault: Fault) -> None:
    healthy = await adapter.find("CONTACT", ALL)
    await proxy.use(fault)
    page = await adapter.find("CONTACT", ALL)
    assert (page.total, page.records) == (healthy.total, healthy.records)


@pytest.mark.parametrize("warm", [True, False], ids=["open connection", "new connection"])
@pytest.mark.parametrize(
    "fault",
    [ResetAtOnce(), Cut(0.5), Cut(0.5, reset=True), Cut(0), Garbage(), Hang(), Refuse()],
    ids=repr,
)
async def test_what_breaks_is_a_failure_and_then_over(
    adapter: SqlAdapter, proxy: FaultProxy, fault: Fault, warm: bool
) -> None:
    if warm:
        await adapter.check()
    await proxy.use(fault)
    with pytest.raises((SourceError, TimeoutError)) as caught:
        async with asyncio.timeout(1):
            await adapter.find("CONTACT", ALL)
    if isinstance(caught.value, SourceError):
        assert caught.value.failure in (Failure.UNAVAILABLE, Failure.TIMEOUT, Failure.BAD_DATA)
        assert urlsplit(proxy.origin).netloc not in caught.value.note
    await proxy.use(PASS)
    assert (await adapter.find("CONTACT", ALL)).total == SMALL.contacts
