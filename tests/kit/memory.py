"""An adapter that keeps its whole word, to be broken one word at a time: records in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel

from adapters.base import (
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    Generated,
    Match,
    Operator,
    Page,
    Paging,
    Query,
    SourceError,
    Update,
    Value,
    Writes,
)
from adapters.conditions import Condition, Record, get, is_absent
from gateway.kit.order import in_order
from tests.support.honest import holds

EVERY: Final = dict.fromkeys(Operator, Match.EXACT)
FIELDS: Final = ("NR", "NAAM", "PLAATS", "BEGONNEN", "NOTITIE")

Rows = dict[str, list[dict[str, Any]]]


def rows() -> Rows:
    """The records of a small made-up CRM."""
    names = ("Ünal", "de Bruin", "Öztürk", "van Dijk", "ÉCLAIR", "Bakker", "100% zeker", "a_b")
    klant = [
        {
            "NR": n,
            "NAAM": f"{name} {n // len(names)}",
            "PLAATS": ("Zilverdam", None, "Oost", "  ")[n % 4],
            "BEGONNEN": f"2026010{1 + n % 5}09{n:02}00",
            "NOTITIE": None if n % 3 else f"Notitie {n} voor {name}",
        }
        for n, name in enumerate(names * 2, 1)
    ]
    vraag = [
        {
            "NR": 100 + n,
            "KLANT": n % 12 + 1,
            "ONDERWERP": f"Vraag nummer {n}",
            "GESTELD": f"202602{n + 10}101500",
        }
        for n in range(9)
    ]
    return {"KLANT": klant, "VRAAG": vraag}


class Options(BaseModel):
    """``secret``: opens nothing."""

    secret: str = "sesam-open-u-7712"


class Memory:
    """See ``adapters.base.WritingAdapter``."""

    options_model: ClassVar[type[BaseModel]] = Options
    atomic: ClassVar[bool] = True

    def __init__(self, secret: str) -> None:
        self.rows = rows()
        self.secret = secret
        self._collections = {
            "KLANT": self.klant(),
            "VRAAG": Collection(
                fields=frozenset(["NR", "KLANT", "ONDERWERP", "GESTELD"]),
                key=("NR",),
                filters={"NR": EVERY, "KLANT": EVERY, "ONDERWERP": EVERY},
                paging=Paging.TOKEN,
                page_size=4,
                max_in=20,
            ),
        }

    def klant(self) -> Collection:
        """What is declared for the first collection."""
        return Collection(
            fields=frozenset(FIELDS),
            key=("NR",),
            filters=dict.fromkeys(FIELDS, EVERY),
            disjunctions=True,
            exists=frozenset(["VRAAG"]),
            sortable=frozenset(["NR", "NAAM", "PLAATS", "BEGONNEN"]),
            paging=Paging.OFFSET,
            keyset=True,
            total=True,
            max_in=20,
            page_size=10,
            writes=Writes(
                create=True,
                update=True,
                delete=True,
                natural=("NAAM",),
                generated=frozenset(["NR"]),
                fields=frozenset(FIELDS[1:]),
                once=frozenset(["NAAM"]),
            ),
        )

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        return cls(Options.model_validate(options).secret)

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def check(self) -> None:
        """Memory always answers."""

    async def close(self) -> None:
        """There is nothing to give back."""

    async def find(self, collection: str, query: Query) -> Page:
        found = [r for r in self.rows[collection] if self.meets(query.where, r)]
        total = len(found) if query.count else None
        return self.page(collection, self.ordered(found, query), query, total)

    def meets(self, condition: Condition, record: Record) -> bool:
        return holds(condition, record, self.rows)

    def ordered(self, found: Sequence[Record], query: Query) -> list[Record]:
        return in_order(found, query) if query.order else list(found)

    def page(
        self, collection: str, found: Sequence[Record], query: Query, total: int | None
    ) -> Page:
        start = int(query.token) if query.token else query.skip
        size = min(query.limit, self.collections[collection].page_size)
        stop = start + size
        more = size and stop < len(found)
        return Page(found[start:stop], str(stop) if more else None, total)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        (value,) = key.values()
        return next((r for r in self.rows[collection] if str(r["NR"]) == str(value)), None)

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        before = {name: [dict(row) for row in rows] for name, rows in self.rows.items()}
        made: list[Record] = []
        try:
            for change in changes:
                made.append(await self.change(whole(change, made)))
        except SourceError:
            self.rows = before
            raise
        return made

    async def change(self, change: Change) -> Record:
        """One of them, in which nothing is generated by another."""
        there = self.rows[change.collection]
        if isinstance(change, Create):
            number = max(int(r["NR"]) for r in there) + 1
            made = {**dict.fromkeys(FIELDS), **change.values, "NR": number}
            self.unique(there, made)
            there.append(made)
            return dict(made)
        found = await self.get(change.collection, change.key)
        if found is None:
            raise SourceError(Failure.GONE)
        self.expect(change, found)
        at = there.index(dict(found))
        if isinstance(change, Delete):
            return there.pop(at)
        there[at] = {**found, **change.values}
        return dict(there[at])

    def unique(self, there: Sequence[Record], made: Record) -> None:
        if any(r["NAAM"] == made["NAAM"] for r in there):
            raise SourceError(Failure.CONFLICT, "there already")

    def expect(self, change: Update | Delete, found: Record) -> None:
        if any(_text(get(found, f)) != _text(v) for f, v in change.expected.items()):
            raise SourceError(Failure.CONFLICT, "not as it was")


def _text(value: Any) -> str:
    return "" if is_absent(value) else str(value)


def whole(change: Change, made: Sequence[Record]) -> Change:
    """A change with what others before it generated."""

    def told(values: Mapping[str, Value]) -> dict[str, Value]:
        return {
            f: get(made[v.change], v.field) if isinstance(v, Generated) else v
            for f, v in values.items()
        }

    if isinstance(change, Create):
        return replace(change, values=told(change.values))
    return replace(change, key=told(change.key))


NEW: Final = {
    "KLANT": [
        {
            "NAAM": f"Nieuw {n}",
            "PLAATS": f"Plaats {n}",
            "BEGONNEN": "20260701120000",
            "NOTITIE": f"Notitie {n}" if n else None,
        }
        for n in range(3)
    ]
}
"""Records that it accepts."""


def declaring(spec: Collection, **changed: Any) -> Collection:
    """Other capabilities."""
    return replace(spec, **changed)
