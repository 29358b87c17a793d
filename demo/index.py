"""Finding what a fake holds by what it says, without looking at all of it."""

from collections.abc import Callable, Collection, Hashable, Iterable, Set
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")

Keys = Callable[[T], Iterable[Hashable]]
"""Under what a thing is found. The same function is the same index."""


class Indexed(Generic[T]):
    """Things by name, in the order in which they came, which are found by what they say too.

    An index is made when it is first asked, and kept from then on. Who changes a thing in place
    puts it again; `things` is to be read only.
    """

    def __init__(self) -> None:
        self.things: dict[str, T] = {}
        self._places: dict[str, int] = {}
        self._place = count()
        self._indexes: dict[Keys[T], _Index] = {}

    def put(self, name: str, thing: T) -> None:
        """Add a thing as the last one, or change the one that has this name where it stands."""
        self.things[name] = thing
        if name not in self._places:
            self._places[name] = next(self._place)
        for keys, index in self._indexes.items():
            index.put(name, keys(thing))

    def remove(self, name: str) -> T:
        """Take a thing away. Raises `KeyError`."""
        thing = self.things.pop(name)
        del self._places[name]
        for index in self._indexes.values():
            index.put(name, ())
        return thing

    def found(
        self, asked: Iterable[tuple[Keys[T], Hashable]] = (), among: Set[str] | None = None
    ) -> list[T]:
        """The things that are under each of these, oldest first. `among`: of those with one of
        these names only."""
        sets: list[Collection[str]] = [self._index(keys).named(key) for keys, key in asked]
        sets += [among] if among is not None else []
        if not sets:
            return list(self.things.values())
        first, *others = sorted(sets, key=len)
        names = [n for n in first if n in self._places and all(n in one for one in others)]
        return [self.things[n] for n in sorted(names, key=self._places.__getitem__)]

    def _index(self, keys: Keys[T]) -> "_Index":
        if keys not in self._indexes:
            index = self._indexes[keys] = _Index()
            for name, thing in self.things.items():
                index.put(name, keys(thing))
        return self._indexes[keys]


class _Index:
    """Names by key."""

    def __init__(self) -> None:
        self._names: dict[Hashable, set[str]] = {}
        self._keys: dict[str, frozenset[Hashable]] = {}

    def put(self, name: str, keys: Iterable[Hashable]) -> None:
        """Have a name under these keys, and under no others."""
        for key in self._keys.pop(name, ()):
            self._names[key].discard(name)
        if kept := frozenset(keys):
            self._keys[name] = kept
        for key in kept:
            self._names.setdefault(key, set()).add(name)

    def named(self, key: Hashable) -> Set[str]:
        return self._names.get(key, frozenset())
