"""Members of a body, as the APIs of ZGW that were built on one library look at them.

All that is wrong is told at once; what is not given stays as it was, with PUT as with PATCH; an
object in an object is filled up, and `null` does not take one away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .answers import Refused
from .forms import MOMENT, PLAIN, Form, one_of, parsed
from .register import Row

Wrong = list[tuple[str, str, str]]
"""Of each thing that is wrong the path, the code and the reason."""

_REASON: Final = "Voer een geldige waarde in."
_MOST: Final = 99_999


class Bad(Exception):
    """A value that cannot be; `wrong` has paths below the field."""

    def __init__(self, code: str = "", wrong: Wrong | None = None) -> None:
        super().__init__(code)
        self.wrong = wrong or [("", code, _REASON)]


@dataclass(frozen=True)
class Member:
    """One member: how it is read, what it is when it was never given, whether it has to be."""

    read: Callable[[Any, Any], Any]
    default: Any = ""
    required: bool = False


Shape = Mapping[str, Member]


def text(longest: int | None = None, form: Form = PLAIN, required: bool = False) -> Member:
    """A text, trimmed; a number becomes one. Required ones are not empty."""

    def read(value: Any, _: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Bad("null" if value is None else "invalid")
        made = str(value).strip()
        if not made and required:
            raise Bad("blank")
        if longest is not None and len(made) > longest:
            raise Bad("max_length")
        if made and (code := PLAIN.wrong(made) or form.wrong(made)):
            raise Bad(code)
        return made

    return Member(read, required=required)


def choice(*choices: str, required: bool = False) -> Member:
    """One of these texts; or none, where it is not required."""
    known = one_of(*choices)

    def read(value: Any, _: Any) -> str:
        if value is None:
            raise Bad("null")
        if (value or required) and (code := known.wrong(str(value))):
            raise Bad(code)
        return str(value)

    return Member(read, required=required)


def truth() -> Member:
    """`true` or `false`."""

    def read(value: Any, _: Any) -> bool:
        if not isinstance(value, bool):
            raise Bad("null" if value is None else "invalid")
        return value

    return Member(read, False)


def number() -> Member:
    """A whole number or `null`."""

    def read(value: Any, _: Any) -> int | None:
        if value is None:
            return None
        if not str(value).isdecimal():
            raise Bad("invalid")
        if int(value) > _MOST:
            raise Bad("max_value")
        return int(value)

    return Member(read, None)


def moment() -> Member:
    """A moment, as text in UTC."""

    def read(value: Any, _: Any) -> str:
        if not isinstance(value, str) or MOMENT.wrong(value):
            raise Bad("null" if value is None else "invalid")
        return parsed(value).isoformat().replace("+00:00", "Z")

    return Member(read)


def several(longest: int, form: Form = PLAIN) -> Member:
    """A list of texts."""
    one = text(longest, form, required=True)

    def read(value: Any, _: Any) -> list[str]:
        if not isinstance(value, list):
            raise Bad("null" if value is None else "not_a_list")
        wrong: Wrong = []
        made = [_read(one, each, None, str(n), wrong) for n, each in enumerate(value)]
        if wrong:
            raise Bad(wrong=wrong)
        return made

    return Member(read, [])


def group(members: Shape, *, nullable: bool = True) -> Member:
    """An object, which has all of its members, or `null` before it has any."""

    def read(value: Any, kept: Any) -> Row | None:
        if value is None and not nullable:
            raise Bad("null")
        if value is not None and not isinstance(value, dict):
            raise Bad(wrong=[("nonFieldErrors", "invalid", _REASON)])
        given = {name: value[name] for name in members if name in value} if value else {}
        wrong: Wrong = []
        made = {n: _read(members[n], v, (kept or {}).get(n), n, wrong) for n, v in given.items()}
        if wrong:
            raise Bad(wrong=wrong)
        if not made:
            return dict(kept) if kept else None
        return {n: member.default for n, member in members.items()} | (kept or {}) | made

    return Member(read, None)


def _read(member: Member, value: Any, kept: Any, path: str, wrong: Wrong) -> Any:
    try:
        return member.read(value, kept)
    except Bad as bad:
        wrong += [(f"{path}.{below}".rstrip("."), code, why) for below, code, why in bad.wrong]
        return None


def row_of(members: Shape, body: Row, kept: Row | None, *, partly: bool) -> Row:
    """The row that a body makes; `kept`: the row that is changed, if there is one. `partly`: what
    is required need not be given. Raises `Refused`."""
    wrong: Wrong = []
    made: Row = {}
    for name, member in members.items():
        if name in body:
            made[name] = _read(member, body[name], (kept or {}).get(name), name, wrong)
        elif member.required and not partly:
            wrong.append((name, "required", "Dit veld is vereist."))
        else:
            made[name] = kept[name] if kept is not None else member.default
    if wrong:
        raise Refused(400, "invalid", "Invalid input.", wrong)
    return made
