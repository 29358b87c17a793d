"""Coverage as it is told: as text of at most 80 columns, in Dutch, and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.coverage.model import Attribute, Fares, Lacks, Part, Shows
from gateway.narrow import narrow

SHOWS: Final[Mapping[Shows, str]] = {
    Shows.NATIVE: "eigen, te schrijven",
    Shows.READ_ONLY: "eigen, alleen te lezen",
    Shows.DERIVED: "afgeleid",
    Shows.CONSTANT: "altijd hetzelfde",
    Shows.NOT: "niet",
}
FARES: Final[Mapping[Fares, str]] = {
    Fares.ASKED: "door de bron",
    Fares.CHECKED: "hier nagekeken, binnen het zoekbudget",
    Fares.ADDED: "niet gevraagd, vult alleen aan",
    Fares.REFUSED: "geweigerd",
    Fares.NOTHING: "vindt nooit iets",
}
_LACKS: Final[Mapping[Lacks, str]] = {
    Lacks.SOURCE: "de bron doet het niet",
    Lacks.MAPPING: "de mapping laat het niet toe",
    Lacks.OWNER: "een andere bron krijgt nieuwe",
}


NO_SOURCE: Final = "de lijst is leeg, een los object is 404 en schrijven is 405"


def text(parts: Iterable[Part], without: Collection[str] = ()) -> Iterator[str]:
    """Line by line; ``without``: the resources that no source has."""
    for part in parts:
        yield f"{part.resource} uit {part.source}"
        yield f"  lijst zonder filter: {FARES[part.listed]}"
        yield from _listed("", _verbs(part), "; ")
        if part.partly:
            yield from _listed("niet bij elke soort: ", part.partly)
        for note in notes(part):
            yield from _listed("", [note])
        yield "  attributen"
        for shows, names in by_shows(part).items():
            yield from _listed(f"{SHOWS[shows]} ({len(names)}): ", compact(part, names))
        only = [name for name, one in part.attributes.items() if one.create is not one.update]
        if only:
            yield from _listed("alleen bij: ", (f"{n} {_when(part.attributes[n])}" for n in only))
        bounds = list(bounded(part, "verplicht", "soms verplicht", "alleen", "hoogstens"))
        if bounds:
            yield from _listed("bij POST: ", bounds, "; ")
        if part.filters:
            yield "  filters"
        for fares, params in by_fares(part).items():
            yield from _listed(f"{FARES[fares]} ({len(params)}): ", params)
    if without:
        yield f"geen bron: {NO_SOURCE}"
        yield from _listed("", without)


def notes(part: Part) -> Iterator[str]:
    """What is to be known besides of a resource in a source."""
    if not part.single:
        yield "een los object laat zich niet bij zijn uuid opvragen"
    if not part.newest:
        yield "wanneer iets gemaakt is, is niet bekend: wat nieuw is kan overal staan"
    for path in part.within:
        yield f"nieuw in het record van {path}: een van elke soort"
    if part.along:
        yield f"nieuw alleen met {' of '.join(part.along)}"


def _verbs(part: Part) -> Iterator[str]:
    """Those that fare alike together."""
    for why in dict.fromkeys(part.verbs.values()):
        yield f"{', '.join(v for v, one in part.verbs.items() if one is why)}: {done(why)}"


def done(why: Lacks | None) -> str:
    """Whether something can be done, in words."""
    return "ja" if why is None else f"nee, {_LACKS[why]}"


def _when(attribute: Attribute) -> str:
    return "POST" if attribute.create else "PUT en PATCH"


def _listed(head: str, names: Iterable[str], separator: str = ", ") -> Iterator[str]:
    indent = "    " if head else "  "
    yield from narrow(indent + head + separator.join(names), len(indent) + 2)


def document(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """As JSON: a list of what each source has of each resource."""
    return [
        {
            "resource": part.resource,
            "source": part.source,
            "list": part.listed.value,
            "single": part.single,
            "partly": list(part.partly),
            "newest": part.newest,
            "within": list(part.within),
            "along": list(part.along),
            "verbs": {verb: why.value if why else True for verb, why in part.verbs.items()},
            "attributes": {
                path: {"shows": one.shows.value, "create": one.create, "update": one.update}
                | ({"value": one.value} if one.shows is Shows.CONSTANT else {})
                | ({"needed": True} if one.needed else {})
                | ({"sometimes": True} if one.sometimes else {})
                | ({"choices": list(one.choices)} if one.choices else {})
                | ({"longest": one.longest} if one.longest is not None else {})
                for path, one in part.attributes.items()
            },
            "filters": {param: fares.value for param, fares in part.filters.items()},
        }
        for part in parts
    ]


def bounded(part: Part, needed: str, sometimes: str, only: str, most: str) -> Iterator[str]:
    """What a new object has to have, or can have only, in these words."""
    for path, one in part.attributes.items():
        if one.needed:
            yield f"{path} {needed}"
        if one.sometimes:
            yield f"{path} {sometimes}"
        if one.choices:
            yield f"{path} {only} {', '.join(map(str, one.choices))}"
        if one.longest is not None:
            yield f"{path} {most} {one.longest}"


def by_shows(part: Part) -> Mapping[Shows, list[str]]:
    """The attributes, by where their values come from; what does not occur is left out."""
    found: dict[Shows, list[str]] = defaultdict(list)
    for path, attribute in part.attributes.items():
        found[attribute.shows].append(path)
    return {shows: found[shows] for shows in Shows if shows in found}


def by_fares(part: Part) -> Mapping[Fares, list[str]]:
    """The filters, by how they fare; the best first, what never finds anything last."""
    found: dict[Fares, list[str]] = defaultdict(list)
    for param, fares in part.filters.items():
        found[fares].append(param)
    return {fares: found[fares] for fares in FARES if fares in found}


def compact(part: Part, paths: Iterable[str]) -> list[str]:
    """Paths, of which all that a group has are taken together: ``bezoekadres.*``."""
    groups: dict[str, set[Shows]] = defaultdict(set)
    for path, attribute in part.attributes.items():
        groups[path.partition(".")[0]].add(attribute.shows)
    together = (
        f"{head}.*" if dot and len(groups[head]) == 1 else head + dot + rest
        for head, dot, rest in (path.partition(".") for path in paths)
    )
    return list(dict.fromkeys(together))
