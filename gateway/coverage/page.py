"""Coverage as a page for people: one file of HTML without scripts, in Dutch.

Each resource has three tables, with a column for each source: its attributes, its filters, and what
can be done. A cell says in words what it says in colour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from html import escape
from typing import Final

from gateway.coverage.model import Attribute, Part
from gateway.coverage.report import FARES, NO_SOURCE, SHOWS, done, notes

_STYLE: Final = """
body{font:1rem/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
nav ul{columns:3;list-style:none;padding:0}
table{border-collapse:collapse;margin:1rem 0 2rem}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
th,td{border:1px solid #767676;padding:.2rem .6rem;text-align:left;vertical-align:top}
thead th{background:#e8e8e8}
tbody th{font-weight:normal;font-family:monospace}
.native,.asked,.done{background:#d9f2d9}
.read-only,.derived,.constant,.checked{background:#fff5cc}
.not,.refused,.nothing,.added,.lacks{background:#f5dcdc}
@media print{body{max-width:none}}
"""
_HEAD: Final = (
    "Wat de bronnen van deze installatie van de standaard dekken, berekend uit de mappings en uit "
    "wat de adapters opgeven."
)

Cell = tuple[str, str]
"""The class of a cell, and its words."""


def page(parts: Iterable[Part], without: Collection[str] = ()) -> str:
    """The whole page; ``without``: the resources that no source has."""
    by_resource: dict[str, list[Part]] = {}
    for part in parts:
        by_resource.setdefault(part.resource, []).append(part)
    links = "".join(f'<li><a href="#{path}">{path}</a></li>' for path in by_resource)
    sections = "".join(_section(path, found) for path, found in by_resource.items())
    if without:
        sections += f"<h2>Zonder bron</h2><p>{', '.join(without)}: {NO_SOURCE}.</p>\n"
    return (
        '<!doctype html>\n<html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dekking van de standaard</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>Dekking van de standaard</h1><p>{_HEAD}</p>"
        f'<nav aria-label="Resources"><ul>{links}</ul></nav>\n<main>{sections}</main></body></html>'
    )


def _section(path: str, parts: Sequence[Part]) -> str:
    tables = [
        _table("Attributen", parts, list(parts[0].attributes), _attribute),
        _table("Filters", parts, ["(geen)", *parts[0].filters], _filter),
        _table("Wat er kan", parts, list(parts[0].verbs), _verb),
    ]
    head = f'<section aria-labelledby="{path}"><h2 id="{path}">{path}</h2>'
    told = [f"{part.source}: {note}" for part in parts for note in notes(part)]
    besides = f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in told)}</ul>" if told else ""
    return f"{head}{besides}{''.join(tables)}</section>\n"


def _table(
    title: str, parts: Sequence[Part], rows: Sequence[str], cell: Callable[[Part, str], Cell]
) -> str:
    head = "".join(f'<th scope="col">{escape(part.source)}</th>' for part in parts)
    body = "".join(_row(row, [cell(part, row) for part in parts]) for row in rows)
    return (
        f"<table><caption>{title}</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _row(name: str, cells: Iterable[Cell]) -> str:
    shown = "".join(f'<td class="{kind}">{escape(words)}</td>' for kind, words in cells)
    return f'<tr><th scope="row">{escape(name)}</th>{shown}</tr>\n'


def _attribute(part: Part, path: str) -> Cell:
    one = part.attributes[path]
    return one.shows.value, ", ".join([SHOWS[one.shows], *_more(one)])


def _more(one: Attribute) -> Iterator[str]:
    if one.create is not one.update:
        yield "alleen bij POST" if one.create else "alleen bij PUT en PATCH"
    if one.needed or one.sometimes:
        yield "verplicht" if one.needed else "soms verplicht"
    if one.choices:
        yield f"alleen {', '.join(map(str, one.choices))}"
    if one.longest is not None:
        yield f"hoogstens {one.longest} tekens"


def _filter(part: Part, param: str) -> Cell:
    fares = part.filters.get(param, part.listed)
    return fares.value, FARES[fares]


def _verb(part: Part, verb: str) -> Cell:
    why = part.verbs[verb]
    partly = ", niet bij elke soort" if verb in part.partly else ""
    return "done" if why is None else "lacks", done(why) + partly
