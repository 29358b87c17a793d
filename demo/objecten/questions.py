"""What a list of objects is asked, as the Objecten API reads it (2.7).

An expression of `data_attr` is `<path>__<operator>__<value>`, taken apart from its end. What the
real one refuses is refused, and a name to order by that it does not know is passed over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cmp_to_key
from typing import Any, Final

from demo.v1.answers import invalid

Row = Mapping[str, Any]

OPERATORS: Final = ("exact", "gt", "gte", "lt", "lte", "icontains", "in")
ORDERABLE: Final = {
    "uuid": "uuid",
    "record__index": "record.index",
    "record__typeVersion": "record.typeVersion",
    "record__startAt": "record.startAt",
    "record__endAt": "record.endAt",
    "record__registrationAt": "record.registrationAt",
}
_DATA: Final = "record__data__"


def expressions(texts: Iterable[str], name: str) -> list[Callable[[Row], bool]]:
    """What data has to meet. Raises `Refused`."""
    return [_expression(text, name) for text in texts]


def _expression(text: str, name: str) -> Callable[[Row], bool]:
    code = f"invalid-{name.replace('_', '-')}-query"
    parts = text.rsplit("__", 2)
    if len(parts) != 3:
        raise invalid(name, code, "Een uitdrukking is key__operator__value.")
    path, operator, value = parts
    if "," in text.rsplit("__", 1)[0]:
        raise invalid(name, code, "Een komma kan alleen in de waarde staan.")
    if operator not in OPERATORS:
        raise invalid(name, code, "Deze operator is er niet.")
    typed = _typed(value)
    if operator.startswith(("g", "l")) and isinstance(typed, str):
        raise invalid(name, code, "Alleen getallen en datums zijn te vergelijken.")
    return lambda data: _meets(found(data, path.split("__")), operator, value, typed)


def _meets(here: Any, operator: str, value: str, typed: Any) -> bool:
    match operator:
        case "exact":
            # A number is asked as a text and as a number, a date in any spelling.
            other = typed.isoformat() if isinstance(typed, date) else typed
            return here in (value, other)
        case "in":
            return isinstance(here, str) and here in value.split("|")
        case "icontains":
            return here is not None and value.casefold() in json_text(here).casefold()
        case _:
            beside = _compared(here, typed)
            return (
                beside is not None
                and beside in {"gt": (1,), "gte": (0, 1), "lt": (-1,), "lte": (-1, 0)}[operator]
            )


def _compared(here: Any, typed: float | date | str) -> int | None:
    """What is before what; `None` for things of another kind."""
    if isinstance(typed, date):
        typed = typed.isoformat()
    if isinstance(here, str) and isinstance(typed, str):
        return (here > typed) - (here < typed)
    if isinstance(here, int | float) and isinstance(typed, int | float):
        return (here > typed) - (here < typed)
    return None


def _typed(value: str) -> Any:
    for read in (float, date.fromisoformat):
        try:
            return read(value)
        except ValueError:
            continue
    return value


def found(data: Any, path: Sequence[str]) -> Any:
    """What stands at a path, `None` when there is nothing."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def json_text(value: Any) -> str:
    """A value as the database writes it, so that a text can be looked for in it."""
    match value:
        case str():
            return value
        case dict():
            return "{" + ", ".join(f'"{k}": {_quoted(v)}' for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_quoted, value)) + "]"
        case _:
            return str(value)


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else json_text(value)


def texts_in(value: Any) -> Iterable[str]:
    """All texts in data, however deep."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from texts_in(one)
        case list():
            for one in value:
                yield from texts_in(one)


def ordered(rows: Iterable[Row], ordering: str) -> list[Row]:
    """Rows in the order that is asked. Highest first begins with what has no value."""
    made = list(rows)
    for term in reversed(ordering.split(",")):
        name, down = term.strip().removeprefix("-"), term.strip().startswith("-")
        path = ORDERABLE.get(name)
        if name.startswith(_DATA):
            path = f"record.data.{name.removeprefix(_DATA).replace('__', '.')}"
        if path is None:
            continue
        steps = path.split(".")
        made.sort(key=cmp_to_key(lambda a, b, s=steps: _beside(a, b, s)), reverse=down)  # type: ignore[misc]
    return made


def _beside(one: Row, other: Row, path: Sequence[str]) -> int:
    a, b = found(one, path), found(other, path)
    if a is None or b is None:
        return (a is None) - (b is None)
    a, b = (a, b) if type(a) is type(b) else (str(a), str(b))
    return int(a > b) - int(a < b)


def shown(row: Row, fields: str) -> Row:
    """The fields of a row that are asked. Raises `Refused`."""
    made: dict[str, Any] = {}
    for name in {one.strip() for one in fields.split(",")}:
        *groups, last = name.split("__")
        here: Any = row
        into = made
        for group in groups:
            here = here.get(group) if isinstance(here, dict) else None
            into = into.setdefault(group, {})
        if isinstance(here, dict) and last in here:
            into[last] = here[last]
        elif not name.startswith(_DATA):
            raise invalid("fields", "invalid", "Dit veld is er niet.")
    return made
