"""How the sources did, in headers of the answer that was made from them.

The alias of a source is a token in both, as the configuration sees to.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from gateway.sources.meter import Meter

BRONNEN: Final = "Bronnen"
SERVER_TIMING: Final = "Server-Timing"


def status_header(meter: Meter, bounds: Collection[str] = ()) -> str:
    """The value of ``Bronnen``: a structured list (RFC 9651, section 3.1) of the sources that an
    answer depends on, each with its state.

    ``bounds``: sources of which ``count`` knows no more than a bound. Empty when no source was
    needed; such a list is told by leaving the header out (section 4.1).
    """
    return ", ".join(
        f"{alias};staat={use.outcome.value}{';telling=grens' if alias in bounds else ''}"
        for alias, use in meter.sources.items()
    )


def server_timing(meter: Meter) -> str:
    """The value of ``Server-Timing`` (https://www.w3.org/TR/server-timing/): for each source the
    milliseconds in which something was under way there."""
    return ", ".join(
        f"{alias};dur={use.seconds * 1000:.1f}" for alias, use in meter.sources.items()
    )
