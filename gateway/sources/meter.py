"""What one request asked of its sources, and how that went."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gateway.bounds import Bounds, TooMany
from gateway.sources.outcome import Outcome


@dataclass(slots=True)
class SourceUse:
    """One source within one request. It changes while the request runs.

    ``calls``: what the adapter was asked, retries included. ``seconds``: how long this request
    had something under way at the source (calls side by side count once). ``outcome``: the worst.
    ``retries``: calls that were a second try. ``cached``: questions answered by what another
    question brought, moments ago or at the same time. ``oldest``: when the oldest of these came, on
    the clock of the event loop. ``withheld``: collection and key of records that it keeps from who
    asks; what is told of these is how many.
    """

    calls: int = 0
    seconds: float = 0.0
    outcome: Outcome = Outcome.OK
    retries: int = 0
    cached: int = 0
    oldest: float = math.inf
    withheld: set[tuple[str, str]] = field(default_factory=set)
    _under_way: int = field(default=0, repr=False)
    _since: float = field(default=0.0, repr=False)

    def ended(self, outcome: Outcome) -> None:
        """Something ended so; the worst is kept."""
        self.outcome = self.outcome.worst(outcome)

    def kept_back(self, collection: str, keys: Iterable[str]) -> None:
        """The source keeps records with these keys from who asks."""
        kept = {(collection, key) for key in keys}
        if kept:
            self.withheld |= kept
            self.ended(Outcome.WITHHELD)

    def kept_since(self, moment: float) -> None:
        """An answer was used that came at a moment."""
        self.cached += 1
        self.oldest = min(self.oldest, moment)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """The time of one question."""
        if not self._under_way:
            self._since = time.perf_counter()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.seconds += time.perf_counter() - self._since


class Meter:
    """One request: its bounds, its deadline, and per source what was asked so far.

    ``deadline`` is a moment on the clock of the event loop, ``None`` when there is none.
    ``sources`` is in order of first use; ``missing`` are those that the answer is without because
    they failed, ``aside`` those that could not be asked for the list and only add to it.
    """

    def __init__(self, bounds: Bounds, deadline: float | None = None) -> None:
        self.bounds = bounds
        self.deadline = math.inf if deadline is None else deadline
        self.sources: dict[str, SourceUse] = {}
        self.missing: frozenset[str] = frozenset()
        self.aside: set[str] = set()
        self._questions = 0

    def start_over(self, missing: frozenset[str]) -> None:
        """The request is answered anew, without some sources."""
        self.missing = missing
        self.aside.clear()
        self._questions = 0

    def paid(self, other: Meter) -> None:
        """What was asked beside this request was asked for it too. How that ended says nothing
        of this one."""
        for alias, use in other.sources.items():
            own = self.use(alias)
            own.calls += use.calls
            own.retries += use.retries
            own.cached += use.cached

    def use(self, alias: str) -> SourceUse:
        """The use of a source, which may not have been asked yet."""
        return self.sources.setdefault(alias, SourceUse())

    def count(self, alias: str) -> SourceUse:
        """One more question. Raises ``TooMany`` when the request asks too much.

        A question that turns out to cost no call counts as well, so that whether a request is
        answered does not depend on what others asked just before.
        """
        self._questions += 1
        if self._questions > self.bounds.calls:
            raise TooMany(f"Deze vraag kost meer dan {self.bounds.calls} aanroepen van bronnen.")
        return self.use(alias)
