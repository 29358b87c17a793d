"""How the values of a field are read as an attribute of the standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.learn.known import Known
from gateway.mapping.formats import Land, Taal, Unreadable
from gateway.mapping.formats.base import Format
from gateway.standard.model import Kind

Reading = tuple[Mapping[str, Any], bool]
"""Words of a rule, and whether the values are such as the attribute has."""

_MOST_CODES: Final = 12
_LONGEST_CODE: Final = 3
_KINDS: Final[Mapping[str, str]] = {
    "p": "persoon",
    "n": "persoon",
    "i": "persoon",
    "burger": "persoon",
    "consument": "persoon",
    "contact": "contactpersoon",
    "nnp": "organisatie",
    "niet": "organisatie",
    "inst": "organisatie",
}
"""By how a code begins, the longest that fits; any other is an organisatie."""

_CHANNELS: Final[Mapping[str, str]] = {
    "t": "telefoon",
    "p": "telefoon",
    "e": "e-mail",
    "m": "e-mail",
    "ba": "balie",
    "b": "balie",
    "d": "balie",
    "br": "brief",
    "l": "brief",
    "w": "webformulier",
    "c": "chat",
}
_WORDS: Final[Mapping[str, str]] = {
    "phone": "telefoon",
    "telephone": "telefoon",
    "call": "telefoon",
    "email": "e-mail",
    "mail": "e-mail",
    "desk": "balie",
    "counter": "balie",
    "letter": "brief",
    "web": "webformulier",
}


def reading(known: Known, path: str, attribute: str, kind: Kind) -> Reading | None:
    """How a field is read as an attribute, ``None`` when it cannot be that."""
    values = known.values[path]
    found = known.shape(path)
    texts = [str(value) for value in values]
    shape = found.name if found is not None else ""
    match kind:
        case Kind.BOOLEAN:
            return (found.words, found.certain) if found and shape == "ja-nee" else None
        case Kind.DATETIME:
            return (found.words, True) if found and shape == "tijdstip" else None
        case Kind.ENUM:
            return _soort(values)
        case Kind.INTEGER:
            fits = all(t.isascii() and t.isdigit() and 0 < int(t) < 100_000 for t in texts)
            return ({}, bool(texts)) if fits else None
        case Kind.MAP | Kind.DATE:
            return None
    if any(isinstance(value, bool) for value in values):
        return None
    match attribute.rpartition(".")[2]:
        case "taal" | "voorkeurstaal":
            return _code(Taal(), "taal", texts)
        case "land":
            return _code(Land(), "land", texts)
        case "postcode":
            return {"format": "postcode"}, shape == "postcode"
        case "kanaal":
            return _channel(values)
        case "nummer":
            fits = all(t.isascii() and t.isdigit() and len(t) <= 10 for t in texts)
            return ({}, bool(texts)) if fits else None
        case "nummeraanduidingId":
            fits = all(t.isascii() and t.isdigit() and len(t) == 16 for t in texts)
            return ({}, bool(texts)) if fits else None
    return None if shape in ("tijdstip", "datum", "e-mail", "uuid") else ({}, bool(texts))


def _code(form: Format, name: str, texts: list[str]) -> Reading | None:
    try:
        for text in texts:
            form.read(text)
    except Unreadable:
        return None
    return ({"format": name}, True) if texts else None


def _soort(values: list[Any]) -> Reading | None:
    """Codes for kinds of partij. All that the sample has stand there; others have to be added."""
    codes = list(dict.fromkeys(values))
    if not codes or len(codes) > _MOST_CODES or any(isinstance(c, bool) for c in codes):
        return None
    return {"values": {code: _kind_of(str(code).lower()) for code in codes}}, False


def _kind_of(code: str) -> str:
    if code in ("c", "cp"):
        return "contactpersoon"
    fits = [beginning for beginning in _KINDS if code.startswith(beginning)]
    return _KINDS[max(fits, key=len)] if fits else "organisatie"


def _channel(values: list[Any]) -> Reading:
    """A channel is free text; what is short is a code for it, and what is English is translated.
    Where there are others too, these stand as they are."""
    texts = list(dict.fromkeys(map(str, values)))
    codes = {text: _channel_of(text) for text in texts if len(text) <= _LONGEST_CODE}
    words = {text: _WORDS[text.lower()] for text in texts if text.lower() in _WORDS}
    meant = codes | words
    if not meant:
        return {}, bool(texts)
    others = {"unknown": "keep"} if len(meant) < len(texts) else {}
    return {"values": meant, **others}, False


def _channel_of(text: str) -> str:
    code = text.lower()
    return _CHANNELS.get(code[:2], _CHANNELS.get(code[:1], text))
