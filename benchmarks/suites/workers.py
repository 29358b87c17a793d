"""Two workers against one, on all processors at once."""

from __future__ import annotations

import random
from contextlib import ExitStack

from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.processes import load, serving


def run(effort: Effort) -> Figures:
    """Requests per second; clients and source share the processors with what is measured."""
    figures = Figures()
    with ExitStack() as running:
        stub = running.enter_context(serving("benchmarks.servers.stub", "{port}", pinned=False))
        source = installing.rest(f"{stub.origin}/0/25")
        file = str(running.enter_context(installing.configured([source])))
        rows = [
            (
                count,
                running.enter_context(
                    serving("benchmarks.servers.workers", "{port}", str(count), file, pinned=False)
                ),
            )
            for count in (1, 2)
        ]
        for _ in range(effort.rounds):
            for count, server in random.sample(rows, len(rows)):
                seen = load(server, installing.EXPANDED, 16, effort.seconds)
                figures.add(f"workers: {count}, requests/s", seen.rate)
    return figures
