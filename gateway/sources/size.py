"""How much memory an answer takes, roughly and quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from sys import getsizeof
from typing import Any


def size_of(value: Any) -> int:
    """Bytes of a value made of mappings, sequences, data classes and plain values.

    Names of fields count once, as parsers make them once. What is shared otherwise counts for each
    place it is in, so this is too much rather than too little. Other objects count without what
    they refer to.
    """
    total = 0
    names: set[Any] = set()
    left = [value]
    while left:
        one = left.pop()
        total += getsizeof(one)
        if isinstance(one, (str, int, float, bytes)) or one is None:
            continue
        if isinstance(one, Mapping):
            names.update(one)
            left.extend(one.values())
        elif isinstance(one, (list, tuple, set, frozenset)):
            left.extend(one)
        elif is_dataclass(one):
            left.extend(getattr(one, f.name) for f in fields(one))
    return total + sum(map(getsizeof, names))
