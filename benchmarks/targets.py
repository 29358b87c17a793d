"""Judging figures by ``targets.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, model_validator

from benchmarks.effort import Figures, middle

FILE: Final = Path(__file__).resolve().parent / "targets.toml"


class Target(BaseModel):
    """One target; the words are explained at the top of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    about: str
    figure: str = ""
    per: str | None = None
    at_most: float | None = None
    at_least: float | None = None
    now: float | None = None
    gate: bool = True
    worst: bool = False
    tolerance: float = 0.15
    because: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Target:
        bounds = (self.at_most is not None) + (self.at_least is not None)
        if bool(self.figure) == bool(self.because) or bounds != bool(self.figure):
            raise ValueError("a target has a figure and one bound, or it says why not")
        return self

    @property
    def bound(self) -> float:
        """The target itself."""
        bound = self.at_least if self.at_most is None else self.at_most
        assert bound is not None
        return bound

    def meets(self, seen: float, bound: float, tolerance: float = 0) -> bool:
        """Whether a figure is on the right side of a bound."""
        if self.at_most is None:
            return seen >= bound * (1 - tolerance)
        return seen <= bound * (1 + tolerance)


class Judgement(StrEnum):
    """How a target fares."""

    MET = "met"
    HELD = "missed, as known"
    MISSED = "missed"
    FAILED = "FAILED"
    UNSEEN = "not measured"


@dataclass(frozen=True)
class Verdict:
    """A target, what was seen, and how that is."""

    target: Target
    seen: float | None
    judgement: Judgement


def load() -> list[Target]:
    """All targets, in the order of the file."""
    return [Target.model_validate(t) for t in tomllib.loads(FILE.read_text())["target"]]


def judge(target: Target, figures: Figures, slack: float = 1) -> Verdict:
    """A figure that was to be seen and was not is no reason to fail: its suite was not run."""
    seen = figures.ratio(target.figure, target.per)
    if seen is None:
        return Verdict(target, None, Judgement.UNSEEN)
    value = (max(seen) if target.at_least is None else min(seen)) if target.worst else middle(seen)
    return Verdict(target, value, _judgement(target, value, target.tolerance * slack))


def _judgement(target: Target, seen: float, tolerance: float) -> Judgement:
    if target.meets(seen, target.bound):
        return Judgement.MET
    if not target.gate:
        return Judgement.MISSED
    if target.now is not None:
        held = target.meets(seen, target.now, tolerance)
        return Judgement.HELD if held else Judgement.FAILED
    within = target.meets(seen, target.bound, tolerance)
    return Judgement.MISSED if within else Judgement.FAILED
