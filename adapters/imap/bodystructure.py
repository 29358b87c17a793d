"""What a server tells of the parts of a message (RFC 9051, section 7.5.2: ``body``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import collapse_rfc2231_value, decode_params
from typing import Final

from adapters.imap.wire import Value
from adapters.mail.charsets import text_of
from adapters.mail.headers import decoded
from adapters.mail.structure import MAX_PARTS, Part

_MAX_PARAMETERS: Final = 50
_BASIC: Final = 7
"""The fields that every part has; those of an extension follow."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with the name by which it is fetched, its transfer encoding, and how many bytes it is
    in that."""

    part: Part
    name: bytes
    encoding: str
    size: int


def sections(structure: Value) -> list[Section]:
    """The parts that hold no others, in their order; no more than two hundred."""
    found: list[Section] = []
    for name, fields in _leaves(structure):
        found.append(_section(len(found) + 1, name, fields))
        if len(found) == MAX_PARTS:
            break
    return found


def _leaves(structure: Value) -> Iterator[tuple[bytes, list[Value]]]:
    left: list[tuple[bytes, Value]] = [(b"", structure)]
    while left:
        name, fields = left.pop()
        if not isinstance(fields, list) or not fields:
            continue
        within = [one for one in fields if isinstance(one, list)] if _holds(fields) else []
        if not within:
            yield name or b"1", fields
            continue
        inside = fields[: next(i for i, f in enumerate([*fields, None]) if not isinstance(f, list))]
        prefix = name + b"." if name else b""
        left += [(prefix + b"%d" % n, one) for n, one in reversed([*enumerate(inside, 1)])]


def _holds(fields: list[Value]) -> bool:
    return isinstance(fields[0], list)


def _section(number: int, name: bytes, fields: list[Value]) -> Section:
    media = "/".join(_text(one).lower() for one in fields[:2])
    given = _parameters(fields[2] if len(fields) > 2 else None)
    disposition, more = _disposition(fields, media)
    named = more.get("filename") or given.get("name", "")
    part = Part(
        number=number,
        media=media,
        charset=given.get("charset"),
        name=decoded(named),
        attached=disposition == "attachment",
        content_id=_text(fields[3] if len(fields) > 3 else None).strip().strip("<>"),
    )
    encoding = _text(fields[5] if len(fields) > 5 else None).lower()
    size = _text(fields[6] if len(fields) > 6 else None)
    return Section(part, name, encoding, int(size) if size.isdecimal() else 0)


def _disposition(fields: list[Value], media: str) -> tuple[str, Mapping[str, str]]:
    basic = _BASIC + (1 if media.startswith("text/") else 3 if media == "message/rfc822" else 0)
    found = fields[basic + 1] if len(fields) > basic + 1 else None
    if not isinstance(found, list) or not found:
        return "", {}
    return _text(found[0]).lower(), _parameters(found[1] if len(found) > 1 else None)


def _parameters(value: Value) -> dict[str, str]:
    if not isinstance(value, list):
        return {}
    texts = [_text(one) for one in value[: 2 * _MAX_PARAMETERS]]
    pairs = list(zip((t.lower() for t in texts[::2]), texts[1::2], strict=False))
    joined = decode_params([("", ""), *pairs])[1:]
    return {name: collapse_rfc2231_value(text).strip('"') for name, text in joined}


def _text(value: Value) -> str:
    return text_of(value, "utf-8") if isinstance(value, bytes) else ""
