"""Parts of a message, also of one that is made to do harm."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.addresses import addresses
from adapters.mail.fields import fields_of
from adapters.mail.headers import decoded
from adapters.mail.structure import MAX_DEPTH, MAX_PARTS, Opened
from adapters.mail.text import attachments, read_text, text_part

MOST_SECONDS = 5
MOST_BYTES = 40_000_000
"""Bounds far above what these take, for a machine that does other things: most are read in less
than a tenth of a second. Without bounds some take minutes, or end in an error."""

HOSTILE = {
    "parts in parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000)
    ),
    "many parameters": b"Content-Type: text/plain; " + b"; ".join([b"a=b"] * 20_000) + b"\n\nx",
    "many pieces of a name": b"Content-Type: text/plain"
    + b"".join(b"; name*%d*=utf-8''a" % i for i in range(3000))
    + b"\n\nx",
    "many addresses": b"To: " + b", ".join(b"a%d@b.nl" % i for i in range(20_000)) + b"\n\nx",
    "open comments": b"To: " + b"(" * 500_000 + b"\n\nx",
    "many encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    "many fields": b"X: y\n" * 200_000 + b"\nx",
    "almost a quotation": b"\n" + b"On a " * 20_000,
    "almost headers": b"\n" + b"Van: a\n" * 20_000,
    "many attributes": b"Content-Type: text/html\n\n<p " + b"a " * 30_000 + b">x",
    "many elements": b"Content-Type: text/html\n\n" + b"<div>" * 30_000 + b"x",
    "open comments in HTML": b"Content-Type: text/html\n\n" + b"<!--" * 30_000,
    "a large text": b"\n" + b"woord " * 1_000_000,
    "zeros": b"\x00" * 1_000_000,
}


def read(raw: bytes) -> Opened:
    """All that is read of a message."""
    message, fields = Opened(raw), fields_of(raw)
    part = text_part(message.parts)
    if part is not None:
        read_text(part, message.content(part))
    attachments(message.parts)
    addresses(fields.every("From", "To", "Cc"))
    decoded(fields.first("Subject"))
    return message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_message_that_is_made_to_do_harm_is_read_within_bounds(name: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    try:
        message = read(HOSTILE[name])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < MOST_SECONDS
    assert most < MOST_BYTES
    assert 0 < len(message.parts) <= MAX_PARTS


@given(st.binary())
def test_any_bytes_are_a_message_of_which_nothing_is_lost(raw: bytes) -> None:
    assert read(raw).parts


def test_parts_deeper_than_is_read_are_one_part() -> None:
    raw = "".join(
        f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(MAX_DEPTH + 1)
    )
    message = Opened(f"{raw}\nonderin".encode())
    (part,) = message.parts
    assert b"onderin" in message.content(part)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("--b\n\neen\n--b\n\ntwee\n--b--\nnawoord", [b"een", b"twee"]),
        ("--b\n\neen\n--b\n\ntwee", [b"een", b"twee"]),
        ("--b\r\n\r\neen\r\n--b--\r\n", [b"een"]),
        ("voorwoord\n--b\n\n--bc\n--b--", [b"--bc"]),
        ("nergens een deel", [b"nergens een deel"]),
    ],
)
def test_parts_stand_between_lines_of_the_boundary(body: str, parts: list[bytes]) -> None:
    message = Opened(f"Content-Type: multipart/mixed; boundary=b\n\n{body}".encode())
    assert [message.content(part) for part in message.parts] == parts


@pytest.mark.parametrize(
    ("encoding", "sent", "content"),
    [
        ("base64", b"aGFsbG8=", b"hallo"),
        ("BASE64", b"aGFs\r\nbG8", b"hallo"),
        ("base64", b"aGFsbG8x!", b"hallo1"),
        ("quoted-printable", b"a=3Db=\nc", b"a=bc"),
        ("7bit", b"hallo", b"hallo"),
        ("x-onbekend", b"hallo", b"hallo"),
    ],
)
def test_content_comes_out_of_its_encoding(encoding: str, sent: bytes, content: bytes) -> None:
    message = Opened(f"Content-Transfer-Encoding: {encoding}\n\n".encode() + sent)
    assert message.content(message.parts[0]) == content
