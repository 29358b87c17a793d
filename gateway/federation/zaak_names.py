"""Looking up under which other names a zaak is known, in the sources that know them all."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Final

from adapters.base import Query
from adapters.concurrency import together
from adapters.conditions import In, Record, get, is_absent
from gateway.federation.zaken import Kind, Known, Name, Names
from gateway.sources.caller import Caller

MOST: Final = 20
"""So many zaken may have one name: a number is given out once in every organisation."""


class ZaakNames:
    """The look-up of one request. ``missing``: sources that are left out."""

    def __init__(
        self, caller: Caller, known: Mapping[str, Known], missing: Container[str] = ()
    ) -> None:
        self._caller = caller
        self._known = {alias: one for alias, one in known.items() if alias not in missing}

    async def of(self, names: Iterable[Name]) -> Names:
        """Per name all names of the zaken that have it, itself included; of a zaak that nobody
        knows that is all. One call for each name and source. Raises ``Problem``."""
        asked = [(name, alias) for name in names for alias in self._known]
        found = await together(self._of(name, alias) for name, alias in asked)
        named: dict[Name, set[Name]] = {}
        for (name, _), others in zip(asked, found, strict=True):
            named.setdefault(name, {name}).update(others)
        return named

    async def _of(self, name: Name, alias: str) -> set[Name]:
        """The names, in one source, of the zaken that have this name."""
        known = self._known[alias]
        if name.kind is Kind.UUID:
            name = Name(name.kind, name.value.lower())
        condition = In(known.fields[name.kind], (name.value,))
        query = Query(condition, limit=MOST, fields=frozenset(known.fields.values()))
        page = await self._caller.find(alias, known.collection, query)
        zaken = [_names(known, record) for record in page.records]
        if page.next is not None or len(zaken) > MOST:
            raise self._caller.bad_data(alias, f"more than {MOST} zaken of one name")
        if any(name not in names for names in zaken):
            raise self._caller.bad_data(alias, "a zaak that was not asked for")
        return {other for names in zaken for other in names}


def _names(known: Known, record: Record) -> set[Name]:
    values = {kind: get(record, field) for kind, field in known.fields.items()}
    return {Name(kind, str(value)) for kind, value in values.items() if not is_absent(value)}
