"""Metrics in the text format of Prometheus, version 0.0.4.

A label is a route template, a method or a class of status that HTTP knows, the alias of a
configured source or one of a few words: never anything that came with a request. So the number
of series is bounded, and none of them is about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric

from gateway import __version__
from gateway.sources.breaker import State
from gateway.sources.meter import Meter

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
# From an answer out of memory to the default deadline of a request.
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# A time of making for each series: OpenMetrics has it, format 0.0.4 makes it another series.
disable_created_metrics()  # type: ignore[no-untyped-call]

Breakers = Callable[[], Mapping[str, State]]


class Metrics:
    """What one process counts since it started. ``breakers``: by source, at this moment."""

    def __init__(self, breakers: Breakers = dict) -> None:
        self.breakers = breakers
        self.registry = CollectorRegistry()
        self.in_flight = Gauge(
            "gateway_requests_in_flight", "Requests being handled.", registry=self.registry
        )
        self._requests = self._histogram(
            "gateway_request_duration_seconds",
            "Requests and how long they took.",
            ("route", "method", "status"),
        )
        self._sources = self._histogram(
            "gateway_source_duration_seconds",
            "Requests that used a source, how long they had something under way there, and how"
            " that ended at worst.",
            ("source", "outcome"),
        )
        self._calls = self._counter("gateway_source_calls", "Calls to a source, with retries.")
        self._retries = self._counter("gateway_source_retries", "Calls that were retries.")
        self._cached = self._counter(
            "gateway_source_cached", "Questions to a source answered without a call of their own."
        )
        self._missing = self._counter("gateway_source_missing", "Answers without this source.")
        Info("gateway", "The gateway.", registry=self.registry).info({"version": __version__})
        self.registry.register(_BreakerGauge(breakers))
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    # Series by the values of their labels; to look them up takes the library longer than to count.

    def _histogram(
        self, name: str, about: str, labels: tuple[str, ...]
    ) -> Callable[..., Histogram]:
        made = Histogram(name, about, labels, buckets=_SECONDS, registry=self.registry)
        return cache(made.labels)

    def _counter(self, name: str, about: str) -> Callable[..., Counter]:
        return cache(Counter(name, about, ("source",), registry=self.registry).labels)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was handled. ``route``: a template, empty when there was none; ``status``: 0
        when there was no answer."""
        kind = f"{status // 100}xx" if status else "none"
        self._requests(route, method, kind).observe(seconds)

    def used(self, meter: Meter) -> None:
        """What a request asked of its sources, and which of them its answer is without."""
        for alias, use in meter.sources.items():
            self._sources(alias, use.outcome.value).observe(use.seconds)
            self._calls(alias).inc(use.calls)
            self._retries(alias).inc(use.retries)
            self._cached(alias).inc(use.cached)
        for alias in meter.missing:
            self._missing(alias).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


class _BreakerGauge:
    """Asks for the states when metrics are asked for, so that nobody has to report changes."""

    def __init__(self, breakers: Breakers) -> None:
        self._breakers = breakers

    def collect(self) -> Iterable[Metric]:
        gauge = GaugeMetricFamily(
            "gateway_source_breaker",
            "The breaker before a source: 0 closed, 1 half open, 2 open.",
            labels=("source",),
        )
        for alias, state in self._breakers().items():
            gauge.add_metric((alias,), list(State).index(state))
        yield gauge
