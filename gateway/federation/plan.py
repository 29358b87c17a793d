"""The planner: from a question about the standard to questions about sources. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Collection as Some
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final

from adapters.base import Collection, Paging
from adapters.conditions import (
    ALWAYS,
    NEVER,
    Absent,
    Condition,
    Exists,
    In,
    Present,
    Scalar,
    all_of,
    simplify,
)
from gateway.federation.asking import as_one_list, askable, decides, has_or, narrows, reduce
from gateway.federation.catalogue import Catalogue, Way
from gateway.federation.formula import (
    And,
    Cross,
    CrossPush,
    Formula,
    Found,
    Keys,
    Local,
    Node,
    Not,
    Or,
    Own,
    Points,
    crosses,
    push,
)
from gateway.federation.same import PARTIJEN
from gateway.mapping.expression import Expression
from gateway.mapping.raw import UNKNOWN, FieldRaw, Push
from gateway.mapping.stream import Edge, NativeKey, RuleError, Stream
from gateway.standard.model import Inverse, Op, Ref
from gateway.standard.question import EVERYTHING, Hop, Test, Where

_ONE: Final = frozenset({"·"})
"""Stands for the values that will be found."""

Keyed = Mapping[Stream, frozenset[NativeKey]]
"""Records, by their stream."""


@dataclass(frozen=True, eq=False)
class Plan:
    """How the records of one node are found.

    ``decided``: crosses that the source decides; ``decide`` makes a condition of one. ``first``:
    crosses whose far records are asked for beforehand, so that their keys narrow the question;
    some lie beyond a cross that is decided. ``after``: crosses checked on the records that came.
    ``exact``: the source gives exactly what is asked. ``paged``: it can also give any page in
    order, with the total. ``narrow``: the question asks more than mere presence. ``aside``: it is
    left out of a list, because its source cannot be asked that and only adds to what others show.
    """

    node: Node
    collection: Collection
    decided: Some[Cross]
    decide: Callable[[Found, Cross], Push | None]
    first: Mapping[Cross, Plan]
    after: Mapping[Cross, Plan]
    exact: bool
    paged: bool
    narrow: bool
    aside: bool = False

    @property
    def stream(self) -> Stream:
        return self.node.stream

    @cached_property
    def light(self) -> frozenset[str]:
        """The fields that are asked for where records are only looked through, of a source to which
        others cost more; none: all of them."""
        seen = self.node.fields | self.stream.sort_fields
        heavy = self.collection.heavy
        return self.collection.fields - heavy if heavy.isdisjoint(seen) and heavy else frozenset()

    @cached_property
    def impossible(self) -> bool:
        """No record can match, so no call is made."""
        return self.aside or self._bare.condition == NEVER

    @cached_property
    def _bare(self) -> Push:
        return self._question({})

    def question(self, found: Found) -> Push:
        """What the source is asked, given what ``first`` found."""
        return self._question(found) if found else self._bare

    def _question(self, found: Found) -> Push:

        def asked(cross: Cross) -> Push:
            if cross in found:
                return _one_of(cross, found)
            return (self.decide(found, cross) if cross in self.decided else None) or UNKNOWN

        reduced = reduce(push(self.node.formula, asked), self.collection)
        return Push(simplify(reduced.condition), reduced.exact)


class Planner:
    """Plans questions for one installation."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        # The same few plans are asked for in every request.
        self._everything: dict[Stream, Plan] = {}
        self._holding: dict[tuple[Edge, Stream], Plan] = {}

    def streams(self, resource: str) -> tuple[Stream, ...]:
        """The streams of a resource."""
        return self._catalogue.of(resource)

    def plans(
        self, resource: str, where: Where = EVERYTHING, but: Keyed = MappingProxyType({})
    ) -> tuple[Plan, ...]:
        """A plan for each stream of a resource; ``but``: keys of records that are left out."""
        return tuple(
            self._or_aside(
                self.plan(self._but(self.node(stream, where), but.get(stream, frozenset())))
                if where != EVERYTHING or stream in but
                else self.everything(stream)
            )
            for stream in self._catalogue.of(resource)
        )

    def _or_aside(self, plan: Plan) -> Plan:
        adds = plan.stream.source in self._catalogue.adding
        return replace(plan, aside=True) if adds and not can_scan(plan) else plan

    def _but(self, node: Node, keys: frozenset[NativeKey]) -> Node:
        if not keys:
            return node
        return Node(node.stream, And((node.formula, Not(Keys(node.stream, keys)))))

    def node(self, stream: Stream, where: Where = EVERYTHING, came: Edge | None = None) -> Node:
        """The node of a stream. ``came``: the edge along which we came, which therefore holds."""
        return Node(stream, self._formula(stream, where, came))

    def _formula(self, stream: Stream, where: Where, came: Edge | None) -> Formula:
        asked = [self._test(stream, test) for test in where.tests]
        if where.either:
            groups = (tuple(self._test(stream, test) for test in group) for group in where.either)
            asked.append(Or(tuple(map(And, groups))))
        asked += (self._hop(stream, hop) for hop in where.hops)
        judged = self._keys(stream, where.judged)
        if judged.keys:
            own = And((*asked, Not(judged)))
            asked = [Or((own, self._keys(stream, where.kept)))]
        return And((Local(stream.where), *asked, *self._required(stream, came)))

    def _test(self, stream: Stream, test: Test) -> Formula:
        if test.attribute == "uuid":
            uuids = test.value if isinstance(test.value, tuple) else (test.value,)
            return self._keys(stream, uuids)
        return Local(NEVER) if self._is_no_key(stream, test) else Own(stream, test)

    def _keys(self, stream: Stream, uuids: Iterable[object]) -> Keys:
        decode, path = self._catalogue.identity.decode, stream.resource.path
        return Keys(
            stream,
            frozenset(
                key
                for uuid in uuids
                if isinstance(uuid, str)
                for candidate, key in decode(path, uuid)
                if candidate is stream
            ),
        )

    def _is_no_key(self, stream: Stream, test: Test) -> bool:
        """Whether a test asks for a key that no record of a stream can have."""
        attribute = stream.attributes.get(test.attribute)
        if attribute is None or test.op is not Op.EQ or len(stream.key) != 1:
            return False
        match [option.expression for option in attribute.options]:
            case [Expression(raw=FieldRaw(field, ()), codes=None, format=None)]:
                if field != stream.key_field:
                    return False
            case _:
                return False
        try:
            self._catalogue.identity.encode(stream, (str(test.value),))
        except RuleError:
            return True
        return False

    def _required(self, stream: Stream, came: Edge | None) -> Iterable[Formula]:
        """An object whose required reference leads nowhere is not shown."""
        for path in dict.fromkeys(e.path for e in stream.edges if e.required):
            targets = self._catalogue.targets(stream, path)
            if {way.edge for way in targets} == {came}:
                continue
            if not any(
                way.edge.ref.required and self._catalogue.certain(stream, way) for way in targets
            ):
                somewhere = [self._forward(stream, way, EVERYTHING) for way in targets]
                yield Or((*_not_given(stream, path), *somewhere))

    def _hop(self, stream: Stream, hop: Hop) -> Formula:
        member = stream.resource.member(hop.relation)
        match member:
            case Ref():
                targets = self._catalogue.targets(stream, member.name)
                own = [way for way in targets if way.edge.shared is None]
                options = [self._forward(stream, way, hop.where) for way in own]
                edges = dict.fromkeys(way.edge for way in targets if way.edge.shared is not None)
                for edge in edges:
                    options += self._sharing(edge, hop.where)
            case Inverse():
                beyond = Where(hops=(Hop(member.then, hop.where),)) if member.then else hop.where
                holders = self._catalogue.holders(stream, member)
                options = [self._backward(stream, way, beyond) for way in holders]
            case _:
                raise TypeError(f"{hop.relation} is no relation")
        # What leads nowhere for sure is no alternative, and so nothing else is less sure for it.
        either = Or(tuple(option for option in options if not Node(stream, option).never))
        return Not(either) if hop.negated else either

    def _forward(self, near: Stream, way: Way, where: Where) -> Formula:
        edge, far, within = way
        if within:
            return And((Local(edge.when), self._formula(far, where, None)))
        certain = self._catalogue.certain(near, way)
        if certain and not where:
            return And((Local(edge.when), Local(Present(edge.field))))
        keys = self._only_keys(far, where) if certain or _looked_up(far) else None
        if keys is not None:
            # All that is asked is which one it is, and that stands here.
            return And((Local(edge.when), Points(In(edge.field, keys) if keys else NEVER)))
        cross = Cross(edge.path, edge.field, far.key_field, self.node(far, where), mere=not where)
        return And((Local(edge.when), cross))

    def _sharing(self, edge: Edge, where: Where) -> Iterable[Formula]:
        """Where a key leads that sources share: one way for each stream that says whose it is."""
        shared = edge.shared
        assert shared is not None
        path = shared.reference(edge.ref.to)
        assert path is not None
        for carrier in self._catalogue.carriers(edge):
            of_kind = tuple(_of_kind(carrier, test) for test in shared.tests)
            whose = self._formula(carrier, Where(hops=(Hop(path, where),)), None)
            node = Node(carrier, And((*of_kind, whose)))
            cross = Cross(f"{edge.path}: {shared.name}", edge.field, "", node, shared=edge)
            yield And((Local(edge.when), cross))

    def _only_keys(self, far: Stream, where: Where) -> tuple[Scalar, ...] | None:
        """The keys by which alone a question points at objects; ``None`` when it asks anything
        else."""
        match where:
            case Where((Test("uuid") as test,), (), (), either=()) if len(far.key) == 1:
                keys = self._test(far, test)
            case _:
                return None
        assert isinstance(keys, Keys)
        return tuple(sorted((key[0] for key in keys.keys), key=str))

    def _backward(self, near: Stream, way: Way, where: Where) -> Formula:
        edge, far, within = way
        node = self.holder(edge, far, where)
        if within:
            return node.formula
        return Cross(f"{far.resource.path}.{edge.path}", near.key_field, edge.field, node)

    def holder(self, edge: Edge, stream: Stream, where: Where = EVERYTHING) -> Node:
        """The node of a stream that refers to something by an edge, asked from there."""
        return Node(stream, And((Local(edge.when), self._formula(stream, where, edge))))

    def everything(self, stream: Stream) -> Plan:
        """The plan of all that a stream shows."""
        if stream not in self._everything:
            self._everything[stream] = self.plan(self.node(stream))
        return self._everything[stream]

    def holding(self, edge: Edge, holder: Stream) -> Plan:
        """The plan of all that a stream shows and that refers to something by an edge."""
        if (edge, holder) not in self._holding:
            self._holding[edge, holder] = self.plan(self.holder(edge, holder))
        return self._holding[edge, holder]

    def plan(self, node: Node) -> Plan:
        """How a node is answered with what its source can do."""
        collection = self._catalogue.collection(node.stream)
        decide = partial(self._decision, node.stream)
        all_crosses = dict(crosses(node.formula))
        beyond = {c: b for c in all_crosses if (b := self._beyond(node.stream, c)) is not None}
        if not self._reduced(node, beyond).exact:
            # A cross that the source decides is only relied on where it holds for sure.
            beyond = {c: b for c, b in beyond.items() if all_crosses[c]}
        loose = {c: self.plan(c.node) for c in all_crosses if c not in beyond}
        first = {
            cross: plan
            for cross, plan in loose.items()
            # Nothing on the far side is known without a call, however the near side can be asked.
            if plan.impossible or (plan.narrow and narrows(cross.to(("",)), collection))
        }
        after = {cross: plan for cross, plan in loose.items() if cross not in first}
        for plans in beyond.values():
            first |= plans
        sample = _sample(first)

        def asked(cross: Cross) -> Push:
            if cross in first:
                return _one_of(cross, sample)
            return (decide(sample, cross) if cross in beyond else None) or UNKNOWN

        question = reduce(push(node.formula, asked), collection)
        exact = not after and question.exact
        can_ask = askable(question.condition, collection)
        at_once = collection.disjunctions or not has_or(question.condition)
        return Plan(
            node,
            collection,
            frozenset(beyond),
            decide,
            first,
            after,
            exact,
            exact and at_once and can_ask and _pages(node.stream, collection),
            can_ask and _narrow(node.formula, collection, asked),
        )

    def _reduced(self, node: Node, beyond: Mapping[Cross, Mapping[Cross, Plan]]) -> Push:
        """What the source is asked if it decides these crosses and nothing else is found first."""

        def asked(cross: Cross) -> Push:
            if cross not in beyond:
                return UNKNOWN
            return self._decision(node.stream, _sample(beyond[cross]), cross) or UNKNOWN

        return reduce(push(node.formula, asked), self._catalogue.collection(node.stream))

    def _beyond(self, holder: Stream, cross: Cross) -> Mapping[Cross, Plan] | None:
        """What is to be found first so that a source can decide a cross: mostly nothing, else what
        lies beyond it. ``None`` when it cannot."""
        if self._decision(holder, {}, cross) is not None:
            return {}
        if not self._catalogue.collection(holder).linked or not cross.node.crosses:
            return None
        plans = {inner: self.plan(inner.node) for inner in cross.node.crosses}
        if not all(plan.narrow or plan.impossible for plan in plans.values()):
            return None
        return plans if self._decision(holder, _sample(plans), cross) is not None else None

    def _decision(self, holder: Stream, found: Found, cross: Cross) -> Push | None:
        """A cross from a stream as a condition of its source, given what was found beyond it;
        ``None`` when that cannot decide it exactly."""
        beyond, near = cross.node.stream, self._catalogue.collection(holder)
        if beyond.source != holder.source:
            return None
        if beyond.collection in near.exists:
            far = self._catalogue.collection(beyond)
            further = partial(self._decision, beyond, found)
            inner = reduce(push(cross.node.formula, lambda c: further(c) or UNKNOWN), far)
            if has_or(inner.condition) and not near.disjunctions:
                return None
        else:
            inner = push(cross.node.formula, partial(_in_full, found, beyond))
        if not inner.exact:
            return None
        asked = _exists(cross, inner)
        decided = not isinstance(asked.condition, Exists) or decides(near, asked.condition)
        return asked if decided else None


