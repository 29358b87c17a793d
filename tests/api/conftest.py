"""Installations to ask, in this process.

All tests of a worker share one event loop, because they share the connections of one installation.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway import installation
from gateway.installation import Installation
from gateway.sources.breaker import Breaker
from gateway.sources.retry import Budget
from tests.helpers import (
    Trapped,
    client_of,
    kcc_config,
    mini_config,
    sqlite_ended,
)

Asker = Callable[..., httpx.AsyncClient]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(autouse=True)
def one_failure_is_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources are neither asked again nor left alone: tests share them, and let them fail often."""
    monkeypatch.setattr(Budget, "spend", lambda _: False)
    monkeypatch.setattr(Breaker, "IN_A_ROW", sys.maxsize)
    monkeypatch.setattr(Breaker, "WINDOW", sys.maxsize)


@pytest.fixture(scope="session")
def kcc_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of the sample municipality, with few rows."""
    return kcc_config(tmp_path_factory.mktemp("kcc"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kcc(kcc_path: Path) -> AsyncIterator[Installation]:
    """The sample municipality."""
    built = installation.build(kcc_path)
    async with sqlite_ended():
        yield built
        await built.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(kcc: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sample municipality that may read everything."""
    async with client_of(kcc.app()) as client:
        yield client


@pytest.fixture
def trap(kcc: Installation) -> Iterator[Trapped]:
    """The source of the sample municipality, to set a trap in for one test."""
    adapter = kcc.adapters["kcc"]
    assert isinstance(adapter, Trapped)
    yield adapter
    adapter.before = adapter.alter = None


@pytest_asyncio.fixture(loop_scope="session")
async def make() -> AsyncIterator[Callable[[Path], Installation]]:
    """Makes installations that are closed at the end."""
    made: list[Installation] = []

    def build(path: Path) -> Installation:
        made.append(installation.build(path))
        return made[-1]

    async with sqlite_ended():
        yield build
        for one in made:
            await one.close()


@pytest.fixture
def mini(tmp_path: Path, make: Callable[[Path], Installation]) -> Callable[..., Installation]:
    """Makes an installation of one table, with settings of its own; the sections of a
    configuration are keywords."""

    def build(**settings: Any) -> Installation:
        return make(mini_config(tmp_path, **settings))

    return build
