"""What may be wrong with an installation that starts: its settings, and what it cannot answer well.

Nothing is sent, unless it is asked how large sources are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from adapters.base import Adapter, Query, SourceError
from adapters.settings import called
from gateway.audit.kinds import DOORZOCHT, KINDS, TE_GROOT
from gateway.audit.settings import encryption, literals, settings
from gateway.coverage import Fares, Part, coverage
from gateway.installation import Installation
from gateway.remarks import Remark
from gateway.standard.table import RESOURCES

__all__ = ["KINDS", "audit", "literals", "sizes"]

Sizes = Mapping[tuple[str, str], int]
"""How many records there are, by source and collection."""


def audit(
    built: Installation, data: Any, secrets: Mapping[int, bytes], known: Sizes | None = None
) -> Iterator[Remark]:
    """All that there is to say; ``data``, ``secrets``: see ``settings``. ``known``: how large the
    collections are, ``None`` where it was not asked."""
    yield from settings(built.config, data, secrets)
    for alias, source in built.config.sources.items():
        yield from encryption(alias, called(built.adapters[alias].options_model, source.options))
    for part in coverage(built.register):
        yield from _searched(built, part, known)


def _searched(built: Installation, part: Part, known: Sizes | None) -> Iterator[Remark]:
    """Filters that point at something, for which all of a source has to be looked through."""
    pointing = [spec.param for spec in RESOURCES[part.resource].filters if spec.identifying]
    slow = [param for param in pointing if part.filters.get(param) is Fares.CHECKED]
    if not slow:
        return
    about = f"{part.source}: {part.resource}"
    if known is None:
        yield Remark(DOORZOCHT, about, ", ".join(slow))
        return
    streams = built.catalogue.of(part.resource)
    collections = {stream.collection for stream in streams if stream.source == part.source}
    records = max((known.get((part.source, name), 0) for name in collections), default=0)
    if records > built.config.limits.scan_records:
        yield Remark(TE_GROOT, about, f"{records} records; {', '.join(slow)}")


async def sizes(adapters: Mapping[str, Adapter]) -> Sizes:
    """How large the collections are, as far as sources say."""
    return {
        (alias, name): total async for alias, name, total in _totals(adapters) if total is not None
    }


async def _totals(adapters: Mapping[str, Adapter]) -> AsyncIterator[tuple[str, str, int | None]]:
    for alias, adapter in adapters.items():
        for name, collection in adapter.collections.items():
            if collection.total and not collection.asked_by:
                try:
                    page = await adapter.find(name, Query(limit=0, count=True))
                except SourceError:
                    # Whether a source answers is for the doctor.
                    continue
                yield alias, name, page.total
