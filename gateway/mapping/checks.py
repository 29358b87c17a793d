"""What the checks of a mapping file have in common: findings, names of fields, tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from adapters.base import Collection
from adapters.conditions import (
    ALWAYS,
    Absent,
    Condition,
    In,
    NotIn,
    Present,
    all_of,
    any_of,
)
from gateway.documents import Document, Finding, Location, suggestion
from gateway.mapping.words import Tests


class Checks:
    """The findings of one mapping file, and what is checked everywhere in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def find(self, at: Location, message: str) -> None:
        """Note that something is wrong at a place of the document."""
        self.findings.append(self.document.finding(at, message))

    def fields(self, at: Location, names: Iterable[str], known: Collection) -> None:
        """The fields exist in the collection."""
        for name in names:
            if name not in known.fields:
                self.find(
                    (*at, name),
                    f"de collectie heeft geen veld `{name}`.{suggestion(name, known.fields)}",
                )

    def alternatives(self, at: Location, blocks: Sequence[Tests], known: Collection) -> Condition:
        """The condition of blocks of tests, one of which must hold; without blocks: always."""
        if not blocks:
            return ALWAYS
        listed = isinstance(self._raw_word(at), list)
        return any_of(
            self.tests((*at, i) if listed else at, tests, known) for i, tests in enumerate(blocks)
        )

    def tests(self, at: Location, tests: Tests, known: Collection) -> Condition:
        """The condition of one block of tests."""
        self.fields(at, tests, known)
        parts: list[Condition] = []
        for name, test in tests.items():
            if test.one_of is not None:
                parts.append(In(name, tuple(test.one_of)))
            elif test.not_one_of is not None:
                parts.append(NotIn(name, tuple(test.not_one_of)))
            else:
                parts.append(Present(name) if test.present else Absent(name))
        return all_of(parts)

    def _raw_word(self, at: Location) -> Any:
        """What stands at a location before it was read as words."""
        value = self.document.data
        for step in at:
            value = value[step]
        return value
