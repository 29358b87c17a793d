"""Whether a recording can be shown to everybody."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from adapters.recording.bodies import Path, changed, names
from adapters.recording.exchange import Body, Exchange
from adapters.recording.shapes import is_moment, real

_WORD: Final = re.compile(r"[^\W_]+")


def remains(
    exchanges: Sequence[Exchange], originals: Collection[str] = (), secrets: Collection[str] = ()
) -> Iterator[str]:
    """Where something still looks personal, and what it looks like, without saying it.

    ``originals`` were replaced, and are looked for as whole words, also in small letters;
    ``secrets`` as any part.
    """
    for number, exchange in enumerate(exchanges, 1):
        for path, text in _texts(exchange):
            found = [] if is_moment(text) else [*real(text), *_told(text, originals)]
            found += ["a secret"] if any(secret in text for secret in secrets) else []
            at = ".".join(path)
            yield from (f"exchange {number}, {at}: {what}" for what in dict.fromkeys(found))


def _told(text: str, known: Collection[str]) -> list[str]:
    told = text in known or any(w in known or w.lower() in known for w in _WORD.findall(text))
    return ["someone"] if told else []


def _texts(exchange: Exchange) -> Iterator[tuple[Path, str]]:
    yield ("url",), exchange.url
    for name, value in exchange.params:
        yield ("params", name), value
    for part, body in (("sent", exchange.sent), ("answer", exchange.answer)):
        yield from (((part, "a name"), name) for name in names(body))
    for name, value in exchange.headers.items():
        yield ("headers", name), value
    yield from _within("sent", exchange.sent)
    yield from _within("answer", exchange.answer)


def _within(part: str, body: Body) -> Iterator[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []

    def look(path: Path, value: Any) -> Any:
        if isinstance(value, str | int) and not isinstance(value, bool):
            found.append(((part, *path), str(value)))
        return value

    changed(body, look)
    yield from found
