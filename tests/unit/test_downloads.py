"""How a file is given that somebody else made."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest

from adapters.base import MAX_CONTENT, Piece
from gateway.api.downloads import disposition, headers_of
from gateway.federation.content import Content, content_of
from gateway.standard.errors import CONTENT_TOO_LARGE, NOT_FOUND, Problem


def named(value: str) -> str:
    """The name that a client takes from a header (RFC 6266, section 4.3)."""
    kind, plain, extended = re.fullmatch(
        r"(\w+); filename=\"([^\"\\]*)\"(?:; filename\*=UTF-8''([\w.%~-]+))?", value
    ).groups()  # type: ignore[union-attr]
    assert kind == "attachment"
    return unquote(extended) if extended else str(plain)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("lamp.jpg", "lamp.jpg"),
        ("Mijn foto (2).jpg", "Mijn foto (2).jpg"),
        ("café.pdf", "café.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.exe", "a.exe"),
        ("", "bijlage"),
        ("..", "bijlage"),
        (".bashrc", "bashrc"),
        ('x"; filename="y.exe', "x ; filename= y.exe"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie x=1"),
        ("factuur\u202efdp.exe", "factuur fdp.exe"),
        ("a\x00b\ud800c", "a b c"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
        ("x." + "y" * 500, "x." + "y" * 118),
        ("bijlage;*=%41.txt", "bijlage; =%41.txt"),
    ],
)
def test_of_a_name_what_is_harmless_is_left(name: str, kept: str) -> None:
    value = disposition(name)
    assert value.isascii()
    assert value.isprintable()
    assert named(value) == kept


@pytest.mark.parametrize(
    ("media", "given"),
    [
        ("image/jpeg", "image/jpeg"),
        ("Application/PDF", "application/pdf"),
        ("message/rfc822", "message/rfc822"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("text/javascript", "application/octet-stream"),
        ("image/png\r\nX: y", "application/octet-stream"),
        ("geen type", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_type_with_which_a_browser_does_something_is_not_told(media: str, given: str) -> None:
    headers = headers_of(Content(Piece(b"", "", media, 0), never))
    assert headers["Content-Type"] == given
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"


async def never(token: str) -> Piece | None:
    raise AssertionError(token)


def piece(size: int, following: str | None = None, said: int = 0) -> Piece:
    return Piece(bytes(size), "a", "b/c", said or size, following)


async def test_pieces_follow_each_other() -> None:
    asked: list[str] = []

    async def following(token: str) -> Piece | None:
        asked.append(token)
        return Piece(token.encode(), "", "", 6, {"b": "c", "c": None}[token])

    content = content_of(Piece(b"a", "", "", 6, "b"), following)
    assert b"".join([one async for one in content.pieces()]) == b"abc"
    assert asked == ["b", "c"]


def test_what_is_not_there_or_too_large_is_refused_before_anything_is_sent() -> None:
    for first, kind in ((None, NOT_FOUND), (piece(1, said=MAX_CONTENT + 1), CONTENT_TOO_LARGE)):
        with pytest.raises(Problem) as caught:
            content_of(first, never)
        assert caught.value.kind is kind


async def test_a_source_that_sends_more_than_it_said_is_cut_off() -> None:
    async def more(_: str) -> Piece | None:
        return piece(MAX_CONTENT // 2, "more", said=10)

    size = 0
    with pytest.raises(Problem) as caught:
        async for one in content_of(piece(10, "more"), more).pieces():
            size += len(one)
    assert caught.value.kind is CONTENT_TOO_LARGE
    assert size <= MAX_CONTENT


async def test_a_file_that_goes_away_meanwhile_does_not_end_as_if_it_were_whole() -> None:
    async def gone(_: str) -> Any:
        return None

    with pytest.raises(Problem):
        assert [one async for one in content_of(piece(10, "more"), gone).pieces()]
