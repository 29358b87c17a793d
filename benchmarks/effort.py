"""How much is measured, and how what was measured is kept: figures, one value per round."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Effort:
    """``rounds`` of ``seconds`` for each server; ``quick``: less of everything else too.

    ``slack``: how many times its tolerance a target may be missed by. Few and short rounds on a
    machine that others use show what became twice as slow, and no less than that.
    """

    rounds: int
    seconds: float
    quick: bool
    slack: float = 1


QUICK = Effort(rounds=2, seconds=1.0, quick=True, slack=6)
FULL = Effort(rounds=5, seconds=3.0, quick=False)


@dataclass
class Figures:
    """Values by name. Names of one suite that are compared have a value in every round, so that
    ratios are formed within a round; ``notes`` say what a reader has to know about them."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float) -> None:
        self.values[name].append(value)

    def ratio(self, above: str, below: str | None) -> list[float] | None:
        """Per round, a figure (divided by another); ``None`` when one was not measured."""
        ours = self.values.get(above)
        theirs = self.values.get(below) if below else [1.0] * len(ours or ())
        if not ours or not theirs:
            return None
        return [a / b for a, b in zip(ours, theirs, strict=True)]


def race(figures: Figures, candidates: Mapping[str, Callable[[], None]], rounds: int) -> None:
    """The CPU seconds of each candidate, in every round all of them in another order."""
    for _ in range(rounds):
        for name in random.sample(list(candidates), len(candidates)):
            started = time.process_time()
            candidates[name]()
            figures.add(name, time.process_time() - started)


def middle(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)
