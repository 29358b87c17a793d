"""What a condition becomes for a list of an API: parameters, and what is left to check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.base import Match
from adapters.conditions import All, Compare, Condition, Exists, In, Record, matches
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


Text = Callable[[str | None, str, Any], str | None]
"""A value as a parameter has it: of a field of a collection (``None``: the one that is asked).
``None`` for a value that no record can have."""


def asked(condition: Condition, spec: Resource, text: Text) -> Asked:
    """A condition for one collection.

    Raises ``TypeError`` for a condition that was not declared.
    """
    parts = condition.parts if isinstance(condition, All) else (condition,)
    keys = [part for part in parts if isinstance(part, In) and part.field == spec.key]
    if keys:
        named = tuple(map(str, keys[0].values))
        return Asked(named, (), False, (), [p for p in parts if p is not keys[0]])
    builder = _Builder(spec, text)
    for part in sorted(parts, key=_fewest):
        builder.add(part)
    return builder.made()


def _fewest(part: Condition) -> int:
    return len(part.values) if isinstance(part, In) else 0


class _Builder:
    def __init__(self, spec: Resource, text: Text) -> None:
        self.spec = spec
        self.text = text
        self.params: dict[str, str] = {}
        self.either: tuple[str, list[str]] | None = None
        self.multiplied = False
        self.impossible = False
        self.sure: list[Condition] = []
        self.checked: list[Condition] = []

    def add(self, part: Condition) -> None:
        match part:
            case Exists(collection=name, where=In(field, values)):
                self.multiplied = True
                word = FilterWord(parameter=self.spec.brings[name].asks[field], several=True)
                self._put(part, word, [self.text(name, field, v) for v in values])
            case In(field, values):
                word = self.spec.filters[field]
                if field in self.spec.references and any(str(v) != str(v).lower() for v in values):
                    # The source may look past the case of a uuid.
                    word = word.model_copy(update={"match": Match.SUPERSET})
                self._put(part, word, [self.text(None, field, v) for v in values])
            case Compare(field, op, value):
                plain = self.spec.filters[field]
                parameter = f"{plain.parameter}__{_OPS[op]}"
                self._put(part, FilterWord(parameter=parameter, match=plain.match), [str(value)])
            case All(()):
                return
            case _:
                raise TypeError("a condition that was not declared")

    def _put(self, part: Condition, word: FilterWord, given: Sequence[str | None]) -> None:
        """Ask it, or leave it to be checked."""
        sure = word.match is Match.EXACT
        texts = [text for text in given if text is not None]
        if not texts:
            self.impossible = True
        elif word.parameter in self.params or (self.spec.alone and (self.params or self.either)):
            sure = False
        elif word.several and not any("," in text for text in texts):
            self.params[word.parameter] = ",".join(texts)
        elif len(texts) == 1:
            self.params[word.parameter] = texts[0]
        elif self.either is None:
            self.either = word.parameter, texts
        else:
            sure = False
        (self.sure if sure else self.checked).append(part)

    def made(self) -> Asked:
        if self.impossible:
            return Asked((), (), False, (), ())
        questions = [self.params]
        if self.either is not None:
            parameter, texts = self.either
            questions = [{**self.params, parameter: text} for text in texts]
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
