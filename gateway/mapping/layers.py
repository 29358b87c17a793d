"""The files of a mapping, and a gemeente's own rules laid over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gateway import documents
from gateway.documents import Document, DocumentError, Finding, Location, address

COLLECTIONS: Final = "collections"
NAMES: Final = "names"


def mapping_files(folder: Path) -> list[Path]:
    """The mapping files of a folder: every ``*.yaml`` but what tells of collections and names."""
    others = (COLLECTIONS, NAMES)
    return sorted(p for p in folder.glob("*.yaml") if p.name.partition(".")[0] not in others)


def layered(folder: Path, overrides: Sequence[Path], findings: list[Finding]) -> Iterator[Document]:
    """The documents of a mapping, with rules of other folders laid over, in that order."""
    found: dict[str, Document] = {}
    for layer in (folder, *overrides):
        if not layer.is_dir():
            findings.append(Finding(str(layer), 0, f"{layer}: deze map bestaat niet."))
            return
        for path in mapping_files(layer):
            try:
                document = documents.load(path)
            except DocumentError as error:
                findings += error.findings
                continue
            under = found.get(path.name)
            found[path.name] = document if under is None else lay_over(under, document)
    yield from found.values()


def lay_over(base: Document, top: Document) -> Document:
    """A mapping file with another laid over it.

    A rule replaces the rules of the same stream with the same ``to``; any other word of a stream
    replaces that word; a stream that ``base`` lacks is added.
    """
    if not _is_mapping(base) or not _is_mapping(top):
        return top
    data = {**base.data, **top.data, "streams": dict(base.data["streams"])}
    places = {**base.places, **{at: p for at, p in top.places.items() if at[:1] != ("streams",)}}
    for name, stream in top.data["streams"].items():
        here: Location = ("streams", name)
        under = base.data["streams"].get(name)
        if not isinstance(under, dict) or not isinstance(stream, dict):
            data["streams"][name] = stream
            places |= {(*address(here), *at): place for at, place in top.below(here).items()}
            continue
        data["streams"][name] = {**under, **stream}
        for word in stream:
            at_word = address((*here, word))
            places = {at: p for at, p in places.items() if at[:3] != at_word}
            places |= {(*at_word, *at): p for at, p in top.below(at_word).items()}
        if isinstance(under.get("rules"), list) and isinstance(stream.get("rules", []), list):
            rules, rule_places = _rules_over(base, top, here)
            data["streams"][name]["rules"] = rules
            at_rules = address((*here, "rules"))
            places = {at: p for at, p in places.items() if at[:3] != at_rules} | rule_places
    return Document(base.path, data, places)


def _is_mapping(document: Document) -> bool:
    return isinstance(document.data, dict) and isinstance(document.data.get("streams"), dict)


def _rules_over(
    base: Document, top: Document, stream: Location
) -> tuple[list[Any], dict[documents.Address, documents.Place]]:
    """The rules of a stream, those of ``top`` in the place of those with the same ``to``."""
    at: Location = (*stream, "rules")
    name = stream[-1]
    over = top.data["streams"][name].get("rules", [])
    under = base.data["streams"][name]["rules"]
    replaced = {rule.get("to") for rule in over if isinstance(rule, dict)}
    kept = [
        (base, i, rule)
        for i, rule in enumerate(under)
        if not (isinstance(rule, dict) and rule.get("to") in replaced)
    ]
    chosen = [*kept, *((top, i, rule) for i, rule in enumerate(over))]
    places = {address(at): base.place(at)}
    for n, (document, i, _) in enumerate(chosen):
        below = document.below((*at, i))
        places |= {(*address((*at, n)), *deeper): place for deeper, place in below.items()}
    return [rule for _, _, rule in chosen], places
