"""How a list is answered, in words: what each source is asked, and what is done with it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from adapters.conditions import All, AnyOf, Condition, Exists
from gateway.bounds import Bounds
from gateway.federation.advice import too_broad
from gateway.federation.asking import branches
from gateway.federation.formula import And, Cross, Formula, Keys, Not, Or, Own
from gateway.federation.plan import Plan, can_scan
from gateway.federation.preferred import of_partijen, on_added, without
from gateway.federation.register import Register
from gateway.federation.resolve import invariant, lead, points_at_few
from gateway.federation.same import ADRESSEN, OF_PARTIJ, PARTIJEN
from gateway.federation.sampling import any_value
from gateway.mapping.stream import Stream
from gateway.standard.model import Op, Resource
from gateway.standard.question import Hop, Test, Where, ask
from gateway.standard.table import RESOURCES, far_side


def explain(
    register: Register, resource: Resource, filters: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """How a list would be answered, line by line, in Dutch, without asking any source. No values,
    so safe to share. Raises ``Problem`` for a question that makes no sense."""
    where = ask(resource, filters)
    if not register.planner.streams(resource.path):
        yield f"Geen bron levert {resource.path}: de lijst is leeg, zonder aanroep."
        return
    looked_up = len(register.zaken.pointed_at(resource.path, where)) * len(register.zaken.known)
    if looked_up:
        yield f"eerst: de andere namen van de zaak, bij {', '.join(register.zaken.known)}"
    where = register.zaken.foreseen(resource.path, where)
    explaining = _Explaining(register)
    if register.same.kinds:
        where = yield from explaining.partijen_first(resource.path, where)
    plans = [(plan, register.bounds) for plan in register.planner.plans(resource.path, where)]
    asked = on_added(resource.path, where)
    open_ = of_partijen(register.planner) if asked else ()
    if open_:
        where = without(where, asked)
        wider = explaining.fetched(where)
        plans = [wider[p.stream] if p.stream in open_ else (p, b) for p, b in plans]
    for plan, bounds in plans:
        yield f"{plan.stream}"
        yield from _indent(_plan(plan, bounds))
    if open_:
        compared = ", ".join(test.attribute for test in asked)
        yield f"daarna vergeleken, met de andere adressen van de partij erbij: {compared}"
    elif register.same.kinds and resource.path in (PARTIJEN, *OF_PARTIJ):
        yield from explaining.doubles(resource.path, where)
    total = looked_up + sum(most_calls(plan, bounds) for plan, bounds in plans)
    yield f"hoogstens {min(total, register.bounds.calls)} aanroepen voor de lijst zelf"
    if any(not _bounded(plan) for plan, _ in plans):
        names = list(dict(filters))
        reason = too_broad(register.planner, resource, names, register.bounds).params[0].reason
        yield f"boven het zoekbudget wordt de vraag geweigerd (400): {reason}"


class _Explaining:
    """What happens because partijen of several sources are one."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._planner = register.planner
        self._bounds = register.bounds
        self._kinds = ", ".join(register.same.kinds)

    def partijen_first(self, resource: str, where: Where) -> Generator[str, None, Where]:
        """Which partijen are looked for beforehand. Returns the question that remains."""
        hops = []
        for hop in where.hops:
            hops.append((yield from self._hop(resource, hop)))
        return replace(where, hops=tuple(hops))

    def _hop(self, resource: str, hop: Hop) -> Generator[str, None, Hop]:
        far = far_side(RESOURCES[resource], hop.relation).path
        if far != PARTIJEN:
            return replace(hop, where=(yield from self.partijen_first(far, hop.where)))
        if not hop.where or invariant(hop.where):
            return hop
        first = lead(hop.where)
        plans = self._planner.plans(PARTIJEN, first)
        if not points_at_few(plans, first):
            yield from self._known_twice()
            return hop
        yield "eerst: de partijen die voldoen, in alle bronnen"
        for plan in plans:
            yield f"  {plan.stream}"
            yield from _indent(_indent(_plan(plan, self._bounds)))
        yield f"  en wie daarmee één partij is ({self._kinds})"
        found = Test("uuid", Op.IN, tuple(map(self._some, self._planner.streams(PARTIJEN))))
        return replace(hop, where=Where((found,)))

    def doubles(self, resource: str, where: Where) -> Iterator[str]:
        """How what is known twice becomes one."""
        asked = lead(where) if resource == PARTIJEN else where
        plans = self._planner.plans(resource, asked)
        if all(plan.impossible for plan in plans):
            return
        if points_at_few(plans, asked):
            yield f"daarna samengevoegd: wie één partij is ({self._kinds})"
        else:
            yield from self._known_twice()

    def fetched(self, where: Where) -> Mapping[Stream, tuple[Plan, Bounds]]:
        """How addresses are found that are compared afterwards, per stream, and within what."""
        plans, bounds = self._planner.plans(ADRESSEN, where), self._bounds
        if not points_at_few(plans, where):
            most, pages = bounds.merged_records, bounds.calls // 4
            bounds = replace(bounds, scan_records=most, scan_pages=pages)
        return {plan.stream: (replace(plan, paged=False), bounds) for plan in plans}

    def _known_twice(self) -> Iterator[str]:
        yield (
            f"partijen die meermaals bekend zijn ({self._kinds}) worden uit de vraag gelaten en"
            " samengevoegd teruggezet; daarvoor worden hoogstens"
            f" {self._bounds.merged_records} identificatoren per stroom bekeken"
        )

    def _some(self, stream: Stream) -> str:
        """The uuid of any record of a stream: it stands for those that will be found."""
        key = tuple(map(any_value, stream.key.values()))
        return self._register.catalogue.identity.encode(stream, key)


def _plan(plan: Plan, bounds: Bounds) -> Iterator[str]:
    if plan.aside:
        yield "niet gevraagd: zo laat deze bron zich niet vragen; zij vult aan wat andere tonen"
        return
    if plan.impossible:
        yield "onmogelijk: hier kan niets aan voldoen, dus geen aanroep"
        return
    if not can_scan(plan):
        yield "geweigerd (400): zo laat deze bron zich niet vragen, wat zij ook heeft"
        return
    for cross, far in plan.first.items():
        yield f"eerst: {far.stream} (via {cross.label}; de sleutels vernauwen {cross.near})"
        yield from _indent(_plan(far, bounds))
    asked = plan.question(dict.fromkeys(plan.first, frozenset({"·"})))
    for kind in _kinds(plan.first):
        yield f"dan: wie zo'n {kind} nog meer heeft; die van twee is van geen van beide"
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
    for kind in _kinds(plan.after):
        yield f"en wie zo'n {kind} nog meer heeft; die van twee is van geen van beide"


def _kinds(crosses: Iterable[Cross]) -> Iterable[str]:
    """The kinds of keys that sources share by which some of these lead on."""
    edges = (cross.shared for cross in crosses)
    return dict.fromkeys(e.shared.name for e in edges if e is not None and e.shared is not None)


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
    # Who else has a key is looked up, stream by stream.
    shared = sum(cross.shared is not None for cross in (*plan.first, *plan.after))
    return own + far + bounds.scan_pages * shared


def _bounded(plan: Plan) -> bool:
    return plan.impossible or plan.paged


def _tests(formula: Formula) -> Iterator[str]:
    match formula:
        case Own(stream, test):
            yield f"{stream.resource.path}.{test.attribute} {test.op.value}"
        case Keys(stream):
            yield f"{stream.resource.path}.uuid"
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
    "Alike": "is · (hoofdletters of niet)",
    "Pattern": "bevat achtereenvolgens ·",
}
