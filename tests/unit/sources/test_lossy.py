"""A thousand new records over a link that loses connections and answers, on a clock of its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any, cast

import pytest

from adapters.base import (
    Adapter,
    Change,
    Collection,
    Create,
    Failure,
    Match,
    Operator,
    Page,
    Query,
    SourceError,
    Writes,
)
from adapters.conditions import Record, matches
from gateway.bounds import Bounds
from gateway.sources.call import now
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.errors import Problem
from tests.support.clock import quick

RESET, LOST, NEVER_CAME, SILENT = 0.05, 0.08, 0.02, 0.01


class Lossy:
    """Records behind a bad link. Of what is asked some never gets there, and of what is done some
    is never heard of, or too late. Where ``natural``, there are no two records with one ref."""

    atomic = True

    def __init__(self, natural: bool, seed: int) -> None:
        self.records: list[Record] = []
        self._natural = natural
        self._random = Random(seed)
        fields = frozenset({"REF"})
        self.collections = {
            "THING": Collection(
                fields=fields,
                key=("REF",),
                filters={"REF": {Operator.IN: Match.EXACT}},
                writes=Writes(create=True, fields=fields, natural=("REF",) if natural else ()),
            )
        }

    async def find(self, collection: str, query: Query) -> Page:
        await self._link(Failure.UNAVAILABLE)
        found = [r for r in self.records if matches(query.where, r)]
        await self._link(Failure.UNAVAILABLE)
        return Page(found)

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        (change,) = changes
        assert isinstance(change, Create)
        await self._link(Failure.UNAVAILABLE)
        await self._lost(NEVER_CAME)
        record = dict(change.values)
        if self._natural and record in self.records:
            raise SourceError(Failure.CONFLICT)
        self.records.append(record)
        if self._random.random() < SILENT:
            await asyncio.sleep(3600)
        await self._lost(LOST)
        return [record]

    async def _link(self, failure: Failure) -> None:
        await asyncio.sleep(self._random.random() / 100)
        if self._random.random() < RESET:
            raise SourceError(failure)

    async def _lost(self, share: float) -> None:
        await asyncio.sleep(self._random.random() / 100)
        if self._random.random() < share:
            raise SourceError(Failure.UNKNOWN)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("natural", [True, False], ids=["natural key", "no natural key"])
@quick
async def test_nothing_is_double_or_missing_and_unknown_is_said(natural: bool, seed: int) -> None:
    adapter = Lossy(natural, seed)
    source = Source("db", cast(Adapter, adapter), connections=10, seconds=5)
    left, ended = list(range(1000)), dict[int, Any]()

    async def desk() -> None:
        while left:
            ref = left.pop()
            caller = Caller({"db": source}, Meter(Bounds(1, 1, 1, 1, 1), now() + 10))
            try:
                ended[ref] = await caller.write("db", [Create("THING", {"REF": ref})])
            except Problem as problem:
                ended[ref] = problem.kind.code
                # On this clock a source that is left alone refuses all the rest in no time.
                await asyncio.sleep(float(problem.headers.get("Retry-After", 0)))

    await asyncio.gather(*(desk() for _ in range(8)))
    there = Counter(record["REF"] for record in adapter.records)
    codes = Counter(e if isinstance(e, str) else "created" for e in ended.values())

    assert len(ended) == 1000
    assert set(there.values()) == {1}
    for ref, answer in ended.items():
        if answer == "bron-niet-beschikbaar":
            assert ref not in there, "done, and denied"
        elif answer != "uitkomst-onbekend":
            assert answer == [{"REF": ref}]
            assert ref in there, "acknowledged, and missing"
    assert codes["created"] > 700
    # With a key it gets known, but where the source is left alone until the request is over.
    assert (codes["uitkomst-onbekend"] < 20) is natural
