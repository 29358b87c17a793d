"""Any source that keeps its word: records in memory behind random capabilities.

What it does not declare it does not accept; what it declares as a superset it may answer with
more; what it says nothing about (the order of records, the size of a page) is as awkward as it
gets. It decides conditions with ``matches`` and *exists* by looking at every record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Self
from zlib import crc32

from pydantic import BaseModel

from adapters.base import OPERATORS, Collection, Match, Operator, Page, Paging, Query
from adapters.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Atom,
    Condition,
    Exists,
    In,
    Record,
    all_of,
    any_of,
    get,
    is_absent,
    matches,
)
from tests.support.brief import Brief
from tests.support.order import answer


def holds(condition: Condition, record: Record, rows: Mapping[str, Sequence[Record]]) -> bool:
    """``matches``, with *exists* decided by looking at all records of the other collection."""
    match condition:
        case All(parts):
            return all(holds(p, record, rows) for p in parts)
        case AnyOf(parts):
            return any(holds(p, record, rows) for p in parts)
        case Exists(field, collection, far_field, where, negated):
            value = get(record, field)
            same = [
                far
                for far in rows[collection]
                if not is_absent(value)
                and not is_absent(get(far, far_field))
                and str(value) == str(get(far, far_field))
            ]
            return any(holds(where, far, rows) for far in same) is not negated
        case _:
            return matches(condition, record)


@dataclass(frozen=True)
class Honest(Brief):
    """An adapter (``adapters.base.Adapter``) over records in memory."""

    rows: Mapping[str, Sequence[Record]]
    collections: Mapping[str, Collection]
    seed: int = 0

    options_model: ClassVar[type[BaseModel]] = BaseModel

    def __repr__(self) -> str:
        return f"<an honest source, seed {self.seed}>"

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        raise NotImplementedError

    async def check(self) -> None:
        return

    async def close(self) -> None:
        return

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        wanted = All(tuple(In(name, (value,)) for name, value in key.items()))
        return next((r for r in self.rows[collection] if matches(wanted, r)), None)

    async def find(self, collection: str, query: Query) -> Page:
        spec = self.collections[collection]
        self._accept(collection, query)
        where = self._loosened(query.where, spec)
        found = [r for r in self.rows[collection] if holds(where, r, self.rows)]
        total = len(found) if query.count else None
        found.sort(key=self._meaningless)
        found = answer(found, replace(query, order=query.order or spec.fixed_order))
        start = int(query.token) if query.token else query.skip
        size = len(found) if spec.paging is Paging.NONE else min(query.limit, spec.page_size)
        if query.limit and spec.paging is Paging.TOKEN:
            size = spec.page_size  # such a source has a page size of its own
        page = found[start : start + size]
        if query.fields:
            page = [{name: r[name] for name in query.fields} for r in page]
        end = start + size
        return Page(page, str(end) if size and end < len(found) else None, total)

    def _meaningless(self, record: Record) -> int:
        return crc32(repr((self.seed, *record.values())).encode())

    # --- keeping to what was declared -----------------------------------------------------------

    def _accept(self, name: str, query: Query) -> None:
        """Refuse a question that was not declared: that is a fault of the gateway."""
        spec = self.collections[name]
        assert accepts(query.where, self.collections, name), query.where
        assert spec.orders(query.order), f"order by {query.order}"
        assert spec.total or not query.count, "count"
        assert spec.paging is Paging.OFFSET or not query.skip, "skip"
        assert spec.paging is not Paging.NONE or not query.token, "token"
        assert spec.places(query.order) or not query.after, f"a place in {query.order}"
        assert spec.places(query.order) or not query.backwards, f"backwards by {query.order}"
        assert not (query.after and query.skip), "after and skip"
        assert not query.after or len(query.after) == len(query.order), "a place of another order"
        assert spec.fields.issuperset(query.fields), "fields"
        assert query.limit >= 0

    def _loosened(self, condition: Condition, spec: Collection) -> Condition:
        """What is answered where only a superset was promised: now and then, everything."""
        match condition:
            case All(parts):
                return all_of(self._loosened(p, spec) for p in parts)
            case AnyOf(parts):
                return any_of(self._loosened(p, spec) for p in parts)
            case Exists():
                return condition
            case _:
                loose = _guarantee(condition, spec) is Match.SUPERSET
                coin = crc32(repr((self.seed, condition)).encode()) % 2
                return ALWAYS if loose and coin else condition


def accepts(
    condition: Condition,
    collections: Mapping[str, Collection],
    name: str,
    *,
    any_or: bool = False,
) -> bool:
    """Whether a collection declares all that a condition asks (``any_or``: but for *or*)."""
    spec = collections[name]
    match condition:
        case All(parts):
            return all(accepts(p, collections, name, any_or=any_or) for p in parts)
        case AnyOf(parts):
            whole = all(accepts(p, collections, name, any_or=any_or) for p in parts)
            return whole and (any_or or spec.disjunctions or not parts)
        case Exists(field, far, far_field, where):
            return (
                far in spec.exists
                and field in spec.fields
                and far_field in collections[far].fields
                and accepts(where, collections, far, any_or=any_or)
                and exact(where, collections, far)
            )
        case In(field, values) if len(values) > spec.max_in:
            return False
        case _:
            return OPERATORS[type(condition)] in spec.filters.get(condition.field, {})


def exact(condition: Condition, collections: Mapping[str, Collection], name: str) -> bool:
    """Whether a collection answers a condition with what meets it and nothing else."""
    match condition:
        case All(parts) | AnyOf(parts):
            return all(exact(p, collections, name) for p in parts)
        case Exists(collection=far, where=where):
            return exact(where, collections, far)
        case _:
            return _guarantee(condition, collections[name]) is Match.EXACT


def _guarantee(atom: Atom, spec: Collection) -> Match:
    return spec.filters[atom.field][OPERATORS[type(atom)]]


# --- random capabilities ------------------------------------------------------------------------


def capabilities(
    columns: Mapping[str, Sequence[str]], keys: Mapping[str, Sequence[str]], seed: int
) -> dict[str, Collection]:
    """Something that an adapter could declare about collections with these columns."""
    random = Random(seed)
    # One temper for the whole source; each collection then differs a little.
    asked, exact, ordered = (random.choice([0.2, 0.6, 0.9, 1.0]) for _ in range(3))
    disjunctions = random.random() < 0.7
    joins = random.random() < 0.7
    paging, total = random.choice(list(Paging)), random.random() < 0.7
    keyset = random.random() < 0.5

    def filters(field: str, key: bool) -> dict[Operator, Match]:
        return {
            operator: Match.EXACT if random.random() < exact else Match.SUPERSET
            for operator in Operator
            if random.random() < asked or (key and operator is Operator.IN and asked > 0.2)
        }

    def collection(name: str) -> Collection:
        fields = columns[name]
        return Collection(
            fields=frozenset(fields),
            key=tuple(keys[name]),
            filters={f: filters(f, f in keys[name]) for f in fields},
            disjunctions=disjunctions,
            exists=frozenset(n for n in columns if joins and random.random() < 0.9),
            sortable=frozenset(f for f in fields if random.random() < ordered),
            paging=paging,
            keyset=keyset,
            total=total,
            max_in=random.choice([1, 2, 20, 500]),
            page_size=random.choice([1, 7, 50, 1000]),
        )

    return {name: collection(name) for name in columns}
