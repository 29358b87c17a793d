"""Everything that needs PostgreSQL, on one server: the tests here, and what is run on the demo.

The conformance suite and the journeys of clients are asked of the sample municipality out of
PostgreSQL. They stand in the shared folder, see ``tests.e2e``. Arguments go to the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e import __main__ as e2e
from tests.helpers import ROOT, shared_folder
from tests.postgres.serve import municipality
from tests.postgres.server import at_hand, ended_well


def main() -> int:
    """The exit code: 0 when nothing failed."""
    with at_hand() as server:
        code = _tests(server)
        shared = shared_folder()
        if shared is None:
            print("The shared folder is not here, so there is nothing else to run.")
            return 1 if os.environ.get("CI") else code
        outcome = _on_postgresql(server, shared)
    print(f"\n{outcome.passed} passed, {outcome.failed} failed")
    return 1 if outcome.failed else code


def _tests(server: str) -> int:
    command = [sys.executable, "-m", "pytest", "tests/postgres", *sys.argv[1:]]
    command += ["-m", "postgres and not soak"]
    environment = os.environ | {"POSTGRES_DSN": server}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _on_postgresql(server: str, shared: Path) -> e2e.Outcome:
    known = json.loads((ROOT / "demo" / "known.json").read_text())
    with tempfile.TemporaryDirectory() as folder, municipality(server) as gateway:
        print(f"The sample municipality out of PostgreSQL runs on {gateway.origin}.", flush=True)
        able = e2e.capabilities()
        outcome = e2e.conformance(shared, gateway, "all, out of PostgreSQL", able, "lacking")
        outcome += e2e.journeys(shared, gateway, Path(folder))
        return outcome + e2e.nobody_in(gateway, known["bsns"])


if __name__ == "__main__":
    ended_well()
    sys.exit(main())
