"""What a request has of records, and what it and others saw moments ago."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from adapters.base import Along, Page
from adapters.conditions import Record, get
from gateway.federation.catalogue import Catalogue
from gateway.federation.recent import Glance, Recent
from gateway.mapping.stream import Stream
from gateway.sources.meter import Meter
from gateway.sources.remembered import Key, Remembered


class Notes:
    """What one request notes of the answers that it gets; ``missing``: sources left out."""

    def __init__(
        self,
        catalogue: Catalogue,
        recent: Callable[[str], Recent],
        meter: Meter,
        missing: Collection[str],
    ) -> None:
        self._catalogue = catalogue
        self._recent = recent
        self._meter = meter
        self._missing = missing
        self._glances: dict[str, Glance] = {}
        self._along: dict[tuple[str, str, str], dict[str, list[Record]]] = {}
        self._only_leads: dict[tuple[str, str, str], dict[str, list[Record]]] = {}
        self._withheld: dict[tuple[str, str], set[str]] = defaultdict(set)

    def glance(self, alias: str) -> Glance:
        """What was seen of a source."""
        if alias not in self._glances:
            # Not a method of this: what refers to itself is only found by the garbage collector,
            # with everything that the request holds.
            oldest = partial(_oldest, self._meter, alias)
            self._glances[alias] = Glance(self._recent(alias), oldest)
        return self._glances[alias]

    def keeps(self, stream: Stream) -> bool:
        """Whether what a stream's source answers is found again by who asks next."""
        return self.glance(stream.source).era is not None

    def answered(self, stream: Stream, page: Page, whole: bool) -> None:
        """Note an answer; ``whole``: its records have all their fields."""
        if whole:
            self.saw(stream, page.records)
        self.withheld(stream).update(page.withheld)
        self.glance(stream.source).withheld(stream, page.withheld)
        for name, along in page.along.items():
            self._came_along(stream, name, along, page.records)

    def saw(self, stream: Stream, records: Sequence[Record]) -> None:
        """Note the records of an answer."""
        collection = self._catalogue.collection(stream)
        self.glance(stream.source).saw(stream.collection, collection, records)

    def _came_along(
        self, stream: Stream, name: str, along: Along, records: Sequence[Record]
    ) -> None:
        """Keep what came along with a page, by the key of the record of the page that it is of."""
        capabilities = self._catalogue.collections[stream.source]
        (key,) = capabilities[name if along.field is None else stream.collection].key
        kept = self._only_leads if along.only_leads else self._along
        came = kept.setdefault((stream.source, name, along.field or key), {})
        if along.field is not None:
            keys = along.keys
            keys = [str(get(record, key)) for record in records] if keys is None else keys
            came |= {own: [] for own in keys}
        if not along.only_leads:
            self.glance(stream.source).saw(name, capabilities[name], along.records)
        for record in along.records:
            own = str(get(record, along.field or key))
            if along.field is None:
                came[own] = [record]
            elif own in came:
                came[own].append(record)
        if along.field is not None and not along.only_leads and len(capabilities[name].key) == 1:
            (its_key,) = capabilities[name].key
            by_key = self._along.setdefault((stream.source, name, its_key), {})
            by_key |= {str(get(record, its_key)): [record] for record in along.records}

    def records(self, stream: Stream, keys: Iterable[str]) -> Mapping[str, Record]:
        """The records of a stream with these native keys (as text) that were seen."""
        if tuple(stream.key) != self._catalogue.collection(stream).key:
            return {}
        return self.glance(stream.source).records(stream.collection, keys)

    def unseen(self, stream: Stream, keys: Collection[str]) -> set[str]:
        """Those of these keys of which a moment ago nothing was seen: neither a record, nor that
        there is none."""
        left = set(keys) - self.records(stream, keys).keys()
        return left.difference(self.glance(stream.source).absent(stream, left)) if left else left

    def along(self, stream: Stream, field: str) -> Mapping[str, list[Record]]:
        """The records of a stream's collection that came along with others, by a field of theirs:
        all there are for each key that is named."""
        return self._along.get((stream.source, stream.collection, field), {})

    def leading(self, stream: Stream, field: str) -> Mapping[str, list[Record]]:
        """The same, of those of which only came to what they lead."""
        return self._only_leads.get((stream.source, stream.collection, field), {})

    def withheld(self, stream: Stream) -> set[str]:
        """The keys of records that the source keeps from who asks."""
        return self._withheld[stream.source, stream.collection]

    def remembered(self, name: str) -> object | None:
        """What a request with the same rights kept under a name; ``None``: nothing."""
        key = self._key_of_all(name)
        kept = key[0].get(key[1]) if key is not None else None
        return None if kept is None else kept.value

    def remember(self, name: str, value: object) -> None:
        """Keep what was made of all sources, for as long as the oldest answer behind it is fresh.

        ``value`` is made of records and plain values."""
        key = self._key_of_all(name)
        if key is not None:
            key[0].put(key[1], value, min(seen.left for seen in self._all_seen()))

    def _key_of_all(self, name: str) -> tuple[Remembered, Key] | None:
        eras = [seen.era for seen in self._all_seen()]
        memory = self._recent(next(iter(self._catalogue.collections))).memory
        if memory is None or any(era is None for era in eras):
            return None
        first, *others = (era for era in eras if era is not None)
        return memory, replace(first, name=(name, tuple((o.source, o.era) for o in others)))

    def _all_seen(self) -> list[Glance]:
        return [
            self.glance(alias)
            for alias in self._catalogue.collections
            if alias not in self._missing
        ]


def _oldest(meter: Meter, alias: str) -> float:
    """Since when the oldest answer of a source is known that a request has used."""
    use = meter.sources.get(alias)
    return use.oldest if use else math.inf
