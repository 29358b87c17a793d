"""In one process: the compiled mapping against the same written by hand, and the id codec.

``python -m benchmarks.micro`` prints CPU microseconds per record and the ratios, formed within a
round and then medianed over the rounds.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from adapters.conditions import matches
from benchmarks.hand import klantcontact
from demo.kcc.data import FULL, generate
from gateway import installation
from gateway.mapping.compiler import interpret

ROUNDS = 15
RECORDS = 2000


def main() -> None:
    """Measure and print."""
    folder = Path(__file__).resolve().parents[1]
    catalogue = installation.build(folder / "demo" / "config.yaml").catalogue
    (stream,) = catalogue.of("klantcontacten")
    writer = catalogue.writers[stream]
    records = [
        {k: v.rstrip(" ") if isinstance(v, str) else v for k, v in row.items()}
        for row in generate(FULL)["CONTACT"]
        # The one contact at a time that never occurred: nobody writes that by hand.
        if matches(stream.where, row) and row["DATUM"] != "20260329"
    ][-RECORDS:]

    def related(path: str) -> list[Any]:
        return []

    def hand() -> None:
        for r in records:
            klantcontact(r, "u", "l", related)

    def compiled() -> None:
        for r in records:
            writer(r, "u", "l", related)

    def interpreted() -> None:
        for r in records:
            interpret(stream, r, "u", "l", related)

    def with_ids() -> None:
        for page in pages:
            keys = [stream.native_key(r) for r in page]
            uuids = catalogue.identity.encode_all(stream, keys)
            for r, uuid in zip(page, uuids, strict=True):
                writer(r, uuid, "l", related)

    def ids() -> None:
        for page in pages:
            catalogue.identity.encode_all(stream, [stream.native_key(r) for r in page])

    def single_ids() -> None:
        for r in records:
            catalogue.identity.encode(stream, stream.native_key(r))

    def decoded() -> None:
        for uuid in uuids:
            catalogue.identity.decode("klantcontacten", uuid)

    pages = [records[i : i + 100] for i in range(0, len(records), 100)]
    uuids = [catalogue.identity.encode(stream, stream.native_key(r)) for r in records]
    for r in records:
        assert klantcontact(r, "u", "l", related) == writer(r, "u", "l", related)
    candidates: dict[str, Callable[[], None]] = {
        "by hand": hand,
        "compiled": compiled,
        "interpreted": interpreted,
        "compiled + id": with_ids,
        "id, page of 100": ids,
        "id, one by one": single_ids,
        "id decoded": decoded,
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name in random.sample(list(candidates), len(candidates)):
            times[name].append(_cpu(candidates[name]))
    print(f"{'klantcontact, 1 record':24} {'us':>8} {'x by hand':>10}")
    for name in candidates:
        ratio = statistics.median(_ratios(times[name], times["by hand"]))
        us = statistics.median(times[name]) / len(records) * 1e6
        print(f"{name:24} {us:8.2f} {ratio:10.2f}")


def _cpu(run: Callable[[], None]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [a / b for a, b in zip(ours, theirs, strict=True)]


if __name__ == "__main__":
    main()
