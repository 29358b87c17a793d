"""What is run against what."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.e2e import serve
from tests.e2e.parts import (
    Outcome,
    Part,
    Run,
    bad_inputs,
    conformance,
    nobody_in_the_log,
    of_what_is_there,
    of_what_they_made,
)
from tests.helpers import ROOT, Server


def of_the_demo() -> str:
    """What the demo can do, per resource: the value of ``CAPABILITIES``."""
    line = (ROOT / "demo" / "conformance.env").read_text()
    return line.strip().removeprefix("CAPABILITIES=")


@dataclass(frozen=True, slots=True)
class Target:
    """A server and what is run against it, one part after the other. ``serve`` starts it in an
    empty folder; ``able`` is what it can do."""

    name: str
    about: str
    serve: Callable[[Path], AbstractContextManager[Server]]
    parts: Sequence[Part]
    able: Callable[[], str] = of_the_demo

    def run(self, shared: Path) -> tuple[Outcome, str]:
        """What came of it, and what there is to tell."""
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as name, self.serve(Path(name)) as server:
            run = Run(server, shared, Path(name), self.able())
            outcome = Outcome()
            for part in (*self.parts, nobody_in_the_log):
                outcome += part(run)
        took = time.monotonic() - started
        head = f"\n{self.about} ({self.name}, {took:.0f} seconds)"
        return outcome, "\n".join([head, *run.said])


@contextmanager
def _before_a_register(folder: Path) -> Iterator[Server]:
    there, here = folder / "register", folder / "gateway"
    there.mkdir()
    here.mkdir()
    with serve.demo(there) as register:
        token = here / "register.token"
        token.write_text("demo")
        source = {
            "number": 1,
            "adapter": "adapters.klantinteracties:KlantinteractiesAdapter",
            "collections": "klantinteracties",
            "mapping": str(ROOT / "mappings" / "klantinteracties"),
            "options": {
                "base_url": f"{register.origin}/klantinteracties/api/v1",
                "token": f"file:{token}",
            },
        }
        # Of what is one there, the register has made one.
        with serve.gateway(here, {"register": source}, partijen={"same_by": []}) as server:
            yield server


TARGETS: Final[Sequence[Target]] = (
    Target(
        "demo",
        "the sample municipality",
        serve.demo,
        (
            conformance("what it holds, read", "*=r", features=""),
            conformance("all it can do"),
            of_what_is_there,
            of_what_they_made,
            bad_inputs,
        ),
    ),
    Target(
        "klantinteracties",
        "a gateway before a Klantinteracties register: that of the sample municipality",
        _before_a_register,
        (of_what_is_there,),
    ),
)
