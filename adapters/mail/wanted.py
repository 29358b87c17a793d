"""Which messages can be in an answer: what a store is asked, out of a condition on records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.conditions import Alike, All, Compare, Condition, Contains, Exists, In
from adapters.mail.light import WIDTH
from adapters.mail.records import KEY, OF


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that is given has to be met; ``None`` says nothing. ``people``: addresses in small
    letters; ``like``: what stands in one, in small letters too. ``since`` and ``until`` are seconds
    since 1970, and are met by what is then."""

    keys: frozenset[str] | None = None
    people: frozenset[str] | None = None
    like: str | None = None
    zaken: frozenset[str] | None = None
    since: int | None = None
    until: int | None = None

    @property
    def of_all(self) -> bool:
        """Whether it is of anybody and about anything."""
        return all(one is None for one in (self.keys, self.people, self.like, self.zaken))

    @property
    def nothing(self) -> bool:
        """Whether there can be no such message."""
        return frozenset() in (self.keys, self.people, self.zaken)


def parts_of(where: Condition) -> Sequence[Condition]:
    return where.parts if isinstance(where, All) else (where,)


def wanted(where: Condition) -> tuple[Wanted, list[Condition]]:
    """What to ask for records of any collection, and the parts of the condition that are not all
    said by it."""
    found, left = Wanted(), []
    for part in parts_of(where):
        more, exact = _with(found, part)
        found = more
        if not exact:
            left.append(part)
    return found, left


def _with(known: Wanted, part: Condition) -> tuple[Wanted, bool]:
    match part:
        case In(field="bericht" | "nummer" as field, values=values):
            keys = frozenset(str(value)[:WIDTH] for value in values)
            # Of something in a message the key says which it is, and that is yet to be looked at.
            whole = field == OF or all(len(str(value)) == WIDTH for value in values)
            return replace(known, keys=_both(known.keys, keys)), whole and field == KEY
        case In(field="adres" | "vanWie", values=values):
            return replace(known, people=_both(known.people, frozenset(map(str, values)))), False
        case Alike(field="adres" | "vanWie", values=values):
            people = frozenset(value.casefold() for value in values)
            return replace(known, people=_both(known.people, people)), False
        case Contains(field="adres" | "vanWie", text=text):
            # Of several the longest finds the fewest.
            return replace(known, like=max(known.like or "", text.lower(), key=len)), False
        case In(field="zaaknummer", values=values):
            return replace(known, zaken=_both(known.zaken, frozenset(map(str, values)))), False
        case Exists(where=inner, negated=False):
            return _with(known, inner)[0], False
        case Compare(field="moment", op=op, value=value):
            bound = _seconds(str(value))
            if bound is None:
                return known, False
            return _bounded(known, op, bound), False
        case _:
            return known, False


def _both(one: frozenset[str] | None, other: frozenset[str]) -> frozenset[str]:
    return other if one is None else one & other


def _bounded(known: Wanted, op: str, bound: int) -> Wanted:
    """What is compared stays to be looked at, so bounds may be a second too wide."""
    if op.startswith(">"):
        return replace(known, since=bound if known.since is None else max(known.since, bound))
    return replace(known, until=bound if known.until is None else min(known.until, bound))


def _seconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.timestamp()) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
