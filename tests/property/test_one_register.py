"""Several sources are one register: one list, one partij for one person, walked page by page.

Random rows over one to four sources of different kinds, random filters and page sizes; what is
walked is what the reference says, whichever way one walks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.kcc.data import Row, Tables
from gateway.federation.listing import Asked
from gateway.federation.register import ObjectPage
from gateway.federation.tree import expand_tree
from gateway.standard.errors import Problem
from gateway.standard.table import RESOURCES
from tests.property.test_filters import refused, seeds
from tests.property.test_objects import same
from tests.support.installations import (
    Growing,
    Installation,
    Loop,
    honest_source,
    install,
    on,
    rest_adapter,
    sql_adapter,
)
from tests.support.questions import Question, any_question
from tests.support.reference import Thing, World
from tests.support.weather import weathered

SIZES = (1, 7, 20, 100)
MOST_PAGES = 15


@pytest.fixture(scope="module")
def registers(loop: Loop, rows: Tables) -> dict[int, Installation]:
    """Registers over so many sources, to be put on other ones."""
    names = ("first", "second", "third", "fourth")
    return {
        n: install(loop, **{name: honest_source(rows, 0) for name in names[:n]}).merging()
        for n in range(1, 5)
    }


def walk(
    installation: Installation, asked: Question, size: int, expand: Sequence[str] = ()
) -> list[ObjectPage]:
    """All pages of a question, by the links from one to the next."""
    found = [installation.list(asked.resource, Asked(asked.params, 1, size), expand)]
    while found[-1].number < found[-1].last:
        one = found[-1]
        assert one.next is not None
        further = Asked(asked.params, one.number + 1, size, one.next)
        found.append(installation.list(asked.resource, further, expand))
    return found


def uuids(pages: Iterable[ObjectPage]) -> list[str]:
    return [one["uuid"] for page in pages for one in page.results]


def in_order(have: Sequence[str], want: Sequence[Thing]) -> bool:
    """Whether objects stand in the order of the reference, those of one moment and one stream in
    any order: some of them were put back there."""
    at = 0
    for _, run in groupby(want, key=lambda t: (t.moments, t.stream)):
        expected = [t.uuid for t in run]
        if sorted(have[at : at + len(expected)]) != sorted(expected):
            return False
        at += len(expected)
    return at == len(have)


def check(installation: Installation, world: World, asked: Question, size: int) -> None:
    """All that a walk promises."""
    want = world.answer(asked.resource, asked.wishes)
    size = max(size, -(-len(want) // MOST_PAGES))
    try:
        pages = walk(installation, asked, size)
    except Problem as problem:
        assert refused(problem, asked)
        return
    walked = uuids(pages)
    assert len(set(walked)) == len(walked), "nothing stands on two pages"
    assert in_order(walked, want), "the walk is the list"
    for number, page in enumerate(pages, start=1):
        again = installation.list(asked.resource, Asked(asked.params, number, size))
        assert uuids([again]) == uuids([page]), "a number leads where the walk leads"
        assert page.count >= len(want)
        if page.exact:
            assert page.count == len(want)
            assert len(page.results) == size or number == len(pages), "only the last is not full"
    for number in range(len(pages) - 1, 0, -1):
        cursor = pages[number].previous
        assert cursor is not None
        back = installation.list(asked.resource, Asked(asked.params, number, size, cursor))
        assert uuids([back]) == uuids([pages[number - 1]]), "the way back is the way forth"


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data(), many=st.integers(1, 4), size=st.sampled_from(SIZES))
def test_a_walk_over_several_sources_is_the_list_of_their_union(
    data: st.DataObject, many: int, size: int, rows: Tables, registers: dict[int, Installation]
) -> None:
    """Over sources of any kind: what is not refused is walked completely, once, in order."""
    chosen = data.draw(st.lists(seeds, min_size=many, max_size=many), label="seeds")
    odd = [weathered(rows, seed, 0.2) for seed in chosen]
    plain = data.draw(st.booleans(), label="plain")
    sources = [
        rest_adapter(row) if plain and n == many - 1 else honest_source(row, seed)
        for n, (row, seed) in enumerate(zip(odd, chosen, strict=True))
    ]
    installation = on(registers[many], *sources)
    world = installation.world(*odd)
    for _ in range(3):
        check(installation, world, data.draw(any_question(world), label="asked"), size)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(chosen=st.lists(seeds, min_size=2, max_size=3))
def test_objects_of_several_sources_hang_together(
    chosen: list[int],
    rows: Tables,
    registers: dict[int, Installation],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every object, with all that is expanded: attributes by precedence, relations of all records,
    references to the one partij."""
    odd = [weathered(rows, seed, 0.2) for seed in chosen]
    # No two systems gave out the same uuid; here they would have.
    odd[1:] = [{**other, "CONTACT_BIJLAGE": []} for other in odd[1:]]
    folder = tmp_path_factory.mktemp("hanging")
    sources = [sql_adapter(table, folder / f"{n}.sqlite") for n, table in enumerate(odd)]
    installation = on(registers[len(odd)], *sources)
    try:
        hangs_together(installation, installation.world(*odd))
    finally:
        for source in sources:
            installation.loop.run(source.close())


