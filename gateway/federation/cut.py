"""Finding a page deep in a merged list without reading what lies before it. Pure.

How many records of each stream lie before the page is not known, only how many in all. Single
records are looked at, in every stream at once: their moments tell about where the streams are to
be cut, their order what is certain. A record has before it as many as its offset in its own
stream, and in each other one a number between two offsets that were looked at. When together that
cannot reach the page, the record lies before it; when it cannot be less, it lies behind.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import isqrt

from gateway.federation.merge import SortKey

# How many records of a stream the first look spreads over all of it.
_SKETCH = 7


@dataclass(frozen=True, slots=True)
class Probe:
    """One record to look at: the one at ``offset`` of stream ``part``."""

    part: int
    offset: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """Where a page begins, nearly: in stream ``i`` from ``starts[i]`` to ``stops[i]``.

    Merged from ``starts`` on, the page comes after ``omit`` records. Each start is one record
    earlier than need be, so that the one before the page is seen too.
    """

    starts: tuple[int, ...]
    stops: tuple[int, ...]
    omit: int


@dataclass(frozen=True, slots=True)
class _Point:
    """A record that was looked at. ``height`` orders those of all streams, newest highest;
    ``moment`` is that order as a number to reckon with, as far as keys are moments."""

    part: int
    offset: int
    key: SortKey

    @property
    def height(self) -> tuple[SortKey, int, int]:
        return self.key, -self.part, -self.offset

    @property
    def moment(self) -> int:
        return ((_seconds(self.key[0]) << 64) + _seconds(self.key[1]) << 16) - self.part


@dataclass(slots=True)
class _Part:
    """A stream: the cut lies from ``low`` to ``high``. ``points``: what was looked at there, and
    nearest to it on both sides, by offset."""

    number: int
    low: int
    high: int
    points: list[_Point] = field(default_factory=list)

    def sketch(self) -> Iterable[int]:
        """Offsets spread over the stream."""
        last = self.high - self.low - 1
        return sorted({self.low + last * i // (_SKETCH - 1) for i in range(_SKETCH)})

    def add(self, offset: int, key: SortKey) -> None:
        """A record was looked at. One that is out of order is taken for its neighbour: so the
        search ends whatever the source does, and reading the page shows the disorder."""
        newer = [p for p in self.points if p.offset < offset]
        older = [p for p in self.points if p.offset > offset]
        key = min(key, newer[-1].key) if newer else key
        key = max(key, older[0].key) if older else key
        self.points = [*newer, _Point(self.number, offset, key), *older]

    def narrow(self) -> None:
        """Forget all points outside but the nearest on each side."""
        newer = [p for p in self.points if p.offset < self.low][-1:]
        older = [p for p in self.points if p.offset >= self.high][:1]
        self.points = newer + [p for p in self.points if self.low <= p.offset < self.high] + older

    def count(self, moment: int) -> float:
        """About how many records come before a moment."""
        if not self.points or moment > self.points[0].moment:
            return self.low
        for newer, older in pairwise(self.points):
            if moment > older.moment:
                past = (newer.moment - moment) / (newer.moment - older.moment)
                return newer.offset + past * (older.offset - newer.offset)
        return self.high

    def around(self, guess: float, guard: bool) -> Iterator[int]:
        """Offsets to look at when the cut is guessed: one on each side, near enough that most of
        the stream falls off; and as a guard against bad guesses halfway the longer side."""
        middle = min(max(round(guess), self.low), self.high)
        known = {p.offset for p in self.points}
        left = max([self.low, *(o for o in known if o < middle)])
        right = min([self.high, *(o for o in known if o >= middle)])
        # So far off are as many evenly drawn moments commonly; a quarter of the gap at most.
        reach = 1 + min(2 * isqrt(right - left), (right - left) // 4)
        chosen = [middle - reach, middle + reach - 1]
        if guard:
            before, behind = (self.low + chosen[0]) // 2, (chosen[1] + self.high) // 2
            longer = chosen[0] - self.low > self.high - chosen[1]
            chosen.append(before if longer else behind)
        return (o for o in sorted({*chosen} - known) if self.low <= o < self.high)


def cut(
    totals: Sequence[int], place: int, enough: int = 150
) -> Generator[Sequence[Probe], Sequence[SortKey | None], Bracket]:
    """Find where the first ``place`` records of the merged list end, in streams of ``totals``.

    Yields records to look at, all at once, and is sent their sort keys in the same order
    (``None``: there is no such record any more). Ends when at most ``enough`` records are left
    between which the page may begin.
    """
    behind = sum(totals) - place
    parts = [_Part(n, max(0, t - behind), min(t, place)) for n, t in enumerate(totals)]
    guard = False
    while (left := _width(parts)) > enough:
        probes = [
            Probe(part.number, offset)
            for part, guess in zip(parts, _guess(parts, place), strict=True)
            if part.low < part.high
            for offset in (part.around(guess, guard) if part.points else part.sketch())
        ]
        keys = yield probes
        for probe, key in zip(probes, keys, strict=True):
            parts[probe.part].add(probe.offset, key or ("", ""))
        _decide(parts, place)
        guard = _width(parts) * 8 > left
    starts = tuple(max(0, p.low - 1) for p in parts)
    return Bracket(starts, tuple(p.high for p in parts), place - sum(starts))


def _width(parts: Iterable[_Part]) -> int:
    return sum(part.high - part.low for part in parts)


def _ordered(parts: Iterable[_Part]) -> list[_Point]:
    points = (point for part in parts for point in part.points)
    return sorted(points, key=lambda point: point.height, reverse=True)


def _decide(parts: Sequence[_Part], place: int) -> None:
    """Narrow each part by what is certain of the records that were looked at."""
    points, width = _ordered(parts), _width(parts)
    least = [part.low for part in parts]
    most = [part.high for part in parts]
    for point in points:
        others = sum(least) - least[point.part]
        if others + point.offset >= place:
            parts[point.part].high = min(parts[point.part].high, point.offset)
        least[point.part] = max(least[point.part], point.offset + 1)
    for point in reversed(points):
        others = sum(most) - most[point.part]
        if others + point.offset < place:
            parts[point.part].low = max(parts[point.part].low, point.offset + 1)
        most[point.part] = min(most[point.part], point.offset)
    for part in parts:
        # What the other parts cannot give, this one must; and what they must, it cannot.
        rest = [other for other in parts if other is not part]
        part.low = max(part.low, place - sum(other.high for other in rest))
        part.high = min(part.high, place - sum(other.low for other in rest))
        part.narrow()
    if _width(parts) < width:
        # What is nearer now may decide about records that were in doubt.
        _decide(parts, place)


def _guess(parts: Sequence[_Part], place: int) -> Sequence[float]:
    """About where each part is cut. Between two points that follow each other in time every part
    is taken to be spread evenly; so is the whole, and the cut is that far between them."""
    before: list[float] = [part.low for part in parts]
    for behind in _vectors(parts):
        if sum(behind) >= place:
            past = (place - sum(before)) / max(sum(behind) - sum(before), 1)
            return [b + past * (a - b) for b, a in zip(before, behind, strict=True)]
        before = behind
    return before


def _vectors(parts: Sequence[_Part]) -> Iterator[list[float]]:
    """For each point, newest first, how many records of every part come before it."""
    for point in _ordered(parts):
        vector = [part.count(point.moment) for part in parts]
        vector[point.part] = point.offset
        yield vector
    yield [part.high for part in parts]


def _seconds(text: str) -> int:
    """Microseconds since the year 1; text that is no moment orders last, as absent does."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None) - datetime.min
    except ValueError:
        return 0
    return (moment.days * 86400 + moment.seconds) * 1_000_000 + moment.microseconds
