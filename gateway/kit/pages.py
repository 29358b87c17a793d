"""Whether lists are walked without loss: order, pages, totals, places and keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from adapters.base import Collection, Failure, Match, Paging, Query, SourceError
from adapters.conditions import Atom, Record, get, matches
from gateway.kit.filters import atoms, telling
from gateway.kit.findings import NotDeclared, refute, told
from gateway.kit.order import in_order, place, rank
from gateway.kit.subject import Scope, Subject

SIZES = (1, 3, 7)
_FILTERED = 2
"""So many conditions are asked for a few fields too, and from a place on."""
_FEW = 25
"""So many records of a collection are walked one by one."""


async def whole(subject: Subject) -> None:
    """A walk through all ends, gives each record once, with its key and with known fields, and a
    second walk gives the same."""
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            keys = subject.keys(name, scope.records)
            if len(keys) != len(set(keys)):
                refute(name, f"{len(keys) - len(set(keys))} record(s) more than once in a walk")
            again = subject.keys(name, await subject.every(name, Query(scope.where())))
            if subject.whole(scope) and sorted(again) != sorted(keys):
                refute(name, "a second walk gives other records than the first")
            for field in sorted(spec.filled):
                if any(get(record, field) in (None, "") for record in scope.records):
                    refute(name, f"`{field}` is declared filled and is empty in a record")


async def needed_fields(subject: Subject) -> None:
    """A question for a few fields gives these as they are."""
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            known = {subject.key(name, record): record for record in scope.records}
            for atom, _ in telling(spec, scope)[:_FILTERED]:
                await _keys_alone(subject, scope, atom)
            few = frozenset([*spec.key, *sorted(spec.fields)[:2]])
            for wanted in [few, spec.fields - spec.heavy] if spec.heavy else [few]:
                for record in await subject.every(name, Query(scope.where(), fields=wanted)):
                    before = known.get(subject.key(name, record), record)
                    if any(get(record, field) != get(before, field) for field in wanted):
                        refute(
                            name, "a field that is asked for is not as it is in the whole record"
                        )


async def _keys_alone(subject: Subject, scope: Scope, atom: Atom) -> None:
    """Refutes other records for a condition where nothing but their keys is asked for."""
    name, asked = scope.collection, Query(scope.where(atom))
    try:
        found = subject.keys(name, await subject.every(name, asked))
    except SourceError:
        # Whether what can be asked is answered, is another behaviour.
        return
    key = frozenset(subject.collections[name].key)
    alone = subject.keys(name, await subject.every(name, replace(asked, fields=key)))
    if len(found) <= subject.most and sorted(alone) != sorted(found):
        refute(name, f"{told(atom)}: other records when fewer fields are asked for")


async def sorted_lists(subject: Subject) -> None:
    """Every declared order: highest first, absent values last, the same each time."""
    asked = 0
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            orders = list(_orders(spec))
            for order in orders:
                await _sorted(subject, scope, order)
                asked += 1
            for order, (atom, _) in zip(orders, telling(spec, scope), strict=False):
                await _sorted_part(subject, scope, order, atom)
    if not asked:
        raise NotDeclared("no order is declared")


async def _sorted(subject: Subject, scope: Scope, order: tuple[str, ...]) -> None:
    name = scope.collection
    asked = Query(scope.where(), order)
    found = await subject.every(name, asked)
    at = f"{name}, in the order of {', '.join(order)}"
    if subject.whole(scope) and len(found) != len(scope.records):
        refute(at, f"{len(found)} records, {len(scope.records)} without an order")
    _in_order(at, found, order)
    if set(order).issuperset(subject.collections[name].key):
        again = await subject.every(name, asked)
        if subject.keys(name, again) != subject.keys(name, found):
            refute(at, "another order the second time")


async def _sorted_part(subject: Subject, scope: Scope, order: tuple[str, ...], atom: Atom) -> None:
    name = scope.collection
    found = await subject.every(name, Query(scope.where(atom), order))
    _in_order(f"{name}, {told(atom)}, in the order of {', '.join(order)}", found, order)


def _in_order(at: str, found: Sequence[Record], order: tuple[str, ...]) -> None:
    ranks = [rank(place(record, order)) for record in found]
    if any(a < b for a, b in pairwise(ranks)):
        refute(at, "not highest first with absent values last")


def _orders(spec: Collection) -> Iterator[tuple[str, ...]]:
    for field in sorted(spec.sortable):
        yield (field,)
        if spec.sortable.issuperset(spec.key) and field not in spec.key:
            yield (field, *spec.key)
    if spec.fixed_order:
        yield spec.fixed_order


async def paged(subject: Subject) -> None:
    """Pages of every size, by their token and by the number of records before them: together all
    records, each once, never more than asked."""
    asked = 0
    for name, spec in subject.examined.items():
        if spec.paging is Paging.NONE:
            continue
        for scope in await subject.scopes(name):
            if subject.whole(scope):
                await _paged(subject, scope, spec)
                asked += 1
    if not asked:
        raise NotDeclared("every collection is given whole")


async def _paged(subject: Subject, scope: Scope, spec: Collection) -> None:
    name = scope.collection
    order = next((o for o in _orders(spec) if set(o).issuperset(spec.key)), ())
    expected = sorted(subject.keys(name, scope.records))
    for size in SIZES if len(expected) <= _FEW else (max(7, len(expected) // 4),):
        query = Query(scope.where(), order, size)
        by_token = await subject.every(name, query)
        if sorted(subject.keys(name, by_token)) != expected:
            refute(name, f"pages of {size} by their token are not all records, each once")
        if spec.paging is Paging.OFFSET:
            by_skip = await _by_skip(subject, scope, query, len(expected))
            if sorted(subject.keys(name, by_skip)) != expected:
                refute(name, f"pages of {size} by `skip` are not all records, each once")


async def _by_skip(subject: Subject, scope: Scope, query: Query, most: int) -> list[Record]:
    found: list[Record] = []
    for _ in range(most + 1):
        page = await subject.adapter.find(scope.collection, replace(query, skip=len(found)))
        if len(page.records) > query.limit:
            refute(scope.collection, f"{len(page.records)} records, {query.limit} were asked")
        if not page.records:
            if page.next is not None:
                refute(scope.collection, "an empty page that is not the last")
            return found
        found += page.records
    return found


async def totals(subject: Subject) -> None:
    """A total is the number of matches, whatever the page."""
    asked = 0
    for name, spec in subject.examined.items():
        if not spec.total:
            continue
        for scope in await subject.scopes(name):
            if not subject.whole(scope):
                continue
            conditions = [scope.where(), *(scope.where(a) for a, _ in atoms(spec, scope)[:10])]
            for where in conditions:
                every = len(await subject.every(name, Query(where)))
                for limit in (0, 1, 100):
                    page = await subject.adapter.find(name, Query(where, limit=limit, count=True))
                    if page.total != every:
                        refute(name, f"a total that is not the number of records, limit {limit}")
                    if len(page.records) > limit:
                        refute(name, f"records that were not asked for, limit {limit}")
                asked += 1
    if not asked:
        raise NotDeclared("no collection gives a total")


async def places(subject: Subject) -> None:
    """From the place of any record on, and back: exactly what comes after it, and before."""
    asked = 0
    for name, spec in subject.examined.items():
        for order in _orders(spec):
            if not spec.places(order):
                continue
            for scope in filter(subject.whole, await subject.scopes(name)):
                await _places(subject, scope, order)
                asked += 1
    if not asked:
        raise NotDeclared("no list can begin at a place")


async def _places(subject: Subject, scope: Scope, order: tuple[str, ...]) -> None:
    name, records = scope.collection, scope.records
    for atom, match in telling(subject.collections[name], scope)[:_FILTERED]:
        if match is Match.EXACT:
            some = [record for record in records if matches(atom, record)]
            first = in_order(records, Query(order=order))[0]
            after = Query(scope.where(atom), order, after=place(first, order))
            await _placed(subject, name, after, some)
    for backwards in (False, True):
        await _placed(subject, name, Query(scope.where(), order, backwards=backwards), records)
    for record in records[:: max(1, len(records) // 5)][:6]:
        for backwards in (False, True):
            query = Query(scope.where(), order, after=place(record, order), backwards=backwards)
            await _placed(subject, name, query, records)


async def _placed(subject: Subject, name: str, query: Query, records: Sequence[Record]) -> None:
    expected = subject.keys(name, in_order(records, query))
    page = await subject.adapter.find(name, replace(query, limit=10))
    size = min(10, subject.collections[name].page_size, len(expected))
    if subject.keys(name, page.records)[:size] != expected[:size]:
        way = "before" if query.backwards else "after"
        place_in = f"{name}, in the order of {', '.join(query.order)}"
        refute(place_in, f"not what comes {way} {'it' if query.after else 'all'}")


async def by_key(subject: Subject) -> None:
    """A record is had by its key, as it is in a list; a key of nothing gives nothing."""
    for name, spec in subject.examined.items():
        known = await subject.known(name)
        for record in known[:: max(1, len(known) // 5)][:6]:
            key = {field: get(record, field) for field in spec.key}
            try:
                found = await subject.adapter.get(name, key)
            except SourceError as error:
                if error.failure is Failure.WITHHELD:
                    continue
                refute(name, f"`{error.failure}` for the key of a record of a list")
            if found is None:
                refute(name, "a record of a list is not there by its key")
            if subject.key(name, found) != subject.key(name, record):
                refute(name, "another record than that of the key")
        if known:
            await _no_key(subject, name, known[0])


_NO_KEYS = (
    "..",
    "../",
    "a/../b",
    "' OR '1'='1",
    '"',
    "*",
    "%",
    "\x00",
    "x\r\ny",
    "é" * 300,
    "?a=1#b",
)


async def _no_key(subject: Subject, name: str, like: Record) -> None:
    fields = subject.collections[name].key
    for wrong in _NO_KEYS:
        key = {field: get(like, field) for field in fields} | {fields[-1]: wrong}
        try:
            found = await subject.adapter.get(name, key)
        except SourceError:
            continue
        if found is not None:
            refute(name, "a key that is none gives a record")