def hangs_together(installation: Installation, world: World) -> None:
    """All objects are those of the reference, and a partij is found by all its uuids."""
    for resource in RESOURCES.values():
        things = {thing.uuid: thing for thing in world.shown[resource.path]}
        pages = walk(installation, Question(resource, (), ()), 500, list(resource.expand))
        shown = {one["uuid"]: one for page in pages for one in page.results}
        assert shown.keys() == things.keys()
        for uuid, one in shown.items():
            same(world, things[uuid], one, expand_tree(resource.expand))
    partijen = [t for t in world.shown["partijen"] if t.parts]
    for partij in partijen[:5]:
        known = [installation.detail(RESOURCES["partijen"], part.uuid) for part in partij.parts]
        assert all(one == known[0] for one in known), "whichever uuid it is asked by"


def parted(rows: Tables, seed: int, share: float) -> tuple[Tables, list[tuple[str, Row]]]:
    """The rows that are there at first, and those that arrive, with their table, in some order."""
    random = Random(seed)
    first: Tables = {name: [] for name in rows}
    later: list[tuple[str, Row]] = []
    for name, table in rows.items():
        for row in table:
            if random.random() < share:
                later.append((name, row))
            else:
                first[name].append(row)
    random.shuffle(later)
    return first, later


def half(later: list[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """The half of them that arrives now."""
    arrived, later[:] = later[: -(-len(later) // 2)], later[-(-len(later) // 2) :]
    return arrived


def insert(file: Path, arrived: Iterable[tuple[str, Row]]) -> None:
    """Write rows into a database that is being read."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name, row in arrived:
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", [*row.values()])  # noqa: S608


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    data=st.data(),
    seed=seeds,
    share=st.sampled_from([0.02, 0.2, 0.6]),
    size=st.sampled_from([3, 20]),
    merging=st.booleans(),
)
def test_nothing_is_missed_or_shown_twice_while_records_arrive(
    data: st.DataObject,
    seed: int,
    share: float,
    size: int,
    merging: bool,
    rows: Tables,
    registers: dict[int, Installation],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A database, a plain service that sorts and counts, and one that does not, all growing."""
    parts = [parted(weathered(rows, seed + n, 0.2), seed + n, share) for n in range(3)]
    file = tmp_path_factory.mktemp("growing") / "kcc.sqlite"
    sql = sql_adapter(parts[0][0], file)
    services = [Growing(parts[1][0], sorts=True), Growing(parts[2][0], sorts=False)]
    installation = on(
        registers[3] if merging else registers[3].apart(), sql, *(s.adapter() for s in services)
    )
    before = installation.world(*(first for first, _ in parts))
    asked = data.draw(any_question(before), label="asked")
    there = {t.uuid for t in before.answer(asked.resource, asked.wishes)}
    size = max(size, -(-len(there) // MOST_PAGES))
    try:
        found = [installation.list(asked.resource, Asked(asked.params, 1, size))]
        while found[-1].number < found[-1].last and found[-1].next:
            arrived = [half(later) for _, later in parts]
            insert(file, arrived[0])
            for name, row in arrived[0]:
                parts[0][0][name].append(row)
            for service, rows_ in zip(services, arrived[1:], strict=True):
                service.grow(rows_)
            further = Asked(asked.params, found[-1].number + 1, size, found[-1].next)
            found.append(installation.list(asked.resource, further))
    except Problem as problem:
        assert refused(problem, asked)
        return
    finally:
        installation.loop.run(sql.close())
    after = installation.world(*(first for first, _ in parts))
    throughout = there & {t.uuid for t in after.answer(asked.resource, asked.wishes)}
    walked = uuids(found)
    assert len(set(walked)) == len(walked), "nothing is shown twice"
    assert throughout <= set(walked), "nothing that was there is missed"
