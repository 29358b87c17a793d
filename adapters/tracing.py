"""The trace that a call to a source belongs to, as headers for whoever sends it.

W3C Trace Context (https://www.w3.org/TR/trace-context/). Whoever handles a request says which
trace it is; a transport adds ``headers()`` to what it sends. Outside of a request there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_headers: ContextVar[Mapping[str, str]] = ContextVar("trace_headers", default=_NONE)


def headers() -> Mapping[str, str]:
    """``traceparent``, and ``tracestate`` where there is one, of the request being handled."""
    return _headers.get()


@contextmanager
def traced(given: Mapping[str, str]) -> Iterator[None]:
    """What is called within, in tasks that are started there too, carries these headers."""
    token = _headers.set(given)
    try:
        yield
    finally:
        _headers.reset(token)
