"""What a test on a wire value means: the same for every filter, wherever it is decided."""

from __future__ import annotations

from typing import Any

from gateway.standard.model import Op

Wire = str | bool | int | None


def holds(op: Op, have: Any, wanted: Any) -> bool:
    """Whether a wire value meets a test: the meaning of every filter, said once.

    Null and ``""`` meet nothing but ``PRESENT`` false.
    """
    if op is Op.PRESENT:
        return (have not in (None, "")) is wanted
    if have is None or have == "" or wanted is None:
        return False
    match op:
        case Op.EQ:
            return same(have, wanted)
        case Op.IN:
            return any(same(have, w) for w in wanted)
        case Op.ALIKE:
            return str(have).lower() in {str(w).lower() for w in wanted}
        case Op.CONTAINS:
            return str(wanted).lower() in str(have).lower()
        case Op.GT:
            return bool(have > wanted)
        case Op.GTE:
            return bool(have >= wanted)
        case Op.LT:
            return bool(have < wanted)
        case Op.LTE:
            return bool(have <= wanted)
        case Op.EXISTS:
            raise TypeError("a hop, not a test")


def same(a: Wire, b: Wire) -> bool:
    """Whether two wire values are the same; 1 is not ``True``."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)
