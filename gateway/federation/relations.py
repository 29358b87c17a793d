"""Following references between rows: one question for a page, never one for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from adapters.concurrency import together
from adapters.conditions import Record
from gateway.federation.catalogue import Way
from gateway.federation.rows import Row, distinct
from gateway.federation.search import UNKNOWN, Search
from gateway.mapping.stream import Edge, Stream
from gateway.standard.model import Embed, Inverse

Lists = list[list[Row]]
"""Per row of a page, the rows that a relation of it leads to."""


class Relations:
    """What the records of rows refer to, and what refers to them. Of one source at a time: that a
    partij is one over several is not known here (see ``Persons``).

    Most relations stay within the record, or lead to what was fetched before. What ends in
    ``_now`` follows these at once; it gives ``None`` where something has to be asked.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._catalogue = search.catalogue

    async def forward(self, path: str, rows: Sequence[Row], *, bare: bool = False) -> Lists:
        """Per row the objects that its references at ``path`` point at, in order of the rules.
        ``bare``: only which ones; where that is certain, nothing more is known of them."""
        found = self.forward_now(path, rows, bare=bare)
        if found is not None:
            return found
        wanted: dict[Stream, set[str]] = defaultdict(set)
        within: dict[Stream, dict[str, Row]] = defaultdict(dict)
        shared: dict[Edge, set[str]] = defaultdict(set)
        for row in rows:
            for edge, far, inside in self._catalogue.targets(row.stream, path):
                key = edge.key(row.record)
                if edge.shared is not None:
                    shared[edge] |= {str(key)} if key is not None else set()
                    continue
                if key is None or self._search.known(far, str(key)) is not UNKNOWN:
                    continue
                if bare and self._catalogue.certain(row.stream, Way(edge, far, inside)):
                    continue
                if inside:
                    within[far][str(key)] = row
                else:
                    wanted[far].add(str(key))
        if any(self._search.asks_ahead(far, keys) for far, keys in wanted.items()):
            self._add_ahead(path, rows, wanted)
        await together(self._search.by_key(far, keys) for far, keys in wanted.items())
        await together(self._look(far, near) for far, near in within.items())
        await together(self._search.joined().of(edge, keys) for edge, keys in shared.items())
        found = self.forward_now(path, rows, bare=bare)
        assert found is not None
        return found

    def forward_now(self, path: str, rows: Sequence[Row], *, bare: bool = False) -> Lists | None:
        """See the class."""
        if not any(self._catalogue.targets(s, path) for s in {row.stream for row in rows}):
            return [[] for _ in rows]
        known = self._search.known
        pointed: list[list[tuple[Stream, str] | Row]] = []
        certain: dict[tuple[Stream, str], Row] = {}
        within: dict[Stream, dict[str, Record]] = defaultdict(dict)
        for row in rows:
            here: list[tuple[Stream, str] | Row] = []
            for edge, far, inside in self._catalogue.targets(row.stream, path):
                value = edge.key(row.record)
                if value is None:
                    continue
                key = str(value)
                if edge.shared is not None:
                    links = self._search.joined().known(edge, [key])
                    if links is None:
                        return None
                    # The same for each stream to which it may lead.
                    link = links[key]
                    here += [link.whole] if link is not None and link.whole not in here else []
                    continue
                here.append((far, key))
                if known(far, key) is not UNKNOWN or (far, key) in certain:
                    continue
                if bare and self._catalogue.certain(row.stream, Way(edge, far, inside)):
                    certain[far, key] = self._search.rows(far, [{far.key_field: value}])[0]
                elif not inside:
                    return None
                else:
                    within[far][key] = row.record
            pointed.append(here)
        for far, records in within.items():
            if self._search.at_hand(far, list(records.values())) is None:
                return None
            self._search.settle(far, records)
        lists = (
            [one if isinstance(one, Row) else certain.get(one) or known(*one) for one in here]
            for here in pointed
        )
        return [[row for row in one if isinstance(row, Row)] for one in lists]

    def _add_ahead(self, path: str, rows: Sequence[Row], wanted: dict[Stream, set[str]]) -> None:
        """Add to the keys that are asked for what the neighbours of the rows refer to."""
        for row in rows:
            near = self._search.beside(row.stream, [str(row.key[0])]).values()
            for edge, far, inside in self._catalogue.targets(row.stream, path):
                keys = {str(k) for record in near if (k := edge.key(record)) is not None}
                if not inside and keys and edge.shared is None:
                    room = self._search.room(far, wanted[far])
                    wanted[far] |= {*islice(keys - wanted[far], room)}

    async def _look(self, far: Stream, near: dict[str, Row]) -> None:
        """See whether the records at hand give objects that are shown."""
        await self._search.shown(far, [row.record for row in near.values()])
        self._search.settle(far, near)

    async def inverse(self, inverse: Inverse, rows: Sequence[Row]) -> Lists:
        """Per row the objects that refer to it, oldest first within each of their streams; where
        the relation goes one reference further, what those refer to, each once."""
        found = self._holders_now(inverse, rows)
        if found is None:
            by_stream = _by_stream(rows)
            asked = [
                (stream, way)
                for stream in by_stream
                for way in self._catalogue.holders(stream, inverse)
            ]
            bare = inverse.then is not None or _never_shown(inverse, rows)
            answers = await together(
                self._holders(way, list(by_stream[stream].values()), bare) for stream, way in asked
            )
            found = _sorted_out(rows, answers, self._own_order)
        if inverse.then is None:
            return found
        beyond = iter(await self.forward(inverse.then, [row for one in found for row in one]))
        return [distinct(far for _ in one for far in next(beyond)) for one in found]

    def inverse_now(self, inverse: Inverse, rows: Sequence[Row]) -> Lists | None:
        """See the class."""
        return self._holders_now(inverse, rows) if inverse.then is None else None

    def within(self, inverse: Inverse, rows: Sequence[Row]) -> Lists:
        """Per row what refers to it from its own record, as far as nothing is asked for that."""
        answers: list[_Answer] = []
        for stream, near in _by_stream(rows).items():
            records = [row.record for row in near.values()]
            for way in self._catalogue.holders(stream, inverse):
                shown = self._search.at_hand(way.far, records) if way.within else None
                answers.append(_Answer(stream, way.edge, shown or ()))
        return _sorted_out(rows, answers, self._own_order)

    def _holders_now(self, inverse: Inverse, rows: Sequence[Row]) -> Lists | None:
        streams = {row.stream for row in rows}
        if not any(self._catalogue.holders(stream, inverse) for stream in streams):
            return [[] for _ in rows]
        answers: list[_Answer] = []
        for stream, near in _by_stream(rows).items():
            for way in self._catalogue.holders(stream, inverse):
                records = [row.record for row in near.values()]
                shown = self._search.at_hand(way.far, records) if way.within else None
                if shown is None:
                    return None
                answers.append(_Answer(stream, way.edge, shown))
        return _sorted_out(rows, answers, self._own_order)

    def _own_order(self, stream: Stream) -> bool:
        return self._catalogue.collection(stream).own_order

    async def _holders(self, way: Way, near: Sequence[Row], bare: bool) -> _Answer:
        stream = near[0].stream
        if way.within:
            shown = await self._search.shown(way.far, [row.record for row in near])
            return _Answer(stream, way.edge, shown)
        if way.edge.shared is not None:
            of = await self._search.joined().to(way.edge, near)
            holders = await self._search.holders(way, stream, of)
            return _Answer(stream, way.edge, holders, of)
        keys = [str(row.key[0]) for row in near]
        ask = self._search.leading if bare else self._search.holders
        return _Answer(stream, way.edge, await ask(way, stream, keys))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What refers to rows of a stream by an edge. ``of``: where that is by a key that is shared,
    the rows that it is of."""

    stream: Stream
    edge: Edge
    holders: Sequence[Row]
    of: Mapping[str, Sequence[Row]] | None = None

    def near(self, holder: Row) -> Iterable[str]:
        """The native keys to which a holder refers."""
        key = str(self.edge.key(holder.record))
        return [key] if self.of is None else [str(row.key[0]) for row in self.of[key]]


def _never_shown(inverse: Inverse, rows: Sequence[Row]) -> bool:
    """Whether of what refers to rows no more is ever shown with them than which it is."""
    plain = inverse.embed is Embed.REFERENCE and not inverse.shows
    return plain and all(inverse.name not in row.stream.resource.expand for row in rows)


def _by_stream(rows: Sequence[Row]) -> dict[Stream, dict[str, Row]]:
    """The rows that can be referred to, by stream and key."""
    found: dict[Stream, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if len(row.key) == 1:
            found[row.stream][str(row.key[0])] = row
    return found


def _sorted_out(
    rows: Sequence[Row],
    answers: Sequence[_Answer],
    own: Callable[[Stream], bool],
) -> Lists:
    """Per row what was found for it: what refers to its stream by some edges. ``own``: whether a
    stream has an order that its records do not tell."""
    found: dict[tuple[Stream, str], list[Row]] = defaultdict(list)
    for answer in answers:
        for row in answer.holders:
            for key in answer.near(row):
                found[answer.stream, key].append(row)
    for one in found.values():
        if len(one) > 1:
            # Where no field tells the order, it is the opposite of that in which they came.
            one.reverse()
            one.sort(key=lambda r: (r.stream.number, r.sort_key, () if own(r.stream) else r.key))
    none: list[Row] = []
    return [found.get((r.stream, str(r.key[0])), none) if found else none for r in rows]
