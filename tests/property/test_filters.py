"""The heart of a façade: filters never widen and never lose.

For random filters on every resource, what the register answers through its planner is what plain
loops over all objects answer. Sources differ: a database that can do all, a REST service that can
do little, and sources with random capabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.kcc.data import Tables
from gateway.federation.register import ObjectPage
from gateway.standard.errors import NOT_FOUND, VALIDATION, Problem
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES
from tests.support.installations import (
    Installation,
    honest_source,
    on,
    rest_adapter,
    sql_adapter,
)
from tests.support.questions import Question, any_question, questions
from tests.support.reference import Thing, World
from tests.support.weather import weathered

FILTERED = [r for r in RESOURCES.values() if r.filters]
each_resource = pytest.mark.parametrize("resource", FILTERED, ids=lambda r: r.path)
"""Apart, so that each is asked as often and workers share the load."""

seeds = st.integers(0, 2**32 - 1)
shares = st.sampled_from([0.1, 0.3, 1.0])


def check(asked: Question, have: ObjectPage | Problem, want: Sequence[Thing]) -> None:
    """The page holds what the reference says, or says that there is no such page."""
    last = max(1, -(-len(want) // asked.size))
    number = last if asked.page is None else asked.page
    if number > last:
        assert isinstance(have, Problem), "a page beyond the last"
        assert (have.kind, have.detail) == (NOT_FOUND, "Ongeldige pagina.")
        return
    if isinstance(have, Problem):
        raise have
    shown = want[(number - 1) * asked.size : number * asked.size]
    assert [o["uuid"] for o in have.results] == [t.uuid for t in shown]
    assert (have.count, have.number, have.last) == (len(want), number, last)


def answer(installation: Installation, asked: Question) -> ObjectPage | Problem:
    """What the register says, whether a page or a problem."""
    try:
        return installation.ask(asked)
    except Problem as problem:
        return problem


def refused(have: ObjectPage | Problem, asked: Question) -> bool:
    """Whether a question was refused by name: every filter in it is said not to be supported, or
    that there is none."""
    if not isinstance(have, Problem) or have.kind is not VALIDATION:
        return False
    assert {p.code for p in have.params} == {"filter-not-supported"}
    assert [p.name for p in have.params] == (list(dict(asked.params)) or ["nonFieldErrors"])
    return True


@each_resource
def test_a_database_answers_every_question_exactly(
    resource: Resource, sql: Installation, world: World
) -> None:
    """Set, count, order and pages are those of the reference; nothing is refused."""

    @settings(max_examples=60)
    @given(questions(world, resource))
    def law(asked: Question) -> None:
        check(asked, answer(sql, asked), world.answer(resource, asked.wishes))

    law()


@each_resource
def test_a_rest_service_answers_exactly_or_refuses_by_name(
    resource: Resource, rest: Installation, world: World
) -> None:
    """As the database does, or a 400 that names the filters; never something in between."""

    @settings(max_examples=60)
    @given(questions(world, resource))
    def law(asked: Question) -> None:
        have = answer(rest, asked)
        if not refused(have, asked):
            check(asked, have, world.answer(resource, asked.wishes))

    law()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(seed=seeds, share=shares, data=st.data())
def test_a_database_with_odd_rows_answers_exactly(
    seed: int,
    share: float,
    data: st.DataObject,
    rows: Tables,
    sql: Installation,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Ties, gaps, doubles and dangling references change nothing about the law."""
    odd = weathered(rows, seed, share)
    file = tmp_path_factory.mktemp("odd") / "kcc.sqlite"
    adapter = sql_adapter(odd, file)
    try:
        answers_exactly(on(sql, adapter), sql.world(odd), data)
    finally:
        sql.loop.run(adapter.close())
        file.unlink()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(seed=seeds, share=shares, data=st.data())
def test_a_rest_service_with_odd_rows_answers_exactly(
    seed: int, share: float, data: st.DataObject, rows: Tables, rest: Installation
) -> None:
    """As above, where the gateway does all the work itself."""
    odd = weathered(rows, seed, share)
    answers_exactly(on(rest, rest_adapter(odd)), rest.world(odd), data)


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(seed=seeds, share=shares, data=st.data())
def test_any_honest_source_answers_exactly_or_is_refused(
    seed: int, share: float, data: st.DataObject, rows: Tables, rest: Installation
) -> None:
    """Whatever an adapter declares, it is asked no more than that, and the law holds."""
    odd = weathered(rows, seed, share)
    answers_exactly(on(rest, honest_source(odd, seed)), rest.world(odd), data)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(seed=seeds, share=shares, data=st.data())
def test_rules_of_all_kinds_are_answered_exactly(
    seed: int, share: float, data: st.DataObject, rows: Tables, own_rules: Installation
) -> None:
    """Also a mapping with conditions on references, stand-ins, unknown codes and joins."""
    odd = weathered(rows, seed, share)
    answers_exactly(on(own_rules, honest_source(odd, seed)), own_rules.world(odd), data)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(seeds=st.tuples(seeds, seeds), data=st.data())
def test_several_sources_answer_as_one(
    seeds: tuple[int, int], data: st.DataObject, rows: Tables, several: Installation
) -> None:
    """Sources that differ in rows and in capabilities merge into one list, in one order."""
    odd = [weathered(rows, seed, 0.2) for seed in seeds]
    sources = map(honest_source, odd, seeds)
    answers_exactly(on(several, *sources), several.world(*odd), data)


def answers_exactly(installation: Installation, world: World, data: st.DataObject) -> None:
    """A few questions to one installation; what is not refused has to be right."""
    for _ in range(4):
        asked = data.draw(any_question(world), label="asked")
        have = answer(installation, asked)
        if not refused(have, asked):
            check(asked, have, world.answer(asked.resource, asked.wishes))
