"""Streams that write, made of a mapping as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from adapters.base import Collection, Writes
from gateway.mapping.keeping import Keeper
from gateway.mapping.load import Source, load
from gateway.mapping.stream import Stream

NOW: Final = "2026-10-30T15:45:12.345678Z"


def collection(fields: Iterable[str], key: Iterable[str], **writes: Any) -> Collection:
    """A collection of which everything can be written; ``writes`` says what is otherwise."""
    known = frozenset(fields)
    can = {"create": True, "update": True, "delete": True, "fields": known, **writes}
    return Collection(known, tuple(key), writes=Writes(**can))


def streams(
    folder: Path,
    files: Mapping[str, str],
    collections: Mapping[str, Collection],
    alias: str = "bron",
) -> tuple[Stream, ...]:
    """The streams of mapping files, by their resource."""
    for resource, text in files.items():
        document = {"resource": resource, "streams": yaml.safe_load(text)}
        (folder / f"{resource}.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return load(folder, Source(alias, 1, collections))


def keeper(among: Iterable[Stream], id: str) -> Keeper:
    """The keeper of ``resource.stream``."""
    known = list(among)
    return Keeper(next(s for s in known if ".".join(s.id) == id), known)
