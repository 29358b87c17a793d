"""How the sources did, in headers of the answer that was made from them.

The alias of a source is a token in both, as the configuration sees to.
"""

from __future__ import annotations

from typing import Final

from gateway.sources.meter import Meter

BRONNEN: Final = "Bronnen"
SERVER_TIMING: Final = "Server-Timing"


def status_header(meter: Meter, *, exact: bool = True) -> str:
    """The value of ``Bronnen``: a structured list (RFC 9651, section 3.1) of the sources that an
    answer depends on, each with how it did, how many records it keeps from who asks, and whether
    the answer is without it, or without what only it has: a source that cannot be asked for a list
    and adds to what others show.

    A source that an earlier page was without is not asked again, so there is nothing to tell of
    how it did. ``exact``: whether ``count`` is the number of objects and not just a bound. Empty
    when no source was needed; such a list is told by leaving the header out (section 4.1).
    """
    told = {alias: f";staat={use.outcome.value}" for alias, use in meter.sources.items()}
    for alias, use in meter.sources.items():
        if use.withheld:
            told[alias] += f";afgeschermd={len(use.withheld)}"
    for alias in sorted(meter.aside - meter.missing):
        told[alias] = told.get(alias, "") + ";vult-aan"
    for alias in sorted(meter.missing):
        told[alias] = told.get(alias, "") + ";ontbreekt"
    counted = "" if exact else ";telling=grens"
    return ", ".join(f"{alias}{how}{counted}" for alias, how in told.items())


def server_timing(meter: Meter) -> str:
    """The value of ``Server-Timing`` (https://www.w3.org/TR/server-timing/): for each source the
    milliseconds in which something was under way there."""
    return ", ".join(
        f"{alias};dur={use.seconds * 1000:.1f}" for alias, use in meter.sources.items()
    )
