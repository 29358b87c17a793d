from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.faults.matrix import World
from tests.support.faults import PASS


@pytest_asyncio.fixture(loop_scope="module")
async def healed(world: World) -> AsyncIterator[None]:
    """After a test nothing is wrong any more with the sources of the ``world`` of its module."""
    yield
    for source in world.sources.values():
        await source.fail(PASS)
