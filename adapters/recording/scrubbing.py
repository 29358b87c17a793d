"""An exchange with other persons in it: in its url, its parameters, and both its bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from adapters.recording.bodies import Path, changed
from adapters.recording.exchange import Exchange, Param
from adapters.recording.fictitious import Fictitious
from adapters.recording.fields import Fields, Kind
from adapters.recording.shapes import PATTERN, digits, is_eleven_proof, is_moment, replaced

LEFT_OUT: Final = "weggelaten"
_WORD: Final = re.compile(r"\w+")
_LINK: Final = re.compile(r"(?:https?://|/)[^\s<>\"']+")
_PLACE: Final = re.compile(r"[a-z][a-z_.-]*|v\d+(\.\d+)*|\d+")
_VALUE: Final = re.compile(r"(?<=__)(?:(?!__)[^,])+(?=$|,)|'[^']*'")
_EXPRESSION: Final = re.compile(r"'|__|\b(?:eq|ne|gt|ge|lt|le)\b")


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
        """What of persons was met, and may be nowhere in a recording."""
        return self._persons.personal.keys() - self._kept

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
        return sorted((name, self._param(name, value)) for name, value in given)

    def _param(self, name: str, value: str) -> str:
        if " " in value or self._fields.kind((name,)) is Kind.QUERY:
            return self.text((name,), value)
        return ",".join(self.text((name,), part) for part in value.split(","))

    def _header(self, name: str, value: str) -> str:
        if name == "etag":
            return f'"{self._persons.word(value)}"'
        return self.link(value) if name == "location" else value

    def value(self, path: Path, value: Any) -> Any:
        """What stands at a path instead of a plain value, of the same type."""
        if isinstance(value, str):
            return self.text(path, value)
        if isinstance(value, int) and not isinstance(value, bool):
            kind, text = self._fields.kind(path), str(abs(value))
            if len(text) == 8 and kind is Kind.TEXT and is_eleven_proof(text.zfill(9)):
                kind = Kind.BSN  # a number has no zeros in front
            someone = text in self._persons.personal or replaced(text, self._persons.shaped) != text
            if kind in _NUMBERS or someone:
                made = digits(_NUMBERS.get(kind, Fictitious.number)(self._persons, text))
                return int(made) if value >= 0 else -int(made)
        return value

    def text(self, path: Path, value: str) -> str:
        """What stands at a path instead of a text."""
        kind = self._fields.kind(path)
        if not value.strip():
            return value
        if kind is Kind.SECRET:
            return LEFT_OUT
        if value in self._kept:
            return value
        if kind is Kind.KEEP or kind is Kind.STAMP:
            return self._code(value)
        if kind is Kind.QUERY and _EXPRESSION.search(value):
            return self._code(_VALUE.sub(self._in_expression, value))
        return self._person(kind, value)

    def _in_expression(self, found: re.Match[str]) -> str:
        value = found[0].strip("'")
        return found[0].replace(value, self.text((), value)) if value else found[0]

    def _person(self, kind: Kind, value: str) -> str:
        persons = self._persons
        if self._is_link(value):
            return self.link(value)
        shaped = replaced(value, persons.shaped)
        if shaped != value:
            return shaped if PATTERN.fullmatch(value) else persons.text(value)
        if kind is Kind.NAME or (kind in _MAKERS and not any(map(str.isalpha, value))):
            return _MAKERS[kind](persons, value)
        if is_moment(value):
            return value
        if value in persons.exact:
            return persons.exact[value]
        if digits(value) and not any(map(str.isalpha, value)):
            return persons.number(value)
        return persons.text(value)

    def _code(self, value: str) -> str:
        """A text that is kept, without the persons in it."""
        if is_moment(value):
            return value
        if self._is_link(value):
            return self.link(value)
        return self._known(replaced(value, self._persons.shaped))

    def _known(self, text: str) -> str:
        personal: Mapping[str, str] = self._persons.personal
        return _WORD.sub(
            lambda found: found[0] if found[0] in self._kept else personal.get(found[0], found[0]),
            personal.get(text, text),
        )

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
        query = urlencode([(name, self._param(name, value)) for name, value in pairs], safe=",")
        return origin + path + (f"?{query}" if query else "")

    def _segment(self, segment: str, ours: bool) -> str:
        """One part of a path. Of our services small words, versions and plain numbers say where,
        and not who, unless they are somebody's."""
        text, persons = unquote(segment), self._persons
        if not text or text in self._kept:
            return segment
        made = self._known(replaced(text, persons.shaped))
        if made == text and not (ours and _PLACE.fullmatch(text)):
            made = persons.exact.get(text) or persons.text(text)
        return quote(made, safe="@:$,;=()'!*~.-_+") if made != text else segment

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
}
_NUMBERS: Final[Mapping[Kind, Callable[[Fictitious, str], str]]] = {
    k: v for k, v in _MAKERS.items() if k is not Kind.NAME
}
