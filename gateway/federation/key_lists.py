"""The keys that were found first, in lists that fit one question. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from gateway.federation.formula import Cross, Found, Node


def chunks(node: Node, found: Found, size: int) -> Iterable[Found]:
    """``found`` in variants whose longest list of keys fits one question."""
    ways, values = longest(node, found)
    if len(values) <= size:
        yield found
        return
    listed = sorted(values)
    for i in range(0, len(listed), size):
        here = frozenset(listed[i : i + size])
        yield {**found, **{cross: found[cross] & here for cross in ways}}


def longest(node: Node, found: Found) -> tuple[Sequence[Cross], frozenset[str]]:
    """The ways from a field of a record that lead to most of what was found, and the keys there:
    they are asked as one list."""
    lists = [
        (ways, frozenset[str]().union(*(found[c] for c in ways))) for ways in _ways(node, found)
    ]
    return max(lists, key=lambda one: len(one[1]), default=((), frozenset()))


def _ways(node: Node, found: Found) -> Iterator[Sequence[Cross]]:
    """The ways to what was found, by the field of a record that they leave from."""
    by_field: dict[str, list[Cross]] = defaultdict(list)
    for cross in node.crosses:
        if cross in found:
            by_field[cross.near].append(cross)
        else:
            yield from _ways(cross.node, found)
    yield from by_field.values()
