"""A source of any size without a single stored record: record *i* follows from *i*.

It sorts, counts and skips in no time, so what is measured on it is the gateway; and it keeps
account of what it was asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from adapters.base import Collection, Match, Operator, Page, Paging, Query
from adapters.conditions import All, Condition, In, Record
from benchmarks.data import record

_NEWEST: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
_EXACT: Final = {
    Operator.IN: Match.EXACT,
    Operator.NOT_IN: Match.EXACT,
    Operator.PRESENT: Match.EXACT,
    Operator.ABSENT: Match.EXACT,
}


class Options(BaseModel):
    """How many records, how far apart, and how long an answer takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    records: int = Field(ge=0)
    step_seconds: float = Field(60, gt=0)
    milliseconds: float = 0
    keyset: bool = True


@dataclass
class Traffic:
    """What sources were asked: calls, records given, and rounds; ``cpu``: seconds that it took them
    to make the records. Calls that are under way at the same time are of one round."""

    calls: int = 0
    records: int = 0
    rounds: int = 0
    cpu: float = 0
    under_way: int = 0

    def clear(self) -> None:
        """Begin to count anew."""
        self.calls = self.records = self.rounds = 0
        self.cpu = 0


class Generated:
    """One source; those of an installation may share their ``traffic``."""

    options_model: ClassVar[type[BaseModel]] = Options

    def __init__(self, options: Options, collections: Mapping[str, Any]) -> None:
        self._options = options
        self.traffic = Traffic()
        self._collections = {
            name: Collection(
                fields=frozenset(spec["fields"]),
                key=(spec["key"],),
                filters=dict.fromkeys(spec["fields"], _EXACT),
                disjunctions=True,
                sortable=frozenset({"date", "time", "created", "id"}),
                paging=Paging.OFFSET,
                keyset=options.keyset,
                total=True,
                max_in=500,
                page_size=500,
            )
            for name, spec in collections.items()
        }

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """See ``adapters.base.Adapter``."""
        return cls(Options.model_validate(options), collections)

    @property
    def collections(self) -> Mapping[str, Collection]:
        return self._collections

    async def check(self) -> None:
        """It is always there."""

    async def find(self, collection: str, query: Query) -> Page:
        """See ``adapters.base.Adapter``. Every record meets what the mapping asks of presence, so
        only keys restrict."""
        traffic = self.traffic
        traffic.calls += 1
        traffic.rounds += not traffic.under_way
        traffic.under_way += 1
        await asyncio.sleep(self._options.milliseconds / 1000)
        traffic.under_way -= 1
        began = time.process_time()
        keys = _keys(query.where)
        found = self._list(query) if keys is None else [self._record(k) for k in sorted(keys)]
        traffic.records += len(found)
        traffic.cpu += time.process_time() - began
        total = self._options.records if keys is None else len(keys)
        return Page(found, total=total if query.count else None)

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        """See ``adapters.base.Adapter``."""
        self.traffic.calls += 1
        return self._record(int(key["id"]))

    async def close(self) -> None:
        """There is nothing to give back."""

    def _list(self, query: Query) -> list[Record]:
        return [self._record(id) for id in self._ids(query)]

    def _ids(self, query: Query) -> Iterator[int]:
        """The newest record has the highest id."""
        count = self._options.records
        if query.backwards:
            first = int(query.after[-1] or 0) + 1 if query.after else 1
            yield from range(first, min(first + query.limit, count + 1))
        else:
            first = int(query.after[-1] or 0) - 1 if query.after else count - query.skip
            yield from range(first, max(first - query.limit, 0), -1)

    def _record(self, id: int) -> Record:
        age = (self._options.records - id) * self._options.step_seconds
        return record(id, _NEWEST - timedelta(seconds=int(age)))


def _keys(condition: Condition) -> set[int] | None:
    parts = condition.parts if isinstance(condition, All) else (condition,)
    asked = [p for p in parts if isinstance(p, In) and p.field == "id"]
    return {int(v) for p in asked for v in p.values} if asked else None
