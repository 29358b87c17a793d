"""Where fields stand in an object: paths of elements, and the tree that they make together.

``verblijfsadres/aoa.postcode`` is an element within an element. What stands in brackets is the
entity that StUF wants to be named: ``oefentActiviteitenUitVoor[VESMAC]/gerelateerde[MAC]``. An
element of another namespace has its prefix: ``natuurlijkPersoon[NPS]/BG:inp.bsn``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.stuf.names import PREFIXES, named

_STEP: Final = re.compile(r"(?:(BG|ZKN|StUF):)?([A-Za-z][\w.-]*)(?:\[([A-Z]+)\])?")


@dataclass(frozen=True, slots=True)
class Step:
    """One element. ``entity``: its ``StUF:entiteittype``."""

    tag: str
    entity: str | None = None

    @property
    def anywhere(self) -> str:
        """The same name in any namespace, or in none."""
        return "{*}" + self.tag.rpartition("}")[2]


Path = tuple[Step, ...]


def path(text: str, namespace: str) -> Path:
    """A path as it is written; ``namespace``: of elements without a prefix.

    Raises ``ValueError``.
    """
    steps = []
    for part in text.split("/"):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"`{part}` is geen stap van een pad in StUF")
        prefix, name, entity = match.groups()
        steps.append(Step(named(PREFIXES.get(prefix, namespace), name), entity))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Node:
    """An element in the tree of some paths; ``name``: the field that it holds."""

    name: str | None = None
    inner: dict[Step, Node] = field(default_factory=dict)


def tree(paths: Mapping[str, Path], names: Iterable[str]) -> Node:
    """The elements of the fields with these names, in the order in which ``paths`` has them.

    Raises ``ValueError`` when one field stands within another.
    """
    root = Node()
    wanted = frozenset(names)
    for name, steps in paths.items():
        if name not in wanted:
            continue
        node = root
        for step in steps[:-1]:
            node = node.inner.setdefault(step, Node())
            if node.name is not None:
                raise ValueError(f"`{name}` staat binnen `{node.name}`")
        if steps[-1] in node.inner:
            raise ValueError(f"`{name}` staat waar al een ander veld staat")
        node.inner[steps[-1]] = Node(name)
    return root
