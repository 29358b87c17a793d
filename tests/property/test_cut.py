"""The cut: where a page deep in a merged list begins, for any streams, in few looks."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.federation.cursor import Cursor, Place
from gateway.federation.cut import Bracket, cut
from gateway.federation.merge import SortKey
from tests.support.walks import Item, Source, merged, read

Look = Callable[[int, int], SortKey | None]


def search(
    totals: Sequence[int], place: int, look: Look, enough: int = 150
) -> tuple[Bracket, int, int]:
    """The bracket, and the rounds and probes that it took."""
    search = cut(totals, place, enough)
    rounds = looks = 0
    try:
        probes = next(search)
        while True:
            assert probes, "a round that looks at nothing"
            assert all(0 <= p.offset < totals[p.part] for p in probes)
            assert len(set(probes)) == len(probes)
            rounds, looks = rounds + 1, looks + len(probes)
            probes = search.send([look(p.part, p.offset) for p in probes])
    except StopIteration as end:
        return end.value, rounds, looks


# --- any streams ---------------------------------------------------------------------------------

# Ties within and over streams, absent moments, moments far apart, and text that is no moment.
texts = st.sampled_from(
    ["", "2026-01-01", "2026-01-01T10:00:00", "2026-01-01T10:00:00.5", "1900-01-01", "no moment"]
)
keys = st.tuples(texts, texts)
lists = st.lists(st.lists(keys, max_size=30), min_size=1, max_size=4).map(
    lambda parts: [Source([Item(k, n) for n, k in enumerate(part)]) for part in parts]
)


@given(lists, st.integers(0, 10**6), st.integers(0, 10))
def test_the_page_begins_in_the_bracket(sources: list[Source], place: int, enough: int) -> None:
    """As all streams sorted together say, whatever is in them."""
    everything = merged(sources)
    place %= len(everything) + 1
    before = {id(item) for item in everything[:place]}
    true = [sum(id(item) in before for item in s.items) for s in sources]
    bracket, _, _ = search(
        [len(s.items) for s in sources], place, lambda p, o: sources[p].items[o].key, enough
    )
    for start, at, stop in zip(bracket.starts, true, bracket.stops, strict=True):
        assert start <= at <= stop
        # The record before the place is seen.
        assert start < at or at == 0
    assert bracket.omit == place - sum(bracket.starts)
    assert sum(bracket.stops) - sum(bracket.starts) <= enough + len(sources)


@given(lists, st.integers(1, 5), st.integers(0, 10), st.integers(0, 5))
def test_the_page_is_read_from_there(
    sources: list[Source], size: int, number: int, enough: int
) -> None:
    """It is the page of all streams sorted together, and the walk goes on from it both ways."""
    everything = merged(sources)
    place = min(number * size, len(everything))
    look: Look = lambda p, o: sources[p].items[o].key  # noqa: E731
    bracket, _, _ = search([len(s.items) for s in sources], place, look, enough)
    places = {str(part): Place(start) for part, start in enumerate(bracket.starts)}
    page = read(sources, Cursor(number + 1, places), size, bracket.omit)
    assert page.items == everything[place : place + size]
    if page.items:
        assert read(sources, page.ahead, size).items == everything[place + size : place + 2 * size]
        if place >= size:
            assert read(sources, page.turned, size).items == everything[place - size : place]


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=3),
    st.integers(0, 10**6),
    st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 199)), st.none() | keys),
)
@example([157, 61, 6], 163, {(1, 0): ("", "2026-01-01")})
def test_a_source_without_order_does_not_keep_it_going(
    totals: list[int], place: int, some: dict[tuple[int, int], SortKey | None]
) -> None:
    """Records that go meanwhile, or stand anywhere: the search ends within the list."""
    place %= sum(totals) + 1
    bracket, rounds, _ = search(totals, place, lambda p, o: some.get((p, o)), 0)
    assert all(
        0 <= a <= b <= n for a, b, n in zip(bracket.starts, bracket.stops, totals, strict=True)
    )
    assert rounds <= 40


# --- what it costs -------------------------------------------------------------------------------

TOTALS = (1_000_000, 300_000, 50_000)
YEAR = 365 * 86400.0
TODAY = datetime(2026, 11, 20)
BATCHES = random.Random(1).sample(range(5 * 365), 40)


def _key(age: float) -> SortKey:
    return (TODAY - timedelta(seconds=age)).isoformat(), ""


def _office(rng: random.Random, part: int) -> float:
    """Working hours, and a third of it put in at night, now and then."""
    if rng.random() < 0.3:
        return rng.choice(BATCHES) * 86400 + rng.random() * 600
    day = int(rng.random() * 5 * 365)
    return (day - day % 7 + day % 5) * 86400 + (7 + rng.random() * 9) * 3600


AGES: dict[str, Callable[[random.Random, int], float]] = {
    "uniform": lambda rng, part: rng.random() * 5 * YEAR,
    "growing": lambda rng, part: 5 * YEAR * (1 - rng.random() ** (1 / (part + 2))),
    "office": _office,
    "days": lambda rng, part: int(rng.random() * 5 * 365) * 86400.0,
    "disjoint": lambda rng, part: (part + rng.random()) * YEAR,
}


@pytest.mark.parametrize("name", AGES)
def test_at_any_depth_in_twelve_rounds(name: str) -> None:
    """Three streams of very different length; at most forty looks per stream."""
    rng = random.Random(name)
    draw = AGES[name]
    ages = [sorted([draw(rng, part) for _ in range(total)]) for part, total in enumerate(TOTALS)]
    everything = sum(TOTALS)
    places = [1, 1000, everything - 1, *(rng.randrange(everything) for _ in range(30))]
    for place in places:
        bracket, rounds, looks = search(TOTALS, place, lambda p, o: _key(ages[p][o]))
        assert rounds <= 12
        assert looks <= 40 * len(TOTALS)
        assert _begins(ages, bracket, place)


def _begins(ages: Sequence[Sequence[float]], bracket: Bracket, place: int) -> bool:
    """Whether the record that comes after ``omit`` in the bracket has ``place`` before it."""
    held = sorted(
        (ages[part][at], part, at)
        for part, (start, stop) in enumerate(zip(bracket.starts, bracket.stops, strict=True))
        for at in range(start, min(stop + 1, len(ages[part])))
    )
    age, part, at = held[bracket.omit]
    newer = (bisect_right(a, age) if n < part else bisect_left(a, age) for n, a in enumerate(ages))
    return at + sum(count for n, count in enumerate(newer) if n != part) == place


def _blocks(depth: float) -> SortKey:
    return _key(int(depth * 20) ** 2 * 1e5)


def _absent(depth: float) -> SortKey:
    return _key(depth * 1e8) if depth < 0.3 else ("", "")


ODD: dict[str, Callable[[float], SortKey]] = {
    "one moment": lambda depth: ("2026-11-20", ""),
    "one day": lambda depth: ("2026-11-20", _key(depth * 1e8)[0]),
    "exponential": lambda depth: _key(2 ** (depth * 30)),
    "few moments": _blocks,
    "absent moments": _absent,
    "no moments": lambda depth: (f"{1 - depth:.7f}", ""),
}


@pytest.mark.parametrize("name", ODD)
def test_nor_are_odd_streams_much_worse(name: str) -> None:
    """Where moments say little, halving does it."""
    rng = random.Random(name)
    for _ in range(30):
        place = rng.randrange(sum(TOTALS))
        _, rounds, looks = search(TOTALS, place, lambda p, o: ODD[name](o / TOTALS[p]))
        assert rounds <= 12
        assert looks <= 40 * len(TOTALS)


def test_an_empty_list_has_nothing_to_look_for() -> None:
    """Nor have the two ends of any list."""
    assert search([], 0, lambda p, o: None) == (Bracket((), (), 0), 0, 0)
    assert search([5, 7], 0, lambda p, o: None, 0) == (Bracket((0, 0), (0, 0), 0), 0, 0)
    assert search([5, 7], 12, lambda p, o: None, 0) == (Bracket((4, 6), (5, 7), 2), 0, 0)
