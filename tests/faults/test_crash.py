"""A gateway that is killed while it makes contacts, in a source that does one change at a time.

Nobody undoes then what was half done. So all that is left has to stand in the log, from before it
could be left; and what was acknowledged has to be there.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.helpers import ROOT
from tests.support.crashing import PARTS, opened
from tests.support.office import Office


@dataclass(frozen=True)
class Left:
    """What one process left: what is in its database, what it acknowledged, what it logged."""

    there: frozenset[str]
    told: frozenset[str]
    steps: list[dict[str, Any]]

    @property
    def orphans(self) -> frozenset[str]:
        return self.there - self.told

    @property
    def named(self) -> frozenset[str]:
        """What stands in the log with its uuid."""
        lines = [line for step in self.steps for line in (*step["done"], *step["next"])]
        return frozenset(line.removeprefix("create ") for line in lines if "/" in line)


def left(office: Office, folder: Path, number: int, key: str) -> Left:
    """What the process with a number left."""
    there = set()
    with closing(sqlite3.connect(folder / f"{number}.sqlite")) as connection:
        for path in PARTS.values():
            for (id,) in connection.execute(f'SELECT ID FROM "{path}"'):  # noqa: S608
                there.add(f"{path}/{office.uuid(path, id) if key == 'integer' else id}")
    # The last line may not have been written to its end.
    lines = (folder / f"{number}.log").read_text().split("\n")[:-1]
    events = [json.loads(line) for line in lines]
    told = [one for event in events if event["event"] == "acknowledged" for one in event["told"]]
    steps = [event for event in events if event["event"] == "write-step"]
    return Left(frozenset(there), frozenset(told), steps)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["integer", "uuid"])
@pytest.mark.parametrize("times", [5, pytest.param(100, marks=pytest.mark.soak)])
def test_what_a_crash_leaves_stands_in_the_log(tmp_path: Path, key: str, times: int) -> None:
    seed = 1 if times < 10 else Random().randrange(2**32)
    command = [sys.executable, "-m", "tests.support.crashing", str(tmp_path), key]
    subprocess.run([*command, str(times), str(seed)], check=True, cwd=ROOT, timeout=600)
    office = opened(tmp_path, key)
    orphans = 0
    for number in range(times):
        process = left(office, tmp_path, number, key)
        assert process.told <= process.there, f"acknowledged and missing, seed {seed}"
        unnamed = process.orphans - process.named
        if key == "integer":
            # The source gave it its uuid a moment ago; what it is was said before.
            coming = process.steps[-1]["next"]
            assert [f"create {one.partition('/')[0]}" for one in unnamed] in ([], coming)
        else:
            assert not unnamed, f"seed {seed}"
        orphans += len(process.orphans)
    assert orphans, "nothing was left: this shows nothing"
