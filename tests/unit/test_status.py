"""The headers that tell how sources did are written as their standards say."""

from __future__ import annotations

import re

from gateway.api.status import server_timing, status_header
from gateway.bounds import Bounds
from gateway.sources.meter import Meter, SourceUse
from gateway.sources.outcome import Outcome

# RFC 9651, sections 3.1.2, 3.3.1 and 3.3.4: a list of tokens with parameters that are tokens or
# integers.
_TOKEN = r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+\-.^_`|~]*"
_MEMBER = rf"{_TOKEN}(?:;[a-z*][a-z0-9_\-.*]*(?:=(?:{_TOKEN}|[0-9]+))?)*"
LIST = re.compile(rf"{_MEMBER}(?:, {_MEMBER})*")


def meter(**sources: SourceUse) -> Meter:
    """A request that used these sources."""
    made = Meter(Bounds(1, 1, 1, 1, 1))
    made.sources.update(sources)
    return made


def test_every_source_has_its_state() -> None:
    used = meter(kcc=SourceUse(calls=2), sociaal=SourceUse(outcome=Outcome.TIMEOUT))
    assert status_header(used) == "kcc;staat=ok, sociaal;staat=timeout"


def test_a_count_that_is_a_bound_is_told() -> None:
    used = meter(kcc=SourceUse(), sociaal=SourceUse())
    wanted = "kcc;staat=ok;telling=grens, sociaal;staat=ok;telling=grens"
    assert status_header(used, exact=False) == wanted


def test_a_source_that_an_answer_is_without_is_told() -> None:
    used = meter(kcc=SourceUse(), sociaal=SourceUse(outcome=Outcome.TIMEOUT))
    used.start_over(frozenset({"sociaal", "archief"}))
    wanted = "kcc;staat=ok, sociaal;staat=timeout;ontbreekt, archief;ontbreekt"
    assert status_header(used) == wanted
    assert server_timing(used) == "kcc;dur=0.0, sociaal;dur=0.0"


def test_how_many_records_are_withheld_is_told_and_not_which() -> None:
    used = meter(kcc=SourceUse())
    used.use("kcc").kept_back("contact", ["1", "2"])
    used.use("kcc").kept_back("contact", ["2"])
    assert status_header(used) == "kcc;staat=withheld;afgeschermd=2"
    used.use("kcc").kept_back("klant", ())
    assert LIST.fullmatch(status_header(used))


def test_every_outcome_is_a_structured_list() -> None:
    used = meter(**{f"A-{n}_z": SourceUse(outcome=o) for n, o in enumerate(Outcome)})
    used.start_over(frozenset({*used.sources, "archief"}))
    assert LIST.fullmatch(status_header(used, exact=False))


def test_without_sources_there_is_nothing_to_tell() -> None:
    assert (status_header(meter()), server_timing(meter())) == ("", "")


def test_times_are_milliseconds() -> None:
    used = meter(kcc=SourceUse(seconds=0.04834), sociaal=SourceUse(seconds=0))
    assert server_timing(used) == "kcc;dur=48.3, sociaal;dur=0.0"
