"""A live look at each source: the way to it, whether it answers, and whether it does what its
adapter says that it does. Only reads."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.settings import called
from gateway.doctor.collection import looked_at
from gateway.doctor.kinds import KINDS, KLOK, NIET_BEREIKT, TRAAG
from gateway.doctor.network import on_the_way
from gateway.doctor.timed import Timed
from gateway.installation import Installation
from gateway.remarks import Remark
from gateway.sources.examination import diagnosis, examined

__all__ = ["KINDS", "examine"]

_SLOW = 0.5
"""What part of the time for a call may be needed for one that asks little."""


async def examine(built: Installation) -> AsyncIterator[Remark]:
    """All that there is to say of the sources of an installation, one after another."""
    seconds = built.config.limits.source_seconds
    for alias, adapter in built.adapters.items():
        options = built.config.sources[alias].options
        async for remark in on_the_way(alias, called(adapter.options_model, options)):
            yield remark
        error = await examined(adapter, seconds)
        if error is not None:
            yield Remark(NIET_BEREIKT if error.ahead is None else KLOK, alias, diagnosis(error))
            continue
        timed = Timed(adapter, seconds)
        for name, collection in adapter.collections.items():
            async for remark in looked_at(alias, timed, name, collection):
                yield remark
        if timed.longest > seconds * _SLOW:
            yield Remark(TRAAG, alias, f"{timed.longest:.1f} van de {seconds:g} seconden")
