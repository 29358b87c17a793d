"""Why a source does not keep an object: by path of the standard, with reasons in Dutch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class NotKept(Exception):
    """What a source cannot keep. ``reasons``: per dotted path of the standard, why (in Dutch)."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(reasons)))
        self.reasons = reasons


class NoPlace(NotKept):
    """There is no record in which the object could be filled in, whatever it is."""


class Otherwise(NotKept):
    """What the source could have kept, but not any more: the record is there, says otherwise and is
    not changed. ``root``: the resource of the object that the record is made for; ``told_by``: the
    attributes of that one by which it could have been said then."""

    def __init__(self, reasons: Mapping[str, str], root: str, told_by: Sequence[str]) -> None:
        super().__init__(reasons)
        self.root = root
        self.told_by = told_by


def most_telling(refused: Sequence[NotKept]) -> NotKept:
    """Of the refusals of several streams the one that a client can do most with: of a stream that
    has a place for the object if there is any, and for all that is asked of it; the fewest reasons.
    """

    def rank(error: NotKept) -> tuple[bool, bool, int]:
        return isinstance(error, NoPlace), not isinstance(error, Otherwise), len(error.reasons)

    return min(refused, key=rank)
