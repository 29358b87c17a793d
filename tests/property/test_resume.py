"""A place is found again in a source that only counts off, whatever came and went."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.cursor import Place
from gateway.federation.merge import Boundary
from gateway.federation.resume import Found, Seen, resume
from tests.support.walks import Item

PART = 1


def search(
    items: Sequence[Item], place: Place, boundary: Boundary, limit: int, backwards: bool = False
) -> tuple[Found, int]:
    """Where the place is found, and in how many rounds."""
    search = resume(place, boundary, PART, limit, backwards)
    span = next(search)
    rounds = 1
    while True:
        rows = items[span.skip : span.skip + span.limit]
        try:
            span = search.send([Seen(item.key, item.order) for item in rows])
        except StopIteration as end:
            found: Found = end.value
            assert found.offset == span.skip + found.at
            assert found.at <= len(rows)
            if not found.more:
                assert span.skip == 0 if backwards else span.skip + len(rows) == len(items)
            return found, rounds
        rounds += 1


def stream(numbers: Sequence[int], each: int) -> list[Item]:
    """A stream, newest first, in which ``each`` numbers share a moment."""
    return [Item((f"{number // each:09}", ""), number) for number in sorted(numbers, reverse=True)]


places = st.tuples(
    st.sets(st.integers(0, 60), min_size=1),
    st.sets(st.integers(0, 60)),
    st.integers(0, 60),
    st.integers(1, 7),
    st.integers(1, 9),
)


@given(places, st.booleans(), st.booleans())
def test_the_place_is_where_its_neighbours_are(
    drawn: tuple[set[int], set[int], int, int, int], backwards: bool, own: bool
) -> None:
    """The record next to the boundary is of this stream, or of one before or after it."""
    old, new, at, each, limit = drawn
    before, now = stream(list(old), each), stream(list(new), each)
    at %= len(before)
    neighbour = before[at]
    offset = at if backwards else at + 1
    place = Place(offset, neighbour.order)
    # Of another stream in the same moment: all of this one lies on the side of the neighbour.
    other = PART - 1 if backwards else PART + 1
    boundary = Boundary(neighbour.key, PART if own else other)
    found, _ = search(now, place, boundary, limit, backwards)
    if own or neighbour.number in new:
        # Behind the neighbour (backwards: before it), be it there or not.
        kept = [i.number > neighbour.number for i in now]
        expected = sum(kept) + (neighbour.number in new and not backwards)
    else:
        expected = sum(boundary.side(item.key, PART) < 0 for item in now)
    assert found.offset == expected


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("drift", [0, -30, 30, -1000, 1000, -4000, 4000])
def test_it_costs_a_round_where_nothing_changed_and_few_after_much(
    drift: int, backwards: bool
) -> None:
    """Above a place in ten thousand records, ``drift`` came or went, the neighbour too."""
    rng = random.Random(drift)
    numbers = range(0, 20_000, 2)
    neighbour = 10_000
    offset = sum(n > neighbour for n in numbers) + (not backwards)
    newer = range(neighbour + 2, 20_000, 2)
    if drift < 0:
        left = {*numbers} - {*rng.sample(newer, -drift)}
    else:
        left = {*numbers} | {n + 1 for n in rng.sample(newer, drift)}
    items = stream(list(left - ({neighbour} if drift else set())), 3)
    key = (f"{neighbour // 3:09}", "")
    place = Place(offset, Item(key, neighbour).order)
    found, rounds = search(items, place, Boundary(key, PART), 50, backwards)
    assert found.offset == offset + drift - (bool(drift) and not backwards)
    assert rounds <= {0: 1, 30: 2, 1000: 10, 4000: 14}[abs(drift)]
