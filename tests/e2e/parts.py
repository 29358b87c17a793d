"""What can be run against a server: the conformance suite, and what clients of the register do.

Each part is a function of a ``Run``. What it has to say is kept there, for several run at once.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gateway.conform import Verdict
from tests.helpers import ROOT, Server

TOKEN: Final = "demo"
# Other reasons to skip say that the server lacks data to test with.
FINE_TO_SKIP: Final = {
    r"server does not support .*": "server does not support …",
    r"feature .* not claimed": "feature … not claimed",
    r"value has no letters": "value has no letters",
    # Of what a server lacks: nothing.
    r"got empty parameter set .*": "nothing to ask",
}
LEFT_OUT: Final = "left out: "
"""How a reason begins that is computed from the coverage (see ``tests.e2e.left_out``)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one part gave."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.passed + other.passed, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Run:
    """A server, and what is known of it. ``shared``: the folder with what is run; ``folder``: where
    files may be made; ``able``: what it can do, as ``CAPABILITIES``; ``said``: lines to show."""

    server: Server
    shared: Path
    folder: Path
    able: str
    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def can(self, path: str, letter: str = "c") -> bool:
        """Whether objects of a resource can be made, or what another letter stands for."""
        letters = dict(part.split("=") for part in self.able.split(","))
        return letter in letters.get(path, letters["*"])


Part = Callable[[Run], Outcome]


def known() -> dict[str, Any]:
    """What the sample municipality holds, as the journeys call it."""
    found: dict[str, Any] = json.loads((ROOT / "demo" / "known.json").read_text())
    return found


def conformance(
    about: str,
    able: str | None = None,
    features: str = "lacking",
    without: Iterable[str] = (),
    plugins: Sequence[str] = (),
) -> Part:
    """The conformance suite, of what the server can do or only ``able``; ``without``: tests that
    are left out, by their ids; ``plugins``: of pytest, by their modules, which are told by
    ``$COVERED`` of the configuration."""

    def part(run: Run) -> Outcome:
        environment = {
            "PYTHONPATH": str(ROOT),
            "COVERED": str(run.folder / "config.yaml"),
            "BASE_URL": f"{run.server.origin}/klantinteracties/api/v1",
            "TOKEN": TOKEN,
            "CAPABILITIES": able or run.able,
            "FEATURES": features,
        }
        pytest = [sys.executable, "-m", "pytest", "-q", "-m", "not quirk", "-p", "no:randomly"]
        pytest += ["-p", "no:cacheprovider", "-rs", *(f"--deselect={one}" for one in without)]
        pytest += [word for plugin in plugins for word in ("-p", plugin)]
        return _told(run, about, ran(pytest, run.shared / "conformance", environment))

    return part


def reading(about: str) -> Part:
    """The conformance suite of what can be read, without what is declared that it cannot."""

    def part(run: Run) -> Outcome:
        able = re.sub(r"=[cupd]+", "=-", re.sub(r"=\w*r\w*", "=r", run.able))
        return conformance(about, able, features="", plugins=["tests.e2e.left_out"])(run)

    return part


def writing(about: str) -> Part:
    """The conformance suite of all that can be done, without what is declared that it cannot; what
    the suite writes is made to fit."""
    return conformance(about, plugins=["tests.e2e.left_out", "tests.e2e.fitted"])


def _told(run: Run, about: str, output: str) -> Outcome:
    run.say(f"\nconformance, {about}")
    reasons = _skip_reasons(output)
    for reason, times in reasons.most_common():
        run.say(f"  skipped {times:4}  {reason}")
    declared = sum(n for r, n in reasons.items() if r.startswith(LEFT_OUT))
    if declared:
        run.say(f"  {declared} of these as it is declared, and so refused or not there")
    fine = (*FINE_TO_SKIP.values(), LEFT_OUT)
    lacking = sum(n for r, n in reasons.items() if not r.startswith(fine))
    if lacking:
        run.say(f"  {lacking} of these for lack of data: failures")
    counted = _counts(output)
    failed = counted["failed"] + counted["error"] + lacking
    if counted["passed"] == 0 or failed > lacking:
        run.say(output)
        failed = max(failed, 1)
    run.say(f"  {counted['passed']} passed, {failed} failed, {counted['skipped']} skipped")
    return Outcome(counted["passed"], failed)


def _counts(output: str) -> Counter[str]:
    """The numbers of pytest's last line."""
    last = output.strip().rpartition("\n")[2]
    found = re.findall(r"(\d+) (passed|failed|skipped|error)", last)
    return Counter({name: int(number) for number, name in found})


def _skip_reasons(output: str) -> Counter[str]:
    """How often each reason to skip occurs; those that are fine are taken together."""
    found: Counter[str] = Counter()
    for times, reason in re.findall(r"^SKIPPED \[(\d+)\] \S+: (.*)$", output, re.MULTILINE):
        together = (name for fine, name in FINE_TO_SKIP.items() if re.fullmatch(fine, reason))
        found[next(together, reason)] += int(times)
    return found


