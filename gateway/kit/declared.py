"""Whether what is declared makes sense by itself, before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adapters.base import Collection, Linked, Paging
from gateway.kit.findings import refute
from gateway.kit.subject import Subject


async def coherent(subject: Subject) -> None:
    """Every name in the capabilities is a field, or a collection, that there is."""
    if not subject.collections:
        refute("collections", "there are none")
    for name, spec in subject.examined.items():
        for message in _wrong(spec, frozenset(subject.collections)):
            refute(name, message)


def _wrong(spec: Collection, collections: frozenset[str]) -> Iterator[str]:
    lists = frozenset(spec.asked_as.values())
    if not spec.key:
        yield "no key"
    named: dict[str, Iterable[str]] = {
        "key": spec.key,
        "filters": set(spec.filters) - lists,
        "sortable": spec.sortable,
        "fixed_order": spec.fixed_order,
        "asked_by": spec.asked_by - lists,
        "asked_as": spec.asked_as,
        "certain": spec.certain,
        "filled": spec.filled,
        "heavy": spec.heavy,
    }
    yield from _strangers(named, spec)
    for far in sorted({*spec.exists, *spec.along, *_linked(spec)} - collections):
        yield f"`{far}` is no collection"
    for field in sorted(spec.heavy.intersection(spec.key)):
        yield f"heavy names `{field}`, which is asked of every record: it is of the key"
    if spec.page_size < 1 or spec.max_in < 1:
        yield "page_size and max_in are at least 1"
    if spec.keyset and not (spec.sortable.issuperset(spec.key) or spec.fixed_order):
        yield "keyset without an order that has the key in it"
    if spec.total and spec.paging is Paging.NONE:
        yield "a total of what is given whole says nothing"
    if spec.writes:
        yield from _wrong_writes(spec)


def _linked(spec: Collection) -> Iterator[str]:
    def of(linked: Linked) -> Iterator[str]:
        for link, further in linked.linked.items():
            yield link.collection
            yield from of(further)

    for link, linked in spec.linked.items():
        yield link.collection
        yield from of(linked)


def _wrong_writes(spec: Collection) -> Iterator[str]:
    assert spec.writes is not None
    writes = spec.writes
    if not (writes.create or writes.update or writes.delete):
        yield "writes, but nothing that can be done"
    named: dict[str, Iterable[str]] = {
        "generated": writes.generated,
        "natural": writes.natural,
        "version": [writes.version] if writes.version else [],
        "fields": writes.fields,
        "once": writes.once,
        "required": writes.required,
        "lengths": writes.lengths,
        "numbers": writes.numbers,
    }
    yield from _strangers({f"writes.{word}": names for word, names in named.items()}, spec)
    for field in sorted(writes.once - writes.fields):
        yield f"writes.once names `{field}`, which may not be written at all"


def _strangers(named: Mapping[str, Iterable[str]], spec: Collection) -> Iterator[str]:
    for word, names in named.items():
        for field in sorted(set(names) - spec.fields):
            yield f"{word} names `{field}`, which is no field of it"
