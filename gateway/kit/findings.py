"""What the kit says when a declaration does not hold."""

from __future__ import annotations

from typing import NoReturn

from adapters.conditions import All, AnyOf, Condition, Exists


class Refuted(AssertionError):
    """A declaration that does not hold. The message names collections, fields and operators and
    counts records; it never holds a value, for a source may be live."""


class NotDeclared(Exception):
    """Nothing of the kind was declared, so there is nothing to refute."""


def refute(where: str, message: str) -> NoReturn:
    """Raise ``Refuted``; ``where``: the collection, and what of it."""
    raise Refuted(f"{where}: {message}")


def told(condition: Condition) -> str:
    """A condition without its values, as a message may name it."""
    match condition:
        case All(parts):
            return " and ".join(told(part) for part in parts) or "everything"
        case AnyOf(parts):
            return "(" + (" or ".join(told(part) for part in parts) or "nothing") + ")"
        case Exists(field, collection, far, where, negated):
            no = "no " if negated else "a "
            return f"{no}{collection}.{far} with its {field} and {told(where)}"
        case _:
            values = getattr(condition, "values", None)
            many = f" {len(values)} value(s)" if values is not None else ""
            return f"{condition.field} {type(condition).__name__.lower()}{many}"
