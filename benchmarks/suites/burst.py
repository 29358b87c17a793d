"""Many who ask the same at the same moment."""

from __future__ import annotations

import asyncio
from typing import Final

from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.generated import Generated

_CLIENTS: Final = 100


def run(effort: Effort) -> Figures:
    """Calls to the source for 100 clients who ask for the same page before any has an answer."""
    figures = Figures()
    asyncio.run(_measured(figures))
    return figures


async def _measured(figures: Figures) -> None:
    sources = [installing.generated(burst=True, records=1000, milliseconds=50)]
    async with installing.installed(sources) as (built, client):
        (source,) = built.adapters.values()
        assert isinstance(source, Generated)
        answers = await asyncio.gather(*(client.get(installing.LIST) for _ in range(_CLIENTS)))
        assert all(a.status_code == 200 for a in answers)
        figures.add(f"burst: calls for {_CLIENTS} clients at once", source.traffic.calls)
