"""The register: what the API asks of the federation, in terms of the standard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, TypeVar
from weakref import ref

from adapters.base import Piece
from gateway.bounds import Bounds, TooMany
from gateway.federation.advice import too_broad
from gateway.federation.agreement import Agreement
from gateway.federation.assemble import Assembler
from gateway.federation.beside import Beside, Pages, alongside
from gateway.federation.catalogue import Catalogue
from gateway.federation.content import Content, content_of
from gateway.federation.cursor import Cursor, Cursors
from gateway.federation.doubles import Doubles
from gateway.federation.links import Links
from gateway.federation.listing import Asked, Listing, Lists, fingerprint
from gateway.federation.persons import Persons
from gateway.federation.plan import Planner
from gateway.federation.recent import Recent
from gateway.federation.relations import Relations
from gateway.federation.resolve import Resolver
from gateway.federation.rows import Row
from gateway.federation.same import Sameness
from gateway.federation.search import Search, TooBroad
from gateway.federation.tree import Tree, branches_of
from gateway.federation.version import entity_tag
from gateway.federation.within import Withins
from gateway.federation.zaak_names import ZaakNames
from gateway.federation.zaken import Zaken
from gateway.mapping.stream import RuleError
from gateway.sources.call import now
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.sources.outcome import Outcome
from gateway.sources.source import Source
from gateway.standard.errors import NOT_FOUND, SOURCE_BAD_DATA, Problem, invalid
from gateway.standard.model import Resource
from gateway.standard.question import Where, ask

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class View:
    """How one client sees the register: the urls it is given, what it may read, and whether it
    takes an answer without an optional source that failed, or without what a source cannot be asked
    and only adds (``strict``: it does not).
    ``omits_withheld``: what has to refer to a record that its source withholds is not shown."""

    url: Callable[[str, str], str]
    may_read: Callable[[str], bool]
    strict: bool = False
    rights: str = ""
    omits_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """One object as it is (after a write: as it is now), complete, with its uuid.

    ``etag``: its entity tag as a header has it, quotes included (RFC 9110, section 8.8.3), where
    its source keeps a version; ``None`` where it does not.
    """

    uuid: str
    object: dict[str, Any]
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """One page of a list as complete objects.

    ``exact``: ``count`` is the number of objects, not just a bound. ``next`` and ``previous`` are
    cursors for the neighbouring pages; absent where there is no page, or none is needed.
    """

    count: int
    exact: bool
    number: int
    last: int
    results: Sequence[dict[str, Any]]
    next: str | None = None
    previous: str | None = None


class Register:
    """One installation. Its methods raise ``Problem`` and nothing else that is expected."""

    def __init__(
        self,
        catalogue: Catalogue,
        sources: Mapping[str, Source],
        bounds: Bounds,
        cursors: Cursors,
        same: Sameness = Sameness(),  # noqa: B008 - immutable
        zaken: Zaken = Zaken(),  # noqa: B008
    ) -> None:
        self.catalogue = catalogue
        self.planner = Planner(catalogue)
        self.bounds = bounds
        self.same = same
        self.zaken = zaken
        self._sources = sources
        self._cursors = cursors
        self._recent: dict[tuple[str, str], Recent] = {}
        self._pages: dict[str, Pages] = {}
        all_there = frozenset[str](), catalogue.adding
        self._without = {all_there: _Part(catalogue, self.planner, same)}

    async def list(
        self,
        resource: Resource,
        asked: Asked,
        tree: Tree,
        view: View,
        meter: Meter,
    ) -> ObjectPage:
        """One page of the objects that meet the filters of a question."""
        where = ask(resource, asked.filters)
        question = cache(partial(self._fingerprint, resource, asked, view))
        cursor = None
        if asked.cursor:
            cursor = self._cursors.open(asked.cursor, question(), asked.number or 0)

        async def work(desk: Desk) -> ObjectPage:
            try:
                spread = await self._spread(desk, resource, where)
                found = await desk.lists.page(resource, spread, asked, cursor)
            except (TooBroad, TooMany):
                names = list(dict(asked.filters))
                raise too_broad(desk.planner, resource, names, self.bounds) from None
            results = await desk.write(resource, found.rows, tree)
            desk.beside.note(resource, found.rows)
            return self._page(found, results, question)

        gone = cursor.missing if cursor else frozenset()
        return await self._answered(resource, view, meter, work, gone)

    async def _spread(self, desk: Desk, resource: Resource, where: Where) -> Where:
        """The question with all names of the zaken that it points at."""
        pointed_at = self.zaken.pointed_at(resource.path, where)
        if not pointed_at or not desk.planner.streams(resource.path):
            return where
        names = ZaakNames(desk.search.caller, self.zaken.known, desk.search.left_out)
        return self.zaken.spread(resource.path, where, await names.of(pointed_at))

    async def detail(
        self, resource: Resource, uuid: str, tree: Tree, view: View, meter: Meter
    ) -> Done:
        """The object with a uuid. 404 only when its source says there is none."""

        async def work(desk: Desk) -> Done:
            own = self._one(desk, resource, uuid, tree)
            others = desk.beside.elsewhere(resource.path, uuid, branches_of(tree))
            if not others:
                return await own
            # With bounds of their own: what a request may cost does not depend on neighbours.
            apart = Meter(self.bounds, meter.deadline)
            missing = dict.fromkeys(desk.search.left_out)
            ahead = self._desk(view, apart, missing).show
            try:
                return await alongside(own, partial(ahead, resource, others, tree))
            finally:
                meter.paid(apart)

        return await self._answered(resource, view, meter, work, frozenset())

    async def content(self, resource: Resource, uuid: str, view: View, meter: Meter) -> Content:
        """The file that goes with an object. Raises ``Problem``: 404 where there is none, 403 where
        it is too large. Each piece after the first has as much time as ``meter`` has from now."""
        seconds = meter.deadline - now()

        async def work(desk: Desk) -> Content:
            row = await desk.search.one(resource.path, uuid)
            if row is None or not self.catalogue.collection(row.stream).content:
                raise Problem(NOT_FOUND)
            stream, key = row.stream, dict(zip(row.stream.key, row.key, strict=True))
            source, collection = stream.source, stream.collection
            first = await desk.search.caller.piece(source, collection, key, None)

            async def following(token: str) -> Piece | None:
                caller = Caller(self._sources, Meter(self.bounds, now() + seconds), view.rights)
                return await caller.piece(source, collection, key, token)

            return content_of(first, following)

        return await self._answered(resource, view, meter, work, frozenset())

    async def _one(self, desk: Desk, resource: Resource, uuid: str, tree: Tree) -> Done:
        row = await desk.search.one(resource.path, uuid)
        if row is None:
            raise Problem(NOT_FOUND)
        whole = await desk.persons.complete(row)
        found = (await desk.write(resource, [whole], tree))[0]
        return Done(found["uuid"], found, entity_tag(self.catalogue, whole))

    def verbs(self, path: str) -> frozenset[str]:
        """Which of POST, PUT, PATCH and DELETE can be done on a resource, or on
        ``maak-klantcontact``. By itself it reads, so none."""
        return frozenset()

    def _fingerprint(self, resource: Resource, asked: Asked, view: View) -> bytes:
        return fingerprint(resource, asked, self.catalogue.of(resource.path), view.rights)

    # --- sources that may be missing --------------------------------------------------------------

    async def _answered(
        self,
        resource: Resource,
        view: View,
        meter: Meter,
        work: Callable[[Desk], Awaitable[Answer]],
        gone: frozenset[str],
    ) -> Answer:
        """What ``work`` makes of the sources that answer. An optional one that fails is left out of
        all of the answer, not only of the part that it failed in."""
        missing: dict[str, Problem | None] = dict.fromkeys(gone)
        while True:
            try:
                return await work(self._desk(view, meter, missing))
            except (TooBroad, TooMany, RuleError, Problem) as error:
                problem = self._problem(error, resource, meter)
            alias = problem.source
            if alias is None or alias in missing or view.strict or self._sources[alias].required:
                raise problem
            missing[alias] = problem

    def _desk(self, view: View, meter: Meter, missing: Mapping[str, Problem | None]) -> Desk:
        gone = frozenset(missing)
        adding = frozenset[str]() if view.strict else self.catalogue.adding
        if (gone, adding) not in self._without:
            catalogue = replace(self.catalogue.without(gone), adding=adding)
            self._without[gone, adding] = _Part(catalogue, Planner(catalogue), self.same)
        part = self._without[gone, adding]
        meter.start_over(gone)
        caller = Caller(self._sources, meter, view.rights)
        seen = partial(self._seen, view.rights)
        refers = not view.omits_withheld
        search = Search(part.catalogue, part.planner, caller, seen, missing, refers=refers)
        pages = self._pages.setdefault(view.rights, Pages())
        return Desk(search, self.same, part.withins, view, pages)

    def _seen(self, rights: str, alias: str) -> Recent:
        if (rights, alias) not in self._recent:
            self._recent[rights, alias] = Recent(self._sources[alias], rights)
        return self._recent[rights, alias]

    def _problem(self, error: Exception, resource: Resource, meter: Meter) -> Problem:
        match error:
            case Problem():
                return error
            case TooMany():
                return invalid("nonFieldErrors", "too-many-related", error.reason)
            case RuleError():
                meter.use(error.source).ended(Outcome.BAD_DATA)
                return _unreadable(error)
            case _:
                return too_broad(self.planner, resource, (), self.bounds)

    def _page(
        self,
        found: Listing,
        results: Sequence[dict[str, Any]],
        question: Callable[[], bytes],
    ) -> ObjectPage:
        def sealed(cursor: Cursor | None) -> str | None:
            return self._cursors.seal(cursor, question()) if cursor else None

        return ObjectPage(
            found.count,
            found.exact,
            found.number,
            found.last,
            results,
            sealed(found.next),
            sealed(found.previous),
        )


class _Part:
    """What is made once of the sources that answer: all of them, or without some."""

    def __init__(self, catalogue: Catalogue, planner: Planner, same: Sameness) -> None:
        self.catalogue = catalogue
        self.planner = planner
        self.withins = Withins(catalogue, planner, bool(same.kinds))


class Desk:
    """What one request works with."""

    def __init__(
        self, search: Search, same: Sameness, withins: Withins, view: View, pages: Pages
    ) -> None:
        self.search = search
        self.planner = search.planner
        relations = Relations(search)
        self.persons = Persons(search, relations, same)
        self._links = Links(search, relations, self.persons)
        # Not itself: what refers to itself is only found by the garbage collector.
        search.links = ref(self._links)
        self.beside = Beside(search, self.persons, pages)
        resolver = Resolver(search, self.persons)
        doubles = Doubles(search, relations, self.persons, resolver)
        agreement = Agreement(search.planner, self.persons)
        self.lists = Lists(search, resolver, doubles, agreement)
        self._assembler = Assembler(
            search, self.persons, agreement, withins, view.url, view.may_read
        )

    async def write(
        self, resource: Resource, rows: Sequence[Row], tree: Tree
    ) -> list[dict[str, Any]]:
        """The complete objects of rows."""
        return await self._assembler.objects(resource, rows, tree)

    async def show(self, resource: Resource, uuids: Sequence[str], tree: Tree) -> None:
        """Write objects for whoever asks for them next."""
        rows = await self.search.with_uuids(resource.path, uuids)
        await self.write(resource, rows, tree)


def _unreadable(error: RuleError) -> Problem:
    detail = f"Bron: {error.source}; regel: {error}."
    return Problem(SOURCE_BAD_DATA, detail, source=error.source, note=str(error))
