"""A municipality in memory whose mapping says the plainest thing there is to say: for every
resource a table, for every attribute and reference a column of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from adapters.base import Collection as Capabilities
from adapters.conditions import Record
from gateway.federation.catalogue import Catalogue
from gateway.federation.listing import Asked
from gateway.federation.register import Done
from gateway.federation.rows import Row
from gateway.federation.same import Sameness
from gateway.identity import Identity
from gateway.mapping.load import Source as Loaded
from gateway.mapping.load import load
from gateway.mapping.stream import Stream
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.draft import Verb
from gateway.standard.model import Field, Kind, Resource, Variants
from gateway.standard.table import RESOURCES
from gateway.writing.owners import Owners
from gateway.writing.register import WritingRegister
from tests.support.installations import CURSORS, GENEROUS, SECRET, VIEW
from tests.support.store import Store, table

MOMENT: Final = {"name": "tijdstip", "pattern": "%Y-%m-%dT%H:%M:%S.%f", "zone": "UTC"}
MADE: Final = "2026-01-01T00:00:00.000000"
_KINDS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    Kind.BOOLEAN: {"values": {"J": True, "N": False}},
    Kind.DATE: {"format": {"name": "datum", "pattern": "%Y-%m-%d"}},
    Kind.DATETIME: {"format": MOMENT},
    Kind.MAP: {"format": "json-object"},
}


def column(path: str) -> str:
    """Where an attribute or reference is kept."""
    return path.replace(".", "_")


def _rule(path: str, leaf: Field) -> dict[str, Any]:
    words = _KINDS.get(leaf.kind, {})
    if leaf.kind is Kind.ENUM:
        words = {"values": {choice: choice for choice in leaf.choices}}
    return {"to": path, "from": column(path), **words}


def plain(resource: Resource, key: str = "integer") -> tuple[dict[str, Any], list[str]]:
    """The mapping file of a resource, and the columns of its table; ``key``: of what type it is."""
    rules = [_rule(path, leaf) for path, leaf in resource.fields()]
    for member in resource.members:
        if isinstance(member, Variants):
            there = {"from": column(member.name), "values": {"J": True, "N": False}}
            rules.append({"to": member.name, **there})
    columns = ["ID", "MADE", *(rule["from"] for rule in rules)]
    for path, ref in resource.refs():
        keys = [f"{column(path)}_{n}" for n in range(3)] if ref.many else [column(path)]
        rules += ({"to": path, "ref": f"{ref.to}.plain", "key": key} for key in keys)
        columns += keys
    stream = {
        "slot": 0,
        "collection": resource.path,
        "key": {"ID": key},
        "created": {"from": "MADE", "format": MOMENT},
        "write": {"create": True, "update": True, "delete": "record"},
        "rules": rules,
    }
    return {"resource": resource.path, "streams": {"plain": stream}}, columns


def collections(**others: Capabilities) -> dict[str, Capabilities]:
    """The tables of all resources; ``others``: what some are instead."""
    tables = {path: table(plain(resource)[1]) for path, resource in RESOURCES.items()}
    return {**tables, **others}


@dataclass
class Office:
    """One installation over sources in memory."""

    stores: Mapping[str, Any]
    catalogue: Catalogue
    same: Sameness = field(default_factory=Sameness)
    chosen: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60
    known_actoren: bool = False
    lenient: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def register(self) -> WritingRegister:
        sources = {a: Source(a, s, connections=5, seconds=60) for a, s in self.stores.items()}
        owners = Owners(
            self.catalogue, self.chosen, known_actoren=self.known_actoren, lenient=self.lenient
        )
        return WritingRegister(self.catalogue, sources, GENEROUS, CURSORS, self.same, owners=owners)

    @property
    def store(self) -> Store:
        """The first source."""
        return next(iter(self.stores.values()))

    def stream(self, resource: str, alias: str | None = None) -> Stream:
        """The stream of a resource, of the first source if none is named."""
        alias = alias or next(iter(self.stores))
        return next(s for s in self.catalogue.of(resource) if s.source == alias)

    def uuid(self, resource: str, key: int, alias: str | None = None) -> str:
        """The uuid of the object in the row with that key."""
        return self.catalogue.identity.encode(self.stream(resource, alias), (key,))

    def row(self, resource: str, record: Record, alias: str | None = None) -> Row:
        """An object as the federation finds it."""
        stream = self.stream(resource, alias)
        key = stream.native_key(record)
        return Row(stream, record, key, self.catalogue.identity.encode(stream, key))

    # --- what clients ask -----------------------------------------------------------------------

    async def make(self, resource: str, **body: Any) -> Done:
        """POST. Raises ``Problem``."""
        return await self.register.create(RESOURCES[resource], body, VIEW, self._meter())

    async def change(self, resource: str, uuid: str, verb: Verb = Verb.CHANGE, **body: Any) -> Done:
        """PATCH, or PUT. Raises ``Problem``."""
        return await self.register.update(
            RESOURCES[resource], uuid, verb, body, VIEW, self._meter()
        )

    async def detail(self, resource: str, uuid: str) -> dict[str, Any]:
        """GET of one object. Raises ``Problem``."""
        work = self.register.detail(RESOURCES[resource], uuid, {}, VIEW, self._meter())
        return (await work).object

    async def remove(self, resource: str, uuid: str, cascade: bool = False) -> list[str] | None:
        """DELETE. Raises ``Problem``."""
        return await self.register.delete(
            RESOURCES[resource], uuid, VIEW, self._meter(), cascade=cascade
        )

    async def contact(self, **parts: Any) -> dict[str, Any]:
        """``maak-klantcontact``. Raises ``Problem``."""
        return await self.register.make_contact(parts, VIEW, self._meter())

    async def all(self, resource: str) -> Sequence[dict[str, Any]]:
        """GET of a list, of at most 500 objects."""
        found = await self.register.list(
            RESOURCES[resource], Asked(size=500), {}, VIEW, self._meter()
        )
        assert found.count == len(found.results)
        return found.results

    async def uuids(self, resource: str) -> set[str]:
        """What there is of a resource."""
        return {one["uuid"] for one in await self.all(resource)}

    def _meter(self) -> Meter:
        return Meter(GENEROUS, asyncio.get_running_loop().time() + self.seconds)


def office(folder: Path, shown: Collection[str] = (), **stores: Store) -> Office:
    """An installation over these sources, of which every one has the plain mapping; one empty
    source by default. ``shown``: resources that are only read."""
    for path, resource in RESOURCES.items():
        mapping = plain(resource)[0]
        if path in shown:
            del mapping["streams"]["plain"]["write"]
        (folder / f"{path}.yaml").write_text(yaml.safe_dump(mapping))
    return installed(folder, stores or {"bron": empty()})


def installed(folder: Path, stores: Mapping[str, Store]) -> Office:
    """An installation over these sources with the mapping in a folder."""
    streams: list[Stream] = []
    for number, (alias, store) in enumerate(stores.items(), start=1):
        streams += load(folder, Loaded(alias, number, store.collections))
    by_resource: dict[str, tuple[Stream, ...]] = {}
    for stream in streams:
        path = stream.resource.path
        by_resource[path] = (*by_resource.get(path, ()), stream)
    known = {alias: store.collections for alias, store in stores.items()}
    return Office(stores, Catalogue(by_resource, known, Identity(SECRET, 1, streams)))


def empty(tables: Mapping[str, Capabilities] | None = None, **settings: Any) -> Store:
    """A source in which there is nothing yet."""
    tables = tables or collections()
    return Store({name: [] for name in tables}, tables, **settings)
