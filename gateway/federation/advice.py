"""Saying what would work: filters that the sources can answer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.bounds import Bounds
from gateway.federation.plan import Planner
from gateway.federation.preferred import of_partijen, on_added
from gateway.mapping.expression import Const, Expression
from gateway.standard.errors import VALIDATION, InvalidParam, Problem
from gateway.standard.model import Filter, Op, Reads, Resource
from gateway.standard.question import ask
from gateway.standard.table import far_side

_SAMPLES = {
    Reads.TEXT: ("x",),
    Reads.LIST: ("x",),
    Reads.BOOLEAN: ("true", "false"),
    Reads.UUID: (),
    Reads.URL: (),
    Reads.DATE: ("2026-01-31",),
    Reads.DATETIME: ("2026-01-31T12:00:00Z",),
}


def works(planner: Planner, resource: Resource, spec: Filter) -> bool:
    """Whether a filter alone is sure to be answered: by the source itself, or because it points
    at so little that looking through it is no matter."""
    texts = spec.choices if spec.reads is Reads.CHOICE else _SAMPLES[spec.reads]
    if spec.op is Op.EXISTS:
        texts = ("true",)
    elif spec.reads is Reads.TEXT:
        texts = (*texts, *_constants(planner, resource, spec))
    asked = [ask(resource, [(spec.param, text)]) for text in texts]
    if of_partijen(planner) and any(on_added(resource.path, where) for where in asked):
        return False
    return all(
        plan.impossible or plan.paged or (plan.narrow and spec.identifying and spec.op is Op.EQ)
        for where in asked
        for plan in planner.plans(resource.path, where)
    )


def _constants(planner: Planner, resource: Resource, spec: Filter) -> Iterator[str]:
    """The values that rules give the attribute of a filter by themselves: a value that every
    record has restricts nothing."""
    far = resource
    for hop in spec.hops:
        far = far_side(far, hop)
    for stream in planner.streams(far.path):
        attribute = stream.attributes.get(spec.attribute)
        for option in attribute.options if attribute else ():
            match option.expression:
                case Const(value=str(text)):
                    yield text
                case Expression(codes=codes) if codes:
                    yield from (v for v in codes.values() if isinstance(v, str))


def fares(planner: Planner, resource: Resource, spec: Filter) -> str:
    """How a filter is answered here, in one word for people: by the sources themselves
    (``volledig``), or at most within the search budget (``binnen zoekbudget``)."""
    plans = planner.plans(resource.path)
    if not plans or works(planner, resource, spec):
        return "volledig"
    return "binnen zoekbudget"


def working_filters(planner: Planner, resource: Resource) -> list[str]:
    """The filters of a resource that work by themselves, in the order of the standard."""
    return [f.param for f in resource.filters if works(planner, resource, f)]


def too_broad(
    planner: Planner, resource: Resource, asked: Sequence[str], bounds: Bounds
) -> Problem:
    """The 400 of a question beyond its budget: names the filters that fail and those that work."""
    working = [name for name in working_filters(planner, resource) if name not in asked]
    advice = f" Filters die wel werken: {', '.join(working)}." if working else ""
    reason = (
        f"Deze vraag past niet binnen het zoekbudget van {bounds.scan_records} records of "
        f"{bounds.scan_pages} pagina's.{advice}"
    )
    names = list(asked) or ["nonFieldErrors"]
    return Problem(
        VALIDATION, params=[InvalidParam(n, "filter-not-supported", reason) for n in names]
    )
