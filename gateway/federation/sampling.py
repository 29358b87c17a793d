"""Questions that stand for all that a filter can ask. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from adapters.conditions import Scalar
from gateway.federation.plan import Planner
from gateway.federation.preferred import FOR_PORTALS
from gateway.identity.keys import expand
from gateway.mapping.attribute import Attribute
from gateway.mapping.expression import Const, Expression
from gateway.mapping.words import KeyPart
from gateway.standard.model import Filter, Op, Reads, Resource
from gateway.standard.question import Where, ask
from gateway.standard.table import far_side

TEXTS: Final = ("x", "1", "2024000001", "999993653", "12345678", "123456789012")
"""Words, and numbers of the lengths that codes and registers have."""

_SAMPLES: Final = {
    # What an address may show though no source says it.
    Reads.TEXT: (*TEXTS, str(FOR_PORTALS.value)),
    Reads.LIST: ("x",),
    Reads.BOOLEAN: ("true", "false"),
    Reads.DATE: ("2026-01-31",),
    Reads.DATETIME: ("2026-01-31T12:00:00Z",),
}


SomeOf = Callable[[str], Sequence[str]]
"""By resource uuids that its objects may have."""


def questions(
    planner: Planner, resource: Resource, spec: Filter, some_of: SomeOf
) -> Iterator[tuple[str, Where]]:
    """Values of a filter, one of each kind, and what each asks."""
    for text in dict.fromkeys(_texts(planner, resource, spec, some_of)):
        yield text, ask(resource, [(spec.param, text)])


def _texts(planner: Planner, resource: Resource, spec: Filter, some_of: SomeOf) -> Iterable[str]:
    far = resource
    for hop in spec.hops:
        far = far_side(far, hop)
    if spec.op is Op.EXISTS:
        return ("true", "false")
    match spec.reads:
        case Reads.CHOICE:
            return spec.choices
        case Reads.UUID:
            return some_of(far.path)
        case Reads.URL:
            return (f"http://x/{uuid}" for uuid in some_of(far.path))
        case _:
            return (*_SAMPLES[spec.reads], *_constants(planner, far, spec))


def any_value(part: KeyPart) -> Scalar:
    """A value that part of a key can have."""
    match part.type:
        case "integer":
            return 1
        case "uuid":
            return "00000000-0000-4000-8000-000000000001"
        case _:
            return expand(part.alphabet or "")[0]


def given(attribute: Attribute) -> Iterator[str]:
    """The texts that the rules of an attribute give by themselves, or for a code."""
    for option in attribute.options:
        match option.expression:
            case Const(value=str(text)):
                yield text
            case Expression(codes=codes) if codes:
                yield from (v for v in codes.values() if isinstance(v, str))


def _constants(planner: Planner, far: Resource, spec: Filter) -> Iterator[str]:
    """The values that rules give the attribute of a filter: one that every record has restricts
    nothing."""
    for stream in planner.streams(far.path):
        attribute = stream.attributes.get(spec.attribute)
        if attribute is not None:
            yield from given(attribute)
