"""W3C Trace Context: what is valid is continued, anything else is not even looked at."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import tracing
from gateway.api.trace import Trace, trace_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
OUTGOING = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")


def arriving(*parents: str, state: tuple[str, ...] = ()) -> Trace:
    """The trace of a request with these headers."""
    headers = [(b"host", b"a")]
    headers += [(b"traceparent", one.encode("latin-1")) for one in parents]
    headers += [(b"tracestate", one.encode("latin-1")) for one in state]
    return trace_of(headers)


def test_the_trace_of_a_caller_goes_on_with_a_span_of_our_own() -> None:
    trace = arriving(PARENT)
    assert (trace.trace_id, trace.parent_id) == (TRACE, SPAN)
    assert trace.span_id != SPAN
    assert trace.headers() == {"traceparent": f"00-{TRACE}-{trace.span_id}-01"}


@pytest.mark.parametrize(
    ("given", "passed_on"), [("00", "00"), ("01", "01"), ("02", "00"), ("ff", "01")]
)
def test_only_the_flag_of_level_1_goes_on(given: str, passed_on: str) -> None:
    trace = arriving(f"00-{TRACE}-{SPAN}-{given}")
    assert trace.headers()["traceparent"].endswith(f"-{passed_on}")


@pytest.mark.parametrize("parent", [f"cc-{TRACE}-{SPAN}-01", f"01-{TRACE}-{SPAN}-01-what-comes"])
def test_a_later_version_goes_on_as_ours(parent: str) -> None:
    assert arriving(parent).headers()["traceparent"].startswith(f"00-{TRACE}-")


@pytest.mark.parametrize(
    "parents",
    [
        pytest.param((), id="none"),
        pytest.param((PARENT, PARENT), id="two"),
        pytest.param(("",), id="empty"),
        pytest.param(("999993653",), id="something else"),
        pytest.param((f"00-{'0' * 32}-{SPAN}-01",), id="trace of zeros"),
        pytest.param((f"00-{TRACE}-{'0' * 16}-01",), id="span of zeros"),
        pytest.param((f"ff-{TRACE}-{SPAN}-01",), id="version that is none"),
        pytest.param((f"00-{TRACE}-{SPAN}-01-more",), id="more than version 00 has"),
        pytest.param((f"cc-{TRACE}-{SPAN}-01more",), id="more without a dash"),
        pytest.param((f"00-{TRACE.upper()}-{SPAN}-01",), id="capitals"),
        pytest.param((f"00-{TRACE[1:]}-{SPAN}-01",), id="too short"),
        pytest.param((f"00-{TRACE}-{SPAN}",), id="without flags"),
        pytest.param((f"00-{TRACE}-{SPAN}-01\n",), id="with a line end"),
        pytest.param((f" {PARENT}",), id="with a space"),
    ],
)
def test_what_is_not_valid_is_a_new_trace(parents: tuple[str, ...]) -> None:
    trace = arriving(*parents, state=("vendor=1",))
    assert (trace.trace_id != TRACE, trace.parent_id, trace.state) == (True, None, "")
    assert OUTGOING.fullmatch(trace.headers()["traceparent"])


def test_no_two_requests_are_the_same_span() -> None:
    spans = {(t.trace_id, t.span_id) for t in (arriving() for _ in range(100))}
    assert len({trace for trace, _ in spans}) == len({span for _, span in spans}) == 100


@pytest.mark.parametrize(
    "state",
    [
        ("vendor=opaque",),
        ("a=1,b=2",),
        ("a=1 , b=2,",),
        ("a=1", "b=2"),
        ("tenant@vendor=x y",),
        (",".join(f"k{n}=v" for n in range(32)),),
        ("k=" + "v" * 256,),
    ],
    ids=str,
)
def test_a_state_goes_on_as_it_came(state: tuple[str, ...]) -> None:
    assert arriving(PARENT, state=state).headers()["tracestate"] == ",".join(state)


@pytest.mark.parametrize(
    "state",
    [
        (),
        ("",),
        (",",),
        ("vendor",),
        ("Vendor=1",),
        ("a=1,b",),
        ("a=b=c",),
        ("a=\xe9",),
        ("a=\t1",),
        (",".join(f"k{n}=v" for n in range(33)),),
        (",".join(["k=" + "v" * 200] * 3),),
        ("k=" + "v" * 257,),
    ],
    ids=str,
)
def test_a_state_that_is_not_valid_stays_behind(state: tuple[str, ...]) -> None:
    trace = arriving(PARENT, state=state)
    assert (trace.trace_id, list(trace.headers())) == (TRACE, ["traceparent"])


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_whatever_comes_a_trace_goes_out(parent: str, state: str) -> None:
    assert OUTGOING.fullmatch(arriving(parent, state=(state,)).headers()["traceparent"])


def test_calls_carry_the_trace_only_within_it() -> None:
    assert tracing.headers() == {}
    with tracing.traced({"traceparent": PARENT}):
        assert tracing.headers() == {"traceparent": PARENT}
    assert tracing.headers() == {}
