"""What a Klantinteracties register can be asked, out of the description of its lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from adapters.base import Collection, Link, Linked, Match, Operator, Paging, Writes
from adapters.klantinteracties_words import KEY, Filter, Form, Resource, names

_MOST_VALUES: Final = 50


def capabilities(spec: Resource, page_size: int) -> Collection:
    """What can be asked of a collection, and written in it."""
    filters: dict[str, dict[Operator, Match]] = defaultdict(dict)
    for name in (KEY, *spec.within):
        filters[name][Operator.IN] = Match.EXACT
    for filter in spec.filters.values():
        if not filter.links:
            filters[filter.field] |= dict.fromkeys(_operators(filter), Match.EXACT)
    asked_as: dict[str, str] = {}
    for name, form in spec.fields.items():
        if form is Form.REFERENCES:
            asked_as |= dict.fromkeys(names({name: form})[1:], f"{name}.{KEY}")
    known = names(spec.fields)
    writes = Writes(
        create=True,
        update=True,
        delete=True,
        generated=frozenset((KEY, *spec.given)),
        fields=frozenset(known) - {KEY, *spec.given},
        cascades=True,
    )
    return Collection(
        fields=frozenset(known),
        key=(KEY,),
        filters=filters,
        linked=_linked([(f.links, f) for f in spec.filters.values() if f.links]),
        fixed_order=tuple(spec.ordered_by),
        own_order=True,
        certain=frozenset(n for n in known if n.endswith(f".{KEY}")),
        asked_as=asked_as,
        along=frozenset(spec.brings),
        # Of an object it is always known whether it is there.
        filled=frozenset([*spec.filled, *(n for n, f in spec.fields.items() if f is Form.SHAPE)]),
        paging=Paging.OFFSET,
        total=True,
        max_in=_MOST_VALUES,
        batched=False,
        page_size=page_size,
        writes=writes if spec.write else None,
    )


def _linked(filters: Sequence[tuple[Sequence[Link], Filter]]) -> dict[Link, Linked]:
    """What can be asked by parameters, each with the steps that are left to where it asks."""
    by_link: dict[Link, list[tuple[Sequence[Link], Filter]]] = defaultdict(list)
    for (link, *further), filter in filters:
        by_link[link].append((further, filter))
    found: dict[Link, Linked] = {}
    for link, beyond in by_link.items():
        here = [filter for further, filter in beyond if not further]
        asks: dict[str, frozenset[Operator]] = defaultdict(frozenset)
        for filter in here:
            asks[filter.field] |= {filter.op}
        none = frozenset(filter.field for filter in here if filter.none)
        deeper = _linked([(further, filter) for further, filter in beyond if further])
        found[link] = Linked(asks, none, deeper)
    return found


def _operators(filter: Filter) -> Sequence[Operator]:
    """What can be asked by a parameter."""
    both = filter.op is Operator.PRESENT
    return (Operator.PRESENT, Operator.ABSENT) if both else (filter.op,)
