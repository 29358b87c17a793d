"""Rows of task: what has to be done after an interaction."""

from collections.abc import Sequence

from demo.kcc.values import ORDINARY_END, Row, Source

from . import names
from .values import local, number_rows, utc


def tasks(source: Source, interactions: Sequence[Row], staff: Sequence[Row]) -> list[Row]:
    """All rows of task; older ones are mostly done."""
    asked = [row for row in interactions if row["follow_up"]]
    teams = [row["staff_id"] for row in staff if row["kind"] == "team"]
    workers = [row["staff_id"] for row in staff if row["kind"] == "worker"]
    owners = source.random.choices(asked, k=source.scale.tasks)
    rows = [_task(source, owner, teams, workers) for owner in owners]
    return number_rows(rows, "task_id", "T-{:06}")


def _task(source: Source, owner: Row, teams: Sequence[str], workers: Sequence[str]) -> Row:
    newest = local(owner["created_at"]) > ORDINARY_END
    made = source.minutes_after(local(owner["created_at"]), 60)
    made = made if newest else min(made, ORDINARY_END)
    assigned = source.minutes_after(made, 60)
    state = source.deal("newest task" if newest else "task", {"done": 6, "busy": 2, "open": 2})
    to = source.deal("assigned", {"both": 6, "team": 3, "worker": 2, "none": 1})
    return {
        "reference": f"SD{source.unique('sd', lambda: source.digits(8))}",
        "interaction_id": owner["interaction_id"],
        "action": source.pick(names.ACTIONS).format(owner["subject"].lower()),
        "explanation": source.pick(names.EXPLANATIONS) if source.chance(50) else None,
        "state": state,
        "team_id": source.pick(teams) if to in ("both", "team") else None,
        "staff_id": source.pick(workers) if to in ("both", "worker") else None,
        "assigned_at": utc(assigned),
        "completed_at": utc(source.minutes_after(assigned, 9000)) if state == "done" else None,
        "created_at": utc(made),
    }
