"""Saying what would work: filters that the sources can answer, and how a question is answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from adapters.conditions import All, AnyOf, Condition, Exists
from gateway.federation.bounds import Bounds
from gateway.federation.formula import And, Formula, Not, Or, Own, branches
from gateway.federation.plan import Plan, Planner
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
    return all(
        plan.impossible or plan.paged or (plan.narrow and spec.identifying and spec.op is Op.EQ)
        for text in texts
        for plan in planner.plans(resource.path, ask(resource, [(spec.param, text)]))
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
    (``volledig``), within the search budget (``binnen zoekbudget``), or ``niet``."""
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


# --- explain -----------------------------------------------------------------------------------


def explain(
    planner: Planner, resource: Resource, filters: Sequence[tuple[str, str]], bounds: Bounds
) -> Iterator[str]:
    """How a list would be answered, line by line, in Dutch. No values, so safe to share."""
    plans = planner.plans(resource.path, ask(resource, filters))
    if not plans:
        yield f"Geen bron levert {resource.path}: de lijst is leeg, zonder aanroep."
        return
    for plan in plans:
        yield f"{plan.stream}"
        yield from _indent(_plan(plan, bounds))
    total = sum(most_calls(plan, bounds) for plan in plans)
    yield f"hoogstens {min(total, bounds.calls)} aanroepen voor de lijst zelf"
    if any(not _bounded(p) for p in plans):
        reason = too_broad(planner, resource, list(dict(filters)), bounds).params[0].reason
        yield f"boven het zoekbudget wordt de vraag geweigerd (400): {reason}"


def _plan(plan: Plan, bounds: Bounds) -> Iterator[str]:
    if plan.impossible:
        yield "onmogelijk: hier kan niets aan voldoen, dus geen aanroep"
        return
    for cross, far in plan.first.items():
        yield f"eerst: {far.stream} (via {cross.label}; de sleutels vernauwen {cross.near})"
        yield from _indent(_plan(far, bounds))
    asked = plan.question(dict.fromkeys(plan.first, frozenset({"·"})))
    for branch in branches(asked.condition, plan.collection):
        yield f"gevraagd: {describe(branch)}"
    if plan.paged:
        yield "de bron telt, sorteert en bladert zelf"
    else:
        yield (
            f"opgehaald tot {bounds.scan_records} records of {bounds.scan_pages} pagina's, "
            "dan gesorteerd"
        )
    checked = list(dict.fromkeys(_tests(plan.node.formula)))
    if checked:
        verb = "nogmaals nagekeken" if plan.exact else "daarna gefilterd"
        yield f"{verb}: {', '.join(checked)}"
    for cross, far in plan.after.items():
        yield f"daarna nagekeken bij {far.stream} (via {cross.label})"


def _indent(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def most_calls(plan: Plan, bounds: Bounds) -> int:
    """A bound on the calls that finding the rows of a plan takes."""
    if plan.impossible:
        return 0
    own = (
        2
        if plan.paged
        else bounds.scan_pages * max(1, len(branches(plan.question({}).condition, plan.collection)))
    )
    far = sum(most_calls(p, bounds) for p in (*plan.first.values(), *plan.after.values()))
    return own + far


def _bounded(plan: Plan) -> bool:
    return plan.impossible or plan.paged


def _tests(formula: Formula) -> Iterator[str]:
    match formula:
        case Own(stream, test):
            yield f"{stream.resource.path}.{test.attribute} {test.op.value}"
        case And(parts) | Or(parts):
            for part in parts:
                yield from _tests(part)
        case Not(part):
            yield from _tests(part)
        case _:
            return


def describe(condition: Condition) -> str:
    """A condition in words, without its values."""
    match condition:
        case All(parts):
            return " en ".join(map(_nested, parts)) or "alles"
        case AnyOf(parts):
            return " of ".join(map(_nested, parts)) or "niets"
        case Exists(field, collection, far_field, where, negated):
            verb = "is niet" if negated else "is"
            return f"er {verb} een {collection} met {far_field} = deze {field} en {describe(where)}"
        case _:
            return f"{condition.field} {_WORDS[type(condition).__name__]}"


def _nested(condition: Condition) -> str:
    text = describe(condition)
    return f"({text})" if isinstance(condition, All | AnyOf) else text


_WORDS = {
    "In": "is ·",
    "NotIn": "is niet ·",
    "Present": "gevuld",
    "Absent": "leeg",
    "Compare": "ligt voor of na ·",
    "Contains": "bevat ·",
    "Pattern": "bevat achtereenvolgens ·",
}
