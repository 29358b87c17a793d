"""The rules of a stream: each becomes part of an attribute, or an edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.base import Collection
from adapters.conditions import Condition
from gateway.documents import Location, suggestion
from gateway.mapping.attribute import Attribute, Option
from gateway.mapping.checks import Checks
from gateway.mapping.load_values import value
from gateway.mapping.shared import KINDS
from gateway.mapping.stream import Edge
from gateway.mapping.words import Rule, StreamWord, Tests
from gateway.standard.model import Field, Kind, Ref, Resource, Variants


@dataclass(frozen=True, slots=True)
class Targets:
    """The streams that references can name, and by resource the other sources to which they lead.
    Not ``complete`` when another file could not be read: then its streams are not known to be
    missing."""

    streams: Mapping[tuple[str, str], StreamWord]
    elsewhere: Mapping[str, Sequence[str]]
    complete: bool


class Rules:
    """The rules of one stream. ``writes``: whether something is written through it."""

    def __init__(
        self,
        checks: Checks,
        resource: Resource,
        targets: Targets,
        known: Collection,
        *,
        writes: bool,
    ) -> None:
        self.attributes: dict[str, Attribute] = {}
        self.presence: dict[str, Attribute] = {}
        self.edges: list[Edge] = []
        self._checks = checks
        self._resource = resource
        self._targets = targets
        self._known = known
        self._writes = writes
        self._fields = dict(resource.fields())
        self._refs = dict(resource.refs())

    def read(self, at: Location, rules: Sequence[Rule]) -> None:
        """Read all rules."""
        options: dict[str, list[tuple[Rule, Option, Location]]] = {}
        single: dict[str, list[tuple[Rule, Location]]] = {}
        for i, rule in enumerate(rules):
            here = (*at, i)
            when = self._checks.tests((*here, "when"), rule.when or {}, self._known)
            if rule.ref is not None:
                edge = self._edge(here, rule, when)
                if edge:
                    self.edges.append(edge)
                    if not edge.ref.many:
                        single.setdefault(rule.to, []).append((rule, here))
                continue
            spec = self._spec(rule)
            if spec is None:
                self._checks.find((*here, "to"), self._no_attribute(rule.to))
                continue
            option = self._option(here, rule, when, spec)
            options.setdefault(rule.to, []).append((rule, option, here))
        for path, found in options.items():
            self._exclusive(path, [(rule, here) for rule, _, here in found])
            spec = self._spec(found[0][0])
            assert spec is not None
            kept = self.presence if self._is_variants(path) else self.attributes
            kept[path] = Attribute(spec, tuple(o for _, o, _ in found))
        for path, references in single.items():
            self._exclusive(path, references)
        self._one_map(at, rules)

    def _option(self, at: Location, rule: Rule, when: Condition, spec: Field) -> Option:
        writable = self._writes and rule.write is not False
        choices = (rule.write or {}) if writable else None
        return Option(when, value(self._checks, at, rule, self._known, spec, choices), writable)

    def _spec(self, rule: Rule) -> Field | None:
        """The standard's field that a rule is about: a plain one, a name below ``metadata``, all
        of ``metadata`` where its format reads it, or whether there is one of several shapes."""
        head, _, rest = rule.to.partition(".")
        parent = self._fields.get(head)
        if parent is not None and parent.kind is Kind.MAP:
            whole = rule.format is not None and rule.format.name == WHOLE_MAP
            return parent if bool(rest) is not whole else None
        if self._is_variants(rule.to):
            return Field(rule.to, Kind.BOOLEAN, False)
        return self._fields.get(rule.to)

    def _is_variants(self, path: str) -> bool:
        return isinstance(self._resource.member(path), Variants)

    def _no_attribute(self, to: str) -> str:
        if to in self._refs:
            return f"`{to}` is een verwijzing: geef `ref` en `key`."
        if to in self._fields:
            return (
                f"schrijf `{to}.<naam>`: elke naam in `{to}` is een eigen regel; of geef "
                f"`format: {WHOLE_MAP}`, als een veld ze alle heeft."
            )
        if self._fields.get(to.partition(".")[0]):
            return f"`format: {WHOLE_MAP}` hoort bij `{to.partition('.')[0]}` als geheel."
        known = [*self._fields, *self._refs]
        return f"{self._resource.path} heeft geen attribuut `{to}`.{suggestion(to, known)}"

    def _one_map(self, at: Location, rules: Sequence[Rule]) -> None:
        whole = {p for p, a in self.attributes.items() if a.field.kind is Kind.MAP and "." not in p}
        for i, rule in enumerate(rules):
            head, dot, _ = rule.to.partition(".")
            if dot and head in whole:
                self._checks.find((*at, i, "to"), f"een andere regel geeft `{head}` al als geheel.")

    def _exclusive(self, path: str, rules: list[tuple[Rule, Location]]) -> None:
        for i, (rule, _) in enumerate(rules):
            for other, here in rules[i + 1 :]:
                if not _exclude(rule.when, other.when):
                    self._checks.find(
                        here,
                        f"een tweede regel voor `{path}`: geef beide een `when` op hetzelfde veld "
                        "met andere waarden.",
                    )

    def _edge(self, at: Location, rule: Rule, when: Condition) -> Edge | None:
        ref = self._refs.get(rule.to)
        if ref is None:
            self._checks.find(
                (*at, "to"),
                f"`{rule.to}` is geen verwijzing van {self._resource.path}."
                + suggestion(rule.to, self._refs),
            )
            return None
        other = "." not in str(rule.ref)
        if rule.through is not None:
            shared = KINDS[rule.through]
            if shared.resource == self._resource.path or shared.reference(ref.to) is None:
                self._checks.find(
                    (*at, "through"),
                    f"een {rule.through} zegt hier niet naar welke {ref.to} er wordt verwezen.",
                )
                return None
            if rule.ref == ref.to and not self._targets.elsewhere.get(ref.to):
                # A source need not be joined to another: then it just knows nobody.
                return None
        found = self._elsewhere(at, rule, ref) if other else self._target(at, rule, ref)
        if found is None:
            return None
        id, parts = found
        assert rule.key is not None
        if len(rule.key) != 1 or parts != 1:
            self._checks.find(
                (*at, "key"), "een verwijzing wijst met één veld naar een enkele sleutel."
            )
            return None
        self._checks.fields((*at, "key"), rule.key, self._known)
        return Edge(
            path=rule.to,
            ref=ref,
            target=id,
            field=rule.key[0],
            when=when,
            required=ref.required or rule.required,
            writable=self._writes and rule.write is not False and rule.through is None,
            elsewhere=tuple(self._targets.elsewhere[ref.to]) if other else (),
            shared=KINDS[rule.through] if rule.through is not None else None,
        )

    def _elsewhere(self, at: Location, rule: Rule, ref: Ref) -> tuple[tuple[str, str], int] | None:
        """What a reference to objects of other sources names: no stream, and the one uuid that is
        their key."""
        if rule.ref != ref.to:
            self._wrong_resource(at, rule, ref, str(rule.ref))
            return None
        if not self._targets.elsewhere.get(ref.to):
            self._checks.find(
                (*at, "ref"),
                f"`{ref.to}` zonder stroom staan in een andere bron: zeg in de configuratie onder "
                f"`refers_to` van deze bron in welke; of schrijf `{ref.to}.<stroom>`.",
            )
            return None
        return (ref.to, ""), 1

    def _wrong_resource(self, at: Location, rule: Rule, ref: Ref, resource: str) -> None:
        self._checks.find(
            (*at, "ref"), f"`{rule.to}` verwijst naar {ref.to}, niet naar {resource}."
        )

    def _target(self, at: Location, rule: Rule, ref: Ref) -> tuple[tuple[str, str], int] | None:
        """The stream that a reference names, and the number of fields in its key."""
        resource, _, name = str(rule.ref).partition(".")
        target = self._targets.streams.get((resource, name))
        if target is None:
            if self._targets.complete:
                names = [f"{r}.{n}" for r, n in self._targets.streams if r == ref.to]
                self._checks.find(
                    (*at, "ref"),
                    f"er is geen stroom `{rule.ref}`; schrijf `{ref.to}.<stroom>`."
                    + suggestion(rule.ref, names),
                )
            return None
        if resource != ref.to:
            self._wrong_resource(at, rule, ref, resource)
            return None
        return (resource, name), len(target.key)


WHOLE_MAP = "json-object"
"""The format of a field that holds a map of the standard as a whole."""


def _exclude(one: Tests | None, other: Tests | None) -> bool:
    """Whether two conditions can be seen to exclude each other, by some field alone."""
    for name, a in (one or {}).items():
        b = (other or {}).get(name)
        if b is None:
            continue
        if a.one_of is not None and b.one_of is not None:
            if not _texts(a.one_of) & _texts(b.one_of):
                return True
        elif a.present is not None and b.present is not None and a.present is not b.present:
            return True
        for x, y in ((a, b), (b, a)):
            inside = x.one_of is not None and y.not_one_of is not None
            if inside and _texts(x.one_of) <= _texts(y.not_one_of):
                return True
            if x.present is False and y.one_of is not None:
                return True
    return False


def _texts(codes: Iterable[str | int] | None) -> set[str]:
    return set(map(str, codes or ()))
