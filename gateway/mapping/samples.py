"""Sample records beside a mapping: every one is read through every stream that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Final

from adapters.base import Collection
from adapters.conditions import Record, matches
from gateway import documents
from gateway.documents import Document, DocumentError, Finding, suggestion
from gateway.mapping.stream import RuleError, Stream
from gateway.standard.shape import shape

SAMPLES: Final = "samples"


def samples(folder: Path) -> dict[str, Document]:
    """The sample records beside a mapping (a list of records per collection).

    Raises ``DocumentError``.
    """
    found = {path.stem: documents.load(path) for path in sorted((folder / SAMPLES).glob("*.yaml"))}
    wrong = [
        document.finding((), "een voorbeeldbestand is een lijst van records.")
        for document in found.values()
        if not isinstance(document.data, list)
        or not all(isinstance(record, dict) for record in document.data)
    ]
    if wrong:
        raise DocumentError(wrong)
    return found


def sample_findings(
    folder: Path, collections: Mapping[str, Collection], streams: Iterable[Stream]
) -> Iterator[Finding]:
    """Every sample through every stream that shows it: what fails here fails on a request."""
    try:
        found = samples(folder)
    except DocumentError as error:
        yield from error.findings
        return
    for name, document in found.items():
        known = collections.get(name)
        if known is None:
            message = f"de bron heeft geen collectie `{name}`."
            yield document.finding((), message + suggestion(name, collections))
            continue
        for n, record in enumerate(document.data):
            for field in _strange(record, known.fields):
                message = f"de collectie heeft geen veld `{field}`."
                at = (n, field.partition(".")[0])
                yield document.finding(at, message + suggestion(field, known.fields))
    for stream in streams:
        if stream.collection not in found:
            continue
        document = found[stream.collection]
        for n, record in enumerate(document.data):
            try:
                if matches(stream.where, record):
                    _read(stream, record)
            except RuleError as error:
                yield document.finding((n,), f"{error} (regel in {stream.file})")


def _strange(record: Record, known: Set[str], within: str = "") -> Iterator[str]:
    """The fields of a record that its collection does not have, as dotted paths."""
    for name, value in record.items():
        field = f"{within}{name}"
        if field in known:
            continue
        if not any(other.startswith(f"{field}.") for other in known):
            yield field
        elif isinstance(value, Mapping):
            yield from _strange(value, known, f"{field}.")


def _read(stream: Stream, record: Record) -> None:
    """Everything a request would read of a record. Raises ``RuleError``."""
    stream.sort_key(record)
    stream.native_key(record)
    values = stream.read(record)
    try:
        shape(stream.resource, values, "", "", lambda path: [])
    except KeyError as error:
        raise RuleError(stream, str(error.args[0]), "de bron heeft geen waarde") from None
