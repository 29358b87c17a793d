"""The body of a request: bytes within bounds, and then JSON as Open Klant reads it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Final, NoReturn

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from gateway.standard.errors import (
    BODY_TOO_LARGE,
    HEAD_TIMEOUT,
    MALFORMED,
    PARSE_ERROR,
    UNSUPPORTED_MEDIA_TYPE,
    Problem,
    echo,
)

MAX_BYTES: Final = 10 * 1024 * 1024
SECONDS: Final = 10
"""A body comes within so many, whatever time there is for what is done with it."""
MAX_PARTS: Final = 100_000
"""Members and elements together: what a body becomes in memory is many times what it was."""
MAX_DEPTH: Final = 32
"""Objects and lists within each other. The deepest body of the contract has five."""

_JSON: Final = "application/json"
# RFC 8259 knows UTF-8 only; Open Klant reads what the charset says. A name that is not here is
# refused: to look it up among Python's codecs would keep every name that a client makes up.
_CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_CLOSE: Final = {"Connection": "close"}


async def received(request: Request, seconds: float) -> bytes:
    """The whole body, within so many seconds, ``SECONDS`` at most. Raises ``Problem`` 408 or 413,
    after which the connection is closed, and 400 when the client is gone."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:18]) > MAX_BYTES:
        raise Problem(BODY_TOO_LARGE, headers=_CLOSE)
    body = bytearray()
    try:
        async with asyncio.timeout(min(seconds, SECONDS)):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise Problem(BODY_TOO_LARGE, headers=_CLOSE)
    except TimeoutError:
        raise Problem(HEAD_TIMEOUT, headers=_CLOSE) from None
    except ClientDisconnect:
        raise Problem(MALFORMED) from None
    return bytes(body)


def parsed(body: bytes, headers: Headers) -> object:
    """What a body says, of whatever type. An empty one, under any type, is an empty object.

    Of a name that occurs twice in an object the last counts. Raises ``Problem`` 415 for another
    type, charset or coding than can be read, 413 for too many values, and 400 ``parse_error``
    with the texts of Open Klant, which are those of Python.
    """
    if not body:
        return {}
    charset = _charset(headers)
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MAX_PARTS:
        raise Problem(BODY_TOO_LARGE)
    try:
        found: object = json.loads(
            body.decode(charset), parse_constant=_not_json, parse_float=_finite
        )
    except ValueError as error:
        # Of the body the text holds a position, and one byte where that is not of the charset.
        raise Problem(PARSE_ERROR, f"JSON parse error - {error}") from None
    except RecursionError:
        raise _too_deep() from None
    if not _within_depth(found):
        raise _too_deep()
    return found


def _charset(headers: Headers) -> str:
    """The codec of a body of JSON. Raises ``Problem`` 415."""
    codings = ",".join(headers.getlist("content-encoding"))
    if codings.strip().lower() not in ("", "identity"):
        # RFC 9110, section 15.5.16: the answer says which codings there are.
        detail = f'Content-Encoding "{echo(codings)}" wordt niet ondersteund.'
        raise Problem(UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Encoding": "identity"})
    given = ", ".join(headers.getlist("content-type"))
    kind, *options = (part.strip().lower() for part in given.split(";"))
    named = (option.partition("=") for option in options)
    said = (value.strip(' "') for name, _, value in named if name.strip() == "charset")
    charset = next(said, "utf-8")
    if kind != _JSON or charset not in _CHARSETS:
        detail = f'Ongeldige media type "{echo(given)}" in aanvraag.'
        raise Problem(UNSUPPORTED_MEDIA_TYPE, detail)
    return _CHARSETS[charset]


def _finite(text: str) -> float:
    number = float(text)
    if abs(number) == float("inf"):
        _not_json("Infinity")
    return number


def _not_json(name: str) -> NoReturn:
    """NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")


def _within_depth(found: object) -> bool:
    level = _nested([found])
    for _ in range(MAX_DEPTH):
        level = _nested(
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
        )
    return not level


def _nested(values: Iterable[object]) -> list[dict[str, object] | list[object]]:
    return [value for value in values if isinstance(value, dict | list)]


def _too_deep() -> Problem:
    detail = f"JSON parse error - De inhoud is dieper genest dan {MAX_DEPTH} niveaus."
    return Problem(PARSE_ERROR, detail)
