"""Random conditions and records for them, awkward on purpose."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from adapters.conditions import (
    Absent,
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
)

TEXT_FIELDS: Final = ("A", "P")
"""Of P a database pads the values with spaces."""

INTEGER: Final = "N"
FIELDS: Final = (*TEXT_FIELDS, INTEGER)

TEXTS: Final = (
    "", " ", "a", "A", "ab", "aB", " a", "a ", "a  b", "%", "_", "/", "a%b", "a_b", "a/b", "//",
    "\\", "'", '"', "é", "É", "ß", "ẞ", "İ", "ı", "i\u0307", "\u0307", "Σ", "ς",
    "0", "5", "05", "12", "None", "*", "[a]",
)  # fmt: skip
INTEGERS: Final = (0, 1, 5, 12, -5, 2**31, 2**63 - 1)

texts: Final = st.one_of(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.text(max_size=4))
needles: Final = texts.filter(lambda t: bool(t) and "\0" not in t)
scalars: Final = st.one_of(texts, st.sampled_from(INTEGERS), st.integers(-3, 2**70))
field_values: Final = texts.filter(lambda t: "\0" not in t)

# What a database cannot keep apart, or refuses, is no question of ours.
storable: Final = field_values.filter(lambda t: t.isprintable())


def records() -> SearchStrategy[Record]:
    """Records with absent values, blanks, odd letters, and integers that are text elsewhere."""
    text = st.one_of(st.none(), storable)
    # Padding goes before a record is seen, so P never ends with a space.
    padded = st.one_of(st.none(), storable.map(lambda t: t.rstrip(" ")))
    integer = st.one_of(st.none(), st.sampled_from(INTEGERS))
    return st.fixed_dictionaries({"A": text, "P": padded, "N": integer})


def atoms() -> SearchStrategy[Condition]:
    """Conditions on one field."""
    fields = st.sampled_from(FIELDS)
    several = st.lists(scalars, max_size=4).map(tuple)
    return st.one_of(
        st.builds(In, fields, several),
        st.builds(NotIn, fields, several),
        st.builds(Present, fields),
        st.builds(Absent, fields),
        st.builds(Compare, st.sampled_from(TEXT_FIELDS), st.sampled_from(_OPS), storable),
        st.builds(Compare, st.just(INTEGER), st.sampled_from(_OPS), st.sampled_from(INTEGERS)),
        st.builds(Contains, st.sampled_from(FIELDS), needles),
        st.builds(Pattern, st.sampled_from(FIELDS), st.lists(needles, max_size=3).map(tuple)),
    )


_OPS: Final = ("<", "<=", ">", ">=")


def conditions(*, exists: bool = False) -> SearchStrategy[Condition]:
    """Conditions of any depth; with ``exists`` also on records of the collection ``FAR``."""

    def deeper(inner: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
        parts = st.lists(inner, max_size=3).map(tuple)
        both: SearchStrategy[Condition] = st.one_of(st.builds(All, parts), st.builds(AnyOf, parts))
        if not exists:
            return both
        fields = st.sampled_from(FIELDS)
        far = st.builds(Exists, fields, st.just("FAR"), fields, inner, st.booleans())
        return st.one_of(both, both, far)

    return st.recursive(atoms(), deeper, max_leaves=6)
