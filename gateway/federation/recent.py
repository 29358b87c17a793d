"""What was seen moments ago: records by key, and what referred to them.

A desk that opens one customer shows a list, and then asks for each object in it. What the list
brought answers that; and what one object needs beside it is fetched for all that were in the list.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Final

from adapters.base import Collection
from adapters.conditions import Record, get
from gateway.mapping.stream import Edge, Stream
from gateway.sources.remembered import Key
from gateway.sources.source import Source

LISTS: Final = 24
"""Of a collection, and of a reference, so many lists are looked through."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One answer: where it is kept, and ``since`` when, on the clock of the event loop."""

    key: Key
    since: float


class Recent:
    """What was seen of one source by clients with the same rights, in all their requests."""

    def __init__(self, source: Source, rights: str) -> None:
        self.memory = source.memory
        self.alias = source.alias
        self.fresh = source.fresh
        self.rights = rights
        self.lists: dict[Hashable, deque[_Seen]] = {}
        self.made = 0


class Glance:
    """What one request sees of that, and adds to it. ``oldest``: when the oldest answer came that
    this request was given by the source."""

    def __init__(self, recent: Recent, oldest: Callable[[], float] = lambda: math.inf) -> None:
        self._recent = recent
        self._oldest = oldest
        self._memory = recent.memory
        # Made before anything is asked: what was seen before a change is not found after it.
        self.era = recent.memory.key(recent.alias, recent.rights, None) if recent.memory else None
        self._since = _now()

    @property
    def left(self) -> float:
        """How many seconds all that was seen here is fresh."""
        return min(self._since, self._oldest()) + self._recent.fresh - _now()

    def saw(self, name: str, collection: Collection, records: Sequence[Record]) -> None:
        """Note the records of an answer; one that was kept was noted before."""
        if self._memory is None or len(collection.key) != 1 or not records:
            return
        field = collection.key[0]
        held = {str(get(record, field)): record for record in records}
        first = next(iter(held))
        for since, kept in self._kept(name):
            if kept.get(first) is held[first]:
                self._since = min(self._since, since)
                return
        self._keep(name, held, min(_now(), self._oldest()))

    def records(self, collection: str, keys: Iterable[str]) -> Mapping[str, Record]:
        """The records with these keys that were seen."""
        return self._holding(collection, keys)

    def beside(self, collection: str, key: str) -> Mapping[str, Record]:
        """By key the records that were seen in one list with this one, and itself: of the longest
        list, and from it on, for that is how a list is gone through."""
        lists = (held for _, held in self._kept(collection) if key in held)
        longest = max(lists, key=len, default={})
        at = list(longest).index(key) if longest else 0
        return dict(chain(islice(longest.items(), at, None), islice(longest.items(), at)))

    def holders(
        self, edge: Edge, holder: Stream, keys: Iterable[str]
    ) -> Mapping[str, Sequence[Record]]:
        """The records that refer to each of these keys by an edge, where that is known."""
        return self._holding((holder, edge), keys)

    def absent(self, stream: Stream, keys: Iterable[str]) -> Mapping[str, object]:
        """Of these keys those of which the source said that a stream has no such object."""
        return self._holding(("absent", stream), keys)

    def missed(self, stream: Stream, keys: Iterable[str]) -> None:
        """Note that a stream has no objects with these keys."""
        held = dict.fromkeys(keys, True)
        if held:
            self._keep(("absent", stream), held, min(self._since, self._oldest()))

    def kept_back(self, stream: Stream, keys: Iterable[str]) -> Mapping[str, object]:
        """Of these keys those of which the source keeps the record from who asks."""
        return self._holding(("withheld", stream.collection), keys)

    def withheld(self, stream: Stream, keys: Iterable[str]) -> None:
        """Note that the source keeps the records with these keys from who asks."""
        held = dict.fromkeys(keys, True)
        if held:
            self._keep(("withheld", stream.collection), held, min(self._since, self._oldest()))

    def found(self, edge: Edge, holder: Stream, holders: Mapping[str, Sequence[Record]]) -> None:
        """Note all that refers to some keys by an edge. It may rest on the oldest thing seen."""
        self._keep((holder, edge), holders, min(self._since, self._oldest()))

    def _keep(self, name: Hashable, held: Mapping[str, object], since: float) -> None:
        recent = self._recent
        left = since + recent.fresh - _now()
        if self._memory is None or self.era is None or left <= 0:
            return
        recent.made += 1
        key = replace(self.era, name=("recent", recent.made))
        self._memory.put(key, held, left)
        recent.lists.setdefault(name, deque(maxlen=LISTS)).appendleft(_Seen(key, since))

    def _holding(self, name: Hashable, keys: Iterable[str]) -> dict[str, Any]:
        """The newest that was kept under a name for each key. What is made of it is as old."""
        found: dict[str, Any] = {}
        left = set(keys)
        for since, held in self._kept(name) if left else ():
            here = left & held.keys()
            if here:
                self._since = min(self._since, since)
                found |= {key: held[key] for key in here}
                left -= here
        return found

    def _kept(self, name: Hashable) -> Iterator[tuple[float, Mapping[str, Any]]]:
        if self._memory is None or self.era is None:
            return
        for one in self._recent.lists.get(name, ()):
            kept = self._memory.get(one.key) if one.key.era == self.era.era else None
            if kept is not None:
                yield one.since, kept.value


def _now() -> float:
    return asyncio.get_running_loop().time()
