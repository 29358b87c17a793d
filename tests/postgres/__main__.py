"""Everything that needs PostgreSQL, on one server: the tests here, and what is run on the demo.

The conformance suite and the journeys of clients are asked of the sample municipality out of
PostgreSQL. They stand in the shared folder, see ``tests.e2e``. Arguments go to the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.__main__ import run
from tests.e2e.parts import Outcome, conformance, of_what_is_there, of_what_they_made
from tests.e2e.targets import Target
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


def _on_postgresql(server: str, shared: Path) -> Outcome:
    target = Target(
        "postgresql",
        "the sample municipality out of PostgreSQL",
        lambda _: municipality(server),
        (conformance("all it can do"), of_what_is_there, of_what_they_made),
    )
    return run([target], shared)


if __name__ == "__main__":
    ended_well()
    sys.exit(main())
