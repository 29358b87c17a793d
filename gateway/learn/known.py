"""The fields of a sample: their values, shapes, and what their names say."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.conditions import Record
from gateway.learn.names import (
    ADDRESSES,
    CONTACT,
    CREATED,
    NUMBERS,
    PARTIJ,
    last_word,
    of_post,
    plain,
)
from gateway.learn.sample import fields
from gateway.learn.shapes import Shape, shape, time_pattern

_LONGEST_KEY: Final = 14
_VISITED: Final = "bezoekadres."
_POSTED: Final = "correspondentieadres."


class Known:
    """What a sample tells of its fields."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.values = fields(records)
        self._count = len(records)
        self._shapes = {path: shape(values) for path, values in self.values.items()}

    def shape(self, path: str) -> Shape | None:
        """The shape of a field, ``None`` where it is just text, or empty."""
        return self._shapes[path]

    def is_empty(self, path: str) -> bool:
        """Whether no record has it."""
        return not self.values[path]

    def is_full(self, path: str) -> bool:
        """Whether every record has it."""
        return len(self.values[path]) == self._count

    def named(self, table: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
        """The fields that a table knows: path, what it is, and whether the whole name says so;
        these first."""
        post = {p: table.get(plain(of_post(p)), "") for p in self.values}
        whole = [
            (path, attribute.replace(_VISITED, _POSTED), True)
            for path, attribute in post.items()
            if attribute.startswith(_VISITED)
        ]
        others = [p for p in self.values if not of_post(p)]
        whole += [(p, table[plain(p)], True) for p in others if plain(p) in table]
        taken = {path for path, _, _ in whole}
        yield from whole
        for path in others:
            if path not in taken and last_word(path) in table:
                yield path, table[last_word(path)], False

    def says_more(self, path: str) -> bool:
        """Whether it has other values than true and false."""
        return not any(isinstance(value, bool) for value in self.values[path])

    def differs(self, path: str) -> bool:
        """Whether not all records have the same in it."""
        return len({*map(str, self.values[path])}) > 1 or self._count == 1

    def key(self) -> tuple[str, Any] | None:
        """The field that tells records apart, and its form in a mapping; ``None``: there is none.
        What is called id, then what ends so, then a number that somebody has, then any of which the
        name says nothing."""
        able = [p for p in self.values if self._tells_apart(p)]
        spoken = {path for table in (PARTIJ, CONTACT, ADDRESSES) for path, *_ in self.named(table)}
        numbers = {path for path, *_ in self.named(NUMBERS)}
        for fits in (
            lambda p: plain(p) in ("id", "uuid", "guid") and "." not in p,
            lambda p: plain(p).endswith(("id", "uuid", "guid", "code")) and "." not in p,
            lambda p: plain(p).endswith(("nummer", "nr", "number")) and "." not in p,
            lambda p: p in numbers,
            lambda p: "." not in p and p not in spoken,
        ):
            for path in filter(fits, able):
                form = self._form(path, zeros=path in numbers)
                if form is not None:
                    return path, form
        return None

    def _tells_apart(self, path: str) -> bool:
        values = list(map(str, self.values[path]))
        if not self.says_more(path):
            return False
        return self.is_full(path) and len(set(values)) == len(values)

    def _form(self, path: str, zeros: bool) -> Any | None:
        """How a key is written; ``zeros``: others may begin with one."""
        texts = list(map(str, self.values[path]))
        found = self.shape(path)
        if found is not None and found.name == "uuid":
            return "uuid"
        if not zeros and all(t.isascii() and t.isdigit() and str(int(t)) == t for t in texts):
            return "integer"
        signs = set("".join(texts))
        classes = ("0-9", string.digits), ("a-z", string.ascii_lowercase)
        wide = (*classes, ("A-Z", string.ascii_uppercase))
        alphabet = "".join(name for name, members in wide if signs & set(members))
        others = signs - set(string.ascii_letters + string.digits)
        length = max(map(len, texts))
        if not others <= {"-"} or length > _LONGEST_KEY:
            return None
        return {"type": "text", "alphabet": alphabet + ("-" if others else ""), "length": length}

    def created(self) -> str | None:
        """The field that says when a record was made, ``None`` where none does."""
        return next((p for p in self.moments() if plain(p) in CREATED), None)

    def moments(self) -> Iterator[str]:
        """The fields that are a moment in every record."""
        for path in self.values:
            found = self.shape(path)
            if found is not None and found.name == "tijdstip" and self.is_full(path):
                yield path

    def joined_moment(self) -> Mapping[str, Any] | None:
        """A moment of which the day and the time are fields of their own, as words of a rule."""
        days = [p for p in self.values if self._is_date(p) and plain(p).endswith(("datum", "date"))]
        times = [p for p in self.values if plain(p) in ("tijd", "time", "tijdstip")]
        for day, time in zip(days[:1], times[:1], strict=False):
            pattern = time_pattern(self.values[time])
            found = self.shape(day)
            if pattern is None or found is None or not self.is_full(time):
                continue
            words = found.words["format"]
            of_day = "%Y%m%d" if words == "datum" else words["pattern"]
            return {
                "join": {"fields": [day, time], "separator": " "},
                "format": {"name": "tijdstip", "pattern": f"{of_day} {pattern}"},
            }
        return None

    def _is_date(self, path: str) -> bool:
        found = self.shape(path)
        return found is not None and found.name == "datum" and self.is_full(path)
