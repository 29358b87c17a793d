"""``gateway conform`` says all that the conformance suite says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.conform import STATEMENTS
from tests.shared import shared
from tests.support.answered import ANSWERED
from tests.support.planted import PLANTS


@pytest.fixture(scope="module")
def suite() -> dict[tuple[str, str], bool]:
    """The tests of the suite by file and name, and whether each is of a quirk."""
    files = sorted((shared() / "conformance").glob("test_*.py"))
    return {(file.stem, name): quirk for file in files for name, quirk in _tests(file)}


def _tests(file: Path) -> Iterator[tuple[str, bool]]:
    tree = ast.parse(file.read_text())
    whole = any(
        isinstance(one, ast.Assign) and ast.unparse(one) == "pytestmark = pytest.mark.quirk"
        for one in tree.body
    )
    for one in tree.body:
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
            marks = {ast.unparse(mark) for mark in one.decorator_list}
            yield one.name, whole or "pytest.mark.quirk" in marks


def test_each_test_of_the_suite_has_a_statement(suite: dict[tuple[str, str], bool]) -> None:
    answered = {(file, name) for file, tests in ANSWERED.items() for name in tests}
    demanded = {test for test, quirk in suite.items() if not quirk}
    assert len(demanded) > 200
    assert demanded - answered == set()
    assert answered - suite.keys() == set()


def test_the_statements_that_answer_are_there() -> None:
    named = {id for tests in ANSWERED.values() for ids in tests.values() for id in ids.split()}
    assert named - {statement.id for statement in STATEMENTS} == set()


def test_each_statement_that_answers_has_been_seen_to_fail() -> None:
    """What nothing is planted for might hold whatever a server does."""
    named = {id for tests in ANSWERED.values() for ids in tests.values() for id in ids.split()}
    assert named - {id for plant in PLANTS for id in plant.found_by} == set()
