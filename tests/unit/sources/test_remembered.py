"""What is remembered: for a while, within a number of bytes, until its source changes."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from cachetools import LRUCache

from adapters.base import Page, Query
from adapters.conditions import In
from gateway.sources.call import Find
from gateway.sources.remembered import Remembered
from gateway.sources.size import size_of
from tests.support.clock import quick

MB = 1024 * 1024


def page(n: int) -> Page:
    """A page as a REST source gives it."""
    records = [
        {"ID": n * 100 + i, "NAAM": f"Naam van {n} en {i}", "TEKST": f"{n}-{i}" * 30, "LEEG": None}
        | {"ADRES": {"STRAAT": f"Straat {n}", "NR": [n, i, float(i)]}}
        for i in range(20)
    ]
    return Page(records, total=n)


def filled(memory: Remembered, count: int, value: Callable[[int], Any] = page) -> None:
    for n in range(count):
        name = Find("KLANT", Query(In("ID", (n, f"een sleutel {n}"))))
        memory.put(memory.key("kcc", "", name), value(n), 60)


@quick
async def test_fresh_then_stale_then_gone() -> None:
    memory = Remembered(MB)
    key = memory.key("kcc", "", "wat")
    memory.put(key, None, 5, 60)
    found = []
    for _ in range(3):
        found.append((memory.get(key) is not None, memory.get(key, stale=True) is not None))
        await asyncio.sleep(33)
    assert found == [(True, True), (False, True), (False, False)]


@quick
async def test_sources_and_rights_are_apart() -> None:
    memory = Remembered(MB)
    memory.put(memory.key("kcc", "lezer", "wat"), 1, 5)
    for source, rights in (("kcc", ""), ("kcc", "ander"), ("sociaal", "lezer")):
        assert memory.get(memory.key(source, rights, "wat")) is None


@quick
async def test_a_source_that_changed_is_forgotten_with_what_is_on_its_way() -> None:
    memory = Remembered(MB)
    before, other = memory.key("kcc", "", "wat"), memory.key("sociaal", "", "wat")
    under_way = memory.key("kcc", "", "meer")
    memory.put(before, 1, 5, 60)
    memory.put(other, 1, 5)
    memory.forget("kcc")
    memory.put(under_way, 1, 5)
    for name in ("wat", "meer"):
        assert memory.get(memory.key("kcc", "", name), stale=True) is None
    assert memory.get(memory.key("sociaal", "", "wat")) is not None


@quick
async def test_nothing_stays_when_nothing_happens() -> None:
    memory = Remembered(MB)
    filled(memory, 10)
    assert memory.bytes
    await asyncio.sleep(61 + Remembered.SWEEP_SECONDS)
    assert memory.bytes == 0


@quick
async def test_the_least_recently_used_goes_first() -> None:
    memory = Remembered(12 * Remembered.ENTRY)
    first = memory.key("kcc", "", "eerste")
    memory.put(first, "", 60)
    for n in range(20):
        assert memory.get(first) is not None
        memory.put(memory.key("kcc", "", n), "", 60)
    assert memory.get(memory.key("kcc", "", 0)) is None


@pytest.mark.parametrize(
    "seconds", [pytest.param(0, id="no time"), pytest.param(60, id="too large")]
)
@quick
async def test_what_is_not_remembered(seconds: float) -> None:
    memory = Remembered(8 * MB)
    memory.put(memory.key("kcc", "", "wat"), "x" * (MB + 1 if seconds else 1), seconds)
    assert memory.bytes == 0


@pytest.mark.parametrize(
    ("value", "count"),
    [
        pytest.param(page, 100, id="pages"),
        pytest.param(lambda n: {"ID": n, "NAAM": f"Naam {n}"}, 1000, id="records"),
        pytest.param(lambda n: None, 1000, id="nothing"),
        pytest.param(lambda n: Page([{f"K{n}-{i}": i for i in range(50)}]), 300, id="many names"),
        pytest.param(lambda n: [["é" * 20 + str(n)]] * 20, 500, id="text"),
    ],
)
@quick
async def test_the_bound_is_one_of_real_memory(value: Callable[[int], Any], count: int) -> None:
    bound = MB // 2
    tracemalloc.start()
    try:
        memory = Remembered(bound)
        start, _ = tracemalloc.get_traced_memory()
        filled(memory, count, value)
        end, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert bound / 2 < memory.bytes <= bound
    assert end - start <= 1.1 * bound


def test_what_is_not_known_counts_as_one_thing() -> None:
    cache: LRUCache[int, int] = LRUCache(10)
    assert size_of(cache) < 1000
