"""Rules as they are proposed, and what is the same in making those of any record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.learn.known import Known
from gateway.learn.reading import reading
from gateway.standard.table import RESOURCES

BOTH: Final = "naam en waarden"
NAME: Final = "alleen de naam"
VALUES: Final = "alleen de waarden"
NOTHING: Final = "geen veld gevonden, en de standaard wil het"
EARLY: Final = "2000-01-01T00:00:00Z"
"""When a record was made, or something was, if nothing says when."""


@dataclass(frozen=True, slots=True)
class Line:
    """One rule. ``why``: what it was told from, empty where it follows from another; where it is
    not ``sure`` somebody has to look."""

    rule: Mapping[str, Any]
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream; ``words``: what it has beside its rules."""

    name: str
    words: Mapping[str, Any]
    lines: Sequence[Line]


@dataclass
class Making:
    """The streams of one record, while they are made."""

    known: Known
    collection: str
    key: str
    form: Any
    used: set[str] = field(default_factory=set)

    resource = ""
    table: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.used.add(self.key)
        self.name = re.sub(r"[^a-z0-9]+", "_", self.collection.lower()).strip("_") or "record"

    def words(self, slot: int, present: str = "") -> dict[str, Any]:
        """What a stream has beside its rules."""
        words: dict[str, Any] = {
            "slot": slot,
            "collection": self.collection,
            "key": {self.key: self.form},
        }
        if present:
            words["where"] = {present: {"present": True}}
        created = self.known.created()
        if created is not None:
            self.used.add(created)
            found = self.known.shape(created)
            assert found is not None
            return words | {"created": {"from": created, **found.words}}
        return words | {"created": {"const": EARLY}}

    def found(self) -> dict[str, Line]:
        """The rules that fields were found for, by attribute."""
        kinds = dict(RESOURCES[self.resource].fields())
        lines: dict[str, Line] = {}
        for path, attribute, whole in self.known.named(self.table):
            if attribute in lines or attribute not in kinds or path in self.used:
                continue
            read = reading(self.known, path, attribute, kinds[attribute].kind)
            if read is None:
                continue
            self.used.add(path)
            words, agrees = read
            lines[attribute] = Line(
                {"to": attribute, "from": path, **words},
                whole and agrees,
                BOTH if agrees else NAME,
            )
        return lines

    def fill(self, lines: dict[str, Line], constants: Mapping[str, Any]) -> None:
        """Give every attribute that has to be there a value, in every record."""
        for attribute, value in constants.items():
            line = lines.get(attribute)
            if line is None:
                lines[attribute] = Line({"to": attribute, "const": value}, False, NOTHING)
            elif "from" in line.rule and not self.known.is_full(line.rule["from"]):
                rule = {**line.rule, "default": value}
                lines[attribute] = Line(rule, False, "de standaard wil het, en soms is het leeg")

    def in_order(self, lines: Mapping[str, Line]) -> list[Line]:
        """As the standard has its attributes."""
        order = [path for path, _ in RESOURCES[self.resource].fields()]
        return [lines[path] for path in order if path in lines]

    def streams(self) -> dict[str, list[Stream]]:
        """By resource."""
        raise NotImplementedError
