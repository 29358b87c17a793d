"""One list out of three sources of 20, 50 and 80 ms: as fast as the slowest of them."""

from __future__ import annotations

import random
from contextlib import ExitStack
from typing import Final

from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.processes import Server, free_port, load, serving

_DELAYS: Final = (20, 50, 80)
_SECONDS: Final = 2.0


def run(effort: Effort) -> Figures:
    """The median time of the slowest source alone, of a relay of all three, and of the gateway."""
    figures = Figures()
    with ExitStack() as running:
        stub = running.enter_context(serving("benchmarks.servers.stub", "{port}", aside=True))
        urls = [f"{stub.origin}/{delay}/25" for delay in _DELAYS]
        lists = [f"{url}/contacts" for url in urls]
        relay = running.enter_context(
            serving("benchmarks.servers.relays", "fanout", "{port}", *lists)
        )
        port = free_port()
        sources = [installing.rest(url) for url in urls]
        file = str(running.enter_context(installing.configured(sources, port)))
        gateway = running.enter_context(
            serving("gateway.cli", "serve", "--config", file, port=port)
        )
        slowest = f"/{_DELAYS[-1]}/25/contacts"
        rows = [
            ("slowest", stub, slowest, (1, 16, 64)),
            ("relay", relay, "/", (1, 64)),
            ("gateway", gateway, installing.LIST, (1, 16)),
        ]
        seconds = 1.0 if effort.quick else _SECONDS
        for _ in range(effort.rounds):
            for name, server, target, clients in random.sample(rows, len(rows)):
                _measure(figures, name, server, target, clients, seconds)
    return figures


def _measure(
    figures: Figures,
    name: str,
    server: Server,
    target: str,
    clients: tuple[int, ...],
    seconds: float,
) -> None:
    for count in clients:
        seen = load(server, target, count, seconds)
        figures.add(f"fanout: {name}, p50 ms of {count}", seen.p50)
