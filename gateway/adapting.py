"""The adapter of a source: found by its name, made from its options and the description of its
collections."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from adapters.base import Adapter
from gateway import documents
from gateway.config import Source
from gateway.documents import Document, DocumentError, Location
from gateway.mapping.layers import COLLECTIONS

ADAPTERS: Final = "klantinteracties_gateway.adapters"
"""The group of entry points by which packages name their adapters."""


def adapter(source: Source, document: Document, at: Location) -> Adapter:
    """The adapter of a source whose settings stand ``at`` a place in ``document``. No I/O to the
    source. Raises ``DocumentError``, with where in which file."""
    made = _class(source.adapter)
    if isinstance(made, str):
        raise DocumentError([document.finding((*at, "adapter"), made)])
    if not source.mapping.is_dir():
        message = f"de map {source.mapping} bestaat niet"
        raise DocumentError([document.finding((*at, "mapping"), message)])
    described = documents.load(_description(source, document, at))
    try:
        return made.create(source.options, described.data or {})
    except ValidationError as error:
        model = made.options_model
        in_options = error.title == model.__name__
        where, base = (document, (*at, "options")) if in_options else (described, ())
        raise DocumentError(
            where.finding((*base, *e["loc"]), documents.describe(e, model if in_options else None))
            for e in error.errors(include_url=False, include_input=not in_options)
        ) from None


def _description(source: Source, document: Document, at: Location) -> Path:
    """The description of the collections. Raises ``DocumentError`` when it is not there."""
    name = source.collections or source.adapter.rpartition(":")[2].lower()
    path = source.mapping / f"{COLLECTIONS}.{name}.yaml"
    if not path.is_file():
        known = [p.name.split(".")[1] for p in source.mapping.glob(f"{COLLECTIONS}.*")]
        message = f"{path} is er niet.{documents.suggestion(name, known)}"
        raise DocumentError([document.finding((*at, "collections"), message)])
    return path


def _class(name: str) -> type[Adapter] | str:
    """The adapter class with that name, or what is wrong with the name."""
    if ":" in name:
        module, _, attribute = name.partition(":")
        try:
            loaded: type[Adapter] = getattr(importlib.import_module(module), attribute)
            return loaded
        except (ImportError, AttributeError) as error:
            return f"adapter `{name}` kan niet worden geladen ({type(error).__name__})."
    found = {entry.name: entry for entry in entry_points(group=ADAPTERS)}
    if name not in found:
        return f"er is geen adapter `{name}`.{documents.suggestion(name, found)}"
    try:
        installed: type[Adapter] = found[name].load()
        return installed
    except ImportError:
        return f"adapter `{name}` mist een pakket; installeer de extra `[{name}]`."
