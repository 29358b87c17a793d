"""Streams that write, made of a mapping as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from adapters.base import Collection, Writes
from gateway.mapping.keeping import Keeper
from gateway.mapping.load import Source, load
from gateway.mapping.stream import Stream

NOW: Final = "2026-10-30T15:45:12.345678Z"


def collection(known: Iterable[str], key: Iterable[str], **writes: Any) -> Collection:
    """A collection of which everything can be written; ``writes`` says what is otherwise."""
    fields = frozenset(known)
    can = {"create": True, "update": True, "delete": True, "fields": fields, **writes}
    return Collection(fields, tuple(key), writes=Writes(**can))


def streams(
    folder: Path,
    files: Mapping[str, str],
    collections: Mapping[str, Collection],
    alias: str = "bron",
) -> tuple[Stream, ...]:
    """The streams of mapping files, by their resource."""
    for resource, text in files.items():
        document = f"resource: {resource}\nstreams:\n{indent(text, '  ')}"
        (folder / f"{resource}.yaml").write_text(document)
    return load(folder, Source(alias, 1, collections))


def keeper(among: Iterable[Stream], id: str) -> Keeper:
    """The keeper of ``resource.stream``."""
    known = list(among)
    return Keeper(next(s for s in known if ".".join(s.id) == id), known)
