"""Metrics: what is counted, and that it is text which Prometheus reads."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway import __version__
from gateway.api.metrics import Metrics
from gateway.bounds import Bounds
from gateway.sources.breaker import State
from gateway.sources.meter import Meter, SourceUse
from gateway.sources.outcome import Outcome


def meter(**sources: SourceUse) -> Meter:
    """A request that used these sources."""
    made = Meter(Bounds(1, 1, 1, 1, 1))
    made.sources.update(sources)
    return made


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """The value of one series in the text."""
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if (sample.name, sample.labels) == (name, labels):
                return float(sample.value)
    return None


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "2xx"), (304, "3xx"), (404, "4xx"), (503, "5xx"), (0, "none")]
)
def test_a_request_is_counted_by_route_and_class_of_status(status: int, kind: str) -> None:
    metrics = Metrics()
    metrics.request("/x/{uuid}", "GET", status, 0.03)
    name, labels = (
        "gateway_request_duration_seconds",
        {"route": "/x/{uuid}", "method": "GET", "status": kind},
    )
    assert value(metrics, f"{name}_count", **labels) == 1
    assert value(metrics, f"{name}_sum", **labels) == 0.03
    assert value(metrics, f"{name}_bucket", **labels, le="0.025") == 0
    assert value(metrics, f"{name}_bucket", **labels, le="0.05") == 1


def test_sources_are_counted_by_name_and_outcome() -> None:
    metrics = Metrics()
    metrics.used(meter(kcc=SourceUse(calls=4, seconds=0.2, retries=1, cached=2)))
    metrics.used(meter(kcc=SourceUse(calls=1, seconds=5, outcome=Outcome.TIMEOUT)))
    duration = "gateway_source_duration_seconds_sum"
    assert value(metrics, duration, source="kcc", outcome="ok") == 0.2
    assert value(metrics, duration, source="kcc", outcome="timeout") == 5
    for name, wanted in (("calls", 5), ("retries", 1), ("cached", 2)):
        assert value(metrics, f"gateway_source_{name}_total", source="kcc") == wanted


def test_an_answer_without_a_source_is_counted() -> None:
    metrics, used = Metrics(), meter(kcc=SourceUse())
    used.start_over(frozenset({"sociaal"}))
    metrics.used(used)
    assert value(metrics, "gateway_source_missing_total", source="sociaal") == 1
    assert value(metrics, "gateway_source_missing_total", source="kcc") is None


def test_a_breaker_is_asked_when_metrics_are() -> None:
    states = {"kcc": State.CLOSED}
    metrics = Metrics(lambda: states)
    for number, state in enumerate((State.CLOSED, State.HALF_OPEN, State.OPEN)):
        states["kcc"] = state
        assert value(metrics, "gateway_source_breaker", source="kcc") == number


def test_the_version_is_told() -> None:
    assert value(Metrics(), "gateway_info", version=__version__) == 1


def test_no_series_for_when_another_was_made() -> None:
    metrics = Metrics()
    metrics.used(meter(kcc=SourceUse()))
    assert b"_created" not in metrics.text()


def test_what_two_installations_count_stays_apart() -> None:
    one, other = Metrics(), Metrics()
    one.in_flight.inc()
    assert value(one, "gateway_requests_in_flight") == 1
    assert value(other, "gateway_requests_in_flight") == 0
