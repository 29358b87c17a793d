"""The body of a write, before anything is known of what it should be."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message

from gateway.api import bodies
from gateway.standard.errors import (
    BODY_TOO_LARGE,
    HEAD_TIMEOUT,
    PARSE_ERROR,
    UNSUPPORTED_MEDIA_TYPE,
    Kind,
    Problem,
)


def parsed(body: bytes | str, content_type: str | None = "application/json", **more: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in more.items()}
    if content_type is not None:
        given["content-type"] = content_type
    raw = body if isinstance(body, bytes) else body.encode()
    return bodies.parsed(raw, Headers(given))


def refused(
    body: bytes | str, content_type: str | None = "application/json", **more: str
) -> Problem:
    with pytest.raises(Problem) as caught:
        parsed(body, content_type, **more)
    return caught.value


async def test_a_body_has_its_own_time_where_an_answer_may_take_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing_comes() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(bodies, "SECONDS", 0.01)
    with pytest.raises(Problem) as caught:
        await bodies.received(Request({"type": "http", "headers": []}, nothing_comes), 3600)
    assert caught.value.kind is HEAD_TIMEOUT


def told(problem: Problem) -> tuple[Kind, str]:
    return problem.kind, problem.detail


@pytest.mark.parametrize("value", [{}, {"a": {"b": [1, 2.5, None, True]}}, [], ["x"], "x", 5, None])
def test_json_is_read_as_it_is(value: Any) -> None:
    assert parsed(json.dumps(value)) == value


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_nothing_is_an_empty_object_whatever_it_is_called(content_type: str | None) -> None:
    assert parsed(b"", content_type) == {}


# What Open Klant 2.18 answers is the message of Python's own reader.
@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "{bad",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ('{"a": }', "Expecting value: line 1 column 7 (char 6)"),
        ('{"a":', "Expecting value: line 1 column 6 (char 5)"),
        ("{}{}", "Extra data: line 1 column 3 (char 2)"),
        (" ", "Expecting value: line 1 column 2 (char 1)"),
        ('"a', "Unterminated string starting at: line 1 column 1 (char 0)"),
        (
            "\ufeff{}",
            "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
        ),
        (b"\xff\xfe", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_what_is_no_json_is_told_in_the_words_of_open_klant(body: bytes | str, text: str) -> None:
    assert told(refused(body)) == (PARSE_ERROR, f"JSON parse error - {text}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999"])
def test_what_is_no_number_in_json_is_no_number(number: str) -> None:
    problem = refused(f'{{"a": {number}}}')
    assert problem.kind is PARSE_ERROR
    assert "Out of range float values are not JSON compliant" in problem.detail


@pytest.mark.parametrize("number", ["1e308", "-0.1", "5", "12345678901234567890"])
def test_large_numbers_are_numbers(number: str) -> None:
    assert parsed(number) == json.loads(number)


def test_a_number_of_many_digits_is_refused() -> None:
    assert refused("9" * 20_000).kind is PARSE_ERROR


def test_of_a_name_that_occurs_twice_the_last_counts() -> None:
    assert parsed('{"a": 1, "a": {"b": 2}}') == {"a": {"b": 2}}


def test_what_is_wrong_says_nothing_of_what_was_sent() -> None:
    assert "999990019" not in refused('{"inhoud": "BSN 999990019').detail


# --- what it is called ---


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "Application/JSON",
        "application/json; charset=utf8",
        "application/json; x=y",
    ],
)
def test_json_can_be_named_in_many_ways(content_type: str) -> None:
    assert parsed('{"a": "é"}', content_type) == {"a": "é"}


@pytest.mark.parametrize(
    ("charset", "text"),
    [("iso-8859-1", "é"), ("windows-1252", "€"), ("ISO-8859-15", "€"), ("us-ascii", "e")],
)
def test_other_charsets_are_read_as_they_are(charset: str, text: str) -> None:
    raw = json.dumps(text, ensure_ascii=False).encode(charset)
    assert parsed(raw, f"application/json; charset={charset}") == text


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/jsonp",
        "application/xml",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=bogus",
        "application/json; charset=utf-7",
        "application/json; charset=zlib",
        "",
    ],
)
def test_another_type_is_refused_by_name(content_type: str) -> None:
    detail = f'Ongeldige media type "{content_type}" in aanvraag.'
    assert told(refused("{}", content_type)) == (UNSUPPORTED_MEDIA_TYPE, detail)


def test_a_body_without_a_type_is_refused() -> None:
    detail = 'Ongeldige media type "" in aanvraag.'
    assert told(refused("{}", None)) == (UNSUPPORTED_MEDIA_TYPE, detail)


def test_a_type_that_could_name_somebody_is_not_repeated() -> None:
    assert "999990019" not in refused("{}", "text/999990019").detail


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, br"])
def test_a_body_that_is_packed_is_refused(coding: str) -> None:
    problem = refused("x", content_encoding=coding)
    assert problem.kind is UNSUPPORTED_MEDIA_TYPE
    assert problem.headers == {"Accept-Encoding": "identity"}


def test_a_body_that_is_packed_in_nothing_is_read() -> None:
    assert parsed("{}", content_encoding="identity") == {}


# --- how large it is ---


def nested(depth: int, inner: str = "") -> str:
    return "[" * depth + inner + "]" * depth


@pytest.mark.parametrize("inner", ["", "1"])
def test_how_deep_a_body_may_be(inner: str) -> None:
    parsed(nested(bodies.MAX_DEPTH, inner))
    assert refused(nested(bodies.MAX_DEPTH + 1, inner)).kind is PARSE_ERROR


def test_objects_count_as_deep_as_lists() -> None:
    text = '{"a":' * (bodies.MAX_DEPTH + 1) + "1" + "}" * (bodies.MAX_DEPTH + 1)
    assert refused(text).kind is PARSE_ERROR


def test_a_body_that_is_deeper_than_can_be_read() -> None:
    assert refused(nested(90_000)).kind is PARSE_ERROR


def test_how_many_values_a_body_may_have() -> None:
    assert len(parsed("[" + ",".join("0" * bodies.MAX_PARTS) + "]")) == bodies.MAX_PARTS
    assert refused("[" + ",".join("0" * (bodies.MAX_PARTS + 1)) + "]").kind is BODY_TOO_LARGE
