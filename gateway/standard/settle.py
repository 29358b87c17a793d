"""What follows from a draft by itself: attributes that change with another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.standard.draft import Draft, Stored
from gateway.standard.model import Variants
from gateway.standard.values import datetime_text


def settle(draft: Draft, current: Stored | None, *, now: datetime) -> Draft:
    """The draft with what follows from it for an object that is stored as ``current``.

    A taak that is done was done now, unless a body says when, and one that is to be done is not
    (INT-02). An object of another soort has nothing of its old soort (PAR-01). ``now``: an aware
    moment, taken to the second.
    """
    if draft.resource.path == "internetaken":
        draft = _handled(draft, current, datetime_text(now.replace(microsecond=0)))
    if current is not None:
        draft = _of_another_soort(draft, current)
    return draft


def _handled(draft: Draft, current: Stored | None, now: str) -> Draft:
    stored = current.values if current is not None else {}
    status = draft.values.get("status", stored.get("status"))
    moment = draft.values.get("afgehandeldOp", stored.get("afgehandeldOp"))
    settled = (moment or now) if status == "verwerkt" else None
    if settled == moment:
        return draft
    return replace(
        draft,
        values={**draft.values, "afgehandeldOp": settled},
        assumed=draft.assumed | {"afgehandeldOp"},
    )


def _of_another_soort(draft: Draft, current: Stored) -> Draft:
    gone = {
        member.name: False
        for member in draft.resource.members
        if isinstance(member, Variants)
        and member.name not in draft.present
        and member.by in draft.values
        and draft.values[member.by] != current.values.get(member.by)
    }
    return replace(draft, present={**draft.present, **gone}) if gone else draft
