"""What a value has to look like in Open Klant 1 (tag 1.0.0), in a parameter as in a body."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from demo.kcc.values import passes_elfproef


@dataclass(frozen=True)
class Form:
    """`wrong`: the code of what is wrong with a text, `None` when nothing is. `trims`: whether
    space around it does not count. `skips`: whether an empty parameter asks nothing."""

    wrong: Callable[[str], str | None]
    trims: bool = True
    skips: bool = True


def _plain(text: str) -> str | None:
    return "null_characters_not_allowed" if "\0" in text else None


def _matches(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
    return lambda text: None if compiled.fullmatch(text) else "invalid"


def _fiscal(text: str) -> str | None:
    if not (text.isascii() and text.isdecimal()):
        return "only-digits"
    if len(text) != 9:
        return "invalid-length"
    return None if passes_elfproef(text) else "invalid"


def _moment(text: str) -> str | None:
    try:
        parsed(text)
    except ValueError:
        return "invalid"
    return None


def parsed(text: str) -> datetime:
    """The moment that a text is, in UTC; without a zone it is of UTC. Raises `ValueError`."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_HOST: Final = r"https?://([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:\d{2,5})?"
_OWN: Final = "/contactmomenten/api/v1/contactmomenten/"
_UUID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

PLAIN: Final = Form(_plain)
EXACT: Final = Form(_plain, trims=False)
EMAIL: Final = Form(_matches(r"[\w.+'-]+@[a-z0-9-]+(\.[a-z0-9-]+)+"))
URL: Final = Form(_matches(_HOST + r"([/?#]\S*)?"))
FISCAL: Final = Form(_fiscal)
"""A BSN or RSIN."""
MOMENT: Final = Form(_moment)
OWN_URL: Final = Form(
    _matches(rf"{_HOST}(?!\S*{_OWN}(?!{_UUID}/?$))([/?#]\S*)?"), trims=False, skips=False
)
"""Of a contactmoment: under such a path only a uuid will do. Any other url is of none."""


def one_of(*choices: str) -> Form:
    """One of these, to the letter."""
    return Form(lambda text: None if text in choices else "invalid_choice", trims=False)
