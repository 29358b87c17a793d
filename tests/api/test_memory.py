"""What an answer was made of goes when it is sent.

What refers to itself in a circle waits for the garbage collector, with all records of its request.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture
def garbage() -> Iterator[list[object]]:
    """What the garbage collector finds during a test, kept instead of freed."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


@pytest.mark.parametrize(
    "url",
    [
        "klantcontacten?pageSize=5&expand=hadBetrokkenen,hadBetrokkenen.wasPartij",
        "partijen?pageSize=5",
        "digitaleadressen?pageSize=5&page=2",
    ],
)
async def test_a_request_leaves_no_circles(
    client: httpx.AsyncClient, garbage: list[object], url: str
) -> None:
    """Of the gateway's own objects: a test client has some."""
    assert (await client.get(url)).status_code == 200
    gc.collect()
    ours = {type(one).__qualname__ for one in garbage if type(one).__module__.startswith("gateway")}
    assert ours == set()
