"""Whether declared filters keep their word, compared with what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from adapters.base import OPERATORS, Collection, Failure, Match, Query, SourceError
from adapters.conditions import All, AnyOf, Atom, Condition, Exists, In, Record, get, matches
from gateway.kit.findings import NotDeclared, refute, told
from gateway.kit.subject import Scope, Subject
from gateway.kit.values import questions

Oracle = Callable[[Record], bool]

_PAIRS: Final = 12


async def each(subject: Subject) -> None:
    """Every declared filter, with values of the records: no record that meets it is left out, and
    where it is exact none other is given."""
    asked = 0
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            for atom, match in atoms(spec, scope):
                await compare(subject, scope, atom, match, _oracle(spec, atom))
                asked += 1
    if not asked:
        raise NotDeclared("no collection can be filtered")


async def together(subject: Subject) -> None:
    """Two filters at once, and either of two where *or* is declared."""
    asked = 0
    for name, spec in subject.examined.items():
        for scope in await subject.scopes(name):
            single = [(a, m) for a, m in atoms(spec, scope) if a.field not in _lists(spec)]
            fields = {atom.field: (atom, match) for atom, match in reversed(single)}
            pairs = [*pairwise(fields.values()), *pairwise(reversed(fields.values()))]
            for (one, of_one), (two, of_two) in pairs[:_PAIRS]:
                match = of_one if of_one is of_two else Match.SUPERSET
                both = All((one, two))
                await compare(subject, scope, both, match, _meets(both))
                asked += 1
                if spec.disjunctions:
                    either = AnyOf((one, two))
                    await compare(subject, scope, either, match, _meets(either))
    if not asked:
        raise NotDeclared("no two fields can be filtered at once")


async def named(subject: Subject) -> None:
    """Where a question has to name a value, a record with that value is found by it."""
    asked = 0
    for name, spec in subject.examined.items():
        if not spec.asked_by:
            continue
        asked += 1
        if not await subject.scopes(name):
            refute(name, "a question has to name a value, and no sample record has one")
        for scope in await subject.scopes(name):
            sample = [r for r in subject.samples.get(name, ()) if matches(scope.base, r)]
            if sample and not scope.records:
                refute(name, f"{told(scope.base)}: nothing, though a sample has it")
    if not asked:
        raise NotDeclared("nothing has to be named")


async def over_relations(subject: Subject) -> None:
    """``exists``: that another record refers to this one, and that none does."""
    asked = 0
    for name, spec in subject.examined.items():
        for far in sorted(spec.exists):
            for field in _shared(subject, name, far):
                await _exists(subject, name, far, field)
                asked += 1
    if not asked:
        raise NotDeclared("no collection decides on records of another")


async def _exists(subject: Subject, name: str, far: str, field: str) -> None:
    if not all(subject.whole(scope) for scope in await subject.scopes(far)):
        return
    beyond = {str(get(r, field)) for r in await subject.known(far) if get(r, field)}
    for scope in await subject.scopes(name):
        for negated in (False, True):
            condition = Exists(field, far, field, All(()), negated)

            def meets(record: Record, negated: bool = negated) -> bool:
                value = get(record, field)
                return (value is not None and str(value) in beyond) is not negated

            await compare(subject, scope, condition, Match.EXACT, meets)


def _shared(subject: Subject, name: str, far: str) -> Iterator[str]:
    """Fields by which records of two collections may belong together: the key of either, where the
    other has it too."""
    one, other = subject.collections[name], subject.collections[far]
    for key in dict.fromkeys((one.key, other.key)) if name != far else ():
        if len(key) == 1 and key[0] in one.fields & other.fields:
            yield key[0]


async def compare(
    subject: Subject, scope: Scope, condition: Condition, match: Match, meets: Oracle
) -> None:
    """Ask, and compare with what is known. Refutes a record that is missing or given twice, and
    where the filter is exact one that does not meet it."""
    name = scope.collection
    expected = {subject.key(name, r) for r in scope.records if meets(r)}
    at = f"{name}, {told(condition)}"
    try:
        found = await subject.every(name, Query(scope.where(condition)))
    except SourceError as error:
        if error.failure is Failure.REFUSED and not subject.whole(scope):
            # Too much for one question, and said so.
            return
        refute(at, f"is declared and fails: `{error.failure}`")
    keys = subject.keys(name, found)
    known = set(subject.keys(name, scope.records))
    if subject.whole(scope) and not known.issuperset(keys):
        refute(at, "gives a record that a walk through all does not")
    if len(keys) != len(set(keys)):
        refute(at, f"{len(keys) - len(set(keys))} record(s) more than once")
    hidden = {key for collection, key in subject.withheld if collection == name}
    missing = expected - set(keys) - hidden
    if missing and len(found) <= subject.most:
        refute(at, f"leaves out {len(missing)} of {len(expected)} record(s)")
    wrong = [r for r in found if not meets(r)]
    if match is Match.EXACT and wrong:
        refute(at, f"is declared exact and gives {len(wrong)} record(s) that do not meet it")


def atoms(spec: Collection, scope: Scope) -> list[tuple[Atom, Match]]:
    return [
        (atom, spec.filters[field][OPERATORS[type(atom)]])
        for field in sorted(spec.filters)
        for atom in questions(spec, field, scope.records)
        if not (isinstance(atom, In) and len(atom.values) > spec.max_in)
    ]


def telling(spec: Collection, scope: Scope) -> list[tuple[Atom, Match]]:
    """One condition on each field that can be filtered, which many records meet and not all."""
    found: dict[str, tuple[tuple[bool, int], Atom, Match]] = {}
    for atom, match in atoms(spec, scope):
        if atom.field in _lists(spec):
            continue
        met = sum(matches(atom, record) for record in scope.records)
        many = met < len(scope.records), met
        if met and many > found.get(atom.field, ((False, 0), atom, match))[0]:
            found[atom.field] = many, atom, match
    return [(atom, match) for _, atom, match in found.values()]


def _lists(spec: Collection) -> frozenset[str]:
    return frozenset(spec.asked_as.values())


def _oracle(spec: Collection, atom: Atom) -> Oracle:
    """A list that stands in several fields is met when any of these meets the condition."""
    fields = [name for name, one in spec.asked_as.items() if one == atom.field]
    if not fields:
        return _meets(atom)
    parts: Sequence[Atom] = [_on(atom, field) for field in {*fields, atom.field}]
    return _meets(AnyOf(tuple(parts)))


def _on(atom: Atom, field: str) -> Atom:
    return replace(atom, field=field)


def _meets(condition: Condition) -> Oracle:
    return lambda record: matches(condition, record)
