"""Cursors: what was sealed opens under its question and page, and nothing else opens."""

from __future__ import annotations

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.cursor import Cursor, Cursors, Last, Place

OLD, NEW = b"the secret of before", b"the secret of today."
SEALS = Cursors({1: OLD, 2: NEW}, 2)
QUESTION = bytes(range(16))

texts = st.text(max_size=12)
scalars = st.one_of(st.none(), texts, st.integers(-(2**70), 2**70))
counts = st.integers(0, 2**40)
places = st.builds(
    Place, counts, st.lists(scalars, max_size=4).map(tuple), counts, st.none() | counts
)
lasts = st.builds(Last, st.tuples(texts, texts), texts)
cursors = st.builds(
    Cursor,
    st.integers(1, 10**9),
    st.dictionaries(texts, places, max_size=5),
    st.none() | lasts,
    st.booleans(),
    st.frozensets(texts, max_size=3),
)


@given(cursors, st.binary(max_size=40))
def test_what_was_sealed_opens(cursor: Cursor, question: bytes) -> None:
    """To the same cursor; and the same cursor is always sealed to the same text."""
    text = SEALS.seal(cursor, question)
    assert SEALS.open(text, question, cursor.page) == cursor
    assert Cursors({2: NEW}, 2).seal(cursor, question) == text
    assert all(c.isascii() and (c.isalnum() or c in "-_") for c in text)


@given(cursors, st.binary(max_size=8), st.integers(1, 10**9))
def test_it_opens_for_its_question_and_page_only(
    cursor: Cursor, question: bytes, page: int
) -> None:
    """Another filter, page size, client or page number: it is no cursor at all."""
    text = SEALS.seal(cursor, QUESTION)
    if question != QUESTION:
        assert SEALS.open(text, question, cursor.page) is None
    if page != cursor.page:
        assert SEALS.open(text, QUESTION, page) is None


@given(cursors)
def test_versions_of_the_secret(cursor: Cursor) -> None:
    """An older one opens as long as it is there; new cursors are sealed under the current one."""
    old = Cursors({1: OLD}, 1).seal(cursor, QUESTION)
    assert SEALS.open(old, QUESTION, cursor.page) == cursor
    assert Cursors({2: NEW}, 2).open(old, QUESTION, cursor.page) is None
    assert Cursors({1: OLD}, 1).open(SEALS.seal(cursor, QUESTION), QUESTION, cursor.page) is None


@given(cursors, st.data())
def test_a_changed_text_opens_nothing(cursor: Cursor, data: st.DataObject) -> None:
    """Any character replaced, left out or added."""
    text = SEALS.seal(cursor, QUESTION)
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.text("ABab01-_=", max_size=2) | st.text(max_size=2))
    changed = text[:at] + piece + text[at + data.draw(st.integers(0, 2)) :]
    if changed != text:
        assert SEALS.open(changed, QUESTION, cursor.page) is None


@given(st.text(st.characters(), max_size=80) | st.text("ABCabc012-_", max_size=120))
def test_any_text_is_refused_quietly(text: str) -> None:
    """Whatever a client puts there, lone surrogates too."""
    assert SEALS.open(text, QUESTION, 2) is None


def test_it_is_short_and_tells_nothing() -> None:
    """Three streams with moments to the microsecond and uuids as keys; the most there will be."""
    rng = random.Random(1)
    after = [
        (f"2026-11-{day}T09:{rng.randint(10, 59)}:12.{rng.randint(10**5, 10**6 - 1)}",)
        for day in (20, 20, 19)
    ]
    number = {
        f"{source}.0": Place(
            rng.randint(0, 10**6), (*order, *order, rng.randint(1, 10**7)), 33, 10**6
        )
        for source, order in enumerate(after)
    }
    native = {
        name: Place(p.offset, (*p.after[:2], str(UUID(int=rng.getrandbits(128)))), p.share, p.total)
        for name, p in number.items()
    }
    last = Last((after[0][0], after[0][0]), "0.0")
    short = SEALS.seal(Cursor(7, number, last), QUESTION)
    assert len(short) <= 200
    assert len(SEALS.seal(Cursor(7, native, last), QUESTION)) <= 300
    # Neighbouring cursors look unrelated.
    other = SEALS.seal(Cursor(7, {**number, "0.0": Place()}, last), QUESTION)
    assert short[:16] != other[:16]


def test_a_place_moves_with_what_was_read() -> None:
    """Forwards and backwards, from nothing, and over records that came in between."""
    start = Place(10, ("k",), 3, 40)
    orders = [(name,) for name in "abcd"]
    assert start.ahead(1, 2, orders) == Place(13, ("c",), 2, 40)
    assert start.turned(1, 2, orders) == Place(11, ("b",), 2, 40)
    assert start.ahead(1, 2, orders, backwards=True) == Place(7, ("c",), 2, 40)
    assert start.turned(1, 2, orders, backwards=True) == Place(9, ("b",), 2, 40)
    assert start.ahead(0, 0, []) == Place(10, ("k",), 0, 40)
    assert start.turned(0, 0, []) == Place(10, (), 0, 40)
