"""Whether what goes wrong is told as it is, and nothing of it is given away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from adapters.base import Query, SourceError
from adapters.conditions import In
from gateway.kit.findings import refute
from gateway.kit.subject import Scope, Subject
from gateway.kit.values import values
from gateway.kit.weather import PLANTED, RETRY_AFTER, STORMS, Storm, Weather

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
                await _told(subject, weather, scope, storm)


async def _told(subject: Subject, weather: Weather, scope: Scope, storm: Storm) -> None:
    name = scope.collection
    weather.storm = storm
    try:
        async with asyncio.timeout(SECONDS):
            await subject.adapter.find(name, Query(scope.where(), limit=5))
    except SourceError as error:
        if error.failure not in storm.expected:
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
            await _told(subject, weather, scope, storm)
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
            task = asyncio.ensure_future(subject.adapter.find(name, query))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            pages = await asyncio.gather(*(subject.adapter.find(name, query) for _ in range(8)))
            for page in pages:
                if sorted(subject.keys(name, page.records)) != sorted(expected):
                    refute(name, "another answer when asked several times at once")


async def discreet(subject: Subject, weather: Weather | None, secrets: Sequence[str]) -> None:
    """No secret of the options, no value of a record or of a question, and nothing that a service
    says, in a message, in the log, or in how the adapter is printed."""
    with logged() as lines:
        asked = await _ask_all(subject, weather)
    told = [*lines, *asked, repr(subject.adapter), str(subject.adapter)]
    for secret in secrets:
        if len(secret) >= _SHORT and any(secret in text for text in told):
            refute("discretion", "a secret of the options is told")
    if any(PLANTED in text for text in told):
        refute("discretion", "what a service said is told")
    for name, spec in subject.examined.items():
        known = await subject.known(name)
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
            for storm in (None, *(STORMS if weather else ())):
                for where in conditions or [scope.where()]:
                    if weather is not None:
                        weather.storm = storm
                    try:
                        await subject.adapter.find(name, Query(where, limit=2))
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
