"""References that are written: which field gets the key of the object that is referred to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.base import Generated
from adapters.conditions import ALWAYS, All, In, Record, Scalar, get, is_absent, matches
from gateway.mapping.inverse import NO_PLACE
from gateway.mapping.sheet import READ_ONLY, Sheet, Unwritable, same_value
from gateway.mapping.shown import Pointed, key_of
from gateway.mapping.stream import Edge, Stream


@dataclass(frozen=True, slots=True)
class Target:
    """An object that is referred to. ``key``: its native key, or what it will be once it is made.
    ``record``: its record, needed where what refers to it stands in the same one. ``new``: that
    record is yet to be made."""

    stream: Stream
    key: tuple[Scalar | Generated, ...]
    record: Record | None = None
    new: bool = False

    def pointed(self, near: Stream) -> Pointed:
        """What tells it from other objects to which ``near`` refers, as ``shown`` does."""
        far, key = self.stream, key_of(self.key[0])
        own = far.source == near.source
        return (far.source, far.id, key) if own else ("", (far.resource.path, ""), key)


def points(edge: Edge, stream: Stream, target: Target) -> bool:
    """Whether an edge of a stream leads to the objects of the target's stream by their key."""
    return edge.shared is None and edge.leads(stream, target.stream)


def refer(
    stream: Stream,
    references: Mapping[str, Sequence[Target]],
    sheet: Sheet,
    reasons: dict[str, str],
    *,
    conditional: bool,
) -> None:
    """Write references, ``conditional``: those whose rules have a ``when``, or else the others.
    Why one could not be written is added to ``reasons``, by its path."""
    for path, targets in references.items():
        edges = [e for e in stream.edges if e.path == path]
        if any(e.when != ALWAYS for e in edges) is not conditional:
            continue
        try:
            _write(stream, edges, targets, sheet)
        except Unwritable as error:
            reasons[path] = str(error)


def _write(stream: Stream, edges: Sequence[Edge], targets: Sequence[Target], sheet: Sheet) -> None:
    free, left = list(edges), []
    for target in targets:
        there = next((e for e in free if _leads(e, stream, target, sheet)), None)
        if there is None:
            left.append(target)
        else:
            sheet.require(there.when, there.path)
            free.remove(there)
    for target in left:
        fitting = [e for e in free if points(e, stream, target)]
        if not fitting:
            raise Unwritable(_why(stream, edges, target))
        free.remove(_point(fitting, target, sheet))
    for edge in free:
        detach(edge, stream, sheet)


def _leads(edge: Edge, stream: Stream, target: Target, sheet: Sheet) -> bool:
    """Whether an edge leads to the target already."""
    return (
        points(edge, stream, target)
        and matches(edge.when, sheet.record)
        and same_value(get(sheet.record, edge.field), target.key[0])
    )


def _why(stream: Stream, edges: Sequence[Edge], target: Target) -> str:
    if not edges:
        return NO_PLACE
    if target.stream.source != stream.source:
        return "de bron kan niet verwijzen naar wat in een andere bron staat"
    if any(points(e, stream, target) for e in edges):
        return "de bron heeft hier geen plaats voor zoveel verwijzingen"
    return "de bron kan hier niet naar dit object verwijzen"


def _point(edges: Sequence[Edge], target: Target, sheet: Sheet) -> Edge:
    """Write the target's key by one of the edges, and say by which."""

    def point(edge: Edge, tried: Sheet) -> None:
        tried.require(edge.when, edge.path)
        if not edge.writable and not same_value(get(tried.record, edge.field), target.key[0]):
            raise Unwritable(READ_ONLY)
        tried.put({edge.field: target.key[0]}, edge.path)

    return sheet.first_of(edges, point)


def detach(edge: Edge, stream: Stream, sheet: Sheet) -> None:
    """Make an edge lead nowhere. Raises ``Unwritable``."""
    if not matches(edge.when, sheet.record) or is_absent(get(sheet.record, edge.field)):
        return
    if not edge.writable:
        raise Unwritable(READ_ONLY)
    field = edge.field
    if field in stream.key:
        # It is the record itself; but a code may say that it is pointed at.
        parts = edge.when.parts if isinstance(edge.when, All) else (edge.when,)
        field = next((p.field for p in parts if isinstance(p, In)), field)
    sheet.put({field: None}, edge.path)
