"""Runs what others wrote against servers of all kinds: the conformance suite, journeys of clients.

``python -m tests.e2e`` runs the targets that a change is judged by, as many at once as there are
processors, and ``python -m tests.e2e demo`` those that are named. What is run
stands in the shared folder (``$SHARED``, or beside the project). Without it there is nothing to
run; where ``$CI`` is set that is a failure.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.e2e.parts import Outcome
from tests.e2e.targets import MORE, TARGETS, Target
from tests.helpers import shared_folder


def main(names: Sequence[str]) -> int:
    """The exit code: 0 when nothing failed."""
    shared = shared_folder()
    if shared is None:
        print("The shared folder is not here, so there is nothing to run.")
        return 1 if os.environ.get("CI") else 0
    targets = {target.name: target for target in (*TARGETS, *MORE)}
    unknown = [name for name in names if name not in targets]
    if unknown:
        print(f"No target {', '.join(unknown)}: there is {', '.join(targets)}.")
        return 2
    outcome = run([targets[name] for name in names] or TARGETS, shared)
    print(f"\n{outcome.passed} passed, {outcome.failed} failed")
    return 1 if outcome.failed else 0


def run(targets: Sequence[Target], shared: Path) -> Outcome:
    """Run targets, each told of as it ends."""
    outcome = Outcome()
    # A server and its client wait for each other: a processor for both.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in as_completed([pool.submit(target.run, shared) for target in targets]):
            found, told = done.result()
            outcome += found
            print(told, flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
