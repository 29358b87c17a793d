"""Following references between rows: one question for a page, never one for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from adapters.concurrency import together
from gateway.federation.rows import Row, distinct
from gateway.federation.search import Search
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Inverse


class Relations:
    """What the records of rows refer to, and what refers to them. Of one source at a time: that a
    partij is one over several is not known here (see ``Persons``)."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._catalogue = search.catalogue

    async def forward(self, path: str, rows: Sequence[Row]) -> list[list[Row]]:
        """Per row the objects that its references at ``path`` point at, in order of the rules."""
        wanted: dict[Stream, set[str]] = defaultdict(set)
        within: dict[Stream, dict[str, Row]] = defaultdict(dict)
        pointed: list[list[tuple[Stream, str]]] = []
        for row in rows:
            here: list[tuple[Stream, str]] = []
            for edge, far in self._catalogue.targets(row.stream, path):
                value = edge.key(row.record)
                if value is None:
                    continue
                key = str(value)
                here.append((far, key))
                if self._catalogue.same_record(row.stream, edge.field, far, far.key_field):
                    within[far][key] = row
                else:
                    wanted[far].add(key)
            pointed.append(here)
        found: dict[tuple[Stream, str], Row] = {}
        outside = await together(self._search.by_key(far, keys) for far, keys in wanted.items())
        for far, by_key in zip(wanted, outside, strict=True):
            found |= {(far, key): row for key, row in by_key.items()}
        inside = await together(
            self._search.shown(far, [row.record for row in near.values()])
            for far, near in within.items()
        )
        for far, shown in zip(within, inside, strict=True):
            found |= {(far, str(row.key[0])): row for row in shown}
        return [[found[p] for p in pairs if p in found] for pairs in pointed]

    async def inverse(self, inverse: Inverse, rows: Sequence[Row]) -> list[list[Row]]:
        """Per row the objects that refer to it, oldest first within each of their streams; where
        the relation goes one reference further, what those refer to, each once."""
        by_stream: dict[Stream, dict[str, int]] = defaultdict(dict)
        for i, row in enumerate(rows):
            by_stream[row.stream][str(row.key[0])] = i
        asked = [
            (stream, edge, holder)
            for stream in by_stream
            if len(stream.key) == 1
            for edge, holder in self._catalogue.holders(stream, inverse)
        ]
        answers = await together(
            self._holders(stream, edge, holder, [rows[i] for i in by_stream[stream].values()])
            for stream, edge, holder in asked
        )
        found: list[list[Row]] = [[] for _ in rows]
        for (stream, edge, _), holders in zip(asked, answers, strict=True):
            for row in holders:
                place = by_stream[stream].get(str(edge.key(row.record)))
                if place is not None:
                    found[place].append(row)
        for one in found:
            one.sort(key=lambda r: (r.stream.number, r.stream.sort_key(r.record), r.key))
        if inverse.then is None:
            return found
        beyond = iter(await self.forward(inverse.then, [row for one in found for row in one]))
        return [distinct(far for _ in one for far in next(beyond)) for one in found]

    async def _holders(
        self, stream: Stream, edge: Edge, holder: Stream, near: Sequence[Row]
    ) -> list[Row]:
        if self._catalogue.same_record(stream, stream.key_field, holder, edge.field):
            return await self._search.shown(holder, [row.record for row in near])
        return await self._search.holders(edge, holder, (str(row.key[0]) for row in near))
