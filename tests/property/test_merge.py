"""Merging: a page of sorted streams is that page of all of them sorted together, whatever comes
and goes between two pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.cursor import Cursor, Cursors
from gateway.federation.merge import descending, pages, window
from tests.support.walks import Item, Source, first, merged, read

# Few moments, so that ties are common.
keys = st.tuples(st.sampled_from(["", "2026-01-01", "2026-01-02"]), st.sampled_from("abc"))
sorted_lists = st.lists(keys, max_size=8).map(lambda part: sorted(part, reverse=True))
parts_ = st.lists(sorted_lists, max_size=4)


@given(parts_, st.integers(0, 40), st.integers(0, 40))
def test_a_window_is_that_of_everything_sorted(
    parts: list[list[tuple[str, str]]], start: int, stop: int
) -> None:
    """Highest first; of equal keys the lower part, and within it the order it came in."""
    everything = [(key, n, at) for n, part in enumerate(parts) for at, key in enumerate(part)]
    everything.sort(key=lambda entry: entry[0], reverse=True)
    places = [(n, at) for _, n, at in everything]
    assert window(parts, start, stop) == places[start:stop]


@given(parts_, st.integers(0, 10), st.integers(1, 10))
def test_heads_are_enough(parts: list[list[tuple[str, str]]], start: int, size: int) -> None:
    """The first ``stop`` of each part decide a window that ends at ``stop``."""
    stop = start + size
    heads = [part[:stop] for part in parts]
    assert window(heads, start, stop) == window(parts, start, stop)


@given(st.lists(keys, max_size=6))
def test_descending_is_being_sorted(some: list[tuple[str, str]]) -> None:
    """Highest first, equals allowed."""
    assert descending(some) is (some == sorted(some, reverse=True))


@given(st.integers(0, 10**6), st.integers(1, 500))
def test_the_last_page_is_not_empty(count: int, size: int) -> None:
    """Unless the whole list is: then there is one page."""
    last = pages(count, size)
    assert last >= 1
    assert (last - 1) * size < max(count, 1) <= last * size


# --- walking -------------------------------------------------------------------------------------

SEALS = Cursors({1: b"a secret of the test"}, 1)
sizes = st.integers(1, 5)


@dataclass(frozen=True)
class Change:
    """What happens to a stream between two pages: an item comes, or (``key`` None) one goes."""

    part: int
    key: tuple[str, str] | None
    at: int

    def happen(self, sources: Sequence[Source]) -> Item | None:
        """Returns the item that goes."""
        source = sources[self.part % len(sources)]
        if self.key is not None:
            # Numbers of one half are even and of the other odd, so that none is there twice.
            source.items.append(Item(self.key, self.at))
            source.sort()
        elif source.items:
            return source.items.pop(self.at % len(source.items))
        return None


@st.composite
def lists(draw: st.DrawFn) -> list[Source]:
    """One to three streams, with or without keyset."""
    sources = []
    for _ in range(draw(st.integers(1, 3))):
        some = draw(st.lists(keys, max_size=12))
        numbers = draw(st.permutations(range(0, 2 * len(some), 2)))
        items = [Item(key, number) for key, number in zip(some, numbers, strict=True)]
        sources.append(Source(items, draw(st.booleans())))
    return sources


@st.composite
def upheavals(draw: st.DrawFn) -> list[list[Change]]:
    """Per page, what happens before it. Items go more often than they come, so walks end."""
    seen: set[int] = set()
    rounds = draw(st.lists(st.integers(0, 5), max_size=12))
    return [[draw(changes(seen)) for _ in range(count)] for count in rounds]


@st.composite
def changes(draw: st.DrawFn, seen: set[int]) -> Change:
    """One change; numbers of what comes are odd and not in ``seen``."""
    part = draw(st.integers(0, 2))
    if draw(st.booleans()):
        return Change(part, None, draw(st.integers(0, 20)))
    number = draw(st.integers(0, 50).map(lambda n: 2 * n + 1).filter(lambda n: n not in seen))
    seen.add(number)
    return Change(part, draw(keys), number)


def walk(
    sources: Sequence[Source], cursor: Cursor, size: int, upheavals: list[list[Change]]
) -> tuple[list[list[tuple[int, Item]]], dict[int, Item]]:
    """The pages from a cursor on to the end, and the items that went meanwhile.

    By identity, so they are kept: an identity may be given out again.
    """
    gone: dict[int, Item] = {}
    shown: list[list[tuple[int, Item]]] = []
    for happening in [[], *upheavals, *([[]] * 100)]:
        gone |= {id(item): item for change in happening if (item := change.happen(sources))}
        opened = SEALS.open(SEALS.seal(cursor, b"question"), b"question", cursor.page)
        assert opened == cursor
        page = read(sources, opened, size)
        shown.append([(id(item), item) for item in page.items])
        if len(page.items) < size:
            return shown, gone
        cursor = page.ahead
    raise AssertionError("a walk without end")


def identities(items: Sequence[Item]) -> list[int]:
    """Items may be equal over streams, so they are told apart by identity."""
    return [id(item) for item in items]


@given(lists(), sizes, upheavals())
def test_a_walk_shows_nothing_twice_and_misses_nothing_that_stayed(
    sources: list[Source], size: int, upheavals: list[list[Change]]
) -> None:
    """Forwards, whatever comes and goes; and what stayed is in order."""
    before = merged(sources)
    shown, gone = walk(sources, first(sources), size, upheavals)
    seen = [identity for page in shown for identity, _ in page]
    assert len(set(seen)) == len(seen)
    stayed = [identity for identity in identities(before) if identity not in gone]
    assert [identity for identity in seen if identity in set(stayed)] == stayed


@given(lists(), sizes, st.integers(0, 6), upheavals())
def test_so_does_a_walk_back(
    sources: list[Source], size: int, pages: int, upheavals: list[list[Change]]
) -> None:
    """Backwards from any page, up to the top."""
    cursor = first(sources)
    page = read(sources, cursor, size)
    for _ in range(pages):
        if page.items:
            page = read(sources, page.ahead, size)
    everything = identities(merged(sources))
    start = everything.index(id(page.items[0])) if page.items else len(everything)
    shown, gone = walk(sources, page.turned, size, upheavals)
    seen = [identity for part in reversed(shown) for identity, _ in part]
    assert len(set(seen)) == len(seen)
    stayed = [identity for identity in everything[:start] if identity not in gone]
    assert [identity for identity in seen if identity in set(everything) - gone.keys()] == stayed


@given(lists(), sizes, st.integers(0, 4))
def test_pages_agree_with_the_walk_when_nothing_changes(
    sources: list[Source], size: int, number: int
) -> None:
    """Read from the start, page by page, turned back, and turned again."""
    everything = merged(sources)
    cursor = first(sources)
    for at in range(number):
        page = read(sources, cursor, size)
        assert page.items == everything[at * size : (at + 1) * size]
        assert read(sources, first(sources), size, omit=at * size).items == page.items
        if at and page.items:
            back = read(sources, page.turned, size)
            assert back.items == everything[(at - 1) * size : at * size]
            again = read(sources, back.turned, size)
            assert again.items == page.items
            assert again.ahead.places.keys() == page.ahead.places.keys()
        cursor = page.ahead


# --- what it costs -------------------------------------------------------------------------------

START = datetime(2026, 11, 20)
Moments = Callable[[random.Random, int], float]


def _key(seconds: float) -> tuple[str, str]:
    moment = (START - timedelta(seconds=int(seconds))).isoformat()
    return moment, moment


def _bursts(rng: random.Random, part: int) -> float:
    day = rng.randrange(30)
    if part == 1 and rng.random() < 0.7:  # a batch in the night
        return day * 86400.0 + rng.uniform(0, 600)
    return day * 86400 + rng.uniform(8, 17) * 3600


DISTRIBUTIONS: dict[str, Moments] = {
    "uniform": lambda rng, part: rng.uniform(0, 1e7),
    "growing": lambda rng, part: 1e7 * (1 - rng.random() ** (1 / (part + 2))),
    "bursts": _bursts,
    "ties": lambda rng, part: rng.randrange(40) * 86400.0,
    "disjoint": lambda rng, part: rng.uniform(part, part + 1) * 1e5,
}


@pytest.mark.parametrize("keyset", [True, False], ids=["keyset", "offset"])
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_a_walk_fetches_at_most_twice_what_it_shows(name: str, keyset: bool) -> None:
    """Ten pages of a hundred over three streams, after the first page; hardly a second round."""
    rng = random.Random(name)
    sources = []
    for part, count in enumerate([1000, 600, 300]):
        moments = [DISTRIBUTIONS[name](rng, part) for _ in range(count)]
        sources.append(Source([Item(_key(m), n) for n, m in enumerate(moments)], keyset))
    cursor, rounds, fetched = first(sources), 0, 0
    for number in range(1, 11):
        page = read(sources, cursor, 100)
        cursor = page.ahead
        if number == 1:
            fetched = -sum(s.rows for s in sources)
        else:
            rounds += page.rounds
    fetched += sum(s.rows for s in sources)
    assert fetched <= 2 * 900
    assert rounds <= 1.4 * 9
