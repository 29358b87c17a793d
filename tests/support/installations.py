"""Registers over the sample municipality: the same rows behind sources of different kinds."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from starlette.applications import Starlette

from adapters.base import Adapter
from adapters.conditions import Record
from adapters.rest import Options, Resource, RestAdapter
from adapters.sql import SqlAdapter
from demo.kcc.data import Row, Tables
from demo.kcc.schema import SCHEMA
from demo.kcc.sqlite import build as build_sqlite
from demo.rest.app import create_app
from gateway import documents
from gateway.bounds import Bounds
from gateway.federation.catalogue import Catalogue
from gateway.federation.cursor import Cursors
from gateway.federation.listing import Asked
from gateway.federation.register import ObjectPage, Register, View
from gateway.federation.same import Sameness
from gateway.federation.tree import expand_tree
from gateway.identity import Identity
from gateway.mapping import load
from gateway.mapping.stream import Stream
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.model import Resource as Standard
from tests.support.brief import Brief
from tests.support.honest import Honest, capabilities
from tests.support.questions import Question
from tests.support.reference import World

Answer = TypeVar("Answer")

MAPPING: Final = Path(__file__).resolve().parents[2] / "mappings" / "kcc"
OWN_RULES: Final = Path(__file__).resolve().parent / "own_rules"
SECRET: Final = {1: b"an identity secret for tests only"}
PAGE_SIZE: Final = 20

GENEROUS: Final = Bounds(
    calls=2000, scan_records=2000, scan_pages=50, related_objects=50_000, merged_records=20_000
)
TIGHT: Final = replace(GENEROUS, scan_pages=2)

CURSORS: Final = Cursors(SECRET, 1)
EVERYTHING: Final = Asked(size=500)
APART: Final = Sameness()
"""Every record a partij of its own."""

VIEW: Final = View(lambda path, uuid: f"http://gateway.example/{path}/{uuid}", lambda _: True)


class Loop:
    """One event loop for a whole session: connections of a source belong to a loop."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """The result of a coroutine."""
        return self._runner.run(work)

    def close(self) -> None:
        self._runner.close()


@dataclass(frozen=True)
class Installation(Brief):
    """A register that is asked as if nothing about it were asynchronous."""

    loop: Loop
    adapters: Mapping[str, Adapter]
    catalogue: Catalogue
    bounds: Bounds = GENEROUS
    same: Sameness = APART

    def __repr__(self) -> str:
        return f"<an installation on {', '.join(self.adapters)}>"

    @property
    def register(self) -> Register:
        sources = {
            alias: Source(alias, adapter, connections=10, seconds=30)
            for alias, adapter in self.adapters.items()
        }
        return Register(self.catalogue, sources, self.bounds, CURSORS, self.same)

    def world(self, *rows: Tables) -> World:
        """What it has to answer, when its sources hold these rows."""
        streams = [s for streams in self.catalogue.streams.values() for s in streams]
        records = dict(zip(self.adapters, map(records_of, rows), strict=True))
        return World(streams, self.catalogue.identity, records, self.same.kinds)

    def merging(self) -> Installation:
        """The same sources, of which partijen with an identificator in common are one."""
        same = Sameness(("bsn", "kvk_nummer", "vestigingsnummer"), tuple(self.adapters))
        return replace(self, same=same)

    def apart(self) -> Installation:
        """The same sources, of which each record is a partij of its own."""
        return replace(self, same=APART)

    def within(self, bounds: Bounds) -> Installation:
        """The same sources, asked within other bounds."""
        return replace(self, bounds=bounds)

    def ask(self, question: Question, expand: Sequence[str] = ()) -> ObjectPage:
        """The page that a question asks. Raises ``Problem``."""
        asked = Asked(question.params, question.page, question.size)
        return self.list(question.resource, asked, expand)

    def list(
        self,
        resource: Standard,
        asked: Asked = EVERYTHING,
        expand: Sequence[str] = (),
    ) -> ObjectPage:
        """One page of a list. Raises ``Problem``."""
        work = self.register.list(resource, asked, expand_tree(expand), VIEW, Meter(self.bounds))
        return self.loop.run(work)

    def detail(self, resource: Standard, uuid: str) -> dict[str, Any]:
        """One object. Raises ``Problem``."""
        work = self.register.detail(resource, uuid, {}, VIEW, Meter(self.bounds))
        return self.loop.run(work).object


def install(loop: Loop, overrides: Path | None = None, **adapters: Adapter) -> Installation:
    """The mapping of the KCC (with own rules over it) on one source, or on each of several."""
    streams: list[Stream] = []
    for number, (alias, adapter) in enumerate(adapters.items(), start=1):
        source = load.Source(alias, number, adapter.collections)
        streams += load.load(MAPPING, source, [overrides] if overrides else [])
    by_resource: dict[str, tuple[Stream, ...]] = {}
    for stream in streams:
        path = stream.resource.path
        by_resource[path] = (*by_resource.get(path, ()), stream)
    collections = {alias: adapter.collections for alias, adapter in adapters.items()}
    catalogue = Catalogue(by_resource, collections, Identity(SECRET, 1, streams))
    return Installation(loop, adapters, catalogue)


def on(installation: Installation, *adapters: Adapter) -> Installation:
    """The same mapping on other sources."""
    named = dict(zip(installation.adapters, adapters, strict=True))
    collections = {alias: adapter.collections for alias, adapter in named.items()}
    catalogue = replace(installation.catalogue, collections=collections)
    return replace(installation, adapters=named, catalogue=catalogue)


def sql_adapter(rows: Tables, file: Path) -> SqlAdapter:
    """The rows in an SQLite file."""
    build_sqlite(file, rows)
    return SqlAdapter.create({"url": f"sqlite+aiosqlite:///{file}"}, described("sql"))


def rest_adapter(rows: Tables, origin: str = "http://kcc.example") -> RestAdapter:
    """The rows behind the plain REST service, within this process."""
    options = Options(base_url=origin, separator=",", max_values=20, page_size=PAGE_SIZE)
    resources = {name: Resource.model_validate(spec) for name, spec in described("rest").items()}
    service = httpx.ASGITransport(app=create_app(rows, page_size=PAGE_SIZE))
    return RestAdapter(options, resources, service)


class Growing:
    """Rows behind the plain REST service, to which rows are added. With ``sorts`` the service
    orders and counts, and gives pages of any size up to its own."""

    def __init__(self, rows: Tables, sorts: bool) -> None:
        self._rows = rows
        self._sorts = sorts
        self._service = httpx.ASGITransport(app=self._app())

    def adapter(self) -> RestAdapter:
        """An adapter that asks it."""
        able = {"total": "count", "page_size_parameter": "page_size"} if self._sorts else {}
        options = {"base_url": "http://kcc.example", "page_size": PAGE_SIZE, **able}
        resources = {
            name: Resource.model_validate(
                {**spec, "sortable": spec["fields"]} if self._sorts else spec
            )
            for name, spec in described("rest").items()
        }
        return RestAdapter(Options.model_validate(options), resources, self._service)

    def grow(self, arrived: Iterable[tuple[str, Row]]) -> None:
        """Add rows, each to its table."""
        for name, row in arrived:
            self._rows[name].append(row)
        self._service.app = self._app()

    def _app(self) -> Starlette:
        return create_app(self._rows, page_size=PAGE_SIZE, sorts=self._sorts)


def honest_source(rows: Tables, seed: int) -> Honest:
    """The rows behind a source with random capabilities."""
    records = records_of(rows)
    columns = {name: list(table.columns) for name, table in SCHEMA.items()}
    keys = {name: table.key for name, table in SCHEMA.items()}
    return Honest(records, capabilities(columns, keys, seed), seed)


def described(kind: str) -> Mapping[str, Any]:
    """The description of the collections for one kind of adapter."""
    found: Mapping[str, Any] = documents.load(MAPPING / f"collections.{kind}.yaml").data
    return found


def records_of(rows: Tables) -> dict[str, list[Record]]:
    """The rows as records: without the spaces that the database puts behind CHAR columns."""
    padded = {
        name: {column for column, kind in spec["columns"].items() if kind == "char"}
        for name, spec in described("sql").items()
    }
    return {
        name: [
            {c: v.rstrip(" ") if c in padded[name] and v else v for c, v in row.items()}
            for row in rows[name]
        ]
        for name in padded
    }
