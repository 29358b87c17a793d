"""Random conditions and records for them, awkward on purpose."""

from __future__ import annotations

from collections.abc import Sequence
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

texts: Final = st.one_of(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.text(max_size=4))
# What the small letter of a sigma is depends on what stands beside it.
needles: Final = texts.filter(lambda t: bool(t) and "\0" not in t and "Σ" not in t)
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


def atoms(known: Sequence[Record] = ()) -> SearchStrategy[Condition]:
    """Conditions on one field, mostly about values that the records have in it."""
    text, integer = st.sampled_from(TEXT_FIELDS), st.just(INTEGER)

    def value(field: str) -> SearchStrategy[Scalar]:
        there = [r[field] for r in known if r[field] is not None]
        other = scalars if field != INTEGER else st.one_of(st.sampled_from(INTEGERS), scalars)
        return st.one_of(st.sampled_from(there), st.sampled_from(there), other) if there else other

    def part(field: str) -> SearchStrategy[str]:
        whole = value(field).map(str)
        cut = st.tuples(whole, st.integers(0, 3), st.integers(1, 4))
        some = cut.map(lambda t: t[0][t[1] : t[1] + t[2]].swapcase() or t[0] or "x")
        return st.one_of(some, needles).filter(lambda t: "\0" not in t and t != "")

    def of(field: str) -> SearchStrategy[Condition]:
        several = st.lists(value(field), max_size=4).map(tuple)
        bound = value(field).filter(lambda v: isinstance(v, int) is (field == INTEGER))
        kept = bound.filter(lambda v: isinstance(v, str) or abs(v) < 2**63)
        return st.one_of(
            st.builds(In, st.just(field), several),
            st.builds(NotIn, st.just(field), several),
            st.builds(Present, st.just(field)),
            st.builds(Absent, st.just(field)),
            st.builds(Compare, st.just(field), st.sampled_from(_OPS), kept),
            st.builds(Contains, st.just(field), part(field)),
            st.builds(Pattern, st.just(field), st.lists(part(field), max_size=3).map(tuple)),
        )

    return st.one_of(text, text, integer).flatmap(of)


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
