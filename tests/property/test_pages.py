"""Pages: together they are the list, each object stands on one of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.federation.listing import Asked
from gateway.federation.register import ObjectPage
from gateway.standard.errors import NOT_FOUND, Problem
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES
from tests.support.installations import Installation
from tests.support.questions import Question, any_question
from tests.support.reference import World

each_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda r: r.path)
MOST_PAGES = 12


def pages(installation: Installation, asked: Question, size: int) -> list[ObjectPage]:
    """All pages of a question, from the first to what the first says is the last."""
    first = page(installation, asked, 1, size)
    return [first, *(page(installation, asked, n, size) for n in range(2, first.last + 1))]


def page(installation: Installation, asked: Question, number: int | None, size: int) -> ObjectPage:
    return installation.list(asked.resource, Asked(asked.params, number, size))


def uuids(found: ObjectPage) -> list[str]:
    return [one["uuid"] for one in found.results]


def check_pages(installation: Installation, world: World, asked: Question, size: int) -> None:
    """All laws of pages for one question."""
    things = world.answer(asked.resource, asked.wishes)
    size = max(size, -(-len(things) // MOST_PAGES))
    found = pages(installation, asked, size)
    walked = [uuid for one in found for uuid in uuids(one)]
    assert walked == [t.uuid for t in things], "the pages together are the list"
    assert len(set(walked)) == len(walked), "nothing stands on two pages"
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert {(one.count, one.last) for one in found} == {(len(things), len(found))}
    assert all(len(one.results) == size for one in found[:-1]), "only the last is not full"
    last = page(installation, asked, None, size)
    assert (uuids(last), last.number) == (uuids(found[-1]), len(found)), "`last` is the last page"
    for number in (len(found) + 1, 10**9):
        with pytest.raises(Problem) as raised:
            page(installation, asked, number, size)
        assert (raised.value.kind, raised.value.detail) == (NOT_FOUND, "Ongeldige pagina.")


@each_resource
@pytest.mark.parametrize("source", ["sql", "rest"])
def test_the_pages_of_a_whole_list_are_that_list(
    resource: Resource, source: str, world: World, request: pytest.FixtureRequest
) -> None:
    """For any page size: the list once, in order; `last` and beyond the last as they should be."""
    installation: Installation = request.getfixturevalue(source)

    @settings(max_examples=4)
    @given(st.integers(1, 120))
    def law(size: int) -> None:
        check_pages(installation, world, Question(resource, (), ()), size)

    law()


@pytest.mark.parametrize("source", ["sql", "rest"])
def test_the_pages_of_a_filtered_list_are_that_list(
    source: str, world: World, request: pytest.FixtureRequest
) -> None:
    """As above, with filters."""
    installation: Installation = request.getfixturevalue(source)

    @settings(max_examples=20)
    @given(any_question(world), st.integers(1, 20))
    def law(asked: Question, size: int) -> None:
        check_pages(installation, world, asked, size)

    law()
