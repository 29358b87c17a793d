"""Problems, and what of a client's own text they may repeat."""

from __future__ import annotations

import pytest

from gateway.standard.errors import KINDS, Problem, echo, invalid


@pytest.mark.parametrize(
    "text",
    [
        "999993653",
        "bsn=999993653",
        "99999365",
        "Kooyman 999993653 Merel",
        "0000999993653",
        "x9999365",
        "999.993.653",
        "9999 93 653",
        "06-12345678",
        "９９９９９３６５３",
        "merel@post.example",
        "zie Merel <merel@post.example>",
    ],
)
def test_text_that_could_be_a_person_is_not_repeated(text: str) -> None:
    assert echo(text) == "***"


@pytest.mark.parametrize("text", ["soortPartij", "2026-10-30", "wasPartij__uuid", "1234567", ""])
def test_other_text_is_repeated(text: str) -> None:
    assert echo(text) == text


def test_long_text_is_cut() -> None:
    assert echo("a" * 81) == "a" * 80 + "…"


def test_a_person_behind_the_cut_is_not_repeated_either() -> None:
    assert echo("a" * 200 + " 999993653") == "***"


def test_a_problem_says_nothing_of_its_detail_when_printed() -> None:
    assert str(Problem(KINDS[0], "999993653")) == KINDS[0].code


def test_a_code_that_is_not_described_cannot_be_used() -> None:
    with pytest.raises(AssertionError):
        invalid("nummer", "verzonnen", "Nee.")


def test_kinds_have_a_name_of_their_own() -> None:
    """The page behind ``type`` is found by it; two kinds never share one."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)
