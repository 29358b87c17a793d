"""Merging: a window of sorted lists is that window of all of them sorted together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.merge import descending, pages, window

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
