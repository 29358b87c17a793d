"""What is said of a server, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.conform.server import Lacking, Misshapen, NoAnswer, Server


@dataclass(frozen=True, slots=True)
class Seen:
    """One try. ``where``: what was asked, without values; ``wrong``: what was not as it should be,
    ``lacks``: why nothing could be tried; both in Dutch, without a value of a record, and empty
    where there is nothing to say."""

    where: str
    wrong: str = ""
    lacks: str = ""


Check = Callable[[Server], AsyncIterator[Seen]]
"""Tries one statement in all the places where it can be tried."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the contract. ``says``: what holds, in Dutch; ``writes``: whether something
    other than reading is needed to try it."""

    id: str
    says: str
    check: Check
    writes: bool = False


class Verdict(StrEnum):
    """What came of a statement; not applicable where nothing could be tried."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Result:
    """A statement after all its tries."""

    statement: Statement
    seen: Sequence[Seen]

    @property
    def wrong(self) -> Sequence[Seen]:
        return [one for one in self.seen if one.wrong]

    @property
    def lacking(self) -> Sequence[Seen]:
        return [one for one in self.seen if one.lacks]

    @property
    def right(self) -> int:
        """How many tries gave what they should."""
        return len(self.seen) - len(self.wrong) - len(self.lacking)

    @property
    def verdict(self) -> Verdict:
        if self.wrong:
            return Verdict.FAILED
        return Verdict.PASSED if self.right else Verdict.NOT_APPLICABLE


def judged(where: str, as_it_should: bool, wrong: str) -> Seen:
    """A try: right, or ``wrong``."""
    return Seen(where) if as_it_should else Seen(where, wrong=wrong)


async def tried(statement: Statement, server: Server) -> Result:
    """Try a statement. An answer that is none, or is not of the shape of the contract, ends it, and
    so does what a server cannot do."""
    seen: list[Seen] = []
    try:
        async for one in statement.check(server):
            seen.append(one)
    except Lacking as error:
        seen.append(Seen(error.where, lacks=error.told))
    except (NoAnswer, Misshapen) as error:
        seen.append(Seen(error.where, wrong=error.told))
    return Result(statement, seen)
