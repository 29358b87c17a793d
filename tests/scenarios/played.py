"""Cases as they are played against a gateway."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.scenarios.municipality import Municipality
from tests.scenarios.table import Scenario, Step

_NAME: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Played:
    """A step that was done: what of its answer is not as the table says, and what it cost."""

    step: Step
    wrong: Sequence[str]
    calls: Mapping[str, int]


async def play(scenario: Scenario, municipality: Municipality) -> AsyncIterator[Played]:
    """All steps of a case, from the rows that there are at first."""
    municipality.start_over()
    known: dict[str, Any] = {}
    for step in scenario.steps:
        if not step.soon:
            municipality.forget()
        method, url = filled(step.request, known).split(" ", 1)
        body = {} if step.body is None else {"json": filled(step.body, known)}
        answer = await municipality.client.request(method, url, **body)
        shown = answer.json() if answer.content else None
        wrong = []
        if answer.status_code != step.status:
            wrong.append(f"status {answer.status_code}: {answer.text}")
        else:
            for path, value in filled(step.shows, known).items():
                if found(shown, path) != value:
                    wrong.append(f"{path}: {found(shown, path)!r}, not {value!r}")
            known |= {name: found(shown, path) for name, path in step.keep.items()}
        yield Played(step, wrong, municipality.calls())


def filled(template: Any, known: Mapping[str, Any]) -> Any:
    """A template, with what is known for the names in it."""
    match template:
        case str():
            return _NAME.sub(lambda name: str(known[name[1]]), template)
        case dict():
            return {key: filled(one, known) for key, one in template.items()}
        case list():
            return [filled(one, known) for one in template]
    return template


def found(shown: Any, path: str) -> Any:
    """What stands at a path of an answer."""
    step, _, rest = path.partition(".")
    if not step:
        return shown
    if step == "*":
        return [found(one, rest) for one in shown]
    return found(shown[int(step) if isinstance(shown, list) else step], rest)
