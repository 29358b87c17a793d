"""Files that go with a message come in pieces, that together are what was sent."""

from __future__ import annotations

import base64
import quopri
from random import Random

import pytest

from adapters.base import Piece
from adapters.mail import files
from adapters.mail.files import piece_of_encoded, piece_of_message, piece_of_part
from adapters.mail.light import numbered, parted
from adapters.mail.structure import Part

PART = Part(2, "image/png", None, "lamp.png", True, "")
CONTENT = Random(1).randbytes(5000)


def sent(content: bytes, encoding: str) -> bytes:
    match encoding:
        case "base64":
            return base64.encodebytes(content).replace(b"\n", b"\r\n")
        case "quoted-printable":
            return quopri.encodestring(content)
        case _:
            return content


def joined(raw: bytes, encoding: str) -> bytes:
    """All pieces, each begun where the one before says."""
    found, start = [], 0
    while True:
        data = raw[start : start + files.PIECE]
        piece = piece_of_encoded(PART, data, start, encoding, len(raw))
        found.append(piece.data)
        assert len(found) < 10_000
        if piece.next is None:
            assert len(b"".join(found)) <= piece.size or encoding != "base64"
            return b"".join(found)
        assert int(piece.next) > start
        start = int(piece.next)


@pytest.mark.parametrize("size", [80, 81, 82, 83, 499, 5000, 100_000])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", "x-unknown"])
def test_pieces_are_the_whole(monkeypatch: pytest.MonkeyPatch, encoding: str, size: int) -> None:
    monkeypatch.setattr(files, "PIECE", size)
    raw = sent(CONTENT, encoding)
    assert joined(raw, encoding) == CONTENT


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n" * 40,
        b"QUJD" + b"\n" * 200 + b"REVG",
        b"QUI=" + b"Z" * 100,
        b"=" * 100,
        b"Q" * 101,
        b"=41=4" * 30,
    ],
)
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_what_is_no_encoding_ends_all_the_same(
    monkeypatch: pytest.MonkeyPatch, encoding: str, raw: bytes, size: int
) -> None:
    monkeypatch.setattr(files, "PIECE", size)
    joined(raw, encoding)


def test_a_message_is_given_without_who_got_it_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 4096)
    raw = b"From: a@b\r\nBcc: x@y,\r\n z@y\r\nbcc : w@y\r\nTo: c@d\r\n\r\nBcc: told in the text\r\n"
    piece = piece_of_message(raw, 0, len(raw))
    assert piece.data == b"From: a@b\r\nTo: c@d\r\n\r\nBcc: told in the text\r\n"
    assert (piece.name, piece.media, piece.next) == ("bericht.eml", "message/rfc822", None)


def test_a_long_message_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 100)
    raw = b"From: a@b\n\n" + CONTENT
    pieces: list[Piece] = []
    start = 0
    while True:
        pieces.append(piece_of_message(raw[start : start + 100], start, len(raw)))
        following = pieces[-1].next
        if following is None:
            break
        start = int(following)
    assert b"".join(one.data for one in pieces) == raw
    assert {one.size for one in pieces} == {len(raw)}


def test_content_that_is_at_hand_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 2000)
    pieces = [piece_of_part(PART, CONTENT, start) for start in (0, 2000, 4000)]
    assert b"".join(one.data for one in pieces) == CONTENT
    assert [one.next for one in pieces] == ["2000", "4000", None]


def test_a_key_says_what_it_is_of() -> None:
    assert parted(numbered("b70kax3xvopnfn", 37)) == ("b70kax3xvopnfn", 37)
    assert parted("b70kax3xvopnfn") == ("b70kax3xvopnfn", None)
    assert parted("b70kax3xvopnfnÀ1") == ("b70kax3xvopnfn", None)
