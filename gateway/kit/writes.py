"""Whether writing is honest: what is said to be done is there, what is not is not, never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from adapters.base import Change, Create, Delete, Failure, Generated, Query, Update
from adapters.conditions import ALWAYS, Record, Scalar, get, is_absent
from gateway.kit.findings import NotDeclared, refute
from gateway.kit.subject import Subject
from gateway.kit.values import is_free
from gateway.kit.weather import STORMS, Weather
from gateway.kit.writing import News, Place, Values, enough, places, text

NOTHING_DONE: Final = frozenset(
    {
        Failure.REFUSED,
        Failure.THROTTLED,
        Failure.TIMEOUT,
        Failure.UNAVAILABLE,
        Failure.BAD_DATA,
        Failure.CONFLICT,
        Failure.GONE,
    }
)
"""Failures of a write that say that nothing was done."""


async def kept(subject: Subject, news: News) -> None:
    """A new record is there, once, with the values that it was given, in the answer, by its key
    and in the list; a change is there, and changes nothing else; what is deleted is gone."""
    every = list(places(subject, news)) if any(news.values()) else []
    enough(subject, news)
    for at in every:
        if at.writes.create:
            made, others = await _made(at), at.given[1:]
        else:
            made, others = await at.begun()
        if at.writes.update:
            for values in _steps(at, others):
                changed = await at.one(Update(at.name, at.key(made), values))
                made = await _kept(at, made, values, changed)
            for values in _edges(at, others):
                taken = await at.taken(Update(at.name, at.key(made), values))
                made = await _kept(at, made, values, taken) if taken is not None else made
        if at.writes.delete:
            await at.one(Delete(at.name, at.key(made)))
            if await at.found(made) is not None:
                refute(at.name, "a record that was deleted is still there")


async def _made(at: Place) -> Record:
    values = at.given[0]
    before = await at.listed(values)
    made = await at.one(Create(at.name, values))
    at.same(values, made, "a new record")
    if empty := sorted(f for f in at.writes.generated if is_absent(get(made, f))):
        refute(at.name, f"`{empty[0]}` is declared generated and is empty in a new record")
    key = at.subject.key(at.name, made)
    after = await at.listed(values)
    if before is not None and after is not None and sorted(after) != sorted([*before, key]):
        refute(at.name, "after one new record the list is not one record longer")
    await at.stored(made, values, "a new record")
    return made


def _steps(at: Place, others: Sequence[Values]) -> Iterator[Values]:
    """What a record is given one after the other: another value in one field, and in the rest."""
    rest = at.changeable(others[0]) if others else {}
    for few in (list(rest)[:1], list(rest)[1:]):
        if few:
            yield {field: rest[field] for field in few}


def _edges(at: Place, others: Sequence[Values]) -> Iterator[Values]:
    """As much as a field is said to hold, and nothing."""
    rest = at.changeable(others[0]) if others else {}
    for field, given in rest.items():
        longest = at.writes.lengths.get(field, 0)
        if isinstance(given, str) and is_free(given) and len(given) < longest:
            yield {field: given + "x" * (longest - len(given))}
    for field in rest:
        if field not in at.writes.required | at.subject.collections[at.name].filled:
            yield {field: None}


async def _kept(at: Place, made: Record, values: Values, changed: Record) -> Record:
    """Refutes a change after which a record has not these values, or other ones elsewhere."""
    at.same(values, changed, "a change")
    given = {field for one in at.given for field in one}
    fixed = {field for field in given - values.keys() if field in made}
    at.same({f: made[f] for f in fixed}, changed, "what a change leaves alone")
    await at.stored(changed, values, "a change")
    version = at.writes.version
    if version and get(changed, version) == get(made, version):
        refute(at.name, f"`{version}` is declared a version and is the same after a change")
    return changed


async def guarded(subject: Subject, news: News) -> None:
    """A change of a record that is as expected is made; of one that is not it is a conflict, and of
    none ``gone``, and neither does anything."""
    for at in places(subject, news, "update"):
        made, others = await at.begun()
        field, value = _unlike(at, made, others)
        if not field:
            continue
        key, unlike = at.key(made), {field: value}
        change = Update(at.name, key, {field: value}, unlike)
        await at.fails([change], {Failure.CONFLICT}, "not as expected")
        if at.writes.delete:
            wrong = Delete(at.name, key, unlike)
            await at.fails([wrong], {Failure.CONFLICT}, "not as expected")
        found = await at.found(made)
        if found is None or text(get(found, field)) != text(get(made, field)):
            refute(at.name, "a change that was a conflict was made")
        as_it_is = {name: _plain(get(made, name)) for name in sorted(at.writes.fields)}
        await at.one(Update(at.name, key, {field: value}, as_it_is))
        if at.writes.delete:
            await at.one(Delete(at.name, key))
            await at.fails(
                [Update(at.name, key, unlike)], {Failure.GONE}, "of a record that is gone"
            )


def _unlike(at: Place, made: Record, others: Sequence[Values]) -> tuple[str, Scalar | None]:
    """A field in which a record can be given another value, and that; none where there is none."""
    values = at.changeable(others[0]) if others else {}
    found = ((f, v) for f, v in values.items() if text(v) != text(get(made, f)))
    return next(found, ("", None))


def _plain(value: object) -> str | int | None:
    """As a record is expected to be: what is empty is not there."""
    return value if isinstance(value, str | int) and not is_absent(value) else None


async def whole(subject: Subject, news: News) -> None:
    """The changes of one call are all made, or none of them; a later one can have what an earlier
    one generates."""
    asked = 0
    for at in places(subject, news, "create", "update"):
        if not at.adapter.atomic:
            raise NotDeclared("changes are made one at a time")
        made, others = await at.begun()
        field, value = _unlike(at, made, others[1:])
        if not field:
            continue
        asked += 1
        before = await at.listed(at.given[1])
        stale = Update(at.name, at.key(made), {field: value}, {field: value})
        both: Sequence[Change] = [Create(at.name, at.given[1]), stale]
        await at.fails(both, {Failure.CONFLICT}, "after one that can be made")
        if await at.listed(at.given[1]) != before:
            refute(at.name, "of two changes the first was made, though the second failed")
        key = {
            name: Generated(0, name) if name in at.writes.generated else at.given[1][name]
            for name in at.key(made)
        }
        one, other = await at.all(
            [Create(at.name, at.given[1]), Update(at.name, key, {field: value})]
        )
        if at.key(one) != at.key(other):
            refute(at.name, "a change of what was just made is of another record")
        await at.stored(one, {field: value}, "a change of what was just made")
    if not asked:
        raise NotDeclared("AdapterKit.new gives no three records to be made and changed")


async def once(subject: Subject, news: News) -> None:
    """A second record with the same natural key is refused, and is not there."""
    asked = 0
    for at in places(subject, news, "create"):
        if not at.writes.natural:
            continue
        asked += 1
        again = Create(at.name, at.given[0])
        await at.one(again)
        before = await at.listed(at.given[0])
        expected = {Failure.CONFLICT, Failure.REFUSED}
        await at.fails([again], expected, "with a natural key that is there")
        if await at.listed(at.given[0]) != before:
            refute(at.name, "a record with a natural key that was there already was made")
    if not asked:
        raise NotDeclared("no natural key")


async def unsure(subject: Subject, news: News, weather: Weather) -> None:
    """When the answer to a write is lost it is unknown, sent once and never again; when nothing
    was sent it is not unknown, and nothing is done."""
    for at in places(subject, news):
        if at.writes.create:
            before = await at.listed(at.given[0])
            await _lost(at, weather, Create(at.name, at.given[0]))
            await _unsent(at, weather, Create(at.name, at.given[-1]))
            after = await at.listed(at.given[0])
            if before is not None and after is not None and len(after) > len(before) + 1:
                refute(at.name, "more records than were made")
        if at.writes.update:
            await _unsure_of_change(at, weather)


async def _unsure_of_change(at: Place, weather: Weather) -> None:
    known = await at.subject.known(at.name)
    values = at.changeable(at.given[-1])
    for record in known[:1] if values else ():
        change = Update(at.name, at.key(record), values)
        await _unsent(at, weather, change)
        found = await at.found(record)
        if found is None or any(text(get(found, f)) != text(get(record, f)) for f in values):
            refute(at.name, "a change that was not sent was made")
        await _lost(at, weather, change)


async def _lost(at: Place, weather: Weather, change: Change) -> None:
    sent = weather.writes
    weather.lost = True
    try:
        await at.fails([change], {Failure.UNKNOWN}, "its answer lost")
    finally:
        weather.lost = False
    if weather.writes - sent > 1:
        refute(at.name, "a write of which the answer was lost was sent again")


async def _unsent(at: Place, weather: Weather, change: Change) -> None:
    weather.storm = next(storm for storm in STORMS if not storm.sent)
    try:
        await at.fails([change], NOTHING_DONE, "that was not sent")
    finally:
        weather.storm = None


async def growing(subject: Subject, news: News) -> None:
    """Records that are made while a list is walked by its tokens hide none that were there."""
    asked = 0
    for at in places(subject, news, "create"):
        spec = subject.collections[at.name]
        there = await at.listed(at.given[0])
        where = at.where(at.given[0]) or ALWAYS
        asked_for = Query(where, spec.key if spec.places(spec.key) else (), 2)
        page = await subject.adapter.find(at.name, asked_for)
        if there is None or page.next is None:
            continue
        asked += 1
        seen = subject.keys(at.name, page.records)
        await at.one(Create(at.name, at.given[0]))
        rest = replace(asked_for, limit=spec.page_size)
        seen += subject.keys(at.name, await subject.every(at.name, rest, page.next))
        if missing := set(there) - set(seen):
            refute(at.name, f"{len(missing)} record(s) missed in a walk while one was made")
    if not asked:
        raise NotDeclared("nothing is made in a list of several pages")
