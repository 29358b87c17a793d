"""Whether writing is honest: what is said to be done is there, what is not is not, never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from adapters.base import (
    Change,
    Create,
    Delete,
    Failure,
    Query,
    SourceError,
    Update,
    Value,
    Writes,
    WritingAdapter,
)
from adapters.conditions import Record, get, is_absent
from gateway.kit.failures import NOTHING_DONE
from gateway.kit.findings import NotDeclared, refute
from gateway.kit.subject import Subject
from gateway.kit.weather import STORMS, Weather

News = Mapping[str, Sequence[Mapping[str, Value]]]
"""By collection the values of new records that the source accepts, each other than the last."""

_NOBODY: Final = "kit-nobody"


async def kept(subject: Subject, news: News) -> None:
    """A new record is there, once, with the values that it was given, in the answer, by its key
    and in the list; a change is there, and changes nothing else; what is deleted is gone."""
    for name, given in _written(subject, news, "create"):
        spec = _writes(subject, name)
        before = set(subject.keys(name, await subject.every(name, Query())))
        made = await _one(subject, Create(name, given[0]))
        _same(name, "a new record", given[0], made)
        key = subject.key(name, made)
        after = subject.keys(name, await subject.every(name, Query()))
        if sorted(after) != sorted({*before, key}) or key in before:
            refute(name, "after one new record the list is not one record longer")
        await _stored(subject, name, made, given[0], "a new record")
        if spec.update and len(given) > 1:
            made = await _changed(subject, name, made, given[1])
        if spec.delete:
            await _one(subject, Delete(name, _key(subject, name, made)))
            if await _found(subject, name, made) is not None:
                refute(name, "a record that was deleted is still there")


async def _changed(subject: Subject, name: str, made: Record, other: Mapping[str, Value]) -> Record:
    spec = _writes(subject, name)
    fixed = {*subject.collections[name].key, *spec.once, *spec.natural}
    values = {f: v for f, v in other.items() if f not in fixed}
    if not values:
        return made
    field, value = next(iter(values.items()))
    changed = await _one(subject, Update(name, _key(subject, name, made), {field: value}))
    _same(name, "a change", {field: value}, changed)
    rest = {f: made.get(f) for f in other if f != field and f in made}
    _same(name, "what a change leaves alone", cast(Mapping[str, Value], rest), changed)
    await _stored(subject, name, changed, {field: value}, "a change")
    if spec.version and get(changed, spec.version) == get(made, spec.version):
        refute(name, f"`{spec.version}` is declared a version and is the same after a change")
    return changed


async def guarded(subject: Subject, news: News) -> None:
    """A change of a record that is not as expected is a conflict, and of none is ``gone``; neither
    does anything."""
    for name, given in _written(subject, news, "update"):
        if len(given) < 2:
            continue
        spec = _writes(subject, name)
        made = await _one(subject, Create(name, given[0]))
        fixed = {*subject.collections[name].key, *spec.once, *spec.natural}
        fields = [f for f in given[1] if f not in fixed]
        if not fields:
            continue
        field = fields[0]
        change = Update(name, _key(subject, name, made), {field: given[1][field]}, {field: _NOBODY})
        await _fails(subject, change, {Failure.CONFLICT}, "not as expected")
        found = await _found(subject, name, made)
        if found is None or _text(get(found, field)) != _text(get(made, field)):
            refute(name, "a change that was a conflict was made")
        if spec.delete:
            key = _key(subject, name, made)
            await _one(subject, Delete(name, key))
            change = Update(name, key, {field: given[1][field]})
            await _fails(subject, change, {Failure.GONE}, "of a record that is gone")


async def once(subject: Subject, news: News) -> None:
    """A second record with the same natural key is refused, and is not there."""
    asked = 0
    for name, given in _written(subject, news, "create"):
        if not _writes(subject, name).natural:
            continue
        asked += 1
        await _one(subject, Create(name, given[0]))
        before = len(await subject.every(name, Query()))
        expected = {Failure.CONFLICT, Failure.REFUSED}
        await _fails(subject, Create(name, given[0]), expected, "with a natural key that is there")
        if len(await subject.every(name, Query())) != before:
            refute(name, "a record with a natural key that was there already was made")
    if not asked:
        raise NotDeclared("no natural key")


async def unsure(subject: Subject, news: News, weather: Weather) -> None:
    """When the answer to a write is lost it is unknown, sent once and never again; when nothing
    was sent it is not unknown, and nothing is there."""
    for name, given in _written(subject, news, "create"):
        before = len(await subject.every(name, Query()))
        sent = weather.writes
        weather.lost = True
        try:
            await _fails(subject, Create(name, given[0]), {Failure.UNKNOWN}, "its answer lost")
        finally:
            weather.lost = False
        if weather.writes - sent > 1:
            refute(name, "a write of which the answer was lost was sent again")
        weather.storm = next(storm for storm in STORMS if not storm.sent)
        try:
            await _fails(subject, Create(name, given[-1]), NOTHING_DONE, "that was not sent")
        finally:
            weather.storm = None
        if len(await subject.every(name, Query())) > before + 1:
            refute(name, "more records than were made")


async def growing(subject: Subject, news: News) -> None:
    """Records that are made while a list is walked by its tokens hide none that were there."""
    asked = 0
    for name, given in _written(subject, news, "create"):
        spec = subject.collections[name]
        there = set(subject.keys(name, await subject.every(name, Query())))
        order = spec.key if spec.places(spec.key) else ()
        page = await subject.adapter.find(name, Query(order=order, limit=2))
        if page.next is None:
            continue
        asked += 1
        seen = subject.keys(name, page.records)
        await _one(subject, Create(name, given[0]))
        rest = Query(order=order, limit=spec.page_size, token=page.next)
        while True:
            page = await subject.adapter.find(name, rest)
            seen += subject.keys(name, page.records)
            if page.next is None:
                break
            rest = Query(order=order, limit=spec.page_size, token=page.next)
        if missing := there - set(seen):
            refute(name, f"{len(missing)} record(s) missed in a walk while one was made")
    if not asked:
        raise NotDeclared("nothing is made in a list of several pages")


def _written(
    subject: Subject, news: News, verb: str
) -> list[tuple[str, Sequence[Mapping[str, Value]]]]:
    """The collections in which something is done, with new records for these."""
    able = [
        name
        for name, spec in subject.collections.items()
        if spec.writes and spec.writes.create and getattr(spec.writes, verb)
    ]
    if not able:
        raise NotDeclared("nothing can be written" if verb == "create" else f"no {verb}")
    chosen = [(name, news[name]) for name in able if news.get(name)]
    if not chosen:
        refute("writes", f"AdapterKit.new gives no record for any of {', '.join(sorted(able))}")
    return chosen


def _writes(subject: Subject, name: str) -> Writes:
    writes = subject.collections[name].writes
    assert writes is not None
    return writes


async def _one(subject: Subject, change: Change) -> Record:
    adapter = cast(WritingAdapter, subject.adapter)
    try:
        records = await adapter.write([change])
    except SourceError as error:
        refute(change.collection, f"{type(change).__name__.lower()}: `{error.failure}`")
    if len(records) != 1:
        refute(change.collection, f"{len(records)} records are answered to one change")
    return records[0]


async def _fails(
    subject: Subject, change: Change, expected: frozenset[Failure] | set[Failure], which: str
) -> None:
    at = f"{change.collection}, {type(change).__name__.lower()} {which}"
    try:
        await cast(WritingAdapter, subject.adapter).write([change])
    except SourceError as error:
        if error.failure not in expected:
            refute(at, f"`{error.failure}` is told")
        return
    except Exception as error:
        refute(at, f"{type(error).__name__} in place of SourceError")
    refute(at, "it is said to be done")


def _key(subject: Subject, name: str, record: Record) -> dict[str, Value]:
    return {field: get(record, field) for field in subject.collections[name].key}


async def _found(subject: Subject, name: str, record: Record) -> Record | None:
    return await subject.adapter.get(name, _key(subject, name, record))


async def _stored(
    subject: Subject, name: str, record: Record, values: Mapping[str, Value], what: str
) -> None:
    found = await _found(subject, name, record)
    if found is None:
        refute(name, f"{what}: not there by its key")
    _same(name, f"{what}, by its key", values, found)


def _same(name: str, what: str, asked: Mapping[str, Value], found: Record) -> None:
    for field, value in asked.items():
        if _text(value) != _text(get(found, field)):
            refute(name, f"{what}: `{field}` is not what was given")


def _text(value: Any) -> str:
    return "" if is_absent(value) else str(value)