def is_empty(plan: Plan) -> bool:
    """Whether nothing can meet a plan, so that its source is not asked."""
    return plan.impossible or _once_found(plan) == NEVER


def can_scan(plan: Plan, extra: Condition = ALWAYS) -> bool:
    """Whether a source can be asked for all records that meet a plan (and ``extra``), and for what
    has to be looked up beside them."""
    if plan.impossible:
        return True
    return (
        all(can_scan(far) for far in plan.first.values())
        and askable(all_of([_once_found(plan), extra]), plan.collection)
        and all(_can_reach(far, cross) for cross, far in plan.after.items())
    )


def _can_reach(plan: Plan, cross: Cross) -> bool:
    """Whether a source can be asked for the records of a plan to which a cross leads."""
    if cross.shared is not None:
        return can_tell(cross.shared, plan.stream, plan.collection)
    by_field = In(cross.far, tuple(_ONE))
    return can_scan(plan, by_field if narrows(by_field, plan.collection) else ALWAYS)


def can_tell(edge: Edge, carrier: Stream, collection: Collection) -> bool:
    """Whether a source can be asked who has a key that sources share, where a stream of it can
    hold one at all."""
    assert edge.shared is not None
    if NEVER in (carrier.push(test).condition for test in edge.shared.tests):
        return True
    wanted = carrier.push(edge.shared.wanted(tuple(_ONE))).condition
    return askable(reduce(Push(wanted, True), collection).condition, collection)


