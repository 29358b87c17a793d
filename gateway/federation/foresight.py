"""How a question will fare, whatever the sources hold: seen from what would be planned. Pure.

What is foreseen is a refusal that does not depend on data: a list that a source cannot be asked for
at all. Whether a question stays within the search budget only the sources can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from gateway.federation.plan import Plan, can_scan, is_empty
from gateway.federation.preferred import of_partijen, on_added, without
from gateway.federation.register import Register
from gateway.federation.resolve import asked_by_uuid, invariant, lead, points_at_few
from gateway.federation.same import ADRESSEN, IDENTIFICATOREN, KIND, OF_PARTIJ, PARTIJEN
from gateway.federation.sampling import any_value, questions
from gateway.mapping.stream import Stream
from gateway.standard.model import Filter, Op, Resource
from gateway.standard.question import Hop, Test, Where, identifies
from gateway.standard.table import RESOURCES, far_side


class Fares(StrEnum):
    """``NOTHING``: nothing can meet it. ``ASKED``: the source itself answers
    it, or it points at so little that looking through it is no matter. ``CHECKED``: records are
    looked through here, within the search budget. ``ADDED``: the source cannot be asked it, and
    only adds to what others show, so the answer is without it and says so. ``REFUSED``: 400,
    whatever the source holds."""

    NOTHING = "nothing"
    ASKED = "asked"
    CHECKED = "checked"
    ADDED = "added"
    REFUSED = "refused"

    @property
    def rank(self) -> int:
        """How much is lost: of several the highest tells of all."""
        return list(Fares).index(self)


def worst(found: Iterable[Fares]) -> Fares:
    """How a question fares that fares so in its parts."""
    return max(found, key=lambda one: one.rank, default=Fares.NOTHING)


class Foresight:
    """Foresees questions to one installation."""

    def __init__(self, register: Register) -> None:
        self._planner = register.planner
        self._same = register.same
        self._zaken = register.zaken
        self._identity = register.catalogue.identity

    def fares(self, resource: str, where: Where) -> Mapping[str, Fares]:
        """By source how a list of a resource fares there, on its way through the others."""
        streams = self._planner.streams(resource)
        resolved = self._resolved(resource, self._zaken.foreseen(resource, where))
        if resolved is None:
            return dict.fromkeys((stream.source for stream in streams), Fares.REFUSED)
        plans = {plan.stream: plan for plan in self._planner.plans(resource, resolved)}
        few = points_at_few(plans.values(), resolved)
        refused = not few and self._needs_all_known(resource, resolved) and not self._all_known
        asked = on_added(resource, resolved)
        added = of_partijen(self._planner) if asked else ()
        others = self._planner.plans(ADRESSEN, without(resolved, asked)) if added else ()
        # What is compared with the other addresses of a partij is fetched whole.
        plans |= {p.stream: replace(p, paged=False) for p in others if p.stream in added}
        found: dict[str, Fares] = {}
        for stream, plan in plans.items():
            one = _fares(plan, identifies(resolved))
            if refused and one is not Fares.NOTHING:
                one = Fares.REFUSED
            found[stream.source] = worst([one, found.get(stream.source, Fares.NOTHING)])
        return found

    def values(self, resource: Resource, spec: Filter) -> Iterator[tuple[str, Mapping[str, Fares]]]:
        """Values of a filter, one of each kind, and by source how each fares by itself."""
        for text, where in questions(self._planner, resource, spec, self.some_of):
            yield text, self.fares(resource.path, where)

    def some(self, stream: Stream) -> str:
        """The uuid of any record of a stream: it stands for those that will be found."""
        return self._identity.encode(stream, tuple(map(any_value, stream.key.values())))

    def some_of(self, resource: str) -> tuple[str, ...]:
        """As ``some``, of each stream of a resource."""
        return tuple(map(self.some, self._planner.streams(resource)))

    def _resolved(self, resource: str, where: Where) -> Where | None:
        """The question as it is once the partijen on its way are known, which are looked up first;
        ``None`` where they cannot be."""
        if not self._same.kinds:
            return where
        hops = [self._hop(resource, hop) for hop in where.hops]
        known = tuple(hop for hop in hops if hop is not None)
        return replace(where, hops=known) if len(known) == len(hops) else None

    def _hop(self, resource: str, hop: Hop) -> Hop | None:
        far = far_side(RESOURCES[resource], hop.relation).path
        if far != PARTIJEN or not hop.where or invariant(hop.where):
            inner = self._resolved(far, hop.where) if far != PARTIJEN else hop.where
            return replace(hop, where=inner) if inner is not None else None
        few = self._few(hop.where)
        if few is not None:
            found = Test("uuid", Op.IN, tuple(map(self.some, few)))
            return replace(hop, where=Where((found,)))
        inner = self._resolved(PARTIJEN, hop.where)
        return replace(hop, where=inner) if inner is not None and self._all_known else None

    def _few(self, where: Where) -> list[Stream] | None:
        """The streams in which partijen may be found that meet a question; ``None`` where it does
        not point at few, or these cannot be asked for."""
        first = lead(where)
        plans = self._planner.plans(PARTIJEN, first)
        if not points_at_few(plans, first):
            return None
        if asked_by_uuid(first) is None:
            resolved = self._resolved(PARTIJEN, first)
            if resolved is None:
                return None
            plans = self._planner.plans(PARTIJEN, resolved)
            if not all(map(can_scan, plans)):
                return None
        return [plan.stream for plan in plans if not is_empty(plan)]

    def _needs_all_known(self, resource: str, where: Where) -> bool:
        """Whether a list of a resource can only be given when it is known who is known twice."""
        if not self._same.kinds or not self._planner.streams(IDENTIFICATOREN):
            return False
        if resource == PARTIJEN:
            return not invariant(where)
        asked = on_added(resource, where) and of_partijen(self._planner)
        return resource in OF_PARTIJ and bool(asked)

    @property
    def _all_known(self) -> bool:
        """Whether all identificatoren can be read, to know who is known twice."""
        of_kinds = Where((Test(KIND, Op.IN, self._same.kinds),))
        plans = self._planner.plans(IDENTIFICATOREN, of_kinds)
        return all(can_scan(plan) for plan in plans)


def _fares(plan: Plan, identifying: bool) -> Fares:
    if plan.aside:
        return Fares.ADDED
    if is_empty(plan):
        return Fares.NOTHING
    if not can_scan(plan):
        return Fares.REFUSED
    return Fares.ASKED if plan.paged or (plan.narrow and identifying) else Fares.CHECKED
