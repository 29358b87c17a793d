"""An exchange with other persons in it: in its url, its parameters, and both its bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from adapters.recording.bodies import KEYS, Path, changed
from adapters.recording.exchange import Exchange, Param
from adapters.recording.fictitious import Fictitious
from adapters.recording.fields import Fields, Kind
from adapters.recording.shapes import (
    PATTERN,
    day_of,
    digits,
    is_eleven_proof,
    is_moment,
    replaced,
)

LEFT_OUT: Final = "weggelaten"
_WORD: Final = re.compile(r"[^\W_]+")
_LONG_AGO: Final = re.compile(r"(?<!\d)19\d\d(?!\d)")
_LINK: Final = re.compile(r"(?:https?://|/)[^\s<>\"]+")
_NAME: Final = re.compile(r"(?!(?:.*\d){8})[A-Za-z0-9_$@.:/\[\]()-]+")
_AFTER: Final = re.compile(r"\d{1,9}|\w{3}, [\w :]{15,24}")
_CODE: Final = re.compile(r"(?=.{1,40}$)(?:[A-Za-z0-9_/:+-]|\.(?=\d))+(?: [a-z0-9_/:+-]+){0,4}")
_PLACE: Final = re.compile(r"[a-z][a-z_.-]*|v\d+(\.\d+)*")
_KEYED: Final = re.compile(r"'(?:[^']|'')*'|(?<==)[^,;()']+")
_DAY: Final = r"\b\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
_VALUE: Final = re.compile(
    rf"(?<=__)(?:(?!__)[^,])+(?=$|,)|'(?:[^']|'')*'|\"[^\"]*\"|{_DAY}|\b\d+\b"
)
_EXPRESSION: Final = re.compile(r"['\"=]|__|\b(?:eq|ne|gt|ge|lt|le)\b")
_LONG: Final = 2000
"""What is longer is text, whatever it is called."""
_SHORT: Final = 7
"""Numbers of so many digits are no BSN, KvK-nummer or telephone number."""
_SECONDS: Final = re.compile(r"1\d{9}(?:\d{3})?")
"""A moment as seconds or milliseconds since 1970, of the years 2001 to 2033."""
_EXACT: Final = 10**15
_CENTS: Final = 3
_YEARS: Final = 10
_FIRST: Final = 1880
"""Who was born before is dead, and systems use such days for there being none."""


class Scrubber:
    """What is done with all exchanges of one recording. ``kept``: texts that are nobody's, as the
    configuration of a source holds them."""

    def __init__(self, key: bytes, fields: Fields, kept: Collection[str] = ()) -> None:
        self._fields = fields
        self._kept = frozenset([*kept, *(part for text in kept for part in text.split("/"))])
        self._persons = Fictitious(key)
        self._origins: dict[str, str] = {}
        self._services: set[str] = set()
        self._roots: set[str] = set()

    @property
    def originals(self) -> Collection[str]:
        """What of persons was met, and may be nowhere in a recording; words also in small
        letters."""
        persons = self._persons
        told = (persons.personal.keys() | persons.words) - self._kept
        return {one for one in told if one.lower() not in persons.invented}

    def all(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """The exchanges with other persons. Raises ``RecordingError`` for a body that is none."""
        for exchange in exchanges:
            parts = urlsplit(exchange.url)
            self._services.add(parts.netloc)
            self._roots.add(parts.path.split("/")[1] if parts.path else "")
        # Twice: who is met in the last answer may be meant in the first url.
        for exchange in exchanges:
            self.exchange(exchange)
        return [self.exchange(exchange) for exchange in exchanges]

    def exchange(self, given: Exchange) -> Exchange:
        """One exchange."""
        return replace(
            given,
            url=self.link(given.url),
            params=self.params(given.params),
            sent=changed(given.sent, self.value),
            headers={name: self._header(name, value) for name, value in given.headers.items()},
            answer=changed(given.answer, self.value),
        )

    def params(self, given: Sequence[Param]) -> list[Param]:
        """Parameters, in the order of their names."""
        return sorted(self._param(name, value) for name, value in given)

    def _param(self, name: str, value: str) -> Param:
        if not value and not _PLACE.fullmatch(name):  # it is as much a value as a name
            return self.text((), name), value
        named = self.text(KEYS, name)
        if " " in value or self._fields.kind((name,)) is Kind.QUERY:
            return named, self.text((name,), value)
        return named, ",".join(self.text((name,), part) for part in value.split(","))

    def _header(self, name: str, value: str) -> str:
        if name == "etag":
            return f'"{self._persons.word(value)}"'
        if name == "location":
            return self.link(value)
        return value if _AFTER.fullmatch(value) else LEFT_OUT

    def value(self, path: Path, value: Any) -> Any:
        """What stands at a path instead of a plain value, of the same type."""
        if isinstance(value, str):
            return self.text(path, value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        if isinstance(value, float) and not (value.is_integer() and abs(value) < _EXACT):
            return self._fraction(self._fields.kind(path), value)
        made = int(digits(self._number(self._fields.kind(path), str(abs(int(value))))))
        return type(value)(made if value >= 0 else -made)

    def _number(self, kind: Kind, text: str) -> str:
        """Instead of a number of which there is nothing but the digits."""
        persons = self._persons
        if len(text) == 8 and kind in (Kind.TEXT, Kind.PLACE) and is_eleven_proof(text.zfill(9)):
            kind = Kind.BSN  # a number has no zeros in front
        if kind in _NUMBERS and len(text) >= _SHORTEST.get(kind, 0):
            return _NUMBERS[kind](persons, text)
        if kind is not Kind.KEEP and is_moment(text):
            return self._moment(kind, text)
        if text in self._kept or (kind is Kind.KEEP and not is_eleven_proof(text)):
            return text
        if text in persons.personal or (len(text) > _SHORT and not _SECONDS.fullmatch(text)):
            return persons.number(text)
        return text

    def _fraction(self, kind: Kind, value: float) -> float:
        """Coordinates have many decimals, and amounts do not."""
        whole, _, decimals = repr(value).partition(".")
        if kind is not Kind.PLACE and len(decimals) <= _CENTS:
            return value
        return float(f"{whole}.{self._persons.place(decimals)}") if decimals.isdecimal() else 0.0

    def _moment(self, kind: Kind, text: str) -> str:
        """A day or a time: one of long ago is of birth, whatever its field is called."""
        day = day_of(text)
        recent = date.today().year - _YEARS
        if kind is Kind.BIRTH or (day is not None and _FIRST <= day.date.year < recent):
            return self._persons.birth(text)
        return self._persons.exact.get(text, text)

    def text(self, path: Path, value: str) -> str:
        """What stands at a path instead of a text."""
        if path == KEYS:
            return self._name(value)
        kind = self._fields.kind(path)
        if not value.strip():
            return value
        if kind is Kind.SECRET:
            return LEFT_OUT
        if value in self._kept:
            return value
        if is_moment(value) and (kind is Kind.BIRTH or kind not in _MAKERS):
            return self._moment(kind, value)
        if kind is Kind.STAMP or (kind is Kind.KEEP and len(value) <= _LONG):
            return self._code(value)
        if kind is Kind.CODE and len(value) <= _LONG and self._is_code(value):
            return self._code(value)
        if kind is Kind.QUERY and _EXPRESSION.search(value) and len(value) <= _LONG:
            return self._expression(value)
        return self._person(kind, value)

    def _expression(self, text: str) -> str:
        """A question in a language, with others for its values, and what is between as a code."""
        made, at = "", 0
        for found in _VALUE.finditer(text):
            made += self._code(text[at : found.start()]) + self._in_expression(found)
            at = found.end()
        return made + self._code(text[at:])

    def _name(self, value: str) -> str:
        """The name of a member or a parameter: what is no name for anything is a person's."""
        if value in self._kept or not value.strip():
            return value
        made = self._known(replaced(value, self._persons.shaped))
        return made if made != value or _NAME.fullmatch(value) else self._persons.text(value)

    def _in_expression(self, found: re.Match[str]) -> str:
        value = found[0].strip("'\"")
        return found[0].replace(value, self.text((), value)) if value else found[0]

    def _person(self, kind: Kind, value: str) -> str:
        persons = self._persons
        if len(value) > _LONG:
            return persons.text(value)
        if self._is_link(value):
            return self.link(value)
        shaped = replaced(value, persons.shaped)
        if shaped != value:
            return shaped if PATTERN.fullmatch(value) else persons.text(value)
        if value.isascii() and value.isdigit():
            return self._number(kind, value)
        if kind is Kind.NAME or (kind in _MAKERS and not any(map(str.isalpha, value))):
            return _MAKERS[kind](persons, value)
        if value in persons.exact:
            return persons.exact[value]
        if digits(value) and not any(map(str.isalpha, value)):
            return persons.number(value)
        return persons.text(value)

    def _code(self, value: str) -> str:
        """A text that is kept, without the persons in it."""
        if self._is_link(value):
            return self.link(value)
        return self._known(replaced(value, self._persons.shaped))

    def _is_code(self, value: str) -> bool:
        """Whether a text looks like a code, with persons or without."""
        without = replaced(value, lambda *_: "x")
        without = _WORD.sub(lambda w: "x" if self._word(w) != w[0] else w[0], without)
        if _LONG_AGO.search(without):
            return False
        return bool(_CODE.fullmatch(without)) and len(digits(without)) <= _SHORT

    def _known(self, text: str) -> str:
        return _WORD.sub(self._word, self._persons.personal.get(text, text))

    def _word(self, found: re.Match[str]) -> str:
        """Instead of a word; a name is known in capitals and in small letters too."""
        word, persons = found[0], self._persons
        if word in self._kept:
            return word
        if word in persons.personal:
            return persons.personal[word]
        return persons.word(word) if word.lower() in persons.words else word

    def _is_link(self, value: str) -> bool:
        """Whether a text is a url, whole or from the root of a service on."""
        if not _LINK.fullmatch(value):
            return False
        return value[0] != "/" or value.split("?")[0].split("/")[1] in self._roots

    def link(self, url: str) -> str:
        """A url: another origin, and other persons in its path and parameters."""
        parts = urlsplit(url)
        origin = self.origin(f"{parts.scheme}://{parts.netloc}") if parts.netloc else ""
        ours = not parts.netloc or parts.netloc in self._services
        path = "/".join(self._segment(segment, ours) for segment in parts.path.split("/"))
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        query = urlencode([self._param(name, value) for name, value in pairs], safe=",")
        return origin + path + (f"?{query}" if query else "")

    def _segment(self, segment: str, ours: bool) -> str:
        """One part of a path. Of our services small words, versions and short numbers say where,
        and not who, unless they are somebody's."""
        text, persons = unquote(segment), self._persons
        if not text or text in self._kept:
            return segment
        if ours and _PLACE.fullmatch(text):
            made = self._known(text)
        elif text.isascii() and text.isdigit():
            made = (
                self._moment(Kind.TEXT, text) if is_moment(text) else self._number(Kind.TEXT, text)
            )
        elif _KEYED.search(text):
            made = _KEYED.sub(self._in_expression, text)
        elif PATTERN.fullmatch(text):
            made = replaced(text, persons.shaped)
        else:
            made = persons.exact.get(text) or self._outside(text)
        return quote(made, safe="@:$,;=()'!*~.-_+") if made != text else segment

    def _outside(self, text: str) -> str:
        """A part of a path that says nothing by itself: made up, unless it is a day."""
        return self._moment(Kind.TEXT, text) if is_moment(text) else self._persons.text(text)

    def origin(self, origin: str) -> str:
        """Instead of an origin: the first is ``https://bron.example``, the next ``bron-2``."""
        number = len(self._origins) + 1
        host = "bron.example" if number == 1 else f"bron-{number}.example"
        return self._origins.setdefault(origin.lower(), f"https://{host}")


_MAKERS: Final = {
    Kind.BSN: Fictitious.bsn,
    Kind.NUMBER: Fictitious.number,
    Kind.NAME: Fictitious.name,
    Kind.PHONE: Fictitious.phone,
    Kind.BIRTH: Fictitious.birth,
    Kind.PLACE: Fictitious.place,
}
_NUMBERS: Final[Mapping[Kind, Callable[[Fictitious, str], str]]] = {
    k: v for k, v in _MAKERS.items() if k is not Kind.NAME
}
_SHORTEST: Final = {Kind.NUMBER: 5}
"""Shorter ones are kept: as keys of records they stand in paths, where they look like any other."""
