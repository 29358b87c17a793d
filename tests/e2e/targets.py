"""What is run against what."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from demo.kcc.sqlite import ensure
from gateway import installation
from gateway.federation.capabilities import capabilities
from tests.e2e import archives, serve
from tests.e2e.old_journeys import declared_journeys
from tests.e2e.parts import (
    Outcome,
    Part,
    Run,
    bad_inputs,
    conformance,
    conformed,
    journeys,
    nobody_in_the_log,
    of_what_is_there,
    of_what_they_made,
    reading,
    what_is_there,
    writing,
)
from tests.e2e.systems import WRITTEN
from tests.helpers import ROOT, Server
from tests.support.rekeyed import random_keys
from tests.support.v1 import config, source


def of_the_demo() -> str:
    """What the demo can do, per resource: the value of ``CAPABILITIES``."""
    line = (ROOT / "demo" / "conformance.env").read_text()
    return line.strip().removeprefix("CAPABILITIES=")


def read_of_the_demo() -> str:
    """The same, where nothing is written."""
    return of_the_demo().replace("crupd", "r").replace("=c", "=-")


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
    alone = {
        # Of what is one there, the register has made one.
        "partijen": {"same_by": []},
        # What is run side by side shares the processors, and there are lists of all partijen.
        "limits": {"request_seconds": 30, "source_seconds": 20},
    }
    with (
        serve.demo(_made(folder / "register")) as register,
        serve.gateway(folder, {"register": _register(folder, register)}, **alone) as server,
    ):
        yield server


@contextmanager
def _old_beside_new(folder: Path) -> Iterator[Server]:
    sample = {"number": 1, "adapter": "demo.kcc.source:SampleKcc", "collections": "sql"}
    sample |= {
        "mapping": str(ROOT / "mappings" / "kcc"),
        "options": {"file": str(ensure(folder / "kcc.sqlite"))},
    }
    secret = ROOT / "demo" / "esuite" / "gateway.secret"
    old = {"number": 2, "adapter": "demo.esuite.source:SampleESuite", "collections": "zgw"}
    old |= {"read_only": True}
    old |= {
        "mapping": str(ROOT / "mappings" / "e-suite"),
        "options": {"credentials": {"client_id": "gateway", "secret": f"file:{secret}"}},
    }
    # One desk asks for each contact that it is referred to, and takes no 403.
    clients = {"demo": {**serve.CLIENT, "withheld": "omit"}}
    more = {
        "clients": clients,
        "partijen": {"precedence": ["register", "esuite"]},
        "writing": {"introduce_partijen": True},
        # All open contactverzoeken of the e-Suite are looked through, by its pages of twenty.
        "limits": {"scan_records": 10_000, "scan_pages": 100},
    }
    with serve.gateway(_made(folder / "register"), {"kcc": sample}) as register:
        # Keys like those of a gateway would not be told from what the gateway makes itself.
        new = {**_register(folder, register), "adapter": "tests.support.rekeyed:ServedRegister"}
        with serve.gateway(folder, {"register": new, "esuite": old}, **more) as server:
            yield server


def _before(
    system: str, settings: Callable[[Path], dict[str, Any]]
) -> Callable[[Path], AbstractContextManager[Server]]:
    """A gateway whose only source is the fake of an old system; ``settings``: of that source."""

    @contextmanager
    def serving(folder: Path) -> Iterator[Server]:
        # What was seen moments ago is not at hand: each answer is that of the system.
        limits = {"burst_seconds": 0}
        # One desk asks for each contact that it is referred to, and takes no 403.
        clients = {"demo": {**serve.CLIENT, "withheld": "omit"}}
        sources = {system: settings(folder)}
        with serve.gateway(folder, sources, limits=limits, clients=clients) as server:
            yield server

    return serving


def _plain(system: str) -> Callable[[Path], dict[str, Any]]:
    def settings(_: Path) -> dict[str, Any]:
        return source(system)

    return settings


def _able(system: str) -> Callable[[], str]:
    def able() -> str:
        with tempfile.TemporaryDirectory() as folder:
            return capabilities(installation.build(config(Path(folder), system)).register)

    return able


def _register(folder: Path, register: Server) -> dict[str, Any]:
    """The settings of a register as a source."""
    token = folder / "register.token"
    token.write_text("demo")
    return {
        "number": 1,
        "adapter": "adapters.klantinteracties:KlantinteractiesAdapter",
        "collections": "klantinteracties",
        "mapping": str(ROOT / "mappings" / "klantinteracties"),
        "options": {
            "base_url": f"{register.origin}/klantinteracties/api/v1",
            "token": f"file:{token}",
            "repeats": False,
        },
    }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _able_as_a_whole() -> str:
    return capabilities(installation.build(ROOT / "demo" / "gemeente.yaml").register)


_OLD: Final = {"open-klant-1": "Open Klant 1", "e-suite": "the e-Suite"}

TARGETS: Final[Sequence[Target]] = (
    Target(
        "demo",
        "the sample municipality",
        serve.demo,
        (conformance("all it can do"), of_what_is_there, of_what_they_made, bad_inputs),
    ),
    Target(
        "klantinteracties",
        "a gateway before a Klantinteracties register: that of the sample municipality",
        _before_a_register,
        (
            conformance("all it can do"),
            of_what_is_there,
            # The register, being a gateway, shows `portaalvoorkeur` at an address that it prefers
            # for another reason. There can be one of these, so a second is refused.
            journeys("with what they made", "--seed", refused=["Inwoner beheert contactgegevens"]),
        ),
    ),
    Target(
        "beside",
        "old beside new: the e-Suite as it was, and the register that takes what is new",
        _old_beside_new,
        # It cannot list all contacts, as the e-Suite cannot.
        (what_is_there(random_keys, refused=["OMC health check"]),),
    ),
    *(
        Target(
            system,
            f"a gateway before {called} and nothing else",
            _before(system, _plain(system)),
            (reading("what it holds, read"), declared_journeys),
            _able(system),
        )
        for system, called in _OLD.items()
    ),
)
"""What is run where a change is judged."""

_ARCHIVES: Final = {
    "mail": ("an archive of mail in a folder", archives.in_a_folder),
    "imap": ("an archive of mail on a server", archives.on_a_server),
}

MORE: Final[Sequence[Target]] = (
    Target(
        "gemeente",
        "the sample municipality with all its sources, as `make demo` serves it",
        serve.municipality,
        (
            conformance("all it can do"),
            conformed("with writes", "--writes"),
            of_what_is_there,
            of_what_they_made,
            bad_inputs,
        ),
        _able_as_a_whole,
    ),
    Target(
        "demo-read",
        "the sample municipality, as if it were only read",
        serve.demo,
        (conformance("what it holds, read", "*=r", features=""),),
    ),
    *(
        Target(
            f"{system}-writes",
            f"a gateway before {called} and nothing else, written to",
            _before(system, WRITTEN[system]),
            (writing("all it can do"),),
            _able(system),
        )
        for system, called in _OLD.items()
    ),
    *(
        Target(
            name,
            f"the KCC beside {called}",
            serving,
            (reading("what they hold, read"), what_is_there(archives.known)),
            read_of_the_demo,
        )
        for name, (called, serving) in _ARCHIVES.items()
    ),
)
"""What is run with ``make soak``, and once there is a mail server."""
