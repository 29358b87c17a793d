"""A source in memory that can be written, with failures that the test sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.base import (
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    Generated,
    Match,
    Operator,
    Paging,
    SourceError,
    Update,
    Value,
    Writes,
)
from adapters.conditions import In, Record, all_of, is_absent, matches
from tests.support.honest import Honest


def table(known: Sequence[str], **writes: Any) -> Collection:
    """A collection that answers and writes all, with the first of its fields as generated key;
    ``writes`` says what is otherwise."""
    fields = frozenset(known)
    can = {
        "create": True,
        "update": True,
        "delete": True,
        "fields": fields - {known[0]},
        "generated": frozenset(known[:1]),
        **writes,
    }
    return Collection(
        fields,
        tuple(known[:1]),
        filters={f: dict.fromkeys(Operator, Match.EXACT) for f in fields},
        disjunctions=True,
        sortable=fields,
        paging=Paging.OFFSET,
        total=True,
        max_in=500,
        page_size=1000,
        writes=Writes(**can),
    )


def read_only(collection: Collection) -> Collection:
    """The same, of which nothing can be written."""
    return replace(collection, writes=None)


@dataclass(frozen=True)
class Store(Honest):
    """An adapter (``adapters.base.WritingAdapter``) over records in memory.

    ``written``: the batches that were done, in order, as they were asked. ``fails``: what befalls
    a batch before it is done. ``loses``: what befalls its answer after it.
    """

    atomic: bool = True
    written: list[Sequence[Change]] = field(default_factory=list)
    fails: Callable[[Sequence[Change]], Failure | None] = lambda _: None
    loses: Callable[[Sequence[Change]], bool] = lambda _: False

    def __repr__(self) -> str:
        return "<a source in memory>"

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        assert self.atomic or len(changes) == 1, "one change at a time"
        failure = self.fails(changes)
        if failure is not None:
            raise SourceError(failure)
        rows = {name: list(records) for name, records in self.rows.items()}
        done: list[Record] = []
        for change in changes:
            done.append(self._made(change, rows, done))
        for name, records in rows.items():
            self.rows[name][:] = records  # type: ignore[index]
        self.written.append(changes)
        if self.loses(changes):
            raise SourceError(Failure.UNKNOWN)
        return done

    def _made(
        self, change: Change, rows: dict[str, list[Record]], done: Sequence[Record]
    ) -> Record:
        spec = self.collections[change.collection]
        assert spec.writes is not None
        there = rows[change.collection]

        def real(values: Mapping[str, Value]) -> dict[str, Any]:
            return {n: done[v.change][v.field] if isinstance(v, Generated) else v
                    for n, v in values.items()}  # fmt: skip

        if isinstance(change, Create):
            assert spec.writes.create and spec.writes.fields.issuperset(change.values)
            empty = dict.fromkeys(sorted(spec.fields))
            keys = {n: 1 + max((r[n] for r in there), default=0) for n in spec.writes.generated}
            there.append({**empty, **keys, **real(change.values)})
            return there[-1]
        key = all_of(In(n, (v,)) for n, v in real(change.key).items())
        found = next((r for r in there if matches(key, r)), None)
        if found is None:
            raise SourceError(Failure.GONE)
        if any(_differs(found[n], v) for n, v in change.expected.items()):
            raise SourceError(Failure.CONFLICT)
        at = there.index(found)
        if isinstance(change, Delete):
            assert spec.writes.delete
            return there.pop(at)
        assert isinstance(change, Update) and spec.writes.update
        assert spec.writes.fields.issuperset(change.values)
        there[at] = {**found, **real(change.values)}
        return there[at]


def _differs(value: Any, expected: Any) -> bool:
    absent = is_absent(value), is_absent(expected)
    return absent[0] != absent[1] or (not absent[0] and str(value) != str(expected))
