"""Changes on their way to a source: at most once, and what became of them is found out or said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from adapters.base import (
    Adapter,
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    Generated,
    Match,
    Operator,
    Page,
    Query,
    SourceError,
    Update,
    Writes,
)
from adapters.conditions import All, In
from gateway.bounds import Bounds
from gateway.sources.breaker import Breaker, State
from gateway.sources.call import now
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.outcome import Outcome
from gateway.sources.remembered import Remembered
from gateway.sources.source import Source
from gateway.standard.errors import Problem
from tests.support.clock import quick
from tests.unit.sources.scripted import (
    BAD_DATA,
    CONFLICT,
    HANGS,
    REFUSED,
    THROTTLED,
    TIMEOUT,
    UNAVAILABLE,
    UNKNOWN,
    Act,
    Scripted,
    takes,
)

RECORD = {"ID": 7, "CODE": "c", "NAME": "Bo", "MADE": "now"}
CREATE = Create("KLANT", {"CODE": "c", "NAME": "Bo", "OF": Generated(0, "ID"), "END": None})
UPDATE = Update("KLANT", {"ID": 7}, {"NAME": "Bo"})
DONE = takes(0, [RECORD])
THERE = takes(0, Page([RECORD]))
NOT_THERE = takes(0, Page([]))
GONE = SourceError(Failure.GONE)
COLLECTIONS = {
    "KLANT": Collection(
        fields=frozenset({"ID", "CODE", "NAME"}),
        key=("ID",),
        filters={"CODE": {Operator.IN: Match.EXACT}},
        writes=Writes(create=True, update=True, natural=("CODE",)),
    ),
    "OTHER": Collection(
        fields=frozenset({"ID", "CODE"}), key=("ID",), writes=Writes(create=True, delete=True)
    ),
    "VAGUE": Collection(
        fields=frozenset({"ID", "CODE"}),
        key=("ID",),
        filters={"CODE": {Operator.IN: Match.SUPERSET}},
        writes=Writes(create=True, natural=("CODE",)),
    ),
    "READ": Collection(fields=frozenset({"ID"}), key=("ID",)),
}


class Installed:
    """One source that can be written, and requests that do."""

    def __init__(self, *acts: Act, connections: int = 10) -> None:
        self.adapter = Scripted(*acts, collections=COLLECTIONS)
        self.source = Source(
            "kcc",
            cast(Adapter, self.adapter),
            connections,
            seconds=5,
            memory=Remembered(1_000_000),
            fresh=5,
        )
        self.meter = Meter(Bounds(50, 1, 1, 1, 1))

    def request(self, seconds: float = 10, calls: int = 50) -> Caller:
        self.meter = Meter(Bounds(calls, 1, 1, 1, 1), now() + seconds)
        return Caller({"kcc": self.source}, self.meter)

    async def write(self, *changes: Change, seconds: float = 10) -> str:
        """How it ends in a word: ``ok``, or the code of the problem."""
        try:
            found = await self.request(seconds).write("kcc", changes or [CREATE])
        except Problem as problem:
            assert problem.source == "kcc"
            return problem.kind.code
        assert found == [RECORD]
        return "ok"


@quick
async def test_a_change_is_made_and_the_record_comes_back() -> None:
    installed = Installed(takes(1, [RECORD]))
    assert await installed.write() == "ok"
    assert installed.adapter.written == [(CREATE,)]
    use = installed.meter.sources["kcc"]
    assert (use.calls, use.retries, use.outcome) == (1, 0, Outcome.OK)


@pytest.mark.parametrize("error", [THROTTLED, TIMEOUT, UNAVAILABLE], ids=str)
@quick
async def test_what_certainly_was_not_done_is_tried_again(error: SourceError) -> None:
    installed = Installed(takes(0, error), takes(0, error), DONE)
    assert await installed.write() == "ok"
    assert (installed.adapter.count, installed.meter.sources["kcc"].retries) == (3, 2)


TOLD = {
    "bron-weigert": REFUSED,
    "bron-gegevens-onjuist": BAD_DATA,
    "conflict": CONFLICT,
    "uitkomst-onbekend": UNKNOWN,
}


@pytest.mark.parametrize(("code", "error"), [*TOLD.items(), ("conflict", GONE)], ids=str)
@quick
async def test_anything_else_is_not_tried_again(code: str, error: SourceError) -> None:
    installed = Installed(takes(0, error))
    assert await installed.write(UPDATE) == code
    assert installed.adapter.count == 1
    assert installed.meter.sources["kcc"].outcome == error.failure.value


@pytest.mark.parametrize("failure", Failure)
@quick
async def test_it_is_said_whether_it_was_done(failure: Failure) -> None:
    installed = Installed(takes(0, SourceError(failure)))
    with pytest.raises(Problem) as caught:
        await installed.request().write("kcc", [UPDATE])
    known = "Niet verwerkt" in caught.value.detail
    assert known is ("kan verwerkt zijn" not in caught.value.detail)
    assert known is (failure is not Failure.UNKNOWN)


# --- in time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "after"), [(10, 5), (2, 2)])
@quick
async def test_what_was_sent_and_not_answered_in_time_is_unknown(
    seconds: float, after: float
) -> None:
    installed, began = Installed(HANGS), now()
    assert await installed.write(UPDATE, seconds=seconds) == "uitkomst-onbekend"
    assert now() - began == pytest.approx(after)
    assert installed.adapter.under_way == 0


@quick
async def test_an_adapter_may_know_that_nothing_was_done_when_time_was_up() -> None:
    async def waits_for_a_lock() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            raise TIMEOUT from None

    installed = Installed(waits_for_a_lock)
    assert await installed.write(UPDATE) == "bron-te-laat"
    assert installed.adapter.count == 1


@quick
async def test_a_request_without_time_changes_nothing() -> None:
    installed = Installed(DONE)
    assert await installed.write(seconds=0) == "bron-te-laat"
    assert installed.adapter.count == 0


@quick
async def test_who_gets_no_connection_changes_nothing() -> None:
    installed = Installed(takes(4, [RECORD]), DONE, connections=1)
    ended = await asyncio.gather(*(installed.write(UPDATE) for _ in range(2)))
    assert ended == ["ok", "bron-begrensd"]
    assert installed.adapter.count == 1


@quick
async def test_what_was_begun_is_never_one_call_too_many() -> None:
    installed = Installed(DONE)
    assert await installed.request(calls=0).write("kcc", [CREATE]) == [RECORD]


# --- the breaker ----------------------------------------------------------------------------------


@quick
async def test_a_source_that_gives_no_answers_is_left_alone() -> None:
    installed = Installed(takes(0, UNKNOWN))
    codes = [await installed.write(UPDATE) for _ in range(Breaker.IN_A_ROW + 1)]
    assert codes[-2:] == ["uitkomst-onbekend", "bron-niet-beschikbaar"]
    assert installed.adapter.count == Breaker.IN_A_ROW


@pytest.mark.parametrize("error", [CONFLICT, GONE, REFUSED, BAD_DATA], ids=str)
@quick
async def test_a_source_that_says_no_is_not_left_alone(error: SourceError) -> None:
    installed = Installed(takes(0, error))
    for _ in range(Breaker.WINDOW):
        await installed.write(UPDATE)
    assert installed.source.breaker is State.CLOSED


@pytest.mark.parametrize(("seconds", "state"), [(1, State.CLOSED), (4, State.OPEN)])
@quick
async def test_a_request_with_little_time_says_nothing_of_the_source(
    seconds: float, state: State
) -> None:
    installed = Installed(HANGS)
    for _ in range(Breaker.IN_A_ROW):
        assert await installed.write(UPDATE, seconds=seconds) == "uitkomst-onbekend"
    assert installed.source.breaker is state


# --- what is remembered ---------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [DONE, takes(0, UNKNOWN), takes(0, CONFLICT)])
@quick
async def test_what_was_asked_before_a_change_is_not_shown_after_it(ended: Act) -> None:
    installed = Installed(THERE, ended, NOT_THERE)
    asking = installed.request()
    before = await asking.find("kcc", "KLANT", Query())
    assert before is await asking.find("kcc", "KLANT", Query())
    await installed.write(UPDATE)
    after = await installed.request().find("kcc", "KLANT", Query())
    assert (before.records, after.records) == ([RECORD], [])


@quick
async def test_nor_after_one_that_was_given_up() -> None:
    installed = Installed(THERE, HANGS, NOT_THERE)
    await installed.request().find("kcc", "KLANT", Query())
    writing = asyncio.create_task(installed.write(UPDATE))
    await asyncio.sleep(1)
    writing.cancel()
    await asyncio.wait({writing})
    assert (await installed.request().find("kcc", "KLANT", Query())).records == []
    assert installed.adapter.under_way == 0


# --- finding out ----------------------------------------------------------------------------------

LOST = takes(0, UNKNOWN)
DOWN = takes(0, UNAVAILABLE)
SETTLED: dict[str, tuple[list[Act], str, int]] = {
    "it is there": ([LOST, THERE], "ok", 1),
    "it is not there, and then it is": ([LOST, NOT_THERE, DONE], "ok", 2),
    "the first came through after all": (
        [LOST, NOT_THERE, takes(0, CONFLICT), THERE],
        "ok",
        2,
    ),
    "lost twice, and there": ([LOST, NOT_THERE, LOST, THERE], "ok", 2),
    "lost twice, and done the third time": (
        [LOST, NOT_THERE, LOST, NOT_THERE, DONE],
        "ok",
        3,
    ),
    "not reached the second time": ([LOST, NOT_THERE, *[DOWN] * 3, NOT_THERE, DONE], "ok", 5),
    "lost every time": ([LOST, *[NOT_THERE, LOST] * 20], "uitkomst-onbekend", 11),
    "in conflict with what is not there": (
        [LOST, *[NOT_THERE, takes(0, CONFLICT)] * 20],
        "uitkomst-onbekend",
        11,
    ),
    "refused the second time": (
        [LOST, NOT_THERE, takes(0, REFUSED)],
        "uitkomst-onbekend",
        2,
    ),
    "another is there": (
        [LOST, takes(0, Page([{**RECORD, "NAME": "Cor"}]))],
        "uitkomst-onbekend",
        1,
    ),
    "a value is there that was not sent": (
        [LOST, takes(0, Page([{**RECORD, "END": "later"}]))],
        "uitkomst-onbekend",
        1,
    ),
    "it hangs, and is there": ([HANGS, THERE], "ok", 1),
    "nobody says whether it is there": ([LOST, takes(0, REFUSED)], "uitkomst-onbekend", 1),
    "nobody ever answers": ([LOST, HANGS], "uitkomst-onbekend", 1),
}


@pytest.mark.parametrize(("acts", "code", "sent"), SETTLED.values(), ids=SETTLED)
@quick
async def test_what_became_of_a_new_record_is_found_out(
    acts: list[Act], code: str, sent: int
) -> None:
    installed, began = Installed(*acts), now()
    assert await installed.write() == code
    assert installed.adapter.written == [(CREATE,)] * sent
    assert now() - began <= 10


@quick
async def test_it_is_looked_for_as_long_as_there_is_time() -> None:
    """Longer than a list is: also while the source is left alone, and beyond all retries."""
    silent = [takes(0, UNAVAILABLE)] * Breaker.IN_A_ROW
    installed = Installed(LOST, *silent, THERE)
    assert await installed.write() == "ok"
    assert len(installed.adapter.written) == 1


@quick
async def test_it_is_looked_for_by_what_only_it_has() -> None:
    installed = Installed(LOST, THERE)
    asked: list[Query] = []
    find = installed.adapter.find

    async def noted(collection: str, query: Query) -> Page:
        asked.append(query)
        return await find(collection, query)

    installed.adapter.find = noted  # type: ignore[method-assign]
    assert await installed.write() == "ok"
    assert [query.where for query in asked] == [All((In("CODE", ("c",)),))]


UNSETTLED: dict[str, Callable[[], list[Change]]] = {
    "no field by which to look": lambda: [Create("OTHER", {"CODE": "c"})],
    "a field that cannot be asked exactly": lambda: [Create("VAGUE", {"CODE": "c"})],
    "the field is not given": lambda: [Create("KLANT", {"NAME": "Bo"})],
    "the field is blank": lambda: [Create("KLANT", {"CODE": " "})],
    "the field is given by the source": lambda: [Create("KLANT", {"CODE": Generated(0, "ID")})],
    "more than one change": lambda: [CREATE, CREATE],
    "an update": lambda: [UPDATE],
    "a deletion": lambda: [Delete("OTHER", {"ID": 1})],
}


@pytest.mark.parametrize("changes", UNSETTLED.values(), ids=UNSETTLED)
@quick
async def test_otherwise_it_stays_unknown(changes: Callable[[], list[Change]]) -> None:
    installed = Installed(LOST)
    assert await installed.write(*changes()) == "uitkomst-onbekend"
    assert installed.adapter.count == 1


# --- what a source can --------------------------------------------------------------------------


def test_what_can_be_written_is_declared() -> None:
    def source(collections: dict[str, Any], atomic: bool = True) -> Source:
        adapter = Scripted(collections=collections)
        adapter.atomic = atomic
        return Source("kcc", cast(Adapter, adapter), 1, 1)

    reading = source({"READ": COLLECTIONS["READ"]})
    assert (reading.writable, reading.atomic) == (False, False)
    for atomic in (True, False):
        writing = source(COLLECTIONS, atomic)
        assert (writing.writable, writing.atomic) == (True, atomic)
