"""Who finds which fault: ``gateway conform`` and the conformance suite, side by side.

``python -m tests.e2e.planted`` plants one fault after another before the sample municipality, and
has both look at it; names of faults may be given, and ``reading`` or ``writing`` for all of a kind.
Without names both look first at a server that nothing is wrong with. It takes many minutes, for the
suite is started for each fault. There it begins with the tests that say what the statements say
that find the fault (see ``tests.support.answered``); where these find nothing all of it is run. It
stops at the first test that fails. Without the shared folder there is nothing to compare with.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Final

import httpx
import uvicorn

from gateway.conform import Verdict, conform, root_of, statements
from gateway.standard.table import BASE_PATH
from tests.e2e.parts import TOKEN, ran
from tests.e2e.serve import demo
from tests.helpers import ROOT, free_port, shared_folder
from tests.support.answered import ANSWERED
from tests.support.planted import PLANTS
from tests.support.wrong import ABOUT, Ask, Fault, Plant, proxy

_SOME: Final = frozenset(id for plant in PLANTS if not plant.about for id in plant.found_by)
_READS: Final = "not write and not quirk"
_ALL: Final = "not quirk"


def main(names: Sequence[str]) -> int:
    """The exit code: 1 where a right server is found wrong, or ``conform`` misses a fault."""
    shared = shared_folder()
    if shared is None:
        print("The shared folder is not here, so there is nothing to compare with.")
        return 1 if os.environ.get("CI") else 0
    kinds = {"reading": False, "writing": True}
    wanted = {kinds[name] for name in names if name in kinds}
    chosen = [p for p in PLANTS if not names or p.name in names or p.writes in wanted]
    right = [] if names else [Plant("nothing", _nothing, ())]
    found: dict[str, tuple[bool, str]] = {}
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as server:
        for plant in (*right, *chosen):
            with planted(server.origin, plant.fault) as origin:
                found[plant.name] = (
                    asyncio.run(conformed(origin, plant)),
                    suite(origin, shared, plant),
                )
            ours, theirs = found[plant.name]
            print(f"{_word(ours)} {plant.name}: {theirs or 'missed'}", flush=True)
    wrong = any(ours or theirs for name, (ours, theirs) in found.items() if name == "nothing")
    faults = [found[plant.name] for plant in chosen]
    by_suite = sum(bool(theirs) for _, theirs in faults)
    both = sum(bool(ours and theirs) for ours, theirs in faults)
    print(f"\nof {len(faults)} faults conform finds {sum(o for o, _ in faults)}", end=", ")
    print(f"the suite {by_suite}, both {both}")
    return 1 if wrong or not all(ours for ours, _ in faults) else 0


def _word(found: bool) -> str:
    return "found " if found else "missed"


async def _nothing(request: httpx.Request, ask: Ask) -> httpx.Response:
    return await ask(request)


@contextmanager
def planted(to: str, fault: Fault) -> Iterator[str]:
    """Where a server with a fault is served."""
    port = free_port()
    made = uvicorn.Server(uvicorn.Config(proxy(to, fault), port=port, log_level="error"))
    thread = Thread(target=made.run)
    thread.start()
    try:
        while not made.started:
            sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        made.should_exit = True
        thread.join()


async def conformed(origin: str, plant: Plant) -> bool:
    """Whether what is to find a fault does; where there is none, whether anything finds one."""
    chosen = [s for s in statements(writes=plant.writes) if s.id in (plant.found_by or _SOME)]
    about = plant.about or ABOUT
    found = conform(root_of(origin), TOKEN, chosen, writes=plant.writes, about=about)
    return any([result.verdict is Verdict.FAILED async for result in found])


def suite(origin: str, shared: Path, plant: Plant) -> str:
    """The test of the conformance suite that finds a fault: ``as told`` if it is one that says the
    same as what is to find the fault here; or empty."""
    told = [
        f"{file}.py::{test}"
        for file, tests in ANSWERED.items()
        for test, ids in tests.items()
        if {*ids.split()} & {*plant.found_by}
    ]
    if told and _failed(origin, shared, plant, told):
        return "as told"
    return _failed(origin, shared, plant, [])


def _failed(origin: str, shared: Path, plant: Plant, tests: Sequence[str]) -> str:
    """The first of some tests of the suite that fails, or of all; empty where none does."""
    able = (ROOT / "demo" / "conformance.env").read_text().strip().partition("=")[2]
    environment = {"BASE_URL": origin + BASE_PATH, "TOKEN": TOKEN, "CAPABILITIES": able}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p"]
    command += ["no:cacheprovider", "-m", _ALL if plant.writes else _READS, *tests]
    said = ran(command, shared / "conformance", environment)
    found = re.search(r"^(?:FAILED|ERROR) (?:\S+::)?(\w+)", said, re.MULTILINE)
    return found[1] if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
