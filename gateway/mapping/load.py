"""Loading mapping files: words become streams, and everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from adapters.base import Collection
from adapters.conditions import (
    ALWAYS,
    Absent,
    Condition,
    In,
    NotIn,
    Present,
    all_of,
    any_of,
)
from gateway import documents
from gateway.documents import (
    Document,
    DocumentError,
    Finding,
    Location,
    suggestion,
)
from gateway.mapping import formats
from gateway.mapping.attribute import Attribute, Option, fit
from gateway.mapping.expression import (
    Const,
    Expression,
    FieldRaw,
    FirstRaw,
    JoinRaw,
    Raw,
    SplitRaw,
    Wire,
)
from gateway.mapping.layers import layered
from gateway.mapping.samples import sample_findings
from gateway.mapping.stream import Edge, Stream
from gateway.mapping.words import MappingFile, Rule, StreamWord, Tests, Value
from gateway.standard.model import Field, Kind, Ref, Required, Resource
from gateway.standard.table import RESOURCES


@dataclass(frozen=True, slots=True)
class Source:
    """What a mapping belongs to: the source's alias and number, and what its adapter declares."""

    alias: str
    number: int
    collections: Mapping[str, Collection]


def load(folder: Path, source: Source, overrides: Path | None = None) -> tuple[Stream, ...]:
    """The streams of a folder, with the gemeente's own rules laid over them, checked against the
    standard, the adapter and the samples.

    Raises ``DocumentError`` with everything that is wrong.
    """
    findings: list[Finding] = []
    loaded: list[tuple[Document, MappingFile]] = []
    for document in layered(folder, overrides, findings):
        try:
            loaded.append((document, document.parse(MappingFile)))
        except DocumentError as error:
            findings += error.findings
    targets = {
        (file.resource, name): stream for _, file in loaded for name, stream in file.streams.items()
    }
    streams: list[Stream] = []
    complete = not findings and all(file.resource in RESOURCES for _, file in loaded)
    for document, file in loaded:
        compiler = _FileCompiler(document, file, source, targets, complete)
        streams += compiler.streams()
        findings += compiler.findings
    if not findings:
        findings += sample_findings(folder, source.collections, streams)
    if findings:
        raise DocumentError(findings)
    return tuple(streams)


