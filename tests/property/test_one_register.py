"""Several sources are one register: one list, one partij for one person, walked page by page.

Random rows over one to four sources of different kinds, random filters and page sizes; what is
walked is what the reference says, whichever way one walks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.kcc.data import Tables
from gateway.federation.listing import Asked
from gateway.federation.register import ObjectPage
from gateway.standard.errors import Problem
from tests.property.test_filters import refused, seeds
from tests.support.installations import Installation, Loop, honest_source, install, on, rest_adapter
from tests.support.questions import Question, any_question
from tests.support.reference import Thing, World
from tests.support.weather import weathered

SIZES = (1, 7, 20, 100)
MOST_PAGES = 15


@pytest.fixture(scope="module")
def registers(loop: Loop, rows: Tables) -> dict[int, Installation]:
    """Registers over so many sources, to be put on other ones."""
    names = ("first", "second", "third", "fourth")
    return {
        n: install(loop, **{name: honest_source(rows, 0) for name in names[:n]}).merging()
        for n in range(1, 5)
    }


def walk(installation: Installation, asked: Question, size: int) -> list[ObjectPage]:
    """All pages of a question, by the links from one to the next."""
    found = [installation.list(asked.resource, Asked(asked.params, 1, size))]
    while found[-1].number < found[-1].last:
        one = found[-1]
        assert one.next is not None
        further = Asked(asked.params, one.number + 1, size, one.next)
        found.append(installation.list(asked.resource, further))
    return found


def uuids(pages: Iterable[ObjectPage]) -> list[str]:
    return [one["uuid"] for page in pages for one in page.results]


def in_order(have: Sequence[str], want: Sequence[Thing]) -> bool:
    """Whether objects stand in the order of the reference, those of one moment and one stream in
    any order: some of them were put back there."""
    at = 0
    for _, same in groupby(want, key=lambda t: (t.moments, t.stream)):
        expected = [t.uuid for t in same]
        if sorted(have[at : at + len(expected)]) != sorted(expected):
            return False
        at += len(expected)
    return at == len(have)


def check(installation: Installation, world: World, asked: Question, size: int) -> None:
    """All that a walk promises."""
    want = world.answer(asked.resource, asked.wishes)
    size = max(size, -(-len(want) // MOST_PAGES))
    try:
        pages = walk(installation, asked, size)
    except Problem as problem:
        assert refused(problem, asked)
        return
    walked = uuids(pages)
    assert len(set(walked)) == len(walked), "nothing stands on two pages"
    assert in_order(walked, want), "the walk is the list"
    for number, page in enumerate(pages, start=1):
        again = installation.list(asked.resource, Asked(asked.params, number, size))
        assert uuids([again]) == uuids([page]), "a number leads where the walk leads"
        assert page.count >= len(want)
        if page.exact:
            assert page.count == len(want)
            assert len(page.results) == size or number == len(pages), "only the last is not full"
    for number in range(len(pages) - 1, 0, -1):
        cursor = pages[number].previous
        assert cursor is not None
        back = installation.list(asked.resource, Asked(asked.params, number, size, cursor))
        assert uuids([back]) == uuids([pages[number - 1]]), "the way back is the way forth"


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data(), many=st.integers(1, 4), size=st.sampled_from(SIZES))
def test_a_walk_over_several_sources_is_the_list_of_their_union(
    data: st.DataObject, many: int, size: int, rows: Tables, registers: dict[int, Installation]
) -> None:
    """Over sources of any kind: what is not refused is walked completely, once, in order."""
    chosen = data.draw(st.lists(seeds, min_size=many, max_size=many), label="seeds")
    odd = [weathered(rows, seed, 0.2) for seed in chosen]
    plain = data.draw(st.booleans(), label="plain")
    sources = [
        rest_adapter(row) if plain and n == many - 1 else honest_source(row, seed)
        for n, (row, seed) in enumerate(zip(odd, chosen, strict=True))
    ]
    installation = on(registers[many], *sources)
    world = installation.world(*odd)
    for _ in range(3):
        check(installation, world, data.draw(any_question(world), label="asked"), size)
