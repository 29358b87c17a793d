"""The language of IMAP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import SourceError
from adapters.imap.bodystructure import sections
from adapters.imap.wire import (
    MAX_DEPTH,
    MAX_LINE,
    folder_name,
    folder_text,
    read_response,
    uid_set,
    uids_in,
)


def parsed(data: bytes, skipped: int = 0) -> list[Any]:
    async def read() -> list[Any]:
        reader = asyncio.StreamReader(MAX_LINE)
        reader.feed_data(data)
        reader.feed_eof()
        return (await read_response(reader)).values(skipped)

    return asyncio.run(read())


def written(value: Any) -> bytes:
    match value:
        case None:
            return b"NIL"
        case bytes():
            return b"{%d}\r\n" % len(value) + value
        case _:
            return b"(" + b" ".join(map(written, value)) + b")"


VALUES = st.recursive(st.none() | st.binary(), st.lists, max_leaves=30)


@given(st.lists(VALUES))
def test_what_is_written_is_read(values: list[Any]) -> None:
    assert parsed(b" ".join(map(written, values)) + b"\r\n") == values


@given(st.binary())
def test_whatever_is_sent_is_values_or_refused(line: bytes) -> None:
    try:
        parsed(line.replace(b"\n", b" ").replace(b"{", b" ") + b"\r\n")
    except SourceError as error:
        assert error.note in (
            "no response of IMAP",
            "a list that ends twice",
            "a list that does not end",
        )


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (rb'"a \"b\" \\c" d NIL', [rb'a "b" \c', b"d", None]),
        (b"BODY[HEADER.FIELDS (DATE FROM)] ()", [b"BODY[HEADER.FIELDS (DATE FROM)]", []]),
        (b"BODY[1.2]<0> {3}\r\na)b x", [b"BODY[1.2]<0>", b"a)b", b"x"]),
        (rb"FLAGS (\Seen $Junk)", [b"FLAGS", [rb"\Seen", b"$Junk"]]),
        (b"BINARY[1] ~{2}\r\n\x00\x01", [b"BINARY[1]", b"\x00\x01"]),
    ],
)
def test_responses_are_values(line: bytes, values: list[Any]) -> None:
    assert parsed(line + b"\r\n") == values


def test_lists_that_are_too_deep_are_left_out() -> None:
    deep = b"(" * 5000 + b"x" + b")" * 5000
    found = parsed(b"(" + deep + b" y)\r\n")
    assert found[0][1] == b"y"
    depth, inside = 0, found
    while inside and isinstance(inside[0], list):
        depth, inside = depth + 1, inside[0]
    assert depth == MAX_DEPTH


@given(st.sets(st.integers(1, 2000)))
def test_a_set_of_numbers_is_read_as_it_was_written(uids: set[int]) -> None:
    if uids:
        assert sorted(uids_in(uid_set(list(uids)), 3000)) == sorted(uids)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Verzonden items", b"Verzonden items"),
        ("Ideeën & meer", b"Idee&AOs-n &- meer"),
        ("台北", b"&U,BTFw-"),
    ],
)
def test_folders_have_a_spelling_of_their_own(name: str, sent: bytes) -> None:
    assert folder_name(name) == sent
    assert folder_text(sent) == name


def test_parts_are_those_that_hold_no_others() -> None:
    text = b'("text" "plain" ("charset" "iso-8859-1") NIL NIL "quoted-printable" 10 1 NIL NIL NIL)'
    html = b'("text" "html" NIL NIL NIL "7bit" 10 1)'
    image = b'("image" "png" ("name" "logo.png") "<logo>" NIL "base64" 10 NIL ("inline" NIL) NIL)'
    pdf = (
        b'("application" "pdf" NIL NIL NIL "base64" 10 NIL '
        b'("attachment" ("filename*0*" "utf-8\'\'caf%C3%A9" "filename*1" ".pdf")) NIL)'
    )
    inner = (
        b'("message" "rfc822" NIL NIL NIL "7bit" 10 (NIL) ' + text + b' 5 NIL ("attachment" NIL))'
    )
    alternative = b"(" + text + html + b' "alternative")'
    whole = b"(" + alternative + image + pdf + inner + b' "mixed" ("boundary" "x") NIL NIL)'
    found = sections(parsed(whole + b"\r\n")[0])
    assert [one.name for one in found] == [b"1.1", b"1.2", b"2", b"3", b"4"]
    assert [one.part.number for one in found] == [1, 2, 3, 4, 5]
    assert [(one.part.media, one.part.attached) for one in found] == [
        ("text/plain", False),
        ("text/html", False),
        ("image/png", False),
        ("application/pdf", True),
        ("message/rfc822", True),
    ]
    assert found[0].part.charset == "iso-8859-1"
    assert found[0].encoding == "quoted-printable"
    assert found[2].part.content_id == "logo"
    assert found[3].part.name == "café.pdf"


@given(VALUES)
def test_any_structure_has_parts(structure: Any) -> None:
    assert len(sections(structure)) <= 200


@given(st.text(st.characters(codec="utf-8")))
def test_the_name_of_a_folder_comes_back(name: str) -> None:
    assert folder_text(folder_name(name)) == name


@given(st.binary())
def test_what_is_no_name_of_a_folder_is_read_all_the_same(sent: bytes) -> None:
    assert isinstance(folder_text(sent), str)
