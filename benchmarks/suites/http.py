"""Whole requests: the gateway next to servers that relay the same bytes and do nothing else.

Every server runs on the same processor and is asked by the same clients on the others; in each
round all of them, in another order.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from pydantic_core import from_json, to_json

from benchmarks import hand, installing
from benchmarks.data import page, records
from benchmarks.effort import Effort, Figures, race
from benchmarks.processes import Server, busy, free_port, load, serving

_RECORDS = 25
_BUSY = 16
_RELAYS = ("httpx", "httpx-aiohttp", "aiohttp")


@dataclass(frozen=True)
class _Row:
    name: str
    server: Server
    target: str


def run(effort: Effort) -> Figures:
    """Of each server: requests per second, CPU per request and the median time of 16 clients, and
    the median time of one."""
    figures = Figures()
    with ExitStack() as running:
        stub = running.enter_context(serving("benchmarks.servers.stub", "{port}", aside=True))
        rows = list(_rows(running, f"{stub.origin}/0/{_RECORDS}"))
        for row in rows:
            load(row.server, row.target, _BUSY, 0.3)
        for _ in range(effort.rounds):
            for row in random.sample(rows, len(rows)):
                _measure(figures, row, effort.seconds)
            race(figures, {"http: by hand": _by_hand}, 1)
        slices = effort.rounds * len(rows)
    noisy = len(figures.values.pop("http: busy", []))
    figures.notes.append(f"others were using this machine in {noisy} of {slices} slices")
    _derive(figures)
    return figures


def _rows(running: ExitStack, source: str) -> Iterable[_Row]:
    hello = running.enter_context(serving("benchmarks.servers.hello", "{port}"))
    yield _Row("hello", hello, "/")
    for name in _RELAYS:
        url = f"{source}/contacts"
        relay = running.enter_context(serving("benchmarks.servers.relays", name, "{port}", url))
        yield _Row(f"relay {name}", relay, "/")
    port = free_port()
    sources = [installing.rest(source)]
    file = str(running.enter_context(installing.configured(sources, port)))
    gateway = running.enter_context(serving("gateway.cli", "serve", "--config", file, port=port))
    yield _Row("gateway", gateway, installing.LIST)
    yield _Row("gateway expand", gateway, installing.EXPANDED)


def _measure(figures: Figures, row: _Row, seconds: float) -> None:
    if busy():
        figures.add("http: busy", 1)
    many = load(row.server, row.target, _BUSY, seconds)
    one = load(row.server, row.target, 1, seconds / 2)
    figures.add(f"http: {row.name}, requests/s", many.rate)
    figures.add(f"http: {row.name}, CPU us", many.cpu)
    figures.add(f"http: {row.name}, p50 ms", many.p50)
    figures.add(f"http: {row.name}, p50 ms of 1 client", one.p50)


_BODY = page(records(_RECORDS))
_UUIDS = dict.fromkeys(hand.WRITERS, "72636000-0cce-81ab-8939-ab4b83dca358")


def _by_hand() -> None:
    """The same answer without a gateway, many times: read, map by hand, write."""
    for _ in range(20):
        found = from_json(_BODY)["items"]
        to_json([hand.expanded(r, _UUIDS, "http://localhost") for r in found])


def _derive(figures: Figures) -> None:
    """Microseconds per contact: what the gateway costs above the relay, and by hand."""
    relay = figures.values["http: relay httpx-aiohttp, CPU us"]
    for name in ("gateway", "gateway expand"):
        for ours, theirs in zip(figures.values[f"http: {name}, CPU us"], relay, strict=True):
            figures.add(
                f"http: {name}, CPU us above the relay a contact", (ours - theirs) / _RECORDS
            )
    for seconds in figures.values.pop("http: by hand"):
        figures.add("http: by hand, CPU us a contact", seconds / 20 / _RECORDS * 1e6)
