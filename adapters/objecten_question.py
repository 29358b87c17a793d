"""What a condition becomes for a list of objects: expressions of ``data_attr``. Pure.

The API reads an expression from its end, as ``<path>__<operator>__<value>``: so a value has no two
underscores beside each other in it, and one of a list no bar.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.conditions import All, Condition, Contains, In
from adapters.objecten_words import KEY, Resource

Texts = Callable[[str, Any], Sequence[str]]
"""A value of a field as objects may have it: of a reference the urls."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a condition is put to the API.

    ``keys``: the objects that are asked for one by one; ``None``: none are; ``()``: nothing can
    meet it. ``expressions``: what a list is asked, all of which hold. ``sure``: parts that every
    object must then meet, or the API has not honoured what was asked. ``checked``: parts that are
    left to look at here.
    """

    keys: tuple[str, ...] | None
    expressions: Sequence[str]
    sure: Sequence[Condition]
    checked: Sequence[Condition]


def asked(condition: Condition, spec: Resource, texts: Texts) -> Asked:
    """A condition for one collection of objects.

    Raises ``TypeError`` for a condition that was not declared.
    """
    parts = condition.parts if isinstance(condition, All) else (condition,)
    keys = [part for part in parts if isinstance(part, In) and part.field == KEY]
    if keys:
        named = tuple(dict.fromkeys(map(str, keys[0].values)))
        return Asked(named, (), (), [part for part in parts if part is not keys[0]])
    expressions: list[str] = []
    sure: list[Condition] = []
    checked: list[Condition] = []
    for part in parts:
        match part:
            case In(field) | Contains(field) if field in spec.picked:
                # More than what is asked may come of this, and less never.
                expressions += _within(spec.picked[field].among, part)
            case In(field, values):
                shown = [v for v in values if re.fullmatch(spec.only.get(field, "(?s:.*)"), str(v))]
                found = [text for value in shown for text in texts(field, value)]
                if not found:
                    return Asked((), (), (), ())
                if all(map(_plain, found)) and not (len(found) > 1 and "|" in "".join(found)):
                    expressions.append(equals(field, found))
                    sure.append(part)
                else:
                    checked.append(part)
            case _:
                raise TypeError("a condition that was not declared")
    return Asked(None, expressions, sure, checked)


def equals(field: str, texts: Sequence[str]) -> str:
    """The expression that a field is one of these."""
    operator = "in" if len(texts) > 1 or _means_more(texts[0]) else "exact"
    return f"{field.replace('.', '__')}__{operator}__{'|'.join(texts)}"


def _within(name: str, part: In | Contains) -> list[str]:
    """The expression that a text stands anywhere in a list: it is looked for in the JSON."""
    if isinstance(part, In) and len(part.values) > 1:
        return []
    text = part.text if isinstance(part, Contains) else str(part.values[0])
    simple = text.isascii() and text.isprintable() and not set('"\\') & set(text)
    return [f"{name.replace('.', '__')}__icontains__{text}"] if simple and _plain(text) else []


def _plain(text: str) -> bool:
    """Whether a value can stand in an expression."""
    return "__" not in text and not text.startswith("_")


def _means_more(text: str) -> bool:
    """Whether ``exact`` takes a text for more than it says: a date in whatever spelling, or a
    number beyond all numbers, which JSON has not."""
    try:
        return not math.isfinite(float(text))
    except ValueError:
        pass
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
