"""From the command to the first answer, and what the process holds then."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx

from benchmarks import installing
from benchmarks.effort import Effort, Figures
from benchmarks.processes import Server, free_port, serving


def run(effort: Effort) -> Figures:
    """Milliseconds and MB of the gateway and of the smallest Starlette application."""
    figures = Figures()
    port = free_port()
    with installing.configured([installing.rest("http://127.0.0.1:1/source")], port) as file:
        starts: dict[str, Callable[[], AbstractContextManager[Server]]] = {
            "hello": lambda: serving("benchmarks.servers.hello", "{port}"),
            "gateway": lambda: serving("gateway.cli", "serve", "--config", str(file), port=port),
        }
        with starts["gateway"]():
            pass  # The first time, modules are compiled.
        for _ in range(2 * effort.rounds + 1):
            for name in random.sample(list(starts), len(starts)):
                began = time.perf_counter()
                with starts[name]() as server:
                    httpx.get(f"{server.origin}/").raise_for_status()
                    figures.add(f"start: {name}, ms", (time.perf_counter() - began) * 1000)
                    figures.add(f"start: {name}, CPU ms", server.cpu() * 1000)
                    figures.add(f"start: {name}, MB", server.memory())
    return figures
