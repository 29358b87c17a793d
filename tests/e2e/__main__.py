"""Runs what others wrote against the demo: the conformance suite and the journeys of clients.

They stand in the shared folder (``$SHARED``, or beside the project). Without it there is nothing
to run; where ``$CI`` is set that is a failure.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.helpers import ROOT, Server, free_port, serving, shared_folder

TOKEN: Final = "demo"
# Other reasons to skip say that the demo lacks data to test with.
FINE_TO_SKIP: Final = {
    r"server does not support .*": "server does not support …",
    r"feature .* not claimed": "feature … not claimed",
    r"value has no letters": "value has no letters",
    # Of what a server lacks: nothing.
    r"got empty parameter set .*": "nothing to ask",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one part gave."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.passed + other.passed, self.failed + other.failed)


def main() -> int:
    """The exit code: 0 when nothing failed."""
    shared = shared_folder()
    if shared is None:
        print("The shared folder is not here, so there is nothing to run.")
        return 1 if os.environ.get("CI") else 0
    known = json.loads((ROOT / "demo" / "known.json").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        demo = ["demo", "--port", str(port)]
        # The databases are made below the working directory: these may be written to.
        with serving(demo, port, folder / "log", seconds=120, cwd=folder) as server:
            print(f"The demo runs on {server.origin}.", flush=True)
            outcome = conformance(shared, server, "what the demo holds, read", "*=r")
            outcome += conformance(shared, server, "all it can do", capabilities(), "lacking")
            outcome += journeys(shared, server, folder)
            outcome += bad_inputs(shared, server, folder, known)
        made = [number for name, number in known.items() if name.startswith("bsn_new")]
        outcome += nobody_in(server, [*known["bsns"], *made])
    print(f"\n{outcome.passed} passed, {outcome.failed} failed")
    return 1 if outcome.failed else 0


def capabilities() -> str:
    """What the demo can do, per resource: the value of ``CAPABILITIES``."""
    line = (ROOT / "demo" / "conformance.env").read_text()
    return line.strip().removeprefix("CAPABILITIES=")


def creates(path: str) -> bool:
    """Whether objects of a resource can be made."""
    letters = dict(part.split("=") for part in capabilities().split(","))
    return "c" in letters.get(path, letters["*"])


def conformance(shared: Path, server: Server, about: str, able: str, features: str = "") -> Outcome:
    """The conformance suite on a server that is ``able`` to do so much (as ``CAPABILITIES``)."""
    heading(f"conformance, {about}")
    environment = {
        "BASE_URL": f"{server.origin}/klantinteracties/api/v1",
        "TOKEN": TOKEN,
        "CAPABILITIES": able,
        "FEATURES": features,
    }
    pytest = [sys.executable, "-m", "pytest", "-q", "-m", "not quirk", "-p", "no:randomly", "-rs"]
    output = run(pytest, shared / "conformance", environment)
    reasons = skip_reasons(output)
    for reason, times in reasons.most_common():
        print(f"  skipped {times:4}  {reason}")
    lacking = sum(n for r, n in reasons.items() if r not in FINE_TO_SKIP.values())
    if lacking:
        print(f"  {lacking} of these for lack of data: failures")
    counted = counts(output)
    failed = counted["failed"] + counted["error"] + lacking
    if counted["passed"] == 0 or failed > lacking:
        print(output)
        failed = max(failed, 1)
    print(f"  {counted['passed']} passed, {failed} failed, {counted['skipped']} skipped")
    return Outcome(counted["passed"], failed)


def counts(output: str) -> Counter[str]:
    """The numbers of pytest's last line."""
    last = output.strip().rpartition("\n")[2]
    found = re.findall(r"(\d+) (passed|failed|skipped|error)", last)
    return Counter({name: int(number) for number, name in found})


def skip_reasons(output: str) -> Counter[str]:
    """How often each reason to skip occurs; those that are fine are taken together."""
    found: Counter[str] = Counter()
    for times, reason in re.findall(r"^SKIPPED \[(\d+)\] \S+: (.*)$", output, re.MULTILINE):
        together = (name for fine, name in FINE_TO_SKIP.items() if re.fullmatch(fine, reason))
        found[next(together, reason)] += int(times)
    return found


def journeys(shared: Path, server: Server, folder: Path) -> Outcome:
    """What known clients ask, in their order: of what the demo holds and, where they can write, of
    what they made themselves."""
    text = (ROOT / "demo" / "known.json").read_text()
    variables = folder / "known.json"
    variables.write_text(text.replace("http://127.0.0.1:8000", server.origin))
    known = ["--vars", str(variables)]
    if not creates("klantcontacten"):
        return _journeys(shared, server, folder, "that read", [*known, "--reads"])
    outcome = _journeys(shared, server, folder, "with what the demo holds", known)
    return outcome + _journeys(shared, server, folder, "with what they made", ["--seed"])


def _journeys(
    shared: Path, server: Server, folder: Path, about: str, options: Sequence[str]
) -> Outcome:
    heading(f"journeys of clients {about}")
    script = shared / "clients" / "replay_journeys.py"
    output = run([sys.executable, str(script), server.origin, TOKEN, *options], folder)
    print(indented(output))
    found = re.search(r"^(\d+)/(\d+) journeys ok", output, re.MULTILINE)
    if found is None:
        return Outcome(failed=1)
    good, all_of_them = int(found[1]), int(found[2])
    return Outcome(good, max(all_of_them - good, 0 if all_of_them else 1))


def bad_inputs(shared: Path, server: Server, folder: Path, known: Mapping[str, Any]) -> Outcome:
    """Requests of bad taste. One with a body counts where bodies are read: else it gets a 405."""
    heading("bad inputs")
    clients = shared / "clients"
    answers = folder / "bad-inputs.json"
    options = {
        "--url": server.origin,
        "--token": TOKEN,
        "--uuid": str(known["partij_uuid"]),
        "--log": str(server.log),
        "--out": str(answers),
    }
    given = [part for pair in options.items() for part in pair]
    output = run([sys.executable, str(clients / "run_bad_inputs.py"), *given], folder)
    if not answers.exists():
        print(indented(output))
        return Outcome(failed=1)
    cases = json.loads((clients / "bad-inputs.json").read_text())
    meant = {c["name"] for c in cases if c["method"] != "POST" or creates(_resource(c["path"]))}
    counted = [r for r in json.loads(answers.read_text()) if r["name"] in meant]
    bad = [r for r in counted if not r["ok"]]
    print(f"  {len(counted) - len(bad)} of {len(counted)} as expected")
    for result in bad:
        print(f"  {result['name']}: {', '.join(result['bad'])}")
    return Outcome(len(counted) - len(bad), len(bad) if counted else 1)


def _resource(path: str) -> str:
    return path.removeprefix("/klantinteracties/api/v1/").partition("/")[0]


def nobody_in(server: Server, bsns: Sequence[str]) -> Outcome:
    """After all this, the log names nobody."""
    heading("the log")
    # The demo itself shows how to ask for somebody, once.
    lines = [x for x in server.output().splitlines() if not x.startswith("  curl ")]
    named = [line for line in lines if any(bsn in line for bsn in bsns)]
    print(f"  {len(lines)} lines, {len(named)} with a BSN")
    return Outcome(failed=1) if named or not lines else Outcome(passed=1)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command to its end; what it wrote."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        check=False,
    )
    return done.stdout


def heading(text: str) -> None:
    print(f"\n{text}", flush=True)


def indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip().splitlines())


if __name__ == "__main__":
    sys.exit(main())