def _once_found(plan: Plan) -> Condition:
    """What a source is asked once it is known what is on the far side."""
    found = {c: frozenset[str]() if is_empty(far) else _ONE for c, far in plan.first.items()}
    return plan.question(found).condition


def _in_full(found: Found, holder: Stream, cross: Cross) -> Push:
    """A cross from a stream as a condition, whether or not its source can be asked that."""
    if cross in found:
        return _one_of(cross, found)
    beyond = cross.node.stream
    if beyond.source != holder.source:
        return UNKNOWN
    return _exists(cross, push(cross.node.formula, partial(_in_full, found, beyond)))


def _exists(cross: Cross, inner: Push) -> Push:
    """That there is a record beyond a cross which meets a condition."""
    if inner.condition == NEVER:
        return inner
    name = cross.node.stream.collection
    where = as_one_list(simplify(inner.condition))
    return Push(Exists(cross.near, name, cross.far, where), inner.exact)


def _one_of(cross: Cross, found: Found) -> Push:
    """That a record leads to what was found."""
    return Push(cross.to(found[cross]), True)


def _of_kind(carrier: Stream, test: Test) -> Formula:
    """That what holds a key is of its kind; that alone points at nothing."""
    asked = carrier.push(test)
    return Local(asked.condition) if asked.exact else Own(carrier, test)


