"""Whether what goes wrong is told as it is, and nothing of it is given away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from adapters.base import Create, Failure, Query, SourceError
from adapters.conditions import Condition, In, get
from gateway.kit.filters import telling
from gateway.kit.findings import refute
from gateway.kit.subject import Scope, Subject
from gateway.kit.values import values
from gateway.kit.weather import PLANTED, RETRY_AFTER, STORMS, Storm, Weather
from gateway.kit.writing import News, places

SECONDS: Final = 10
"""The longest that a call may take to fail on what fails at once."""
_SHORT: Final = 4
"""Texts shorter than this stand in any message by chance."""


async def told(subject: Subject, weather: Weather) -> None:
    """Every failure of the service is a ``SourceError`` of its kind: never an empty answer, never
    another exception."""
    for name in subject.examined:
        for scope in list(await subject.scopes(name))[:1]:
            for storm in STORMS:
                for ask, also in _ways(subject, scope):
                    await _told(weather, scope.collection, storm, ask, also)


Ask = Callable[[], Awaitable[object]]


def _ways(subject: Subject, scope: Scope) -> list[tuple[Ask, frozenset[Failure]]]:
    """How a service comes to be called: for a list, to see how it is, and for a record; with what
    else may then be told."""
    adapter, name, none = subject.adapter, scope.collection, frozenset[Failure]()
    ways: list[tuple[Ask, frozenset[Failure]]] = [
        (lambda: adapter.find(name, Query(scope.where(), limit=5)), none),
        (adapter.check, none),
    ]
    if scope.records and not subject.keyless(name):
        key = {field: get(scope.records[0], field) for field in subject.collections[name].key}
        # That who asks may not, can be about that record alone.
        ways.append((lambda: adapter.get(name, key), frozenset([Failure.WITHHELD])))
    return ways


async def _told(
    weather: Weather, name: str, storm: Storm, ask: Ask, also: frozenset[Failure]
) -> None:
    weather.storm = storm
    try:
        async with asyncio.timeout(SECONDS):
            await ask()
    except SourceError as error:
        if error.failure not in storm.expected | (also if storm.name == "403" else frozenset()):
            refute(name, f"{storm.name}: `{error.failure}` is told")
        if storm.name == "429" and error.retry_after != RETRY_AFTER:
            refute(name, "429: how long to wait is not passed on")
        return
    except TimeoutError:
        refute(name, f"{storm.name}: still waiting after {SECONDS} seconds")
    except Exception as error:
        refute(name, f"{storm.name}: {type(error).__name__} in place of SourceError")
    finally:
        weather.storm = None
    refute(name, f"{storm.name}: an answer in place of a failure")


async def recovered(subject: Subject, weather: Weather) -> None:
    """After every failure, and after a call that was given up, it works as before."""
    name = next(iter(subject.examined))
    for scope in list(await subject.scopes(name))[:1]:
        before = subject.keys(name, await subject.every(name, Query(scope.where())))
        for storm in STORMS:
            await _told(weather, name, storm, *_ways(subject, scope)[0])
            after = subject.keys(name, await subject.every(name, Query(scope.where())))
            if sorted(after) != sorted(before):
                refute(name, f"after {storm.name} other records are given")


async def given_up(subject: Subject) -> None:
    """A call that is cancelled while it runs leaves nothing behind; the same question asked many
    times at once is answered the same."""
    for name in subject.examined:
        for scope in list(await subject.scopes(name))[:1]:
            query = Query(scope.where(), limit=5)
            expected = subject.keys(name, (await subject.adapter.find(name, query)).records)
            await _mixed(subject, scope)
            task = asyncio.ensure_future(subject.adapter.find(name, query))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            pages = await asyncio.gather(*(subject.adapter.find(name, query) for _ in range(8)))
            for page in pages:
                if sorted(subject.keys(name, page.records)) != sorted(expected):
                    refute(name, "another answer when asked several times at once")


async def _mixed(subject: Subject, scope: Scope) -> None:
    """Refutes another answer to questions that are asked at the same time than to each alone."""
    name = scope.collection
    few = telling(subject.collections[name], scope)[:6]
    queries = [Query(scope.where(atom), limit=5) for atom, _ in few]
    try:
        alone = [(await subject.adapter.find(name, query)).records for query in queries]
    except SourceError:
        # Whether what can be asked is answered, is another behaviour.
        return
    pages = await asyncio.gather(*(subject.adapter.find(name, query) for query in queries))
    for page, records in zip(pages, alone, strict=True):
        if subject.keys(name, page.records) != subject.keys(name, records):
            refute(name, "another answer when other questions are asked at the same time")


async def discreet(
    subject: Subject, weather: Weather | None, secrets: Sequence[str], news: News
) -> None:
    """No secret of the options, no value of a record or of a question, and nothing that a service
    says, in a message, in the log, or in how the adapter is printed."""
    with logged() as lines:
        asked = await _ask_all(subject, weather)
        asked += await _write_all(subject, weather, news)
    told = [*lines, *asked, repr(subject.adapter), str(subject.adapter)]
    for secret in secrets:
        if len(secret) >= _SHORT and any(secret in text for text in told):
            refute("discretion", "a secret of the options is told")
    if any(PLANTED in text for text in told):
        refute("discretion", "what a service said is told")
    for name, spec in subject.examined.items():
        known = [*await subject.known(name), *news.get(name, ())]
        for field in sorted(spec.fields - set(spec.key)):
            texts = [v for v in values(known, field) if isinstance(v, str) and _personal(v)]
            if any(text in line for text in texts[:50] for line in told):
                refute("discretion", f"a value of `{name}.{field}` is told")


async def _ask_all(subject: Subject, weather: Weather | None) -> list[str]:
    """Ask for values of records, in good weather and in bad; what the errors say."""
    said: list[str] = []
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            fields = [f for f, declared in spec.filters.items() if "in" in declared]
            conditions = [
                scope.where(In(f, (v,))) for f in fields for v in values(scope.records, f)[:1]
            ]
            asks = [_finding(subject, name, where) for where in conditions or [scope.where()]]
            said += await _said([*asks, *(ask for ask, _ in _ways(subject, scope)[1:])], weather)
    return said


def _finding(subject: Subject, name: str, where: Condition) -> Ask:
    return lambda: subject.adapter.find(name, Query(where, limit=2))


async def _write_all(subject: Subject, weather: Weather | None, news: News) -> list[str]:
    """Make new records twice, in good weather and in bad; what the errors say."""
    said: list[str] = []
    for at in places(subject, news, "create") if any(news.values()) else ():
        said += await _said(
            [partial(at.adapter.write, [Create(at.name, at.given[0])])] * 2, weather
        )
    return said


async def _said(asks: Sequence[Ask], weather: Weather | None) -> list[str]:
    """What errors say, in good weather and in bad."""
    said: list[str] = []
    for storm in (None, *(STORMS if weather else ())):
        for ask in asks:
            if weather is not None:
                weather.storm = storm
            try:
                await ask()
            except SourceError as error:
                said += [error.note, str(error), repr(error)]
            finally:
                if weather is not None:
                    weather.storm = None
    return said


def _personal(value: str) -> bool:
    """Whether a text is long and particular enough to be known again."""
    return len(value) >= 2 * _SHORT and any(c.isalpha() for c in value)


@contextmanager
def logged() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, at any level."""
    lines: list[str] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.exc_info or ''}")

    root, handler = logging.getLogger(), Collecting(logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


async def bounded(subject: Subject, weather: Weather) -> None:
    """A page costs a bounded number of calls, however many records are on it; a list of values one
    for all of them where that is declared."""
    for name, spec in subject.examined.items():
        for scope in list(await subject.scopes(name))[:1]:
            most = min(spec.page_size, max(len(scope.records), 1))
            calls = []
            for limit in (1, most):
                before = weather.calls
                await subject.adapter.find(name, Query(scope.where(), limit=limit))
                calls.append(weather.calls - before)
            if calls[1] - calls[0] >= max(3, most // 2):
                refute(name, f"a page of {most} costs {calls[1]} calls, one of 1 {calls[0]}")
            await _batches(subject, weather, scope)


async def _batches(subject: Subject, weather: Weather, scope: Scope) -> None:
    name = scope.collection
    spec = subject.collections[name]
    for field, declared in spec.filters.items():
        found = values(scope.records, field)[: spec.max_in]
        if "in" in declared and spec.batched and len(found) > 6:
            before = weather.calls
            await subject.adapter.find(name, Query(scope.where(In(field, tuple(found)))))
            if weather.calls - before >= len(found):
                refute(name, f"`{field}` is declared to take lists at once; a call for each value")
