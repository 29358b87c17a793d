"""What a condition becomes for a list of an API: parameters, and what is left to check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.base import Match
from adapters.conditions import (
    Absent,
    All,
    Compare,
    Condition,
    Exists,
    In,
    Present,
    Record,
    matches,
)
from adapters.zgw_words import KEY, FilterWord, Resource

_OPS: Final = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a condition is put to a list.

    ``keys``: the records that are asked for one by one; ``None``: none are. ``questions``: the
    parameters of each request; a record of any of them may meet the condition. ``multiplied``: the
    list gives a record once for each match. ``sure``: parts that every row must meet, or the source
    has not honoured a parameter. ``checked``: parts that are left to look at here.
    """

    keys: tuple[str, ...] | None
    questions: Sequence[Mapping[str, str]]
    multiplied: bool
    sure: Sequence[Condition]
    checked: Sequence[Condition]

    @property
    def whole(self) -> bool:
        """Whether one list has exactly what is asked."""
        return len(self.questions) == 1 and not (self.multiplied or self.checked)


Texts = Callable[[str | None, str, Any], Sequence[str]]
"""A value as a parameter has it, in each way it may be written: of a field of a collection
(``None``: the one that is asked). None for a value that no record can have."""


def asked(condition: Condition, spec: Resource, texts: Texts) -> Asked:
    """A condition for one collection.

    Raises ``TypeError`` for a condition that was not declared.
    """
    parts = condition.parts if isinstance(condition, All) else (condition,)
    keys = [part for part in parts if isinstance(part, In) and part.field == spec.key]
    if keys:
        named = tuple(map(str, keys[0].values))
        return Asked(named, (), False, (), [p for p in parts if p is not keys[0]])
    builder = _Builder(spec, texts)
    for part in sorted(parts, key=_fewest):
        builder.add(part)
    return builder.made()


def _fewest(part: Condition) -> int:
    return len(part.values) if isinstance(part, In) else 0


class _Builder:
    def __init__(self, spec: Resource, texts: Texts) -> None:
        self.spec = spec
        self.texts = texts
        self.params: dict[str, str] = {}
        self.either: Sequence[tuple[str, str]] = ()
        self.multiplied = False
        self.impossible = False
        self.sure: list[Condition] = []
        self.checked: list[Condition] = []

    def add(self, part: Condition) -> None:
        match part:
            case Exists(collection=name, where=In(field, values)):
                self.multiplied = True
                word = FilterWord(parameter=self.spec.brings[name].asks[field], several=True)
                self._put(part, word, [t for v in values for t in self.texts(name, field, v)])
            case In(field) if field not in self.spec.filters:
                # It is of what goes with the records, which were found by that.
                self.checked.append(part)
            case In(field, values):
                word = self.spec.filters[field]
                if field in self.spec.references and any(str(v) != str(v).lower() for v in values):
                    # The source may look past the case of a uuid.
                    word = word.model_copy(update={"match": Match.SUPERSET})
                self._put(part, word, [t for v in values for t in self.texts(None, field, v)])
            case Compare(field, op, value):
                plain = self.spec.filters[field]
                parameters = [f"{one}__{_OPS[op]}" for one in plain.parameters]
                self._put(part, FilterWord(parameter=parameters, match=plain.match), [str(value)])
            case Absent(field) | Present(field):
                word = FilterWord(parameter=self.spec.absences[field])
                self._put(part, word, ["true" if isinstance(part, Absent) else "false"])
            case All(()):
                return
            case _:
                raise TypeError("a condition that was not declared")

    def _put(self, part: Condition, word: FilterWord, texts: Sequence[str]) -> None:
        """Ask it, or leave it to be checked."""
        sure = word.match is Match.EXACT
        first, *others = word.parameters
        if not texts:
            self.impossible = True
        elif self.params.keys() & set(word.parameters) or self._excluded(word):
            sure = False
        elif word.several and not others and not any("," in text for text in texts):
            self.params[first] = ",".join(texts)
        elif len(texts) == 1 and not others:
            self.params[first] = texts[0]
        elif not self.either:
            self.either = [(one, text) for one in word.parameters for text in texts]
        else:
            sure = False
        (self.sure if sure else self.checked).append(part)

    def _excluded(self, word: FilterWord) -> bool:
        """Whether a filter does not go with what is asked already."""
        asked = {*self.params, *(parameter for parameter, _ in self.either)}
        if isinstance(self.spec.alone, bool):
            return self.spec.alone and bool(asked)
        words = [self.spec.filters[field].parameters for field in self.spec.alone]
        excluding = {parameter for one in words for parameter in one}
        return bool(excluding & asked and excluding.intersection(word.parameters))

    def made(self) -> Asked:
        if self.impossible:
            return Asked((), (), False, (), ())
        questions = [self.params]
        if self.either:
            questions = [{**self.params, parameter: text} for parameter, text in self.either]
        return Asked(None, questions, self.multiplied, self.sure, self.checked)


def meets(
    part: Condition, record: Record, links: Mapping[str, Sequence[Record]], spec: Resource
) -> bool:
    """Whether a record meets a part of a condition; ``links``: what came along with it."""
    if isinstance(part, Exists):
        return any(
            matches(part.where, link)
            for link in links.get(part.collection, ())
            if str(link.get(spec.brings[part.collection].field)) == str(record[KEY])
        )
    return matches(part, record)
