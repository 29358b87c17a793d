"""The query string: whatever is in it is understood or refused, and links lead back."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.api import params
from gateway.standard.errors import NOT_FOUND, VALIDATION, Problem
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES

URL = "https://gateway.example/klantinteracties/api/v1/partijen"

# Lone surrogates cannot be in a url.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
resources = st.sampled_from(sorted(RESOURCES)).map(RESOURCES.__getitem__)


@st.composite
def names(draw: st.DrawFn, resource: Resource) -> str:
    """A parameter: mostly one that is known."""
    known = [f.param for f in resource.filters] + ["page", "pageSize", "expand"]
    return draw(st.one_of(st.sampled_from(known), st.sampled_from(known), texts))


@st.composite
def queries(draw: st.DrawFn) -> tuple[Resource, list[tuple[str, str]]]:
    """Parameters for a list, with values that mean something to some of them."""
    resource = draw(resources)
    expands = [*resource.expand, ",".join(resource.expand), "x"]
    values = st.one_of(
        texts,
        st.integers(-2, 600).map(str),
        st.sampled_from(["last", " 2 ", "1_0", "٣", "+1", "1e3", "9" * 30, "true", *expands]),
    )
    return resource, draw(st.lists(st.tuples(names(resource), values), max_size=6))


@given(st.lists(st.tuples(texts, texts), max_size=6))
def test_pairs_are_what_was_written(given_: list[tuple[str, str]]) -> None:
    """Names and values come back, empty ones too; a question mark too many means nothing."""
    query = urlencode(given_)
    assert list(params.pairs(query)) == given_
    assert list(params.pairs("?" + query)) == given_


@given(st.text("?&=+%;#2é", max_size=30))
def test_any_query_string_is_pairs(query: str) -> None:
    """However it is broken off: what came out of it once, comes out of it again."""
    found = list(params.pairs(query))
    assert list(params.pairs(urlencode(found))) == found


@settings(max_examples=300)
@given(queries())
def test_any_query_is_understood_or_refused(
    asked: tuple[Resource, list[tuple[str, str]]],
) -> None:
    """400 for a parameter that is not known, 404 for a page that cannot be; nothing else."""
    resource, given_ = asked
    try:
        found = params.for_list(resource, given_)
    except Problem as problem:
        assert problem.kind in (VALIDATION, NOT_FOUND)
        return
    assert found.asked.number is None or found.asked.number >= 1
    assert 1 <= found.asked.size <= params.MAX_SIZE
    assert set(found.expand) <= set(resource.expand)
    assert list(found.asked.filters) == [(n, v) for n, v in given_ if resource.filter(n)]


@given(resources, texts)
def test_an_unknown_parameter_is_always_refused(resource: Resource, name: str) -> None:
    """Never left out: the answer would be wider than what was asked."""
    known = {f.param for f in resource.filters} | {"page", "pageSize", params.CURSOR}
    assume(name not in known and (name != "expand" or not resource.expand))
    try:
        params.for_list(resource, [(name, "x")])
    except Problem as problem:
        assert [p.code for p in problem.params] == ["unknown-parameters"]
    else:
        raise AssertionError(f"took {name!r}")


@given(st.integers(-5, 2000))
def test_a_page_size_is_kept_within_bounds(size: int) -> None:
    """From 1 to the most; no size, or one that is none, is the usual size."""
    found = params.for_list(RESOURCES["partijen"], [("pageSize", str(size))])
    assert found.asked.size == (min(size, params.MAX_SIZE) if size > 0 else params.DEFAULT_SIZE)


@given(queries(), st.integers(1, 10**6))
def test_the_url_of_a_page_asks_for_that_page(
    asked: tuple[Resource, list[tuple[str, str]]], number: int
) -> None:
    """All else is asked as before; names stand in order, and page 1 goes without saying."""
    _, given_ = asked
    given_ = [(n, v) for n, v in given_ if n]
    url = params.page_url(URL, given_, number)
    found = list(params.pairs(urlsplit(url).query))
    assert url.startswith(URL)
    assert [n for n, _ in found] == sorted(n for n, _ in found)
    assert [v for n, v in found if n == "page"] == ([str(number)] if number > 1 else [])
    for name in {n for n, _ in given_} - {"page"}:
        # Repeated ones keep their order: the last one counts.
        assert [v for n, v in found if n == name] == [v for n, v in given_ if n == name]