def _sample(plans: Mapping[Cross, Plan]) -> Found:
    """What might be found: one value stands for all."""
    return {c: frozenset() if plan.impossible else frozenset({""}) for c, plan in plans.items()}


def _looked_up(far: Stream) -> bool:
    """Whether the uuids that are asked for are those of objects that are shown: partijen are looked
    up beforehand (see ``resolve``)."""
    plain = far.where == ALWAYS and not any(edge.required for edge in far.edges)
    return plain and far.resource.path == PARTIJEN


def _pages(stream: Stream, collection: Collection) -> bool:
    """Whether a source can give any page of a stream in the order of the list."""
    order = stream.source_order
    return (
        order is not None
        and collection.orders(order)
        and collection.paging is Paging.OFFSET
        and collection.total
    )


def _not_given(stream: Stream, path: str) -> Iterable[Formula]:
    """That nothing is referred to, where an object may be shown without."""
    edges = [edge for edge in stream.edges if edge.path == path]
    if all(edge.required == "given" for edge in edges):
        yield Local(all_of(Absent(edge.field) for edge in edges))


def _narrow(formula: Formula, collection: Collection, asked: CrossPush) -> bool:
    """Whether what the source is asked restricts more than mere presence."""
    match formula:
        case Points():
            return reduce(push(formula, asked), collection).condition != ALWAYS
        case Local():
            return False
        case And(parts):
            return any(_narrow(p, collection, asked) for p in parts)
        case Or(parts):
            return all(_narrow(p, collection, asked) for p in parts)
        case Not():
            return False
        case Cross(node=node):
            mere = asked(formula).condition == ALWAYS
            return not mere and _asks(node.formula)
        case Own() | Keys():
            return reduce(push(formula, asked), collection).condition != ALWAYS


def _asks(formula: Formula) -> bool:
    """Whether a formula has a test at all."""
    match formula:
        case And(parts) | Or(parts):
            return any(map(_asks, parts))
        case Not(part):
            return _asks(part)
        case Cross(node=node):
            return _asks(node.formula)
        case Own() | Keys() | Points():
            return True
        case Local():
            return False
