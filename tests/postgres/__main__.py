"""Everything that needs PostgreSQL, on one server: the tests here, and the conformance suite.

The suite is asked of the sample municipality out of PostgreSQL, as it is of the demo.
Arguments go to the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers import ROOT, shared_folder
from tests.postgres.serve import municipality
from tests.postgres.server import at_hand, ended_well


def main() -> int:
    suite = shared_folder()
    if suite is None and os.environ.get("CI"):
        print("the shared folder with the conformance suite is not here", file=sys.stderr)
        return 1
    with at_hand() as server:
        os.environ["POSTGRES_DSN"] = server
        here = [str(Path(__file__).parent), "-m", "postgres", *sys.argv[1:]]
        codes = [_pytest(here, ROOT)]
        if suite is not None:
            with municipality(server) as url:
                codes.append(_conformance(suite / "conformance", url))
    return max(codes)


def _conformance(suite: Path, url: str) -> int:
    asked = {"BASE_URL": url, "TOKEN": "demo", "CAPABILITIES": "*=r", "FEATURES": "lacking"}
    options = [
        "-m",
        "not quirk",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-q",
    ]
    return _pytest([str(suite), *options], suite, asked | {"PYTHONDONTWRITEBYTECODE": "1"})


def _pytest(arguments: list[str], folder: Path, environment: dict[str, str] | None = None) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | (environment or {}), check=False
    ).returncode


if __name__ == "__main__":
    ended_well()
    sys.exit(main())
