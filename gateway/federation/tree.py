"""What is to be expanded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Tree = Mapping[str, "Tree"]
"""What to expand: attribute -> what to expand inside it."""

Branches = tuple[tuple[str, "Branches"], ...]
"""The same as a value that can be a key."""


def expand_tree(paths: Iterable[str]) -> Tree:
    """Expand paths as a tree; a nested path counts only where its parent is asked too (EXP-05)."""
    wanted = set(paths)
    tree: dict[str, Any] = {}
    for path in sorted(wanted):
        steps = path.split(".")
        if all(".".join(steps[:i]) in wanted for i in range(1, len(steps))):
            node = tree
            for step in steps:
                node = node.setdefault(step, {})
    return tree


def branches_of(tree: Tree) -> Branches:
    """A tree as a value that can be a key."""
    return tuple((name, branches_of(below)) for name, below in tree.items())
