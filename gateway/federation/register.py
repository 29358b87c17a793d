"""The register: what the API asks of the federation, in terms of the standard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.federation.advice import too_broad
from gateway.federation.assemble import Assembler, Tree
from gateway.federation.bounds import Bounds, TooMany
from gateway.federation.catalogue import Catalogue
from gateway.federation.plan import Planner
from gateway.federation.search import Row, Search, TooBroad
from gateway.mapping.stream import RuleError
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.errors import NOT_FOUND, SOURCE_BAD_DATA, Problem, invalid
from gateway.standard.model import Resource
from gateway.standard.question import ask


@dataclass(frozen=True)
class View:
    """How one client sees the register: the urls it is given, and what it may read."""

    url: Callable[[str, str], str]
    may_read: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """One page of a list as complete objects."""

    count: int
    number: int
    last: int
    results: Sequence[dict[str, Any]]


class Register:
    """One installation. Its methods raise ``Problem`` and nothing else that is expected."""

    def __init__(self, catalogue: Catalogue, sources: Mapping[str, Source], bounds: Bounds) -> None:
        self.catalogue = catalogue
        self.planner = Planner(catalogue)
        self.bounds = bounds
        self._sources = sources

    async def list(
        self,
        resource: Resource,
        filters: Sequence[tuple[str, str]],
        page: tuple[int | None, int],
        tree: Tree,
        view: View,
        meter: Meter,
    ) -> ObjectPage:
        """The page (number or ``None`` for the last, size) of the objects that meet ``filters``."""
        search = Search(self.catalogue, self.planner, Caller(self._sources, meter))
        try:
            plans = self.planner.plans(resource.path, ask(resource, filters))
            try:
                listing = await search.page(plans, *page)
            except (TooBroad, TooMany):
                names = list(dict(filters))
                raise too_broad(self.planner, resource, names, self.bounds) from None
            results = await self._write(search, resource, listing.rows, tree, view)
        except (TooBroad, TooMany, RuleError) as error:
            raise self._problem(error, resource) from None
        return ObjectPage(listing.count, listing.number, listing.last, results)

    async def detail(
        self, resource: Resource, uuid: str, tree: Tree, view: View, meter: Meter
    ) -> dict[str, Any]:
        """The object with a uuid. 404 only when its source says there is none."""
        search = Search(self.catalogue, self.planner, Caller(self._sources, meter))
        try:
            row = await search.one(resource.path, uuid)
            if row is None:
                raise Problem(NOT_FOUND)
            return (await self._write(search, resource, [row], tree, view))[0]
        except (TooBroad, TooMany, RuleError) as error:
            raise self._problem(error, resource) from None

    async def _write(
        self, search: Search, resource: Resource, rows: Sequence[Row], tree: Tree, view: View
    ) -> Sequence[dict[str, Any]]:
        return await Assembler(search, view.url, view.may_read).objects(resource, rows, tree)

    def _problem(self, error: Exception, resource: Resource) -> Problem:
        match error:
            case TooMany():
                return invalid("nonFieldErrors", "too-many-related", error.reason)
            case RuleError():
                return _unreadable(error)
            case _:
                return too_broad(self.planner, resource, (), self.bounds)


def _unreadable(error: RuleError) -> Problem:
    detail = f"Bron: {error.source}; regel: {error}."
    return Problem(SOURCE_BAD_DATA, detail, source=error.source, note=str(error))
