"""Random conditions and records for them, awkward on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from adapters.conditions import (
    Absent,
    Alike,
    All,
    AnyOf,
    Compare,
    Condition,
    Contains,
    Exists,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
)

TEXT_FIELDS: Final = ("A", "P")
"""Of P a database pads the values with spaces."""

INTEGER: Final = "N"
FIELDS: Final = (*TEXT_FIELDS, INTEGER)

TEXTS: Final = (
    "", " ", "a", "A", "ab", "aB", " a", "a ", "a  b", "%", "_", "/", "a%b", "a_b", "a/b", "//",
    "\\", "'", '"', "é", "É", "ß", "ẞ", "İ", "ı", "i\u0307", "\u0307",
    "0", "5", "05", "12", "None", "*", "[a]",
)  # fmt: skip
INTEGERS: Final = (0, 1, 5, 12, -5, 2**31, 2**63 - 1)

# What a database cannot keep apart, or refuses, is no question of ours; and what the small letter
# of a sigma is depends on what stands beside it.
_CHARACTERS: Final = st.characters(
    exclude_categories=["C", "Z"], include_characters=" ", exclude_characters="\u03a3"
)
texts: Final = st.one_of(
    st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.text(_CHARACTERS, max_size=4)
)
needles: Final = texts.map(lambda t: t or "x")
integers: Final = st.one_of(st.sampled_from(INTEGERS), st.integers(-3, 2**63 - 1))
scalars: Final = st.one_of(texts, integers, st.integers(2**63, 2**70))


def records() -> SearchStrategy[Record]:
    """Records with absent values, blanks, odd letters, and integers that are text elsewhere."""
    text = st.one_of(texts, texts, st.none())
    # Padding goes before a record is seen, so P never ends with a space.
    padded = text.map(lambda t: None if t is None else t.rstrip(" "))
    integer = st.one_of(st.sampled_from(INTEGERS), st.sampled_from(INTEGERS), st.none())
    return st.fixed_dictionaries({"A": text, "P": padded, "N": integer})


def atoms(known: Sequence[Record] = ()) -> SearchStrategy[Condition]:
    """Conditions on one field, mostly about values that the records have in it."""
    return st.one_of([_on(field, [r[field] for r in known]) for field in FIELDS])


def _on(field: str, values: Sequence[Any]) -> SearchStrategy[Condition]:
    there = [v for v in values if v is not None]
    bound: SearchStrategy[Scalar] = integers if field == INTEGER else texts
    if there:
        bound = st.one_of(st.sampled_from(there), st.sampled_from(there), bound)
    value = st.one_of(bound, bound, scalars)
    cut = st.tuples(bound.map(str), st.integers(0, 3), st.integers(1, 4))
    part = st.one_of(needles, cut.map(lambda t: t[0][t[1] : t[1] + t[2]].swapcase() or "x"))
    here = st.just(field)
    return st.one_of(
        st.builds(In, here, st.lists(value, max_size=4).map(tuple)),
        st.builds(NotIn, here, st.lists(value, max_size=4).map(tuple)),
        st.builds(Present, here),
        st.builds(Absent, here),
        st.builds(Compare, here, st.sampled_from(_OPS), bound),
        st.builds(Contains, here, part),
        st.builds(Alike, here, st.lists(st.one_of(bound.map(str), part), max_size=3).map(tuple)),
        st.builds(Pattern, here, st.lists(part, max_size=3).map(tuple)),
    )


_OPS: Final = ("<", "<=", ">", ">=")


def conditions(known: Sequence[Record] = (), *, exists: bool = False) -> SearchStrategy[Condition]:
    """Conditions of any depth; with ``exists`` also on records of the collection ``FAR``."""

    def deeper(inner: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
        parts = st.lists(inner, max_size=3).map(tuple)
        both: SearchStrategy[Condition] = st.one_of(st.builds(All, parts), st.builds(AnyOf, parts))
        if not exists:
            return both
        fields = st.sampled_from(FIELDS)
        far = st.builds(Exists, fields, st.just("FAR"), fields, inner, st.booleans())
        return st.one_of(both, both, far)

    return st.recursive(atoms(known), deeper, max_leaves=5)
