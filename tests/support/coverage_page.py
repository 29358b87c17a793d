"""The page docs/coverage.md: what the mappings that are shipped cover. To renew it:
``python -m tests.support.coverage_page > docs/coverage.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from gateway import installation
from gateway.coverage import Fares, Part, Shows, coverage, report
from tests.helpers import ROOT, kcc_config, write_config
from tests.support.stuf import source as stuf
from tests.support.v1 import config

PAGE: Final = ROOT / "docs" / "coverage.md"

_HEAD: Final = """\
# Coverage

What the mappings that are shipped cover of the standard: of each resource every attribute, every filter of its list, and what can be written. Nothing on this page is written by hand: it is what `gateway coverage` computes from a mapping and from what its adapter declares, and a test fails when it is stale. Of your own installation, with what your gemeente laid over a mapping, the command tells the same.

| word | of an attribute |
|---|---|
| native | the source keeps it, and it can be written |
| read-only | the source keeps it |
| derived | it follows from something else: other objects, parts of the record, or which record it is |
| constant | it is the same everywhere |
| not | there is nothing; it shows what the contract shows then, and a value that is written is refused with 400 `not-kept` |

| word | of a filter, or of a list without one |
|---|---|
| asked | the source answers it, or it points at so little that looking through it is no matter |
| checked | records are looked through here, within `limits.scan_records` and `limits.scan_pages` |
| refused | 400 `filter-not-supported`, whatever the source holds: it cannot be asked |
| nothing | no object can meet it: the list is empty |

What a new object has to have though the contract would do without (sometimes: where it is of one kind and not of another), the only values that something can have, and the most characters, stand under *new ones*. A filter is told by the value with which it fares worst: of one on a constant, that value is one that all objects have, so it narrows nothing. Of verbs those are named that can be done. A resource that is not named is not served: its lists are empty, and what is written to it is 405.
"""  # noqa: E501


def page() -> str:
    """The whole page."""
    systems = list(_systems())
    return "\n".join([_HEAD, *(line for name, parts in systems for line in _system(name, parts))])


def _systems() -> Iterator[tuple[str, Sequence[Part]]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "token").write_text("tests-only")
        register: dict[str, Any] = {
            "number": 1,
            "adapter": "adapters.klantinteracties:KlantinteractiesAdapter",
            "mapping": str(ROOT / "mappings" / "klantinteracties"),
            "collections": "klantinteracties",
            "options": {"base_url": "https://register.example", "token": "file:token"},
        }
        secret = ROOT / "demo" / "openklant1" / "gateway.secret"
        zaken: dict[str, Any] = {
            "number": 2,
            "adapter": "adapters.zgw:ZgwAdapter",
            "mapping": str(ROOT / "mappings" / "zgw-zaken"),
            "collections": "zgw",
            "refers_to": {"klantcontacten": ["register"]},
            "options": {
                "apis": {"zaken": "https://zaken.example/api/v1"},
                "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
            },
        }
        yield "open-klant-1", _parts(config(folder, "open-klant-1"))
        yield "e-suite", _parts(config(folder, "e-suite"))
        yield "klantinteracties", _parts(write_config(folder, {"register": register}))
        owners = {"owners": {"onderwerpobjecten": "zaken"}}
        sources = {"register": register, "zaken": zaken}
        both = _parts(write_config(folder, sources, writing=owners))
        yield "zgw-zaken", [part for part in both if part.source == "zaken"]
        for name in ("stuf-bg", "stuf-zkn-terugbellen"):
            yield name, _parts(write_config(folder, {name: stuf(name)}))
        yield "kcc", _parts(kcc_config(folder))


def _parts(path: Path) -> Sequence[Part]:
    return list(coverage(installation.build(path).register))


def _system(name: str, parts: Sequence[Part]) -> Iterator[str]:
    yield f"## {name}\n"
    heads = ["resource", "list", "verbs", *Shows, *(f"filters {fares}" for fares in _ORDER)]
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for part in parts:
        shows, fares = report.by_shows(part), report.by_fares(part)
        counts = [len(shows.get(one, ())) for one in Shows]
        counts += [len(fares.get(one, ())) for one in _ORDER]
        cells = [part.resource, part.listed, _verbs(part), *map(str, counts)]
        yield f"| {' | '.join(cells)} |"
    for part in parts:
        yield from _resource(name, part)
    yield ""


_ORDER: Final = (Fares.ASKED, Fares.CHECKED, Fares.REFUSED, Fares.NOTHING)


def _verbs(part: Part) -> str:
    read = ["GET"] if part.single else ["GET of the list only"]
    return ", ".join([*read, *(verb for verb, why in part.verbs.items() if why is None)])


def _resource(name: str, part: Part) -> Iterator[str]:
    yield f"\n### {part.resource} of {name}\n"
    yield "| | |\n|---|---|"
    for shows, paths in report.by_shows(part).items():
        yield f"| {shows} | {_code(report.compact(part, paths))} |"
    words = "is needed", "is sometimes needed", "is one of", "has at most"
    bounds = list(report.bounded(part, *words))
    if bounds:
        yield f"| new ones | {'; '.join(bounds)} |"
    for path in part.within:
        yield f"| new ones | in the record of `{path}`: one of each kind |"
    if part.partly:
        yield f"| of one kind and not of another | {', '.join(part.partly)} |"
    if part.along:
        yield f"| new ones | in one request with {_code(part.along)} |"
    if not part.newest:
        yield "| order | when something was made is not known: what is new need not be first |"
    for fares, params in report.by_fares(part).items():
        yield f"| filters {fares} | {_code(params)} |"


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(page(), end="")