class _FileCompiler:
    """Compiles one file, collecting findings instead of stopping at the first."""

    def __init__(
        self,
        document: Document,
        file: MappingFile,
        source: Source,
        targets: Mapping[tuple[str, str], StreamWord],
        complete: bool,
    ) -> None:
        self.document = document
        self.file = file
        self.source = source
        self.targets = targets
        # When another file could not be read, its streams are not known to be missing.
        self.complete = complete
        self.findings: list[Finding] = []

    def streams(self) -> list[Stream]:
        resource = RESOURCES.get(self.file.resource)
        if resource is None:
            self._find(
                ("resource",),
                f"`{self.file.resource}` is geen resource van de standaard."
                + suggestion(self.file.resource, RESOURCES),
            )
            return []
        slots: dict[int, str] = {}
        result = []
        for number, (name, word) in enumerate(self.file.streams.items()):
            at: Location = ("streams", name)
            if word.slot in slots:
                self._find(
                    (*at, "slot"), f"slot {word.slot} is al van de stroom `{slots[word.slot]}`."
                )
            slots[word.slot] = name
            before = len(self.findings)
            stream = self._stream(at, name, number, word, resource)
            if stream and len(self.findings) == before:
                result.append(stream)
        return result

    def _find(self, at: Location, message: str) -> None:
        self.findings.append(self.document.finding(at, message))

    def _stream(
        self, at: Location, name: str, number: int, word: StreamWord, resource: Resource
    ) -> Stream | None:
        known = self.source.collections.get(word.collection)
        if known is None:
            self._find(
                (*at, "collection"),
                f"de bron heeft geen collectie `{word.collection}`."
                + suggestion(word.collection, self.source.collections),
            )
            return None
        self._fields((*at, "key"), word.key, known)
        created = self._value((*at, "created"), word.created, known, _CREATED)
        where = self._where((*at, "where"), word, known)
        attributes, edges = self._rules((*at, "rules"), word, resource, known)
        self._all_given(at, resource, {rule.to for rule in word.rules})
        if created is None or self.findings:
            return None
        return Stream(
            source=self.source.alias,
            source_number=self.source.number,
            name=name,
            number=number,
            resource=resource,
            slot=word.slot,
            collection=word.collection,
            key=word.key,
            where=where,
            created=created,
            attributes=attributes,
            edges=tuple(edges),
            file=str(self.document.path),
        )

    def _all_given(self, at: Location, resource: Resource, given: set[str]) -> None:
        required = [
            *(p for p, f in resource.fields() if isinstance(f.default, Required)),
            *(p for p, r in resource.refs() if r.required),
        ]
        for path in required:
            if path not in given:
                self._find(at, f"er is geen regel voor het verplichte attribuut `{path}`.")

    def _where(self, at: Location, word: StreamWord, known: Collection) -> Condition:
        if not word.where:
            return ALWAYS
        alternatives = isinstance(self._raw_word(at), list)
        return any_of(
            self._tests((*at, i) if alternatives else at, tests, known)
            for i, tests in enumerate(word.where)
        )

    def _raw_word(self, at: Location) -> Any:
        """What stands at a location before it was read as words."""
        value = self.document.data
        for step in at:
            value = value[step]
        return value

    def _tests(self, at: Location, tests: Tests, known: Collection) -> Condition:
        self._fields(at, tests, known)
        parts: list[Condition] = []
        for name, test in tests.items():
            if test.one_of is not None:
                parts.append(In(name, tuple(test.one_of)))
            elif test.not_one_of is not None:
                parts.append(NotIn(name, tuple(test.not_one_of)))
            else:
                parts.append(Present(name) if test.present else Absent(name))
        return all_of(parts)

    def _fields(self, at: Location, names: Iterable[str], known: Collection) -> None:
        for name in names:
            if name not in known.fields:
                self._find(
                    (*at, name),
                    f"de collectie heeft geen veld `{name}`.{suggestion(name, known.fields)}",
                )

    def _rules(
        self, at: Location, word: StreamWord, resource: Resource, known: Collection
    ) -> tuple[dict[str, Attribute], list[Edge]]:
        fields, refs = dict(resource.fields()), dict(resource.refs())
        options: dict[str, list[tuple[Rule, Option, Location]]] = {}
        single: dict[str, list[tuple[Rule, Location]]] = {}
        edges: list[Edge] = []
        for i, rule in enumerate(word.rules):
            here = (*at, i)
            when = self._tests((*here, "when"), rule.when or {}, known)
            if rule.ref is not None:
                edge = self._edge(here, rule, refs, when, known)
                if edge:
                    edges.append(edge)
                    if not edge.ref.many:
                        single.setdefault(rule.to, []).append((rule, here))
                continue
            spec = _field(rule.to, fields)
            if spec is None:
                self._find((*here, "to"), _no_attribute(rule.to, resource, fields, refs))
                continue
            expression = self._value(here, rule, known, spec)
            if expression is not None:
                options.setdefault(rule.to, []).append((rule, Option(when, expression), here))
        attributes = {}
        for path, rules in options.items():
            self._exclusive(path, [(rule, here) for rule, _, here in rules])
            spec = _field(path, fields)
            assert spec is not None
            attributes[path] = Attribute(spec, tuple(o for _, o, _ in rules))
        for path, references in single.items():
            self._exclusive(path, references)
        return attributes, edges

    def _exclusive(self, path: str, rules: list[tuple[Rule, Location]]) -> None:
        for i, (rule, _) in enumerate(rules):
            for other, here in rules[i + 1 :]:
                if not _exclude(rule.when, other.when):
                    self._find(
                        here,
                        f"een tweede regel voor `{path}`: geef beide een `when` op hetzelfde veld "
                        "met andere waarden.",
                    )

    def _edge(
        self,
        at: Location,
        rule: Rule,
        refs: Mapping[str, Ref],
        when: Condition,
        known: Collection,
    ) -> Edge | None:
        ref = refs.get(rule.to)
        if ref is None:
            self._find(
                (*at, "to"),
                f"`{rule.to}` is geen verwijzing van {self.file.resource}."
                + suggestion(rule.to, refs),
            )
            return None
        resource, _, name = str(rule.ref).partition(".")
        target = self.targets.get((resource, name))
        if target is None and not self.complete:
            return None
        if target is None:
            names = [f"{r}.{n}" for r, n in self.targets if r == ref.to]
            self._find(
                (*at, "ref"),
                f"er is geen stroom `{rule.ref}`; schrijf `{ref.to}.<stroom>`."
                + suggestion(rule.ref, names),
            )
            return None
        if resource != ref.to:
            self._find((*at, "ref"), f"`{rule.to}` verwijst naar {ref.to}, niet naar {resource}.")
            return None
        assert rule.key is not None
        if len(rule.key) != 1 or len(target.key) != 1:
            self._find((*at, "key"), "een verwijzing wijst met één veld naar een enkele sleutel.")
            return None
        self._fields((*at, "key"), rule.key, known)
        required = ref.required or rule.required
        return Edge(rule.to, ref, (resource, name), rule.key[0], when, required)

    def _value(
        self, at: Location, word: Value, known: Collection, spec: Field
    ) -> Expression | Const | None:
        if word.const is not None:
            return Const(self._fits((*at, "const"), spec, word.const))
        raw = self._raw(word)
        self._fields(at, raw.fields, known)
        chosen = self._format((*at, "format"), word)
        codes = {
            str(code): self._fits((*at, "values", str(code)), spec, value)
            for code, value in (word.values or {}).items()
        }
        unknown = word.unknown["value"] if isinstance(word.unknown, Mapping) else None
        if spec.kind is Kind.BOOLEAN and word.values is None:
            self._find(at, f"`{spec.name}` is een boolean: geef met `values` aan wat waar is.")
        return Expression(
            raw,
            codes if word.values is not None else None,
            word.unknown == "keep",
            self._fits((*at, "unknown"), spec, unknown) if unknown is not None else None,
            chosen,
            self._fits((*at, "default"), spec, word.default) if word.default is not None else None,
        )

    def _raw(self, word: Value) -> Raw:
        empty = tuple(word.empty)
        if word.join is not None:
            parts = tuple(FieldRaw(f, empty) for f in word.join.fields)
            widths = tuple(word.join.widths) if word.join.widths else None
            return JoinRaw(parts, word.join.separator, widths)
        if word.split is not None:
            return SplitRaw(FieldRaw(word.split.field, empty), word.split.on, word.split.part)
        if word.first_of is not None:
            return FirstRaw(tuple(FieldRaw(f, empty) for f in word.first_of))
        return FieldRaw(str(word.source), empty)

    def _format(self, at: Location, word: Value) -> formats.Format | None:
        if word.format is None:
            return None
        name = word.format.name
        if name not in formats.FORMATS:
            self._find(at, f"`{name}` is geen bekend formaat.{suggestion(name, formats.FORMATS)}")
            return None
        try:
            return formats.make(name, word.format.options)
        except ValidationError as error:
            for e in error.errors(include_url=False):
                self._find(at, f"{name}: {documents.describe(e, formats.FORMATS[name])}")
            return None

    def _fits(self, at: Location, spec: Field, value: Any) -> Wire:
        """The value in the contract's type; a finding when it does not fit."""
        try:
            return fit(spec, value)
        except ValueError:
            hint = suggestion(value, spec.choices) if spec.choices else ""
            kind = f"een keuze uit {', '.join(spec.choices)}" if spec.choices else _KINDS[spec.kind]
            self._find(at, f"`{value}` past niet bij `{spec.name}` ({kind}).{hint}")
            return None


