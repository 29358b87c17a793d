"""Walking a long list to its end: the gateway keeps nothing of it."""

from __future__ import annotations

from typing import Final

import httpx

from benchmarks import installing
from benchmarks.client import TOKEN
from benchmarks.effort import Effort, Figures
from benchmarks.processes import free_port, serving
from gateway.standard.table import BASE_PATH

_SIZE: Final = 500
_WARM: Final = 20


def run(effort: Effort) -> Figures:
    """MB that the server grows by while a list is walked along ``next``, after its first pages."""
    figures = Figures()
    records = 25_000 if effort.quick else 1_000_000
    port = free_port()
    source = installing.generated(records=records, step_seconds=60)
    with (
        installing.configured([source], port) as file,
        serving("gateway.cli", "serve", "--config", str(file), port=port) as gateway,
        httpx.Client(headers={"Authorization": f"Token {TOKEN}"}, timeout=30) as client,
    ):
        url: str | None = f"{gateway.origin}{BASE_PATH}/klantcontacten?pageSize={_SIZE}"
        pages, start, most = 0, 0.0, 0.0
        while url:
            answer = client.get(url)
            answer.raise_for_status()
            url = answer.json()["next"]
            pages += 1
            if pages == _WARM:
                start = gateway.memory()
            most = max(most, gateway.memory()) if start else 0.0
        figures.add("memory: growth, MB", most - start)
        figures.add("memory: pages walked", pages)
    figures.notes.append(f"memory: a list of {records} records in pages of {_SIZE}")
    return figures
