"""A question about the standard: which objects of a resource, said in terms of the standard.

The filters of a list become a small tree: tests on the object's own attributes, and hops to a
related object that must exist (or must not) and meet its own tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.standard.errors import VALIDATION, InvalidParam, Problem, echo, invalid
from gateway.standard.model import IDENTIFYING, Filter, Op, Resource
from gateway.standard.values import Value, read


@dataclass(frozen=True, slots=True)
class Test:
    """``attribute op value`` on one object; the attribute ``uuid`` is its identity."""

    attribute: str
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Hop:
    """There is (``negated``: is not) an object along ``relation`` that meets ``where``."""

    relation: str
    where: Where
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """All tests and all hops hold.

    ``either``: groups of tests on the object, of one of which all hold too; without any, nothing
    is asked by it. ``judged``: uuids of objects of which something else decides; of these only
    those in ``kept`` count, whatever the tests and hops say.
    """

    tests: tuple[Test, ...] = ()
    hops: tuple[Hop, ...] = ()
    judged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    either: tuple[tuple[Test, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tests or self.hops or self.either)


EVERYTHING = Where()


def identifies(where: Where) -> bool:
    """Whether a question points at something: then few objects meet it."""
    return (
        _names_one(where.tests)
        or any(not hop.negated and identifies(hop.where) for hop in where.hops)
        or (bool(where.either) and all(map(_names_one, where.either)))
    )


def _names_one(tests: Iterable[Test]) -> bool:
    return any(
        test.op in (Op.EQ, Op.IN, Op.ALIKE) and test.attribute.rpartition(".")[2] in IDENTIFYING
        for test in tests
    )


def ask(resource: Resource, params: Iterable[tuple[str, str]]) -> Where:
    """The question that the given filter parameters ask.

    ``params`` are names of filters of ``resource`` with their text; of a repeated one the last
    counts. An empty value is left out, except on a filter that identifies something: there it
    would widen the answer, so it is refused. Raises ``Problem`` (400) naming every bad parameter.
    """
    last = dict(params)
    asked: list[tuple[Filter, Value]] = []
    wrong: list[InvalidParam] = []
    for name, raw in last.items():
        spec = resource.filter(name)
        assert spec is not None, name
        text = raw.strip()
        try:
            if text:
                asked.append((spec, read(spec, text)))
            elif spec.identifying:
                raise invalid(name, "blank", "Dit veld mag niet leeg zijn.")
        except Problem as problem:
            wrong += problem.params
    if wrong:
        raise Problem(VALIDATION, params=wrong)
    return _tree(asked)


def unknown_parameters(names: Iterable[str]) -> Problem:
    """The 400 that names all unknown parameters at once (QRY-01, QRY-07)."""
    listed = ", ".join(echo(n) for n in names)
    return invalid("nonFieldErrors", "unknown-parameters", f"Onbekende query parameters: {listed}")


def _tree(asked: Sequence[tuple[Filter, Value]]) -> Where:
    """Group by related object: parameters of one prefix share the objects along their hops."""
    tests: list[Test] = []
    hops: list[Hop] = []
    shared: dict[tuple[str, str], list[tuple[tuple[str, ...], Test | None]]] = {}
    for spec, value in asked:
        if spec.op is Op.EXISTS:
            if value:
                # Joins the other parameters of its prefix: the same related object meets all.
                key = (spec.prefix, spec.hops[0] if spec.hops else spec.attribute)
                rest = (*spec.hops[1:], spec.attribute) if spec.hops else ()
                shared.setdefault(key, []).append((rest, None))
            else:
                hops.append(_chain((*spec.hops, spec.attribute), negated=True))
        elif not spec.hops:
            tests.append(Test(spec.attribute, spec.op, value))
        else:
            test = Test(spec.attribute, spec.op, value)
            shared.setdefault((spec.prefix, spec.hops[0]), []).append((spec.hops[1:], test))
    hops += [Hop(relation, _where(branches)) for (_, relation), branches in shared.items()]
    return Where(tuple(tests), tuple(hops))


def _where(branches: Sequence[tuple[tuple[str, ...], Test | None]]) -> Where:
    tests = tuple(test for path, test in branches if not path and test)
    deeper: dict[str, list[tuple[tuple[str, ...], Test | None]]] = {}
    for path, test in branches:
        if path:
            deeper.setdefault(path[0], []).append((path[1:], test))
    return Where(tests, tuple(Hop(name, _where(below)) for name, below in deeper.items()))


def _chain(path: Sequence[str], negated: bool = False) -> Hop:
    where = EVERYTHING
    for name in reversed(path[1:]):
        where = Where(hops=(Hop(name, where),))
    return Hop(path[0], where, negated)
