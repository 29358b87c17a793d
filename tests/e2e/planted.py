"""Who finds which fault: ``gateway conform`` and the conformance suite, side by side.

``python -m tests.e2e.planted`` plants one fault after another before the sample municipality, and
has both look at it; names of faults may be given. It takes minutes, for the suite is started for
each fault, and stops there at the first test that fails. Without the shared folder there is nothing
to compare with.
"""

from __future__ import annotations

import asyncio
import os
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
    chosen = [plant for plant in PLANTS if not names or plant.name in names]
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as server:
        right = Plant("nothing", _nothing, ())
        verdicts = {}
        for plant in (right, *chosen):
            with planted(server.origin, plant.fault) as origin:
                ours = asyncio.run(conformed(origin, plant))
                theirs = suite(origin, shared, plant)
            verdicts[plant.name] = (ours, theirs)
            print(f"{_word(ours)} {_word(theirs)} {plant.name}", flush=True)
    wrong = verdicts.pop("nothing")
    found = list(verdicts.values())
    print(f"\nof {len(found)} faults conform finds {sum(o for o, _ in found)}, the suite", end=" ")
    print(f"{sum(t for _, t in found)}, both {sum(o and t for o, t in found)}")
    return 1 if any(wrong) or not all(ours for ours, _ in found) else 0


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


def suite(origin: str, shared: Path, plant: Plant) -> bool:
    """Whether a test of the conformance suite fails."""
    able = (ROOT / "demo" / "conformance.env").read_text().strip().partition("=")[2]
    environment = {"BASE_URL": origin + BASE_PATH, "TOKEN": TOKEN, "CAPABILITIES": able}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p"]
    command += ["no:cacheprovider", "-m", _ALL if plant.writes else _READS]
    said = ran(command, shared / "conformance", environment)
    return " failed" in said or " error" in said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
