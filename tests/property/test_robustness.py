"""Any text in any parameter is answered or refused, never an error of the gateway's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.api import params
from gateway.standard.errors import NOT_FOUND, VALIDATION, Problem
from gateway.standard.model import Reads, Resource
from gateway.standard.table import RESOURCES
from tests.support.installations import Installation

FILTERED = [r for r in RESOURCES.values() if r.filters]

odd_texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["--5", "-0", "+5", "1e9", "9" * 19, "-" + "9" * 25, "8" * 5000, "٣", "0x1"]),
    st.sampled_from(["%", "_", "%%%", "/", "\\", "'", '"', ";--", "a,b", ",", "None", "null"]),
    st.sampled_from(["İ", "ß", "\u0307", "\ud7ff", "\U0010ffff", "\x7f", "\u200b", "a\tb"]),
)


def texts_for(reads: Reads) -> st.SearchStrategy[str]:
    """Odd texts, and what is just right at the far ends."""
    match reads:
        case Reads.DATE:
            days = st.dates()
            return st.one_of(days.map(date.isoformat), odd_texts)
        case Reads.DATETIME:
            return st.one_of(st.datetimes().map(datetime.isoformat), odd_texts)
        case Reads.BOOLEAN:
            return st.one_of(st.sampled_from(["true", "false"]), odd_texts)
        case Reads.UUID:
            return st.one_of(st.uuids().map(str), odd_texts)
        case Reads.URL:
            urls = st.one_of(odd_texts, st.uuids().map(str)).map("https://x/{}".format)
            return st.one_of(urls, odd_texts)
        case _:
            return odd_texts


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A list with odd parameters."""
    resource = draw(st.sampled_from(FILTERED))
    specs = draw(
        st.lists(
            st.sampled_from(resource.filters), min_size=1, max_size=3, unique_by=lambda f: f.param
        )
    )
    given_ = [(spec.param, draw(texts_for(spec.reads))) for spec in specs]
    pages = ["1", "2", "last", "0", "-1", "x", "9" * 9, "9" * 16, "9" * 17, "9" * 18, "9" * 40]
    given_.append(("page", draw(st.sampled_from(pages))))
    return resource.path, given_


def asked(installation: Installation, resource: Resource, given_: list[tuple[str, str]]) -> Any:
    """A list as the API asks it: the page, or the problem that a client sees."""
    try:
        found = params.for_list(resource, given_)
        return installation.list(resource, found.asked)
    except Problem as problem:
        assert problem.kind in (VALIDATION, NOT_FOUND), problem.kind
        return problem


@pytest.mark.parametrize("source", ["sql", "rest"])
def test_any_text_is_answered_or_refused(source: str, request: pytest.FixtureRequest) -> None:
    """Whatever a client sends, it is a page, a 400 or a 404."""
    installation: Installation = request.getfixturevalue(source)

    @settings(max_examples=250)
    @given(queries())
    def law(query: tuple[str, list[tuple[str, str]]]) -> None:
        path, given_ = query
        asked(installation, RESOURCES[path], given_)

    law()


@pytest.mark.parametrize("page", ["9" * 16, "9" * 17, "9" * 18])
@pytest.mark.parametrize("path", ["klantcontacten", "digitaleadressen"])
def test_a_page_number_of_any_length_is_no_page(page: str, path: str, sql: Installation) -> None:
    """Beyond what a database can skip, too."""
    problem = asked(sql, RESOURCES[path], [("page", page), ("pageSize", "500")])
    assert isinstance(problem, Problem)
    assert problem.kind is NOT_FOUND
