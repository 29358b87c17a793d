"""A plain service that orders and counts: any part of a list, whatever the sizes of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.base import Page, Query
from adapters.conditions import ALWAYS, Condition, In, Record, matches
from adapters.rest import RestAdapter
from demo.rest.app import create_app
from demo.tables import Table
from tests.support.conditions import records
from tests.support.installations import Loop
from tests.support.order import answer

SCHEMA = {"NEAR": Table({"K": "INTEGER", "A": "TEXT", "P": "TEXT", "N": "INTEGER"}, ("K",))}
ORDER = ("N", "A", "K")
MOST = 4
"""Records that the service gives at once."""

tables = st.lists(records(), max_size=14).map(
    # What the service gives has no spaces at the end.
    lambda rows: [
        {**r, "A": r["A"] and r["A"].rstrip(" "), "K": n} for n, r in enumerate(rows, start=1)
    ]
)
orders = st.sampled_from([ORDER, ("K",), ("A", "K"), ("P", "N", "K")])
wheres: st.SearchStrategy[Condition] = st.one_of(
    st.just(ALWAYS), st.builds(In, st.just("N"), st.tuples(st.sampled_from([0, 1, 5])))
)


class Calls(httpx.ASGITransport):
    """The service within this process, with the number of requests that it had."""

    count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        return await super().handle_async_request(request)


@contextmanager
def service(loop: Loop, rows: list[Record], **options: Any) -> Iterator[tuple[RestAdapter, Calls]]:
    """An adapter on these rows, and the calls that it makes."""
    app = create_app(
        {"NEAR": [dict(r) for r in rows]},
        schema=SCHEMA,
        filters={"NEAR": ("K", "N")},
        page_size=MOST,
        sorts=True,
    )
    described = {
        "key": "K",
        "fields": ["K", "A", "P", "N"],
        "filters": ["K", "N"],
        "sortable": ["K", "A", "P", "N"],
    }
    given = {"base_url": "http://bron.example", "total": "count", "page_size": MOST, **options}
    made = RestAdapter.create(given, {"NEAR": described})
    made._transport = calls = Calls(app)
    try:
        yield made, calls
    finally:
        loop.run(made.close())


def keys(found: Page | list[Record]) -> list[int]:
    return [r["K"] for r in (found.records if isinstance(found, Page) else found)]


@settings(max_examples=60)
@given(rows=tables, order=orders, where=wheres, data=st.data())
def test_any_part_of_a_list_can_be_had(
    rows: list[Record], order: tuple[str, ...], where: Condition, data: st.DataObject, loop: Loop
) -> None:
    """What comes is the list from there on, never more than asked, in one call; all that was
    asked where the size of pages can be chosen and one of them holds it."""
    query = Query(where, order, count=True)
    expected = keys(answer([r for r in rows if matches(where, r)], query))
    for options in ({}, {"page_size_parameter": "page_size"}):
        with service(loop, rows, **options) as (adapter, calls):
            for _ in range(4):
                skip = data.draw(st.integers(0, len(rows) + 3), label="skip")
                limit = data.draw(st.integers(0, 6), label="limit")
                calls.count = 0
                page = loop.run(adapter.find("NEAR", replace(query, skip=skip, limit=limit)))
                assert calls.count == 1
                assert page.total == len(expected)
                found, wanted = keys(page), expected[skip : skip + limit]
                assert found == wanted[: len(found)]
                assert bool(found) == bool(wanted)
                if options and skip % max(limit, 1) == 0:
                    assert len(found) == min(len(wanted), MOST)


@settings(max_examples=40)
@given(rows=tables, order=orders, where=wheres, data=st.data())
def test_a_list_is_walked_to_its_end(
    rows: list[Record], order: tuple[str, ...], where: Condition, data: st.DataObject, loop: Loop
) -> None:
    """By token or by position, with limits that need not be a page of the service."""
    query = Query(where, order)
    expected = keys(answer([r for r in rows if matches(where, r)], query))
    options = data.draw(st.sampled_from([{}, {"page_size_parameter": "page_size"}]))
    with service(loop, rows, **options) as (adapter, _):
        by_token: list[int] = []
        by_position: list[int] = []
        token: str | None = None
        while True:
            limit = data.draw(st.integers(1, 6))
            page = loop.run(adapter.find("NEAR", replace(query, limit=limit, token=token)))
            by_token += keys(page)
            token = page.next
            if token is None:
                break
        while len(by_position) < len(expected):
            skip = len(by_position)
            page = loop.run(adapter.find("NEAR", replace(query, limit=3, skip=skip)))
            assert page.records
            by_position += keys(page)
        assert by_token == by_position == expected
