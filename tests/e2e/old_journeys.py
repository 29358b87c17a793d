"""Journeys of clients on a register that cannot do all: those that fail, fail as declared."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from gateway.standard.table import BASE_PATH
from tests.e2e.asked import Request
from tests.e2e.declared import Declared
from tests.e2e.parts import TOKEN, Outcome, Run, known, ran

_STEP: Final = re.compile(
    rf"^ +(?P<at>\d+) (?P<method>[A-Z]+) {BASE_PATH}/(?P<path>\S+) (?P<query>\S*) ?"
    r"status (?P<status>\d+) expected \[[^]]*\] (?P<answer>.*)$"
)


def declared_journeys(run: Run) -> Outcome:
    """What known clients ask, of who is known here; what cannot be answered has to be declared."""
    run.say("\njourneys of clients")
    declared = Declared(run.folder / "config.yaml")
    variables = run.folder / "known.json"
    variables.write_text(json.dumps(_known_here(run.server.origin)))
    script = run.shared / "clients" / "replay_journeys.py"
    command = [sys.executable, str(script), run.server.origin, TOKEN, "--vars", str(variables)]
    told = ran(command, run.folder)
    good = bad = 0
    for name, errors in _journeys(told):
        if not errors:
            good += 1
            run.say(f"  ok        {name}")
            continue
        reason = _declared(declared, errors[0], _asked_before(run, name))
        bad += reason is None
        run.say(f"  {'FAIL    ' if reason is None else 'declared'}  {name}: {reason or errors[0]}")
    return Outcome(good, bad if good else bad + 1)


def _journeys(told: str) -> Iterator[tuple[str, list[str]]]:
    name, errors = "", list[str]()
    for line in told.splitlines():
        if line.startswith(("ok  ", "FAIL")):
            if name:
                yield name, errors
            name, errors = line.split(None, 2)[2], []
        elif line.startswith("     "):
            errors.append(line)
    if name:
        yield name, errors


def _declared(declared: Declared, error: str, before: Sequence[Request]) -> str | None:
    """Why the first step that failed had to; ``before``: what the steps ask, in their order."""
    step = _STEP.match(error)
    if step is None:
        return None
    asked = Request(step["method"], step["path"], parse_qsl(step["query"]))
    if asked.method != "GET":
        return declared.refused_write(asked, int(step["status"]), step["answer"])
    if step["status"] == "403":
        # The client has all rights.
        return f"{asked.path.partition('/')[0]}: kept by its source from who asks"
    refusal = declared.refusal(asked)
    if refusal is not None:
        return str(refusal)
    if "None" in dict(asked.params).values():
        # It asks by what an earlier step was to find.
        found = (declared.finds_nothing(one) for one in before[: int(step["at"])])
        return next((reason for reason in found if reason), None)
    return declared.never(asked.path.partition("/")[0])


def _asked_before(run: Run, name: str) -> list[Request]:
    """The requests of a journey, as far as they are known beforehand."""
    journeys = json.loads((run.shared / "clients" / "journeys.json").read_text())
    steps = next(j["steps"] for j in journeys if name.endswith(f"| {j['name']}"))
    here = json.loads((run.folder / "known.json").read_text())
    return [
        Request(step["method"], step["path"].removeprefix(f"{BASE_PATH}/"), _filled(step, here))
        for step in steps
    ]


def _filled(step: Mapping[str, Any], here: Mapping[str, Any]) -> list[tuple[str, str]]:
    query = re.sub(
        r"\{\{(\w+)(\|enc)?\}\}", lambda m: str(here.get(m[1], "")), step.get("query") or ""
    )
    return parse_qsl(query)


def _known_here(origin: str) -> Mapping[str, Any]:
    """What the journeys call by a name, by the ids that it has in this register."""
    found = known()
    with httpx.Client(headers={"Authorization": f"Token {TOKEN}"}, timeout=60) as client:

        def first(path: str, **params: str) -> Mapping[str, Any] | None:
            answer = client.get(f"{origin}{BASE_PATH}/{path}", params=params)
            results = answer.json()["results"] if answer.is_success else []
            return results[0] if results else None

        partij = first("partijen", partijIdentificator__objectId=found["bsn"])
        assert partij is not None
        found |= {"partij_uuid": partij["uuid"], "partij_url": partij["url"]}
        adres = first("digitaleadressen", verstrektDoorPartij__uuid=partij["uuid"])
        if adres is not None:
            found["da_uuid"] = adres["uuid"]
        contact = first("klantcontacten", hadBetrokkene__wasPartij__uuid=partij["uuid"])
        if contact is not None:
            found |= {"kc_uuid": contact["uuid"], "kc_nummer": contact["nummer"]}
            for actor in contact["hadBetrokkenActoren"]:
                found |= {"afd_actor_uuid": actor["uuid"], "oip_actor_uuid": actor["uuid"]}
        taak = first("internetaken")
        if taak is not None:
            found["taak_uuid"] = taak["uuid"]
    return found