def what_is_there(spelled: Callable[[str], str] = str, refused: Collection[str] = ()) -> Part:
    """What known clients ask, in their order, of what the sample municipality holds; ``spelled``:
    what that is called here, as JSON; ``refused``: see ``journeys``."""

    def part(run: Run) -> Outcome:
        variables = run.folder / "known.json"
        text = spelled(json.dumps(known()))
        variables.write_text(text.replace("http://127.0.0.1:8000", run.server.origin))
        reads = [] if run.can("klantcontacten") else ["--reads"]
        options = ("--vars", str(variables), *reads)
        return journeys("with what is there", *options, refused=refused)(run)

    return part


of_what_is_there: Final = what_is_there()


def journeys(about: str, *options: str, refused: Collection[str] = ()) -> Part:
    """What known clients ask, in their order; ``options``: of who replays them; ``refused``: those
    that ask what is declared that this server cannot do, so that they have to fail."""

    def part(run: Run) -> Outcome:
        run.say(f"\njourneys of clients {about}")
        script = run.shared / "clients" / "replay_journeys.py"
        command = [sys.executable, str(script), run.server.origin, TOKEN, *options]
        output = ran(command, run.folder)
        run.say(_indented(output))
        found = re.search(r"^(\d+)/(\d+) journeys ok", output, re.MULTILINE)
        if found is None:
            return Outcome(failed=1)
        failed = re.findall(r"^FAIL .* \| (.+)$", output, re.MULTILINE)
        wrong = {*failed} ^ {*refused}
        for name in refused:
            run.say(f"  {name}: refused, as it is declared" if name in failed else f"  {name}: not")
        all_of_them = int(found[2])
        return Outcome(all_of_them - len(wrong), len(wrong) if all_of_them else 1)

    return part


of_what_they_made: Final = journeys("with what they made", "--seed")


def conformed(about: str, *options: str) -> Part:
    """What ``gateway conform`` says of the server, ``options``: its own. Nothing is to be wrong, as
    nothing is where the conformance suite passes, and there is nothing that cannot be tried."""

    def part(run: Run) -> Outcome:
        run.say(f"\ngateway conform, {about}")
        command = [sys.executable, "-m", "gateway.cli", "conform", run.server.origin]
        given = ["--token", "env:TOKEN", "--json", *options]
        output = ran([*command, *given], run.folder, {"PYTHONPATH": str(ROOT), "TOKEN": TOKEN})
        statements = json.loads(output)["statements"]
        counted = Counter(one["verdict"] for one in statements)
        for one in statements:
            if one["verdict"] != Verdict.PASSED:
                run.say(_indented(json.dumps(one, ensure_ascii=False)))
        passed = counted.pop(Verdict.PASSED, 0)
        run.say(f"  {passed} statements right, {counted.total()} not")
        return Outcome(passed, counted.total() if passed else 1)

    return part


def bad_inputs(run: Run) -> Outcome:
    """Requests of bad taste. One with a body counts where bodies are read: else it gets a 405."""
    run.say("\nbad inputs")
    clients = run.shared / "clients"
    answers = run.folder / "bad-inputs.json"
    options = {
        "--url": run.server.origin,
        "--token": TOKEN,
        "--uuid": str(known()["partij_uuid"]),
        "--log": str(run.server.log),
        "--out": str(answers),
    }
    given = [part for pair in options.items() for part in pair]
    output = ran([sys.executable, str(clients / "run_bad_inputs.py"), *given], run.folder)
    if not answers.exists():
        run.say(_indented(output))
        return Outcome(failed=1)
    cases = json.loads((clients / "bad-inputs.json").read_text())
    meant = {c["name"] for c in cases if c["method"] != "POST" or run.can(_resource(c["path"]))}
    counted = [r for r in json.loads(answers.read_text()) if r["name"] in meant]
    bad = [r for r in counted if not r["ok"]]
    run.say(f"  {len(counted) - len(bad)} of {len(counted)} as expected")
    for result in bad:
        run.say(f"  {result['name']}: {', '.join(result['bad'])}")
    return Outcome(len(counted) - len(bad), len(bad) if counted else 1)


def _resource(path: str) -> str:
    return path.removeprefix("/klantinteracties/api/v1/").partition("/")[0]


def nobody_in_the_log(run: Run) -> Outcome:
    """After all this, the log names nobody."""
    run.say("\nthe log")
    bsns = [*known()["bsns"], *(n for name, n in known().items() if name.startswith("bsn_new"))]
    # The demo itself shows how to ask for somebody, once.
    lines = [x for x in run.server.output().splitlines() if not x.startswith("  curl ")]
    named = [line for line in lines if any(bsn in line for bsn in bsns)]
    run.say(f"  {len(lines)} lines, {len(named)} with a BSN")
    return Outcome(failed=1) if named or not lines else Outcome(passed=1)


def ran(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
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


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip().splitlines())
