"""The cases of VNG as data: who asks what, what comes back, and what that costs each source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

CASES: Final = Path(__file__).resolve().parent / "cases"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One request. In ``request``, ``body`` and ``shows`` a name in braces stands for what an
    earlier step has kept.

    ``function``: of the standard, where VNG gave it a code. ``status``, ``shows``: what is
    answered, at paths such as ``results.0.uuid``, with ``*`` for all of a list; ``answer`` says it
    in a line. ``keep``: names for what stands at a path. ``soon``: it follows within
    ``limits.burst_seconds``. ``calls``: by source how often it is called.
    """

    who: str
    does: str
    function: str = ""
    request: str
    body: Any = None
    status: int = 200
    shows: dict[str, Any] = Field(default_factory=dict)
    answer: str
    keep: dict[str, str] = Field(default_factory=dict)
    soon: bool = False
    calls: dict[str, int]


class Scenario(_Strict):
    """A case. ``codes``: those of VNG, where it has them; ``name``: what it is, in Dutch."""

    codes: tuple[str, ...] = ()
    name: str
    about: str
    steps: tuple[Step, ...]


class Chapter(_Strict):
    """Cases that belong together, as one file has them."""

    title: str
    scenarios: tuple[Scenario, ...]


@cache
def chapters() -> Sequence[Chapter]:
    """All cases, in the order of their files."""
    return [Chapter.model_validate(yaml.safe_load(file.read_text())) for file in files()]


def files() -> Sequence[Path]:
    """The files in which they stand."""
    return sorted(CASES.glob("*.yaml"))
