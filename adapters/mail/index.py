"""An index of the headers of an archive: in memory, made anew from the archive, never written.

It holds what ``Light`` holds, so addresses and subjects, and no text of a message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from adapters.mail.light import Light, newest_first
from adapters.mail.wanted import Wanted

_ALL: Final = Wanted()


class Index:
    """Messages by what they are asked by. Of copies the first that is given counts."""

    def __init__(self, lights: Iterable[Light]) -> None:
        self._all = newest_first(lights)
        self._by_key = {light.key: light for light in self._all}
        self._people: dict[str, list[Light]] = defaultdict(list)
        self._zaken: dict[str, list[Light]] = defaultdict(list)
        for light in self._all:
            for address in dict.fromkeys(one.key for one in light.people):
                self._people[address].append(light)
            for number in light.zaken:
                self._zaken[number].append(light)

    def meant(self, wanted: Wanted) -> Sequence[Light]:
        """The messages that are wanted, newest first."""
        return self._all if wanted == _ALL else list(self._meant(wanted))

    def _meant(self, wanted: Wanted) -> Iterator[Light]:
        for light in self._candidates(wanted):
            if wanted.keys is not None and light.key not in wanted.keys:
                continue
            if wanted.people is not None and not _any(light, wanted.people):
                continue
            if wanted.like is not None and not any(wanted.like in one.key for one in light.people):
                continue
            if wanted.zaken is not None and wanted.zaken.isdisjoint(light.zaken):
                continue
            if wanted.since is not None and light.moment < wanted.since:
                continue
            if wanted.until is None or light.moment <= wanted.until:
                yield light

    def _candidates(self, wanted: Wanted) -> Sequence[Light]:
        if wanted.keys is not None:
            found = (self._by_key.get(key) for key in wanted.keys)
            return newest_first(one for one in found if one is not None)
        for values, index in ((wanted.people, self._people), (wanted.zaken, self._zaken)):
            if values is not None:
                return _of(values, index)
        if wanted.like is not None:
            return _of(frozenset(a for a in self._people if wanted.like in a), self._people)
        return self._all


def _of(values: frozenset[str], index: Mapping[str, Sequence[Light]]) -> Sequence[Light]:
    lists = [index[value] for value in values if value in index]
    if len(lists) == 1:
        return lists[0]
    return newest_first(light for one in lists for light in one)


def _any(light: Light, people: frozenset[str]) -> bool:
    return any(one.key in people for one in light.people)
