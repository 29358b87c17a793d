"""``python -m benchmarks``: measure, show what was seen, and fail on a target that is missed."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.effort import FULL, QUICK, Effort, Figures, middle
from benchmarks.targets import Judgement, Verdict, judge, load

SUITES: Final[Mapping[str, Sequence[str]]] = {
    "micro": ("micro", "soap"),
    "http": ("http", "pool", "burst", "workers"),
    "fanout": ("fanout",),
    "paging": ("paging",),
    "memory": ("memory",),
    "start": ("start",),
}
APART: Final[Mapping[str, Sequence[str]]] = {"mail": ("mail",)}
"""What needs more than the packages of the gateway, and is measured when it is asked for."""

_PACKAGES: Final = (
    "aiohttp",
    "httpx",
    "httpx-aiohttp",
    "lxml",
    "pydantic",
    "starlette",
    "uvicorn",
    "uvloop",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when a gated target is missed by more than its tolerance."""
    given = _parser().parse_args(arguments)
    effort = QUICK if given.quick else FULL
    figures = Figures()
    for suite in SUITES if given.suite == "all" else (given.suite,):
        for name in {**SUITES, **APART}[suite]:
            print(f"... {name}", file=sys.stderr, flush=True)
            _add(figures, _run(name, effort))
    verdicts = [judge(target, figures, effort.slack) for target in load()]
    _show(figures, verdicts)
    if given.json:
        line = json.dumps(_record(figures, verdicts, effort))
        with Path(given.json).open("a") as file:
            file.write(line + "\n")
    return int(any(v.judgement is Judgement.FAILED for v in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--suite", choices=[*SUITES, *APART, "all"], default="all")
    parser.add_argument("--quick", action="store_true", help="less of everything, in 90 seconds")
    parser.add_argument("--json", metavar="FILE", help="add what was seen to this file, as a line")
    return parser


def _run(name: str, effort: Effort) -> Figures:
    figures: Figures = importlib.import_module(f"benchmarks.suites.{name}").run(effort)
    return figures


def _add(all_of_them: Figures, figures: Figures) -> None:
    all_of_them.values.update(figures.values)
    all_of_them.notes.extend(figures.notes)


def _show(figures: Figures, verdicts: Sequence[Verdict]) -> None:
    print(f"\n{'figure':66} {'median':>11} {'least':>11} {'most':>11}")
    for name, values in sorted(figures.values.items()):
        print(f"{name:66} {middle(values):11.4g} {min(values):11.4g} {max(values):11.4g}")
    print(f"\n{'target':11} {'seen':>8} {'bound':>8}  {'':16} about")
    for verdict in verdicts:
        target = verdict.target
        if verdict.seen is None and not target.because:
            continue  # Its suite was not asked for.
        bound = (
            "" if target.because else f"{'<' if target.at_least is None else '>'} {target.bound:g}"
        )
        seen = "" if verdict.seen is None else f"{verdict.seen:.3g}"
        about = f"{target.about} ({target.because})" if target.because else target.about
        print(f"{target.id:11} {seen:>8} {bound:>8}  {verdict.judgement:16} {about}")
    print("", *figures.notes, sep="\n")


def _record(figures: Figures, verdicts: Sequence[Verdict], effort: Effort) -> dict[str, Any]:
    """Everything that was seen, and on what."""
    return {
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "kernel": platform.release(),
        "processors": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "rounds": effort.rounds,
        "seconds": effort.seconds,
        "figures": figures.values,
        "targets": {
            v.target.id: {"seen": v.seen, "judgement": v.judgement.value} for v in verdicts
        },
        "notes": figures.notes,
    }


if __name__ == "__main__":
    sys.exit(main())
