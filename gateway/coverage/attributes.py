"""Of every attribute of a resource: where its value comes from, and whether it can be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gateway.coverage.model import Attribute, Shows
from gateway.coverage.probing import Probe
from gateway.federation.catalogue import Catalogue
from gateway.mapping.attribute import Option
from gateway.mapping.expression import Const, Expression
from gateway.mapping.raw import FieldRaw
from gateway.mapping.stream import Stream
from gateway.standard.model import Derived, Embed, Field, Inverse, Kind, Member, Ref, Resource

_NOTHING: Final = Attribute(Shows.NOT)


def attributes(
    resource: Resource,
    streams: Sequence[Stream],
    catalogue: Catalogue,
    probe: Callable[[str], Probe],
) -> Mapping[str, Attribute]:
    """By dotted path, in the order of the wire. ``streams``: those of the resource in one source;
    ``probe``: by resource, of the same source."""
    return {
        path: _covered(path, member, resource, streams, catalogue, probe)
        for path, member in resource.leaves()
        if not (isinstance(member, Inverse) and member.embed is Embed.HIDDEN)
    }


def _covered(
    path: str,
    member: Member,
    resource: Resource,
    streams: Sequence[Stream],
    catalogue: Catalogue,
    probe: Callable[[str], Probe],
) -> Attribute:
    match member:
        case Field():
            return _field(path, member, streams, probe(resource.path))
        case Ref():
            return _reference(path, member, streams, probe(resource.path))
        case Inverse():
            if not any(catalogue.holders(stream, member) for stream in streams):
                return _NOTHING
            new, old = probe(member.via).refers(member.ref) if member.writable else (False, False)
            return Attribute(Shows.DERIVED, new or old, new or old)
        case Derived(of=of):
            prefix = path.rpartition(".")[0]
            origin = f"{prefix}.{of}" if prefix else of
            there = not of or any(_gives(stream, origin) for stream in streams)
            return Attribute(Shows.DERIVED) if there else _NOTHING
        case _:
            raise TypeError(f"{path} is no leaf")


def _gives(stream: Stream, origin: str) -> bool:
    """Whether a stream says something of an attribute, or of a part of it."""
    paths = [*stream.attributes, *(edge.path for edge in stream.edges)]
    return any(path == origin or path.startswith(origin + ".") for path in paths)


def _field(path: str, field: Field, streams: Sequence[Stream], probe: Probe) -> Attribute:
    # Each name below a map is an attribute of its own.
    inside = path + "." if field.kind is Kind.MAP else None
    paths = dict.fromkeys(
        name
        for stream in streams
        for name in stream.attributes
        if name == path or (inside and name.startswith(inside))
    )
    options = [
        [o for name in paths if (a := stream.attributes.get(name)) for o in a.options]
        for stream in streams
    ]
    if not paths:
        return _NOTHING
    create = not field.read_only and any(map(probe.creates, paths))
    update = not field.read_only and any(map(probe.updates, paths))
    if create or update:
        given = field.required or field.fill is not None or field.kind is Kind.MAP
        needed = create and not given and any(map(probe.needed, paths))
        sometimes = create and not given and not needed and any(map(probe.sometimes, paths))
        choices = probe.choices(path) if field.kind is Kind.TEXT or field.choices else ()
        if inside and path not in paths:
            choices = tuple(n.removeprefix(inside) for n in paths if probe.creates(n))
        longest = probe.longest(path)
        return Attribute(
            Shows.NATIVE,
            create,
            update,
            needed=needed,
            sometimes=sometimes,
            choices=choices if set(choices) != set(field.choices) else (),
            longest=longest if longest != field.max_length else None,
        )
    return _only_read(options)


def _only_read(options: Sequence[Sequence[Option]]) -> Attribute:
    """An attribute that is only read; ``options``: of each stream its rules."""
    every = [option.expression for one in options for option in one]
    values = {e.value for e in every if isinstance(e, Const)}
    if all(isinstance(expression, Const) for expression in every):
        alike = len(values) == 1 and all(options)
        return Attribute(Shows.CONSTANT, value=values.pop()) if alike else Attribute(Shows.DERIVED)
    plain = all(isinstance(e, Expression) and isinstance(e.raw, FieldRaw) for e in every)
    return Attribute(Shows.READ_ONLY if plain else Shows.DERIVED)


def _reference(path: str, ref: Ref, streams: Sequence[Stream], probe: Probe) -> Attribute:
    edges = [(stream, e) for stream in streams for e in stream.edges if e.path == path]
    if not edges:
        return _NOTHING
    new, old = probe.refers(path)
    if new or old:
        asked = new and not ref.required
        needed = asked and probe.needed(path, reference=True)
        sometimes = asked and not needed and probe.sometimes(path, reference=True)
        return Attribute(Shows.NATIVE, new, old, needed=needed, sometimes=sometimes)
    own = all(edge.field in stream.key for stream, edge in edges)
    return Attribute(Shows.DERIVED if own else Shows.READ_ONLY)
