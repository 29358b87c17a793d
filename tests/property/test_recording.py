"""Whoever is in it: a recording shows others, consistently, and looks like what was there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn

from adapters.recording.exchange import Body, Exchange, read, written
from adapters.recording.fictitious import Fictitious
from adapters.recording.fields import Fields
from adapters.recording.safe import remains
from adapters.recording.scrubbing import Scrubber
from adapters.recording.shapes import is_eleven_proof, real

BSNS = st.integers(10**8, 10**9 - 1).map(str).filter(bsn.is_valid)
EMAILS = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{2,8}\.nl", fullmatch=True)
PHONES = st.from_regex(r"(\+31 ?|0031|0)[1-9][0-9]{8}", fullmatch=True)
POSTCODES = st.from_regex(r"[1-9][0-9]{3} ?[A-Z]{2}", fullmatch=True)
UUIDS = st.uuids().map(str)
SHAPED = st.one_of(BSNS, EMAILS, PHONES, POSTCODES, UUIDS)
TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=60)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, SHAPED),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["bsn", "naam", "status", "vraag", "geboortedatum", "url", "telefoon"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def like(made: Any, given: Any) -> bool:
    """Whether two values have the same shape."""
    if isinstance(given, dict):
        return list(made) == list(given) and all(like(made[k], given[k]) for k in given)
    if isinstance(given, list):
        return len(made) == len(given) and all(map(like, made, given))
    return type(made) is type(given)


@settings(max_examples=40)
@given(VALUES, SHAPED, st.binary(min_size=32, max_size=32))
def test_what_is_personal_is_replaced_wherever_it_is(value: Any, one: str, key: bytes) -> None:
    told = {"x": value, "code": f"dossier {one}", "onbekend": one, "lijst": [one]}
    given_ = Exchange(
        "GET", "https://kcc.nl/a", 200, [("naam", one)], answer=Body("application/json", told)
    )
    (made,) = Scrubber(key, Fields()).all([given_])
    assert like(made.answer.data, told)
    assert one not in str(made)
    assert not list(remains([made]))
    instead = made.answer.data["onbekend"]
    assert made.answer.data["lijst"] == [instead]
    assert made.answer.data["code"] == f"dossier {instead}"
    assert made.params == [("naam", instead)]
    assert Scrubber(key, Fields()).all([given_]) == [made]


@settings(max_examples=30)
@given(st.lists(BSNS, unique=True, max_size=20), st.binary(min_size=32, max_size=32))
def test_a_bsn_becomes_another_that_is_right_and_nobody_elses(
    numbers: list[str], key: bytes
) -> None:
    persons = Fictitious(key)
    made = [persons.number(number) for number in numbers]
    assert all(is_eleven_proof(m) and m.startswith("999") for m in made)
    assert len(set(made)) == len(numbers) and not set(made) & set(numbers)
    dotted = [f"{n[:4]}.{n[4:6]}.{n[6:]}" for n in numbers]
    assert [persons.number(d).replace(".", "") for d in dotted] == made


@given(SHAPED, st.binary(min_size=32, max_size=32))
def test_what_came_instead_is_of_nobody(value: str, key: bytes) -> None:
    made = Scrubber(key, Fields()).text((), value)
    assert made != value and not real(made)


@settings(max_examples=30)
@given(st.lists(VALUES, max_size=3))
def test_a_recording_is_read_as_it_was_written(tmp_path_factory: Any, told: list[Any]) -> None:
    file: Path = tmp_path_factory.mktemp("recording") / "a.yaml"
    exchanges = [
        Exchange("GET", "https://bron.example/a", 200, answer=Body("application/json", one))
        for one in told
    ]
    written(file, exchanges)
    assert read(file) == exchanges
