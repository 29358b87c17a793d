"""How an adapter over HTTP is put on another transport: that of a recorder, or of a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import httpx

Usual = Callable[[], httpx.AsyncBaseTransport]
"""Makes the transport that a service would be called over."""

Wiring = Callable[[Usual], httpx.AsyncBaseTransport]
"""The transport to call a service over instead, around the usual one or in its place."""


@runtime_checkable
class Rewired(Protocol):
    """An adapter whose calls can be led elsewhere."""

    def rewire(self, wiring: Wiring) -> None:
        """Lead the calls to every service over what ``wiring`` gives. Before the first call."""
        ...


def as_usual(usual: Usual) -> httpx.AsyncBaseTransport:
    """No other transport."""
    return usual()
