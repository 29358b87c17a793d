"""Loading mapping files: words become streams, and everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.base import Collection
from gateway.documents import Document, DocumentError, Finding, Location, suggestion
from gateway.mapping.checks import Checks
from gateway.mapping.layers import layered
from gateway.mapping.load_rules import Rules, Targets
from gateway.mapping.load_values import value
from gateway.mapping.load_writes import unmade, writing
from gateway.mapping.samples import sample_findings
from gateway.mapping.stream import Stream
from gateway.mapping.words import MappingFile, StreamWord
from gateway.standard.model import Field, Kind, Required, Resource
from gateway.standard.table import RESOURCES


@dataclass(frozen=True, slots=True)
class Source:
    """What a mapping belongs to: the source's alias and number, what its adapter declares, and by
    resource the other sources to whose objects it refers."""

    alias: str
    number: int
    collections: Mapping[str, Collection]
    refers_to: Mapping[str, Sequence[str]] = field(default_factory=dict)


def load(folder: Path, source: Source, overrides: Sequence[Path] = ()) -> tuple[Stream, ...]:
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
    streams: list[Stream] = []
    targets = Targets(
        {(file.resource, name): word for _, file in loaded for name, word in file.streams.items()},
        source.refers_to,
        complete=not findings and all(file.resource in RESOURCES for _, file in loaded),
    )
    for document, file in loaded:
        compiler = _FileCompiler(document, file, source, targets)
        streams += compiler.streams()
        findings += compiler.checks.findings
    if not findings:
        findings += _unmade(loaded, streams)
        findings += sample_findings(folder, source.collections, streams)
    if findings:
        raise DocumentError(findings)
    return tuple(streams)


def _unmade(
    loaded: Iterable[tuple[Document, MappingFile]], streams: Sequence[Stream]
) -> Iterator[Finding]:
    """What is wrong with the streams that write, now that all are known."""
    known = {stream.id: stream for stream in streams}
    for document, file in loaded:
        for name, word in file.streams.items():
            if word.write is not None:
                yield from unmade(document, known[file.resource, name], word.write, streams)


class _FileCompiler:
    """Compiles one file, collecting findings instead of stopping at the first."""

    def __init__(
        self, document: Document, file: MappingFile, source: Source, targets: Targets
    ) -> None:
        self.checks = Checks(document)
        self._file = file
        self._source = source
        self._targets = targets

    def streams(self) -> list[Stream]:
        resource = RESOURCES.get(self._file.resource)
        if resource is None:
            self.checks.find(
                ("resource",),
                f"`{self._file.resource}` is geen resource van de standaard."
                + suggestion(self._file.resource, RESOURCES),
            )
            return []
        slots: dict[int, str] = {}
        result = []
        for number, (name, word) in enumerate(self._file.streams.items()):
            at: Location = ("streams", name)
            if word.slot in slots:
                self.checks.find(
                    (*at, "slot"), f"slot {word.slot} is al van de stroom `{slots[word.slot]}`."
                )
            slots[word.slot] = name
            before = len(self.checks.findings)
            stream = self._stream(at, name, number, word, resource)
            if stream and len(self.checks.findings) == before:
                result.append(stream)
        return result

    def _stream(
        self, at: Location, name: str, number: int, word: StreamWord, resource: Resource
    ) -> Stream | None:
        checks = self.checks
        known = self._source.collections.get(word.collection)
        if known is None:
            checks.find(
                (*at, "collection"),
                f"de bron heeft geen collectie `{word.collection}`."
                + suggestion(word.collection, self._source.collections),
            )
            return None
        checks.fields((*at, "key"), word.key, known)
        created = value(checks, (*at, "created"), word.created, known, _CREATED)
        where = checks.alternatives((*at, "where"), word.where, known)
        rules = Rules(checks, resource, self._targets, known, writes=word.write is not None)
        rules.read((*at, "rules"), word.rules)
        self._all_given(at, resource, {rule.to for rule in word.rules})
        if checks.findings:
            return None
        stream = Stream(
            source=self._source.alias,
            source_number=self._source.number,
            name=name,
            number=number,
            resource=resource,
            slot=word.slot,
            collection=word.collection,
            key=word.key,
            where=where,
            created=created,
            attributes=rules.attributes,
            presence=rules.presence,
            edges=tuple(rules.edges),
            writing=writing(checks, (*at, "write"), word, known),
            complete=word.complete,
            file=str(checks.document.path),
        )
        return stream

    def _all_given(self, at: Location, resource: Resource, given: set[str]) -> None:
        required = [
            *(p for p, f in resource.fields() if isinstance(f.default, Required)),
            *(p for p, r in resource.refs() if r.required),
        ]
        for path in required:
            if path not in given:
                self.checks.find(at, f"er is geen regel voor het verplichte attribuut `{path}`.")


_CREATED: Final = Field("created", Kind.DATETIME, None)