_CREATED = Field("created", Kind.DATETIME, None)


def _no_attribute(
    to: str, resource: Resource, fields: Mapping[str, Field], refs: Mapping[str, Ref]
) -> str:
    if to in refs:
        return f"`{to}` is een verwijzing: geef `ref` en `key`."
    if to in fields:
        return f"schrijf `{to}.<naam>`: elke naam in `{to}` is een eigen regel."
    known = [*fields, *refs]
    return f"{resource.path} heeft geen attribuut `{to}`.{suggestion(to, known)}"


_KINDS = {
    Kind.TEXT: "tekst; zet haar zo nodig tussen aanhalingstekens",
    Kind.MAP: "tekst; zet haar zo nodig tussen aanhalingstekens",
    Kind.BOOLEAN: "true of false",
    Kind.INTEGER: "een geheel getal",
    Kind.DATE: "een datum JJJJ-MM-DD",
    Kind.DATETIME: "een tijdstip JJJJ-MM-DDTuu:mm:ssZ",
    Kind.ENUM: "",
}


def _field(path: str, fields: Mapping[str, Field]) -> Field | None:
    """The standard's field at a path; each key below ``metadata`` is one."""
    head, _, rest = path.partition(".")
    parent = fields.get(head)
    if parent is not None and parent.kind is Kind.MAP:
        return parent if rest else None
    return fields.get(path)


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
