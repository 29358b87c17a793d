"""How much memory an answer takes, roughly and quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import getsizeof
from typing import Any, Final

_PLAIN: Final = frozenset({str, int, float, bool, bytes, type(None)})


def size_of(value: Any) -> int:
    """Bytes of a value made of mappings, sequences, data classes and plain values.

    Names of fields count once, as parsers make them once. What is shared otherwise counts for each
    place it is in, so this is too much rather than too little. Other objects count without what
    they refer to. What refers to itself has no size here: records never do.
    """
    total = 0
    names: set[Any] = set()
    left = [value]
    while left:
        one = left.pop()
        total += getsizeof(one)
        if type(one) in _PLAIN:
            continue
        inside: Iterable[Any]
        if isinstance(one, (dict, Mapping)):  # Nearly all are dicts, for which it is a quick test.
            names.update(one)
            inside = one.values()
        elif isinstance(one, (list, tuple, set, frozenset)):
            inside = one
        else:
            inside = [getattr(one, name) for name in getattr(one, "__dataclass_fields__", ())]
        # Most records hold plain values only, and most of those are texts. Asked for in one go
        # their sizes cost a tenth of what getsizeof does.
        kinds = set(map(type, inside))
        if kinds == {str}:
            total += sum(map(str.__sizeof__, inside))
        elif kinds <= _PLAIN:
            total += sum([plain.__sizeof__() for plain in inside])
        else:
            left.extend(inside)
    return total + sum(map(getsizeof, names))
