"""What a source cannot answer is refused by name, with advice that is true."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.standard.errors import VALIDATION, Problem
from tests.support.installations import TIGHT, Installation
from tests.support.questions import Question, any_question, wishes_for
from tests.support.reference import World

ADVICE = "Filters die wel werken: "


def refusal(installation: Installation, asked: Question) -> Problem | None:
    """The 400 of a question, ``None`` when it is answered (a page that is not there too)."""
    try:
        installation.ask(asked)
    except Problem as problem:
        return problem if problem.kind is VALIDATION else None
    return None


def refusals(installation: Installation, world: World, examples: int) -> Counter[bool]:
    """How many random questions are refused (``True``), and how many are not."""
    seen: Counter[bool] = Counter()

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(any_question(world))
    def count(asked: Question) -> None:
        seen[refusal(installation, asked) is not None] += 1

    count()
    return seen


def advised(problem: Problem) -> list[str]:
    """The filters that a refusal says do work."""
    _, _, listed = problem.params[0].reason.partition(ADVICE)
    return listed.rstrip(".").split(", ") if listed else []


def test_a_database_refuses_nothing(sql: Installation, world: World) -> None:
    """Even within a tight budget: it looks through nothing."""
    seen = refusals(sql.within(TIGHT), world, examples=60)
    assert not seen[True], seen


def test_within_a_generous_budget_most_questions_to_a_rest_service_are_answered(
    rest: Installation, world: World
) -> None:
    """A refusal is an exception: at least six in ten questions are answered."""
    seen = refusals(rest, world, examples=120)
    assert seen[False] >= 0.6 * seen.total(), seen


def test_within_a_tight_budget_some_questions_to_a_rest_service_are_refused(
    rest: Installation, world: World
) -> None:
    """The budget is kept: not everything is answered then, and not everything is refused."""
    seen = refusals(rest.within(TIGHT), world, examples=120)
    assert seen[True], seen
    assert seen[False], seen


def test_a_refusal_names_filters_that_are_answered_alone(rest: Installation, world: World) -> None:
    """Within the very budget that the question was refused in, for a value that occurs."""
    tight = rest.within(TIGHT)

    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(any_question(world), st.data())
    def law(asked: Question, data: st.DataObject) -> None:
        problem = refusal(tight, asked)
        named = advised(problem) if problem else []
        assert not {*named} & {*dict(asked.params)}, "advises what was just refused"
        if named:
            spec = asked.resource.filter(data.draw(st.sampled_from(named), label="named"))
            assert spec is not None
            wishes = data.draw(wishes_for(world, asked.resource, [spec]))
            alone = Question(asked.resource, ((spec.param, wishes[0].text),), tuple(wishes))
            assert refusal(tight, alone) is None, f"refused too: {alone}"

    law()
