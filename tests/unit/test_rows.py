"""Rows: what was found, before it is written."""

from __future__ import annotations

import pytest

from gateway.federation.rows import Row, distinct
from gateway.mapping.stream import RuleError
from tests.support.rules import loaded
from tests.support.streams import INTEGER, stream

CREATED = loaded("partijen", "", [], created={"from": "A", "format": "tijdstip"})


def made(key: int, moment: str) -> Row:
    """A partij that was made at a moment of local wall time."""
    return Row(CREATED, {"ID": key, "A": moment}, (key,), f"uuid-{key}")


def test_members_are_the_row_and_the_others() -> None:
    one, two = made(1, "20260101000000"), made(2, "20260101000000")
    whole = Row(one.stream, one.record, one.key, one.uuid, (two,))
    assert whole.members == (whole, two)
    assert whole.id == one.id


def test_the_newest_has_the_highest_place_and_ties_go_by_key() -> None:
    rows = [made(1, "20260301120000"), made(3, "20260101120000"), made(2, "20260301120000")]
    ordered = sorted(rows, key=lambda row: row.place, reverse=True)
    assert [row.key[0] for row in ordered] == [2, 1, 3]


def test_a_moment_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RuleError, match="created"):
        _ = made(1, "gisteren").place


def test_of_the_same_object_the_first_stays() -> None:
    first, again = made(1, "20260101000000"), made(1, "20260202000000")
    other = Row(stream(INTEGER), {"K0": 1}, (1,), "another stream")
    assert distinct([first, other, again]) == [first, other]
